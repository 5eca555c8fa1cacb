"""Closed or not (結案), with every open item; and who is barred for what was not handed in (柒.九(一), 玖.二; Z1, Z3).

Reads `duties` if it is there. Only data keeps a closing open; what else was not done stands in the year's record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from mlbatch import catalogue, roc, workday
from mlbatch.attending import is_data
from mlbatch.finding import At, Finding
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import (
    AS_APPROVED,
    CLOSED,
    CLOSED_LATE,
    NOT_CLOSED,
    PAID,
    STILL_OPEN,
    UNRECEIVED,
    Tables,
    records,
)

PAYEE = ("county", "code", "level")
SETTLEMENT, REFUND, PAYMENT = "經費收支結算表", "繳回款", "請款與撥款"
ITEMS = (
    *PAYEE,
    "payee",
    "school_code",
    "school_name",
    "school_level",
    "item",
    "cite",
    "due",
    "done_on",
    "open",
    "why",
)
BARRED = ("county", "code", "level", "name", "national", "missing", "late", "items")
CONCLUDED = ("open_items", "closed", "closed_on", "closing_state", "closing_remind")
SHOWN = 5  # open items that a finding names
Key = tuple[str, str]
Row = Mapping[str, object]


def items(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """Z1: table `closing_items`, one row a thing that is needed for the closing, with `open` and `why`.

    For each payee its settlement, its returned money and its payment, then by school what is handed in, one
    row an item. What falls due after a school left is not asked of it.
    """
    due = workday.due(plan.closing.settlement_due, plan)
    payees = records(tables["payees"])
    settling = _grouped(records(tables["settling"]), PAYEE)
    duties = _grouped(_asked(tables, plan), PAYEE)
    rows = []
    for payee in payees:
        key = tuple(payee[name] for name in PAYEE)
        rows += [_item(payee, None, *one, due) for one in _own(payee, settling.get(key, ()), plan, as_of)]
        rows += [_item(payee, *one) for one in _handed_in(duties.get(key, ()))]
    frame = pd.DataFrame(rows, columns=list(ITEMS), dtype=object).astype({"open": bool})
    return tables.put(closing_items=frame), []


def conclude(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """Z1: columns open_items (Int64), closed (bool), closed_on, closing_state and closing_remind of `payees`.

    Closed if and only if nothing is open; closed on the day of the last thing done. `school_closing`: one row
    a school with a grant: its payee, open_items, complete (bool) and the words of what is open.
    """
    due = workday.due(plan.closing.settlement_due, plan)
    groups = _grouped(records(tables["closing_items"]), PAYEE)
    rows, findings = [], []
    for payee in records(tables["payees"]):
        own = groups.get(tuple(payee[name] for name in PAYEE), [])
        rows.append(row := _concluded(own, due, as_of))
        remind = payee["settlement_state"] == UNRECEIVED and as_of > plan.calendar.end
        row["closing_remind"] = remind
        findings += _told(payee, row, own, due)
    payees = tables["payees"]
    made = pd.DataFrame(rows, columns=list(CONCLUDED), dtype=object)
    made = made.astype({"open_items": "Int64", "closed": bool, "closing_remind": bool}).set_axis(payees.index)
    return tables.put(
        payees=payees.assign(**{name: made[name] for name in made.columns}), school_closing=_schools(tables)
    ), findings


def barred(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """Z3: table `barred`: the schools that had not handed in everything by `closing.data_due`; none before it.

    `missing`: items that are still open, `late`: items that came after the day.
    """
    last = workday.due(plan.closing.data_due, plan)
    rows = []
    for (code, level), own in _grouped(_asked(tables, plan), ("school_code", "school_level")).items():
        wanting = [row for row in own if row["owing"] or (row["day"] and row["day"] > last)]
        if code and wanting and as_of > last:
            rows.append(_barred(code, level, wanting))
    return tables.put(barred=pd.DataFrame(rows, columns=list(BARRED), dtype=object)), []


# What is asked for -------------------------------------------------------------------------------


def _asked(tables: Tables, plan: Plan) -> Iterator[Row]:
    """The duties to hand something in, each with its payee; not those due after the school left."""
    gone = {
        (row["code"], row["level"]): row["day"]
        for row in records(tables["departures"])
        if row["change"] != "減班"
    }
    for row in records(tables["duties"]) if "duties" in tables else ():
        left = gone.get((row["code"], row["level"]))
        if not is_data(row["item"], plan) or (left and row["due"] > left):
            continue
        payee = ("", row["code"], row["level"]) if row["national"] else (row["county"], "", "")
        yield {
            **row, **dict(zip(PAYEE, payee, strict=True)), "school_code": row["code"], "school_level": row["level"],
            "school_county": row["county"], "owing": int(row["number"]) - int(row["done"]),
        }  # fmt: skip


def _grouped(rows: Iterable[Row], names: Sequence[str]) -> dict[tuple, list[Row]]:
    groups: dict[tuple, list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in names)].append(row)
    return groups


def _own(payee: Row, lines: Sequence[Row], plan: Plan, as_of: date) -> Iterator[tuple]:
    """A payee's own items: (item, cite, day done, why it is open or nothing)."""
    paid = payee["state"] == PAID
    yield PAYMENT, plan.cite("papers.county"), payee["paid_on"], "" if paid else "補助款尚未撥付"
    state, cite = payee["settlement_state"], plan.cite("closing.settlement_due")
    why = "" if state == AS_APPROVED else "未送" if state == UNRECEIVED else "待修正"
    yield SETTLEMENT, cite, payee["settlement_on"], why
    owed = [row for row in lines if pd.notna(row["owed"]) and row["owed"]]
    if state != UNRECEIVED and owed:
        wanting = [row for row in owed if not _is_returned(row, as_of)]
        days = [row["refunded_on"] for row in owed if row["refunded_on"]]
        rest = sum(int(row["owed"]) for row in wanting)
        yield REFUND, cite, max(days, default=None), f"應繳回而未繳 {rest:,} 元" if wanting else ""


