"""Z2: what one line of a settlement returns (柒.九(三)), from its amounts alone."""

import pytest

from mlbatch import refund
from mlbatch.refund import ALL_BACK, Line

GONE = "放棄補助"


@pytest.mark.parametrize(
    ("line", "exempt", "owed"),
    [
        (Line(160_000, 144_000, 144_000, 160_000), False, 0),
        (Line(160_000, 144_000, 144_000, 60_000), False, 90_000),
        (Line(160_000, 144_000, 144_000, 60_000), True, 0),  # the surplus of who stays is kept
        (Line(160_000, 144_000, 144_000, 60_000, left=GONE), True, 90_000),  # of who left it is not
        (Line(160_000, 144_000, 144_000, 200_000), False, 0),  # more was spent than planned
        (Line(160_000, 144_000, 144_000, 159_999), False, 0),  # of one dollar the share is nothing
        (Line(160_000, 144_000, 144_000, 159_990), False, 9),
        (Line(160_000, 144_000, 144_000, 160_000, 30_000), False, 30_000),  # classes that left, nothing else
        (Line(160_000, 144_000, 144_000, 160_000, 30_000), True, 30_000),
        (Line(160_000, 144_000, 144_000, 60_000, 30_000), False, 90_000),  # they are in the surplus already
        (Line(160_000, 144_000, 144_000, 60_000, 90_001), False, 90_001),
        (Line(160_000, 144_000, 100_000, 60_000), False, 46_000),  # what was not paid is not returned
        (Line(160_000, 144_000, 54_000, 60_000), False, 0),
        (Line(160_000, 144_000, 53_999, 60_000), False, 0),
        (Line(160_000, 144_000, 144_000, 0), False, 144_000),
        (Line(160_000, 144_000, 144_000, 0, 200_000), False, 144_000),  # never more than was paid
        (Line(160_000, 144_000, 100_000, 160_000, left=ALL_BACK), False, 100_000),
        (Line(160_000, 144_000, 100_000, 160_000, left=ALL_BACK), True, 100_000),
    ],
)
def test_what_a_line_returns(line, exempt, owed):
    assert line.owed(exempt) == owed


def test_the_surplus_is_that_of_who_stays_and_has_some_left():
    lines = [
        Line(160_000, 144_000, 144_000, 60_000),
        Line(40_000, 36_000, 36_000, 39_999),
        Line(40_000, 36_000, 36_000, 50_000),  # more was spent: it makes nobody else's surplus less
        Line(40_000, 36_000, 36_000, 0, left=GONE),
    ]
    assert refund.surplus(lines) == 100_001
    assert refund.surplus([lines[3], lines[0]]) == 100_000
    assert refund.surplus([]) == 0


AMOUNTS = {"planned": 160_000, "granted": 144_000, "paid": 100_000, "spent": 60_000}


def test_a_row_of_whole_amounts_is_a_line():
    assert refund.line(AMOUNTS) == Line(160_000, 144_000, 100_000, 60_000)
    more = {"classes_due": 30_000.0, "left": GONE}
    assert refund.line({name: float(one) for name, one in AMOUNTS.items()} | more) == Line(
        160_000, 144_000, 100_000, 60_000, 30_000, GONE
    )
    assert refund.line(AMOUNTS | {"classes_due": 30_000}).classes_due == 30_000


def test_words_for_the_classes_are_none_and_no_reason_is_no_leaving():
    assert refund.line(AMOUNTS | {"classes_due": "三萬", "left": None}) == Line(
        160_000, 144_000, 100_000, 60_000
    )


@pytest.mark.parametrize("wrong", [None, "100,000", True, 0.5, ""])
@pytest.mark.parametrize("name", AMOUNTS)
def test_a_row_without_a_whole_amount_is_no_line_yet(name, wrong):
    assert refund.line(AMOUNTS | {name: wrong}) is None
    assert refund.line({one: amount for one, amount in AMOUNTS.items() if one != name}) is None
