"""Logbooks as they came (執行紀錄簿): which version counts, and when each entry was first handed in (附件1, T1, T10).

A logbook is cumulative: the last version by the day of the run counts, and an entry is known from the first
version that has it. Entries are told apart by what they are about and not by their wording, so that a title
put right is the same entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

import pandas as pd

from mlbatch import catalogue, versions
from mlbatch.finding import Finding
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import RETURNED, Tables, records
from mlbatch.versions import Version

Row = Mapping[str, object]
SAME = {  # rows of these tables are the same entry if these agree
    "entries": ("item", "semester", "class_", "month"),
    "visits": ("semester", "advisor"),
    "attended": ("event", "person"),
    "meetings": ("day",),
    "county_work": ("item",),
    "county_networks": ("code", "level"),
    "delegates": ("event", "person"),
    "core_team": ("person",),
    "coach_shown": ("title",),
    "coach_acts": ("semester", "code", "level", "way"),
    "coach_events": ("event", "person"),
    "coach_reports": ("item",),
}
CORRIGIBLE = {  # a row of the same day that differs in one of these only was put right
    "entries": ("semester", "class_"),
    "visits": ("semester", "advisor"),
    "attended": ("event", "person"),
    "delegates": ("event", "person"),
}
NAMES = {"entries": "項目", "visits": "輔導", "attended": "活動參與", "meetings": "會議", "county_work": "項目",
         "county_networks": "網路檢視", "delegates": "活動出席", "core_team": "核心教師",
         "coach_shown": "示範觀摩", "coach_acts": "輔導", "coach_events": "活動", "coach_reports": "報告"}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One row of a logbook: the day on which it was first handed in, and the last file that had it."""

    row: Row
    known: date
    file: str


@dataclass(frozen=True)
class Entries:
    """The rows of one table as the versions of a logbook follow each other: those that stand, and those that are gone.

    A row of the version before that has another day or title now is the same entry, if it could have been done by the
    day on which the former was handed in, and so is one of the same day of which one of the fields `corrigible` was put
    right; one that comes back is known since it was first handed in. What could not have been done by then (a day to come) is
    known since the first version by whose day it could.
    """

    names: Sequence[str]
    corrigible: Sequence[str] = ()
    now: tuple[Entry, ...] = ()
    gone: tuple[Entry, ...] = ()

    def then(self, rows: Sequence[Row], day: date, file: str) -> Entries:
        """The entries after one more version, handed in on `day`."""
        left = [*self.now, *self.gone]
        if not left:
            return replace(self, now=tuple(Entry(row, day, file) for row in rows))
        made: list[Entry | None] = [None] * len(rows)
        for same in (self._unchanged, self._redated, self._put_right):
            for place, row in enumerate(rows):
                found = None if made[place] else next((one for one in left if same(one, row)), None)
                if found:
                    left.remove(found)
                    made[place] = Entry(row, found.known if _could_be(found, row) else day, file)
        now = tuple(one or Entry(row, day, file) for one, row in zip(made, rows, strict=True))
        return replace(self, now=now, gone=tuple(left))

    def _unchanged(self, one: Entry, row: Row) -> bool:
        return not self._differs(one, row) and one.row.get("day") == row.get("day")

    def _redated(self, one: Entry, row: Row) -> bool:
        return not self._differs(one, row) and bool(row.get("day")) and _could_be(one, row)

    def _put_right(self, one: Entry, row: Row) -> bool:
        differs = self._differs(one, row)
        return len(differs) == 1 and differs[0] in self.corrigible and one.row["day"] == row["day"]

    def _differs(self, one: Entry, row: Row) -> list[str]:
        return [name for name in self.names if one.row[name] != row[name]]


def _could_be(one: Entry, row: Row) -> bool:
    return not row.get("day") or row["day"] <= one.known


@dataclass(frozen=True)
class Sort:
    """One sort of cumulative form: its id and title, its head table, its row tables, whose it is."""

    form: str
    title: str
    heads: str
    rows: tuple[str, ...]
    of_county: bool = False
    hands_over: bool = True  # whether it tells of a change of the officer in charge (玖.一)

    def key(self, head: Row, stamp: str) -> Hashable:
        """Whose document it is; a profile is one of a semester."""
        if self.of_county:
            return versions.county_of(head, stamp)
        own = versions.school_of(head, stamp)
        return (*own, head["semester"]) if self.form == "profile" else own


