"""Whole numbers in Chinese writing (國字數字): 十二, 壹拾貳萬, 1萬2千, 一〇七.

Pure: words → every number that they can mean. 一萬二 is 12,000 to most people and 10,002 to some,
二三 is 23 or two to three: such words have two readings, and none is chosen here.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

WRITTEN = ("零〇○", "一壹", "二貳貮兩", "三參叁", "四肆", "五伍", "六陸", "七柒", "八捌", "九玖")
DIGITS = {character: digit for digit, same in enumerate(WRITTEN) for character in same}
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"萬": 10**4, "億": 10**8}
UNITS = SMALL | LARGE
TENS = str.maketrans({"廿": "二十", "卅": "三十", "万": "萬", "亿": "億"})  # 廿一 is 二十一
PLACES = re.compile(f"[{''.join(DIGITS)}]+")
PART = re.compile(
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|[{''.join(DIGITS)}])|(?P<unit>[{''.join(UNITS)}])",
    re.ASCII,
)
CIRCLES = {"〇", "○"}  # alone, more often a tick than a zero
CLEAR = 3  # 12萬500 says five hundred; 12萬5 and 12萬50 do not say what they count


def readings(words: str) -> tuple[int, ...]:
    """Every whole number that `words` can mean, the likeliest first; none if they are no number."""
    words = words.translate(TENS)
    if words.isascii():
        return ()
    if PLACES.fullmatch(words):
        return () if set(words) <= CIRCLES else _places(words)
    parts = _parts(words)
    return _counted(parts) if parts else ()


def _places(words: str) -> tuple[int, ...]:
    """Digit by digit: 一〇七 is 107; two that follow each other (二三) may be a guess."""
    digits = [DIGITS[c] for c in words]
    number = int("".join(map(str, digits)))
    guessed = len(digits) == 2 and 0 < digits[0] == digits[1] - 1
    return (number, digits[0]) if guessed else (number,)


class _Part(NamedTuple):
    """A number (`worth` 0 for a 零) or a unit."""

    unit: bool
    worth: Fraction
    words: str


def _parts(words: str) -> list[_Part]:
    """The numbers and units of `words`; empty if something else stands between them."""
    parts, end = [], 0
    for found in PART.finditer(words):
        if found.start() != end:
            return []
        end, text = found.end(), found[0]
        worth = UNITS.get(text, DIGITS.get(text))
        worth = Fraction(text.replace(",", "")) if worth is None else Fraction(worth)
        parts.append(_Part(found.lastgroup == "unit", worth, text))
    return parts if end == len(words) else []


def _counted(parts: list[_Part]) -> tuple[int, ...]:
    """Numbers with units: Σ number × unit, for each 萬 and 億; () if they stand out of order."""
    total, section, lowest = Fraction(0), [], None
    for part in parts:
        if part.words not in LARGE:
            section.append(part)
            continue
        worth = _section(section)
        if not worth or (lowest is not None and part.worth >= lowest):
            return ()
        total, section, lowest = total + worth * part.worth, [], part.worth
    rest = _section(section)
    if rest is None or (total + rest).denominator != 1:
        return ()
    return _last(parts, int(total + rest))


def _section(parts: list[_Part]) -> Fraction | None:
    """What stands before a 萬: units falling, each after its number; 十 may stand alone at the head."""
    worth, number, lowest = Fraction(0), None, None
    for part in parts:
        if not part.unit:
            if number:  # two numbers in a row; a 零 before one says nothing
                return None
            number = part.worth
        elif (lowest is not None and part.worth >= lowest) or (
            number is None and (worth or part.worth != 10)
        ):
            return None
        else:
            worth, number, lowest = worth + (1 if number is None else number) * part.worth, None, part.worth
    return worth + (number or 0)


def _last(parts: list[_Part], amount: int) -> tuple[int, ...]:
    """A bare number at the end: after 萬, 千 or 百 it may count the next lower unit."""
    if len(parts) < 2 or parts[-1].unit or not parts[-2].unit or parts[-2].worth <= 10:
        return (amount,)
    unit, number = int(parts[-2].worth), parts[-1]
    places = len(number.words)
    if not number.worth or places >= min(CLEAR, len(str(unit)) - 1):
        return (amount,)
    return (amount - int(number.worth) + int(number.worth) * unit // 10**places, amount)
