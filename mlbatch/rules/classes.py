"""How many classes a school may have (班級數), before the budget (肆.四(四)3, 肆.六; C1–C5).

What is asked for beyond a cap is cut to it and told; it is no reason to waive.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Kind
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables

AREAS = ("new", "remote", "island", "few_resources")
YES = {True: "是", False: "否"}


def areas(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """C2, C3: new and remote by the ministry's lists; a claim that differs is told (肆.四(四)3)."""
    schools = tables["schools"].merge(tables["standing"][[*KEY, *AREAS]], on=KEY, how="left")
    schools = schools.assign(**{name: schools[name].eq(True) for name in AREAS})
    findings = []
    for row in schools[schools["listed"] & schools["known"]].to_dict("records"):
        for claim, name, kind in (
            ("claimed_new", "new", catalogue.C2_NOT_AS_CLAIMED),
            ("claimed_remote", "remote", catalogue.C3_NOT_AS_CLAIMED),
        ):
            if not pd.isna(row[claim]) and row[claim] != row[name]:
                facts = {"name": row["name"], "read": YES[bool(row[claim])], "should": YES[row[name]]}
                findings.append(_about(row, kind, row["list_place"].at(claim), facts))
    return tables.put(schools=schools), findings


def requested(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """C1: the school says itself how many; where the county's list differs, that is told."""
    schools = tables["schools"]
    differs = (
        schools["listed"] & schools["planned"] & (schools["listed_requested"] != schools["plan_requested"])
    )
    findings = [
        _about(
            row, catalogue.C1_DIFFERS, row["list_place"].at("requested"),
            {"listed": row["listed_requested"], "read": row["plan_requested"]},
        )
        for row in schools[differs.fillna(False).astype(bool)].to_dict("records")
    ]  # fmt: skip
    return tables, findings


def caps(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """C1, C2, E7: columns level_cap, new_cap, cut_to_have; each cap that binds is told (肆.六)."""
    schools = tables["schools"]
    level_cap = [plan.classes.cap.get(level, 0) for level in schools["level"]]
    new_cap = [
        (plan.classes.new_remote if remote else plan.classes.new_other) if new else None
        for new, remote in zip(schools["new"], schools["remote"], strict=True)
    ]
    schools = schools.assign(
        level_cap=pd.array(level_cap, "Int64"),
        new_cap=pd.array(new_cap, "Int64"),
        cut_to_have=schools["classes_in_grades"].where(_too_many(schools)).astype("Int64"),
    )
    findings = [finding for row in schools.to_dict("records") for finding in _bound(row, plan)]
    return tables.put(schools=schools), findings


def _too_many(schools: pd.DataFrame) -> pd.Series:
    """Whether more is requested than there is; a directory that says 0 is not believed."""
    have = schools["classes_in_grades"]
    return ((have > 0) & (schools["requested"] > have)).fillna(False).astype(bool)


def _bound(row: dict, plan: Plan):
    wanted, at = row["requested"], _requested_at(row)
    if pd.isna(wanted) or at is None:
        return
    facts = {"name": row["name"], "read": wanted}
    if row["level_cap"] and wanted > row["level_cap"]:
        yield _about(
            row, catalogue.C1_OVER_CAP, at, {**facts, "level": row["level"], "cap": row["level_cap"]}
        )
    if not pd.isna(row["new_cap"]) and row["known"] and wanted > row["new_cap"]:
        where = "偏遠地區" if row["remote"] else "非偏遠地區"
        yield _about(row, catalogue.C2_OVER_CAP, at, {**facts, "where": where, "cap": row["new_cap"]})
    if not pd.isna(row["cut_to_have"]):
        yield _about(row, catalogue.E7_TOO_MANY, at, {**facts, "have": row["cut_to_have"]})


def allowed(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """C4, C5: allowed = min(requested, caps) less the reduction for poor cooperation, at least 1.

    Missing where nothing is known to be requested (肆.六(三)).
    """
    schools, record = tables["schools"], tables["school_record"]
    grades = dict(zip(zip(record["code"], record["level"], strict=True), record["grade"], strict=True))
    grade = [grades.get(key, "") for key in zip(schools["code"], schools["level"], strict=True)]
    by = [plan.reduction.by_grade.get(one, 0) for one in grade]
    least = schools[["requested", "level_cap", "new_cap", "cut_to_have"]].min(axis=1, skipna=True)
    least = least.where(schools["requested"].notna()).astype("Int64")
    after = (least - pd.array(by, "Int64")).clip(lower=1)
    schools = schools.assign(grade=grade, reduction=pd.array(by, "Int64"), allowed=after)
    findings = [
        _reduced(row) for row in schools[(least > after).fillna(False).astype(bool)].to_dict("records")
    ]
    return tables.put(schools=schools), [finding for finding in findings if finding]


def _reduced(row: dict) -> Finding | None:
    at = _requested_at(row)
    facts = {"name": row["name"], "read": row["grade"], "by": row["reduction"], "allowed": row["allowed"]}
    return _about(row, catalogue.C4_REDUCED, at, facts) if at else None


def _requested_at(row: dict) -> At | None:
    """Where the number that counts was written: the plan, else the list."""
    place = row["plan_place"] or row["list_place"]
    return place.at("requested") if place else None


def _about(row: dict, kind: Kind, at: At, facts: dict) -> Finding:
    county = "" if row["national"] else row["county"]
    return Finding(kind, at, facts, (row["code"], row["level"]), county)
