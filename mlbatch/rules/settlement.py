"""What is to be settled (應結算): the accounts of each school and county, and what left during the year (柒.九, Z2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from mlbatch import money
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables, records
from mlbatch.withdrawal import CHANGES, FEWER

CURRENT, CAPITAL = "經常門", "資本門"
AMOUNTS = ("planned", "granted", "paid", "withdrawn", "classes_due")
COLUMNS = (
    "county", "code", "level", "payee", "school_code", "school_name", "school_level", "account", *AMOUNTS, "left",
)  # fmt: skip
Key = tuple[str, str]
Row = Mapping[str, object]


def lines(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """Z2: table `settling`, one row a payee's own account, and one a school's account, in the order of payees.

    A (`planned`) is split so that each account bears its own share of what the payee adds (柒.一). `withdrawn`
    are classes that left after the last day of succession, `classes_due` what is returned for them, `left`
    why the whole school did; `paid` is NA where it cannot be told by account.
    """
    schools = [row for row in records(tables["schools"]) if row["approved"]]
    gone = departures(tables, schools, plan, as_of)
    per_class = {(row["code"], row["level"]): int(row["per_class"]) for row in schools}
    rows = [
        line for payee in records(tables["payees"]) for line in _of_payee(payee, schools, tables, gone, plan)
    ]
    types = dict.fromkeys(AMOUNTS, "Int64")
    return tables.put(
        settling=pd.DataFrame(rows, columns=list(COLUMNS), dtype=object).astype(types),
        departures=_departures(gone, per_class, plan),
    ), []


# Who left during the year --------------------------------------------------------------------------


def departures(tables: Tables, schools: list[Row], plan: Plan, as_of: date) -> dict[Key, list[Row]]:
    """School → the rows of 核定後異動 that came too late for a school to follow, up to `as_of`, by day."""
    running = {(row["code"], row["level"]): int(row["approved"]) for row in schools}
    found: dict[Key, list[Row]] = defaultdict(list)
    rows = records(tables["withdrawals"]) if "withdrawals" in tables else []
    counted = [row for row in rows if row["change"] in CHANGES and row["day"]]
    for row in sorted(counted, key=lambda row: (row["day"], row["place"].row)):
        key = row["code"], row["level"]
        if key in running and plan.budget.succession_until < row["day"] <= as_of:
            left = running[key] - sum(one["number"] for one in found[key])
            number = _number(row["classes"]) if row["change"] == FEWER else left
            if left > 0 and number:
                found[key].append({**row, "number": min(left, number)})
    return {key: rows for key, rows in found.items() if rows}


def _number(classes: object) -> int:
    return int(classes) if pd.notna(classes) and classes > 0 else 0


def _remaining(day: date, plan: Plan) -> int:
    """The semesters still to come on a day; the running one is among them if the office says so."""
    begins = (plan.calendar.start, plan.deliverables.second_semester_from)
    ahead = sum(day < one for one in begins)
    return min(len(begins), ahead + plan.settling.running_semester_remains)


def _refund(row: Row, per_class: int, plan: Plan) -> int:
    """What is returned for the classes of one departure; of a whole school the accounts say it."""
    if row["change"] != FEWER:
        return 0
    remaining = _remaining(row["day"], plan)
    return money.class_refund(per_class, row["number"], remaining, len(plan.schools.semesters))


def _classes_due(school: Row, gone: list[Row], plan: Plan) -> dict[str, int]:
    """Account → what is returned for classes that left, at most the account's grant (柒.九(三))."""
    whole = sum(_refund(row, int(school["per_class"]), plan) for row in gone)
    current, capital = money.accounts(whole, plan.account.capital_percent, plan.account.capital_unit)
    return {CURRENT: min(current, int(school["current"])), CAPITAL: min(capital, int(school["capital"]))}


def _departures(gone: Mapping[Key, list[Row]], per_class: Mapping[Key, int], plan: Plan) -> pd.DataFrame:
    rows = [
        {
            "code": key[0], "level": key[1], **{name: row[name] for name in ("name", "change", "number", "day", "reason")},
            "remaining": _remaining(row["day"], plan), "amount": _refund(row, per_class[key], plan),
        }
        for key, own in gone.items()
        for row in own
    ]  # fmt: skip
    columns = ["code", "level", "name", "change", "number", "day", "reason", "remaining", "amount"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


# The lines -----------------------------------------------------------------------------------------


def _of_payee(
    payee: Row, schools: list[Row], tables: Tables, gone: Mapping[Key, list[Row]], plan: Plan
) -> Iterator[Row]:
    own = [row for row in schools if _belongs(row, payee)]
    paid = _paid_in_full(payee)
    if payee["county"] and (county := _county(payee["county"], own, tables)):
        yield _line(payee, None, CURRENT, county, paid)
    for school in own:
        left = gone.get((school["code"], school["level"]), [])
        due = _classes_due(school, left, plan)
        why = next((row["change"] for row in left if row["change"] != FEWER), "")
        number = sum(row["number"] for row in left)
        for account, amounts in _accounts(school).items():
            if amounts[1]:
                line = _line(payee, school, account, amounts, paid)
                yield {**line, "withdrawn": number, "classes_due": 0 if why else due[account], "left": why}


def _belongs(school: Row, payee: Row) -> bool:
    if payee["county"]:
        return not school["national"] and school["county"] == payee["county"]
    return (school["code"], school["level"]) == (payee["code"], payee["level"])


def _paid_in_full(payee: Row) -> bool | None:
    """Whether the whole grant was paid; None where another sum was."""
    if not payee["paid_on"]:
        return False
    return True if pd.isna(payee["paid"]) or payee["paid"] == payee["granted"] else None


def _accounts(school: Row) -> dict[str, tuple[int, int]]:
    """Account → (A, B): the capital account's plan is the smallest whose share it is, the rest is current."""
    current, capital = int(school["current"]) + int(school["coach"]), int(school["capital"])
    if pd.isna(school["plan_total"]) or pd.isna(school["percent"]):
        return {CURRENT: (current, current), CAPITAL: (capital, capital)}
    planned = money.total_for_grant(capital, int(school["percent"]))
    return {CURRENT: (int(school["plan_total"]) - planned, current), CAPITAL: (planned, capital)}


def _county(name: str, own: list[Row], tables: Tables) -> tuple[int, int] | None:
    """(A, B) of a county's own money: its grant less what was taken off, and its workshop, which has no own share."""
    counties = tables["counties"]
    row = records(counties[counties["county"] == name])[0]
    net = int(row["county_grant"]) - int(row["reduction"])
    of_schools = sum(int(one["plan_total"]) for one in own if pd.notna(one["plan_total"]))
    planned = int(row["plan_total"]) - of_schools if net and pd.notna(row["plan_total"]) else net
    granted = net + int(row["workshop"])
    return (max(planned, net) + int(row["workshop"]), granted) if granted > 0 else None


def _line(
    payee: Row, school: Row | None, account: str, amounts: tuple[int, int], paid: bool | None
) -> dict[str, object]:
    planned, granted = amounts
    of = {f"school_{name}": school[name] if school else "" for name in ("code", "name", "level")}
    return {
        **{name: payee[name] for name in ("county", "code", "level", "payee")}, **of, "account": account,
        "planned": planned, "granted": granted, "paid": None if paid is None else granted * paid,
        "withdrawn": 0, "classes_due": 0, "left": "",
    }  # fmt: skip
