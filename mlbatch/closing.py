"""The desk of the closing (結案): settlements to be filled, who is closed, next year's registers (柒.九, 玖)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mlbatch import workday
from mlbatch.forms import Form, blank, settlement
from mlbatch.forms.next_year import next_registers
from mlbatch.output import Paper
from mlbatch.plan import Plan
from mlbatch.press import Draft, draft, for_recipient
from mlbatch.recipient import Packages, Recipient
from mlbatch.tables import AS_APPROVED, Tables, plain_records
from mlbatch.workbooks import barred, candidates, closing

FOLDER = "結案"
REGISTERS = f"{FOLDER}/下年度清冊"


@dataclass(frozen=True)
class Desk:
    """What was decided, the forms, the plan and the as-of date."""

    tables: Tables
    forms: Mapping[str, Form]
    plan: Plan
    as_of: date

    def papers(self, packages: Packages) -> Iterator[Paper | Draft]:
        """Every paper of the closing but the letters, the ministry's first."""
        for title, draw, names in (
            ("結案總表", closing.closing_workbook, closing.TABLES),
            ("優良候選名單", candidates.candidates_workbook, candidates.TABLES),
        ):
            given = self.tables.take(*names), self.plan, self.as_of
            yield draft(f"{FOLDER}/{title}.xlsx", title, draw, *given)
        yield from self._after()
        for who, own in packages:
            if len(own["settling"]):
                yield from self._own(who, own)

    def _after(self) -> Iterator[Paper | Draft]:
        """What holds only once its day is over: who is barred, and next year's registers."""
        tables, plan = self.tables, self.plan
        if self.as_of > workday.due(plan.closing.data_due, plan):
            given = tables.take(*barred.TABLES), plan, "duties" in tables
            yield draft(f"{FOLDER}/不得申請名單.xlsx", "不得申請名單", barred.barred_workbook, *given)
        if self.as_of > workday.due(plan.closing.settlement_due, plan):
            for name, reader, content in next_registers(tables, plan):
                yield Paper(f"{REGISTERS}/{reader.year}年度/{name}", content, f"{reader.year}年度清冊")

    def _own(self, who: Recipient, own: Tables) -> Iterator[Draft]:
        """The settlement, prefilled, until one has come that stands; with what was filled already."""
        payee = plain_records(own["payees"])[0]
        if payee["settlement_state"] == AS_APPROVED:
            return
        values = settlement.values(payee, plain_records(own["settling"]), self._said(payee))
        yield for_recipient(
            who, "經費收支結算表.xlsx", "經費收支結算表", blank.blank_for, self.forms["settlement"], self.plan,
            who.county or "-".join(who.school), values,
        )  # fmt: skip

    def _said(self, payee: Mapping[str, object]) -> Mapping[str, object] | None:
        if not payee["settlement_file"]:
            return None
        heads = self.tables["settlements"]
        return plain_records(heads[heads["file"] == payee["settlement_file"]])[0]
