"""The desk of budgets (經費編列): blanks for those who owe one, what came beside the award, and summaries (柒.四–八)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlbatch.forms import Form, blank, budget
from mlbatch.plan import Plan
from mlbatch.press import Draft, draft, for_recipient
from mlbatch.recipient import UNSAFE, Packages, Recipient
from mlbatch.tables import UNRECEIVED, Tables, records
from mlbatch.workbooks import budget as budget_book

FOLDER = "經費"


@dataclass(frozen=True)
class Desk:
    """What was decided, the forms and the plan."""

    tables: Tables
    forms: Mapping[str, Form]
    plan: Plan

    def papers(self, packages: Packages) -> Iterator[Draft]:
        """Every paper of budgets, the ministry's first."""
        everything = self.tables.keep(*budget_book.TABLES)
        yield draft(
            f"{FOLDER}/經費編列檢核.xlsx", "經費編列檢核", budget_book.national, everything, self.plan
        )
        for who, own in packages:
            yield from self._schools(who, own)
            if who.county:
                yield from self._county(who, own)

    def _schools(self, who: Recipient, own: Tables) -> Iterator[Draft]:
        """A prefilled budget for each school that has not sent one."""
        for school in records(own["schools"]):
            if school["budget_state"] == UNRECEIVED:
                stamp, values = f"{school['code']}-{school['level']}", budget.school_values(school)
                name = UNSAFE.sub("_", f"{school['code']}_{school['name']}_{school['level']}")
                yield for_recipient(
                    who, f"經費申請表/{name}_經費申請表.xlsx", f"經費申請表（{school['name']}）",
                    blank.blank_for, self.forms["budget"], self.plan, stamp, values,
                )  # fmt: skip

    def _county(self, who: Recipient, own: Tables) -> Iterator[Draft]:
        """The county's own budget, prefilled, and the summary once something came."""
        for row in records(own["counties"]):
            share = row["own_share"] - int(own["schools"]["own_share"].fillna(0).sum())
            if row["budget_state"] == UNRECEIVED:
                values = budget.county_values(row, share)
                yield for_recipient(
                    who, f"經費申請表/{row['county']}_縣市經費申請表.xlsx", "縣市經費申請表",
                    blank.blank_for, self.forms["county_budget"], self.plan, row["county"], values,
                )  # fmt: skip
        if len(own["budgeted"]):
            given = own.take(*budget_book.TABLES), self.plan, who.name
            yield for_recipient(who, "縣市經費彙整表.xlsx", "縣市經費彙整表", budget_book.county, *given)
