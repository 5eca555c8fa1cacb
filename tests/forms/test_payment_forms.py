"""請款文件檢核表 and 修正後教學實施計畫書: what they show of themselves, and how they read back (P1, P3)."""

import re
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from mlbatch.forms import all_forms
from mlbatch.forms.blank import blank
from mlbatch.forms.reader import read_workbook
from mlbatch.plan import load_plan
from tests import recalculation

PLAN = load_plan()
FORMS = all_forms(PLAN)
SAMPLES = Path(__file__).parent.parent.parent / "input_samples" / "2018-02" / "請款文件"
FIRST, _ = PLAN.schools.semesters
CLAIM, PLAN_FILE = SAMPLES / "宜蘭縣" / "檢核表.xlsx", "024699_縣立雨巷國小_國小.xlsx"

# form, what is changed (table, index, field, value; None for the field takes the row away), (sheet, row) → words told
CASES = {
    "claim-right": ("claim", [], {}),
    "claim-national": ("claim", [("claims", 0, "county", None), ("claims", 0, "code", "150699"), ("claims", 0, "level", "國小")], {}),
    "claim-unsigned": ("claim", [("claim_rows", 1, "signed", False)], {14: "應簽章而未簽章。"}),
    "claim-undated": ("claim", [("claim_rows", 2, "received_on", None)], {15: "已收，請填收件日期。"}),
    "claim-unreceived": ("claim", [("claim_rows", 2, "received", None)], {15: "填有簽章或日期，請確認已收。"}),
    "claim-no-seal-needed": ("claim", [("claim_rows", 3, "signed", None)], {}),
    "plan-right": ("revised_plan", [], {}),
    "plan-classes": ("revised_plan", [("revised_classes", 0, None, None)], {13: f"{FIRST}之實施班級數與核定班級數不同。"}),
    "plan-current": ("revised_plan", [("revised_costs", 0, "amount", 1)], {14: "經費需求之補助經常門與核定數不同。"}),
    "plan-capital": ("revised_plan", [("revised_costs", 5, "account", "經常門")],
                     {14: "經費需求之補助經常門與核定數不同。", 15: "經費需求之補助資本門與核定數不同。"}),
    "plan-own": ("revised_plan", [("revised_costs", 6, "amount", 1)], {}),
    "plan-grade": ("revised_plan", [("revised_classes", 0, "grade", 2)], {6: "國小應為3至6年級。"}),
}  # fmt: skip


def sample(form):
    """The values of a faultless sample."""
    path = CLAIM if form == "claim" else SAMPLES / "宜蘭縣" / "光碟" / PLAN_FILE
    read = read_workbook(path.read_bytes(), path.name, FORMS, PLAN)
    assert read.findings == ()
    return {t: [{k: v for k, v in r.items() if k != "place"} for r in rs] for t, rs in read.records.items()}


def changed(form, changes):
    values = deepcopy(sample(form))
    for table, index, name, value in changes:
        if name is None:
            del values[table][index]
        else:
            values[table][index][name] = value
    return values


@pytest.fixture(scope="module")
def worked_out(tmp_path_factory):
    """Case → (as written, as LibreOffice works it out)."""
    folder = tmp_path_factory.mktemp("payment")
    before = []
    for name, (form, changes, _) in CASES.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(blank(FORMS[form], PLAN, values=changed(form, changes)))
        before.append(path)
    after = recalculation.converted(before, "xlsx", folder)
    return {one.stem: (one, other) for one, other in zip(before, after, strict=True)}


@pytest.mark.parametrize("case", CASES)
def test_a_sheet_says_what_is_amiss_where_it_is_and_libreoffice_agrees(worked_out, case):
    before, after = worked_out[case]
    assert recalculation.differences(before, after) == {}
    values = recalculation.cells(after)
    live = [at for at, formula in recalculation.formulas(after).items() if formula.startswith("=檢核_")]
    told = {
        int(re.sub("[A-Z]", "", cell)): values[sheet, cell]
        for sheet, cell in live
        if values.get((sheet, cell))
    }
    assert told == CASES[case][2]


@pytest.mark.parametrize("case", ["claim-right", "claim-unsigned", "plan-right"])
def test_what_is_written_reads_back(worked_out, case):
    form, changes, _ = CASES[case]
    read = read_workbook(worked_out[case][0].read_bytes(), "x.xlsx", FORMS, PLAN)
    assert {
        t: [{k: v for k, v in r.items() if k != "place"} for r in rs] for t, rs in read.records.items()
    } == changed(form, changes)


def test_every_paper_of_a_checklist_is_read_even_if_nothing_came():
    path = SAMPLES / "臺中市" / "檢核表.xlsx"
    rows = read_workbook(path.read_bytes(), path.name, FORMS, PLAN).records["claim_rows"]
    assert len(rows) == len(PLAN.papers.county) + 4 * (len(PLAN.papers.school) + len(PLAN.papers.website))
    assert {row["received"] for row in rows} == {None}
    assert rows[0]["place"].at("received").cell == "G13"


def test_no_label_stands_twice_in_one_sheet_of_a_form():
    for form in FORMS.values():
        for sheet in form.sheets:
            labels = [field.label for field in (*sheet.head, *sheet.rows)]
            assert len(labels) == len(set(labels)), (form.id, sheet.title)


def test_a_revised_plan_is_the_application_with_what_was_approved():
    own, asked = FORMS["revised_plan"], FORMS["application"]
    assert [sheet.title for sheet in own.sheets] == [sheet.title for sheet in asked.sheets]
    assert [sheet.rows for sheet in own.sheets] == [sheet.rows for sheet in asked.sheets]
    labels = {field.label for field in own.sheets[0].head} ^ {field.label for field in asked.sheets[0].head}
    assert labels == {"申請班級數", "核定班級數", "核定補助經常門", "核定補助資本門"}


def test_the_labels_of_a_checklist_are_those_that_clerks_know():
    labels = [field.label for field in FORMS["claim"].sheets[0].rows]
    assert {"應備", "已收", "已簽章", "收件日期", "備註"} <= set(labels)
    assert sample("claim")["claim_rows"][0]["received_on"] == date(2018, 2, 6)
