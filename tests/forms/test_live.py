"""What the sheets say of themselves: LibreOffice, working the formulas out, agrees with `check`."""

import re
from copy import deepcopy
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from mlbatch import batch, catalogue
from mlbatch.forms import all_forms, live
from mlbatch.forms.blank import blank
from mlbatch.forms.reader import read_workbook
from mlbatch.plan import load_plan
from tests import recalculation

PLAN = load_plan()
FORMS = all_forms(PLAN)
SAMPLES = Path(__file__).parent.parent.parent / "input_samples" / "2017-12"
FIRST, SECOND = PLAN.schools.semesters

# form, damages: each (table, index of the row, field, what is typed); None for the field takes the row away.
LIST = [
    ("lists", 0, "officer", None), ("lists", 0, "telephone", "　"), ("lists", 0, "email", "officer"),
    ("lists", 0, "letter_date", "九月底"), ("lists", 0, "county", "新北縣"),
    ("listed", 0, "county_rank", ""), ("listed", 1, "code", "A12345"), ("listed", 2, "name", "國" * 61),
    ("listed", 3, "level", "高中"), ("listed", 4, "requested", 0), ("listed", 5, "requested", 100),
    ("listed", 0, "requested", 2.5), ("listed", 1, "claimed_new", "也許"), ("listed", 2, "claimed_remote", "?"),
    ("listed", 3, "reason", "因" * 301), ("listed", 4, "reason", "  "), ("listed", 5, "code", ""),
]  # fmt: skip
AGAINST = [
    ("listed", 0, "county_rank", 2), ("listed", 3, "county_rank", 40), ("listed", 5, "code", "COPY 4"),
    ("lists", 0, "letter_date", "106.13.01"), ("lists", 0, "email", "a@b"),
]  # fmt: skip
LOST_ZERO = [
    ("listed", 1, "code", "SHORT"),
    ("lists", 0, "email", "a b@c.tw"),
    ("lists", 0, "telephone", "0" * 31),
]
PLAIN = [
    ("plans", 0, "principal", ""), ("plans", 0, "email", "@tw."), ("plans", 0, "core_team", "多人"),
    ("plans", 0, "coverage", "無"), ("plans", 0, "network_source", "鄰居"), ("plans", 0, "officer", "林" * 31),
    ("devices", 0, "device", "算盤"), ("devices", 1, "count", 10_000), ("devices", 1, "source", ""),
    ("classes", 0, "area", "數學課"), ("classes", 1, "pupils", 61), ("classes", 1, "teacher", ""),
    ("teaching", 0, "goals", ""), ("teaching", 0, "design", "設" * 2001), ("advisors", 0, "professor", "不清楚"),
    ("advisors", 0, "county", "外縣"), ("costs", 0, "account", "雜支"), ("costs", 1, "price", "很貴"),
    ("costs", 2, "amount", 0), ("costs", 0, "measure", "單" * 11), ("costs", 1, "note", "註" * 201),
]  # fmt: skip
LINES = [
    ("budget_lines", 0, "account", "資本門"), ("budget_lines", 5, "account", "經常門"), ("budget_lines", 6, "item", "雜支"),
    ("budget_lines", 1, "amount", 8001), ("budget_lines", 2, "note", "註" * 201), ("budgets", 0, "officer", ""),
]  # fmt: skip
CASES = {
    "budget-lines": ("budget", LINES),
    "budget-sums": ("budget", [("budget_lines", 4, "amount", 1), ("budget_lines", 6, "amount", 1)]),
    "budget-device": ("budget", [("budget_lines", 5, "item", "行動載具"), ("budget_lines", 4, "item", "行動載具")]),
    "budget-price": ("budget", [("budget_lines", 5, "price", 1), ("budget_lines", 4, "item", "教學軟體")]),
    "budget-unread": ("budget", [("budget_lines", 5, "amount", "約三萬"), ("budget_lines", 0, "fund", "補貼")]),
    "budget-right": ("budget", []),
    "list-cells": ("recommendation", LIST),
    "list-rows": ("recommendation", AGAINST),
    "list-zero": ("recommendation", LOST_ZERO),
    "list-empty": ("recommendation", [("listed", "all", None, None)]),
    "list-right": ("recommendation", []),
    "plan-cells": ("application", PLAIN),
    "plan-grade": ("application", [("classes", 0, "grade", 1), ("classes", 1, "grade", 10)]),
    "plan-fewer": ("application", [("classes", 0, None, None)]),
    "plan-more": ("application", [("plans", 0, "requested", 9), ("devices", 0, "count", 0), ("devices", 1, "count", 0)]),
    "plan-semester": ("application", [("classes", FIRST, None, None)]),
    "plan-unread": ("application", [("classes", 0, "semester", "暑假"), ("plans", 0, "requested", 9)]),
    "plan-empty": ("application", [(name, "all", None, None) for name in ("devices", "classes", "advisors", "costs")]),
    "plan-right": ("application", []),
    "county": ("county_record", [("county_record", 0, "closed_105", "未定"), ("county_record", 1, "call", 101),
                                 ("county_record", 2, "county", "")]),
}  # fmt: skip


