"""Revised plans (修正後教學實施計畫書): the approved classes and money, and no others (肆.七(二), P3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import pandas as pd

from mlbatch import catalogue, versions
from mlbatch.finding import Finding, Kind, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import AS_APPROVED, TO_REVISE, UNRECEIVED, Tables, records
from mlbatch.versions import Version

Key = tuple[str, str]  # (code, level)
GRANTED = "補助"
ACCOUNTS = {"current": "經常門", "capital": "資本門"}
LABELS = {"approved": "核定班級數", "current": "核定補助經常門", "capital": "核定補助資本門"}
DOCUMENT = "revised_plan"


@dataclass(frozen=True)
class _Paper:
    """A revised plan that counts, beside the school's row as approved."""

    head: Mapping[str, object]
    school: Mapping[str, object]

    def finding(self, kind: Kind, name: str, place: Place | None = None, **facts: object) -> Finding:
        return _finding(kind, place or self.head["place"], name, self.school, **facts)


def check(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """P3: columns `revised_state` and `revised_file` of `schools`; versions that do not count, in `files`.

    Of several versions the one uploaded last by the day `as_of` counts; where the upload register does
    not tell them apart none does. A plan that has anything to correct is TO_REVISE.
    """
    schools = {(row["code"], row["level"]): row for row in records(tables["schools"])}
    funded = {key: row for key, row in schools.items() if row["approved"]}
    came = versions.versions(tables, "revised_plans", versions.school_of, plan.calendar.closing)
    tables = versions.concerning(tables, came, {key: _owner(row) for key, row in schools.items()})
    sorted_out = versions.sort_out(
        [one for one in came if one.key in funded], datetime.combine(as_of, time.max)
    )
    findings = [*_strangers(came, funded), *_doubts(sorted_out, funded)]
    for key, version in sorted_out.last.items():
        findings += _faults(_Paper(version.head, funded[key]), tables, plan)
    states = dict.fromkeys(sorted_out.doubtful, TO_REVISE)
    states |= {key: _state(version.file, tables, findings) for key, version in sorted_out.last.items()}
    tables = versions.filed(tables, came, sorted_out.ends, DOCUMENT)
    return tables.put(schools=_with(tables["schools"], funded, states, sorted_out.last)), findings


def _owner(school: Mapping[str, object]) -> versions.Owner:
    return (school["code"], school["level"]), "" if school["national"] else school["county"]


def _state(file: str, tables: Tables, findings: Iterable[Finding]) -> str:
    own = (one for one in (*tables.findings, *findings) if one.at.file == file)
    return TO_REVISE if any(one.kind.severity.weighs for one in own) else AS_APPROVED


# Which version counts ------------------------------------------------------------------------------


def _strangers(came: Iterable[Version], funded: Mapping[Key, Mapping]) -> Iterator[Finding]:
    """Plans of schools that were not approved."""
    for one in came:
        if one.key not in funded:
            facts = {"name": one.head["name"], "read": one.head["code"]}
            yield Finding(catalogue.P3_NOT_APPROVED, one.head["place"].at("code"), facts, one.key)


def _doubts(sorted_out: versions.Sorted, funded: Mapping[Key, Mapping]) -> Iterator[Finding]:
    for key, group in sorted_out.doubtful.items():
        for one in group:
            facts = {"other": versions.others(one, group)}
            yield _finding(catalogue.P3_TWO_PLANS, one.head["place"], "code", funded[key], **facts)


# What is wrong with it -----------------------------------------------------------------------------


def _faults(paper: _Paper, tables: Tables, plan: Plan) -> list[Finding]:
    classes, costs = (_of(tables[name], paper.head["file"]) for name in ("revised_classes", "revised_costs"))
    return [
        *_head(paper),
        *_grades(paper, classes, plan),
        *_numbers(paper, classes, plan),
        *_budget(paper, costs),
    ]


def _of(table: pd.DataFrame, file: str) -> list[dict]:
    return records(table[table["file"] == file])


def _head(paper: _Paper) -> Iterator[Finding]:
    """What the head says was approved, where it was not."""
    for name, label in LABELS.items():
        read, wanted = paper.head[name], paper.school[name]
        if pd.notna(read) and read != wanted:
            facts = {"label": label, "read": f"{read:,}", "wanted": f"{wanted:,}"}
            yield paper.finding(catalogue.P3_APPROVED, name, **facts)


def _grades(paper: _Paper, classes: Sequence[Mapping], plan: Plan) -> Iterator[Finding]:
    """E1 once more: the classes of a revised plan are of the level's grades too (肆.一)."""
    level = paper.school["level"]
    allowed = plan.schools.grades.get(level, ())
    for row in classes:
        if pd.notna(row["grade"]) and row["grade"] not in allowed:
            facts = {"read": row["grade"], "level": level, "allowed": "、".join(map(str, allowed))}
            yield paper.finding(catalogue.E1_GRADE, "grade", row["place"], **facts)


def _numbers(paper: _Paper, classes: Sequence[Mapping], plan: Plan) -> Iterator[Finding]:
    """The classes of each semester; not counted while a semester cannot be read."""
    listed = [row["semester"] for row in classes]
    if not set(listed) <= set(plan.schools.semesters):
        return
    for semester in plan.schools.semesters:
        read, wanted = listed.count(semester), paper.school["approved"]
        if read != wanted:
            yield paper.finding(catalogue.P3_CLASSES, "approved", semester=semester, read=read, wanted=wanted)


def _budget(paper: _Paper, costs: Sequence[Mapping]) -> Iterator[Finding]:
    """The subsidy of each account; not summed while an amount, account or fund cannot be read."""
    if any(pd.isna(row["amount"]) or not row["account"] or not row["fund"] for row in costs):
        return
    for name, account in ACCOUNTS.items():
        own = (row["amount"] for row in costs if (row["fund"], row["account"]) == (GRANTED, account))
        read, wanted = sum(own), paper.school[name]
        if read != wanted:
            facts = {"account": account, "read": f"{read:,}", "wanted": f"{wanted:,}"}
            yield paper.finding(catalogue.P3_BUDGET, name, **facts)


def _finding(kind: Kind, place: Place, name: str, school: Mapping, **facts: object) -> Finding:
    county = "" if school["national"] else school["county"]
    facts = {"name": school["name"], **facts}
    return Finding(kind, place.at(name), facts, (school["code"], school["level"]), county)


# What it leaves in the tables ----------------------------------------------------------------------


def _with(
    schools: pd.DataFrame,
    funded: Mapping[Key, object],
    states: Mapping[Key, str],
    last: Mapping[Key, Version],
) -> pd.DataFrame:
    keys = list(zip(schools["code"], schools["level"], strict=True))
    state = [states.get(key, UNRECEIVED) if key in funded else "" for key in keys]
    file = [last[key].file if key in last else "" for key in keys]
    return schools.assign(
        revised_state=pd.Series(state, schools.index, dtype=object),
        revised_file=pd.Series(file, schools.index, dtype=object),
    )
