"""What the letters of the closing say (結案): tables of one recipient, formatted and never decided (柒.九).

As in facts.py: None where there is nothing to write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from mlbatch.letters.closing_fields import Closed, ClosingReminder, OpenRow, SettledRow, Wanting
from mlbatch.letters.facts import amount, day, figures, head
from mlbatch.plan import Plan
from mlbatch.recipient import Recipient
from mlbatch.tables import UNRECEIVED, Tables, records

ACCOUNTS = ("經常門", "資本門")
SHOWN = ("planned", "granted", "spent", "balance", "refund")
Row = Mapping[str, object]


def closing_reminder_facts(own: Tables, plan: Plan, who: Recipient) -> ClosingReminder | None:
    """結案催送函 for a payee whose settlement has not come by the plan's end."""
    payee = _payee(own)
    if payee is None or not payee["closing_remind"]:
        return None
    return ClosingReminder(
        **head(plan, who, "請查照辦理"), items=_items(own), due=day(plan.closing.settlement_due), data_due=day(plan.closing.data_due),
        barred_year=f"{plan.closing.barred_year}", about=_about(who), open_count=figures(payee["open_items"]),
    )  # fmt: skip


def wanting_facts(own: Tables, plan: Plan, who: Recipient) -> Wanting | None:
    """結案補件通知 that names each thing which is still open, once the settlement has come."""
    payee = _payee(own)
    if payee is None or payee["closed"] or payee["settlement_state"] == UNRECEIVED:
        return None
    rows = _items(own)
    return Wanting(
        **head(plan, who, "請查照辦理"), items=rows,
        open_count=figures(len(rows)), days=f"{plan.claim.supply_days}", due=day(plan.closing.settlement_due),
        about=_about(who),
    )  # fmt: skip


def _items(own: Tables) -> tuple[OpenRow, ...]:
    rows = [row for row in records(own["closing_items"]) if row["open"]]
    return tuple(_open(number, row) for number, row in enumerate(rows, 1))


def _open(number: int, row: Row) -> OpenRow:
    return OpenRow(
        number=f"{number}",
        school=row["school_name"] or row["payee"],
        item=row["item"],
        why=row["why"],
        clause=row["cite"],
    )


def closed_facts(own: Tables, plan: Plan, who: Recipient) -> Closed | None:
    """結案函 for a payee of whom nothing is open any more."""
    payee = _payee(own)
    if payee is None or not payee["closed"]:
        return None
    lines = records(own["settling"])
    by_account = [(name, [row for row in lines if row["account"] == name]) for name in ACCOUNTS]
    rows = [_settled(name, rows) for name, rows in [*by_account, ("合計", lines)] if rows]
    return Closed(
        **head(plan, who, "請查照", "、".join(own["schools"].query("approved > 0")["name"]) if who.county else ""),
        lines=tuple(rows), granted=amount(sum(row["granted"] for row in lines)),
        refund=amount(sum(row["refund"] for row in lines)), closed_on=day(payee["closed_on"]), about=_about(who),
    )  # fmt: skip


def _settled(name: str, rows: Sequence[Row]) -> SettledRow:
    return SettledRow(
        account=name, **{field: figures(sum(int(row[field]) for row in rows)) for field in SHOWN}
    )


def closing_figures(own: Tables) -> tuple[int | None, int | None]:
    """The schools of a payee, and what it was granted."""
    payee = own["payees"].iloc[0]
    return int(payee["schools"]), int(payee["granted"])


def _payee(own: Tables) -> Row | None:
    payees: pd.DataFrame = own["payees"]
    return records(payees)[0] if len(payees) else None


def _about(who: Recipient) -> str:
    return f"{who.polite}及所屬學校" if who.county else who.polite
