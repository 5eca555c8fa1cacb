"""Small invented programmes: any settings that the plan allows, any schools, registers and decisions.

A programme begins where the rules of money begin: with ranked schools. The same seed gives the same programme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from mlbatch.ledger import Claim
from mlbatch.plan import Plan
from mlbatch.plan.groups import Bounds
from mlbatch.tables import Tables
from tests.rules import award_tables

COUNTIES = ("臺北市", "南投縣", "屏東縣", "花蓮縣", "澎湖縣")
DAYS = (award_tables.ON_TIME, award_tables.ON_TIME, None, date(2017, 9, 1))
DEAREST_CLASS, DEAREST_SCHOOL = 70_000, 240_000  # rough: where budgets are drawn from
Decided = tuple[int, int | None, str]  # rank, classes, reason


@dataclass(frozen=True)
class Programme:
    """Ranked schools (as `award_tables.school` makes them), the registers, and the plan with its settings."""

    plan: Plan
    schools: Sequence[dict]
    coaches: Sequence[int] = ()
    workshops: Sequence[tuple[str, int]] = ()
    closed: Mapping[str, date | None] = field(default_factory=dict)
    fiscal: Sequence[tuple[str, int, int, int]] = ()
    decisions: Sequence[Decided] | None = None

    def tables(self) -> Tables:
        """The tables that the rules of money begin with."""
        return award_tables.tables(
            self.schools, coaches=self.coaches, workshops=self.workshops, closed=self.closed,
            fiscal=self.fiscal, decisions=self.decisions,
        )  # fmt: skip

    def claims(self) -> list[Claim]:
        """What the schools ask of the budget, by rank, without any table."""
        ranked = sorted(self.schools, key=lambda row: row["rank"])
        return [_claim(row, row["rank"] in self.coaches, self.plan) for row in ranked]

    @property
    def late(self) -> frozenset[str]:
        """The counties that closed late or not at all."""
        due = self.plan.calendar.county_closing
        return frozenset(name for name, day in self.closed.items() if day is None or day > due)

    @property
    def workshop_sum(self) -> int:
        """All workshops, in NT$."""
        return sum(amount for _, amount in self.workshops)

    def rate(self, claim: Claim) -> int:
        """The central rate of a school, in percent."""
        rates = {name: percent for name, percent, _, _ in self.fiscal}
        return rates[claim.county] if claim.county else 100 - self.plan.bounds.national_own_percent

    def with_budget(self, total: int) -> Programme:
        """The same with another budget."""
        return replace(self, plan=replace(self.plan, budget=replace(self.plan.budget, total=total)))

    def moved_up(self, rank: int, better: int) -> Programme:
        """The same with the school of `rank` at rank `better`, all others keeping their order."""

        def moved(old: int) -> int:
            return better if old == rank else old + 1 if better <= old < rank else old

        schools = [{**row, "rank": moved(row["rank"])} for row in self.schools]
        return replace(self, schools=schools, coaches=[moved(old) for old in self.coaches])


def programme(random: Random, plan: Plan, most: int = 12) -> Programme:
    """A programme of up to `most` schools under `plan`, whose budget is drawn anew."""
    count = random.randint(1, most)
    ranks = random.sample(range(1, count + 1), count)
    schools = [_school(random, rank) for rank in ranks]
    # The budget of a third is far too small, that of some pays for all.
    total = random.randint(0, random.choice((1, count, count)) * DEAREST_SCHOOL)
    made = Programme(
        plan, schools,
        coaches=[rank for rank in ranks if random.random() < 0.15],
        workshops=[(random.choice(COUNTIES), random.choice((30_000, 12_345))) for _ in range(random.randint(0, 1))],
        closed={name: random.choice(DAYS) for name in COUNTIES if random.random() < 0.95},
        fiscal=[(name, random.choice((90, 80, 70, random.randint(1, 90))), 106, 108) for name in COUNTIES],
    )  # fmt: skip
    return made.with_budget(total)


def with_decisions(random: Random, made: Programme) -> Programme:
    """The same with an award list that came back: some rows blank, some that cannot stand."""
    chosen = [row for row in made.schools if random.random() < 0.4]
    words = ("計畫優良", "依審查會議決議", "")
    rows = [(row["rank"], random.choice((None, 0, 1, 2, 3, 4, 5)), random.choice(words)) for row in chosen]
    return replace(made, decisions=rows)


def plan(random: Random) -> Plan:
    """The plan with settings drawn from all that its bounds allow."""
    plan = award_tables.PLAN
    drawn = _settings(random, plan.bounds)
    return plan.with_settings({name: (value, plan.sources[name]) for name, value in drawn.items()})


def _settings(random: Random, bounds: Bounds) -> dict[str, object]:
    each = _amount(random, bounds.more_class_min, bounds.more_class_max)
    fees = sorted(_amount(random, bounds.one_class_min - each, bounds.one_class_max - each) for _ in range(3))
    base = _amount(random, bounds.county_min, bounds.county_max)
    return {
        "rates.per_class": each, "rates.fee": fees[0], "rates.fee_few_resources": fees[1], "rates.fee_island": fees[2],
        "rates.cut": random.random() < 0.2,
        "county_grant.base": base, "county_grant.max": _amount(random, base, bounds.county_max),
        "county_grant.per_school": random.choice((0, 2_000, 2_500, random.randint(0, 20_000))),
        "county_grant.reduction_percent": random.choice((0, 10, 10, 100, random.randint(0, 100))),
        "account.capital_percent": random.choice((20, 20, 0, 100, random.randint(0, 100))),
        "account.capital_unit": random.choice((1_000, 1_000, 1, 10, 7, 10_000)),
        "budget.min_schools": random.choice((0, 0, 1, 2)), "budget.max_schools": random.choice((0, 0, 1, 2, 3)),
        "budget.reserve_percent": random.choice((0, 0, 1, 20, 50, 99, 100)),
    }  # fmt: skip


def _amount(random: Random, low: int, high: int) -> int:
    """An amount within bounds: its ends, a round one, or any."""
    round_one = min(high, max(low, random.randint(low, high) // 1_000 * 1_000))
    return random.choice((low, high, round_one, round_one, random.randint(low, high)))


def _school(random: Random, rank: int) -> dict:
    few = random.random() < 0.45
    return award_tables.school(
        rank, county=random.choice(COUNTIES), allowed=random.randint(0 if random.random() < 0.05 else 1, 5),
        national=random.random() < 0.15, few_resources=few, island=few and random.random() < 0.3,
    )  # fmt: skip


def _claim(row: Mapping, coach: bool, plan: Plan) -> Claim:
    fee, each = _rates(row, plan)
    county = "" if row["national"] else row["county"]
    return Claim((row["code"], row["level"]), county, row["rank"], row["allowed"], fee, each,
                 plan.bounds.coach if coach else 0, row["few_resources"])  # fmt: skip


def _rates(row: Mapping, plan: Plan) -> tuple[int, int]:
    rates, bounds = plan.rates, plan.bounds
    if rates.cut:
        return bounds.one_class_min - bounds.more_class_min, bounds.more_class_min
    plain = rates.fee_few_resources if row["few_resources"] else rates.fee
    return (rates.fee_island if row["island"] else plain), rates.per_class