def _is_returned(row: Row, as_of: date) -> bool:
    return bool(row["refund"] == row["owed"] and row["refunded_on"] and row["refunded_on"] <= as_of)


def _handed_in(duties: Sequence[Row]) -> Iterator[tuple]:
    """Of each school and item: (school, item, cite, day done, why it is open, due)."""
    for (code, level, item), own in _grouped(duties, ("school_code", "school_level", "item")).items():
        school = {"code": code, "name": own[0]["name"], "level": level} if code else None
        owing = sum(row["owing"] for row in own)
        days = [row["day"] for row in own if row["day"]]
        due = min((row["due"] for row in own if row["owing"]), default=max(row["due"] for row in own))
        yield school, item, own[0]["cite"], max(days, default=None), f"尚缺 {owing} 件" if owing else "", due


def _item(payee: Row, school: Row | None, item: str, cite: str, day: date | None, why: str, due: date) -> Row:
    of = {f"school_{name}": school[name] if school else "" for name in ("code", "name", "level")}
    return {
        **{name: payee[name] for name in (*PAYEE, "payee")}, **of, "item": item, "cite": cite, "due": due,
        "done_on": day, "open": bool(why), "why": why,
    }  # fmt: skip


# What follows ------------------------------------------------------------------------------------


def _concluded(own: Sequence[Row], due: date, as_of: date) -> Row:
    still = [row for row in own if row["open"]]
    days = [row["done_on"] for row in own if row["done_on"]]
    day = None if still else max(days, default=None)
    if still:
        state = STILL_OPEN if as_of > due else NOT_CLOSED
    else:
        state = CLOSED_LATE if day and day > due else CLOSED
    return {"open_items": len(still), "closed": not still, "closed_on": day, "closing_state": state}


def _told(payee: Row, row: Row, own: Sequence[Row], due: date) -> Iterator[Finding]:
    place = payee["settlement_place"]
    at = place.at("payee") if place else At()
    facts = {"name": payee["payee"], "due": roc.short(due)}
    who = ((payee["code"], payee["level"]), payee["county"])
    if row["closing_state"] == CLOSED_LATE:
        yield Finding(catalogue.Z1_LATE, at, {**facts, "read": roc.short(row["closed_on"])}, *who)
    if row["closing_state"] == STILL_OPEN and payee["settlement_state"] == UNRECEIVED:
        yield Finding(catalogue.Z1_NOT_SENT, at, facts, *who)
    elif row["closing_state"] == STILL_OPEN:
        still = [f"{one['school_name']}{one['item']}" for one in own if one["open"]]
        words = "、".join(still[:SHOWN]) + ("等" if len(still) > SHOWN else "")
        yield Finding(catalogue.Z1_OPEN, at, {**facts, "count": len(still), "items": words}, *who)


def _schools(tables: Tables) -> pd.DataFrame:
    """One row a school with a grant, in the order of `schools`."""
    groups = _grouped(records(tables["closing_items"]), ("school_code", "school_level"))
    rows = []
    for school in records(tables["schools"]):
        if school["approved"]:
            own = [row for row in groups.get((school["code"], school["level"]), ()) if row["open"]]
            rows.append({
                **{name: school[name] for name in ("county", "code", "level", "name", "national")},
                "open_items": len(own), "complete": not own,
                "open_words": "、".join(f"{row['item']}（{row['why']}）" for row in own),
            })  # fmt: skip
    columns = ["county", "code", "level", "name", "national", "open_items", "complete", "open_words"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype(
        {"open_items": "Int64", "complete": bool, "national": bool}
    )


def _barred(code: str, level: str, wanting: Sequence[Row]) -> Row:
    missing = list(dict.fromkeys(row["item"] for row in wanting if row["owing"]))
    late = [item for item in dict.fromkeys(row["item"] for row in wanting) if item not in missing]
    first = wanting[0]
    words = [f"未繳：{'、'.join(missing)}"] * bool(missing) + [f"逾期：{'、'.join(late)}"] * bool(late)
    return {
        "county": first["school_county"], "code": code, "level": level, "name": first["name"], "national": first["national"],
        "missing": len(missing), "late": len(late), "items": "；".join(words),
    }  # fmt: skip
