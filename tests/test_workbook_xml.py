"""Workbooks written fast are the workbooks that xlsxwriter writes, byte for byte."""

import re
import zipfile
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from mlbatch import columns, sheet
from mlbatch.forms import all_forms
from mlbatch.forms.blank import blank
from mlbatch.plan import load_plan
from mlbatch.repeated import ROW, Repeated
from mlbatch.sheet import Book

PLAN = load_plan()
AWKWARD = [
    "示範國小", "", " 前後有空白 ", "\u3000全形空白", "兩\n行", "行末\n", "a&b<c>d\"e'", "_x0041_", "_x00", "<r>不是格式</r>",
    "\ufffe\uffff", "😀" * 12_000, "字" * 40_000, "=1+1", "0123", "http://example.tw", "\t定位", "é",
]  # fmt: skip
NUMBERS = [0, -1, 1.5, 2 / 3, 10**15 + 1, 1e-7, True, float("nan"), None]
FORMULAS = [
    ("=SUM(A1:A3)", 3), ('=IF(A1="","",A1&"<")', "<&"), ("=檢核_表", ""), ("=XLOOKUP(A1,A2,A3)", 1.25), ("=COUNTIF(A1:A3,1)", True),
    ("=ROUND(A1,2)", "#N/A"), ("{=SUM(A1:A3)}", 6),
]  # fmt: skip


def drawn() -> bytes:
    """A workbook that holds every sort of cell, row and column that the project writes."""
    book = Book("測試")
    first, second = book.page("一"), book.page("二", landscape=False)
    first.heading("標題", "副標題")
    for row, words in enumerate(AWKWARD, 4):
        first.text(row, 3, words)
        first.text(row, 0, words, "code", bold=True)  # to the left of what was written first
    for row, number in enumerate(NUMBERS, 40):
        first.number(row, 1, number)
    for row, (formula, value) in enumerate(FORMULAS, 60):
        first.formula(row, 2, formula, value)
    first.comment(9, 5, "此格沒有內容")
    first.comment(90, 2, "此列沒有內容")
    first.worksheet.set_row(30, 33.3)
    first.worksheet.set_row(95, 15)
    first.span(20, 4, 7, "label")
    first.link(21, 0, "'二'!A1", "到二")
    first.widths([10, 20.5])
    first.table(3, 70, 3, 1)
    second.header(0, ["甲", "乙"])
    second.number(1, 16_000, 7)
    second.bars(4, "圖", "A", "BC", 0, 3)
    book.page("空")
    return book.save()


@pytest.fixture
def slowly(monkeypatch):
    """What draws a workbook with xlsxwriter's own writer."""

    def draw(make):
        with monkeypatch.context() as patched:
            patched.setattr(sheet, "BookXml", xlsxwriter.Workbook)
            return make()

    return draw


def test_every_sort_of_cell_is_written_as_xlsxwriter_writes_it(slowly):
    assert drawn() == slowly(drawn)


@pytest.mark.parametrize("form", all_forms(PLAN).values(), ids=lambda form: form.id)
def test_the_blank_of_a_form_is_written_as_xlsxwriter_writes_it(form, slowly):
    assert blank(form, PLAN) == slowly(lambda: blank(form, PLAN))


LISTED = [
    columns.Column("文字", "text", width=10),
    columns.Column("代碼", "code", "code", width=8),
    columns.Column("金額", "money", "money", width=12),
    columns.Column("情形", "text", lambda row: "good" if row["money"] else "warn", width=8),
    columns.Column("算式", "money", "money", formula=lambda n: f"=C{n}*2" if n % 2 else "", width=8),
    columns.Column("連結", "link", "link", width=10),
]


def rows():
    """Rows with everything awkward, blanks and links among them."""
    return [
        {"text": words, "code": f"{number:06d}", "money": None if number % 5 == 4 else number * 1.5,
         "link": ("'二'!A1" if number % 2 else "", f"到 {number}")}
        for number, words in enumerate(AWKWARD * 3)
    ]  # fmt: skip


def cell_by_cell(page, top):
    """What `columns.body` writes of them, one cell after the other."""
    for number, row in enumerate(rows(), top):
        page.text(number, 0, row["text"], "text", align="left", indent=1)
        page.text(number, 1, row["code"], "code")
        page.number(number, 2, row["money"], "money")
        page.text(number, 3, row["text"], "good" if row["money"] else "warn")
        if (number + 1) % 2:
            page.formula(
                number, 4, f"=C{number + 1}*2", "" if row["money"] is None else row["money"], "money"
            )
        else:
            page.number(number, 4, row["money"], "money")
        target, words = row["link"]
        (page.link(number, 5, target, words) if target else page.text(number, 5, words))


