"""What a coach school has earned (輔導績優與續任): if a school that it coached won, and all is complete (捌.三, K4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.obligation import COACH_REPORT
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables, records

EARNED, NOT_EARNED, UNKNOWN = "頒發", "不頒發", "尚待評選"
DECIDED = "核定"
ADDED = ("coached", "winners", "report", "cooperative", "lacking", "award", "again", "may_again")
Key = tuple[str, str]
Row = Mapping[str, object]


def conclude(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """K4: columns of `coach_candidates`: coached and winners (names), report and cooperative (bool), lacking (words), award, again, may_again (bool).

    The award needs a coached school among the year's `prizes`, the coaching report, all other duties of a coach, and
    all data of the school itself (計畫執行配合度相關項目). `again`: the years that it has stayed on; it may stay on if
    that is less than the plan's limit. Without `prizes` nothing is concluded yet.
    """
    rows, duties, own = records(tables["coach_candidates"]), _grouped(tables), _coached(tables)
    known, prizes = "prizes" in tables, _keys(tables)
    stays = {(row["code"], row["level"]): row["again"] for row in _records(tables, "coach_schools")}
    made, findings = [], []
    for row in rows:
        key = row["code"], row["level"]
        won = [one for one in own.get(key, ()) if (one["code"], one["level"]) in prizes]
        lacking = list(_lacking(row, duties.get(key, ())))
        earned = bool(won) and not lacking
        again = int(stays.get(key, 0))
        made.append({
            **row, "coached": _names(own.get(key, ())), "winners": _names(won), "report": COACH_REPORT not in lacking,
            "cooperative": not set(lacking) - {COACH_REPORT},
            "lacking": "、".join(lacking), "award": EARNED if earned else NOT_EARNED if known else UNKNOWN, "again": again,
            "may_again": earned and again < plan.coaching.again_most,
        })  # fmt: skip
        if won and lacking:
            findings.append(_told(row, lacking, tables))
    columns = [*tables["coach_candidates"].columns, *ADDED]
    return tables.put(coach_candidates=pd.DataFrame(made, columns=columns, dtype=object)), findings


def _records(tables: Tables, name: str) -> list[dict]:
    return records(tables[name]) if name in tables else []


def _grouped(tables: Tables) -> Mapping[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in _records(tables, "coach_duties"):
        found[row["code"], row["level"]].append(row)
    return found


def _coached(tables: Tables) -> Mapping[Key, list[Row]]:
    """Coach → the schools of which the ministry decided that it coaches them."""
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in _records(tables, "coached"):
        if row["state"] == DECIDED:
            found[row["coach_code"], row["coach_level"]].append(row)
    return found


def _keys(tables: Tables) -> set[Key]:
    return {(row["code"], row["level"]) for row in _records(tables, "prizes")}


def _lacking(row: Row, duties: Sequence[Row]) -> Iterator[str]:
    """What is not complete: each duty of a coach once, and the school's own data."""
    if not duties:
        yield COACH_REPORT
    yield from dict.fromkeys(one["item"] for one in duties if one["done"] < one["number"])
    if not row["complete"]:
        yield "計畫應繳資料"


def _names(rows: Sequence[Row]) -> str:
    return "、".join(f"{row['county']}{row['name']}" for row in rows)


def _told(row: Row, lacking: Sequence[str], tables: Tables) -> Finding:
    key = row["code"], row["level"]
    school = next(one for one in records(tables["schools"]) if (one["code"], one["level"]) == key)
    at = next(
        (
            one["place"].at("code")
            for one in _records(tables, "coaches")
            if (one["code"], one["level"]) == key
        ),
        At(),
    )
    facts = {"name": row["name"], "why": "、".join(lacking)}
    return Finding(catalogue.K4_LACKS, at, facts, key, "" if school["national"] else school["county"])
