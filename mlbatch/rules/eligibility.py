"""Who may apply (申請資格): what a plan must show, and the lists that rule a school out (肆.一, 肆.二).

The first four rules look at one plan only and serve `check` as well; the others join the ministry's
lists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Kind
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables

NO_NETWORK = "無"


def grades(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E1: every class that takes part is of a grade of the school's level (肆.一)."""
    findings = []
    for own, row in _rows_of_plans(tables, "classes"):
        allowed = plan.schools.grades.get(own["level"], [])
        if allowed and not pd.isna(row["grade"]) and row["grade"] not in allowed:
            words = f"{min(allowed)} 至 {max(allowed)}"
            facts = {"read": row["grade"], "level": own["level"], "allowed": words}
            findings.append(_of_plan(own, catalogue.E1_GRADE, row["place"].at("grade"), facts))
    return tables, findings


def devices(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E3: at least one device that can be used; its source is a field that must be filled."""
    first: dict[str, At] = {}
    total: Counter[str] = Counter()
    for own, row in _rows_of_plans(tables, "devices"):
        first.setdefault(own["file"], row["place"].at("count"))
        total[own["file"]] += 1 if pd.isna(row["count"]) else row["count"]
    findings = [
        _of_plan(own, catalogue.E3_NO_DEVICES, first[own["file"]], {"name": own["name"], "read": 0})
        for own in _plans(tables)
        if own["file"] in first and total[own["file"]] == 0
    ]
    return tables, findings


def network(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E3: a wireless network where the classes are (肆.二(一))."""
    findings = [
        _of_plan(own, catalogue.E3_NO_NETWORK, own["place"].at("coverage"), _read(own, "coverage"))
        for own in _plans(tables)
        if own["coverage"] == NO_NETWORK
    ]
    return tables, findings


def semesters(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E4: in each of the two semesters as many classes as are requested (肆.二(二))."""
    classes = tables["classes"]
    listed = Counter(zip(classes["file"], classes["semester"], strict=True))
    untold = set(classes.loc[classes["semester"] == "", "file"])
    rows = {file: place for file, place in zip(classes["file"][::-1], classes["place"][::-1], strict=True)}
    findings = []
    for own in _plans(tables):
        if own["file"] in rows and own["file"] not in untold:
            findings += _semesters(own, rows[own["file"]].at("semester"), listed, plan)
    return tables, findings


def _semesters(own: dict, first: At, listed: Counter, plan: Plan) -> Iterator[Finding]:
    for semester in plan.schools.semesters:
        count = listed[own["file"], semester]
        if count == 0:
            facts = {"name": own["name"], "semester": semester, "read": ""}
            yield _of_plan(own, catalogue.E4_SEMESTER, first, facts)
        elif not pd.isna(own["requested"]) and count != own["requested"]:
            facts = {"semester": semester, "read": count, "requested": own["requested"]}
            yield _of_plan(own, catalogue.E4_COUNT, own["place"].at("requested"), facts)


def incomplete(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E2: did not complete its data in one of the two earlier years (肆.一)."""
    years: dict[tuple[str, str], list[int]] = {}
    register = tables["incomplete"].sort_values("year", kind="stable")
    for code, level, year in register[[*KEY, "year"]].itertuples(index=False):
        years.setdefault((code, level), []).append(year)
    told = {key: {"read": "、".join(map(str, listed))} for key, listed in years.items()}
    return tables, _ruled_out(tables, catalogue.E2_INCOMPLETE, told)


def deepening(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E5: chosen by the other programme, which pays first (肆.四(四)2)."""
    return tables, _ruled_out(tables, catalogue.E5_DEEPENING, _listed(tables["deepening"]))


def false_statements(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E6: found, by the as-of date, to have filled in what is not true (肆.四(四)6)."""
    register = tables["false_statements"]
    told = {
        (code, level): {"why": why, "read": code}
        for code, level, why, found in register[[*KEY, "why", "found_on"]].itertuples(index=False)
        if found is None or found <= as_of
    }
    return tables, _ruled_out(tables, catalogue.E6_FALSE, told)


def _listed(register: pd.DataFrame) -> dict[tuple[str, str], dict]:
    return {(code, level): {"read": code} for code, level in register[KEY].itertuples(index=False)}


def _ruled_out(tables: Tables, kind: Kind, told: dict[tuple[str, str], dict]) -> list[Finding]:
    """A finding at the code of each school that is named, in its list, or else in its plan."""
    findings = []
    for row in tables["schools"].to_dict("records"):
        key = (row["code"], row["level"])
        if key in told:
            place = row["list_place"] or row["plan_place"]
            county = "" if row["national"] else row["county"]
            findings.append(Finding(kind, place.at("code"), {"name": row["name"], **told[key]}, key, county))
    return findings


# Rows of plans -----------------------------------------------------------------------------------


def _plans(tables: Tables) -> list[dict]:
    return tables["plans"].to_dict("records")


def _rows_of_plans(tables: Tables, name: str) -> Iterator[tuple[dict, dict]]:
    """Each row of a plan's table `name`, with the head of its plan."""
    heads = {own["file"]: own for own in _plans(tables)}
    for row in tables[name].to_dict("records"):
        if row["file"] in heads:
            yield heads[row["file"]], row


def _of_plan(own: dict, kind: Kind, at: At, facts: dict) -> Finding:
    return Finding(kind, at, facts, (own["code"], own["level"]), own["county"])


def _read(own: dict, column: str) -> dict:
    return {"name": own["name"], "read": own[column]}