@cache
def sample(form):
    """The values of a faultless sample of a form."""
    pattern = {"recommendation": "*新北市*/*名單*.xlsx", "county_record": "本部清冊/縣市結案紀錄.xlsx",
               "budget": "經費申請表/花蓮縣/*.xlsx"}  # fmt: skip
    month = SAMPLES.parent / "2018-02" if form == "budget" else SAMPLES
    paths = sorted(month.glob(pattern.get(form, "**/*.xlsx")))
    for path in paths:
        read = read_workbook(path.read_bytes(), path.name, FORMS, PLAN)
        if getattr(read, "form", None) is FORMS[form] and not read.findings and _fits(form, read.records):
            return {
                t: [{k: v for k, v in r.items() if k != "place"} for r in rs]
                for t, rs in read.records.items()
            }
    raise AssertionError(f"no sample of {form}")


def _fits(form, records):
    if form == "application":
        return len(records["devices"]) > 1 and len(records["costs"]) > 2 and len(records["classes"]) > 3
    return form != "recommendation" or len(records["listed"]) > 5


def damaged(form, damages):
    """The values of a faultless sample, damaged."""
    values = deepcopy(sample(form))
    for table, number, name, typed in damages:
        rows = values[table]
        if name is None:
            values[table] = [
                row for i, row in enumerate(rows) if number not in (i, "all", row.get("semester"))
            ]
        elif str(typed).startswith("COPY"):
            rows[number] |= {key: rows[int(typed[5:])][key] for key in ("code", "level")}
        else:
            rows[number][name] = rows[number]["code"].lstrip("0") if typed == "SHORT" else typed
    return values


@pytest.fixture(scope="module")
def worked_out(tmp_path_factory):
    """Case → (file as written, file as LibreOffice works it out)."""
    folder = tmp_path_factory.mktemp("live")
    before = []
    for name, (form, damages) in CASES.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(blank(FORMS[form], PLAN, recipient="新北市", values=damaged(form, damages)))
        before.append(path)
    before += [_touched(folder, "renamed", _rename), _touched(folder, "gone", _remove)]
    after = recalculation.converted(before, "xlsx", folder)
    return {path.stem: pair for path, pair in zip(before, zip(before, after, strict=True), strict=True)}


def _touched(folder, name, touch):
    sheets = openpyxl.load_workbook(BytesIO(blank(FORMS["application"], PLAN, values=sample("application"))))
    touch(sheets)
    sheets.save(folder / f"{name}.xlsx")
    return folder / f"{name}.xlsx"


def _rename(sheets):
    sheets["實施班級"]["A5"] = "期別"


def _remove(sheets):
    del sheets["輔導學者專家"]


@cache
def told(path):
    """(sheet, row) → what the sheet says there."""
    values = recalculation.cells(path)
    live = [at for at, formula in recalculation.formulas(path).items() if formula.startswith("=檢核_")]
    return {
        (sheet, int(re.sub("[A-Z]", "", cell))): values[sheet, cell]
        for sheet, cell in live
        if values.get((sheet, cell))
    }


@cache
def found(path):
    """(sheet, row) → the findings of `check` there."""
    findings = {}
    for finding in batch.check([path], PLAN).findings:
        findings.setdefault((finding.at.sheet, finding.at.row), []).append(finding)
    return findings


def test_there_are_damages_enough():
    assert sum(len(damages) for _, damages in CASES.values()) >= 55


@pytest.mark.parametrize("case", CASES)
def test_sheet_and_check_flag_the_same_places(worked_out, case):
    before, after = worked_out[case]
    said, findings = told(after), found(before)
    assert sorted(said) == sorted(findings)
    assert bool(findings) is not case.endswith("right")
    for place, own in findings.items():
        for finding in own:
            assert finding.facts.get("label", "") in said[place], finding.sentence


@pytest.mark.parametrize("case", CASES)
def test_what_is_stored_is_what_libreoffice_works_out(worked_out, case):
    before, after = worked_out[case]
    assert recalculation.differences(before, after) == {}


