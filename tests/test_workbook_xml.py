"""Workbooks written fast are the workbooks that xlsxwriter writes, byte for byte."""

import pytest
import xlsxwriter

from mlbatch import sheet
from mlbatch.forms import all_forms
from mlbatch.forms.blank import blank
from mlbatch.plan import load_plan
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
