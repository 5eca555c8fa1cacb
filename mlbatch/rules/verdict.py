"""What each school is after intake (資格審查結果): one verdict, its clause and its reason (肆.一–肆.四).

Which findings weigh on which school says `weighing`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import Finding, Kind, Severity
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.second_call import SECOND, second_calls
from mlbatch.tables import (
    DEEPENING,
    DISQUALIFIED,
    INELIGIBLE,
    NOT_CONSIDERED,
    QUALIFIED,
    TO_CORRECT,
    WAIVED,
    Tables,
    records,
)  # fmt: skip
from mlbatch.weighing import weighing

Key = tuple[str, str]  # (code, level)

# Findings that decide by themselves, the strongest first.
DECISIVE = (
    (catalogue.E6_FALSE, DISQUALIFIED),
    (catalogue.E1_NOT_A_LEVEL, INELIGIBLE),
    (catalogue.E2_INCOMPLETE, INELIGIBLE),
    (catalogue.E5_DEEPENING, DEEPENING),
    (catalogue.S2_NOT_LISTED, NOT_CONSIDERED),
    (catalogue.S1_LATE, WAIVED),
)
RANK_SLIPS = (catalogue.S6_RANK_GAP, catalogue.S6_RANK_TIE)
ROOTS = {kind.id: number for number, kind in enumerate(catalogue.ALL)}  # what is read wrongly comes first
Verdict = tuple[str, str, str]  # verdict, clause, why


def conclude(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """Columns `verdict`, `clause`, `why`, `closes`, `closed` of `schools`, and `accepted` of `counties`.

    `closes` is when the call closes in which the school was recommended, `closed` whether it has (肆.五※).

    DISQUALIFIED (E6), then INELIGIBLE (E1, E2), DEEPENING (E5), NOT_CONSIDERED (S2), WAIVED for
    what came only late (S1); then any finding to be corrected: TO_CORRECT before closing, WAIVED
    after it (肆.四(四)4), but for a county's slip in numbering unless `record.rank_slip_waives`; then WAIVED for a letter that was not corrected (S5); else QUALIFIED. `why` is the
    sentence of the finding that decides: of several the one whose kind stands first in the catalogue.
    """
    schools, cite = tables["schools"], plan.cite("calendar.closing")
    closes = _closes(tables, plan, as_of)
    closed = [as_of >= moment.date() for moment in closes]
    spared = RANK_SLIPS if plan.calendar.closed(as_of) and not plan.record.rank_slip_waives else ()
    weighty = _weighty(tables, spared)
    keys = zip(schools["code"], schools["level"], strict=True)
    verdicts = [_verdict(weighty[key], over, cite) for key, over in zip(keys, closed, strict=True)]
    columns = {
        name: pd.Series([verdict[i] for verdict in verdicts], schools.index, dtype=object)
        for i, name in enumerate(("verdict", "clause", "why"))
    }
    moments = pd.Series(closes, schools.index, dtype=object)
    schools = schools.assign(**columns, closes=moments, closed=closed)
    return tables.put(schools=schools, counties=_accepted(tables["counties"], schools)), []


def _closes(tables: Tables, plan: Plan, as_of: date) -> list[datetime]:
    """Of each school, when the call closes in which it was recommended."""
    schools, first = tables["schools"], plan.calendar.closing
    calls = second_calls(records(tables["second_calls"]) if "second_calls" in tables else (), as_of)
    return [
        calls[county].closing if call == SECOND and county in calls else first
        for county, call in zip(schools["county"], schools["call"], strict=True)
    ]


def _verdict(findings: Iterable[Finding], closed: bool, closing_cite: str) -> Verdict:
    findings = sorted(findings, key=lambda finding: (ROOTS[finding.kind.id], finding.order))
    for kind, verdict in DECISIVE:
        for finding in findings:
            if finding.kind is kind:
                return verdict, kind.cite, finding.sentence
    for finding in findings:
        if finding.kind.severity is Severity.CORRECT:
            cite = closing_cite if closed else finding.kind.cite
            return WAIVED if closed else TO_CORRECT, cite, finding.sentence
    for finding in findings:
        return WAIVED, finding.kind.cite, finding.sentence
    return QUALIFIED, "", ""


def _weighty(tables: Tables, spared: Collection[Kind]) -> Mapping[Key, list[Finding]]:
    """School → the findings that weigh on it; those that only tell, and kinds `spared`, left out."""
    weighs, weighty = weighing(tables), defaultdict(list)
    for finding in tables.findings:
        if finding.kind.severity.weighs and finding.kind not in spared:
            for school in weighs.schools(finding):
                weighty[school].append(finding)
    return weighty


def _accepted(counties: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    own = schools[(schools["verdict"] == QUALIFIED) & ~schools["national"]]
    counts = own["county"].value_counts()
    accepted = [int(counts.get(county, 0)) for county in counties["county"]]
    return counties.assign(accepted=pd.array(accepted, "Int64"))
