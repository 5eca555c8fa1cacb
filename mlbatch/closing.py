"""The desk of the closing (結案): settlements to be filled, who is closed, next year's registers (柒.九, 玖)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mlbatch import workday
from mlbatch.forms import Form, blank, settlement
from mlbatch.forms.next_year import next_registers
from mlbatch.letters import closing_letters
from mlbatch.output import Paper
from mlbatch.plan import Plan
from mlbatch.recipient import Recipient, only, recipients
from mlbatch.tables import AS_APPROVED, Tables, records
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

    def papers(self) -> Iterator[Paper]:
        """Every paper of the closing, the ministry's first."""
        tables, plan = self.tables, self.plan
        yield Paper(f"{FOLDER}/結案總表.xlsx", closing.closing_workbook(tables, plan, self.as_of), "結案總表")
        yield Paper(
            f"{FOLDER}/優良候選名單.xlsx",
            candidates.candidates_workbook(tables, plan, self.as_of),
            "優良候選名單",
        )
        yield from self._after()
        for who in recipients(tables, plan):
            own = only(tables, who)
            if len(own["settling"]):
                yield from self._own(who, own)
        for letter in closing_letters(tables, plan):
            who, name = letter.recipient, letter.name
            yield Paper(
                f"受文者/{who.folder}/{name}", letter.content, name.removesuffix(".docx"), who.folder,
                schools=letter.schools, amount=letter.amount,
            )  # fmt: skip

    def _after(self) -> Iterator[Paper]:
        """What holds only once its day is over: who is barred, and next year's registers."""
        tables, plan = self.tables, self.plan
        if self.as_of > workday.due(plan.closing.data_due, plan):
            content = barred.barred_workbook(tables, plan, self.as_of)
            yield Paper(f"{FOLDER}/不得申請名單.xlsx", content, "不得申請名單")
        if self.as_of > workday.due(plan.closing.settlement_due, plan):
            for name, reader, content in next_registers(tables, plan):
                yield Paper(f"{REGISTERS}/{reader.year}年度/{name}", content, f"{reader.year}年度清冊")

    def _own(self, who: Recipient, own: Tables) -> Iterator[Paper]:
        """The settlement, prefilled, until one has come that stands; with what was filled already."""
        payee = _plain(own["payees"])[0]
        if payee["settlement_state"] == AS_APPROVED:
            return
        content = blank.blank(
            self.forms["settlement"], self.plan, recipient=who.county or "-".join(who.school),
            values=settlement.values(payee, _plain(own["settling"]), self._said(payee)),
        )  # fmt: skip
        yield Paper(f"受文者/{who.folder}/經費收支結算表.xlsx", content, "經費收支結算表", who.folder)

    def _said(self, payee: Mapping[str, object]) -> Mapping[str, object] | None:
        if not payee["settlement_file"]:
            return None
        heads = self.tables["settlements"]
        return _plain(heads[heads["file"] == payee["settlement_file"]])[0]


def _plain(table: pd.DataFrame) -> list[dict]:
    """The rows with None for what is missing."""
    return records(table.astype(object).where(table.notna(), None))
