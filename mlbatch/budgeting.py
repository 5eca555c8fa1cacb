"""The desk of budgets (經費編列): blanks for those who owe one, what came beside the award, and summaries (柒.四–八)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlbatch.forms import Form, blank, budget
from mlbatch.output import Paper
from mlbatch.plan import Plan
from mlbatch.recipient import UNSAFE, Recipient, only, recipients
from mlbatch.tables import UNRECEIVED, Tables, records
from mlbatch.workbooks import budget as budget_book

FOLDER = "經費"


@dataclass(frozen=True)
class Desk:
    """What was decided, the forms and the plan."""

    tables: Tables
    forms: Mapping[str, Form]
    plan: Plan

    def papers(self) -> Iterator[Paper]:
        """Every paper of budgets, the ministry's first."""
        yield Paper(
            f"{FOLDER}/經費編列檢核.xlsx", budget_book.national(self.tables, self.plan), "經費編列檢核"
        )
        for who in recipients(self.tables, self.plan):
            own = only(self.tables, who)
            yield from self._schools(who, own)
            if who.county:
                yield from self._county(who, own)

    def _schools(self, who: Recipient, own: Tables) -> Iterator[Paper]:
        """A prefilled budget for each school that has not sent one."""
        for school in records(own["schools"]):
            if school["budget_state"] == UNRECEIVED:
                content = blank.blank(
                    self.forms["budget"], self.plan, recipient=f"{school['code']}-{school['level']}",
                    values=budget.school_values(school),
                )  # fmt: skip
                name = UNSAFE.sub("_", f"{school['code']}_{school['name']}_{school['level']}")
                path = f"受文者/{who.folder}/經費申請表/{name}_經費申請表.xlsx"
                yield Paper(path, content, f"經費申請表（{school['name']}）", who.folder)

    def _county(self, who: Recipient, own: Tables) -> Iterator[Paper]:
        """The county's own budget, prefilled, and the summary once something came."""
        for row in records(own["counties"]):
            share = row["own_share"] - int(own["schools"]["own_share"].fillna(0).sum())
            if row["budget_state"] == UNRECEIVED:
                content = blank.blank(
                    self.forms["county_budget"], self.plan, recipient=row["county"],
                    values=budget.county_values(row, share),
                )  # fmt: skip
                path = f"受文者/{who.folder}/經費申請表/{row['county']}_縣市經費申請表.xlsx"
                yield Paper(path, content, "縣市經費申請表", who.folder)
        if len(own["budgeted"]):
            content = budget_book.county(own, self.plan, who.name)
            yield Paper(f"受文者/{who.folder}/縣市經費彙整表.xlsx", content, "縣市經費彙整表", who.folder)