@pytest.mark.parametrize("case", CASES)
def test_the_first_sheet_counts_what_is_left(worked_out, case):
    _, after = worked_out[case]
    left = sum(not words.startswith("提醒：") for words in told(after).values())
    verdict = recalculation.cells(after)["說明", "B4"]
    assert verdict == (f"尚有 {left} 項" if left else "可送件")


def test_every_kind_that_is_said_to_be_visible_was_seen(worked_out):
    seen = {one.kind.id for case in CASES for own in found(worked_out[case][0]).values() for one in own}
    wanted = {
        rule.kind.id for form in ("application", "recommendation", "budget") for rule in FORMS[form].checks
    }
    assert wanted <= seen
    assert {f"F{n}" for n in (1, 2, 3, 4, 5, 6, 7, 10, 11)} <= {one.partition("-")[0] for one in seen}


def test_a_renamed_column_and_a_lost_sheet_are_told_on_the_first_sheet(worked_out):
    renamed, gone = (recalculation.cells(worked_out[name][1]) for name in ("renamed", "gone"))
    assert renamed["說明", "C8"] == "欄位名稱被更改或刪除，請復原"
    assert gone["說明", "C10"] == "缺少工作表，請以範本重填"
    assert renamed["說明", "B4"] == gone["說明", "B4"] == "尚有 1 項"
    kinds = {
        name: {one.kind.id for own in found(worked_out[name][0]).values() for one in own}
        for name in ("renamed", "gone")
    }
    assert "F8-no-column" in kinds["renamed"]
    assert "F9-no-sheet" in kinds["gone"]


def test_a_filled_form_reads_back_as_it_was(worked_out):
    values = damaged("application", [])
    before, after = worked_out["plan-right"]
    for path in (before, after):
        records = read_workbook(path.read_bytes(), path.name, FORMS, PLAN).records
        assert {
            t: [{k: v for k, v in r.items() if k != "place"} for r in rs] for t, rs in records.items()
        } == values


def test_no_formula_is_newer_than_excel_2007_or_longer_than_it_takes():
    newer = ("LET(", "XLOOKUP(", "TEXTJOIN(", "IFS(", "FILTER(", "_xlfn", "CONCAT(")
    for form in FORMS.values():
        sheets = openpyxl.load_workbook(BytesIO(blank(form, PLAN)))
        for name, said in sheets.defined_names.items():
            assert len(said.attr_text) < 8000, name
            assert not [one for one in newer if one in said.attr_text], name


def test_the_kinds_shown_are_of_the_catalogue():
    kinds = {rule.kind.id for form in FORMS.values() for rule in form.checks}
    assert kinds <= set(catalogue.BY_ID)


# Findings that must be corrected and that one workbook decides; docs/in-sheet-checks.md names them.
DECIDED_BY_ONE = {
    "I7-error-cell", "I7-not-calculated", "F1-blank", "F2-not-whole", "F3-not-date", "F4-not-a-choice",
    "F5-not-a-code", "F6-out-of-range", "F7-too-long", "F8-no-column", "F9-no-sheet", "F10-no-rows",
    "F11-not-an-address", "F14-two-readings", "S6-rank-gap", "S6-rank-tie", "S6-listed-twice", "E1-grade",
    "E3-no-devices", "E3-no-network", "E4-semester", "E4-count", "R2-incomplete", "R2-total", "R8-no-reason",
    "R8-over-cap", "P1-unsigned", "P1-no-date", "P1-not-received", "P1-twice", "P3-classes", "P3-budget",
    "G1-item", "G1-account", "G1-amount", "G1-total", "G1-sundries", "G2-current", "G2-capital", "G3-devices", "G4-own",
    "T3-no-class", "Z1-twice", "Z2-no-date", "Z2-no-reason", "Z2-refund",
}  # fmt: skip
BY_ITSELF = {"I7-error-cell", "F1-blank", "F8-no-column", "F9-no-sheet", "F10-no-rows", "F14-two-readings"}


def test_nine_of_ten_findings_that_one_workbook_decides_are_told_in_it():
    fields = [field for form in FORMS.values() for _, own in form.tables() for field in own]
    told = {kind.id for field in fields for test in live.tests(field) for kind in test.kinds}
    told |= {rule.kind.id for form in FORMS.values() for rule in form.checks} | BY_ITSELF
    assert set(catalogue.BY_ID) >= DECIDED_BY_ONE
    assert len(told & DECIDED_BY_ONE) / len(DECIDED_BY_ONE) >= 0.9
