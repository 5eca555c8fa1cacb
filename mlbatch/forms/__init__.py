"""What people fill (表件): goes out as a template, comes back as a workbook.

`all_forms(plan)` is the list of every form of a plan year; a new form is a module beside these
and one line here.
"""

from mlbatch.forms import (
    application,
    award,
    budget,
    change,
    claim,
    coach_application,
    coach_record,
    county_logbook,
    examples,
    logbook,
    profile,
    recommendation,
    registers,
    revised_plan,
    score,
    settlement,
)
from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.plan import Plan

FORMS = (
    recommendation.form,
    application.form,
    score.form,
    award.form,
    revised_plan.form,
    claim.form,
    budget.form,
    budget.county_form,
    logbook.form,
    profile.form,
    change.form,
    county_logbook.form,
    coach_application.form,
    coach_record.form,
    settlement.form,
)


def all_forms(plan: Plan) -> dict[str, Form]:
    """Every form of the plan year by identifier, registers last."""
    declared = (*(make(plan) for make in FORMS), *registers.forms(plan))
    return {form.id: examples.with_examples(form, plan) for form in declared}


__all__ = ["FORMS", "Field", "Form", "Kind", "Sheet", "all_forms"]
