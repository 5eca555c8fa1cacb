"""The end of the sample year: settlements, departures in the year, and the logbooks of those who are to be closed.

All answer workbooks that the batch writes. The table `settlements` says who was paid, when its settlement came, how
many percent of its plan it spent, and when its schools' logbooks came: in one piece, or `每月`, each month's in time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from documents import Document, Documents, register, with_schools
from readable import FORMS, PLAN, Row, table
from returned import written

from mlbatch import batch, refund
from mlbatch.classroom import running
from mlbatch.forms import logbook, profile, settlement
from mlbatch.obligation import school_duties, semester_of
from mlbatch.tables import Tables, records

AS_OF = date(2019, 3, 10)
MONTHLY = "每月"
CONTACT = {"officer": "簡若水", "telephone": "(02)5550-0300 轉 7"}
BETWEEN = timedelta(minutes=4, seconds=9)
TEAM = ("溫以安", "柳青禾", "紀海寧")
ADVISOR = "姚遠之"


def with_closing(documents: Documents) -> Documents:
    """The documents of March 2019: departures, events, payments, logbooks, and at last the settlements."""
    paid = {
        row["payee"]: date.fromisoformat(row["paid_on"]) for row in table("settlements") if row["paid_on"]
    }
    documents = {key: _paid(one, paid.get(key.partition(":")[2])) for key, one in documents.items()}
    gone = [*table("withdrawals"), *table("departures")]
    documents |= {
        "register:withdrawals": register("withdrawals", with_schools(gone)),
        "register:sessions": register("sessions", table("closing_sessions")),
    }
    tables = _decided(documents)
    documents |= dict(one for row in table("settlements") for one in _logbooks(row, tables))
    tables = _decided(documents)
    return {**documents, **dict(_settlement(row, tables) for row in table("settlements"))}


def _decided(documents: Documents) -> Tables:
    with TemporaryDirectory() as name:
        written(documents, Path(name))
        return batch.decide(batch.read(Path(name), PLAN, AS_OF)).tables


def _paid(document: Document, day: date | None) -> Document:
    """A checklist whose payee was paid in the end; other documents as they are."""
    if day is None or document.form is not FORMS["claim"]:
        return document
    rows = [{**row, "received": True, "signed": row["needs"] != "免", "received_on": row["received_on"] or date(2018, 2, 8)}
            for row in document.values["claim_rows"]]  # fmt: skip
    head = {**document.values["claims"][0], "paid_on": day}
    return replace(document, values={"claims": [head], "claim_rows": rows})


# Settlements ---------------------------------------------------------------------------------------


def _settlement(row: Mapping[str, str], tables: Tables) -> tuple[str, Document]:
    payee = next(
        one
        for one in _plain(tables, "payees")
        if row["payee"] in (one["county"], f"{one['code']}-{one['level']}")
    )
    at = datetime.fromisoformat(row["uploaded"])
    said = {"letter_number": row["letter_number"], "letter_date": at.date() - timedelta(days=1), **CONTACT}
    own = ("county", "code", "level")
    lines = [one for one in _plain(tables, "settling") if all(one[name] == payee[name] for name in own)]
    values = settlement.values(payee, _spent(lines, row), said)
    path = f"結案/{payee['county'] or payee['payee']}/經費收支結算表.xlsx"
    document = Document(path, FORMS["settlement"], row["payee"], values, uploaded=at, by=payee["payee"])
    return f"settlement:{row['payee']}", document


def _spent(lines: list[Row], row: Mapping[str, str]) -> Iterator[Row]:
    """Each line with so many percent of its plan spent, half of that by a school that left, and what is returned."""
    percent = int(row["spent"])
    filled = [{**one, "spent": one["planned"] * percent // (200 if one["left"] else 100)} for one in lines]
    own = [refund.line(one) for one in filled]
    exempt = refund.surplus(own) <= PLAN.settling.exempt_surplus
    for one, line in zip(filled, own, strict=True):
        owed = line.owed(exempt)
        day = date.fromisoformat(row["refunded_on"]) if owed else None
        reason = "授課教師異動，經縣市同意減班或退出" if one["withdrawn"] else ""
        yield {**one, "refund": owed, "refunded_on": day, "reason": reason}


def _plain(tables: Tables, name: str) -> list[Row]:
    frame = tables[name].astype(object)
    return records(frame.where(frame.notna(), None))


# Logbooks ------------------------------------------------------------------------------------------


def _logbooks(row: Mapping[str, str], tables: Tables) -> Iterator[tuple[str, Document]]:
    classes = running(tables)
    for number, school in enumerate(records(tables["schools"])):
        key = school["code"], school["level"]
        payee = "-".join(key) if school["national"] else school["county"]
        if row["logbooks"] and payee == row["payee"] and school["approved"]:
            rooms, duties = classes[key], school_duties(PLAN, classes[key])
            for semester, at in _days(row["logbooks"], PLAN.deliverables.profile):
                yield _profile(school, semester_of(semester, PLAN), at + number * BETWEEN, row["payee"])
            for day, at in _days(row["logbooks"], _months(duties)):
                yield _logbook(school, rooms, duties, day, at + number * BETWEEN, row["payee"])


def _months(duties) -> list[str]:
    return sorted({f"{one.due:%Y-%m}" for one in duties if one.item in PLAN.deliverables.items})


def _days(words: str, months) -> Iterator[tuple[date, datetime]]:
    """Up to which day a version holds, and when it came: each month in time, or all at once."""
    ends = [_end(month) for month in months]
    if words == MONTHLY:
        yield from ((day, datetime.combine(day, time(9, 30))) for day in ends)
        return
    at = datetime.fromisoformat(words)
    yield from ((day, at) for day in (ends if months == PLAN.deliverables.profile else ends[-1:]))


def _end(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _name(school: Row, form: str, more: str = "") -> str:
    folder = school["name"] if school["national"] else school["county"]
    return f"執行紀錄/{folder}/{school['code']}_{school['name']}_{school['level']}_{FORMS[form].title}{more}.xlsx"


def _profile(school: Row, semester: str, at: datetime, payee: str) -> tuple[str, Document]:
    values = profile.values(school, semester)
    values["profiles"][0] |= {
        "principal": "羅望川", "trained": True, "officer": school["officer"], "telephone": school["telephone"],
        "email": school["email"], "teachers": 24, "classes": 12, "devices": 40,
    }  # fmt: skip
    values["core_team"] = [{"person": person, "newcomer": False} for person in TEAM]
    key = f"profile:{school['code']}-{school['level']}-{semester}"
    stamp = f"{school['code']}-{school['level']}"
    return key, Document(_name(school, "profile", f"_{semester}"), FORMS["profile"], stamp, values, at, payee)


def _logbook(school: Row, rooms, duties, day: date, at: datetime, payee: str) -> tuple[str, Document]:
    """The logbook as it stood on a day: every entry that was due by then, made on its last day."""
    values = logbook.values(school, [one for one in duties if one.due <= day], PLAN)
    values["logbooks"][0] |= {name: school[name] for name in ("officer", "telephone", "email")}
    due = [
        one
        for one in duties
        if one.due <= day and one.item in PLAN.deliverables.items
        for _ in range(one.count)
    ]
    rows = [_entry(row, one.due) for row, one in zip(values["entries"], due, strict=True)]
    names = iter([room.name for room in rooms if room.semester == PLAN.schools.semesters[-1]])
    values["entries"] = [row if row["class_"] or row["item"] in PLAN.deliverables.school else {**row, "class_": next(names)}
                         for row in rows]  # fmt: skip
    values["visits"] = [_visit(_end(month)) for month in PLAN.deliverables.visits if _end(month) <= day]
    values["attended"] = [
        {"event": one["session"], "day": date.fromisoformat(one["day"]), "person": person, "role": "核心教師"}
        for one in table("closing_sessions")
        if date.fromisoformat(one["day"]) <= at.date()
        for person in TEAM[:2]
    ]
    key = f"logbook:{school['code']}-{school['level']}-{day:%Y-%m}"
    stamp = f"{school['code']}-{school['level']}"
    return key, Document(_name(school, "logbook", f"_{day:%m}月"), FORMS["logbook"], stamp, values, at, payee)


def _entry(row: Row, due: date) -> Row:
    made = due - timedelta(days=3)
    semester = semester_of(made, PLAN)
    cloud = PLAN.deliverables.resources[0] if row["item"] in PLAN.deliverables.cloud else logbook.UNUSED
    return {
        **row, "semester": row["semester"] if row["class_"] else semester, "day": made, "title": f"{row['item']}（示範）",
        "resource": cloud, "licence": PLAN.deliverables.licence,
    }  # fmt: skip


def _visit(end: date) -> Row:
    day = end - timedelta(days=4)
    return {"semester": semester_of(day, PLAN), "day": day, "advisor": ADVISOR, "professor": True, "way": "到校",
            "about": "觀課與議課，建議以小組任務檢核學習成果。"}  # fmt: skip
