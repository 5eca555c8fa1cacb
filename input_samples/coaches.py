"""Coach schools in the sample year: applications, who coaches whom, what they do, and who won in the end.

The tables `coach_…` hold the facts of the whole year; a month has what was there by its end. A record holds what was done
by the day on which it was handed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from documents import Document, Documents, register, with_coached, with_schools
from readable import BY_KEY, FORMS, PLAN, Row, table

from mlbatch.forms import coach_application, coach_record
from mlbatch.obligation import semester_of

CONTACT = {"officer": "溫以安", "telephone": "(02)5550-0500 轉 9"}
PERSON = "溫以安"
PRIZES_KNOWN = "2018-12"


def with_coaches(documents: Documents, month: str) -> Documents:
    """The documents, and what concerns coach schools by the end of a month (2018-06)."""
    pairs = [with_coached(row) for row in with_schools(table("coach_pairs"))]
    known = dict(documents)
    if "register:sessions" in known:
        known["register:sessions"] = with_sessions(known["register:sessions"])
    known["register:coach_pairs"] = register("coach_pairs", pairs)
    if month >= PRIZES_KNOWN:
        known["register:prizes"] = register("prizes", with_schools(table("prizes")))
    added = [*_applications(), *_records(pairs)]
    return known | {key: one for key, one in added if f"{one.uploaded:%Y-%m}" <= month}


def with_sessions(sessions: Document) -> Document:
    """活動場次 with the meetings of coach schools."""
    rows = [{**row, "day": date.fromisoformat(row["day"])} for row in table("coach_sessions")]
    return replace(sessions, values={"sessions": [*sessions.values["sessions"], *rows]})


def _applications() -> Iterator[tuple[str, Document]]:
    for row in table("coach_applications"):
        school = BY_KEY[row["code"], row["level"]]
        values = coach_application.values(school)
        values["coach_applications"][0] |= {
            **_contact(school), "basis": row["basis"], "demonstration": "五月辦理公開觀課，邀請鄰近未參與計畫之學校。",
            "plan": "每學期至少實地輔導各校一次，平時以線上諮詢為輔。",
        }  # fmt: skip
        values["coach_wishes"] = [
            {"wish": number, "county": wish.split(":")[0], "code": wish.split(":")[1], "reason": "鄰近，便於實地交流"}
            for number, wish in enumerate(row["wishes"].split(";"), 1)
        ]  # fmt: skip
        key = f"{row['code']}-{row['level']}"
        path = f"教練學校/申請/{row['code']}_{school['name']}_教練學校申請表.xlsx"
        uploaded = datetime.fromisoformat(row["uploaded"])
        yield (
            f"coach_application:{key}",
            Document(path, FORMS["coach_application"], key, values, uploaded, school["county"]),
        )


def _records(pairs: list[Row]) -> Iterator[tuple[str, Document]]:
    for number, row in enumerate(table("coach_hand_ins"), 1):
        school, at = BY_KEY[row["code"], row["level"]], datetime.fromisoformat(row["uploaded"])
        own = [
            {name: pair[f"coached_{name}"] for name in ("code", "level", "name", "county")}
            for pair in pairs
            if (pair["code"], pair["level"]) == (row["code"], row["level"])
        ]
        values: dict[str, list[Row]] = coach_record.values(school, own)
        values["coach_records"][0] |= _contact(school)
        for work in table("coach_work"):
            mine = (work["code"], work["level"]) == (row["code"], row["level"])
            if mine and date.fromisoformat(work["day"]) <= at.date():
                values.setdefault(work["table"], []).append(_entry(work))
        key = f"{row['code']}-{row['level']}"
        path = f"教練學校/{at:%Y-%m}/{row['code']}_{school['name']}_教練輔導紀錄.xlsx"
        yield (
            f"coach_record:{key}:{number}",
            Document(path, FORMS["coach_record"], key, values, at, school["county"]),
        )


def _entry(work: Mapping[str, str]) -> Row:
    """A row of a record, by its table."""
    day = date.fromisoformat(work["day"])
    number = int(work["number"] or 0)
    return {
        "coach_shown": {"title": work["title"], "way": work["way"], "venue": "本校", "schools": number, "outsiders": number - 8},
        "coach_acts": {"semester": semester_of(day, PLAN), "code": work["coached_code"], "level": work["coached_level"],
                       "way": work["way"], "about": work["title"]},
        "coach_events": {"event": work["way"], "person": PERSON, "about": work["title"]},
        "coach_reports": {"item": work["way"], "title": work["title"], "licence": PLAN.deliverables.licence},
    }[work["table"]] | {"day": day}  # fmt: skip


def _contact(school: Mapping[str, str]) -> Row:
    return {**CONTACT, "email": f"coach{school['code']}@school.example.tw"}
