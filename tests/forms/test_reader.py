"""One workbook, read: recognised by its stamp, lenient in places, and exact about them."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlbatch import catalogue as c
from mlbatch.finding import Finding
from mlbatch.forms import all_forms
from mlbatch.forms.blank import blank
from mlbatch.forms.reader import read_workbook
from mlbatch.forms.reading import Stamp
from mlbatch.plan import load_plan
from tests.forms.workbook import book, grids, stamped

PLAN = load_plan()
FORMS = all_forms(PLAN)
LIST, SCHOOL, SCORE, AWARD = (FORMS[name] for name in ("recommendation", "application", "score", "award"))
DIRECTORY = FORMS["directory"]

SHEET = LIST.sheets[0].title
HEAD = {"county": "新北市", "officer": "王示範", "telephone": "(02)5550-0123", "email": "a@example.gov.tw"}
ROW = {"county_rank": 1, "code": "019901", "name": "示範國小", "level": "國小", "requested": 2,
       "claimed_new": "是", "claimed_remote": "否", "reason": "團隊穩定"}  # fmt: skip
OTHER = {**ROW, "county_rank": 2, "code": "019902", "name": "範例國小"}
COUNTY_ROW, OFFICER_ROW, EMAIL_ROW, LETTER_DATE_ROW, HEADER, FIRST = 3, 4, 6, 8, 11, 12

BASICS = {"code": "019901", "name": "示範國小", "county": "新北市", "level": "國小", "principal": "李示範",
          "officer": "王示範", "telephone": "(02)5550-0123", "email": "a@example.edu.tw", "core_team": 5,
          "requested": 2, "coverage": "全校", "network_source": PLAN.schools.sources[0]}  # fmt: skip
TEACHING = dict.fromkeys(("goals", "design", "community", "assessment", "results"), "說明")
DETAILS = {
    "devices": [{"device": "平板電腦", "count": 30, "source": PLAN.schools.sources[0]}],
    "classes": [{"semester": PLAN.schools.semesters[0], "grade": 4, "section": "甲班", "area": "數學",
                 "teacher": "陳示範", "pupils": 25}],
    "advisors": [{"advisor": "林示範", "institution": "示範大學", "post": "教授", "professor": "是", "county": "臺北市"}],
    "costs": [{"item": next(iter(PLAN.items.accounts)), "account": "經常門", "price": 1000, "quantity": 2,
               "measure": "次", "amount": 2000, "fund": "補助"}],
}  # fmt: skip


def listed(*rows, **head):
    return grids(LIST, {"lists": HEAD | head}, {"listed": rows or [ROW]})


def application(details=DETAILS, **basics):
    return grids(SCHOOL, {"plans": BASICS | basics, "teaching": TEACHING}, details)


def read(form, sheets, recipient=""):
    return read_workbook(stamped(form, sheets, recipient), "a.xlsx", FORMS, PLAN)


def seen(reading):
    """What was found: (kind, sheet, cell)."""
    return [(f.kind, f.at.sheet, f.at.cell) for f in reading.findings]


def put(sheets, cell, value):
    """`sheets` with a value written into a cell of the first sheet, `B12`."""
    row, column = int(cell[1:]) - 1, ord(cell[0]) - ord("A")
    grid = next(iter(sheets.values()))
    grid[row] = [*grid[row], *[""] * (column + 1 - len(grid[row]))]
    grid[row][column] = value
    return sheets


def test_a_list_comes_back_as_it_was_filled():
    reading = read(LIST, listed(ROW, OTHER, letter_date="106.09.20"), "新北市")
    assert reading.stamp == Stamp("recommendation", 107, 1, "新北市")
    assert reading.findings == ()
    (head,) = reading.records["lists"]
    assert (head["county"], head["letter_date"]) == ("新北市", date(2017, 9, 20))
    first, second = reading.records["listed"]
    assert (first["code"], second["code"]) == ("019901", "019902")
    assert (first["county_rank"], first["requested"]) == (1, 2)
    assert (first["claimed_new"], first["claimed_remote"]) == (True, False)


def test_each_record_knows_its_cells():
    reading = read(LIST, listed(ROW, OTHER))
    assert reading.records["lists"][0]["place"].at("email").cell == f"B{EMAIL_ROW}"
    place = reading.records["listed"][1]["place"]
    assert (place.file, place.sheet, place.row) == ("a.xlsx", SHEET, FIRST + 1)
    assert place.at("requested").cell == f"E{FIRST + 1}"
    assert place.at("no such field").row == FIRST + 1


def test_every_form_comes_back_without_a_fault_when_it_is_filled():
    reading = read(SCHOOL, application())
    assert reading.findings == ()
    assert {name: len(rows) for name, rows in reading.records.items()} == {
        "plans": 1, "devices": 1, "classes": 1, "teaching": 1, "advisors": 1, "costs": 1}  # fmt: skip
    assert reading.records["advisors"][0]["professor"] is True


# Where things stand ---------------------------------------------------------------------------------


def moved(grid, order):
    """The rows of a table with their columns in another order; the head stays."""
    return [
        *grid[: HEADER - 2],
        *[[row[i] if i < len(row) else "" for i in order] for row in grid[HEADER - 2 :]],
    ]


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(LIST.sheets[0].rows))))
def test_columns_may_be_moved(order):
    reading = read(LIST, {SHEET: moved(listed(ROW, {**OTHER, "requested": "幾"})[SHEET], order)})
    column = chr(ord("A") + order.index([f.name for f in LIST.sheets[0].rows].index("requested")))
    assert seen(reading) == [(c.F2_NOT_WHOLE, SHEET, f"{column}{FIRST + 1}")]
    assert reading.records["listed"][0]["name"] == "示範國小"


def test_columns_and_rows_may_be_inserted():
    grid = [["備註欄", *row] for row in listed()[SHEET]]
    grid[FIRST - 1 : FIRST - 1] = [[], [""]]
    reading = read(LIST, {SHEET: [["臺灣"], *grid]})
    assert reading.findings == ()
    assert reading.records["lists"][0]["place"].at("county").cell == f"C{COUNTY_ROW + 1}"
    assert reading.records["listed"][0]["place"].at("code").cell == f"C{FIRST + 3}"


def test_labels_may_bear_marks_and_widths():
    sheets = put(put(listed(), f"A{HEADER}", "＊推 薦 序："), f"A{OFFICER_ROW}", "* 承辦人")
    assert read(LIST, sheets).findings == ()


def test_blank_rows_and_a_total_row_are_no_records():
    sheets = listed(ROW, {}, {"name": "　"}, OTHER)
    sheets[SHEET].append(["合計", "", "", "", 4])
    reading = read(LIST, sheets)
    assert reading.findings == ()
    assert [row["place"].row for row in reading.records["listed"]] == [FIRST, FIRST + 3]


def test_a_row_with_prefilled_cells_only_is_not_filled():
    reading = read(LIST, listed(ROW, {"claimed_new": "否", "claimed_remote": "否"}))
    assert len(reading.records["listed"]) == 1


@pytest.mark.parametrize(("form", "table"), [(SCORE, "scores"), (AWARD, "decisions")])
def test_a_prefilled_code_makes_a_row(form, table):
    rows = [{"code": "019901", "name": "示範國小", "level": "國小", "county": "新北市"}, {"name": "無代碼"}]
    reading = read(form, grids(form, {"score_sheets": {"reviewer": "R01"}}, {table: rows}))
    assert [row["code"] for row in reading.records[table]] == ["019901"]
    assert reading.findings == ()


def test_a_sheet_may_be_renamed():
    sheets = application()
    renamed = {
        {"實施班級": "班級表", "基本資料": "工作表1"}.get(title, title): grid
        for title, grid in sheets.items()
    }
    reading = read(SCHOOL, renamed)
    assert [(f.kind, f.at.sheet, f.facts["value"]) for f in reading.findings] == [
        (c.F13_UNDERSTOOD, "工作表1", "基本資料"), (c.F13_UNDERSTOOD, "班級表", "實施班級")]  # fmt: skip
    assert reading.records["classes"][0]["place"].sheet == "班級表"
    assert reading.records["plans"][0]["place"].sheet == "工作表1"


def test_a_renamed_sheet_is_not_taken_for_another():
    sheets = application()
    sheets["說明"] = [["姓名", "種類"], ["甲", "乙"]]
    del sheets["行動載具"]
    assert seen(read(SCHOOL, sheets)) == [(c.F9_NO_SHEET, "行動載具", "")]


def test_a_help_sheet_is_not_taken_for_a_sheet_that_is_gone():
    sheets = application()
    sheets["填表說明"] = [
        ["欄位", "說明"],
        *[[f.label, f.help] for sheet in SCHOOL.sheets for f in (*sheet.head, *sheet.rows)],
    ]
    del sheets["教學規劃"]
    assert seen(read(SCHOOL, sheets)) == [(c.F9_NO_SHEET, "教學規劃", "")]


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_every_blank_that_we_send_out_is_known_when_it_returns(form):
    reading = read_workbook(blank(form, PLAN, recipient="R01"), "a.xlsx", FORMS, PLAN)
    assert (reading.form, reading.stamp) == (form, Stamp(form.id, 107, form.version, "R01"))
    assert {finding.kind for finding in reading.findings} <= {c.F1_BLANK, c.F10_NO_ROWS}


# Each fault at its cell -------------------------------------------------------------------------------

FAULTS = [
    (f"H{FIRST}", "", c.F1_BLANK, {"label": "推薦原因", "help": "推薦該校之原因。"}),
    (f"B{OFFICER_ROW}", "　", c.F1_BLANK, {"label": "承辦人", "help": "承辦人姓名。"}),
    (f"E{FIRST}", "幾班", c.F2_NOT_WHOLE, {"label": "申請班級數", "read": "幾班"}),
    (f"B{LETTER_DATE_ROW}", "九月底", c.F3_NOT_DATE, {"label": "公文日期", "read": "九月底", "example": "106.09.29"}),
    (f"D{FIRST}", "小學", c.F4_NOT_A_CHOICE, {"label": "學制", "read": "小學", "choices": "國小、國中", "hint": ""}),
    (f"F{FIRST}", "也許", c.F4_NOT_A_CHOICE, {"label": "新申請", "read": "也許", "choices": "是、否", "hint": ""}),
    (f"B{FIRST}", "示範", c.F5_NOT_A_CODE, {"label": "學校代碼", "read": "示範", "hint": ""}),
    (f"E{FIRST}", 100, c.F6_OUT_OF_RANGE, {"label": "申請班級數", "read": 100, "low": 1, "high": 99}),
    (f"H{FIRST}", "優" * 301, c.F7_TOO_LONG, {"label": "推薦原因", "read": 301, "limit": 300}),
    (f"B{EMAIL_ROW}", "王示範", c.F11_NOT_AN_ADDRESS, {"label": "電子郵件", "read": "王示範"}),
    (f"B{FIRST}", 19901, c.E7_LOST_ZERO, {"read": "19901", "code": "019901"}),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value", "kind", "facts"), FAULTS)
def test_a_fault_is_found_at_its_cell(cell, value, kind, facts):
    reading = read(LIST, put(listed(ROW, OTHER), cell, value))
    assert seen(reading) == [(kind, SHEET, cell)]
    assert dict(reading.findings[0].facts) == facts
    assert reading.findings[0].sentence
    assert reading.findings[0].remedy
    assert reading.findings[0].county == "新北市"


@pytest.mark.parametrize(
    ("cell", "value", "name", "left"),
    [
        (f"E{FIRST}", "幾班", "requested", None),
        (f"E{FIRST}", 100, "requested", None),
        (f"D{FIRST}", "小學", "level", ""),
        (f"B{FIRST}", "示範", "code", ""),
        (f"F{FIRST}", "也許", "claimed_new", None),
        (f"B{FIRST}", 19901, "code", "019901"),
        (f"H{FIRST}", "優" * 301, "reason", "優" * 301),
    ],
)
def test_what_cannot_be_read_is_not_used(cell, value, name, left):
    assert read(LIST, put(listed(), cell, value)).records["listed"][0][name] == left


def test_a_column_that_is_gone_is_said_once():
    grid = listed(ROW, OTHER)[SHEET]
    order = [i for i, field in enumerate(LIST.sheets[0].rows) if field.name != "reason"]
    reading = read(LIST, {SHEET: moved(grid, order)})
    (one,) = reading.findings
    assert (one.kind, one.at.sheet, one.at.row) == (c.F8_NO_COLUMN, SHEET, HEADER)
    assert one.facts == {"sheet": SHEET, "label": "推薦原因", "hint": ""}
    assert [row["reason"] for row in reading.records["listed"]] == ["", ""]


def test_a_head_label_that_is_gone_is_said():
    reading = read(LIST, put(listed(), f"A{OFFICER_ROW}", "聯絡窗口"))
    assert [(f.kind, f.facts["label"]) for f in reading.findings] == [(c.F8_NO_COLUMN, "承辦人")]


def test_an_optional_column_may_be_gone():
    grid = listed()[SHEET]
    order = [i for i, field in enumerate(LIST.sheets[0].rows) if field.name != "claimed_new"]
    reading = read(LIST, {SHEET: moved(grid, order)})
    assert reading.findings == ()
    assert reading.records["listed"][0]["claimed_new"] is None


def test_a_sheet_that_is_gone_leaves_a_blank_head_or_no_rows():
    sheets = application()
    del sheets["教學規劃"], sheets["經費需求"]
    reading = read(SCHOOL, sheets)
    assert seen(reading) == [(c.F9_NO_SHEET, "教學規劃", ""), (c.F9_NO_SHEET, "經費需求", "")]
    assert reading.records["costs"] == []
    assert reading.records["teaching"][0]["goals"] == ""


def test_no_rows():
    reading = read(SCHOOL, application({**DETAILS, "devices": []}))
    assert seen(reading) == [(c.F10_NO_ROWS, "行動載具", "A6")]


def test_a_register_may_be_empty_where_its_form_says_so():
    deepening = FORMS["deepening"]
    assert read(deepening, grids(deepening)).findings == ()
    assert seen(read(DIRECTORY, grids(DIRECTORY)))[0][0] is c.F10_NO_ROWS


def test_all_faults_in_one_pass():
    sheets = listed(ROW, {**OTHER, "level": "小學", "requested": "幾"})
    sheets = put(put(sheets, f"B{OFFICER_ROW}", ""), f"B{FIRST}", "?")
    assert [cell for *_, cell in seen(read(LIST, sheets))] == [
        f"B{OFFICER_ROW}", f"B{FIRST}", f"D{FIRST + 1}", f"E{FIRST + 1}"]  # fmt: skip


def test_findings_of_a_plan_bear_its_school_and_county():
    (one,) = read(SCHOOL, application(principal="")).findings
    assert (one.school, one.county) == (("019901", "國小"), "新北市")
    (one,) = read(SCHOOL, application(level="小學")).findings
    assert (one.school, one.county) == (("", ""), "新北市")


def test_the_stamp_gives_the_county_where_the_head_does_not():
    (one,) = read(LIST, put(listed(), f"B{COUNTY_ROW}", "新北"), "新北市").findings
    assert (one.kind, one.county) == (c.F4_NOT_A_CHOICE, "新北市")


# What is set aside -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "檔案是空的"),
        (b"<html><table></table></html>", "內容是網頁，不是試算表"),
        (b"\xef\xbb\xbf <!DOCTYPE html>", "內容是網頁，不是試算表"),
        (b"%PDF-1.4", "內容是 PDF，不是試算表"),
        (stamped(LIST, listed())[:2000], "檔案損壞或不完整"),
        (b"PK\x03\x04" + bytes(100), "檔案損壞或不完整"),
        (b"hello", "不是試算表格式"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "檔案有密碼保護",
        ),
    ],
)
def test_what_is_no_workbook_is_set_aside(content, why):
    outcome = read_workbook(content, "a.xlsx", FORMS, PLAN)
    assert isinstance(outcome, Finding)
    assert (outcome.kind, outcome.at.file, outcome.facts["why"]) == (c.I1_NOT_A_WORKBOOK, "a.xlsx", why)


def far(column, row):
    """A list with one stray character far away."""
    buffer = BytesIO()
    workbook = openpyxl.load_workbook(BytesIO(stamped(LIST, listed())))
    workbook[SHEET][f"{column}{row}"] = "x"
    workbook.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(("column", "row"), [("XFD", 1_048_576), ("XFD", 2_000), ("AZ", 1_048_576)])
def test_a_stray_character_in_the_last_corner_does_not_end_the_run(column, row):
    outcome = read_workbook(far(column, row), "a.xlsx", FORMS, PLAN)
    assert (outcome.kind, outcome.facts["why"][:7]) == (c.I1_NOT_A_WORKBOOK, "工作表範圍過大")


@pytest.mark.parametrize(("column", "row"), [("XFD", 20), ("K", 60_000)])
def test_a_stray_character_far_away_is_no_record(column, row):
    assert read_workbook(far(column, row), "a.xlsx", FORMS, PLAN).findings == ()


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr("mlbatch.forms.guard.MOST_UNPACKED", 1000)
    outcome = read_workbook(stamped(LIST, listed()), "a.xlsx", FORMS, PLAN)
    assert outcome.facts["why"].startswith("解壓縮後大於")


def test_a_workbook_without_stamp_is_set_aside():
    for content in (
        book(listed()),
        book(listed(), form="unknown", year=107, version=1),
        book(listed(), form="score"),
    ):
        assert read_workbook(content, "a.xlsx", FORMS, PLAN).kind is c.I2_UNKNOWN_FORM


def test_another_year_is_set_aside():
    outcome = read_workbook(book(listed(), form="recommendation", year=106, version=1), "a.xlsx", FORMS, PLAN)
    assert outcome.kind is c.I3_OTHER_YEAR
    assert outcome.sentence == "檔案為 106 年度之「推薦學校名單」，本次辦理 107 年度。"


def test_an_older_version_is_set_aside():
    outcome = read_workbook(book(listed(), form="recommendation", year=107, version=0), "a.xlsx", FORMS, PLAN)
    assert outcome.kind is c.I4_OLD_VERSION
    assert outcome.sentence == "檔案為「推薦學校名單」第 0 版，現行為第 1 版。"


@pytest.mark.parametrize("problem", [MemoryError("x"), BaseException("panicked")])
def test_a_reader_that_panics_sets_the_file_aside(monkeypatch, problem):
    monkeypatch.setattr("mlbatch.forms.reader._read", lambda *_: (_ for _ in ()).throw(problem))
    assert read_workbook(stamped(LIST, listed()), "a.xlsx", FORMS, PLAN).kind is c.I1_NOT_A_WORKBOOK


def test_a_clerk_may_interrupt(monkeypatch):
    monkeypatch.setattr("mlbatch.forms.reader._read", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        read_workbook(stamped(LIST, listed()), "a.xlsx", FORMS, PLAN)


WHOLE_FILE = stamped(SCHOOL, application())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, len(WHOLE_FILE) - 1), st.integers(1, 255))
def test_one_damaged_byte_never_stops_the_reading(index, change):
    damaged = bytearray(WHOLE_FILE)
    damaged[index] ^= change
    assert read_workbook(bytes(damaged), "a.xlsx", FORMS, PLAN) is not None
