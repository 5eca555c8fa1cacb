"""Which classes run (實施班級): approved ones, less those given back, under the names they have now (T6; 伍.三(一)※)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time

import pandas as pd

from mlbatch import catalogue, versions
from mlbatch.classroom import COLUMNS, Classroom, class_name
from mlbatch.finding import Finding, Kind
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import NOT_YET, RETURNED, Tables, records
from mlbatch.withdrawal import CHANGES, FEWER

Key = tuple[str, str]
Row = Mapping[str, object]
Named = Mapping[tuple[str, str, str], Mapping[str, None]]
DOCUMENT = "change"
PLANNED, REVISED = "classes", "revised_classes"  # the tables in which classes are named
ACCEPTED, REFUSED = "採認", "不採"
CHANGED = (
    "code",
    "level",
    "name",
    "county",
    "national",
    "semester",
    "old",
    "new",
    "day",
    "state",
    "why",
    "file",
)


def classes(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """T6: `running` (see classroom.COLUMNS) and `class_changes`, one row a row of a request that came by `as_of`.

    The classes are those of the revised plan, else of the plan, as many as were approved. A request that would
    leave fewer classes in a semester, or names a class that is not run, is refused and told.
    """
    schools = {_key(row): row for row in records(tables["schools"])}
    named, back = _named(tables), _given_back(tables, as_of)
    rooms = {key: _rooms(row, named, back.get(key, ()), plan) for key, row in schools.items() if _ran(row)}
    findings: list[Finding] = []
    changes: list[tuple] = []
    tables, asked = _requests(tables, plan, as_of)
    for row in asked:
        key = row["school"]
        fault = _fault(row, rooms.get(key, []))
        if fault:
            kind, field, facts = fault
            findings.append(_finding(kind, row, field, schools.get(key), **facts))
        else:
            rooms[key] = [_renamed(one, row) for one in rooms[key]]
        changes.append(_change(row, schools.get(key), findings[-1].sentence if fault else ""))
    found = [(*key, c.semester, c.name, c.names, c.until) for key, own in rooms.items() for c in own]
    made = pd.DataFrame(found, columns=list(COLUMNS), dtype=object)
    return tables.put(
        running=made,
        class_changes=pd.DataFrame(changes, columns=list(CHANGED), dtype=object).astype({"national": bool}),
    ), findings


def _key(row: Row) -> Key:
    return row["code"], row["level"]


def _ran(row: Row) -> bool:
    """Whether a school was awarded classes, also if it gave them back later."""
    return bool(_whole(row["awarded"]) or _whole(row["approved"]))


def _whole(value: object) -> int:
    return 0 if pd.isna(value) else int(value)


# The classes as approved, and those given back ---------------------------------------------------------


def _rooms(school: Row, named: Named, back: Sequence[Row], plan: Plan) -> list[Classroom]:
    most, lost = max(_whole(school["awarded"]), _whole(school["approved"])), _lost(school, back, plan)
    rooms = []
    for semester in plan.schools.semesters:
        names = _names(school, named, semester)[:most]
        names += [f"第{number}班" for number in range(len(names) + 1, most + 1)]  # the plan names too few
        last = [None] * (most - len(lost)) + lost[:most][::-1]
        rooms += [Classroom(semester, name, until=day) for name, day in zip(names, last, strict=True)]
    return rooms


def _lost(school: Row, back: Sequence[Row], plan: Plan) -> list[date]:
    """The days on which classes were given back, one a class, the earliest first.

    Up to the last day of succession `approved` is what was kept (R8); later rows only end duties and are
    settled at the closing (柒.九(三)).
    """
    most, kept = _whole(school["awarded"]), _whole(school["approved"])
    days: list[date] = []
    for row in sorted(back, key=lambda row: row["day"]):
        if row["day"] <= plan.budget.succession_until:
            days = days or [row["day"]] * max(0, most - kept)
        else:
            left = max(most, kept) - len(days)
            days += [row["day"]] * min(left, _whole(row["classes"]) if row["change"] == FEWER else left)
    return days


def _given_back(tables: Tables, as_of: date) -> Mapping[Key, list[Row]]:
    """School → the rows by which it gave classes back by `as_of`."""
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in records(tables["withdrawals"]) if "withdrawals" in tables else ():
        if row["change"] in CHANGES and row["day"] and row["day"] <= as_of:
            found[_key(row)].append(row)
    return found


def _named(tables: Tables) -> Named:
    """(table, file, semester) → the names of the classes that a plan says, each once."""
    found: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for table in (PLANNED, REVISED):
        for row in records(tables[table]) if table in tables else ():
            if not pd.isna(row["grade"]) and row["section"]:
                found[table, row["file"], row["semester"]][class_name(row["grade"], row["section"])] = None
    return found


def _names(school: Row, named: Named, semester: str) -> list[str]:
    """The names of the classes in the revised plan, else in the plan."""
    revised = school.get("revised_file")
    return list(
        named.get((REVISED, revised, semester) if revised else (PLANNED, school["plan_file"], semester), ())
    )


# Requests for a change (T6) ---------------------------------------------------------------------------


def _requests(tables: Tables, plan: Plan, as_of: date) -> tuple[Tables, list[dict]]:
    """The rows of all requests that came by `as_of`, with `school`, in the order of their days."""
    came = versions.versions(tables, "changes", versions.school_of, plan.calendar.closing)
    end = datetime.combine(as_of, time.max)
    late = {one.file: (NOT_YET, "上傳時間在基準日之後。") for one in came if one.at and one.at > end}
    known = {one.file: one for one in came if one.file not in late}
    ends = {**late, **{file: (RETURNED, "") for file in known}}
    rows = records(tables["change_rows"]) if "change_rows" in tables else []
    asked = [{**row, "school": known[row["file"]].key, "at": known[row["file"]].at} for row in rows
             if row["file"] in known and row["semester"] and row["day"]]  # fmt: skip
    asked.sort(key=lambda row: (row["day"], row["at"] or datetime.min, row["file"], row["place"].row))
    return versions.filed(tables, came, ends, DOCUMENT), asked


def _fault(row: Row, rooms: Sequence[Classroom]) -> tuple[Kind, str, dict[str, object]] | None:
    own = [one for one in rooms if one.semester == row["semester"] and one.owes(row["day"])]
    names = "、".join(one.name for one in own) or "（無）"
    meant = [one for one in own if one.called(row["old"])]
    if not meant:
        return catalogue.T6_UNKNOWN_CLASS, "old", {"read": row["old"], "classes": names}
    if not row["new"]:
        return catalogue.T6_FEWER, "new", {"read": row["old"]}
    if any(one.called(row["new"]) for one in own if one is not meant[0]):
        return catalogue.T6_TWICE, "new", {"read": row["new"], "classes": names}
    return None


def _renamed(room: Classroom, row: Row) -> Classroom:
    if room.semester != row["semester"] or not room.called(row["old"]) or not room.owes(row["day"]):
        return room
    return replace(room, name=row["new"], names=(*room.names, room.name))


def _finding(kind: Kind, row: Row, field: str, school: Row | None, **facts: object) -> Finding:
    name = school["name"] if school else "、".join(row["school"])
    county = "" if school is None or school["national"] else school["county"]
    facts = {"name": name, "semester": row["semester"], **facts}
    return Finding(kind, row["place"].at(field), facts, row["school"], county)


def _change(row: Row, school: Row | None, why: str) -> tuple:
    who = (
        *row["school"],
        school["name"] if school else "",
        school["county"] if school else "",
        bool(school and school["national"]),
    )
    return (
        *who,
        row["semester"],
        row["old"],
        row["new"],
        row["day"],
        REFUSED if why else ACCEPTED,
        why,
        row["file"],
    )
