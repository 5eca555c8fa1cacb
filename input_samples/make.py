"""Make the sample year from the readable tables: `python input_samples/make.py [--out FOLDER]`.

Writes the months 2017-09, 2017-11, 2017-12, 2018-01, 2018-02, 2018-06 and 2019-03, each a complete inbox; `year/`: what came in the
months between, from which `inbox.py` builds the inbox of any month; and `faulty/`: for each kind
of finding the files that differ from a month's, and `expected.csv`, which says what they raise.
Rewrites everything; the same tables give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

from again import called_again
from budgets import with_budgets
from claims import with_claims
from coaches import with_coaches
from documents import FINAL, SEPTEMBER, Document, Documents, upload_register, year
from logbooks import tracked, with_logbooks
from mistakes import changed
from readable import FORMS, PLAN, table
from returned import with_decisions, with_scores, written
from withdrawals import with_withdrawals
from year import ARRIVALS, CASE, arrivals, inboxes
from year import HEADER as ARRIVED
from yearend import with_closing

from mlbatch.finding import Place
from mlbatch.forms.reader import read_workbook
from mlbatch.tables import Tables

AGAIN, DECISION, PAYMENT, RUNNING, CLOSING = "2017-11", "2018-01", "2018-02", "2018-06", "2019-03"
HEADER = ("個案", "底稿", "略去", "基準日", "工作", "發現", "檔案", "工作表", "儲存格")


def main() -> None:
    """Write the samples beside this script, or into another folder."""
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description="由 tables/ 產生範例")
    parser.add_argument("--out", type=Path, default=here, help="寫到何處；預設為本資料夾")
    out = parser.parse_args().out
    months, began = make_months()
    for name, documents in months.items():
        _renew(out / name)
        written(documents, out / name)
    write_year(inboxes(months, began), months, out)
    _renew(out / "faulty")
    rows = [row for case in table("faulty") for row in write_case(case, months, out / "faulty")]
    (out / "faulty" / "expected.csv").write_bytes(_csv(HEADER, rows))


def write_year(year: dict[str, Documents], months: dict[str, Documents], out: Path) -> None:
    """Write what came in the months that have no folder of their own, and the list of what came when."""
    _renew(out / CASE)
    stored = {one.saved: f"{name}/{one.path}" for name in months for one in months[name].values()}
    rows, files = arrivals(year, stored)
    for path, content in files.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    (out / ARRIVALS).write_bytes(_csv(ARRIVED, rows))


def make_months() -> tuple[dict[str, Documents], Tables]:
    """The documents of every month with a folder of its own, and what was decided when the running year began."""
    december = with_scores(_filed(FINAL))
    january = with_decisions(december)
    february = _registered(changed(with_claims(with_budgets(with_withdrawals(january))), PAYMENT), PAYMENT)
    began = tracked(february)
    june = _registered(changed(with_coaches(with_logbooks(february, began), RUNNING), RUNNING), RUNNING)
    november = _registered(called_again(), AGAIN)
    months = {
        SEPTEMBER: _filed(SEPTEMBER),
        AGAIN: november,
        FINAL: december,
        DECISION: january,
        PAYMENT: february,
        RUNNING: june,
        CLOSING: _registered(changed(with_coaches(with_closing(february), CLOSING), CLOSING), CLOSING),
    }
    return months, began


def _registered(documents: Documents, month: str) -> Documents:
    """The documents with an upload register of all that was uploaded."""
    return {**documents, "register:uploads": upload_register(documents, month)}


def _filed(month: str) -> Documents:
    """What was handed in by a month, with its mistakes, and the upload register."""
    return _registered(changed(year(month), month), month)


def write_case(case: dict[str, str], months: dict[str, Documents], folder: Path) -> list[list[str]]:
    """Write the files of one case that differ from its month's; returns its rows of expected.csv."""
    base = months[case["base"]]
    left = {
        k: one for k, one in base.items() if not (case["without"] and one.path.startswith(case["without"]))
    }
    documents = changed(left, case["case"])
    if any(
        one.uploaded or (key in base and base[key].uploaded)
        for key, one in documents.items()
        if base.get(key) is not one
    ):
        documents["register:uploads"] = upload_register(documents, case["base"])
    before = {one.path: one for one in base.values()}
    differs = {
        key: one
        for key, one in documents.items()
        if base.get(key) is not one and (one.path not in before or one.saved != before[one.path].saved)
    }
    written(differs, folder / case["case"])
    return [_expected(case, row, documents) for row in table("expected") if row["case"] == case["case"]]


def _expected(case: dict[str, str], row: dict[str, str], documents: Documents) -> list[str]:
    """One row of expected.csv: the place of a table's field, looked up in the file itself."""
    document = documents.get(row["document"])
    sheet, cell = _place(document, row) if document and row["table"] else ("", "")
    where = [document.path if document else "", sheet, cell]
    return [case[k] for k in ("case", "base", "without", "as_of", "job")] + [row["finding"], *where]


def _place(document: Document, row: dict[str, str]) -> tuple[str, str]:
    """The sheet and cell of `row`'s field; a row may be an address (`A6`); without row, the sheet alone."""
    sheets = FORMS[document.form.id].sheets
    sheet = next(s for s in sheets if row["table"] in (s.head_table, s.rows_table))
    if not row["row"].isdigit():
        return sheet.title, row["row"]
    reading = read_workbook(document.saved, document.path, FORMS, PLAN)
    place: Place = reading.records[row["table"]][int(row["row"]) - 1]["place"]
    return place.sheet, place.at(row["field"]).cell


def _renew(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([header, *rows])
    return out.getvalue().encode()


if __name__ == "__main__":
    main()
