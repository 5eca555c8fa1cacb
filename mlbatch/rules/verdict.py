"""What a school is after intake (資格審查結果): exactly one verdict, with its reason and clause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import pandas as pd

from mlbatch.finding import Finding, Severity
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import (
    ACCEPTED,
    DEEPENING,
    DISQUALIFIED,
    INELIGIBLE,
    NOT_CONSIDERED,
    QUALIFIED,
    REGISTER,
    TO_CORRECT,
    WAIVED,
    Tables,
)

# The findings that settle a school by themselves, the heaviest first.
SETTLED = (
    ("E6-false", DISQUALIFIED),
    ("E1-not-a-level", INELIGIBLE),
    ("E2-incomplete", INELIGIBLE),
    ("E5-deepening", DEEPENING),
    ("S2-not-listed", NOT_CONSIDERED),
    ("S5-not-corrected", WAIVED),
)
Verdict = tuple[str, str, str]  # verdict, clause, why


def conclude(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S2, S4, E1–E6: columns verdict, clause, why, and `accepted` of the counties.

    Only findings in files that count weigh. What must be corrected waives the school once the call
    has closed (肆.四(四)4); before, the school is asked to correct it. Faults in the head of a list
    are the county's, not its schools'.
    """
    weighing = _weighing(tables)
    closed = plan.calendar.closed(as_of)
    verdicts = [_verdict(row, weighing, closed, plan) for row in tables["schools"].to_dict("records")]
    columns = pd.DataFrame(verdicts, tables["schools"].index, ["verdict", "clause", "why"], dtype=object)
    schools = tables["schools"].assign(**columns)
    return tables.put(schools=schools, counties=_accepted(tables["counties"], schools)), []


def _weighing(tables: Tables) -> dict[tuple[str, str], list[Finding]]:
    """The findings of each school that count against it; a county's, under its name."""
    files = tables["files"]
    counted = set(files.loc[files["bucket"].isin([ACCEPTED, REGISTER]), "file"])
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in sorted(tables.findings, key=lambda finding: finding.order):
        if finding.at.file in counted and finding.kind.severity != Severity.NOTICE:
            found[finding.school if finding.school[0] else (finding.county, "")].append(finding)
    return found


def _verdict(row: dict, weighing, closed: bool, plan: Plan) -> Verdict:
    own = weighing[row["code"], row["level"]]
    of_county = [f for f in weighing[row["list_county"], ""] if f.kind.id == "S5-not-corrected"]
    for kind, verdict in SETTLED:
        if found := _first(kind, [*own, *of_county]):
            return verdict, found.kind.cite, found.sentence
    to_correct = [finding for finding in own if finding.kind.severity == Severity.CORRECT]
    if to_correct and closed:
        return WAIVED, plan.cite("calendar.closing"), to_correct[0].sentence
    if to_correct:
        return TO_CORRECT, to_correct[0].kind.cite, to_correct[0].sentence
    return QUALIFIED, "", ""


def _first(kind: str, findings: Sequence[Finding]) -> Finding | None:
    return next((finding for finding in findings if finding.kind.id == kind), None)


def _accepted(counties: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    qualified = schools[~schools["national"] & (schools["verdict"] == QUALIFIED)]
    number = qualified["county"].value_counts()
    return counties.assign(accepted=[int(number.get(name, 0)) for name in counties["county"]])
