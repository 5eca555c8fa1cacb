"""Whole New Taiwan dollars (新臺幣元): the one place that divides, and says where the rest goes.

Every amount is an `int`; percentages are whole numbers.
"""

from __future__ import annotations

DIGITS = "零壹貳參肆伍陸柒捌玖"
UNITS = ("", "拾", "佰", "仟")
GROUPS = ("", "萬", "億")
LARGEST = 10**9


def percent_down(amount: int, percent: int, unit: int = 1) -> int:
    """`percent` of `amount`, rounded down to a multiple of `unit`; the rest stays with the payer."""
    return amount * percent // (100 * unit) * unit


def percent_half_up(amount: int, percent: int) -> int:
    """`percent` of `amount` (0 or more), rounded half up (四捨五入)."""
    return (amount * percent + 50) // 100


def central_share(total: int, percent: int) -> tuple[int, int]:
    """Split a plan's total into (central share, own share); the county pays the remainder (柒.一).

    2,043,295 at 90 % is 1,838,965 and 204,330.
    """
    central = percent_down(total, percent)
    return central, total - central


def total_for_grant(grant: int, percent: int) -> int:
    """The smallest plan total of which `grant` is the central share at `percent` (柒.一).

    `central_share(total_for_grant(g, p), p)[0] == g` for every grant and 0 < p <= 100.
    """
    return -(-grant * 100 // percent)


def accounts(grant: int, capital_percent: int, unit: int) -> tuple[int, int]:
    """Split a grant into (current 經常門, capital 資本門); capital rounded down to `unit`."""
    capital = percent_down(grant, capital_percent, unit)
    return grant - capital, capital


def class_refund(per_class: int, classes: int, remaining: int, semesters: int) -> int:
    """What is returned for classes that leave with `remaining` of their semesters to go (柒.九(三)), rounded down.

    60,000 for 1 class with 1 of 2 semesters to go is 30,000.
    """
    return per_class * classes * remaining // semesters


def surplus_share(planned: int, granted: int, spent: int) -> int:
    """The grant's share of what was planned and not spent, A − D times B ÷ A, rounded down; never negative (柒.九(三))."""
    return max(0, planned - spent) * granted // planned if planned else 0


def formal(amount: int) -> str:
    """The amount in formal numerals (國字大寫): 120000 → 壹拾貳萬元整.

    Raises ValueError for a negative amount or one above 10^9.
    """
    if not 0 <= amount <= LARGEST:
        raise ValueError(f"amount out of range: {amount}")
    return _group_words(amount) + "元整"


def _group_words(amount: int) -> str:
    if amount == 0:
        return DIGITS[0]
    words, rest, gap = "", amount, False
    for index in reversed(range(len(GROUPS))):
        group, rest = divmod(rest, 10_000**index)
        if group == 0:
            gap = bool(words)
            continue
        zero = bool(words) and (gap or group < 1000)
        words += (DIGITS[0] if zero else "") + _four_digits(group) + GROUPS[index]
        gap = False
    return words


def _four_digits(group: int) -> str:
    words, gap = "", False
    for index in reversed(range(len(UNITS))):
        digit = group // 10**index % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += (DIGITS[0] if gap else "") + DIGITS[digit] + UNITS[index]
        gap = False
    return words


def colloquial(amount: int) -> str:
    """The amount as letters write it: 2043295 → 204萬3,295元; below ten thousand 9,500元."""
    hundred_million, rest = divmod(amount, 10**8)
    ten_thousand, units = divmod(rest, 10**4)
    words = f"{hundred_million}億" if hundred_million else ""
    words += f"{ten_thousand:,}萬" if ten_thousand else ""
    return words + (f"{units:,}" if units or not words else "") + "元"
