"""The desk at which papers for payment go out and come back (請款與撥款): 肆.七.

For the ministry the checklists and 撥款總覽; for each recipient the receipt, the request, the county's
statement, its schools' revised plans to be filled, and a reminder where one is due.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from mlbatch.forms import Form, blank, claim, revised_plan
from mlbatch.letters import payment_letters
from mlbatch.output import Paper
from mlbatch.plan import Plan
from mlbatch.recipient import UNSAFE, Recipient, only, recipients
from mlbatch.tables import UNRECEIVED, Tables, records
from mlbatch.workbooks import payment, statement

FOLDER = "請款"


@dataclass(frozen=True)
class Counter:
    """The counter of payment: what was decided, the forms and the plan."""

    tables: Tables
    forms: Mapping[str, Form]
    plan: Plan

    def papers(self) -> Iterator[Paper]:
        """Every paper of payment, the ministry's first."""
        yield Paper(f"{FOLDER}/撥款總覽.xlsx", payment.payment_workbook(self.tables, self.plan), "撥款總覽")
        yield from self._checklists()
        for who in recipients(self.tables, self.plan):
            own = only(self.tables, who)
            if len(own["payees"]):
                yield from self._own(who, own)
        for letter in payment_letters(self.tables, self.plan):
            who, name = letter.recipient, letter.name
            yield Paper(
                f"受文者/{who.folder}/{name}", letter.content, name.removesuffix(".docx"), who.folder,
                schools=letter.schools, amount=letter.amount,
            )  # fmt: skip

    def _checklists(self) -> Iterator[Paper]:
        """One checklist a payee, with what the one that came back says already."""
        papers, payees = (_plain(self.tables[name]) for name in ("papers_due", "payees"))
        for payee in payees:
            key = tuple(payee[name] for name in ("county", "code", "level"))
            own = [row for row in papers if tuple(row[name] for name in ("county", "code", "level")) == key]
            content = blank.blank(
                self.forms["claim"], self.plan, recipient=payee["county"] or f"{payee['code']}-{payee['level']}",
                values=claim.values(payee, own),
            )  # fmt: skip
            yield Paper(
                f"{FOLDER}/檢核表/{self._name(payee)}.xlsx", content, f"請款文件檢核表（{payee['payee']}）"
            )

    def _name(self, payee: Mapping[str, object]) -> str:
        """The name of a payee's checklist: as its folder is called among the recipients'."""
        if payee["county"]:
            known = self.plan.counties.get(payee["county"])
            return f"{known.order:02d}_{payee['county']}" if known else str(payee["county"])
        return UNSAFE.sub("_", f"90_{payee['payee']}_{payee['level']}_{payee['code']}")

    @cached_property
    def _plans(self) -> dict:
        return revised_plan.handed_in(self.tables)

    def _own(self, who: Recipient, own: Tables) -> Iterator[Paper]:
        """The county's statement, and the revised plans that its schools still owe, prefilled."""
        if who.county:
            content = statement.statement(own, self.plan)
            yield Paper(f"受文者/{who.folder}/計畫經費說明表.xlsx", content, "計畫經費說明表", who.folder)
        for school in records(own["schools"]):
            if school["revised_state"] == UNRECEIVED:
                content = blank.blank(
                    self.forms["revised_plan"], self.plan, recipient=f"{school['code']}-{school['level']}",
                    values=revised_plan.values(self._plans, school),
                )  # fmt: skip
                name = UNSAFE.sub("_", f"{school['code']}_{school['name']}_{school['level']}")
                title = f"修正後教學實施計畫書（{school['name']}）"
                yield Paper(
                    f"受文者/{who.folder}/修正計畫書/{name}_修正計畫書.xlsx", content, title, who.folder
                )


def _plain(table: pd.DataFrame) -> list[dict]:
    """The rows with None for what is missing."""
    return records(table.astype(object).where(table.notna(), None))