SORTS = (
    Sort("logbook", "執行紀錄簿", "logbooks", ("entries", "visits", "attended", "meetings")),
    Sort("profile", "基本資料表", "profiles", ("core_team",), hands_over=False),
    Sort("county_logbook", "執行紀錄簿", "county_logbooks", ("county_work", "county_networks", "delegates"), True),
    Sort("coach_application", "教練學校申請表", "coach_applications", (), hands_over=False),
    Sort("coach_record", "輔導紀錄", "coach_records", ("coach_shown", "coach_acts", "coach_events", "coach_reports"),
         hands_over=False),
)  # fmt: skip


def read(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """T1, T10: the rows that count, each with `school` (or county) as `school` and `known_on`; `officers`.

    `officers` has one row a change of the officer in charge. Of two versions that the upload register does
    not tell apart none counts.
    """
    owners = _owners(tables)
    findings: list[Finding] = []
    changed: list[tuple] = []
    for sort in SORTS:
        tables, found, officers = _Reading(sort, owners, as_of).of(tables, plan)
        findings += found
        changed += officers
    columns = ["code", "level", "name", "county", "national", "before", "now", "file"]
    return tables.put(
        officers=pd.DataFrame(changed, columns=columns, dtype=object).astype({"national": bool})
    ), findings


def _owners(tables: Tables) -> dict[Hashable, Row]:
    """Who hands in: schools that run classes by key, counties with such schools by name."""
    run = set(zip(tables["running"]["code"], tables["running"]["level"], strict=True))
    schools = {(row["code"], row["level"]): row for row in records(tables["schools"])}
    own = {key: row for key, row in schools.items() if key in run}
    counties = {row["county"] for row in own.values() if not row["national"]}
    return {**own, **{name: {"code": "", "level": "", "name": name, "county": name, "national": False, "officer": ""}
                      for name in sorted(counties)}}  # fmt: skip


@dataclass(frozen=True)
class _Reading:
    """One sort of form, read by the day `as_of`."""

    sort: Sort
    owners: Mapping[Hashable, Row]
    as_of: date

    def of(self, tables: Tables, plan: Plan) -> tuple[Tables, list[Finding], list[tuple]]:
        """The tables with the rows that count, findings, and changes of officers."""
        sort, end = self.sort, datetime.combine(self.as_of, time.max)
        came = versions.versions(tables, sort.heads, sort.key, plan.calendar.closing)
        whose = {one.key: self._whose(one.key) for one in came if self._owner(one.key)}
        tables = versions.concerning(tables, came, whose)
        known = [one for one in came if self._owner(one.key)]
        sorted_out = versions.sort_out(known, end)
        findings = [*self._strangers(came), *self._doubts(sorted_out), *self._undated(sorted_out)]
        earlier = _earlier(known, sorted_out, end)
        made = {}
        for name in sort.rows:
            made[name], vanished = self._rows(tables, name, sorted_out, earlier)
            findings += vanished
        made[sort.heads] = self._heads(sorted_out)
        ends = {**{one.file: (RETURNED, "") for one in sorted_out.last.values()}, **sorted_out.ends}
        tables = versions.filed(versions.current(tables, ends), came, ends, sort.form).put(**made)
        officers = list(self._officers(sorted_out, earlier))
        return tables, [*findings, *self._handed_over(officers, sorted_out)], [row for row, _ in officers]

    def _owner(self, key: Hashable) -> Row | None:
        """Whose a document is; a profile's key has the semester besides."""
        return self.owners.get(key[:2] if isinstance(key, tuple) else key)

    def _whose(self, key: Hashable) -> versions.Owner:
        owner = self._owner(key)
        school = (owner["code"], owner["level"])
        return school, "" if owner["national"] else owner["county"]

    def _told(self, kind, one: Version, field: str, **facts: object) -> Finding:
        facts = {"name": self._owner(one.key)["name"], "document": self.sort.title, **facts}
        return Finding(kind, one.head["place"].at(field), facts, *self._whose(one.key))

    @property
    def _field(self) -> str:
        return "county" if self.sort.of_county else "code"

    def _strangers(self, came: Sequence[Version]) -> Iterator[Finding]:
        for one in came:
            if not self._owner(one.key):
                name = one.head["county"] if self.sort.of_county else one.head["name"]
                facts = {"name": name, "read": one.head[self._field], "document": self.sort.title}
                school = ("", "") if self.sort.of_county else one.key[:2]
                yield Finding(catalogue.T1_NOT_FUNDED, one.head["place"].at(self._field), facts, school)

    def _doubts(self, found: versions.Sorted) -> Iterator[Finding]:
        for group in found.doubtful.values():
            for one in group:
                yield self._told(
                    catalogue.T1_TWO_VERSIONS, one, self._field, other=versions.others(one, group)
                )

    def _undated(self, found: versions.Sorted) -> Iterator[Finding]:
        for one in found.last.values():
            if one.at is None:
                as_of = f"{self.as_of.year - 1911}.{self.as_of:%m.%d}"
                yield self._told(catalogue.T1_NO_UPLOAD, one, self._field, as_of=as_of)

    def _day(self, one: Version) -> date:
        """The day on which a version was handed in; without one in the register, the day of the run."""
        return one.at.date() if one.at else self.as_of

    def _heads(self, found: versions.Sorted) -> pd.DataFrame:
        rows = [
            {**one.head, "school": _school(key), "known_on": self._day(one)}
            for key, one in found.last.items()
        ]
        names = list(rows[0]) if rows else ["school", "known_on", "semester", "trained", "officer"]
        return _frame({name: [row[name] for row in rows] for name in names})

    def _rows(
        self, tables: Tables, name: str, found: versions.Sorted, earlier: Mapping[Hashable, Sequence[Version]]
    ) -> tuple[pd.DataFrame, list[Finding]]:
        """The rows of one table in the versions that count, and what earlier versions had besides."""
        by_file = _by_file(tables, name)
        made, findings = [], []
        for key, last in found.last.items():
            entries = Entries(SAME[name], CORRIGIBLE.get(name, ()))
            for one in (*earlier.get(key, ()), last):
                entries = entries.then(by_file.get(one.file, []), self._day(one), one.file)
            made += [(one.row, _school(key), one.known) for one in entries.now]
            for gone in entries.gone:
                read = "、".join(str(gone.row[part]) for part in SAME[name] if gone.row[part])
                told = {"former": gone.file, "read": f"{NAMES[name]}「{read}」"}
                findings.append(self._told(catalogue.T1_VANISHED, last, self._field, **told))
        names = tables[name].columns if name in tables else SAME[name]
        columns = {own: [row[own] for row, *_ in made] for own in names}
        columns |= {"school": [school for _, school, _ in made], "known_on": [known for *_, known in made]}
        return _frame(columns), findings

    def _officers(
        self, found: versions.Sorted, earlier: Mapping[Hashable, Sequence[Version]]
    ) -> Iterator[tuple[tuple, Version]]:
        """Changes of the officer in charge: beside the version before, else beside the application; profiles repeat it,
        and a coach's forms may name somebody of their own."""
        for key, last in found.last.items() if self.sort.hands_over else ():
            owner, now = self._owner(key), last.head["officer"]
            former = [one.head["officer"] for one in earlier.get(key, ())] or [owner.get("officer", "")]
            if now and former[-1] and now != former[-1]:
                who = (owner["code"], owner["level"], owner["name"], owner["county"], bool(owner["national"]))
                yield (*who, former[-1], now, last.file), last

    def _handed_over(
        self, officers: Sequence[tuple[tuple, Version]], found: versions.Sorted
    ) -> Iterator[Finding]:
        for row, last in officers:
            yield self._told(catalogue.T10_OFFICER, last, "officer", known=row[5], read=row[6])


def _frame(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})


def _school(key: Hashable) -> Hashable:
    return key[:2] if isinstance(key, tuple) else key


def _earlier(came: Sequence[Version], found: versions.Sorted, end: datetime) -> dict[Hashable, list[Version]]:
    """Of each document that counts the versions before, the oldest first."""
    groups: dict[Hashable, list[Version]] = defaultdict(list)
    for one in came:
        last = found.last.get(one.key)
        if last and one.file != last.file and one.at and one.at <= end:
            groups[one.key].append(one)
    return {key: sorted(group, key=lambda one: (one.at, one.file)) for key, group in groups.items()}


def _by_file(tables: Tables, name: str) -> dict[str, list[dict]]:
    """The rows of a table that were filled in, by file: those that are prefilled count once they have a day."""
    found: dict[str, list[dict]] = defaultdict(list)
    for row in records(tables[name]) if name in tables else ():
        if row.get("day", True):
            found[row["file"]].append(row)
    return found
