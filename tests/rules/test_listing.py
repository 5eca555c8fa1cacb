"""A county's list in itself (肆.四(一)2, S6); needs no register."""

import pytest

from mlbatch.rules import listing as rule
from mlbatch.tables import Tables
from tests.rules.intake_tables import BEFORE, LIST, PLAN, found, listing, row, school, tables

SCHOOLS = [school(number) for number in range(1, 5)]


def check(*ranks, order=None):
    """What is found in a list with those ranks."""
    rows = [row(of, rank) for of, rank in zip(SCHOOLS, ranks, strict=False)]
    return _check(tables([listing(*rows)], order=order))


def _check(made):
    made, findings = rule.check(made, PLAN, BEFORE)
    return made.found(findings)


@pytest.mark.parametrize("ranks", [(1,), (1, 2, 3), (3, 1, 2)])
def test_one_to_n_in_any_order_passes(ranks):
    assert found(check(*ranks)) == []


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ((1, 2, 5), [("S6-rank-gap", LIST, "A14")]),
        ((1, 3, 9, 10), [("S6-rank-gap", LIST, "A14"), ("S6-rank-gap", LIST, "A15")]),
        ((1, 2, 2), [("S6-rank-tie", LIST, "A13"), ("S6-rank-tie", LIST, "A14")]),
        ((1, None, 3), []),  # the blank itself was told when it was read
    ],
)
def test_gaps_and_ties(ranks, expected):
    assert found(check(*ranks)) == expected


def test_a_gap_says_what_is_missing():
    assert check(1, 2, 5).findings[0].sentence == "推薦序填 5，名單共 3 校，缺少第 3 序。"


def test_both_rows_of_a_tie_are_told_of_each_other():
    told = check(1, 2, 2).findings
    assert [one.facts["other"] for one in told] == ["14", "13"]


def test_a_school_listed_twice_is_told_at_both_rows():
    made = _check(tables([listing(row(SCHOOLS[0]), row(SCHOOLS[1], 2), row(SCHOOLS[0], 3))]))
    assert found(made) == [("S6-listed-twice", LIST, "B12"), ("S6-listed-twice", LIST, "B14")]
    assert made.findings[0].school == (SCHOOLS[0]["code"], "國小")


def test_a_code_at_two_levels_is_two_schools():
    both = row(SCHOOLS[0]), row({**SCHOOLS[0], "level": "國中"}, 2)
    assert found(_check(tables([listing(*both)]))) == []


def test_each_list_has_its_own_ranks():
    other = listing(row(school(1, county="屏東縣")), county="屏東縣")
    assert found(_check(tables([listing(row(SCHOOLS[0])), other]))) == []


def test_without_a_list_nothing_is_found():
    assert rule.check(Tables(), PLAN, BEFORE)[1] == []


@pytest.mark.parametrize("order", range(3))
def test_the_order_of_rows_does_not_matter(order):
    assert check(1, 2, 2, 9, order=order).findings == check(1, 2, 2, 9).findings
