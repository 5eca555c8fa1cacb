"""Who applies (申請學校): lists, plans and the directory joined, one row a school and level (肆.四).

Every row of a list and every plan ends in a school. One whose code cannot be read stands with the
one school of its name, level and county in the directory, so that the county is told of one fault
and not of three; the finding about its code stays and keeps the school from being accepted. If the
directory has no such school, its county and name stand for the code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from mlbatch import catalogue
from mlbatch.applicant import in_order
from mlbatch.directory import Directory, Key
from mlbatch.finding import Finding, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.second_call import FIRST, SECOND
from mlbatch.tables import Tables

LISTED = {"code": object, "level": object, "name": object, "county_rank": "Int64", "requested": "Int64",
          "claimed_new": "boolean", "claimed_remote": "boolean", "file": object, "place": object}  # fmt: skip
PLANS = {"code": object, "level": object, "name": object, "county": object, "requested": "Int64", "officer": object,
         "telephone": object, "email": object, "file": object, "place": object}  # fmt: skip
LISTS = {"county": object, "file": object}
LATE = {name: object for name in ("form", "code", "level", "name", "county", "file", "place")}
TYPES = {"classes_in_grades": "Int64", "call": "Int64", "county_rank": "Int64", "listed_requested": "Int64", "requested": "Int64",
         "claimed_new": "boolean", "claimed_remote": "boolean", "national": bool, "known": bool, "listed": bool,
         "planned": bool}  # fmt: skip


@dataclass(frozen=True)
class _Sources:
    """What is known of schools: the directory, and the rows of lists, plans and late documents by school."""

    directory: Directory
    listed: Mapping[Key, Sequence]
    plans: Mapping[Key, Sequence]
    late: Mapping[Key, Sequence]
    plan: Plan


def join(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S2: table `schools` with the columns of the roster, table `counties`, and who each finding concerns.

    `listed`, `plans` and `late` get a column `school`, the key of the school in which a row ends;
    `listed` also `county`, the county whose list it is. Of several rows of one school that of its
    own county counts, then the first; of several plans one with a readable code, then the first.
    """
    directory = Directory.of(tables["directory"])
    listed, again = _added(_keyed(_with_county(tables, plan), directory), tables)
    plans = _keyed(_table(tables, "plans", PLANS), directory)
    late = _keyed(_table(tables, "late", LATE), directory)
    sources = _Sources(directory, _by_school(listed), _by_school(plans), _by_school(late), plan)
    keys = {**sources.listed, **sources.plans, **sources.late}
    schools = _frame(sorted((_school(key, sources) for key in keys), key=lambda row: _order(row, plan)))
    tables = tables.put(
        listed=listed, plans=plans, late=late, schools=schools, counties=_counties(schools, plan)
    )
    return replace(tables, findings=_concerning(tables)), again


# Keys --------------------------------------------------------------------------------------------


def _table(tables: Tables, name: str, types: Mapping[str, object]) -> pd.DataFrame:
    """A table that was read, by file and row; empty if no file of its kind came."""
    if name not in tables:
        return pd.DataFrame({column: pd.Series([], dtype=dtype) for column, dtype in types.items()})
    table = tables[name]
    return table.sort_values("place", key=lambda places: places.map(in_order)).reset_index(drop=True)


def _with_county(tables: Tables, plan: Plan) -> pd.DataFrame:
    """The rows of the lists with the county of each list: its head's, else its stamp's."""
    listed = _table(tables, "listed", LISTED)
    heads = tables["lists"] if "lists" in tables else pd.DataFrame(columns=list(LISTS))
    counties = dict(zip(heads["file"], heads["county"], strict=True))
    for file, recipient in zip(tables["files"]["file"], tables["files"]["recipient"], strict=True):
        if not counties.get(file) and recipient in plan.counties:
            counties[file] = recipient
    county = [counties.get(file, "") for file in listed["file"]]
    return listed.assign(county=pd.Series(county, listed.index, dtype=object))


