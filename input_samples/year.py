"""The sample year, month after month: what lies in the inbox of each month of the table `months`.

The months that have a folder of their own are its landmarks; between them comes what the tables `year_logbooks`,
`year_gaps`, `year_sessions`, `payments` and the mistakes of the case `year` tell. What stands in a landmark's folder is not stored
again: the list `year/arrivals.csv` says which file came in which month, and where it lies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath

from claims import sent
from coaches import with_sessions
from documents import (
    FINAL,
    SEPTEMBER,
    Document,
    Documents,
    register,
    upload_register,
    with_schools,
)
from logbooks import BETWEEN, SESSIONS, VISITS, Year
from mistakes import changed
from readable import FORMS, PLAN, Row, table

from mlbatch.obligation import GATHERING, RESULTS
from mlbatch.tables import Tables

CASE = "year"
ARRIVALS, HEADER = f"{CASE}/arrivals.csv", ("月份", "收件路徑", "範例檔案")
DECIDED, PAYMENT, RUNNING, CLOSING = "2018-01", "2018-02", "2018-06", "2019-03"
AUTUMN = "2018-08"  # the month from which the sessions of the second half-year are announced
WITHHELD = {f"register:{name}" for name in ("fiscal", "coaches", "workshops", "settings", "waivers")}
MORE_VISITS = (*VISITS, ("2018-09", 14, "線上", False), ("2018-10", 17, "到校", True))
CUMULATIVE = ("logbook:", "profile:", "county_logbook:")
RENEWED = {f"register:{name}" for name in ("uploads", "sessions", "signed_in", "withdrawals")}


def inboxes(landmarks: Mapping[str, Documents], tables: Tables) -> dict[str, Documents]:
    """The documents in the inbox of every month; `tables`: what was decided when the running year began."""
    running = _Running(landmarks, tables)
    autumn = {"2017-10": _autumn(landmarks[FINAL], 0), "2017-11": _autumn(landmarks[FINAL], 1)}
    told = {name: landmarks[name] for name in (SEPTEMBER, FINAL, DECIDED, PAYMENT)} | autumn
    ends = {row["month"]: date.fromisoformat(row["as_of"]) for row in table("months")}
    return {month: told[month] if month in told else running.month(month, end) for month, end in ends.items()}


def _autumn(final: Documents, rounds: int) -> Documents:
    """What had come after the closing of the call: no registers of the award yet, and the first sheets of scores or none."""
    first = {key for key in final if key.startswith("score:") and rounds and "第" not in key}
    return {key: one for key, one in final.items()
            if key not in WITHHELD and (not key.startswith("score:") or key in first)}  # fmt: skip


# The running year ----------------------------------------------------------------------------------


class _Running:
    """Months from March 2018 on: what the landmarks hold by a day, and what came between them."""

    def __init__(self, landmarks: Mapping[str, Documents], tables: Tables) -> None:
        self.start, self.june, self.closing = (landmarks[name] for name in (PAYMENT, RUNNING, CLOSING))
        self.tables = tables
        halves = SESSIONS, [*SESSIONS, *table("year_sessions")]
        self.spring, self.whole = (_WholeYear(tables, sessions) for sessions in halves)
        more = dict(one for row in table("year_logbooks") for one in self.whole.more(row))
        self.between = changed(more, CASE)

    def month(self, month: str, end: date) -> Documents:
        """The documents in the inbox at the end of a day."""
        of_closing = {
            key: one
            for key, one in self.closing.items()
            if key not in self.june and not key.startswith(CUMULATIVE)
        }
        later = {key: one for key, one in of_closing.items() if one.uploaded or end >= PLAN.settling.begin}
        came = {**self.june, **self.between, **later}
        documents = {key: one for key, one in came.items() if key not in RENEWED and _by(one, end)}
        documents |= {key: one for key, one in self.start.items() if key in documents}
        documents |= dict(_paid(documents, self.tables, end))
        documents |= (self.whole if month >= AUTUMN else self.spring).lists(end)
        documents["register:sessions"] = with_sessions(documents["register:sessions"])
        gone = [row for row in (*table("withdrawals"), *table("departures")) if row["day"] <= f"{end}"]
        documents["register:withdrawals"] = register("withdrawals", with_schools(gone))
        return {**documents, "register:uploads": upload_register(documents, month)}


def _by(document: Document, end: date) -> bool:
    return document.uploaded is None or document.uploaded.date() <= end


def _paid(documents: Documents, tables: Tables, end: date) -> Iterator[tuple[str, Document]]:
    """The checklists of those who were paid by a day, every paper received and signed; one that had none gets its own."""
    for row in (one for one in table("payments") if one["paid_on"] <= f"{end}"):
        key = f"claim:{row['payee']}"
        if key not in documents:
            yield from sent({**row, "kept": "是", "uploaded": "", "plans": "0"}, tables)
            continue
        papers = [
            {**one, "received": True, "signed": one["needs"] != "免",
             "received_on": one["received_on"] or _day(row["received_on"]) or date(2018, 2, 8)}
            for one in documents[key].values["claim_rows"]
        ]  # fmt: skip
        head = {**documents[key].values["claims"][0], "paid_on": _day(row["paid_on"])}
        yield key, replace(documents[key], values={"claims": [head], "claim_rows": papers})


def _day(words: str) -> date | None:
    return date.fromisoformat(words) if words else None


class _WholeYear(Year):
    """The schools over the whole year: what they hand in besides the logbooks of the landmark."""

    def __init__(self, tables: Tables, sessions: list[dict[str, str]]) -> None:
        super().__init__(tables, sessions, MORE_VISITS, table("year_gaps"))
        for row in table("departures"):
            if row["change"] == "減班":
                self._give_back((row["code"], row["level"]), int(row["classes"]), _day(row["day"]))

    def _give_back(self, key: tuple[str, str], count: int, day: date) -> None:
        """The last classes of each semester are run no more."""
        kept = []
        for semester in PLAN.schools.semesters:
            own = [one for one in self.classes[key] if one.semester == semester]
            kept += [*own[:-count], *(replace(one, until=day) for one in own[-count:])]
        self.classes[key] = kept

    def more(self, row: Mapping[str, str]) -> Iterator[tuple[str, Document]]:
        """What one payee hands in between the landmarks; keys end in the month."""
        payee = row["payee"]
        own = [key for key, school in self.schools.items() if payee in (_stamp(school), school["county"])]
        own = [key for key in own if payee == _stamp(self.schools[key]) or not self.schools[key]["national"]]
        for at in (datetime.fromisoformat(one) for one in row["hand_ins"].split(";")):
            month = f"{at:%Y-%m}"
            folder = f"執行紀錄/{month}/{self.schools[own[0]]['name'] if payee[0].isdigit() else payee}"
            for place, key in enumerate(own):
                moment, name = at + place * BETWEEN, f"{folder}/{self._file(key)}"
                one = Document(
                    f"{name}_執行紀錄簿.xlsx", FORMS["logbook"], key, self._logbook(key, at.date())
                )
                yield f"logbook:{key}:{month}", replace(one, uploaded=moment, by=payee)
                if row["profile"] == month:
                    filled = self._profile(key, PLAN.schools.semesters[-1])
                    one = Document(f"{name}_基本資料表.xlsx", FORMS["profile"], key, filled)
                    yield (
                        f"profile:{key}:{month}",
                        replace(one, uploaded=moment + timedelta(seconds=70), by=payee),
                    )
            if row["own"]:
                filled = self._county(payee, own, at.date())
                one = Document(
                    f"{folder}/{payee}_縣市執行紀錄簿.xlsx", FORMS["county_logbook"], payee, filled
                )
                yield f"county_logbook:{payee}:{month}", replace(one, uploaded=at - BETWEEN, by=payee)

    def _logbook(self, key: str, until: date) -> dict[str, list[Row]]:
        """As in the first half-year; an item of which each class owes one a year names the class."""
        filled = super()._logbook(key, until)
        rooms = [one for one in self._rooms(key) if one.semester == PLAN.schools.semesters[-1]]
        names: dict[object, Iterator[str]] = defaultdict(lambda: iter([one.name for one in rooms]))
        classes = PLAN.deliverables.classes
        filled["entries"] = [
            {**row, "class_": next(names[row["item"]])}
            if row["item"] in classes and not row["class_"] and row.get("day")
            else row
            for row in filled["entries"]
        ]
        return filled

    def _county(self, county: str, own: list[str], until: date) -> dict[str, list[Row]]:
        """As in the first half-year, the last network looked into in August, a second meeting, and results shown in November."""
        filled = super()._county(county, own, until)
        if until >= date(2018, 9, 1):
            looked = {"day": date(2018, 8, 28), "result": "新學期增設基地臺後足敷使用。"}
            filled["county_networks"] = [
                row if row.get("day") else {**row, **looked} for row in filled["county_networks"]
            ]
        work = [
            {"item": GATHERING, "day": date(2018, 10, 17), "title": "第二學期推動學校討論會議"},
            {
                "item": RESULTS,
                "day": date(2018, 11, 21),
                "title": f"{county}行動學習成果發表會",
                "invited": "鄰近縣市",
            },
        ]
        filled["county_work"] += [one for one in work if one["day"] <= until]
        return filled


def _stamp(school: Row) -> str:
    return f"{school['code']}-{school['level']}"


# What is written -------------------------------------------------------------------------------------


def arrivals(
    months: Mapping[str, Documents], stored: Mapping[bytes, str]
) -> tuple[list[tuple[str, str, str]], dict[str, bytes]]:
    """The rows of the list, and the files that lie in no landmark's folder yet, by path.

    `stored`: where bytes lie already. A row without a file tells that the file is in the inbox no more.
    """
    before: dict[str, bytes] = {}
    rows, files, known = [], {}, dict(stored)
    for month, documents in months.items():
        now = {one.path: one.saved for one in documents.values()}
        rows += [(month, path, "") for path in before if path not in now]
        for path, content in now.items():
            if before.get(path) != content:
                if content not in known:
                    known[content] = str(PurePosixPath(CASE, month, path))
                    files[known[content]] = content
                rows.append((month, path, known[content]))
        before = now
    return rows, files
