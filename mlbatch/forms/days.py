"""What a date means (日期判讀): ROC years in every spelling, ISO, and what a spreadsheet holds.

Pure functions from a raw cell to its meanings, or to `(value, understood)`; a blank gives None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from mlbatch import roc
from mlbatch.forms import numerals
from mlbatch.forms.cells import Meaning, Raw, half

EPOCH = datetime(1899, 12, 30)  # a spreadsheet's day 0
EPOCH_1904 = datetime(1904, 1, 1)  # of workbooks that began on an old Macintosh
YEARS = range(2010, 2031)  # no paper of the programme bears a date outside
ROC_YEARS = range(1, 200)
NOISE = timedelta(milliseconds=5)  # a serial's last digits; what is left below a second is cut off

DAY = re.compile(
    r"(?:中華)?(?:民國)?\s*(?P<year>\d{2,4})\s*(?P<mark>[-./年])\s*(?P<month>\d{1,2})\s*[-./月]\s*(?P<day>\d{1,2})(?!\d)\s*日?",
    re.ASCII,
)
YEAR_LAST = re.compile(r"(?P<month>\d{1,2})[-./](?P<day>\d{1,2})[-./](?P<year>\d{3,4})(?!\d)", re.ASCII)
CHINESE = re.compile("[零〇○一二三四五六七八九十百廿卅]+(?=[年月日])")
LONG = 6  # digits: longer ones write month and day with two each
SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
WEEKDAY = re.compile(r"\s*(?:\((?:星期|週|周)?[一二三四五六日]\)|(?:星期|週|周)[一二三四五六日])")
HALVES = {"上午": "AM", "早上": "AM", "下午": "PM", "晚上": "PM", "中午": "PM"}
HOUR = re.compile(
    r"\s*T?\s*(?P<half>AM|PM)?\s*(?P<hour>\d{1,2})[:時點]\s*(?P<minute>\d{1,2})?(?:[:分]\s*(?:(?P<second>\d{1,2})(?:\.(?P<part>\d+))?秒?)?)?"
    r"\s*(?P<after>AM|PM)?\s*(?:\+08:?00)?",
    re.ASCII | re.IGNORECASE,
)


def day(raw: Raw) -> tuple[date | None, bool]:
    """A day: `106/09/29`, `民國106年9月29日`, `1060929`, `2017-09-29`, a date cell, a serial."""
    found, understood = moment(raw)
    return (found.date() if found else None), understood


def moment(raw: Raw) -> tuple[datetime | None, bool]:
    """A moment of Taipei, to the second; a day alone is its midnight."""
    return (None, True) if raw is None or (isinstance(raw, str) and not half(raw)) else moments(raw).only


def days(raw: Raw) -> Meaning:
    """The days that a cell can mean, of the programme's years only, in order."""
    meaning = moments(raw)
    return Meaning(tuple(dict.fromkeys(found.date() for found in meaning.values)), meaning.plain)


def moments(raw: Raw) -> Meaning:
    """The moments that a cell can mean: several for `1/2/107` and for `106111`."""
    if isinstance(raw, str):
        return _of_words(half(raw))
    if isinstance(raw, date):  # a datetime is one
        return _of_cell(raw if isinstance(raw, datetime) else datetime.combine(raw, time()))
    if raw is None or isinstance(raw, bool | time) or not 0 < raw < 10**8:
        return Meaning()
    return _of_words(str(int(raw)) if raw == int(raw) else repr(raw))


def from_1904(raw: Raw) -> Raw:
    """A serial that counts from 1904, as one that counts from 1900; any other cell as it is."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not SERIAL.fullmatch(f"{raw:.0f}"):
        return raw
    return raw + (EPOCH_1904 - EPOCH).days


def _of_cell(found: datetime) -> Meaning:
    """A date cell; in one of the year 106 LibreOffice took the Republic's year for another's."""
    if found.year not in ROC_YEARS:
        return Meaning(_within([found]))
    return Meaning(_within([_build(found.year, found.month, found.day, "")]), False)


def _of_words(words: str) -> Meaning:
    if SERIAL.fullmatch(words) and (serial := _within([EPOCH + timedelta(days=float(words))])):
        return Meaning(serial, False)
    if words.isdecimal():
        return Meaning(_within(_split(words)), False)
    written = WEEKDAY.sub(" ", CHINESE.sub(_numeral, words))
    for chinese, western in HALVES.items():
        written = written.replace(chinese, western)
    if found := DAY.match(written):
        return Meaning(_within([_match(found, written)]), CHINESE.search(words) is None)
    found = YEAR_LAST.match(written)
    return Meaning(
        _within([_match(found, written), _match(found, written, swapped=True)]) if found else (), False
    )


def _within(found: Iterable[datetime | None]) -> tuple[datetime, ...]:
    """Those of the programme's years, each once, in order and in whole seconds."""
    kept = {(one + NOISE).replace(microsecond=0, tzinfo=None) for one in found if one and one.year in YEARS}
    return tuple(sorted(kept))


def _split(digits: str) -> Iterator[datetime | None]:
    """Every day that bare digits can spell: a year of two to four, then month and day of one or two."""
    for year in range(2, 5):
        for month in range(1, 3):
            parts = digits[:year], digits[year : year + month], digits[year + month :]
            if (
                all(parts)
                and len(parts[2]) <= 2
                and not (len(digits) > LONG and min(map(len, parts[1:])) < 2)
            ):
                yield _build(*map(int, parts), "")


def _numeral(found: re.Match) -> str:
    values = numerals.readings(found[0])
    return str(values[0]) if len(values) == 1 else found[0]


def _match(found: re.Match, words: str, *, swapped: bool = False) -> datetime | None:
    month, day = ("day", "month") if swapped else ("month", "day")
    return _build(int(found["year"]), int(found[month]), int(found[day]), words[found.end() :])


def _build(year: int, month: int, day: int, rest: str) -> datetime | None:
    """The day, of a ROC year where `year` is one, and the time of day in `rest`; None if there is no such."""
    clock = _clock(rest)
    try:
        that_day = roc.from_parts(year, month, day) if year in ROC_YEARS else date(year, month, day)
        return None if clock is None else datetime.combine(that_day, time()) + clock
    except ValueError:
        return None


def _clock(words: str) -> timedelta | None:
    """The time of day, or None if it is none; nothing is midnight."""
    if not words.strip():
        return timedelta()
    found = HOUR.fullmatch(words.rstrip())
    if not found or (found["half"] and found["after"]):
        return None
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    part = (found["half"] or found["after"] or "").upper()
    if minute > 59 or second > 59 or hour > 23 or (part == "AM" and hour > 12):
        return None
    hour += 12 if part == "PM" and hour < 12 else -12 if part == "AM" and hour == 12 else 0
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=_micro(found["part"]))


def _micro(digits: str | None) -> int:
    return int((digits or "0")[:6].ljust(6, "0"))
