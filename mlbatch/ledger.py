"""What the year's budget pays (預算帳): workshops first, then the schools with all they cause.

The step of one school costs its grant (柒.三(一)), its coach grant if it is a coach school
(附件3.三), and the change of its county's net grant (柒.二, less the reduction of 肆.五). So the sum
of all papers is held against the budget, not the schools' part alone. Whole NT$.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from mlbatch.money import percent_down
from mlbatch.plan import Plan
from mlbatch.tables import QUALIFIED, Tables

Key = tuple[str, str]  # (code, level)


def school_grant(fee: int, per_class: int, classes: int) -> int:
    """A school's grant: fee + classes × per class; nothing for no class (柒.三(一))."""
    return fee + classes * per_class if classes else 0


def county_grant(schools: int, plan: Plan) -> int:
    """A county's grant for its approved schools, before any reduction; nothing for none (柒.二)."""
    terms = plan.county_grant
    return min(terms.max, terms.base + terms.per_school * schools) if schools else 0


def county_reduction(grant: int, plan: Plan) -> int:
    """What an unclosed county's grant is reduced by, rounded down in its favour (肆.五)."""
    return percent_down(grant, plan.county_grant.reduction_percent)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one ranked school asks of the budget. A national school has no county (`""`)."""

    key: Key
    county: str
    rank: int
    allowed: int
    fee: int
    per_class: int
    coach: int
    few_resources: bool

    def grant(self, classes: int) -> int:
        """The school's grant for so many classes."""
        return school_grant(self.fee, self.per_class, classes)

    def cost(self, classes: int) -> int:
        """The grant and, with at least one class, the coach grant."""
        return self.grant(classes) + self.coach if classes else 0


class Ledger:
    """What is spent, by school; the one thing here that changes as it is used."""

    def __init__(self, plan: Plan, unclosed: frozenset[str] = frozenset(), workshops: int = 0) -> None:
        self.total, self.spent = plan.budget.total, workshops
        self._plan, self._unclosed = plan, unclosed
        self._classes: dict[Key, int] = {}
        self._schools: Counter[str] = Counter()

    def classes(self, claim: Claim) -> int:
        """The classes that a school has so far."""
        return self._classes.get(claim.key, 0)

    def schools(self, county: str) -> int:
        """How many schools of a county have classes so far."""
        return self._schools[county]

    def spent_with(self, claim: Claim, classes: int) -> int:
        """What would be spent if the school had `classes` instead of what it has."""
        change = claim.cost(classes) - claim.cost(self.classes(claim))
        return self.spent + change + self._county_change(claim, classes)

    def most(self, claim: Claim) -> int:
        """The most classes, up to what is allowed, that can be paid; never less than it has."""
        has = self.classes(claim)
        steps = range(claim.allowed, has, -1)
        return next((k for k in steps if self.spent_with(claim, k) <= self.total), has)

    def pay(self, claim: Claim, classes: int) -> None:
        """Give the school `classes` instead of what it has; nothing is checked here."""
        self.spent = self.spent_with(claim, classes)
        self._schools[claim.county] += bool(classes) - bool(self.classes(claim))
        self._classes[claim.key] = classes

    def _county_change(self, claim: Claim, classes: int) -> int:
        more = bool(classes) - bool(self.classes(claim))
        if not claim.county or not more:
            return 0
        has = self._schools[claim.county]
        return self._net(claim.county, has + more) - self._net(claim.county, has)

    def _net(self, county: str, schools: int) -> int:
        grant = county_grant(schools, self._plan)
        return grant - county_reduction(grant, self._plan) if county in self._unclosed else grant


def open_ledger(tables: Tables, plan: Plan) -> Ledger:
    """A ledger that has paid the workshops and nothing else (陸.三)."""
    return Ledger(plan, unclosed(tables, plan), int(tables["workshops"]["amount"].sum()))


def unclosed(tables: Tables, plan: Plan) -> frozenset[str]:
    """The counties that had not closed 102–105 in time (肆.五): blank, or after the plan's day.

    A county without any record is not among them: nothing is taken off without a record.
    """
    record, due = tables["county_record"], plan.calendar.county_closing
    dates = zip(record["county"], record["closed_all"], strict=True)
    return frozenset(county for county, closed in dates if pd.isna(closed) or closed > due)


def coach_grants(tables: Tables, plan: Plan) -> dict[Key, int]:
    """The grant of each school on the list of coach schools (附件3.三)."""
    listed = tables["coaches"]
    return dict.fromkeys(zip(listed["code"], listed["level"], strict=True), plan.bounds.coach)


def claims(tables: Tables, plan: Plan) -> list[Claim]:
    """The claims of all ranked schools, best rank first; only those that were accepted take part."""
    schools, coach = tables["schools"], coach_grants(tables, plan)
    columns = ["code", "level", "county", "national", "rank", "allowed", "fee", "per_class", "few_resources"]
    rows = zip(*(schools[name].tolist() for name in ("verdict", *columns)), strict=True)
    ranked = [
        Claim((code, level), "" if national else county, rank, 0 if pd.isna(allowed) else allowed, fee,
              per_class, coach.get((code, level), 0), few)
        for verdict, code, level, county, national, rank, allowed, fee, per_class, few in rows
        if verdict == QUALIFIED and not pd.isna(rank)
    ]  # fmt: skip
    return sorted(ranked, key=lambda claim: claim.rank)
