"""The desk at which papers for payment go out and come back (請款與撥款): 肆.七.

For the ministry the checklists and 撥款總覽; for each recipient the county's statement and its schools'
revised plans to be filled. The letters of payment are in `letters`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mlbatch.forms import Form, blank, claim, revised_plan
from mlbatch.plan import Plan
from mlbatch.press import Draft, draft, for_recipient
from mlbatch.recipient import UNSAFE, Packages, Recipient
from mlbatch.tables import UNRECEIVED, Tables, plain_records, records
from mlbatch.workbooks import payment, statement

FOLDER = "請款"


@dataclass(frozen=True)
class Counter:
    """The counter of payment: what was decided, the forms and the plan."""

    tables: Tables
    forms: Mapping[str, Form]
    plan: Plan

    def papers(self, packages: Packages) -> Iterator[Draft]:
        """Every paper of payment but the letters, the ministry's first."""
        everything = self.tables.take(*payment.TABLES)
        yield draft(f"{FOLDER}/撥款總覽.xlsx", "撥款總覽", payment.payment_workbook, everything, self.plan)
        yield from self._checklists()
        for who, own in packages:
            if len(own["payees"]):
                yield from self._own(who, own)

    def _checklists(self) -> Iterator[Draft]:
        """One checklist a payee, with what the one that came back says already."""
        papers, payees = (plain_records(self.tables[name]) for name in ("papers_due", "payees"))
        for payee in payees:
            key = tuple(payee[name] for name in ("county", "code", "level"))
            own = [row for row in papers if tuple(row[name] for name in ("county", "code", "level")) == key]
            stamp = payee["county"] or f"{payee['code']}-{payee['level']}"
            given = self.forms["claim"], self.plan, stamp, claim.values(payee, own)
            path = f"{FOLDER}/檢核表/{self._name(payee)}.xlsx"
            yield draft(path, f"請款文件檢核表（{payee['payee']}）", blank.blank_for, *given)

    def _name(self, payee: Mapping[str, object]) -> str:
        """The name of a payee's checklist: as its folder is called among the recipients'."""
        if payee["county"]:
            known = self.plan.counties.get(payee["county"])
            return f"{known.order:02d}_{payee['county']}" if known else str(payee["county"])
        return UNSAFE.sub("_", f"90_{payee['payee']}_{payee['level']}_{payee['code']}")

    @cached_property
    def _plans(self) -> dict:
        return revised_plan.handed_in(self.tables)

    def _own(self, who: Recipient, own: Tables) -> Iterator[Draft]:
        """The county's statement, and the revised plans that its schools still owe, prefilled."""
        if who.county:
            given = own.take(*statement.TABLES), self.plan
            yield for_recipient(who, "計畫經費說明表.xlsx", "計畫經費說明表", statement.statement, *given)
        for school in records(own["schools"]):
            if school["revised_state"] == UNRECEIVED:
                stamp, values = (
                    f"{school['code']}-{school['level']}",
                    revised_plan.values(self._plans, school),
                )
                name = UNSAFE.sub("_", f"{school['code']}_{school['name']}_{school['level']}")
                yield for_recipient(
                    who, f"修正計畫書/{name}_修正計畫書.xlsx", f"修正後教學實施計畫書（{school['name']}）",
                    blank.blank_for, self.forms["revised_plan"], self.plan, stamp, values,
                )  # fmt: skip
