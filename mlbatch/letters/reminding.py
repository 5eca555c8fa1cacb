"""What a reminder says (催繳): what is overdue, a row an item and day of each school (伍.二(四), 玖.二, 玖.三)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from mlbatch import roc
from mlbatch.letters.facts import day, figures, head
from mlbatch.letters.fields import OverdueRow, Reminder
from mlbatch.obligation import OVERDUE
from mlbatch.plan import Plan
from mlbatch.recipient import Recipient
from mlbatch.tables import Tables, records

Row = Mapping[str, object]


def reminder_facts(own: Tables, plan: Plan, who: Recipient, as_of: date) -> Reminder | None:
    """催繳通知; None for who owes nothing."""
    rows = _overdue(own)
    if not rows:
        return None
    grouped: dict[tuple, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["due"], row["code"], row["level"], row["item"]].append(row)
    listed = sorted(
        grouped.values(),
        key=lambda same: (same[0]["code"], same[0]["level"], same[0]["due"], same[0]["item"]),
    )
    schools = {(row["code"], row["level"]) for row in rows if row["code"]}
    names = Counter(own["schools"]["name"])
    return Reminder(
        **head(plan, who, "請查照辦理"),
        overdue=tuple(_row(number, same, who, names) for number, same in enumerate(listed, 1)),
        count=figures(sum(row["number"] - row["done"] for row in rows)), schools=f"{len(schools)}",
        days=f"{plan.tracking.reminder_days}", until=day(as_of), data_due=day(plan.closing.data_due),
        barred_year=f"{plan.closing.barred_year}", about="貴府與所屬學校" if who.county else "貴校",
    )  # fmt: skip


def reminder_figures(own: Tables) -> tuple[int | None, int | None]:
    """The schools with something overdue."""
    return len({(row["code"], row["level"]) for row in _overdue(own) if row["code"]}), None


def _overdue(own: Tables) -> list[dict]:
    duties = own["duties"]
    return records(duties[duties["state"] == OVERDUE])


def _row(number: int, same: Sequence[Row], who: Recipient, names: Mapping[str, int]) -> OverdueRow:
    """One row; schools of one name are told apart by their level."""
    first, classes = same[0], [row["class_"] for row in same if row["class_"]]
    item = first["item"] + (f"（{'、'.join(classes)}）" if classes else "")
    school = first["name"] + (f"（{first['level']}）" if names[first["name"]] > 1 else "")
    return OverdueRow(
        number=f"{number}", school=school if first["code"] else who.name, item=item, due=roc.short(first["due"]),
        owing=figures(sum(row["number"] - row["done"] for row in same)), clause=first["cite"],
    )  # fmt: skip
