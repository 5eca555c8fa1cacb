"""民國 dates: ISO inside, ROC years for people.

The Republic's year 1 is 1912, so year 107 is 2018.
"""

from __future__ import annotations

from datetime import date, datetime

FIRST_YEAR = 1912


def year(day: date) -> int:
    """The ROC year of a day: 2018-01-19 → 107."""
    return day.year - FIRST_YEAR + 1


def long(day: date) -> str:
    """民國107年1月19日."""
    return f"民國{year(day)}年{day.month}月{day.day}日"


def short(day: date) -> str:
    """107.01.19."""
    return f"{year(day)}.{day.month:02d}.{day.day:02d}"


def minute(moment: datetime) -> str:
    """106.09.29 12:00:00, with seconds, since closing is held to the second."""
    return f"{short(moment)} {moment:%H:%M:%S}"


def from_parts(roc_year: int, month: int, day: int) -> date:
    """The day of a ROC year, month and day; raises ValueError for a day that does not exist."""
    return date(roc_year + FIRST_YEAR - 1, month, day)
