"""Lists and plans side by side (名單與計畫書): neither counts without the other (肆.四(一)2, S2).

A national school hands in its plan by itself, and no county ranks it (肆.四(三), S3).
"""

from __future__ import annotations

from datetime import date

from mlbatch import catalogue
from mlbatch.applicant import applicants
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables


def complete(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S2: S2-no-plan for a listed school, S2-not-listed for a plan; not for what merely came late."""
    late_of = {form: set(rows["school"]) for form, rows in tables["late"].groupby("form")}
    findings = []
    for school in applicants(tables):
        if not school.plan_place and school.key not in late_of.get("application", ()):
            findings.append(school.finding(catalogue.S2_NO_PLAN))
        if not (school.list_place or school.national or school.key in late_of.get("recommendation", ())):
            findings.append(school.finding(catalogue.S2_NOT_LISTED))
    return tables, findings


def national(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S3: S3-national-listed where a county lists a national school (肆.四(三))."""
    found = [
        school.listed(catalogue.S3_NATIONAL_LISTED, "code")
        for school in applicants(tables)
        if school.national and school.list_place
    ]
    return tables, found
