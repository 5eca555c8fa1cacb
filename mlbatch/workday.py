"""Working days (上班日): whether a due date that falls on a holiday moves is the office's to say (Z6, 柒.九)."""

from __future__ import annotations

from datetime import date, timedelta

from mlbatch.plan import Plan

SATURDAY = 5
DAY = timedelta(days=1)


def is_working(day: date, plan: Plan) -> bool:
    """Whether offices are open: no Saturday or Sunday but a make-up day, and no holiday of the settings."""
    iso = day.isoformat()
    if iso in plan.settling.holidays:
        return False
    return day.weekday() < SATURDAY or iso in plan.settling.workdays


def due(day: date, plan: Plan) -> date:
    """The day by which something is due: `day`, or the next working day if the office moves due dates (Z6)."""
    while plan.settling.to_working_day and not is_working(day, plan):
        day += DAY
    return day
