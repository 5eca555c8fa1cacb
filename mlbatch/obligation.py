"""What is owed by when, and what of it was done (應辦事項): one shape for every duty of the year (附件1).

A duty is so many acts of one kind, of one school or county, by a day, within a semester and, where it
counts by class, of one class. Acts of the same kind settle the duties in the order of their days, each
act one; so one more act never makes anything more overdue.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from mlbatch.classroom import Classes, most, of
from mlbatch.plan import Plan

DONE, LATE, THIS_MONTH, OVERDUE, LATER = "已完成", "逾期完成", "本月到期", "逾期", "未到期"
LACKING = "未達建議"  # what the plan only recommends is never overdue
GATHERING, RESULTS, COUNTY_PLAN = "縣市討論會議", "成果發表或交流會", "縣市計畫書"  # of a county
DEMONSTRATION, COACHING, COACH_MEETING = "全國示範觀摩", "輔導新手學校", "教練學校會議"  # of a coach school
SHARING, COACH_REPORT = "分享輔導心得", "輔導成果報告"
REGIONAL, PRINCIPALS = ("分區交流會", "教師專業發展工作坊"), "校長科技領導工作坊"  # 活動名稱
STATES = (DONE, LATE, THIS_MONTH, OVERDUE, LATER, LACKING)


@dataclass(frozen=True, slots=True)
class Duty:
    """`count` acts of `item` by the end of the day `due`; no `semester`: at any time of the year.

    What the plan only recommends is not `required`.
    """

    item: str
    due: date
    cite: str
    semester: str = ""
    class_: str = ""
    count: int = 1
    required: bool = True


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done: when it was known to be done (the day of hand-in), of which semester and class."""

    item: str
    day: date
    semester: str = ""
    class_: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """A duty with what of it was done: how many acts, the day of the last that it took, its state.

    `before` is the state at the end of the month before.
    """

    duty: Duty
    done: int
    day: date | None
    state: str
    before: str

    @property
    def owing(self) -> int:
        """How many acts are still to come."""
        return self.duty.count - self.done


@cache
def month_end(month: str) -> date:
    """The last day of a month written YYYY-MM."""
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, calendar.monthrange(year, number)[1])


def semester_of(day: date, plan: Plan) -> str:
    """The semester in which a day lies (附件1)."""
    first, second = plan.schools.semesters
    return second if day >= plan.deliverables.second_semester_from else first


def school_duties(plan: Plan, classes: Classes) -> list[Duty]:
    """What a school hands in (附件1); `classes`: those that it runs in each semester.

    An item of which a class owes one a year counts for the school as a whole, since a class changes its
    name between semesters; so do those that use the education cloud.
    """
    return Asked(plan).of(classes)


class Asked:
    """What a plan year asks of every school (附件1), made ready once for all of them."""

    def __init__(self, plan: Plan) -> None:
        self._semesters = plan.schools.semesters
        self._once = tuple(_once(plan))
        self._counted = tuple(_counted(plan))
        self._by_class = tuple(_by_class(plan))

    def of(self, classes: Classes) -> list[Duty]:
        """See `school_duties`."""
        dues = {one.due for one in (*self._once, *self._counted)}
        number = {due: most(classes, self._semesters, due) for due in dues}
        duties = [one for one in self._once if number[one.due]]
        duties += [replace(one, count=number[one.due]) for one in self._counted if number[one.due]]
        duties += [
            Duty(one.item, one.due, one.cite, one.semester, own.name)
            for one in self._by_class
            for own in of(classes, one.semester, one.due)
        ]
        return sorted(duties, key=in_order)


def _once(plan: Plan) -> Iterator[Duty]:
    """What a school owes that runs any class."""
    asked, cite = plan.deliverables, plan.cite
    for item, months in asked.school.items():
        for month in months:
            yield Duty(item, month_end(month), cite("deliverables.school"), _semester(months, month, plan))
    profile = plan.sources["deliverables.profile"].label
    for due in map(month_end, asked.profile):
        yield Duty(profile, due, cite("deliverables.profile"), semester_of(due, plan))


def _counted(plan: Plan) -> Iterator[Duty]:
    """What a school owes as often as it runs classes."""
    asked, cite = plan.deliverables, plan.cite
    for item, months in asked.classes.items():
        if len(months) == 1:
            yield Duty(item, month_end(months[0]), cite("deliverables.classes"))
    for item in asked.cloud:
        last = month_end(max([*asked.classes.get(item, ()), *asked.school.get(item, ())]))
        yield Duty(cloud(item), last, cite("deliverables.cloud"))


def _by_class(plan: Plan) -> Iterator[Duty]:
    """What each class of a semester owes."""
    for item, months in plan.deliverables.classes.items():
        for due in map(month_end, months) if len(months) > 1 else ():
            yield Duty(item, due, plan.cite("deliverables.classes"), semester_of(due, plan))


def cloud(item: str) -> str:
    """The name of the duty that `item` uses the education cloud (教案（使用教育雲資源）)."""
    return f"{item}（使用教育雲資源）"


def _semester(months: list[str], month: str, plan: Plan) -> str:
    return semester_of(month_end(month), plan) if len(months) > 1 else ""


def in_order(duty: Duty) -> tuple:
    """The stated order of duties: by day, then item, semester and class."""
    return duty.due, duty.item, duty.semester, duty.class_


def month_before(as_of: date) -> date:
    """The last day of the month before."""
    return as_of.replace(day=1) - timedelta(days=1)


def settle(duties: Iterable[Duty], acts: Iterable[Act], as_of: date) -> list[Settled]:
    """Each duty with its acts up to the end of the day `as_of`; the duties in their order."""
    done: dict[tuple[str, str, str], list[date]] = defaultdict(list)
    for act in sorted(acts, key=lambda act: act.day):
        if act.day <= as_of:
            for key in {(act.item, act.semester, act.class_), (act.item, "", "")}:
                done[key].append(act.day)
    taken: dict[tuple[str, str, str], int] = defaultdict(int)
    settled, before = [], month_before(as_of)
    for duty in sorted(duties, key=in_order):
        key = (duty.item, duty.semester, duty.class_)
        days = done[key][taken[key] : taken[key] + duty.count]
        taken[key] += len(days)
        then = _state(duty, [day for day in days if day <= before] if days else days, before)
        settled.append(Settled(duty, len(days), days[-1] if days else None, _state(duty, days, as_of), then))
    return settled


def _state(duty: Duty, days: Sequence[date], as_of: date) -> str:
    if len(days) >= duty.count:
        return LATE if duty.required and days and days[-1] > duty.due else DONE
    if as_of > duty.due:
        return OVERDUE if duty.required else LACKING
    return THIS_MONTH if (as_of.year, as_of.month) == (duty.due.year, duty.due.month) else LATER
