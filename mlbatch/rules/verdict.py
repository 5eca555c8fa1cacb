"""What each school is after intake (資格審查結果): one verdict, its clause and its reason (肆.一–肆.四).

A finding weighs on the school at whose list row, or in whose plan, it stands; findings of files
that do not count, of a second row of a school, and of a list's head weigh on nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import Finding, Severity
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import (
    DEEPENING,
    DISQUALIFIED,
    INELIGIBLE,
    NOT_CONSIDERED,
    QUALIFIED,
    TO_CORRECT,
    WAIVED,
    Tables,
)  # fmt: skip

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
ROOTS = {kind.id: number for number, kind in enumerate(catalogue.ALL)}  # what is read wrongly comes first
Verdict = tuple[str, str, str]  # verdict, clause, why


@dataclass(frozen=True)
class _Weighing:
    """Whom a finding weighs on: by row of a list, by list, by plan, by county."""

    rows: Mapping[tuple[str, int], Key]
    lists: Mapping[str, Sequence[Key]]
    plans: Mapping[str, Key]
    late: Mapping[str, Sequence[Key]]
    counties: Mapping[str, Sequence[Key]]

    def schools(self, finding: Finding) -> Sequence[Key]:
        """The schools on which a finding weighs."""
        at, kind = finding.at, finding.kind
        if kind is catalogue.S5_NOT_CORRECTED:
            return [finding.school] if finding.school[0] else self.counties.get(finding.county, ())
        if kind is catalogue.S1_LATE:
            return self.late.get(at.file, ())
        if kind is catalogue.F8_NO_COLUMN and at.row and at.file in self.lists:
            return self.lists[at.file]
        school = self.plans.get(at.file) or self.rows.get((at.file, at.row))
        return [school] if school else ()


def conclude(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """Columns `verdict`, `clause`, `why` of `schools`, and `accepted` of `counties`.

    DISQUALIFIED (E6), then INELIGIBLE (E1, E2), DEEPENING (E5), NOT_CONSIDERED (S2), WAIVED for
    what came only late (S1); then any finding to be corrected: TO_CORRECT before closing, WAIVED
    after it (肆.四(四)4); then WAIVED for a letter that was not corrected (S5); else QUALIFIED. `why` is the
    sentence of the finding that decides: of several the one whose kind stands first in the catalogue.
    """
    schools, closed = tables["schools"], plan.calendar.closed(as_of)
    weighty = _weighty(tables)
    keys = zip(schools["code"], schools["level"], strict=True)
    verdicts = [_verdict(weighty[key], closed, plan.cite("calendar.closing")) for key in keys]
    columns = {
        name: pd.Series([verdict[i] for verdict in verdicts], schools.index, dtype=object)
        for i, name in enumerate(("verdict", "clause", "why"))
    }
    schools = schools.assign(**columns)
    return tables.put(schools=schools, counties=_accepted(tables["counties"], schools)), []


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


def _weighty(tables: Tables) -> Mapping[Key, list[Finding]]:
    """School → the findings that weigh on it, those that only tell left out."""
    weighing, weighty = _weighing(tables), defaultdict(list)
    for finding in tables.findings:
        if finding.kind.severity.weighs:
            for school in weighing.schools(finding):
                weighty[school].append(finding)
    return weighty


def _weighing(tables: Tables) -> _Weighing:
    schools, listed = tables["schools"], tables["listed"]
    columns = ["code", "level", "national", "list_place", "plan_file"]
    county = dict(zip(listed["file"], listed["county"], strict=True))
    known = list(schools[columns].itertuples(index=False))
    own = [row for row in known if row.list_place]
    return _Weighing(
        rows={(row.list_place.file, row.list_place.row): (row.code, row.level) for row in own},
        lists=_grouped(own, lambda row: row.list_place.file),
        plans={row.plan_file: (row.code, row.level) for row in known if row.plan_file},
        late=dict(_late(tables)),
        counties=_grouped((row for row in own if not row.national), lambda row: county[row.list_place.file]),
    )


def _grouped(rows: Iterable, by: Callable) -> dict[str, list[Key]]:
    groups: dict[str, list[Key]] = defaultdict(list)
    for row in rows:
        groups[by(row)].append((row.code, row.level))
    return groups


def _late(tables: Tables) -> Iterator[tuple[str, list[Key]]]:
    """File → the schools that it would have served, had it come in time."""
    schools = tables["schools"]
    keys = list(zip(schools["code"], schools["level"], strict=True))
    has = {
        "application": dict(zip(keys, schools["planned"], strict=True)),
        "recommendation": dict(zip(keys, schools["listed"] | schools["national"], strict=True)),
    }
    for (form, file), rows in tables["late"].groupby(["form", "file"], sort=True):
        yield file, [key for key in rows["school"] if not has[form][key]]


def _accepted(counties: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    own = schools[(schools["verdict"] == QUALIFIED) & ~schools["national"]]
    counts = own["county"].value_counts()
    accepted = [int(counts.get(county, 0)) for county in counties["county"]]
    return counties.assign(accepted=pd.array(accepted, "Int64"))
