"""How many classes before the budget (班級數核定原則): caps, then the reduction (肆.六, C1–C5).

A request beyond a cap is cut to it and told; it is no reason to waive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

from mlbatch import catalogue
from mlbatch.applicant import Applicant, Key, applicants
from mlbatch.finding import Finding
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables

AT_LEAST = 1  # a school that is accepted keeps one class
REMOTE, NOT_REMOTE = "偏遠", "非偏遠"


class _Request(NamedTuple):
    """What a school requests and what limits it, from `schools`; None where there is nothing."""

    listed_requested: int | None
    requested: int | None
    level_cap: int | None
    new_cap: int | None
    cut_to_have: int | None
    remote: bool


def caps(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """C1, C2, C5: columns `level_cap`, `new_cap` (NA if not new), `cut_to_have` (NA if not cut).

    `cut_to_have` is the number of classes that the directory has in the plan's grades, where the
    school requests more; a school that the directory lists with no class at all is left as it is.
    """
    schools = tables["schools"]
    level_cap = schools["level"].map(plan.classes.cap).astype("Int64")
    new_cap = schools["remote"].map({True: plan.classes.new_remote, False: plan.classes.new_other})
    have = schools["classes_in_grades"]
    cut = (have > 0) & (schools["requested"] > have)
    schools = schools.assign(
        level_cap=level_cap,
        new_cap=new_cap.astype("Int64").where(schools["new"]),
        cut_to_have=have.where(cut.fillna(False)),
    )
    tables = tables.put(schools=schools)
    rows = _rows(schools, _Request._fields)
    found = [one for school in applicants(tables) for one in _over(school, _Request(*rows[school.key]))]
    return tables, found


def allow(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """C4, C5: columns `grade`, `reduction`, `allowed`, and C4-reduced where the grade costs classes.

    allowed = the least of what is requested and of the caps, less the reduction, but at least one;
    NA where no number of classes could be read.
    """
    schools, register = tables["schools"], tables["school_record"]
    grades: dict[Key, str] = {}
    for code, level, grade in register[[*KEY, "grade"]].itertuples(index=False):
        grades.setdefault((code, level), grade)
    grade = [grades.get(key, "") for key in _keys(schools)]
    limits = schools[["requested", "level_cap", "new_cap", "cut_to_have"]]
    least = limits.min(axis=1).astype("Int64").where(schools["requested"].notna())
    reduction = pd.Series(
        [plan.reduction.by_grade.get(one, 0) for one in grade], schools.index, dtype="Int64"
    )
    schools = schools.assign(
        grade=pd.Series(grade, schools.index, dtype=object),
        reduction=reduction,
        allowed=(least - reduction).clip(lower=AT_LEAST),
    )
    tables = tables.put(schools=schools)
    return tables, list(_reduced(tables, dict(zip(_keys(schools), least, strict=True))))


def _over(school: Applicant, request: _Request) -> Iterator[Finding]:
    """What is told of a request; of two caps only the one that binds."""
    requested, level_cap, new_cap = request.requested, request.level_cap, request.new_cap
    if requested is None:
        return
    if school.plan_place and request.listed_requested not in (None, requested):
        yield school.requested(catalogue.C1_DIFFERS, listed=request.listed_requested, read=requested)
    if request.cut_to_have is not None:
        yield school.requested(catalogue.E7_TOO_MANY, read=requested, have=request.cut_to_have)
    if new_cap is not None and requested > new_cap:
        where = REMOTE if request.remote else NOT_REMOTE
        yield school.requested(catalogue.C2_OVER_CAP, read=requested, cap=new_cap, where=where)
    elif level_cap is not None and requested > level_cap:
        yield school.requested(catalogue.C1_OVER_CAP, read=requested, cap=level_cap, level=school.level)


def _reduced(tables: Tables, least: Mapping[Key, int]) -> Iterator[Finding]:
    rows = _rows(tables["schools"], ["grade", "allowed"])
    for school in applicants(tables):
        grade, allowed = rows[school.key]
        if allowed is not None and allowed < least[school.key]:
            facts = {"read": grade, "by": least[school.key] - allowed, "allowed": allowed}
            yield school.requested(catalogue.C4_REDUCED, **facts)


def _keys(schools: pd.DataFrame) -> list[Key]:
    return list(zip(schools["code"], schools["level"], strict=True))


def _rows(schools: pd.DataFrame, columns: Sequence[str]) -> dict[Key, tuple]:
    """Key → the values of some columns, None where there is none."""
    values = schools[list(columns)].astype(object).where(schools[list(columns)].notna(), None)
    return dict(zip(_keys(schools), values.itertuples(index=False, name=None), strict=True))
