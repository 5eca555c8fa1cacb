"""What a date means (日期判讀): ROC years in every spelling, ISO, and what a spreadsheet holds.

Like `cells`: pure functions from a raw cell to `(value, understood)`; a blank gives None.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from mlbatch import roc
from mlbatch.forms.cells import Raw, half

EPOCH = datetime(1899, 12, 30)  # a spreadsheet's day 0
YEARS = range(2010, 2031)  # no paper of the programme bears a date outside
ROC_YEARS = range(1, 200)
NOISE = timedelta(milliseconds=5)  # a serial's last digits; what is left below a second is cut off

DAY = re.compile(
    r"(?:中華)?(?:民國)?\s*(?P<year>\d{2,4})\s*(?P<mark>[-./年])\s*(?P<month>\d{1,2})\s*[-./月]\s*(?P<day>\d{1,2})\s*日?",
    re.ASCII,
)
DIGITS = re.compile(r"(?P<year>\d{2,4})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII)
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
    if isinstance(raw, str):
        words = half(raw)
        if not words:
            return None, True
        return _within(_from_words(words))
    if raw is None:
        return None, True
    if isinstance(raw, datetime):
        return _within(raw)
    if isinstance(raw, date):
        return _within(datetime.combine(raw, time()))
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw < 10**8:
        return None, False
    return _within(_from_words(str(int(raw)) if raw == int(raw) else repr(raw)))


def _within(found: datetime | None) -> tuple[datetime | None, bool]:
    """Of the programme's years only, and in whole seconds."""
    if found is None or found.year not in YEARS:
        return None, False
    return (found + NOISE).replace(microsecond=0, tzinfo=None), True


def _from_words(words: str) -> datetime | None:
    if SERIAL.fullmatch(words):
        return EPOCH + timedelta(days=float(words))
    if found := DIGITS.fullmatch(words):
        return _build(found, "")
    words = WEEKDAY.sub(" ", words)
    for chinese, western in HALVES.items():
        words = words.replace(chinese, western)
    found = DAY.match(words)
    return _build(found, words[found.end() :]) if found else None


def _build(found: re.Match, rest: str) -> datetime | None:
    year, month, number = (int(found[name]) for name in ("year", "month", "day"))
    clock = _clock(rest)
    try:
        that_day = roc.from_parts(year, month, number) if year in ROC_YEARS else date(year, month, number)
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
