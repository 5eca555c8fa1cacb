"""What a settlement and a checklist say of themselves, and what the month finds in them: the same rows (Z1, Z2, P1)."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from mlbatch import batch
from mlbatch.forms import all_forms
from mlbatch.forms.blank import blank
from mlbatch.forms.reader import read_workbook
from mlbatch.plan import load_plan
from tests import recalculation

PLAN = load_plan()
FORMS = all_forms(PLAN)
MONTH = Path(__file__).parent.parent.parent / "input_samples" / "2019-03"
FILES = {"settlement": "結案/澎湖縣/經費收支結算表.xlsx", "claim": "請款文件/宜蘭縣/檢核表.xlsx"}
KINDS = ("Z1-twice", "Z2-classes", "Z2-refund", "Z2-no-date", "Z2-no-reason", "Z2-spent", "P1-twice", "P1-unsigned",
         "P1-no-date", "P1-not-received")  # fmt: skip


def damaged(form, path):
    """The values of a sample with each fault once."""
    read = read_workbook(path.read_bytes(), path.name, FORMS, PLAN)
    values = {
        t: [{k: v for k, v in row.items() if k != "place"} for row in rows]
        for t, rows in read.records.items()
    }
    return SPOILED[form](values)


def _settlement(values):
    rows = values["settlement_rows"]
    rows[0] |= {"spent": rows[0]["planned"] + 1, "refund": None, "refunded_on": None}
    rows[1] |= {"refund": 7, "refunded_on": None}
    rows[2] |= {"withdrawn": 1, "reason": ""}
    rows.append(dict(rows[3]))
    for row in rows:
        row["balance"] = row["owed"] = None
    return values


def _claim(values):
    rows = values["claim_rows"]
    rows[1] |= {"signed": False}
    rows[2] |= {"received_on": None}
    rows[3] |= {"received": None}
    rows.append({**rows[5], "received_on": date(2018, 1, 2)})
    return values


SPOILED = {"settlement": _settlement, "claim": _claim}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Form → (row → what the sheet says, row → what the month finds), of the damaged files of one month."""
    inbox, folder = tmp_path_factory.mktemp("inbox"), tmp_path_factory.mktemp("sheets")
    shutil.copytree(MONTH, inbox, dirs_exist_ok=True)
    before = []
    for form, name in FILES.items():
        content = blank(FORMS[form], PLAN, values=damaged(form, inbox / name))
        (inbox / name).write_bytes(content)
        before.append(folder / f"{form}.xlsx")
        before[-1].write_bytes(content)
    after = recalculation.converted(before, "xlsx", folder)
    findings = batch.decide(batch.read(inbox, PLAN, date(2019, 3, 4))).tables.findings
    return {
        form: (told(sheet), {
            one.at.row: one.kind.id for one in findings if one.at.file == name and one.kind.id in KINDS
        })
        for (form, name), sheet in zip(FILES.items(), after, strict=True)
    }  # fmt: skip


def told(path):
    """Row → what the sheet says there, as LibreOffice works it out."""
    values = recalculation.cells(path)
    live = [at for at, formula in recalculation.formulas(path).items() if formula.startswith("=檢核_")]
    return {int(re.sub("[A-Z]", "", at[1])): values[at] for at in live if values.get(at)}


@pytest.mark.parametrize("form", FILES)
def test_the_sheet_and_the_month_name_the_same_rows(both, form):
    said, found = both[form]
    assert len(found) >= 4
    assert sorted(said) == sorted(found)


def test_a_line_that_stands_twice_is_told_at_the_second(both):
    said, found = both["settlement"]
    last = max(said)
    assert "重複列入" in said[last]
    assert found[last] == "Z1-twice"


def test_a_paper_that_stands_twice_and_differs_is_told_at_both(both):
    said, found = both["claim"]
    twice = [row for row, words in said.items() if "列了兩次" in words]
    assert len(twice) == 2
    assert {found[row] for row in twice} == {"P1-twice"}
