"""The laws of the money rules hold, and each of them can be broken (docs/studies/money.md has the large run)."""

from dataclasses import replace
from random import Random

import pytest

from mlbatch import money
from mlbatch.rules import allotment
from studies import money as study
from studies import money_laws, programmes
from tests import oracle

MOST, IN_FULL, ORDER, PROPOSE = allotment._most, allotment._in_full, allotment.order, allotment.propose


def test_no_law_is_violated_by_generated_programmes():
    assert study.lines(seed=1, count=300) == (300, {})
    assert study.divisions(seed=1, count=1_000) == (1_000, {})
    assert study.whole(seed=1, count=8) == (8, {})


def test_every_programme_of_two_schools_is_the_oracles():
    found = [study.small(2, setting, first) for setting in range(6) for first in (0, 7, 17)]
    assert sum(budgets for budgets, _ in found) > 2_000
    assert all(not violated for _, violated in found)


def test_what_the_study_takes_from_the_oracle_is_what_the_oracle_says():
    random = Random("oracle")
    plan = programmes.award_tables.plan_with(budget__min_schools=1, budget__reserve_percent=20)
    for _ in range(20):
        made = programmes.programme(random, plan, most=4)
        made = replace(made, closed=study.CLOSED, schools=[
            {**row, "county": "南投縣" if row["rank"] % 2 else "屏東縣"} for row in made.schools])  # fmt: skip
        facts = {"coaches": made.coaches, "workshops": made.workshops, "closed": made.closed}
        for total, given in study.answers(made):
            assert oracle.allot(made.schools, made.with_budget(total).plan, **facts) == given


def too_much(turn, spent, total):
    """Pays whatever is asked."""
    return turn.asked


def too_little(turn, spent, total):
    """Keeps back a class."""
    return max(0, MOST(turn, spent, total) - 1)


def one_too_few(spent, total):
    """Keeps back the last that could be paid in full."""
    return max(0, IN_FULL(spent, total) - 1)


def only_if_odd(turn, spent, total):
    """Pays by the budget's last digit."""
    return MOST(turn, spent, total) * (total % 2)


def worst_first(ranked, terms):
    """The order upside down."""
    return list(reversed(ORDER(ranked, terms)))


def nobody_waits(turns, ledger, plan):
    """Leaves out the numbers of the waiting list."""
    given = PROPOSE(turns, ledger, plan)
    return {key: one._replace(waiting=1 if one.waiting else None) for key, one in given.items()}


BROKEN = [
    (allotment, "_most", too_much, "beyond the budget"),
    (allotment, "_most", too_little, "left money that pays the next step"),
    (allotment, "_most", only_if_odd, "a bigger budget lowered somebody"),
    (allotment, "order", worst_first, "a better rank lowered a school"),
    (allotment, "propose", nobody_waits, "waiting list with a gap"),
    (money_laws, "county_grant", lambda schools, plan: 90_000, "a county grant outside the plan's range"),
    (money_laws, "county_reduction", lambda grant, plan: 1, "a reduction that is not its percent"),
    (money, "accounts", lambda grant, percent, unit: (0, grant), "capital that is not rounded down to the unit"),
    (money, "accounts", lambda grant, percent, unit: (grant, 1), "accounts that do not add up"),
    (money, "total_for_grant", lambda grant, percent: grant * 100 // percent, "shares that do not add up"),
    (money, "total_for_grant", lambda grant, percent: grant * 100 // percent + 100, "shares that do not add up"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "name", "broken", "law"), BROKEN, ids=[row[3] for row in BROKEN])
def test_a_broken_rule_of_the_line_is_seen(monkeypatch, where, name, broken, law):
    monkeypatch.setattr(where, name, broken)
    assert law in study.lines(seed=2, count=150)[1]


@pytest.mark.parametrize(
    ("name", "broken", "law"),
    [
        ("formal", lambda amount: "壹元整", "formal numerals that say something else"),
        ("colloquial", lambda amount: "1萬元", "an amount in a letter that says something else"),
        ("central_share", lambda total, percent: (total, 0), "a central share above its rate"),
    ],
)
def test_a_broken_division_is_seen(monkeypatch, name, broken, law):
    monkeypatch.setattr(money, name, broken)
    assert law in study.divisions(seed=2, count=50)[1]


def test_a_line_that_is_not_the_oracles_is_seen(monkeypatch):
    monkeypatch.setattr(allotment, "_in_full", one_too_few)
    assert study.small(1, 0, 0)[1] == {"not the oracle's": 2}


@pytest.mark.parametrize(
    ("name", "broken", "law"),
    [
        ("grant", lambda one: one + 1, "accounts that are not the grants"),
        ("approved", lambda one: one + 9, "more classes than allowed"),
        ("current", lambda one: one * 0, "accounts that are not the grants"),
    ],
)
def test_a_table_that_does_not_add_up_is_seen(monkeypatch, name, broken, law):
    award = programmes.award_tables.award

    def spoilt(made, plan):
        done = award(made, plan)
        return done.put(schools=done["schools"].assign(**{name: broken(done["schools"][name])}))

    monkeypatch.setattr(programmes.award_tables, "award", spoilt)
    assert law in study.whole(seed=3, count=4)[1]
