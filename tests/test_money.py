"""Whole NT$: shares, accounts and numerals (柒.一, 肆.四(四)1, P2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch import money
from tests.rules.award_tables import law

AMOUNTS = st.integers(0, 10**9)
PERCENTS = st.integers(1, 100)


def test_the_county_pays_the_remainder_of_its_share():
    """B7: the one real case, 嘉義縣, grade 5."""
    assert money.central_share(2_043_295, 90) == (1_838_965, 204_330)


def test_nothing_is_lost_in_a_share():
    assert money.central_share(101, 90) == (90, 11)
    assert money.central_share(0, 90) == (0, 0)
    assert money.central_share(7, 100) == (7, 0)


@pytest.mark.parametrize(("grant", "percent", "total"), [(180_000, 90, 200_000), (120_000, 70, 171_429)])
def test_the_plan_total_of_a_grant(grant, percent, total):
    assert money.total_for_grant(grant, percent) == total


@law
@given(AMOUNTS, PERCENTS)
def test_a_grant_is_the_central_share_of_its_plan_total(grant, percent):
    total = money.total_for_grant(grant, percent)
    assert money.central_share(total, percent) == (grant, total - grant)
    assert grant == 0 or money.central_share(total - 1, percent)[0] < grant


def test_capital_is_rounded_down_to_the_thousand():
    """B6: 20 % of 132,000 is 26,400, of which 26,000 are capital."""
    assert money.accounts(132_000, 20, 1000) == (106_000, 26_000)
    assert money.accounts(120_000, 20, 1000) == (96_000, 24_000)
    assert money.accounts(0, 20, 1000) == (0, 0)
    assert money.accounts(4_999, 20, 1000) == (4_999, 0)


@pytest.mark.parametrize(
    ("amount", "percent", "rounded"),
    [(152_000, 6, 9_120), (108, 6, 6), (109, 6, 7), (50, 1, 1), (49, 1, 0), (0, 6, 0)],
)
def test_a_percentage_is_rounded_half_up(amount, percent, rounded):
    """G1: sundries of 6 % (四捨五入)."""
    found = money.percent_half_up(amount, percent)
    assert (found, type(found)) == (rounded, int)


@law
@given(AMOUNTS, st.integers(0, 100), st.sampled_from([1, 10, 1000]))
def test_accounts_add_up(grant, percent, unit):
    current, capital = money.accounts(grant, percent, unit)
    assert current + capital == grant
    assert capital % unit == 0
    assert capital * 100 <= grant * percent < (capital + unit) * 100


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (120_000, "壹拾貳萬元整"),
        (204_000_000, "貳億零肆佰萬元整"),
        (300_000_010, "參億零壹拾元整"),
        (6_890_880, "陸佰捌拾玖萬零捌佰捌拾元整"),
        (0, "零元整"),
        (1, "壹元整"),
        (10, "壹拾元整"),
        (1_005, "壹仟零伍元整"),
        (10_000, "壹萬元整"),
        (10_005, "壹萬零伍元整"),
        (100_500, "壹拾萬零伍佰元整"),
        (2_043_295, "貳佰零肆萬參仟貳佰玖拾伍元整"),
        (10_001_000, "壹仟萬壹仟元整"),
        (100_000_001, "壹億零壹元整"),
        (100_001_000, "壹億零壹仟元整"),
        (120_000_000, "壹億貳仟萬元整"),
        (10**9, "壹拾億元整"),
    ],
)
def test_formal_numerals(amount, words):
    assert money.formal(amount) == words


@pytest.mark.parametrize("amount", [-1, 10**9 + 1])
def test_formal_numerals_refuse_what_is_no_amount(amount):
    with pytest.raises(ValueError, match="out of range"):
        money.formal(amount)


VALUES = {digit: value for value, digit in enumerate("零壹貳參肆伍陸柒捌玖")}
TIMES = {"拾": 10, "佰": 100, "仟": 1000}


def spoken(words):
    """The amount that formal numerals say, read from left to right."""
    total = group = digit = 0
    for sign in words.removesuffix("元整"):
        if sign in VALUES:
            digit = VALUES[sign]
        elif sign in TIMES:
            group, digit = group + digit * TIMES[sign], 0
        else:
            total, group, digit = total + (group + digit) * {"萬": 10**4, "億": 10**8}[sign], 0, 0
    return total + group + digit


@law
@given(AMOUNTS | st.integers(0, 10**5))
def test_formal_numerals_say_the_amount(amount):
    words = money.formal(amount)
    assert spoken(words) == amount
    assert "零零" not in words
    assert amount == 0 or not words.removesuffix("元整").endswith("零")
    assert amount == 0 or not words.startswith("零")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (2_043_295, "204萬3,295元"),
        (120_000, "12萬元"),
        (9_500, "9,500元"),
        (0, "0元"),
        (100_000_000, "1億元"),
        (123_456_789, "1億2,345萬6,789元"),
    ],
)
def test_amounts_in_letters(amount, words):
    assert money.colloquial(amount) == words


def test_money_of_classes_that_left_is_rounded_down():
    """Z2: per-class amount × classes × remaining semesters ÷ semesters."""
    assert money.class_refund(60_000, 1, 1, 2) == 30_000
    assert money.class_refund(60_001, 1, 1, 2) == 30_000
    assert money.class_refund(60_000, 3, 2, 2) == 180_000
    assert money.class_refund(60_000, 3, 0, 2) == 0


@law
@given(planned=st.integers(0, 10**9), granted=st.integers(0, 10**9), spent=st.integers(0, 10**9))
def test_the_grants_share_of_a_surplus_is_at_most_the_grant(planned, granted, spent):
    """Z2: E × B ÷ A, rounded down; nothing where more was spent than planned."""
    share = money.surplus_share(planned, granted, spent)
    assert 0 <= share <= granted
    assert share * planned <= max(0, planned - spent) * granted
    assert (share + 1) * planned > max(0, planned - spent) * granted or not planned


@pytest.mark.parametrize(
    ("planned", "granted", "spent", "share"),
    [(160_000, 144_000, 159_999, 0), (3, 2, 1, 1), (3, 2, 0, 2), (3, 2, 4, 0), (0, 5, 0, 0), (10**9, 10**9, 1, 10**9 - 1)],
)  # fmt: skip
def test_the_grants_share_of_a_surplus_is_a_whole_number(planned, granted, spent, share):
    """Z2: what is below one dollar stays with the recipient."""
    assert money.surplus_share(planned, granted, spent) == share
