"""The year after (次年度): from the registers that the closing of 107 wrote, the inboxes of an invented plan 108.

    python input_samples/next_year.py --out FOLDER

runs the sample 2019-03 and takes its 結案/下年度清冊/108年度 as it stands. Two counties and a national school then
apply, are scored, decided, paid and tracked, and settle, in the forms of `plan-108/`. Each month that is written
is a complete inbox: `mlbatch run FOLDER/2019-06 --out … --as-of 2019-06-10 --plan input_samples/plan-108`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from documents import REGISTERS, Document, Documents
from plans import filled_plan
from readable import APPLICATIONS, BY_KEY, SCHOOLS, Row, fill, table, typed
from returned import written

from mlbatch import batch
from mlbatch.classroom import running
from mlbatch.forms import Form, all_forms, award, claim, logbook, profile, score, settlement
from mlbatch.obligation import Duty, month_end, school_duties, semester_of
from mlbatch.plan import Plan, load_plan
from mlbatch.rules import marks
from mlbatch.tables import Tables, records

HERE = Path(__file__).parent
FOLDER = HERE / "plan-108"
CLOSING, CLOSED_ON = "2019-03", date(2019, 3, 10)
NEXT = "結案/下年度清冊/108年度"
MONTHS = {
    "2019-04": date(2019, 4, 10), "2019-06": date(2019, 6, 10), "2019-08": date(2019, 8, 15),
    "2019-12": date(2019, 12, 10), "2020-10": date(2020, 10, 10),
}  # fmt: skip
COUNTIES = {
    "新北市": (("014683", "國小"), ("014599", "國中"), ("014598", "國中"), ("014895", "國小")),
    "澎湖縣": (("164699", "國小"), ("164599", "國中"), ("164698", "國小")),
}
NATIONAL = ("150699", "國小")
HANDING_IN = ("澎湖縣", "-".join(NATIONAL))  # 新北市 hands in nothing in the year
SENT, LETTER = datetime(2019, 4, 8, 9, 30), date(2019, 4, 9)
BETWEEN = timedelta(minutes=3, seconds=7)
RECEIVED, PAID, SETTLED = date(2019, 8, 20), date(2019, 9, 2), datetime(2020, 9, 15, 10)
NEW_ITEM = {
    "item": "學生競賽報名費", "account": "經常門", "price": 500, "quantity": 10, "measure": "人次", "amount": 5000, "fund": "補助",
    "note": "學生參加程式競賽",
}  # fmt: skip
ADVISOR, TEAM = "姚遠之", ("溫以安", "柳青禾", "紀海寧")
ROUNDS = 3


def main() -> None:
    """Write the months into a folder."""
    parser = argparse.ArgumentParser(description="由 107 年度結案產生虛構 108 年度之收件資料夾")
    parser.add_argument("--out", type=Path, required=True, help="寫到何處")
    out = parser.parse_args().out
    with TemporaryDirectory() as closing:
        batch.run(HERE / CLOSING, Path(closing) / "out", CLOSED_ON)
        for name, documents in months(Path(closing) / "out").items():
            written(documents, out / name)


def months(closing: Path) -> dict[str, Documents]:
    """The documents of every month, after the output `closing` of 107."""
    office = Office(load_plan(FOLDER), closing)
    called = office.with_uploads(office.applied())
    scored = office.scored({**called, **office.reviewing()})
    decided = {**scored, "award": office.decided(scored)}
    year = office.with_uploads({**decided, **office.running_year(decided)})
    return {
        "2019-04": called,
        "2019-06": scored,
        "2019-08": decided,
        "2019-12": office.with_uploads(_until(year, MONTHS["2019-12"])),
        "2020-10": year,
    }


def _until(documents: Documents, day: date) -> Documents:
    return {k: one for k, one in documents.items() if not one.uploaded or one.uploaded.date() <= day}


@dataclass(frozen=True)
class Office:
    """What fills the forms of a plan year, from the registers that the year before left in `closing`."""

    plan: Plan
    closing: Path

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The forms of the plan year."""
        return all_forms(self.plan)

    @cached_property
    def inherited(self) -> Documents:
        """The registers that the closing of the year before wrote, byte for byte."""
        return {
            f"register:{path.stem}": Document(f"{REGISTERS}/{path.name}", None, content=path.read_bytes())
            for path in sorted((self.closing / NEXT).iterdir())
        }

    def document(self, path: str, form: str, recipient: str, values: Mapping, **more: object) -> Document:
        """A workbook of one of the year's forms."""
        return Document(path, self.forms[form], recipient, values, plan=self.plan, **more)

    def register(self, name: str, rows: Sequence[Mapping]) -> Document:
        """One of the ministry's registers."""
        fields = self.forms[name].sheets[0].rows
        filled = [
            {
                f.name: typed(row[f.name], f.kind) if isinstance(row[f.name], str) else row[f.name]
                for f in fields
            }
            for row in rows
        ]
        return self.document(f"{REGISTERS}/{self.forms[name].title}.xlsx", name, "本部", {name: filled})

    def with_uploads(self, documents: Documents) -> Documents:
        """The documents with an upload register of all that was uploaded."""
        came = sorted((one for one in documents.values() if one.uploaded), key=lambda one: one.uploaded)
        rows = [{"upload_name": one.path, "uploaded_at": one.uploaded, "uploaded_by": one.by} for one in came]
        return {**documents, "register:uploads": self.register("uploads", rows)}

    def decide(self, documents: Documents, as_of: date, until: str = "") -> Tables:
        """The tables of a month."""
        with TemporaryDirectory() as name:
            written(documents, Path(name))
            return batch.decide(batch.read(Path(name), self.plan, as_of), until).tables

    # The call ------------------------------------------------------------------------------------

    def applied(self) -> Documents:
        """The registers of the call, the counties' lists and the schools' plans."""
        rows = {
            "directory": SCHOOLS,
            "remote": [row for row in SCHOOLS if row["area_class"]],
            "incomplete": [{**BY_KEY[row["code"], row["level"]], **row} for row in table("incomplete") if row["year"] == "105"],
            "deepening": [],
            "false_statements": [],
        }  # fmt: skip
        registers = {f"register:{name}": self.register(name, of) for name, of in rows.items()}
        return {**self.inherited, **registers, **dict(self._lists()), **dict(self._plans())}

    def _lists(self) -> Iterator[tuple[str, Document]]:
        senders = {row["sender"]: row for row in table("senders")}
        subsidised = self._subsidised()
        for county, schools in COUNTIES.items():
            head = fill(
                "recommendation", "lists", {**senders[county], "county": county, "letter_date": f"{LETTER}"}
            )
            listed = []
            for rank, key in enumerate(schools, 1):
                claims = {
                    "claimed_new": "否" if key in subsidised else "是",
                    "claimed_remote": "是" if BY_KEY[key]["area_class"] else "否",
                }
                listed.append(
                    fill(
                        "recommendation", "listed", {**_application(key), "county_rank": f"{rank}", **claims}
                    )
                )
            path = f"{county}/推薦學校名單.xlsx"
            values = {"lists": [head], "listed": listed}
            yield (
                f"list:{county}",
                self.document(path, "recommendation", county, values, uploaded=SENT, by=county),
            )

    def _plans(self) -> Iterator[tuple[str, Document]]:
        senders = {key: county for county, schools in COUNTIES.items() for key in schools}
        for number, key in enumerate((*senders, NATIONAL), 1):
            values, by = self._plan(key), senders.get(key, "國立學校")
            path, at = f"{by}/計畫書/{'_'.join(key)}.xlsx", SENT + number * BETWEEN
            yield f"plan:{key}", self.document(path, "application", "-".join(key), values, uploaded=at, by=by)

    def _plan(self, key: tuple[str, str]) -> dict[str, list[Row]]:
        """The plan of 107 in the semesters of this year, with a line of this year's own item."""
        values = filled_plan(_application(key))
        semesters = dict(zip(load_plan().schools.semesters, self.plan.schools.semesters, strict=True))
        classes = [{**row, "semester": semesters[row["semester"]]} for row in values["classes"]]
        return {**values, "classes": classes, "costs": [*values["costs"], NEW_ITEM]}

    def _subsidised(self) -> set[tuple[str, str]]:
        name = self.forms["subsidised"].title
        with TemporaryDirectory() as folder:
            written({"": self.inherited[f"register:{name}"]}, Path(folder))
            rows = batch.read(Path(folder), self.plan, SENT.date()).tables["subsidised"]
        return set(zip(rows["code"], rows["level"], strict=True))

    # Review and decision -------------------------------------------------------------------------

    def reviewing(self) -> Documents:
        """What the ministry adds after the call has closed."""
        letters = [
            {
                "sender": sender, "letter_number": f"府教資字第108000{number}號", "letter_date": LETTER, "received_on": LETTER + timedelta(days=2),
                "codes": "、".join(code for code, _ in schools), "corrected_on": None, "note": "",
            }
            for number, (sender, schools) in enumerate({**COUNTIES, BY_KEY[NATIONAL]["name"]: (NATIONAL,)}.items(), 1000)
        ]  # fmt: skip
        rows = {
            "letters_received": letters, "reviewers": table("reviewers"), "fiscal": table("county_figures"), "coaches": [], "workshops": [],
        }  # fmt: skip
        return {f"register:{name}": self.register(name, of) for name, of in rows.items()}

    def scored(self, documents: Documents) -> Documents:
        """The documents and the score sheets, until nobody owes a score."""
        for number in range(ROUNDS):
            tables = self.decide(documents, MONTHS["2019-06"], "review")
            owed = marks.owed(tables).merge(tables["schools"][["code", "level", "name", "county"]])
            if not len(owed):
                return documents
            for reviewer, schools in owed.groupby("reviewer", sort=True):
                values = score.values(reviewer, schools)
                values["scores"] = [{**row, **self._marks(row["code"])} for row in values["scores"]]
                path = f"評分表/{number}/審查評分表_{reviewer}.xlsx"
                sheet = self.document(path, "score", reviewer, values)
                documents = {**documents, f"score:{number}:{reviewer}": sheet}
        raise RuntimeError("the reviewers still owe scores")

    def _marks(self, code: str) -> Row:
        """Four fifths of each criterion, and a point more or less by the school's code."""
        criteria = enumerate(self.plan.review.criteria.values(), 1)
        return {score.criterion(i): most * 4 // 5 + int(code[-1]) % 3 - 1 for i, most in criteria}

    def decided(self, documents: Documents) -> Document:
        """The award list as it comes back: every proposal is accepted."""
        tables = self.decide(documents, MONTHS["2019-06"], "award")
        return self.document("核定/核定清冊.xlsx", "award", "本部", award.values(tables["schools"]))

    # The running year and its end ----------------------------------------------------------------

    def running_year(self, documents: Documents) -> Documents:
        """Checklists of all, logbooks and settlements of those who hand in."""
        tables = self.decide(documents, MONTHS["2019-08"])
        added = {f"claim:{row['payee']}": self._claim(row, tables) for row in records(tables["payees"])}
        classes = running(tables)
        for school in records(tables["schools"]):
            key = school["code"], school["level"]
            payee = "-".join(key) if school["national"] else school["county"]
            if school["approved"] and payee in HANDING_IN:
                added |= dict(self._handed_in(school, classes[key], payee))
        tables = self.decide(self.with_uploads({**documents, **added}), MONTHS["2020-10"])
        return {**added, **dict(self._settlements(tables))}

    def _claim(self, payee: Row, tables: Tables) -> Document:
        own = ("county", "code", "level")
        papers = [
            {**one, "said_received": True, "said_signed": True if one["needs"] else None, "received_on": RECEIVED, "note": ""}
            for one in records(tables["papers_due"])
            if all(one[name] == payee[name] for name in own)
        ]  # fmt: skip
        values = claim.values({**payee, "paid_on": PAID, "paid": int(payee["granted"])}, papers)
        recipient = payee["county"] or f"{payee['code']}-{payee['level']}"
        return self.document(f"請款文件/{recipient}.xlsx", "claim", recipient, values)

    def _handed_in(self, school: Row, classes: Sequence, payee: str) -> Iterator[tuple[str, Document]]:
        """A logbook for each month in which something is due, and the profiles, each a day before the month ends."""
        duties = school_duties(self.plan, classes)
        name = f"{school['code']}_{school['level']}"
        asked = self.plan.deliverables
        due = {one.due for one in duties if one.item in asked.items} | set(map(month_end, asked.visits))
        for end in sorted(due):
            at = datetime.combine(end - timedelta(days=1), time(9, 30))
            path = f"執行紀錄/{end:%Y-%m}/{name}_執行紀錄簿.xlsx"
            values = self._logbook(school, classes, duties, end)
            yield f"logbook:{path}", self._sent(path, "logbook", school, values, at, payee)
        for end in map(month_end, self.plan.deliverables.profile):
            at = datetime.combine(end - timedelta(days=1), time(9, 40))
            path = f"執行紀錄/{end:%Y-%m}/{name}_基本資料表.xlsx"
            yield (
                f"profile:{path}",
                self._sent(path, "profile", school, self._profile(school, end), at, payee),
            )

    def _sent(self, path: str, form: str, school: Row, values: Mapping, at: datetime, by: str) -> Document:
        return self.document(path, form, f"{school['code']}-{school['level']}", values, uploaded=at, by=by)

    def _logbook(self, school: Row, classes: Sequence, duties: Sequence, end: date) -> dict[str, list[Row]]:
        """The logbook as it stood: every entry that was due by then, made three days before."""
        own = [one for one in duties if one.due <= end]
        values = logbook.values(school, own, self.plan)
        values["logbooks"][0] |= {name: school[name] for name in ("officer", "telephone", "email")}
        due = [one for one in own if one.item in self.plan.deliverables.items for _ in range(one.count)]
        names = iter([room.name for room in classes if room.semester == self.plan.schools.semesters[-1]])
        values["entries"] = [
            self._entry(row, one, names) for row, one in zip(values["entries"], due, strict=True)
        ]
        visits = [day for day in map(month_end, self.plan.deliverables.visits) if day <= end]
        values["visits"] = [
            {"semester": semester_of(day, self.plan), "day": day - timedelta(days=4), "advisor": ADVISOR, "professor": True,
             "way": "到校", "about": "觀課與議課。"}
            for day in visits
        ]  # fmt: skip
        return values

    def _entry(self, row: Row, duty: Duty, names: Iterator[str]) -> Row:
        """An entry; one that a class owes once a year names the classes of the last semester in turn."""
        made, asked = duty.due - timedelta(days=3), self.plan.deliverables
        class_ = row["class_"] or (next(names) if duty.item in asked.classes else "")
        resource = asked.resources[0] if duty.item in asked.cloud else logbook.UNUSED
        return {
            **row, "class_": class_, "semester": row["semester"] if class_ else semester_of(made, self.plan), "day": made,
            "title": f"{duty.item}（示範）", "resource": resource, "licence": asked.licence,
        }  # fmt: skip

    def _profile(self, school: Row, end: date) -> dict[str, list[Row]]:
        values = profile.values(school, semester_of(end, self.plan))
        values["profiles"][0] |= {
            "principal": "羅望川", "trained": True, "officer": school["officer"], "telephone": school["telephone"],
            "email": school["email"], "teachers": 24, "classes": 12, "devices": 40,
        }  # fmt: skip
        values["core_team"] = [{"person": person, "newcomer": False} for person in TEAM]
        return values

    def _settlements(self, tables: Tables) -> Iterator[tuple[str, Document]]:
        """Of those who hand in: everything was spent as planned."""
        own = ("county", "code", "level")
        for payee in records(tables["payees"]):
            recipient = payee["county"] or f"{payee['code']}-{payee['level']}"
            if recipient in HANDING_IN:
                lines = tables["settling"].astype(object)
                lines = records(lines.where(lines.notna(), None))
                lines = [
                    {**one, "spent": one["planned"], "refund": 0, "refunded_on": None, "reason": ""}
                    for one in lines
                    if all(one[name] == payee[name] for name in own)
                ]
                said = {"letter_number": "府教資字第1090009140號", "letter_date": SETTLED.date(), "officer": "簡若水",
                        "telephone": "(02)5550-0300 轉 7"}  # fmt: skip
                values = settlement.values(payee, lines, said)
                path = f"結案/{recipient}.xlsx"
                yield (
                    f"settlement:{recipient}",
                    self.document(path, "settlement", recipient, values, uploaded=SETTLED, by=recipient),
                )


def _application(key: tuple[str, str]) -> dict[str, str]:
    return next(row for row in APPLICATIONS if (row["code"], row["level"]) == key)


if __name__ == "__main__":
    main()
