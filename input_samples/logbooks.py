"""What comes in the running year: logbooks, profiles, requests for other classes, and the organisers' lists.

They answer workbooks that the batch wrote, so the batch is run for them. The table `logbooks` says who hands in when;
everybody does everything in its month but for the rows of `logbook_gaps`, which say what is left out, or until when.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from documents import Document, Documents, register
from readable import FORMS, PLAN, Row, table
from returned import written

from mlbatch import batch
from mlbatch.classroom import Classroom, running
from mlbatch.forms import change, county_logbook, logbook, profile
from mlbatch.obligation import COUNTY_PLAN, GATHERING, REGIONAL, school_duties, semester_of
from mlbatch.tables import Tables, records

AS_OF = date(2018, 2, 28)
BETWEEN = timedelta(minutes=4, seconds=9)
UNUSED = "未使用"
VISITS = (
    ("2018-03", 12, "到校", True),
    ("2018-05", 14, "線上", False),
)  # month, day, way, whether by a professor
PEOPLE = [row["name"] for row in table("people")]
ADVISORS = table("advisors")
SESSIONS = table("sessions")
VISIT, PROFILE = "學者專家輔導紀錄", "學校基本資料表"


def tracked(documents: Documents) -> Tables:
    """What was decided when the running year began; the logbooks answer it."""
    with TemporaryDirectory() as name:
        written(documents, Path(name))
        return batch.decide(batch.read(Path(name), PLAN, AS_OF), until="track").tables


def with_logbooks(documents: Documents, tables: Tables) -> Documents:
    """The documents, and what came in the running year up to the last hand-in of the table `logbooks`."""
    made = Year(tables)
    added = dict(one for row in table("logbooks") for one in made.sent(row))
    changes = dict(made.change(row) for row in table("class_changes"))
    return {**documents, **made.lists(), **changes, **added}


class Year:
    """The schools that run classes, and what they do at which sessions and visits."""

    def __init__(
        self,
        tables: Tables,
        sessions: list[dict[str, str]] = SESSIONS,
        visits: tuple = VISITS,
        more_gaps: list[dict[str, str]] | None = None,
    ) -> None:
        self.sessions, self.visits = sessions, visits
        self.classes = running(tables)
        self.schools = {_key(row): row for row in records(tables["schools"]) if row["approved"]}
        self.counties = {row["county"]: row for row in records(tables["counties"])}
        self.gaps = {
            (row["school"], row["item"], row["month"]): row["until"]
            for row in (*table("logbook_gaps"), *(more_gaps or ()))
        }
        self.order = {key: number for number, key in enumerate(self.schools)}

    # The organisers' lists --------------------------------------------------------------------------

    def lists(self, until: date = date.max) -> Documents:
        """活動場次, 活動簽到 of the sessions up to a day, 確認之學者專家."""
        confirmed = [{**one, "confirmed_on": date(2018, 2, 9)} for one in ADVISORS]
        signed = [
            {"session": one["session"], **self._named(school), "person": person}
            for one in self.sessions if one["list"] and date.fromisoformat(one["day"]) <= until
            for key, school in self.schools.items() if self._comes(key, one)
            for person in self._sent_to(key, one)
        ]  # fmt: skip
        rows = {"sessions": self.sessions, "signed_in": signed, "advisors_confirmed": confirmed}
        return {f"register:{name}": register(name, of) for name, of in rows.items()}

    def _named(self, school: Row) -> Row:
        return {name: school[name] for name in ("code", "name", "level")}

    def _comes(self, key: str, session: Mapping[str, str]) -> bool:
        return (key, session["event"], session["day"][:7]) not in self.gaps and self.order[key] % 5 != 4

    def _sent_to(self, key: str, session: Mapping[str, str]) -> list[str]:
        principal, *team = self._people(key)
        if session["session"].startswith("P"):
            return [principal]
        return team[:3] if session["event"] in REGIONAL else [principal, team[0]]

    def _people(self, key: str) -> list[str]:
        """A school's principal, and six core teachers."""
        first = 7 * self.order[key]
        return [PEOPLE[(first + number) % len(PEOPLE)] for number in range(7)]

    # Schools and counties -----------------------------------------------------------------------------

    def sent(self, row: Mapping[str, str]) -> Iterator[tuple[str, Document]]:
        """What one payee hands in: the logbooks of its schools each time, the profiles the first time, its own logbook."""
        payee, times = row["payee"], [datetime.fromisoformat(at) for at in row["hand_ins"].split(";")]
        own = [key for key, school in self.schools.items() if _payee(school) == payee]
        for number, at in enumerate(times, 1):
            folder = f"執行紀錄/{at:%Y-%m}/{self.schools[own[0]]['name'] if payee[0].isdigit() else payee}"
            for place, key in enumerate(own):
                one = Document(
                    f"{folder}/{self._file(key)}_執行紀錄簿.xlsx",
                    FORMS["logbook"],
                    key,
                    self._logbook(key, at.date()),
                )
                yield f"logbook:{key}:{number}", replace(one, uploaded=at + place * BETWEEN, by=payee)
                if number == 1:
                    one = Document(
                        f"{folder}/{self._file(key)}_基本資料表.xlsx",
                        FORMS["profile"],
                        key,
                        self._profile(key),
                    )
                    yield (
                        f"profile:{key}",
                        replace(one, uploaded=at + place * BETWEEN + timedelta(seconds=70), by=payee),
                    )
            if row["own"]:
                one = Document(
                    f"{folder}/{payee}_縣市執行紀錄簿.xlsx",
                    FORMS["county_logbook"],
                    payee,
                    self._county(payee, own, at.date()),
                )
                yield f"county_logbook:{payee}:{number}", replace(one, uploaded=at - BETWEEN, by=payee)

    def _file(self, key: str) -> str:
        school = self.schools[key]
        return f"{school['code']}_{school['name']}_{school['level']}"

    def _rooms(self, key: str) -> list[Classroom]:
        school = self.schools[key]
        return self.classes[school["code"], school["level"]]

    def _done(self, key: str, item: str, month: str, until: date) -> bool:
        """Whether an item of a month was done by a day."""
        if (key, item, month) in self.gaps:
            later = self.gaps[key, item, month]
            return bool(later) and later <= f"{until:%Y-%m}"
        return month <= f"{until:%Y-%m}"

    def _logbook(self, key: str, until: date) -> dict[str, list[Row]]:
        school = self.schools[key]
        filled = logbook.values(school, school_duties(PLAN, self._rooms(key)), PLAN)
        filled["logbooks"][0] |= {
            "officer": school["officer"],
            "telephone": school["telephone"],
            "email": school["email"],
        }
        filled["entries"] = [self._entry(key, row, until) for row in filled["entries"]]
        return {**filled, "visits": list(self._visits(key, until)), "attended": list(self._attended(key, until)),
                "meetings": list(self._meetings(until))}  # fmt: skip

    def _entry(self, key: str, row: Row, until: date) -> Row:
        year, month = str(row["month"]).split(".")
        due = f"{int(year) + 1911}-{month}"
        if not self._done(key, str(row["item"]), due, until):
            return row
        title = f"{row['class_']}{row['item']}" if row["class_"] else f"{row['item']}（{row['month']}）"
        used = (
            PLAN.deliverables.resources[self.order[key] % 6]
            if row["item"] in PLAN.deliverables.cloud
            else UNUSED
        )
        day = date.fromisoformat(f"{due}-20")
        return {**row, "day": day, "title": title, "resource": used, "licence": PLAN.deliverables.licence}

    def _visits(self, key: str, until: date) -> Iterator[Row]:
        for month, number, way, professor in self.visits:
            day = date.fromisoformat(f"{month}-{number:02d}")
            if day <= until and self._done(key, VISIT, month, until):
                of = [one for one in ADVISORS if (one["professor"] == "是") == professor]
                advisor = of[self.order[key] % len(of)]["advisor"]
                yield {"semester": semester_of(day, PLAN), "day": day, "advisor": advisor, "professor": professor, "way": way,
                       "about": "課程設計與載具運用之建議。"}  # fmt: skip

    def _attended(self, key: str, until: date) -> Iterator[Row]:
        for one in self.sessions:
            day = date.fromisoformat(one["day"])
            if day <= until and self._comes(key, one):
                for number, person in enumerate(self._sent_to(key, one)):
                    leads = person == self._people(key)[0] and number == 0
                    yield {
                        "event": one["session"],
                        "day": day,
                        "person": person,
                        "role": "校長" if leads else "核心教師",
                    }

    def _meetings(self, until: date) -> Iterator[Row]:
        for month in range(1, until.month + 1):
            day = date(2018, month, 10)
            yield {"day": day, "principal": month % 2 == 1, "director": True, "about": "進度與教學分享"}

    def _profile(self, key: str, semester: str = PLAN.schools.semesters[0]) -> dict[str, list[Row]]:
        school, (principal, *team) = self.schools[key], self._people(key)
        filled = profile.values(school, semester)
        filled["profiles"][0] |= {
            "principal": principal, "trained": self.order[key] % 3 == 0, "officer": school["officer"],
            "telephone": school["telephone"], "email": school["email"], "teachers": 24 + self.order[key], "classes": 12, "devices": 60,
        }  # fmt: skip
        return {
            **filled,
            "core_team": [{"person": one, "newcomer": number > 3} for number, one in enumerate(team)],
        }

    def _county(self, county: str, own: list[str], until: date) -> dict[str, list[Row]]:
        schools = [self.schools[key] for key in own]
        filled = county_logbook.values(self.counties[county], schools)
        filled["county_logbooks"][0] |= {
            "officer": PEOPLE[-1 - len(own)],
            "telephone": "(02)5550-0400",
            "email": "office@county.example",
        }
        filled["county_networks"] = [
            {**row, "day": date(2018, 5, 8), "result": "頻寬足敷使用。"}
            if until.month >= 5 and number < len(schools) - 1
            else row
            for number, row in enumerate(filled["county_networks"])
        ]
        work = [{"item": COUNTY_PLAN, "day": date(2018, 1, 26), "title": "107年推動計畫書", "advisors": True}]
        if until.month >= 4:
            work.append({"item": GATHERING, "day": date(2018, 4, 11), "title": "第一學期推動學校討論會議"})
        sent = [
            one
            for one in self.sessions
            if one["event"] in PLAN.events.large and date.fromisoformat(one["day"]) <= until
        ]
        people = [
            {
                "event": one["session"],
                "day": date.fromisoformat(one["day"]),
                "person": PEOPLE[-2],
                "post": "科員",
            }
            for one in sent
        ]
        return {**filled, "county_work": work, "delegates": people}

    def change(self, row: Mapping[str, str]) -> tuple[str, Document]:
        """One request for another class, subject or teacher; `old` is the number of a class of the semester."""
        key, semester = row["school"], PLAN.schools.semesters[int(row["semester"]) - 1]
        rooms = [one for one in self._rooms(key) if one.semester == semester]
        old = rooms[int(row["old"]) - 1].name
        asked = {
            "semester": semester,
            "day": date.fromisoformat(row["day"]),
            "old": old,
            "new": row["new"] or old,
        }
        filled = change.values(self.schools[key])
        filled["changes"][0] |= {
            "officer": self.schools[key]["officer"],
            "telephone": self.schools[key]["telephone"],
        }
        values = {
            **filled,
            "change_rows": [{**asked, **{name: row[name] for name in ("area", "teacher", "reason")}}],
        }
        payee = _payee(self.schools[key])
        one = Document(f"異動申請/{payee}/{self._file(key)}_異動申請.xlsx", FORMS["change"], key, values)
        return f"change:{key}", replace(one, uploaded=datetime.fromisoformat(row["uploaded"]), by=payee)


def _key(school: Row) -> str:
    return f"{school['code']}-{school['level']}"


def _payee(school: Row) -> str:
    return _key(school) if school["national"] else str(school["county"])
