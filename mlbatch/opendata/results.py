"""From the month's tables to the rows of open data (開放資料之列): chosen and named, never computed anew.

Each function returns the rows of one declared table with at least its fields; `values` then lets only the
declared ones through. The order of rows is that of the month's tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import Severity
from mlbatch.opendata import fields as f
from mlbatch.opendata.codes import NATIONAL
from mlbatch.plan import Plan
from mlbatch.recipient import recipients
from mlbatch.second_call import second_calls
from mlbatch.sheet import clean
from mlbatch.tables import QUALIFIED, Tables, records
from mlbatch.weighing import weighing
from mlbatch.withdrawal import withdrawals

Row = Mapping[str, object]
KINDS = {kind.id: number for number, kind in enumerate(catalogue.ALL)}
BLANKS = re.compile(r"\s+")
FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
)  # what spreadsheets take for the beginning of a formula


def results(tables: Tables, plan: Plan, as_of: date) -> dict[str, list[dict[str, object]]]:
    """The rows of every declared table, by the table's name: plain values, None for what is missing."""
    found = {
        "schools": schools(tables, plan),
        "counties": records(tables["counties"]),
        "totals": totals(tables, plan),
        "payees": payees(tables),
        "changes": changes(tables, plan, as_of),
        "second_calls": calls(tables, plan, as_of),
        "findings": findings(tables, plan),
        "kinds": kinds(),
    }
    found["clauses"] = clauses(found, plan)
    return {table.name: [values(table, row) for row in found[table.name]] for table in f.TABLES}


def values(table: f.Table, row: Row) -> dict[str, object]:
    """The declared fields of a row and nothing else; KeyError for one that the row does not have."""
    return {field.name: _plain(row[field.name]) for field in table.fields}


def _plain(value: object) -> object:
    """A value as it goes out: text that nothing takes for a formula, None for a blank."""
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if isinstance(value, str):
        return text(value) or None
    if isinstance(value, Decimal):
        return value
    return value if isinstance(value, bool | date | datetime) else int(value)


def text(words: str) -> str:
    """Words on one line, an apostrophe before what a spreadsheet would take for a formula."""
    line = BLANKS.sub(" ", clean(words)).strip()
    return f"'{line}" if line.startswith(FORMULA) else line


def listed(tables: Tables) -> pd.Series:
    """Which schools are listed: those of the directory, and whoever was awarded classes.

    Of others only the sender's words are known.
    """
    own = tables["schools"]
    return own["known"].astype(bool) | (own["awarded"].fillna(0) > 0) | (own["approved"].fillna(0) > 0)


def schools(tables: Tables, plan: Plan) -> list[dict[str, object]]:
    """學校: in the order of counties and codes."""
    reasons = _reasons(tables)
    rows = records(tables["schools"][listed(tables)])
    return [_school(row, reasons.get((row["code"], row["level"]), ""), plan) for row in rows]


def _school(row: Row, reason: str, plan: Plan) -> dict[str, object]:
    told = plan.opendata.scores or row["approved"] > 0
    return {
        **row, "school": school_id(row), "name": row["name"] if row["known"] else "", "verdict_clause": row["clause"],
        "reason": reason, "waived": bool(row["waived"]), "total_score": row["total"] if told else None,
        "rank": row["rank"] if told else None,
    }  # fmt: skip


def school_id(row: Row) -> str:
    """014597-國中: the key of a school in one word that no spreadsheet takes for a number."""
    return f"{row['code']}-{row['level']}"


def _reasons(tables: Tables) -> dict[tuple[str, str], str]:
    """School → the id of the finding that decided its verdict: the one whose sentence is its reason."""
    own = tables["schools"]
    rows = own[own["verdict"] != QUALIFIED]
    why = dict(zip(zip(rows["code"], rows["level"], strict=True), rows["why"], strict=True))
    weighs, found = weighing(tables), {}
    for finding in sorted(tables.findings, key=lambda one: (KINDS[one.kind.id], one.order)):
        for key in (finding.school, *weighs.schools(finding)):
            if why.get(key) and finding.sentence == why[key]:
                found.setdefault(key, finding.kind.id)
    return found


def totals(tables: Tables, plan: Plan) -> list[dict[str, object]]:
    """總計: one row."""
    outside = int((~listed(tables)).sum())
    return [{**row, "year": plan.year, "not_in_directory": outside} for row in records(tables["totals"])]


def payees(tables: Tables) -> list[dict[str, object]]:
    """受款單位: counties, then national schools; their names are the letters' affair."""
    rows = records(tables["payees"])
    return [
        {**row, "payee": row["county"] or school_id(row), "school": "" if row["county"] else school_id(row)}
        for row in rows
    ]


def changes(tables: Tables, plan: Plan, as_of: date) -> list[dict[str, object]]:
    """核定後異動: what counts of the register, in the order of schools."""
    if "withdrawals" not in tables:
        return []
    own = records(tables["schools"])
    awarded = {(row["code"], row["level"]): _number(row["awarded"]) for row in own}
    counted, _ = withdrawals(records(tables["withdrawals"]), awarded, plan, as_of)
    return [
        {"school": school_id(row), "change": one.change, "day": one.day, "before": row["awarded"], "after": row["approved"]}
        for row in own
        if (one := counted.get((row["code"], row["level"])))
    ]  # fmt: skip


def calls(tables: Tables, plan: Plan, as_of: date) -> list[dict[str, object]]:
    """再次徵件: those announced by the as-of day, in ministry order."""
    rows = records(tables["second_calls"]) if "second_calls" in tables else ()
    made = second_calls(rows, as_of)
    return [
        {"county": name, "announced": made[name].announced, "closing": made[name].closing}
        for name in sorted(made, key=plan.county_order)
    ]


def findings(tables: Tables, plan: Plan) -> list[dict[str, object]]:
    """檢核發現件數: what each county, and all national schools together, is told, counted by kind."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for who in recipients(tables, plan):
        own = (one for one in tables.findings if who.owns(one))
        counts.update((who.county or NATIONAL, one.kind.id, one.kind.severity) for one in own)
    weights = list(Severity)
    ordered = sorted(counts, key=lambda c: (plan.county_order(c[0]), KINDS[c[1]], weights.index(c[2])))
    return [
        {"group": group, "kind": kind, "severity": str(severity), "count": counts[group, kind, severity]}
        for group, kind, severity in ordered
    ]


def kinds() -> list[dict[str, object]]:
    """檢核代碼: the whole catalogue, whether or not a kind was found."""
    return [
        {"kind": one.id, "headline": one.headline, "severity": str(one.severity), "clause": one.cite}
        for one in catalogue.ALL
    ]


def clauses(found: Mapping[str, list], plan: Plan) -> list[dict[str, object]]:
    """條次: those that the data cite, in the plan's order, each with our own summary."""
    cited = set(_cited(found))
    return [{"clause": cite, "summary": says} for cite, says in plan.clauses.items() if cite in cited]


def _cited(found: Mapping[str, list]) -> Iterator[str]:
    for table in f.TABLES:
        yield from (field.cite for field in table.fields)
        pointing = [field.name for field in table.fields if field.refers == ("clauses", "clause")]
        yield from (row[name] for row in found.get(table.name, ()) for name in pointing)


def _number(value: object) -> int:
    return 0 if pd.isna(value) else int(value)
