"""What comes back after the award, invented: lines of budgets, and checklists of the papers for payment.

The rules of payment judge the checklists as they do in a month; of budgets only the lines are drawn, since
the workbooks compute over the lines whatever the rules say of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pandas as pd

from mlbatch.finding import Place
from mlbatch.plan import Plan
from mlbatch.rules import claim, papers, payable
from mlbatch.rules.budget import ACCOUNTS, GRANTED, LINE, OWN, WHO
from mlbatch.tables import AS_APPROVED, REVISED, TO_REVISE, Tables, records

AS_OF = date(2018, 2, 10)
FIRST = date(2018, 1, 20)  # day on which papers begin to come
STATES = (AS_APPROVED, TO_REVISE)
TICKS = {"due": "boolean", "received": "boolean", "signed": "boolean", "received_on": object}
Row = dict[str, object]


def with_papers(random: Random, tables: Tables, plan: Plan) -> Tables:
    """The tables after AWARD, with `budgeted`, `papers_due` and `payees` beside them."""
    return _paid(random, _budgeted(random, tables, plan), plan)


# Budgets -------------------------------------------------------------------------------------------


def _budgeted(random: Random, tables: Tables, plan: Plan) -> Tables:
    schools, counties = tables["schools"], tables["counties"]
    funded = schools["approved"].fillna(0) > 0
    states = [random.choice(STATES) if one else "" for one in funded]
    own = [random.choice((*STATES, "")) for _ in range(len(counties))]
    made = tables.put(schools=schools.assign(budget_state=states), counties=counties.assign(budget_state=own))
    owners = [row for row in records(made["schools"]) if row["budget_state"]]
    owners += [{**row, "code": "", "level": "", "name": row["county"], "national": False}
               for row in records(made["counties"]) if row["budget_state"]]  # fmt: skip
    rows = [line for owner in owners for line in _lines(random, owner, plan)]
    whole = {"price": "Int64", "quantity": "Int64", "amount": "Int64"}
    return made.put(budgeted=pd.DataFrame(rows, columns=[*WHO, *LINE]).astype(whole))


def _lines(random: Random, owner: Row, plan: Plan) -> Iterator[Row]:
    for _ in range(random.randint(0, 6)):
        price, quantity = (
            random.choice((1_600, 9_999, 10_000, random.randint(1, 60_000))),
            random.randint(1, 5),
        )
        account = random.choice(tuple(ACCOUNTS.values()))
        yield {
            **{name: owner[name] for name in WHO}, "item": random.choice((*plan.items.accounts, "其他")), "account": account,
            "price": price, "quantity": quantity, "measure": "式", "amount": price * quantity,
            "fund": random.choice((GRANTED, GRANTED, OWN)), "note": "",
        }  # fmt: skip


# Papers --------------------------------------------------------------------------------------------


def _paid(random: Random, tables: Tables, plan: Plan) -> Tables:
    states = [random.choice(REVISED) for _ in range(len(tables["schools"]))]
    made = tables.put(schools=tables["schools"].assign(revised_state=states))
    made, _ = papers.due(made, plan, AS_OF)
    heads, rows = [], []
    for number, payee in enumerate(records(made["payees"])):
        own = [row for row in records(made["papers_due"]) if _who(row) == _who(payee)]
        for copy in range(random.choice((0, 1, 1, 1, 2))):
            file = f"{number}-{copy}.xlsx"
            heads.append(_head(random, payee, file))
            rows += _ticked(random, own, file)
    made = made.put(
        claims=pd.DataFrame(heads, columns=[*claim.PAYEE, "payee", "paid_on", "paid", "file", "place"]).astype({"paid": "Int64", "paid_on": object}),
        claim_rows=pd.DataFrame(rows, columns=[*claim.PAPER, "school_name", *TICKS, "note", "file", "place"]).astype(TICKS),
    )  # fmt: skip
    for rule in (claim.recorded, payable.conclude):
        made, _ = rule(made, plan, AS_OF)
    return made


def _who(row: Row) -> tuple:
    return tuple(row[name] for name in claim.PAYEE)


def _head(random: Random, payee: Row, file: str) -> Row:
    paid = random.random() < 0.2
    return {
        **{name: payee[name] for name in (*claim.PAYEE, "payee")}, "paid_on": AS_OF if paid else None,
        "paid": payee["granted"] if paid else None, "file": file, "place": _place(file, 4),
    }  # fmt: skip


def _ticked(random: Random, due: list[Row], file: str) -> Iterator[Row]:
    """What the list says of each paper: most of them came and are signed, of some lists all."""
    every = random.random() < 0.4
    for number, row in enumerate(due):
        came, signed = every or random.random() < 0.7, every or random.random() < 0.8
        yield {
            **{name: row[name] for name in (*claim.PAPER, "school_name")}, "due": True, "received": came, "signed": came and signed,
            "received_on": FIRST + timedelta(random.randint(0, 18)) if came else None, "note": "",
            "file": file, "place": _place(file, 13 + number),
        }  # fmt: skip


def _place(file: str, row: int) -> Place:
    names = (*claim.PAYEE, *claim.PAPER, *TICKS, "payee", "paid_on", "paid")
    return Place(file, "請款文件檢核表", row, {name: (chr(65 + n), row) for n, name in enumerate(names)})
