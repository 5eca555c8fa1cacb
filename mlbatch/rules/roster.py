"""Lists, plans and directory joined (名冊): one row a school and level, and no row is lost.

Every row of a county's list and every plan leads to exactly one school. A row without a code that
can be read keeps a row of its own under its file and line, so that it is judged and told as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Kind, Place
from mlbatch.names import same_name
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables

NATIONAL = "國立"
NATIONAL_DIGIT = "0"  # the third digit of a national school's code
Key = tuple[str, str]

DIRECTORY = {"name": "", "county": "", "owner": "", "township": "", "classes_in_grades": pd.NA}
LIST = {"county_rank": pd.NA, "listed_requested": pd.NA, "claimed_new": pd.NA, "claimed_remote": pd.NA,
        "list_place": None, "list_county": ""}  # fmt: skip
PLAN = {
    "plan_file": "",
    "plan_place": None,
    "plan_requested": pd.NA,
    "officer": "",
    "telephone": "",
    "email": "",
}
WHOLE = ("county_rank", "listed_requested", "requested", "classes_in_grades")


def join(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E7: the table `schools`, in the order of counties and codes, from lists, plans, directory.

    What reading found gets the school that it concerns. A school listed twice keeps the row of the
    county that the directory names, else the first.
    """
    directory = {(row["code"], row["level"]): row for row in tables["directory"].to_dict("records")}
    listed, plans = _listed(tables, directory), _planned(tables)
    keys = sorted(
        {*listed, *plans}, key=lambda key: (_county_order(key, directory, listed, plans, plan), key)
    )
    rows = [_row(key, directory.get(key), listed.get(key), plans.get(key)) for key in keys]
    schools = pd.DataFrame(rows).astype({**dict.fromkeys(WHOLE, "Int64")})
    schools = schools.astype({"claimed_new": "boolean", "claimed_remote": "boolean"})
    tables = replace(tables, findings=tuple(_attached(tables, plan)))
    return tables.put(schools=schools), []


def key_of(row: dict) -> Key:
    """The key of a list row or a plan: code and level, or its place where the code is missing."""
    place: Place = row["place"]
    return (row["code"] or f"{place.file}#{place.row}", row["level"])


def _listed(tables: Tables, directory: dict[Key, dict]) -> dict[Key, dict]:
    """The list row of each school."""
    counties = _county_of_file(tables)
    found: dict[Key, dict] = {}
    for row in tables["listed"].to_dict("records") if "listed" in tables else ():
        row["list_county"] = counties.get(row["file"], "")
        key = key_of(row)
        home = directory.get(key, {}).get("county", "")
        if key not in found or (row["list_county"] == home != found[key]["list_county"]):
            found[key] = row
    return found


def _county_of_file(tables: Tables) -> dict[str, str]:
    lists = tables["lists"] if "lists" in tables else pd.DataFrame({"file": [], "county": []})
    return dict(zip(lists["file"], lists["county"], strict=True))


def _planned(tables: Tables) -> dict[Key, dict]:
    rows = tables["plans"].to_dict("records") if "plans" in tables else ()
    return {key_of(row): row for row in rows}


def _county_order(key, directory, listed, plans, plan: Plan) -> tuple[int, str]:
    known = directory.get(key, {}).get("county") or listed.get(key, {}).get("list_county")
    return plan.county_order(known or plans.get(key, {}).get("county", ""))


def _row(key: Key, known: dict | None, listed: dict | None, planned: dict | None) -> dict:
    said = planned or listed
    row = {"code": key[0], "level": key[1], **DIRECTORY, **(_only(known, DIRECTORY) if known else {})}
    row["name"] = row["name"] or said["name"]
    row["county"] = row["county"] or (listed or {}).get("list_county") or said.get("county", "")
    row["national"] = row["owner"] == NATIONAL if known else _national(key[0])
    row |= {"known": known is not None, "listed": listed is not None, "planned": planned is not None}
    row |= {**LIST, **(_list_columns(listed) if listed else {})}
    row |= {**PLAN, **(_plan_columns(planned) if planned else {})}
    row["requested"] = row["plan_requested"] if planned else row["listed_requested"]
    return row


