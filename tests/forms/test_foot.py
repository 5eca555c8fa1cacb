"""What stands below the rows: totals held against them, notes, signatures, stray characters."""

import pytest

from mlbatch import catalogue as c
from mlbatch.forms.form import Field, Kind, Sheet
from mlbatch.forms.grid import read_grid
from mlbatch.forms.layout import lay_out

SHEET = Sheet(
    "經費", rows_table="costs", rows=(Field("item", "項目"), Field("amount", "總價", Kind.MONEY), Field("note", "備考", required=False))
)  # fmt: skip
ROWS = [["項目", "總價", "備考"], ["甲", 100, ""], ["乙", "2百", ""]]


def read(*below):
    records, findings = read_grid(lay_out(SHEET), [*ROWS, *below], "a.xlsx", "經費")
    told = [(f.kind, f.at.cell) for f in findings if f.at.cell != "B3"]
    return len(records["costs"]), told


@pytest.mark.parametrize("total", [300, "300元", "三百", "", 2, "約三百"])
def test_a_total_that_agrees_counts_the_rows_or_says_nothing(total):
    assert read(["合計", total, ""]) == (2, [])


def test_a_total_that_differs_is_told_with_the_sum():
    _, findings = read_grid(lay_out(SHEET), [*ROWS, ["總　計", 310, ""]], "a.xlsx", "經費")
    assert findings[-1].kind is c.F16_TOTAL
    assert (findings[-1].at.cell, findings[-1].read, findings[-1].facts["sum"]) == ("B4", "310", 300)


def test_parts_have_totals_of_their_own():
    assert read(["小計", 300, ""], ["丙", 50, ""], ["小計", 50, ""], ["合計", 350, ""]) == (3, [])
    assert read(["小計", 300, ""], ["丙", 50, ""], ["小計", 40, ""])[1] == [(c.F16_TOTAL, "B6")]


@pytest.mark.parametrize(
    "row", [["備註：本表免備文", "", ""], ["承辦人：", "主任：", "校長："], ["※ 請核章", "", ""], ["註1：略", "", ""], [".", "", ""], ["、", "", ""]]
)  # fmt: skip
def test_notes_signatures_and_stray_marks_are_no_rows_and_are_told(row):
    assert read(row) == (2, [(c.F17_NOT_A_ROW, "A4")])


def test_a_letter_far_below_is_no_row_but_one_at_hand_may_be():
    assert read(*[["", "", ""]] * 6, ["x", "", ""]) == (2, [(c.F17_NOT_A_ROW, "A10")])
    assert read(["x", "", ""]) == (3, [(c.F1_BLANK, "B4")])