def _keyed(rows: pd.DataFrame, directory: Directory) -> pd.DataFrame:
    """The rows with the key of the school in which each ends."""
    columns = ["code", "level", "name", "county", "place"]
    keys = [_key(*row, directory) for row in rows[columns].itertuples(index=False)]
    return rows.assign(school=pd.Series(keys, rows.index, dtype=object))


def _added(listed: pd.DataFrame, tables: Tables) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows by call, without those of a second list whose school the first one has, which are told.

    A school whose plan was handed in for the second call was recommended anew: its first row yields.
    """
    files = tables["files"]
    calls = dict(zip(files["file"], files["call"], strict=True)) if "call" in files else {}
    call = [FIRST if pd.isna(calls.get(file)) else int(calls[file]) for file in listed["file"]]
    listed = listed.assign(call=pd.array(call, "Int64"))
    if SECOND not in call:
        return listed, []
    second = listed["call"] == SECOND
    stand = set(listed.loc[~second, "school"]) - _planned_again(tables, calls)
    dropped = second & listed["school"].isin(stand)
    told = [
        Finding(
            catalogue.S2_ALREADY_LISTED, row.place.at("code"), {"name": row.name, "read": row.code}, row.school,
            row.county,
        )
        for row in listed[dropped].itertuples(index=False)
    ]  # fmt: skip
    return listed[~dropped].reset_index(drop=True), told


def _planned_again(tables: Tables, calls: Mapping[str, object]) -> set[Key]:
    """The schools whose plan was handed in for the second call."""
    plans = _table(tables, "plans", PLANS)[["code", "level", "file"]].itertuples(index=False)
    return {
        (code, level) for code, level, file in plans if not pd.isna(calls.get(file)) and calls[file] == SECOND
    }


def _key(code: str, level: str, name: str, county: str, place: Place, directory: Directory) -> Key:
    if code and level:
        return code, level
    found = directory.coded(code) if code else directory.named(name, county, level)
    if len(found) == 1:
        return found[0].key
    return code or (county + name if name else f"{place.file} 第 {place.row} 列"), level


def _by_school(rows: pd.DataFrame) -> dict[Key, list]:
    groups: dict[Key, list] = defaultdict(list)
    for row in rows.itertuples(index=False):
        groups[row.school].append(row)
    return groups


# Schools -----------------------------------------------------------------------------------------


def _school(key: Key, sources: _Sources) -> dict[str, object]:
    """One row of `schools`."""
    code, level = key
    known, coded = sources.directory.find(key), sources.directory.coded(code)
    told = known or (coded[0] if len(coded) == 1 else None)
    plans = sorted(sources.plans.get(key, ()), key=lambda row: row.code == "")
    rows = sources.listed.get(key, ())
    said = [*rows, *plans, *sources.late.get(key, ())]
    county = told.county if told else _county(code, [row.county for row in said], sources.plan)
    rows = sorted(rows, key=lambda row: (row.county != county, -row.call))
    state = {
        "code": code, "level": level, "county": county, "owner": told.owner if told else "",
        "name": told.name if told else next((row.name for row in said if row.name), ""),
        "national": told.national if told else code[:6].isdigit() and code[2:3] == "0",
        "township": told.township if told else "",
        "classes_in_grades": known.classes if known else None, "known": known is not None, "waived": "",
    }  # fmt: skip
    return {**state, **_listing(rows, state["national"]), **_planning(plans, rows)}


def _county(code: str, said: Sequence[str], plan: Plan) -> str:
    """The county of a school that is not in the directory: as its papers say, else by its code."""
    by_code = (c.name for c in plan.counties.values() if code[:2] in c.prefixes)
    return next((county for county in said if county), "") or next(by_code, "")


def _listing(rows: Sequence, national: bool) -> dict[str, object]:
    """What the list says; no county ranks a national school (肆.四(三))."""
    if not rows:
        blank = dict.fromkeys(
            ("county_rank", "list_place", "listed_requested", "claimed_new", "claimed_remote")
        )
        return {"listed": False, "call": FIRST, **blank}
    row = rows[0]
    return {
        "listed": True, "call": row.call, "county_rank": None if national else row.county_rank, "list_place": row.place,
        "listed_requested": row.requested, "claimed_new": row.claimed_new, "claimed_remote": row.claimed_remote,
    }  # fmt: skip


def _planning(plans: Sequence, rows: Sequence) -> dict[str, object]:
    """What the plan says; without one, or without its number, the list's classes count."""
    listed = rows[0].requested if rows else None
    if not plans:
        blank = dict.fromkeys(("plan_file", "officer", "telephone", "email"), "")
        return {"planned": False, "plan_place": None, "requested": listed, **blank}
    row = plans[0]
    return {
        "planned": True, "plan_file": row.file, "plan_place": row.place,
        "requested": listed if pd.isna(row.requested) else row.requested,
        "officer": row.officer, "telephone": row.telephone, "email": row.email,
    }  # fmt: skip


