"""B4: the line that the budget draws through the ranking (肆.五, 柒.三※)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch.ledger import Asking, Claim, Ledger, claims, open_ledger
from mlbatch.rules import allotment, subsidy
from mlbatch.tables import WAIVED
from tests import oracle
from tests.rules.award_tables import (
    AS_OF,
    PLAN,
    award,
    by_rank,
    choices,
    indexed,
    law,
    plan_with,
    programmes,
    registers,
    school,
    shuffled,
    tables,
)
from tests.rules.laws import law_of


def proposed(schools, plan, **more):
    """The rules up to the line."""
    rated, _ = subsidy.rates(tables(schools, **more), plan, AS_OF)
    return allotment.allot(rated, plan, AS_OF)[0]


def classes(schools, plan, **more):
    """{rank: proposed classes}."""
    done = proposed(schools, plan, **more)["schools"]
    return dict(zip(done["rank"].tolist(), done["proposed"].tolist(), strict=True))


def test_a_new_ledger_has_spent_its_workshops_and_nothing_else():
    assert Ledger(PLAN).spent == 0
    assert Ledger(PLAN, workshops=30_000).spent == 30_000
    assert Ledger(PLAN).total == PLAN.budget.total


def asking(rank, few=False, county="南投縣", allowed=1):
    """A school that asks for 100,000 and 60,000 a class; of an area with few resources for as much."""
    return Claim((f"{rank:06d}", "國小"), county, rank, allowed, 100_000, 60_000, 0, few)


def test_a_second_school_of_an_unclosed_county_costs_its_part_of_the_reduced_grant():
    """B8: 52,000 less a tenth for one school, 54,000 less a tenth for two."""
    ledger = Ledger(PLAN, frozenset({"南投縣"}))
    ledger.pay(asking(1), 1)
    assert ledger.spent == 160_000 + 46_800
    ledger.pay(asking(2), 1)
    assert ledger.spent == 2 * 160_000 + 48_600


@law
@given(programmes(), registers())
def test_many_paid_in_turn_are_as_many_paid_one_by_one(schools, facts):
    rated, _ = subsidy.rates(tables(schools, **facts), PLAN, AS_OF)
    asked = claims(rated, PLAN)
    numbers = [claim.allowed if claim.rank % 3 else 0 for claim in asked]
    one_by_one, in_turn = open_ledger(rated, PLAN), open_ledger(rated, PLAN)
    after = []
    for claim, number in zip(asked, numbers, strict=True):
        one_by_one.pay(claim, number)
        after.append(one_by_one.spent)
    by_column = Asking.by_column(asked)
    assert by_column.claims() == asked == [by_column.claim(place) for place in range(len(asked))]
    assert in_turn.spent_in_turn(by_column, np.array(numbers)).tolist() == after
    assert in_turn.spent == open_ledger(rated, PLAN).spent
    in_turn.pay_in_turn(by_column, np.array(numbers))
    assert (in_turn.spent, in_turn.held()) == (one_by_one.spent, one_by_one.held())
    counties = {claim.county for claim in asked if claim.county}
    assert [in_turn.schools(name) for name in counties] == [one_by_one.schools(name) for name in counties]


@law
@given(programmes(), registers(), choices())
def test_the_line_is_where_a_step_by_step_payment_stops(schools, facts, terms):
    """The line is found in one step among what is spent after each turn; here by paying one turn after another."""
    plan = plan_with(**terms)
    rated, _ = subsidy.rates(tables(schools, **facts), plan, AS_OF)
    turns = allotment.order(claims(rated, plan), plan.budget)
    ledger, reached, wanted = open_ledger(rated, plan), False, {}
    for turn in turns:
        number = 0 if turn.beyond or reached else ledger.most(turn.claim)
        ledger.pay(turn.claim, number)
        reached = reached or (not turn.beyond and number < turn.claim.allowed)
        wanted[turn.claim.key] = number
    used = open_ledger(rated, plan)
    given = allotment.propose(turns, used, plan)
    assert {key: one.classes for key, one in given.items()} == wanted
    assert used.spent == ledger.spent
    waiting = [
        given[turn.claim.key].waiting for turn in turns if turn.claim.allowed and not wanted[turn.claim.key]
    ]
    assert waiting == list(range(1, len(waiting) + 1))


def test_workshops_beyond_the_budget_leave_nothing_and_everybody_waits():
    done = proposed(
        [school(1), school(2, allowed=1)], plan_with(budget__total=10), workshops=[("南投縣", 20)]
    )
    assert by_rank(done, "proposed") == [0, 0]
    assert by_rank(done, "waiting") == [1, 2]


def test_what_schools_hold_is_known_whether_they_were_paid_by_column_or_one_by_one():
    ledger = Ledger(PLAN, frozenset({"南投縣"}), 5)
    one, two, three = asking(1), asking(2, allowed=2), asking(3)
    ledger.pay(three, 1)
    ledger.pay_in_turn(Asking.by_column([one, two]), np.array([0, 2]))
    held = ledger.held()
    assert (ledger.classes(one), ledger.classes(two), ledger.classes(three), ledger.classes(asking(4))) == (
        0,
        2,
        1,
        0,
    )
    assert dict(held) == {three.key: 1, one.key: 0, two.key: 2}
    assert len(held) == 3
    ledger.pay(two, 1)
    assert held == {three.key: 1, one.key: 0, two.key: 1}
    assert (ledger.schools("南投縣"), ledger.spent) == (2, 5 + 2 * 160_000 + 48_600)
    ledger.pay_in_turn(Asking.by_column([asking(5)]), np.array([1]))
    assert held == {three.key: 1, one.key: 0, two.key: 1, asking(5).key: 1}
    with pytest.raises(KeyError):
        held[asking(6).key]


def test_a_reserve_that_is_kept_exactly_brings_nobody_forward():
    terms = replace(PLAN.budget, reserve_percent=50, min_schools=0, max_schools=0)
    order = allotment.order([asking(1, few=True), asking(2), asking(3, few=True), asking(4)], terms)
    assert [turn.claim.rank for turn in order] == [1, 2, 3, 4]
    order = allotment.order([asking(1, few=True), asking(2, allowed=2), asking(3, few=True)], terms)
    assert [turn.claim.rank for turn in order] == [1, 3, 2]


def test_every_proposal_says_why():
    """B4: what each school reads beside its classes."""
    plan = plan_with(budget__total=2 * 100_000 + 3 * 60_000 + 54_000, budget__max_schools=3)
    claims_of = [
        asking(1, allowed=2),
        asking(2, allowed=0),
        asking(3, allowed=2),
        asking(4),
        asking(5, county="屏東縣"),
    ]
    given = allotment.propose(allotment.order(claims_of, plan.budget), Ledger(plan), plan)
    assert list(given.values()) == [
        allotment.Proposal(2, "核定", "柒.三", "核定順序第 1，在經費額度內。"),
        allotment.Proposal(0, "未獲補助", "肆.六", "核計 0 班。"),
        allotment.Proposal(1, "減班核定", "柒.三", "核定順序第 3，經費餘額足敷 1 班（核計 2 班）。"),
        allotment.Proposal(0, "備取", "肆.五", "所屬縣市核定校數已達上限 3 校，縣市內有缺額時遞補。", 1),
        allotment.Proposal(0, "備取", "柒.三", "經費依核定順序分配，至前列學校用罄，依序遞補。", 2),
    ]


def test_a_proposal_stands_in_its_schools_row_whatever_the_rows_are_numbered():
    plan = plan_with(budget__total=413_999)
    rated, _ = subsidy.rates(indexed(tables([school(1), school(2), school(3)])), plan, AS_OF)
    schools = allotment.allot(rated, plan, AS_OF)[0]["schools"]
    assert schools["proposed"].tolist() == [2, 1, 0]
    assert [schools[name].dtype for name in ("proposed", "waiting")] == ["Int64", "Int64"]
    words = ("proposed_outcome", "outcome_clause", "outcome_why")
    assert [schools[name].dtype for name in words] == [object] * 3


def test_only_who_is_qualified_and_ranked_asks_of_the_budget_and_for_what_is_allowed():
    schools = [school(1), school(2, verdict=WAIVED), school(3, allowed=None), school(None)]
    rated, _ = subsidy.rates(tables(schools), PLAN, AS_OF)
    assert [(one.rank, one.allowed) for one in claims(rated, PLAN)] == [(1, 2), (3, 0)]


# Worked cases: a mainland school with 2 classes is 180,000, its county 52,000 for one school ------


def test_money_for_all():
    done = proposed([school(1), school(2)], plan_with(budget__total=414_000))
    assert by_rank(done, "proposed") == [2, 2]
    assert by_rank(done, "proposed_outcome") == ["核定", "核定"]
    assert done["schools"]["waiting"].isna().all()


def test_at_the_cut_a_school_gets_fewer_classes_not_none():
    done = proposed([school(1), school(2), school(3), school(4)], plan_with(budget__total=413_999))
    assert by_rank(done, "proposed") == [2, 1, 0, 0]
    assert by_rank(done, "proposed_outcome") == ["核定", "減班核定", "備取", "備取"]
    assert by_rank(done, "waiting")[2:] == [1, 2]
    assert by_rank(done, "outcome_clause") == ["柒.三"] * 4
    assert "1 班（核計 2 班）" in by_rank(done, "outcome_why")[1]


def test_the_line_never_jumps_to_a_cheaper_school():
    """The island school cannot be paid; the cheaper one behind it waits all the same."""
    schools = [school(1), school(2, island=True, county="澎湖縣"), school(3, allowed=1)]
    plan = plan_with(budget__total=232_000 + 191_999)
    assert classes(schools, plan) == {1: 2, 2: 0, 3: 0}
    assert by_rank(proposed(schools, plan), "waiting")[1:] == [1, 2]


def test_the_first_school_of_a_county_brings_the_county_grant_with_it():
    assert classes([school(1)], plan_with(budget__total=172_000)) == {1: 1}
    assert classes([school(1)], plan_with(budget__total=171_999)) == {1: 0}
    assert classes([school(1, national=True, allowed=1)], plan_with(budget__total=120_000)) == {1: 1}


def test_an_unclosed_county_costs_less():
    """B8: 52,000 less a tenth."""
    plan = plan_with(budget__total=166_800)
    assert classes([school(1, allowed=1)], plan, closed={"南投縣": None}) == {1: 1}
    assert classes([school(1, allowed=1)], plan) == {1: 0}


def test_coaches_and_workshops_are_paid_from_the_same_budget():
    """B3, B9."""
    one = [school(1, allowed=1)]
    assert classes(one, plan_with(budget__total=322_000), coaches=[1]) == {1: 1}
    assert classes(one, plan_with(budget__total=321_999), coaches=[1]) == {1: 0}
    assert classes(one, plan_with(budget__total=202_000), workshops=[("臺北市", 30_000)]) == {1: 1}
    assert classes(one, plan_with(budget__total=201_999), workshops=[("臺北市", 30_000)]) == {1: 0}


def test_each_county_has_its_first_schools_before_the_rest():
    """budget.min_schools"""
    schools = [school(1), school(2), school(3, county="屏東縣", allowed=1)]
    plan = plan_with(budget__total=232_000 + 172_000)
    assert classes(schools, plan) == {1: 2, 2: 1, 3: 0}
    least = plan_with(budget__total=232_000 + 172_000, budget__min_schools=1)
    assert classes(schools, least) == {1: 2, 2: 0, 3: 1}


def test_a_school_beyond_its_countys_maximum_waits():
    """budget.max_schools"""
    schools = [school(1), school(2), school(3, county="屏東縣"), school(4, national=True), school(5)]
    done = proposed(schools, plan_with(budget__max_schools=1))
    assert by_rank(done, "proposed") == [2, 0, 2, 2, 0]
    assert by_rank(done, "proposed_outcome")[1] == "備取"
    assert by_rank(done, "outcome_clause")[1] == "肆.五"
    assert "上限 1 校" in by_rank(done, "outcome_why")[1]
    assert by_rank(done, "waiting")[1::3] == [1, 2]


def test_the_maximum_goes_before_the_minimum():
    schools = [school(1), school(2, national=True), school(3)]
    plan = plan_with(budget__total=0, budget__min_schools=2, budget__max_schools=1)
    assert by_rank(proposed(schools, plan), "waiting") == [1, 2, 3]


@pytest.mark.parametrize(
    ("percent", "ranks"),
    [(0, [1, 2, 3, 4, 5]), (41, [1, 2, 3, 4, 5]), (42, [1, 3, 2, 4, 5]), (60, [1, 3, 4, 2, 5])],
)
def test_a_reserve_brings_schools_with_few_resources_forward(percent, ranks):
    """budget.reserve_percent: 130,000 of 310,000 are 41.9 %, 260,000 of 440,000 are 59.1 %."""
    schools = [
        school(1, allowed=1, few_resources=True), school(2, allowed=2), school(3, allowed=1, few_resources=True),
        school(4, allowed=1, few_resources=True), school(5, allowed=2),
    ]  # fmt: skip
    assert turns(schools, percent) == ranks


def test_a_school_that_is_passed_over_does_not_count_towards_the_reserve():
    schools = [
        school(1, allowed=1, few_resources=True), school(2, allowed=1, few_resources=True),
        school(3, national=True), school(4, allowed=1, few_resources=True, national=True),
    ]  # fmt: skip
    assert turns(schools, 42) == [1, 2, 3, 4]
    assert turns(schools, 42, budget__max_schools=1) == [1, 2, 4, 3]


def turns(schools, percent, **more):
    """The ranks in the order of allotment."""
    plan = plan_with(budget__reserve_percent=percent, **more)
    rated, _ = subsidy.rates(tables(schools), plan, AS_OF)
    return [turn.claim.rank for turn in allotment.order(claims(rated, plan), plan.budget)]


def test_who_is_not_ranked_gets_nothing_for_its_verdicts_reason():
    waived = school(None, code="081500", verdict="視同放棄", clause="肆.四(四)4", why="計畫書逾時上傳。")
    row = proposed([waived, school(1)], PLAN)["schools"].iloc[0]
    assert (row["proposed"], row["proposed_outcome"]) == (0, "未獲補助")
    assert (row["outcome_clause"], row["outcome_why"]) == ("肆.四(四)4", "計畫書逾時上傳。")


# Laws ---------------------------------------------------------------------------------------------


@law
@given(programmes(), choices(), registers())
def test_the_line_is_the_oracles(schools, changes, facts):
    plan = plan_with(**changes)
    assert classes(schools, plan, **facts) == oracle.allot(schools, plan, **facts)


@law_of(200)
@given(programmes(most=12), choices())
def test_the_order_of_allotment_is_the_oracles(schools, changes):
    plan = plan_with(**changes)
    turns = allotment.order(
        [claim(row, plan) for row in sorted(schools, key=lambda s: s["rank"])], plan.budget
    )
    assert sorted(turn.claim.rank for turn in turns) == list(range(1, len(schools) + 1))
    expected = [row["rank"] for row in oracle.order(schools, plan)]
    assert [turn.claim.rank for turn in turns if not turn.beyond] == expected


def claim(row, plan):
    """What a school claims, without tables."""
    per_class = oracle.grant(row, 2, plan) - oracle.grant(row, 1, plan)
    fee = oracle.grant(row, 1, plan) - per_class
    county = "" if row["national"] else row["county"]
    key = (row["code"], row["level"])
    return Claim(key, county, row["rank"], row["allowed"], fee, per_class, 0, row["few_resources"])


@law
@given(programmes(), choices(), registers())
def test_never_above_the_budget_and_nothing_left_for_the_next_step(schools, changes, facts):
    plan = plan_with(**changes)
    made = proposed(schools, plan, **facts)
    given = classes(schools, plan, **facts)
    ledger = open_ledger(made, plan)
    turns = [turn for turn in allotment.order(claims(made, plan), plan.budget) if not turn.beyond]
    for turn in turns:
        ledger.pay(turn.claim, given[turn.claim.rank])
        assert 0 <= given[turn.claim.rank] <= turn.claim.allowed
    paid = oracle.cost(schools, given, plan, **facts)
    assert ledger.spent == paid
    assert paid <= max(plan.budget.total, sum(amount for _, amount in facts["workshops"]))
    short = [t.claim for t in turns if given[t.claim.rank] < t.claim.allowed]
    if short:
        assert ledger.spent_with(short[0], given[short[0].rank] + 1) > plan.budget.total
        assert not any(given[claim.rank] for claim in short[1:])


@law
@given(programmes(), choices(), registers(), st.integers(0, 300_000))
def test_more_budget_never_lowers_anyone(schools, changes, facts, more):
    plan = plan_with(**changes)
    richer = plan_with(**{**changes, "budget__total": changes["budget__total"] + more})
    before, after = classes(schools, plan, **facts), classes(schools, richer, **facts)
    assert all(before[rank] <= after[rank] for rank in before)


@law
@given(programmes(), choices(), registers(), st.data())
def test_a_better_rank_never_lowers_a_school(schools, changes, facts, data):
    """A school that moves up, all others keeping their order, gets no less."""
    plan = plan_with(**changes)
    rank = data.draw(st.integers(1, len(schools)))
    better = data.draw(st.integers(1, rank))

    def moved(old):
        return better if old == rank else old + 1 if better <= old < rank else old

    after_schools = [{**row, "rank": moved(row["rank"])} for row in schools]
    coaches = [moved(old) if old <= len(schools) else old for old in facts["coaches"]]
    before = classes(schools, plan, **facts)[rank]
    after = classes(after_schools, plan, **{**facts, "coaches": coaches})[better]
    assert before <= after


@law
@given(programmes(), registers(), st.integers(0, 1_500_000))
def test_who_stands_behind_an_unfinished_school_gets_nothing(schools, facts, total):
    """Without numbers per county and reserve: a better rank never gets less of what it is allowed."""
    given = classes(schools, plan_with(budget__total=total), **facts)
    allowed = {row["rank"]: row["allowed"] for row in schools}
    for rank in sorted(given):
        if given[rank] < allowed[rank]:
            assert not any(given[behind] for behind in given if behind > rank)


@law
@given(programmes(), registers(), st.integers(0, 1_500_000), st.sampled_from([1, 20, 50, 99, 100]))
def test_while_one_of_them_waits_the_others_have_at_most_the_rest(schools, facts, total, percent):
    plan = plan_with(budget__total=total, budget__reserve_percent=percent)
    given = classes(schools, plan, **facts)
    money = {True: 0, False: 0}
    for row in schools:
        if given[row["rank"]]:
            money[row["few_resources"]] += oracle.grant(row, given[row["rank"]], plan)
    if any(row["few_resources"] and given[row["rank"]] < row["allowed"] for row in schools):
        assert money[False] * 100 <= (100 - percent) * sum(money.values())
        assert money[False] * 100 <= (100 - percent) * total


@law
@given(programmes(), choices(), registers(), st.integers(0, 10**6))
def test_the_order_of_rows_does_not_matter(schools, changes, facts, order):
    plan = plan_with(**changes)
    made = tables(schools, **facts)
    columns = ["code", "proposed", "proposed_outcome", "waiting", "outcome_clause", "outcome_why"]

    def result(of):
        done, _ = allotment.allot(subsidy.rates(of, plan, AS_OF)[0], plan, AS_OF)
        return done["schools"][columns].sort_values("code", ignore_index=True)

    assert result(made).equals(result(shuffled(made, order)))


@law
@given(programmes(), choices(), registers())
def test_the_waiting_list_has_no_gap(schools, changes, facts):
    plan = plan_with(**changes)
    done = proposed(schools, plan, **facts)["schools"]
    waits = done["proposed_outcome"] == "備取"
    assert sorted(done.loc[waits, "waiting"]) == list(range(1, waits.sum() + 1))
    assert done.loc[~waits, "waiting"].isna().all()
    assert (done.loc[waits, "proposed"] == 0).all()


@pytest.mark.parametrize("schools", [3400])
def test_a_national_programme_is_quick_and_adds_up(schools):
    counties = list(PLAN.counties)
    rows = [
        school(rank, county=counties[rank % 22], allowed=1 + rank % 5, few_resources=rank % 3 == 0)
        for rank in range(1, schools + 1)
    ]
    done = award(tables(rows), plan_with(budget__total=400_000_000))
    totals = done["totals"].iloc[0]
    assert totals["granted"] + totals["left"] == 400_000_000
    assert 0 <= totals["left"] < 60_000
