"""Examples of days (日期範例), of the plan year whose form it is: the day on which the call closes, and a moment before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mlbatch import roc
from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.plan import Plan

BEFORE_CLOSING = timedelta(seconds=117)


def with_examples(form: Form, plan: Plan) -> Form:
    """The form, its fields that hold days with an example of the plan year."""
    closing = plan.calendar.closing
    of = {Kind.DATE: roc.short(closing), Kind.MOMENT: roc.minute(closing - BEFORE_CLOSING)}

    def fields(some: tuple[Field, ...]) -> tuple[Field, ...]:
        return tuple(replace(one, example=of[one.kind]) if one.kind.dated else one for one in some)

    def sheet(one: Sheet) -> Sheet:
        return replace(one, head=fields(one.head), rows=fields(one.rows))

    return replace(form, sheets=tuple(map(sheet, form.sheets)))
