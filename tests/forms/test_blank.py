"""The blanks: known when they return, limited in every cell, and given text stays text."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import column_index_from_string

from mlbatch.forms import all_forms
from mlbatch.forms.blank import blank, blanks
from mlbatch.forms.form import STAMP_SHEET, Kind
from mlbatch.forms.prefilled import county_list, school_plan
from mlbatch.forms.reader import read_workbook
from mlbatch.forms.spots import places
from mlbatch.plan import load_plan
from mlbatch.sheet import column_letter
from tests import recalculation

PLAN = load_plan()
FORMS = all_forms(PLAN)
TEMPLATES = Path(__file__).parent.parent.parent / "templates" / str(PLAN.year)
SCHOOLS = pd.DataFrame(
    [
        {"code": "139601", "name": "海風國小", "level": "國小", "new": True, "remote": True, "cap": 1},
        {"code": "139602", "name": "山嵐國小", "level": "國小", "new": False, "remote": False, "cap": 4},
    ]
)


def book(content):
    return openpyxl.load_workbook(BytesIO(content))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_blank_is_known_by_its_stamp_and_says_what_is_missing(form):
    reading = read_workbook(blank(form, PLAN, recipient="屏東縣"), "甲.xlsx", FORMS, PLAN)
    assert (reading.form.id, reading.stamp.year, reading.stamp.recipient) == (form.id, PLAN.year, "屏東縣")
    assert {finding.kind.id for finding in reading.findings} <= {"F1-blank", "F10-no-rows"}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_label_stands_in_its_sheet_and_every_field_has_a_limit(form):
    sheets = book(blank(form, PLAN))
    for sheet in form.sheets:
        own = sheets[sheet.title]
        words = [str(cell.value) for row in own.iter_rows() for cell in row if cell.value is not None]
        assert [f.label for f in (*sheet.head, *sheet.rows) if f.label not in words] == []
        limited = sum(not f.formula for f in (*sheet.head, *sheet.rows))
        assert len(own.data_validations.dataValidation) == limited
        assert all(limit.prompt for limit in own.data_validations.dataValidation)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_stamp_is_hidden_and_the_help_comes_first(form):
    sheets = book(blank(form, PLAN))
    assert sheets[STAMP_SHEET].sheet_state == "veryHidden"
    assert sheets.sheetnames[0] == "說明"
    assert sheets[sheets.sheetnames[1]].page_setup.paperSize == 9


def test_choices_are_those_of_the_plan():
    sheet = book(blank(FORMS["application"], PLAN))["實施班級"]
    lists = [limit.formula1 for limit in sheet.data_validations.dataValidation if limit.type == "list"]
    assert '"106學年度下學期,107學年度上學期"' in lists


def test_what_was_written_is_read_back():
    rows = [{"county_rank": 1, "code": "019601", "name": "=1+1", "level": "國小", "requested": 3,
             "claimed_new": True, "claimed_remote": False, "reason": "+cmd|' /C calc'!A0"}]  # fmt: skip
    content = blank(FORMS["recommendation"], PLAN, recipient="新北市", values={"listed": rows})
    (read,) = read_workbook(content, "甲.xlsx", FORMS, PLAN).records["listed"]
    assert {name: read[name] for name in rows[0]} == rows[0]
    given = set(rows[0].values())
    cells = [cell for sheet in book(content).worksheets for row in sheet.iter_rows() for cell in row]
    assert [
        cell.value for cell in cells if cell.value in given and (cell.data_type == "f" or cell.hyperlink)
    ] == []
    assert sum(cell.value == "=1+1" and cell.data_type == "s" for cell in cells) == 1


def test_the_total_of_a_score_is_a_live_sum():
    criteria = [f.name for f in FORMS["score"].sheets[0].rows if f.name.startswith("criterion")]
    row = {
        "code": "019601",
        "name": "甲國小",
        "level": "國小",
        "county": "新北市",
        **dict.fromkeys(criteria, 10),
    }
    content = blank(FORMS["score"], PLAN, recipient="R01", values={"scores": [row]})
    (read,) = read_workbook(content, "甲.xlsx", FORMS, PLAN).records["scores"]
    assert read["total"] == 10 * len(criteria)
    total = next(c for f, c in zip(FORMS["score"].sheets[0].rows, "ABCDEFGHIJKLM", strict=False) if f.formula)
    formulas = [cell.value for cell in book(content)["審查評分表"][total] if cell.data_type == "f"]
    assert formulas[0].startswith("=IF(COUNT(")


def test_a_code_fills_in_its_school_in_libreoffice(tmp_path):
    content = county_list(FORMS["recommendation"], PLAN, "屏東縣", SCHOOLS)
    sheets = book(content)
    sheets["推薦學校名單"]["A13"], sheets["推薦學校名單"]["B13"] = 1, "139602"
    path = tmp_path / "屏東縣.xlsx"
    sheets.save(path)
    (after,) = recalculation.converted([path], "xlsx", tmp_path)
    (row,) = read_workbook(after.read_bytes(), "甲.xlsx", FORMS, PLAN).records["listed"]
    assert (row["name"], row["level"], row["claimed_new"], row["claimed_remote"]) == (
        "山嵐國小",
        "國小",
        False,
        False,
    )
    kept = openpyxl.load_workbook(after)["推薦學校名單"].data_validations.dataValidation
    assert len(kept) == len(book(content)["推薦學校名單"].data_validations.dataValidation)


def test_a_countys_list_holds_its_own_schools_and_caps():
    sheet = book(county_list(FORMS["recommendation"], PLAN, "屏東縣", SCHOOLS))["本縣市學校"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert rows == [
        ["139601", "海風國小", "國小", "是", "是", 1],
        ["139602", "山嵐國小", "國小", "否", "否", 4],
    ]


def test_a_schools_plan_comes_with_what_is_known():
    school = {"code": "139601", "name": "海風國小", "county": "屏東縣", "level": "國小"}
    reading = read_workbook(school_plan(FORMS["application"], PLAN, school), "甲.xlsx", FORMS, PLAN)
    (head,) = reading.records["plans"]
    assert {name: head[name] for name in school} == school
    assert reading.stamp.recipient == "139601-國小"


def test_the_committed_blanks_are_those_of_the_declarations():
    made = blanks(PLAN)
    committed = {p.relative_to(TEMPLATES).as_posix(): p.read_bytes() for p in TEMPLATES.rglob("*.xlsx")}
    assert set(committed) == set(made)
    assert [name for name in made if committed[name] != made[name]] == []


def test_every_field_of_every_form_says_what_to_fill():
    fields = [field for form in FORMS.values() for _, own in form.tables() for field in own]
    assert all(field.help for field in fields)
    assert all(field.choices for field in fields if field.kind is Kind.CHOICE)


def test_what_was_typed_goes_back_as_it_was_and_faults_are_marked():
    listed = {"county_rank": "1班", "code": 19601, "name": "=1+1", "level": "高中", "requested": 2}
    values = {"lists": [{"county": "臺南市", "email": "無"}], "listed": [listed]}
    marks = {("listed", 0, "code"): "開頭之 0 遺失", ("lists", 0, "email"): "不是電子郵件"}
    form = FORMS["recommendation"]
    content = blank(form, PLAN, values=values, marks=marks, first=lambda made: made.page("待修正"))
    where, sheets = places(form, values), book(content)
    assert sheets.sheetnames[0] == "待修正"
    for table, rows in values.items():
        for number, row in enumerate(rows):
            for name, value in row.items():
                sheet, cell = where[table, number, name]
                assert sheets[sheet][cell].value == value
    comments = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in sheets.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    assert comments == {where[key]: words for key, words in marks.items()}
    assert len({sheets[sheet][cell].fill.fgColor.rgb for sheet, cell in comments}) == 1
    plain = sheets["推薦學校名單"][where["listed", 0, "name"][1]]
    assert plain.fill.fgColor.rgb not in {sheets[sheet][cell].fill.fgColor.rgb for sheet, cell in comments}


ACROSS = {"portrait": 21.0, "landscape": 29.7}  # cm of A4
MARGINS, CHARACTER = 2.54, 0.19  # cm at both sides, and of a half-width character


def printed_size(sheet):
    """The points in which a cell's words are printed, once the sheet has been made to fit its pages."""
    widths = [sheet.column_dimensions[column].width for column in map(column_letter, range(sheet.max_column))]
    repeated = sheet.print_title_cols or ""
    naming = column_index_from_string(repeated.rpartition("$")[2]) if repeated else 0
    pages = sheet.page_setup.fitToWidth or 1
    room = pages * (ACROSS[sheet.page_setup.orientation] - MARGINS)
    across = CHARACTER * (sum(widths) + (pages - 1) * sum(widths[:naming]))
    return 11 * min(1, room / across)


@pytest.mark.parametrize("form", FORMS)
def test_no_sheet_is_printed_in_letters_too_small_to_read(form):
    """核定清冊, which goes before those who decide, takes two pages side by side, whose school it is on both."""
    sheets = book(blank(FORMS[form], PLAN))
    shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    assert [sheet.title for sheet in shown if printed_size(sheet) < 6] == []


def test_a_sheet_of_two_pages_side_by_side_repeats_whose_a_row_is():
    sheet = book(blank(FORMS["award"], PLAN))["核定清冊"]
    assert sheet.page_setup.fitToWidth == 2
    assert sheet.print_title_cols == "$A:$D"
    assert [sheet.cell(5, column).value for column in range(1, 5)] == ["名次", "縣市", "學校代碼", "學校名稱"]
