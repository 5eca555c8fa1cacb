"""B1 and B5: fee and per-class amount by area; lower bounds when the budget is cut (柒.三)."""

import pytest

from mlbatch.plan import PlanError
from mlbatch.rules import subsidy
from tests.rules.award_tables import AS_OF, PLAN, award, by_rank, indexed, plan_with, school, tables

FEES = ("rates__fee", "rates__fee_few_resources", "rates__fee_island")


def one(plan=PLAN, **more):
    """The awarded row of the only school."""
    return award(tables([school(1, **more)]), plan)["schools"].iloc[0]


def test_an_island_school_with_two_classes():
    """B1: 80,000 + 2 × 60,000."""
    row = one(island=True, few_resources=True, allowed=2)
    assert (row["fee"], row["per_class"], row["grant"]) == (80_000, 60_000, 200_000)


def test_a_mainland_school_with_one_class():
    assert one(allowed=1)["grant"] == 120_000


def test_a_school_in_an_area_with_few_resources():
    row = one(few_resources=True, allowed=3)
    assert (row["fee"], row["grant"]) == (70_000, 250_000)


def test_every_school_has_its_rates_whatever_becomes_of_it():
    made = tables([school(1), school(None, code="081500", verdict="視同放棄", island=True)])
    done = award(made, PLAN)["schools"]
    assert done["fee"].tolist() == [60_000, 80_000]
    assert done["grant"].tolist() == [180_000, 0]


def test_rates_and_grants_stand_beside_their_school_whatever_its_index():
    schools = [
        school(1, allowed=1),
        school(2, island=True, few_resources=True, allowed=2),
        school(3, few_resources=True),
    ]
    done = award(indexed(tables(schools)), PLAN)["schools"]
    assert done["grant"].tolist() == [120_000, 200_000, 190_000]
    assert done["fee"].tolist() == [60_000, 80_000, 70_000]
    assert {str(done[name].dtype) for name in ("grant", "fee", "per_class")} == {"Int64"}


def test_a_cut_budget_lowers_all_rates_first():
    """B5: 100,000 for one class, 50,000 for each further, wherever the school lies."""
    cut = plan_with(rates__cut=True)
    assert [one(cut, allowed=n)["grant"] for n in (1, 2, 4)] == [100_000, 150_000, 250_000]
    assert one(cut, allowed=2, island=True)["grant"] == 150_000


def test_a_cut_budget_reaches_further_down_the_line():
    """B5: the rates fall before the line moves."""
    schools = [school(rank, allowed=2) for rank in (1, 2, 3)]
    plan, cut = plan_with(budget__total=520_000), plan_with(budget__total=520_000, rates__cut=True)
    assert by_rank(award(tables(schools), plan), "approved") == [2, 2, 0]
    assert by_rank(award(tables(schools), cut), "approved") == [2, 2, 2]


def test_no_class_no_grant():
    made = tables([school(1)])
    schools = subsidy.rates(made, PLAN, AS_OF)[0]["schools"].assign(approved=0)
    assert subsidy.grants(made.put(schools=schools), PLAN, AS_OF)[0]["schools"]["grant"].tolist() == [0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rates__fee": 39_999}, "99,999 不在 100,000 至 140,000"),
        ({"rates__fee_island": 80_001}, "140,001 不在 100,000 至 140,000"),
        ({"rates__per_class": 49_999}, "每班經費 49,999 不在 50,000 至 70,000"),
        (
            {"rates__per_class": 70_001, **dict.fromkeys(FEES, 50_000)},
            "每班經費 70,001 不在 50,000 至 70,000",
        ),
        ({"county_grant__base": 49_999}, "縣市補助基數"),
        ({"county_grant__per_school": -1}, "每校加給"),
        ({"account__capital_unit": 0}, "進位單位"),
        ({"budget__max_schools": -1}, "核定校數"),
        ({"budget__reserve_percent": 101}, "保留予資源較不足地區"),
    ],
)
def test_a_setting_outside_the_bounds_is_refused(changes, words):
    """B1: a one-class school outside 100,000–140,000, or a further class outside 50,000–70,000."""
    with pytest.raises(PlanError, match=words):
        plan_with(**changes)


def test_settings_at_the_bounds_are_accepted():
    plan = plan_with(rates__fee=50_000, rates__per_class=50_000, rates__fee_island=90_000)
    assert one(plan, allowed=1)["grant"] == 100_000
    assert one(plan, allowed=1, island=True)["grant"] == 140_000