COLUMNS = (
    "code", "level", "name", "county", "owner", "national", "township", "classes_in_grades", "known",
    "listed", "call", "county_rank", "list_place", "planned", "plan_file", "plan_place", "listed_requested",
    "requested", "claimed_new", "claimed_remote", "officer", "telephone", "email", "waived",
)  # fmt: skip


def _frame(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=TYPES.get(name, object)) for name in COLUMNS}
    )


def _order(row: Mapping[str, object], plan: Plan) -> tuple:
    """Counties in ministry order, then national schools; by code, then level in the plan's order."""
    levels = plan.schools.levels
    level = levels.index(row["level"]) if row["level"] in levels else len(levels)
    return row["national"], plan.county_order(row["county"]), row["code"], level, row["level"]


def _counties(schools: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """One row a county that has a school, in ministry order; `accepted` and `notes` are counted later."""
    own = schools[~schools["national"] & schools["county"].isin(list(plan.counties))]
    sums = own.groupby("county")[["listed", "planned"]].sum()
    names = sorted(sums.index, key=plan.county_order)
    sums = sums.loc[names]
    counts = {"listed": sums["listed"], "plans": sums["planned"], "accepted": 0, "notes": 0}
    frame = pd.DataFrame({"county": pd.Series(names, sums.index, dtype=object), **counts})
    return frame.astype(dict.fromkeys(counts, "Int64")).reset_index(drop=True)


# Who a finding concerns --------------------------------------------------------------------------


def _concerning(tables: Tables) -> tuple[Finding, ...]:
    """The findings so far, each with its school and with the county that it is told to.

    Below a list's row that is the county of the list; in a plan that of the school, and none for a
    national school, which belongs to no county.
    """
    schools, listed, plans = tables["schools"], tables["listed"], tables["plans"]
    county = ["" if is_national else name for is_national, name in
              zip(schools["national"], schools["county"], strict=True)]  # fmt: skip
    told = dict(zip(_keys(schools), county, strict=True))
    rows = {(p.file, p.row): (key, name) for p, key, name in
            zip(listed["place"], listed["school"], listed["county"], strict=True)}  # fmt: skip
    files = dict(zip(plans["file"], plans["school"], strict=True))
    return tuple(_concern(finding, rows, files, told) for finding in tables.findings)


def _concern(finding: Finding, rows: Mapping, files: Mapping[str, Key], told: Mapping[Key, str]) -> Finding:
    if found := rows.get((finding.at.file, finding.at.row)):
        return replace(finding, school=found[0], county=found[1])
    school = files.get(finding.at.file, finding.school)
    return replace(finding, school=school, county=told[school]) if school in told else finding


def _keys(schools: pd.DataFrame) -> list[Key]:
    return list(zip(schools["code"], schools["level"], strict=True))