def _list_columns(row: dict) -> dict:
    named = {"listed_requested": row["requested"], "list_place": row["place"]}
    return {**_only(row, LIST), **named}


def _plan_columns(row: dict) -> dict:
    named = {"plan_file": row["file"], "plan_place": row["place"], "plan_requested": row["requested"]}
    return {**_only(row, PLAN), **named}


def _national(code: str) -> bool:
    return code[2:3] == NATIONAL_DIGIT


def _only(row: dict, columns: dict) -> dict:
    return {name: row[name] for name in columns if name in row}


def _attached(tables: Tables, plan: Plan) -> Iterator[Finding]:
    """The findings so far, each with the school and county that its row belongs to."""
    of_row: dict[tuple[str, int], Key] = {}
    for row in tables["listed"].to_dict("records") if "listed" in tables else ():
        of_row[row["file"], row["place"].row] = key_of(row)
    for finding in tables.findings:
        key = of_row.get((finding.at.file, finding.at.row), finding.school)
        county = "" if _national(key[0]) else finding.county or plan.county_of_code(key[0])
        yield replace(finding, school=key, county=county)


# What the directory says otherwise ---------------------------------------------------------------


def known(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E7, E1: a school that the directory does not have at that level, with a suggestion."""
    directory = tables["directory"]
    levels = defaultdict(list)
    for code, level in directory[["code", "level"]].itertuples(index=False):
        levels[code].append(level)
    names = _names_by_county(directory)
    findings = []
    for row in _records(tables["schools"], ~tables["schools"]["known"]):
        place = row["list_place"] or row["plan_place"]
        if levels[row["code"]] and not set(levels[row["code"]]) & set(plan.schools.levels):
            facts = {"name": row["name"], "read": levels[row["code"]][0]}
            findings.append(_about(row, catalogue.E1_NOT_A_LEVEL, place.at("code"), facts))
        elif place.at("code").cell and not _said_already(tables, place.at("code")):
            hint = _hint(row, levels[row["code"]], names)
            facts = {"read": row["code"], "level": row["level"], "hint": hint}
            findings.append(_about(row, catalogue.E7_UNKNOWN, place.at("code"), facts))
    return tables, findings


def _said_already(tables: Tables, at: At) -> bool:
    """Whether reading could not make a code of that cell: that is the root, and it is told."""
    return any(finding.at == at and finding.kind.id.startswith("F") for finding in tables.findings)


def _names_by_county(directory: pd.DataFrame) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for county, name, code in directory[["county", "name", "code"]].itertuples(index=False):
        names[county][name] = code
    return names


def _hint(row: dict, levels: list[str], names: dict[str, dict[str, str]]) -> str:
    """「您是不是要填…」: the same code at its level, or the school of that county by its name."""
    if levels:
        return f"名錄中此代碼之學制為「{'、'.join(levels)}」。"
    own = names.get(row["county"], {})
    near = get_close_matches(row["name"], own, n=1, cutoff=0.6)
    return f"您是不是要填「{own[near[0]]} {near[0]}」？" if near else ""


def agrees(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E7: name and county agree with the directory, spaces, widths and 台/臺 aside."""
    findings = []
    schools = {
        (row["code"], row["level"]): row for row in _records(tables["schools"], tables["schools"]["known"])
    }
    for table in ("listed", "plans"):
        counties = _county_of_file(tables) if table == "listed" else {}
        for said in tables[table].to_dict("records") if table in tables else ():
            if row := schools.get(key_of(said)):
                county = counties.get(said["file"]) if table == "listed" else said["county"]
                findings += _disagreements(row, said, county or "", table)
    return tables, findings


def _disagreements(row: dict, said: dict, county: str, table: str) -> Iterator[Finding]:
    if said["name"] and not same_name(said["name"], row["name"]):
        facts = {"code": row["code"], "read": said["name"], "name": row["name"]}
        yield _about(row, catalogue.E7_NAME, said["place"].at("name"), facts)
    if county and county != row["county"] and not row["national"]:
        column = "county" if table == "plans" else "code"
        facts = {"name": row["name"], "read": county, "county": row["county"]}
        yield _about(row, catalogue.E7_COUNTY, said["place"].at(column), facts)


# Lists and plans belong together -----------------------------------------------------------------


def paired(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S2, S3: a listed school has a plan, a plan's school is listed, a national one is not."""
    schools = tables["schools"]
    findings = []
    for row in _records(schools, schools["listed"] & ~schools["planned"] & ~schools["national"]):
        facts = {"name": row["name"], "read": row["code"]}
        findings.append(_about(row, catalogue.S2_NO_PLAN, row["list_place"].at("code"), facts))
    for row in _records(schools, schools["planned"] & ~schools["listed"] & ~schools["national"]):
        facts = {"name": row["name"], "read": row["code"]}
        findings.append(_about(row, catalogue.S2_NOT_LISTED, row["plan_place"].at("code"), facts))
    for row in _records(schools, schools["listed"] & schools["national"]):
        facts = {"name": row["name"], "read": row["code"]}
        findings.append(_about(row, catalogue.S3_NATIONAL_LISTED, row["list_place"].at("code"), facts))
    return tables, findings


def ranked(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S6: in each list the ranks are 1..n without gap or tie, and a school stands once.

    National schools do not belong in a list, but while they stand there they keep their number.
    """
    findings = []
    for _, rows in tables["listed"].groupby("file", sort=True):
        records = rows.to_dict("records")
        findings += [*_ties(records), *_gap(records), *_twice(records)]
    return tables, findings


def once(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S6: a school stands in one county's list only."""
    counties = _county_of_file(tables)
    where: dict[Key, list[dict]] = defaultdict(list)
    for row in tables["listed"].to_dict("records"):
        where[key_of(row)].append(row)
    findings = []
    for rows in where.values():
        for row in rows:
            others = sorted({counties[r["file"]] for r in rows} - {counties[row["file"]]})
            if others:
                facts = {"name": row["name"], "read": row["code"], "other": "、".join(others)}
                findings.append(_on_row(row, catalogue.S6_TWO_COUNTIES, "code", facts, counties[row["file"]]))
    return tables, findings


def _ties(rows: list[dict]) -> Iterator[Finding]:
    first: dict[int, dict] = {}
    for row in rows:
        rank = row["county_rank"]
        if not pd.isna(rank) and first.setdefault(rank, row) is not row:
            facts = {"read": rank, "other": first[rank]["place"].row}
            yield _on_row(row, catalogue.S6_RANK_TIE, "county_rank", facts)


def _gap(rows: list[dict]) -> Iterator[Finding]:
    """The first rank beyond n, if the ranks are no permutation of 1..n though none is double."""
    given = {row["county_rank"]: row for row in rows if not pd.isna(row["county_rank"])}
    missing = [number for number in range(1, len(rows) + 1) if number not in given]
    beyond = sorted(rank for rank in given if rank > len(rows))
    for rank, number in zip(beyond, missing, strict=False):
        facts = {"read": rank, "count": len(rows), "missing": number}
        yield _on_row(given[rank], catalogue.S6_RANK_GAP, "county_rank", facts)


def _twice(rows: list[dict]) -> Iterator[Finding]:
    first: dict[Key, dict] = {}
    for row in rows:
        if first.setdefault(key_of(row), row) is not row:
            facts = {"name": row["name"], "read": row["code"], "other": first[key_of(row)]["place"].row}
            yield _on_row(row, catalogue.S6_LISTED_TWICE, "code", facts)


def _on_row(row: dict, kind: Kind, column: str, facts: dict, county: str = "") -> Finding:
    return Finding(kind, row["place"].at(column), facts, key_of(row), county or row.get("list_county", ""))


def _about(row: dict, kind: Kind, at: At, facts: dict) -> Finding:
    """A finding about a school; a national school's is no county's to know."""
    county = "" if row["national"] else row["county"]
    return Finding(kind, at, facts, (row["code"], row["level"]), county)


def _records(schools: pd.DataFrame, mask: pd.Series) -> list[dict]:
    return schools[mask].to_dict("records")
