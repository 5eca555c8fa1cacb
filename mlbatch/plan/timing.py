"""Whether the days of a plan year are its own, and in their order (作業時程).

A plan year is written once a year from the one before; a day that was left standing, or a year mistyped, would
close a call before it opens. So days are held against the year and against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from mlbatch.plan.files import PlanError

if TYPE_CHECKING:
    from mlbatch.plan.plan import Plan

FIRST_YEAR = 1911  # the Republic's year 0; plan data know no other module
# Values that follow each other, the earliest first.
IN_ORDER = (
    ("calendar.call", "calendar.closing", "calendar.letter_due", "record.letter_corrected_by"),
    ("calendar.closing", "calendar.review_from", "calendar.award_from", "calendar.award_until"),
    ("calendar.award_from", "calendar.start", "budget.succession_until", "calendar.end"),
    ("calendar.encouraged_closing", "calendar.county_closing", "calendar.closing"),
    ("calendar.start", "deliverables.second_semester_from", "calendar.end", "closing.settlement_due"),
    ("calendar.start", "settling.begin", "closing.settlement_due"),
    ("calendar.start", "closing.data_due", "closing.settlement_due"),
)
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
WITHIN = (
    "visits.first_by", "tracking.wireless_by", "tracking.county_plan_by", "coach_terms.demonstration_by",
    "coach_terms.report_by",
)  # fmt: skip
MONTHS = (
    "deliverables.school", "deliverables.classes", "deliverables.profile", "deliverables.visits", "events.large",
    "events.regional_due",
)  # fmt: skip


def timely(plan: Plan) -> Plan:
    """Return `plan`; raise PlanError where a day is not of its year, or not in its order."""
    start, end = plan.calendar.start, plan.calendar.end
    if start.year != plan.year + FIRST_YEAR:
        raise PlanError(f"「{plan.sources['calendar.start'].label}」{start} 不在 {plan.year} 年。")
    if end >= start.replace(year=start.year + 1):
        raise PlanError(f"「{plan.sources['calendar.end'].label}」{end} 在開始一年之後。")
    for names in IN_ORDER:
        for earlier, later in pairwise(names):
            if _day(plan.value(earlier)) > _day(plan.value(later)):
                raise PlanError(_said(plan, earlier, later))
    for name in WITHIN:
        if not start <= (day := plan.value(name)) <= end:
            raise PlanError(f"「{plan.sources[name].label}」{day} 不在計畫期程內。")
    for name in MONTHS:
        for month in _months(plan.value(name)):
            if not MONTH.fullmatch(month):
                raise PlanError(f"「{plan.sources[name].label}」之月份 {month} 不是西元年-月。")
            if not f"{start:%Y-%m}" <= month <= f"{end:%Y-%m}":
                raise PlanError(f"「{plan.sources[name].label}」之月份 {month} 不在計畫期程內。")
    if len(plan.schools.semesters) != 2:
        raise PlanError(f"「{plan.sources['schools.semesters'].label}」應為兩學期。")
    if plan.closing.barred_year <= plan.year:
        raise PlanError(f"「{plan.sources['closing.barred_year'].label}」應晚於 {plan.year} 年度。")
    return plan


def _said(plan: Plan, earlier: str, later: str) -> str:
    (first, one), (second, two) = ((plan.sources[name].label, plan.value(name)) for name in (earlier, later))
    return f"「{first}」{_day(one)} 晚於「{second}」{_day(two)}。"


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _months(value: object) -> Iterator[str]:
    """The months of a value: a text, a list of them, or either by name."""
    match value:
        case str():
            yield value
        case tuple() | list():
            yield from value
        case _:
            for one in value.values():
                yield from _months(one)