def said(content, name="一"):
    """Every cell of a sheet, as another program reads it: value, looks and link."""
    sheet = openpyxl.load_workbook(BytesIO(content))[name]
    return [
        (cell.coordinate, cell.value, cell.number_format, cell.font.b, cell.fill.fgColor.rgb, cell.alignment.indent,
         cell.quotePrefix, cell.hyperlink and cell.hyperlink.location)
        for row in sheet.iter_rows() for cell in row
    ]  # fmt: skip


def listed(write):
    book = Book("測試")
    page = book.page("一")
    book.page("二")
    write(page)
    return book.save()


def test_rows_that_are_written_whole_are_those_that_are_written_cell_by_cell():
    whole = listed(lambda page: columns.body(page, 4, LISTED, rows(), [c.width for c in LISTED]))
    single = listed(lambda page: cell_by_cell(page, 4))
    assert said(whole) == said(single)
    count, unique = (
        re.search(rb'count="(\d+)" uniqueCount="(\d+)"', _part(one, "xl/sharedStrings.xml")).groups()
        for one in (whole, single)
    )
    assert count == unique


def _part(content, name):
    return zipfile.ZipFile(BytesIO(content)).read(name)


def test_a_row_is_as_high_as_its_longest_words_need():
    content = listed(
        lambda page: columns.body(page, 0, LISTED[:1], [{"text": "字" * 5}, {"text": "字" * 11}], [10])
    )
    heights = re.findall(
        rb'<row r="\d" spans="1:1" ht="([0-9.]+)"', _part(content, "xl/worksheets/sheet1.xml")
    )
    assert heights == [b"17.25", b"51"]  # one line, and three


def test_what_stands_right_of_whole_rows_is_written_and_what_would_stand_in_them_is_refused():
    def beside(page, column):
        columns.body(page, 0, LISTED[:2], [{"text": "甲", "code": "000001"}], [10, 8])
        page.text(0, column, "旁")

    assert [cell[1] for cell in said(listed(lambda page: beside(page, 3)))] == ["甲", "000001", None, "旁"]
    with pytest.raises(ValueError, match="row 0 was written before"):
        listed(lambda page: beside(page, 1))


def test_a_chart_shows_the_figures_of_whole_rows():
    def charted(page):
        two = [
            columns.Column("縣市", "text"),
            columns.Column("件數", "money", "whole", formula=lambda n: f"=LEN(A{n})"),
        ]
        columns.body(page, 1, two, [{"text": "甲縣", "money": 2}, {"text": "乙縣", "money": None}], [10, 10])
        page.bars(9, "圖", "A", "B", 0, 2)

    chart = _part(listed(charted), "xl/charts/chart1.xml").decode()
    assert re.findall(r"<c:v>(.*?)</c:v>", chart) == ["甲縣", "乙縣", "2", "0"]


# Cells that repeat from row to row ----------------------------------------------------------------


def repeating(page, top, values):
    """A column of words, and to its right what repeats."""
    whole, money = page.book.format("whole"), page.book.format("money")
    beside = [
        Repeated(values, whole),
        Repeated([value - 1 for value in values], money, f'=IF(B{ROW}>0,B{ROW}-1,"100%&<x>")'),
        Repeated([2 * value for value in values], money, f"=SUM(B$1:B{ROW})%"),
    ]
    columns.body(page, top, LISTED[:1], [{"text": "甲"} for _ in values], [10], beside)


def cell_after_cell(page, top, values):
    """The same, written one by one."""
    for row, value in enumerate(values, top):
        page.text(row, 0, "甲", "text", align="left", indent=1)
        page.number(row, 1, value, "whole")
        page.formula(row, 2, f'=IF(B{row + 1}>0,B{row + 1}-1,"100%&<x>")', float(value - 1), "money")
        page.formula(row, 3, f"=SUM(B$1:B{row + 1})%", float(2 * value), "money")
        page.worksheet.set_row(row, columns.LINE)


@pytest.mark.parametrize("values", [[3], [0, -7, 1_000_000, 10**14], list(range(40))])
def test_cells_that_repeat_are_those_that_are_written_cell_by_cell(values):
    content = listed(lambda page: repeating(page, 4, values))
    assert content == listed(lambda page: cell_after_cell(page, 4, values))


def test_of_no_rows_nothing_repeats():
    assert said(listed(lambda page: repeating(page, 4, []))) == said(listed(lambda page: None))


def test_right_of_cells_that_repeat_others_are_written_and_in_them_none():
    def beside(page, column):
        repeating(page, 0, [5])
        page.text(0, column, "旁")

    assert [cell[1] for cell in said(listed(lambda page: beside(page, 4)))][-1] == "旁"
    with pytest.raises(ValueError, match="row 0 was written before"):
        listed(lambda page: beside(page, 3))


def test_a_chart_shows_the_figures_that_repeat():
    def charted(page):
        repeating(page, 1, [3, 4])
        page.bars(9, "圖", "A", "B", 0, 2)

    chart = _part(listed(charted), "xl/charts/chart1.xml").decode()
    assert re.findall(r"<c:v>(.*?)</c:v>", chart) == ["甲", "甲", "3", "4"]
