"""What comes in the running year, made up: a logbook and a profile of each school, a logbook of each county."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from benchmarks.schools import CODE, MAIL, NAME, TELEPHONE
from mlbatch import batch
from mlbatch.classroom import running
from mlbatch.forms import blank, county_logbook, logbook, profile
from mlbatch.obligation import month_end, school_duties
from mlbatch.tables import records

UPLOADED = datetime(2018, 6, 22, 9)
ABOUT, PRINCIPAL = "進度與教學分享", "林示範"


def papers(corpus, folder: Path, as_of: date) -> Iterator[tuple[str, bytes]]:
    """The logbooks and profiles of the schools that run classes, by what the batch decided."""
    plan = corpus.plan
    tables = batch.decide(batch.read(folder, plan, as_of), until="track").tables
    classes = running(tables)
    known = {(row["code"], row["level"]): row for row in corpus.rows}
    schools = [row for row in records(tables["schools"]) if row["approved"]]
    for one in schools:
        key = one["code"], one["level"]
        row, rooms = known[key], classes[key]
        like = {**one, "code": CODE, "name": f"{NAME}{row['level']}"}
        own = f"{row['county']}/執行紀錄/{row['code']}_{row['name']}"
        shape = (row["county"], row["level"], *((room.semester, room.name) for room in rooms))
        yield (
            f"{own}_執行紀錄簿.xlsx",
            corpus.filled("logbook", shape, row, lambda: _logbook(like, rooms, plan, as_of)),  # noqa: B023
        )
        yield (
            f"{own}_基本資料表.xlsx",
            corpus.filled("profile", (row["county"], row["level"]), row, lambda: _profile(like, plan)),  # noqa: B023
        )
    for row in records(tables["counties"]):
        own = [one for one in schools if one["county"] == row["county"]]
        if own:
            values = county_logbook.values(row, own)
            values["county_logbooks"][0] |= {
                "officer": "陳示範", "telephone": "(02)5550-0400", "email": "office@county.example",
            }  # fmt: skip
            content = blank.blank(
                corpus.forms["county_logbook"], plan, recipient=row["county"], values=values
            )
            yield f"{row['county']}/執行紀錄/{row['county']}_縣市執行紀錄簿.xlsx", content


def _logbook(school: dict, rooms: list, plan, as_of: date) -> dict[str, list[dict]]:
    """Everything that was due by the day `as_of` is done."""
    values = logbook.values(school, school_duties(plan, rooms), plan)
    values["logbooks"][0] |= {"officer": "陳示範", "telephone": TELEPHONE, "email": MAIL}
    values["entries"] = [_entry(row, plan, as_of) for row in values["entries"]]
    first = plan.schools.semesters[0]
    values["visits"] = [
        {"semester": first, "day": date(2018, month, 12), "advisor": "張示範", "professor": True, "way": "到校",
         "about": "課程設計與載具運用之建議。"}
        for month in (3, 5)
    ]  # fmt: skip
    values["meetings"] = [
        {"day": date(2018, month, 10), "principal": True, "director": True, "about": ABOUT}
        for month in range(1, as_of.month + 1)
    ]
    return values


def _entry(row: dict, plan, as_of: date) -> dict:
    year, month = (int(part) for part in row["month"].split("."))
    due = f"{year + 1911}-{month:02d}"
    if month_end(due) > as_of:
        return row
    return {
        **row, "day": date.fromisoformat(f"{due}-15"), "title": f"{row['class_']}{row['item']}",
        "resource": plan.deliverables.resources[0], "licence": plan.deliverables.licence,
    }  # fmt: skip


def _profile(school: dict, plan) -> dict[str, list[dict]]:
    values = profile.values(school, plan.schools.semesters[0])
    values["profiles"][0] |= {
        "principal": PRINCIPAL, "trained": True, "officer": "陳示範", "telephone": TELEPHONE, "email": MAIL,
        "teachers": 24, "classes": 12, "devices": 60,
    }  # fmt: skip
    values["core_team"] = [{"person": f"示範師{i}", "newcomer": i > 3} for i in range(6)]
    return values
