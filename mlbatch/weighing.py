"""On whom a finding weighs (發現之歸屬): the school at whose list row, or in whose plan, it stands.

Findings of files that do not count, of a second row of a school, and of a list's head weigh on nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mlbatch import catalogue
from mlbatch.finding import Finding
from mlbatch.tables import Tables

Key = tuple[str, str]  # (code, level)


@dataclass(frozen=True)
class Weighing:
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


def weighing(tables: Tables) -> Weighing:
    """The weighing of what was read, once the roster has made `schools` and `late`."""
    schools, listed = tables["schools"], tables["listed"]
    columns = ["code", "level", "national", "list_place", "plan_file"]
    county = dict(zip(listed["file"], listed["county"], strict=True))
    known = list(schools[columns].itertuples(index=False))
    own = [row for row in known if row.list_place]
    return Weighing(
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
