"""A small run of the recalculation study, and that it can fail (docs/studies/recalculation.md has the large one)."""

import re
import shutil

import pytest

from mlbatch.sheet import Book
from studies import inputs, recalculation
from studies.cached import CELL, falsified, parts, results

FIRST, PROGRAMMES = 15, 5  # in which every column that is declared is seen


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    return recalculation.batch(FIRST, PROGRAMMES, tmp_path_factory.mktemp("recalculation"))


def test_libreoffice_computes_what_the_workbooks_store(tried):
    tally, _, _ = tried
    assert tally.differences == {}
    assert tally.workbooks["award"] == tally.workbooks["payment"] == tally.workbooks["budgets"] == PROGRAMMES
    kinds = ("award", "county", "scenarios", "payment", "budgets", "summary")
    assert min(tally.cells[kind] for kind in kinds) > 100
    assert tally.cells["statement"] > 30


def test_one_false_stored_result_is_found(tried):
    assert tried[1] is True


def test_every_plain_number_has_a_source(tried):
    _, _, seen = tried
    assert set(seen) == set(inputs.DECLARED)
    assert all(inputs.DECLARED.values())


def book(value):
    made = Book("核定與經費表")
    page = made.page("學校")
    page.header(4, ["甲", "乙", "丙"])
    page.formula(5, 0, "=1+1", value)
    page.formula(5, 1, '="是"&A6', "是2")
    page.number(5, 2, 7)
    return made.save()


def test_every_stored_result_is_falsified_before_libreoffice_sees_it():
    sheet = "xl/worksheets/sheet1.xml"
    assert results(book(2)) == {(sheet, "A6"): 2.0, (sheet, "B6"): "是2"}
    assert results(falsified(book(2))) == {(sheet, "A6"): 987654321.5, (sheet, "B6"): "falsified"}
    assert results(falsified(book(2), only=(sheet, "A6"))) == {
        (sheet, "A6"): 987654321.5,
        (sheet, "B6"): "是2",
    }


def test_a_difference_and_a_lost_formula_are_told():
    tally = recalculation.compared({"0.award": book(2)}, {"0.award": book(3)})
    assert tally.differences == {("0.award", ("xl/worksheets/sheet1.xml", "A6")): (2.0, 3.0)}
    empty = Book("核定與經費表")
    empty.page("學校")
    tally = recalculation.compared({"0.award": book(2)}, {"0.award": empty.save()})
    assert [pair[1] for pair in tally.differences.values()] == [None, None]


RANGE = re.compile(r"(?<![!$\w])\$?([A-Z]{1,2})\$?(\d+):\$?\1\$?(\d+)")


@pytest.mark.parametrize("number", [0, 1])
def test_no_sum_runs_backwards_or_over_itself(number):
    """Programmes in which lists are empty: a county without schools, no payee, no budget."""
    looked_at = 0
    for name, content in recalculation.books(number).items():
        for _, xml in parts(content):
            for cell, _, inner in CELL.findall(xml):
                for column, first, last in RANGE.findall(inner if "<f" in inner else ""):
                    looked_at += 1
                    own = cell.rstrip("0123456789") == column and int(first) <= int(
                        cell[len(column) :]
                    ) <= int(last)
                    assert int(first) <= int(last), (name, cell)
                    assert not own, (name, cell)
    assert looked_at > 50


def test_a_number_without_a_source_is_told():
    assert set(inputs.inputs(book(2))) - set(inputs.DECLARED) == {("核定與經費表", "學校", "丙")}
