"""Columns as arrays: what the rules of ranking and money work on (docs/decisions/0049)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch import figures
from mlbatch.tables import Tables
from tests.rules.laws import law_of

FRAME = pd.DataFrame(
    {
        "classes": pd.array([2, None, 0], dtype="Int64"),
        "asked": np.array([1, None, 3], dtype=object),
        "island": np.array([True, False, True], dtype=object),
    },
    index=[7, 3, 5],
)
groups = st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=12)


def test_whole_numbers_have_0_for_what_is_missing():
    known = figures.Figures(FRAME)
    assert known.whole("classes").tolist() == [2, 0, 0]
    assert known.whole("asked").tolist() == [1, 0, 3]
    assert (known.whole("asked").dtype, known.flag("island").dtype) == (np.int64, bool)
    assert known.flag("island").tolist() == [True, False, True]


def test_what_was_worked_out_goes_before_what_the_table_says_and_stays_as_it_is():
    known = figures.Figures(FRAME)
    more = known.put(classes=np.array([5, 6, 7]))
    assert (known.whole("classes").tolist(), more.whole("classes").tolist()) == ([2, 0, 0], [5, 6, 7])
    with pytest.raises(ValueError, match="read-only"):
        more.whole("classes")[0] = 1


def test_what_the_table_says_is_made_once_for_all_that_are_made_of_it():
    known, asked = figures.Figures(FRAME), []
    some, other = known.put(), known.put(classes=np.array([1, 1, 1]))
    for one in (some, other, known):
        assert one.once("size", lambda frame: asked.append(frame) or len(frame)) == 3
    assert len(asked) == 1


def test_figures_of_tables_are_those_that_parts_made_ready():
    tables = Tables().put(schools=FRAME)
    made = figures.put(figures.put(tables, rank=np.array([3, 1, 2])), fee=np.array([9, 9, 9]))
    assert figures.of(made).whole("rank").tolist() == [3, 1, 2]
    assert figures.of(made).whole("fee").tolist() == [9, 9, 9]
    assert figures.of(made).whole("classes").tolist() == [2, 0, 0]
    assert not figures.of(made.put_away())._worked_out


def test_whole_numbers_are_spelt_beside_their_rows_and_change_no_more():
    column = np.array([4, 0, 6])
    made = figures.spelt(column, FRAME, column == 0)
    assert (made.index.tolist(), str(made.dtype), made.tolist()) == ([7, 3, 5], "Int64", [4, pd.NA, 6])
    column[0] = 1
    assert made.tolist() == [4, pd.NA, 6]
    assert figures.spelt(column, FRAME).tolist() == [1, 0, 6]


def test_totals_are_what_was_worked_out_else_what_the_table_says():
    tables = Tables().put(totals=pd.DataFrame([{"left": 5}], dtype="Int64"))
    assert figures.totals(tables) == {"left": 5}
    assert type(figures.totals(tables)["left"]) is int
    assert figures.totals(tables.make_ready(figures.TOTALS, {"left": 6})) == {"left": 6}


@law_of(100)
@given(groups)
def test_running_counts_are_those_of_counting_one_by_one(rows):
    so_far, wanted = {}, []
    for group, counts in rows:
        so_far[group] = so_far.get(group, 0) + counts
        wanted.append(so_far[group])
    names, counted = (np.array(column, dtype=kind) for column, kind in zip(zip(*rows, strict=True), (int, bool), strict=True)) if rows else (np.zeros(0, int), np.zeros(0, bool))  # fmt: skip
    assert figures.running(names, counted).tolist() == wanted


def test_values_are_numbered_as_they_first_stand():
    values, numbers = figures.numbered(["乙", "甲", "乙", ""])
    assert (values, numbers.tolist()) == (["乙", "甲", ""], [0, 1, 0, 2])
    assert figures.numbered([])[1].tolist() == []
