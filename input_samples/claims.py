"""What comes for payment: checklists as the clerk kept them, and the schools' revised plans.

Both answer workbooks that the batch wrote, so the batch is run for them. The table `claims` says who
sent papers, the day they came and how many revised plans; a revised plan is right unless the table `mistakes` changes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from documents import Document, Documents
from readable import FORMS, PLAN, Row, table
from returned import written

from mlbatch import batch
from mlbatch.forms import claim, revised_plan
from mlbatch.tables import Tables, records

AS_OF = date(2018, 2, 10)
BETWEEN = timedelta(minutes=2, seconds=11)
# The fixed lines of a revised budget: item, price, quantity, measure; what is left over is rent.
LINES = (
    ("輔導費/諮詢費", 2000, 8, "人次"), ("講座鐘點費", 2000, 4, "節"), ("國內旅運費", 1500, 12, "人次"),
    ("代課鐘點費", 260, 80, "節"),
)  # fmt: skip


def with_claims(documents: Documents) -> Documents:
    """The documents, the checklists and the revised plans of those that the table `claims` names."""
    with TemporaryDirectory() as name:
        written(documents, Path(name))
        tables = batch.decide(batch.read(Path(name), PLAN, AS_OF), until="payment").tables
    added = dict(one for row in table("claims") for one in sent(row, tables))
    return {**documents, **added}


def sent(row: Mapping[str, str], tables: Tables) -> Iterator[tuple[str, Document]]:
    """One payee's checklist, with everything in order, and its schools' revised plans."""
    payee = next(
        one
        for one in records(tables["payees"])
        if row["payee"] in (one["county"], f"{one['code']}-{one['level']}")
    )
    folder = f"請款文件/{payee['county'] or payee['payee']}"
    if row["kept"]:
        values = claim.values(_plain(payee), (_kept(one, row) for one in _papers(payee, tables)))
        if row["paid_on"]:
            values["claims"][0] |= {
                "paid_on": date.fromisoformat(row["paid_on"]),
                "paid": int(payee["granted"]),
            }
        yield f"claim:{row['payee']}", Document(f"{folder}/檢核表.xlsx", FORMS["claim"], row["payee"], values)
    schools = [one for one in records(tables["schools"]) if one["approved"] and _owner(one) == row["payee"]]
    at = datetime.fromisoformat(row["uploaded"]) if row["uploaded"] else None
    for number, school in enumerate(schools[: int(row["plans"])]):
        key = f"{school['code']}-{school['level']}"
        path = f"{folder}/光碟/{school['code']}_{school['name']}_{school['level']}.xlsx"
        document = Document(path, FORMS["revised_plan"], key, _revised(school, tables))
        yield f"revised:{key}", replace(document, uploaded=at + number * BETWEEN, by=payee["payee"])


def _owner(school: Row) -> str:
    return f"{school['code']}-{school['level']}" if school["national"] else school["county"]


def _papers(payee: Row, tables: Tables) -> list[Row]:
    own = ("county", "code", "level")
    return [one for one in records(tables["papers_due"]) if all(one[name] == payee[name] for name in own)]


def _kept(paper: Row, row: Mapping[str, str]) -> Row:
    """A paper as the clerk recorded it: received on the day of the table, and signed where it must be."""
    day = date.fromisoformat(row["received_on"]) if row["received_on"] else None
    received = True if day else None
    return {
        **paper, "said_received": received, "said_signed": True if day and paper["needs"] else None,
        "received_on": day, "note": "",
    }  # fmt: skip


def _plain(payee: Row) -> Row:
    return {**payee, "paid_on": None, "paid": None}


# Revised plans -------------------------------------------------------------------------------------


def _revised(school: Row, tables: Tables) -> dict[str, list[Row]]:
    """The school's plan with the approved number of classes in each semester, and the approved money."""
    values = revised_plan.values(revised_plan.handed_in(tables), school)
    values["revised_classes"] = list(_classes(values["revised_classes"], int(school["approved"])))
    values["revised_costs"] = list(cost_lines(school, int(school["current"])))
    return values


def _classes(rows: list[Row], approved: int) -> Iterator[Row]:
    """As many classes in each semester as were approved: the first ones, or one more of the last."""
    for semester in PLAN.schools.semesters:
        own = [row for row in rows if row["semester"] == semester]
        for number in range(approved):
            if number < len(own):
                yield own[number]
            else:
                yield {**own[-1], "section": f"{number + 1}班"}


def cost_lines(school: Row, current: int) -> Iterator[Row]:
    """The lines of a budget that spends the current account, the capital account and the own share."""
    left = current
    for item, price, quantity, measure in LINES:
        left -= price * quantity
        yield cost(item, "經常門", price, quantity, measure, "補助")
    yield cost("教學資訊軟硬體租金", "經常門", left, 1, "式", "補助")
    yield cost("教學資訊設備", "資本門", int(school["capital"]), 1, "批", "補助")
    yield cost("設備維護費", "經常門", int(school["own_share"]), 1, "式", "自籌")


def cost(item: str, account: str, price: int, quantity: int, measure: str, fund: str) -> Row:
    return {
        "item": item, "account": account, "price": price, "quantity": quantity, "measure": measure,
        "amount": price * quantity, "fund": fund, "note": "依核定經費修正",
    }  # fmt: skip
