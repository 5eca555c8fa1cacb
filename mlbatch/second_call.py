"""Counties that were asked to recommend again (再次徵件): each has a closing time of its own (肆.五※).

What such a county hands in after the first closing and up to its own adds schools to those of its first
list; it replaces nothing that was handed in then (肆.四(四)4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

AGAIN = "再次徵件"  # ends the name of a document of the second call
FIRST, SECOND = 1, 2  # the call in which a school was recommended


@dataclass(frozen=True, slots=True)
class SecondCall:
    """One county's second call: announced on a day, closing at a moment, that second included."""

    county: str
    announced: date
    closing: datetime

    def takes(self, at: datetime, first_closing: datetime) -> bool:
        """Whether an upload of this moment was made for it."""
        return first_closing < at <= self.closing and at.date() >= self.announced

    def closed(self, as_of: date) -> bool:
        """Whether it has closed by the end of the day `as_of`."""
        return as_of >= self.closing.date()


def second_calls(rows: Iterable[Mapping[str, object]], as_of: date) -> dict[str, SecondCall]:
    """County → its second call, of those announced by the day `as_of`; of several the last closing counts.

    `rows` of the register 再次徵件; what is blank is told by its form.
    """
    calls: dict[str, SecondCall] = {}
    for row in rows:
        if not (row["county"] and row["announced"] and row["closing"]) or row["announced"] > as_of:
            continue
        one = SecondCall(row["county"], row["announced"], row["closing"])
        if one.county not in calls or one.closing > calls[one.county].closing:
            calls[one.county] = one
    return calls
