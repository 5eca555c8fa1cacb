"""The one way to write a cell: text stays text, formulas are what xlsxwriter would write."""

from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from mlbatch.sheet import Book


def cell(write):
    """What stands in A1 after `write(page)`."""
    book = Book("試")
    write(book.page("一"))
    return openpyxl.load_workbook(BytesIO(book.save()))["一"]["A1"]


@pytest.mark.parametrize(
    "words", ["=1+1", "+1", "@SUM(A1)", "{=1}", "http://example.tw", "mailto:a@b.tw", "'x"]
)
def test_text_stays_text(words):
    written = cell(lambda page: page.text(0, 0, words))
    assert (written.data_type, written.value, written.hyperlink) == ("s", words, None)


@pytest.mark.parametrize(
    "formula",
    ["=SUM(A2:A3)", "=IF(A2>0,ROUND(A2,2),0)", "=SORT(A2:A3)", "=_xlfn.CONCAT(A2)", "{=SUM(A2)}", "=名稱*2"],
)
def test_a_formula_is_what_xlsxwriter_makes_of_it(formula):
    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.add_worksheet("一").write_formula(0, 0, formula, None, 1)
    workbook.close()
    plain = openpyxl.load_workbook(buffer)["一"]["A1"].value
    ours = cell(lambda page: page.formula(0, 0, formula, 1)).value
    assert getattr(ours, "text", ours) == getattr(plain, "text", plain)


def test_merged_cells_hold_one_value_and_a_comment_has_no_author():
    def write(page):
        page.span(0, 0, 2)
        page.text(0, 0, "=甲")
        page.comment(0, 0, "更正")

    written = cell(write)
    assert (written.value, written.data_type) == ("=甲", "s")
    assert written.comment.text == "更正"
    assert written.comment.author in ("", "None")  # openpyxl's word for nobody
    assert [str(area) for area in written.parent.merged_cells.ranges] == ["A1:C1"]
