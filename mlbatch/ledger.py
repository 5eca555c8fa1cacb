"""What the year's budget pays (預算帳): workshops first, then the schools with all they cause.

The step of one school costs its grant (柒.三(一)), its coach grant if it is a coach school
(附件3.三), and the change of its county's net grant (柒.二, less the reduction of 肆.五). So the sum
of all papers is held against the budget, not the schools' part alone. Whole NT$.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

import pandas as pd

from mlbatch.money import percent_down
from mlbatch.plan import Plan
from mlbatch.tables import QUALIFIED, Tables

Key = tuple[str, str]  # (code, level)
CLAIMS = "claims"  # the claims that a part of a rule made ready for those after it


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


class Claim(NamedTuple):
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
        self.spent = workshops
        self._plan, self._unclosed = plan, unclosed
        self._classes: dict[Key, int] = {}
        self._schools: Counter[str] = Counter()
        self._changes: dict[tuple[bool, int, int], int] = {}

    @property
    def total(self) -> int:
        """What may be spent."""
        return self._plan.budget.total

    def copy(self) -> Ledger:
        """Another one that has paid the same."""
        other = Ledger(self._plan, self._unclosed, self.spent)
        other._classes, other._schools = dict(self._classes), self._schools.copy()
        return other

    def classes(self, claim: Claim) -> int:
        """The classes that a school has so far."""
        return self._classes.get(claim.key, 0)

    def held(self) -> dict[Key, int]:
        """The classes of every school that was given some, or none."""
        return dict(self._classes)

    def schools(self, county: str) -> int:
        """How many schools of a county have classes so far."""
        return self._schools[county]

    def spent_with(self, claim: Claim, classes: int) -> int:
        """What would be spent if the school had `classes` instead of what it has."""
        has = self._classes.get(claim.key, 0)
        change = claim.cost(classes) - (claim.cost(has) if has else 0)
        return self.spent + change + self._county_change(claim.county, bool(classes) - bool(has))

    def most(self, claim: Claim) -> int:
        """The most classes, up to what is allowed, that can be paid; never less than it has."""
        has = self.classes(claim)
        steps = range(claim.allowed, has, -1)
        return next((k for k in steps if self.spent_with(claim, k) <= self.total), has)

    def pay(self, claim: Claim, classes: int) -> None:
        """Give the school `classes` instead of what it has; nothing is checked here."""
        self.spent = self.spent_with(claim, classes)
        if more := bool(classes) - bool(self._classes.get(claim.key, 0)):
            self._schools[claim.county] += more
        self._classes[claim.key] = classes

    def pay_in_turn(self, claims: Sequence[Claim], classes: Sequence[int]) -> list[int]:
        """Give schools that have nothing so far their classes, one after the other; what is spent after each."""
        spent, schools = self.spent, self._schools
        grants = map(school_grant, *_columns(claims, "fee", "per_class"), classes)
        rows = zip(grants, *_columns(claims, "coach", "county"), classes, strict=True)
        after = []
        for grant, coach, county, number in rows:
            if number:
                spent += grant + coach + self._county_change(county, 1)
                schools[county] += 1
            after.append(spent)
        self.spent = spent
        self._classes.update(zip(_columns(claims, "key")[0], classes, strict=True))
        return after

    def _county_change(self, county: str, more: int) -> int:
        """By how much a county's net grant changes; the same for all that closed in time and have as many schools."""
        if not county or not more:
            return 0
        case = county in self._unclosed, self._schools[county], more
        change = self._changes.get(case)
        if change is None:
            late, has, _ = case
            change = self._changes[case] = self._net(late, has + more) - self._net(late, has)
        return change

    def _net(self, late: bool, schools: int) -> int:
        grant = county_grant(schools, self._plan)
        return grant - county_reduction(grant, self._plan) if late else grant


def _columns(claims: Sequence[Claim], *names: str) -> list[list]:
    return [list(map(attrgetter(name), claims)) for name in names]


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
    return [claim for claim, _ in claims_by_row(tables, plan)]


def claims_by_row(tables: Tables, plan: Plan) -> list[tuple[Claim, int]]:
    """The same, each with its school's row in `schools`, from 0."""
    if CLAIMS in tables.ready:
        return tables.ready[CLAIMS]
    schools, coach = tables["schools"], coach_grants(tables, plan)
    takes_part = ((schools["verdict"] == QUALIFIED) & schools["rank"].notna()).tolist()
    rows = [row for row, one in enumerate(takes_part) if one]
    columns = ["code", "level", "county", "national", "rank", "fee", "per_class", "few_resources"]
    asking = schools[[*columns, "allowed"]].iloc[rows]
    codes, levels, counties, nationals, ranks, fees, per_class, few = (
        asking[name].tolist() for name in columns
    )
    keys = list(zip(codes, levels, strict=True))
    counties = ["" if own else county for county, own in zip(counties, nationals, strict=True)]
    allowed = asking["allowed"].fillna(0).tolist()
    granted = [coach.get(key, 0) for key in keys]
    found = map(Claim._make, zip(keys, counties, ranks, allowed, fees, per_class, granted, few, strict=True))
    return sorted(zip(found, rows, strict=True), key=lambda one: one[0].rank)
