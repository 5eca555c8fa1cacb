"""A school's own meetings (校內工作會議): recommended, so never overdue (伍.三(三), T2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from mlbatch.obligation import Act, Duty, semester_of, settle
from mlbatch.owed import of_school, owners, with_duties
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables

MEETING, PRINCIPAL, DIRECTOR = "校內工作會議", "校長參與會議", "教務主任參與會議"


def recommended(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """T2: rows of `duties` that are not required, from `meetings` with `school` and `known_on`."""
    held, asked = of_school(tables, "meetings"), list(_duties(plan))
    settled = [
        (owner, settle(owner.owing(asked), _acts(held.get(owner.key, ()), plan), as_of))
        for owner in owners(tables)
    ]
    return with_duties(tables, settled), []


def _duties(plan: Plan) -> Iterator[Duty]:
    first, second = plan.schools.semesters
    turn, end = plan.deliverables.second_semester_from, plan.calendar.end
    months = {first: turn.month - 1, second: end.month - turn.month + 1}
    for semester, due in ((first, turn - timedelta(days=1)), (second, end)):
        by, count = plan.cite("meetings.each_month"), months[semester] * plan.meetings.each_month
        yield Duty(MEETING, due, by, semester, count=count, required=False)
        for item in (PRINCIPAL, DIRECTOR):
            by, count = plan.cite("meetings.principal"), plan.meetings.principal
            yield Duty(item, due, by, semester, count=count, required=False)


def _acts(rows: Iterable[Mapping[str, object]], plan: Plan) -> Iterator[Act]:
    for row in rows:
        if row["day"]:
            semester = semester_of(row["day"], plan)
            done = {MEETING: True, PRINCIPAL: row["principal"] is True, DIRECTOR: row["director"] is True}
            yield from (Act(item, row["known_on"], semester) for item, yes in done.items() if yes)
