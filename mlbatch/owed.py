"""Who owes what (應辦情形): the schools with approved classes, and the table `duties` that rules fill in turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

import pandas as pd

from mlbatch.finding import Finding, Kind, Place
from mlbatch.obligation import Duty, Settled
from mlbatch.tables import Tables, records

Key = tuple[str, str]
OWNER = ("code", "level", "name", "county", "national")
TYPES = {"number": "Int64", "done": "Int64", "national": bool, "required": bool}


@dataclass(frozen=True, slots=True)
class Owner:
    """Who carries the programme out: a school to which classes were awarded, or a county (no code, no level)."""

    code: str
    level: str
    name: str
    county: str
    national: bool
    until: date | None = None  # the day from which it runs no class any more

    def owing(self, duties: Iterable[Duty]) -> list[Duty]:
        """The duties that fell due while it took part (柒.九(三))."""
        return [one for one in duties if self.until is None or one.due < self.until]

    @property
    def key(self) -> Key:
        """The school's key."""
        return self.code, self.level

    def finding(self, kind: Kind, place: Place, field: str, **facts: object) -> Finding:
        """A finding in what it handed in, told to its county; a national school belongs to none."""
        county = "" if self.national else self.county
        return Finding(kind, place.at(field), {"name": self.name, **facts}, self.key, county)


def owners(tables: Tables) -> list[Owner]:
    """The schools that run classes, or ran some until they gave them back, in the order of `schools`."""
    days: dict[Key, list[date | None]] = defaultdict(list)
    running = (tables["running"][name].tolist() for name in ("code", "level", "until"))
    for code, level, until in zip(*running, strict=True):
        days[code, level].append(until)
    last = {key: None if None in own else max(own) for key, own in days.items()}
    rows = tables["schools"][list(OWNER)].itertuples(index=False)
    return [Owner(*row, last[row[:2]]) for row in rows if row[:2] in last]


def counties(tables: Tables) -> list[Owner]:
    """The counties of which some school runs classes, in the order of `counties`."""
    run = {owner.county for owner in owners(tables) if not owner.national}
    return [Owner("", "", name, name, False) for name in tables["counties"]["county"] if name in run]


def of_school(tables: Tables, name: str) -> Mapping[Key, list[dict[str, object]]]:
    """The rows of a table by the key in its column `school`; none if the table is not there."""
    found: dict[Key, list[dict[str, object]]] = defaultdict(list)
    for row in records(tables[name]) if name in tables else ():
        found[row["school"]].append(row)
    return found


def with_duties(tables: Tables, settled: Iterable[tuple[Owner, Sequence[Settled]]]) -> Tables:
    """The tables with rows added to `duties`: one a school and duty."""
    rows = [(owner, one, one.duty) for owner, duties in settled for one in duties]
    columns = {name: pd.Series(values, dtype=TYPES.get(name, object)) for name, values in _columns(rows)}
    before = [tables["duties"]] if "duties" in tables else []
    return tables.put(duties=pd.concat([*before, pd.DataFrame(columns)], ignore_index=True))


def _columns(rows: Sequence[tuple[Owner, Settled, Duty]]) -> Iterator[tuple[str, list[object]]]:
    """The columns of `duties` in their order, each with its values."""
    owners, settled, duties = zip(*rows, strict=True) if rows else ((), (), ())
    owing, done = ("item", "cite", "semester", "class_", "due", "count"), ("done", "day", "state", "before")
    for own, names in ((owners, OWNER), (duties, owing), (settled, done), (duties, ("required",))):
        for name in names:
            yield {"count": "number"}.get(name, name), list(map(attrgetter(name), own))
