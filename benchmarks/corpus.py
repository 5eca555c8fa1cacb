"""A national month, made up: any number of counties and schools, each with its workbooks, some of them at fault.

    python -m benchmarks.corpus FOLDER [--schools 3400] [--counties 22] [--month december] [--faulty 0.1]

Everything is invented and derived from the school's number, so that the same arguments give the same bytes. What answers
the batch (scores, the award list, logbooks) is filled for what the batch itself decided. A form is drawn once for each
shape (`filling`), and its words are filled in for each school.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zipfile import is_zipfile

from benchmarks import running_year
from benchmarks.filling import Pattern
from benchmarks.schools import CODE, MAIL, NAME, TELEPHONE, plan_values, registers, school
from mlbatch import batch
from mlbatch.forms import Form, all_forms, award, blank
from mlbatch.forms.score import criterion
from mlbatch.plan import Plan, load_plan
from mlbatch.rules import marks

MONTHS = {"september": date(2017, 9, 20), "december": date(2017, 12, 15), "june": date(2018, 6, 30)}
UPLOADED = {"september": datetime(2017, 9, 15, 9), "december": datetime(2017, 9, 28, 9)}
REVIEWERS = 60
CUT_OFF = "cut off"  # a file that ends in the middle
FAULTS = ("", "a grade that is not in the plan", "no principal", "a class too few", "no devices", CUT_OFF)
Files = dict[str, bytes]


@dataclass
class Corpus:
    """What is made: how many schools in how many counties, in which month, and one in how many is at fault."""

    schools: int = 3400
    counties: int = 22
    month: str = "december"
    faulty: float = 0.1
    plan: Plan = field(default_factory=load_plan)

    def __post_init__(self) -> None:
        self.forms: dict[str, Form] = all_forms(self.plan)
        self.names = list(self.plan.counties)[: self.counties]
        self.rows = [school(self.plan, self.names, number) for number in range(self.schools)]
        self._patterns: dict[tuple, Pattern] = {}

    def write(self, folder: Path) -> int:
        """Write an inbox ready for its month into `folder`; returns the number of files."""
        made = registers(self.plan, self.names, self.rows, REVIEWERS)
        files = {
            f"清冊/{self.forms[name].title}.xlsx": self.register(name, rows) for name, rows in made.items()
        }
        sent = dict(self._submissions())
        _write(
            folder,
            {**files, **sent, UPLOADS: self._uploads(sent, UPLOADED.get(self.month, UPLOADED["december"]))},
        )
        if self.month != "september":
            _write(folder, dict(self._scores(folder)))
        if self.month == "june":
            _write(folder, {AWARD: self._award(folder)})
            later = dict(running_year.papers(self, folder, MONTHS["june"]))
            times = {
                **dict.fromkeys(sent, UPLOADED["december"]),
                **dict.fromkeys(later, running_year.UPLOADED),
            }
            _write(folder, {**later, UPLOADS: self._uploads(times)})
        return sum(path.is_file() for path in folder.rglob("*"))

    def register(self, name: str, rows: list[dict]) -> bytes:
        """A register, filled."""
        return blank.blank(self.forms[name], self.plan, recipient="本部", values={name: rows})

    def filled(self, form: str, shape: tuple, row: dict, values: Callable[[], dict], **more: str) -> bytes:
        """The workbook of a school; `values` are those of its shape, with words in place of its own."""
        words = {CODE: row["code"], NAME: row["own"], TELEPHONE: row["telephone"], MAIL: row["email"], **more}
        key = (form, *shape)
        if key not in self._patterns:
            drawn = blank.blank(
                self.forms[form], self.plan, recipient=f"{CODE}-{row['level']}", values=values()
            )
            self._patterns[key] = Pattern(drawn, tuple(words))
        return self._patterns[key].filled(words)

    def _uploads(self, sent: dict, at: datetime | None = None) -> bytes:
        rows = [
            {"upload_name": name, "uploaded_at": at or sent[name], "uploaded_by": name.split("/")[0]}
            for name in sent
        ]
        return self.register("uploads", rows)

    def _fault(self, number: int) -> str:
        """What is wrong with the plan of a school, by its number: one in so many."""
        each = round(1 / self.faulty) if self.faulty else 0
        if not each or number % each:
            return ""
        return FAULTS[1 + number // each % (len(FAULTS) - 1)]

    def _submissions(self) -> Iterator[tuple[str, bytes]]:
        for county in self.names:
            own = [row for row in self.rows if row["county"] == county]
            if own:
                values = {"lists": [_list_head(county)], "listed": [_listed(row) for row in own]}
                content = blank.blank(
                    self.forms["recommendation"], self.plan, recipient=county, values=values
                )
                yield f"{county}/推薦學校名單_{county}.xlsx", content
            for row in own:
                yield f"{county}/計畫書/{row['code']}_{row['name']}.xlsx", self._plan(row)

    def _plan(self, row: dict) -> bytes:
        fault = self._fault(row["number"])
        shape = (row["county"], row["level"], row["requested"], "" if fault == CUT_OFF else fault)
        content = self.filled("application", shape, row, lambda: plan_values(self.plan, row, fault))
        return content[: len(content) // 2] if fault == CUT_OFF else content

    def _scores(self, folder: Path) -> Iterator[tuple[str, bytes]]:
        """A filled score sheet for each reviewer, for the schools that the batch assigned."""
        month = batch.decide(batch.read(folder, self.plan, MONTHS["december"]), until="review")
        owed = marks.owed(month.tables).merge(month.tables["schools"][["code", "level", "name", "county"]])
        for reviewer, own in owed.groupby("reviewer", sort=True):
            rows = [{**row, **_marks_of(self.plan, row["code"])} for row in own.to_dict("records")]
            values = {"score_sheets": [{"reviewer": reviewer}], "scores": rows}
            content = blank.blank(self.forms["score"], self.plan, recipient=reviewer, values=values)
            yield f"評分表/{reviewer}.xlsx", content

    def _award(self, folder: Path) -> bytes:
        """The award list as it comes back: the ministry follows the proposal."""
        month = batch.decide(batch.read(folder, self.plan, MONTHS["december"]), until="award")
        return blank.blank(
            self.forms["award"], self.plan, recipient="本部", values=award.values(month.tables["schools"])
        )


UPLOADS, AWARD = "清冊/上傳紀錄.xlsx", "核定/核定清冊.xlsx"


def _write(folder: Path, files: Files) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def change(folder: Path, number: int) -> int:
    """Another word in so many of the logbooks, or of the plans of a month without any, spread over the counties."""
    books = sorted(folder.rglob("*_執行紀錄簿.xlsx")) or sorted(folder.rglob("計畫書/*.xlsx"))
    books = [path for path in books if is_zipfile(path)]
    chosen = books[:: max(1, len(books) // number)][:number]
    for path in chosen:
        pattern = Pattern(path.read_bytes(), (running_year.ABOUT, running_year.PRINCIPAL))
        path.write_bytes(
            pattern.filled({running_year.ABOUT: "進度、分享與檢討", running_year.PRINCIPAL: "李示範"})
        )
    return len(chosen)


def _list_head(county: str) -> dict:
    return {"county": county, "officer": "陳示範", "telephone": "(02)5550-0100", "email": "officer@example.tw",
            "letter_number": "", "letter_date": None}  # fmt: skip


def _listed(row: dict) -> dict:
    same = {k: row[k] for k in ("code", "name", "level", "requested")}
    return {
        **same,
        "county_rank": row["rank"],
        "claimed_new": row["new"],
        "claimed_remote": row["remote"],
        "reason": "設備完善，教師社群運作良好，推動成果豐碩。",
    }


def _marks_of(plan: Plan, code: str) -> dict:
    """Both reviewers agree within the gap: every mark is the maximum less a little, by the code."""
    seed = int(code)
    return {
        criterion(i): most - (seed // 7**i) % (most // 4)
        for i, most in enumerate(plan.review.criteria.values(), 1)
    }


def main() -> None:
    """Make a corpus and say how long it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--schools", type=int, default=3400)
    parser.add_argument("--counties", type=int, default=22)
    parser.add_argument("--month", choices=MONTHS, default="december")
    parser.add_argument("--faulty", type=float, default=0.1)
    given = parser.parse_args()
    began = datetime.now()
    files = Corpus(given.schools, given.counties, given.month, given.faulty).write(given.folder)
    print(f"{files} files for {given.schools} schools in {(datetime.now() - began).total_seconds():.0f} s")


if __name__ == "__main__":
    main()
