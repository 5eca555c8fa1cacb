"""R8: the ministry's decisions win over the proposal, within caps and budget (肆.五※)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch import catalogue
from mlbatch.rules.decision import DECIDED
from tests import oracle
from tests.rules.award_tables import (
    PLAN,
    award,
    by_rank,
    choices,
    indexed,
    law_of_all,
    plan_with,
    programmes,
    registers,
    school,
    shuffled,
    tables,
)

# Four schools of one county with 2 classes each; 592,000 pays for three and no county's rise.
FOUR = [school(rank) for rank in (1, 2, 3, 4)]
THREE_PAID = plan_with(budget__total=596_000)


def decide(decisions, plan=THREE_PAID, schools=FOUR, **more):
    """What the decisions lead to."""
    return award(tables(schools, decisions=decisions, **more), plan)


def found(done):
    """(kind, cell) of the findings about decisions."""
    return [(f.kind.id, f.at.cell) for f in done.findings if f.kind.rule == "R8"]


def test_without_an_award_list_the_proposal_stands():
    done = award(tables(FOUR), THREE_PAID)
    assert by_rank(done, "approved") == by_rank(done, "proposed") == [2, 2, 2, 0]
    assert by_rank(done, "outcome") == ["核定", "核定", "核定", "備取"]
    assert not any(by_rank(done, "decided"))


def test_a_blank_or_the_proposed_number_leaves_the_proposal():
    done = decide([(1, None, ""), (2, 2, ""), (4, 0, ""), (3, None, "未定")])
    assert by_rank(done, "approved") == [2, 2, 2, 0]
    assert not any(by_rank(done, "decided"))
    assert by_rank(done, "outcome")[3] == "備取"
    assert found(done) == []


def test_a_decision_with_its_reason_wins():
    done = decide([(3, 1, "配合度考量")])
    assert by_rank(done, "approved")[2] == 1
    assert by_rank(done, "proposed")[2] == 2
    assert by_rank(done, "outcome")[2] == "減班核定"
    assert by_rank(done, "decided")[2]
    assert by_rank(done, "reason")[2] == "配合度考量"
    assert by_rank(done, "outcome_clause")[2] == "肆.五"
    assert by_rank(done, "outcome_why")[2] == "本部裁示核定 1 班：配合度考量（部務會議）"
    assert by_rank(done, "grant")[2] == 120_000


def test_what_was_decided_stands_beside_its_school_whatever_the_numbers_of_the_rows():
    done = award(indexed(tables(FOUR, decisions=[(3, 1, "配合度考量")])), THREE_PAID)
    assert by_rank(done, "awarded") == by_rank(done, "approved") == [2, 2, 1, 0]
    assert by_rank(done, "decided") == [False, False, True, False]
    assert by_rank(done, "reason") == ["", "", "配合度考量", ""]
    assert by_rank(done, "authority") == ["", "", "部務會議", ""]


@pytest.mark.parametrize("decisions", [None, [(3, 1, "配合度考量")]])
def test_the_columns_of_a_decision_have_their_types(decisions):
    schools = award(tables(FOUR, decisions=decisions), THREE_PAID)["schools"]
    assert [str(schools[name].dtype) for name in DECIDED] == ["Int64", "Int64", "boolean", *["object"] * 5]


def test_a_school_dropped_makes_room_for_the_next_in_line():
    """依序遞補"""
    done = decide([(1, 0, "撤回申請")])
    assert by_rank(done, "approved") == [0, 2, 2, 2]
    assert by_rank(done, "outcome") == ["未獲補助", "核定", "核定", "核定"]
    assert by_rank(done, "outcome_why")[0] == "本部裁示核定 0 班：撤回申請（部務會議）"
    assert by_rank(done, "outcome_why")[3] == "前列學校經裁示核減，依序遞補，核定 2 班。"
    assert not by_rank(done, "decided")[3]
    assert by_rank(done, "grant")[0] == 0


def test_the_school_at_the_line_is_completed_before_the_next_follows():
    plan = plan_with(budget__total=596_000 - 60_000)
    done = decide([(1, 0, "撤回申請")], plan)
    assert by_rank(done, "proposed") == [2, 2, 1, 0]
    assert by_rank(done, "approved") == [0, 2, 2, 1]
    assert by_rank(done, "outcome")[2:] == ["核定", "減班核定"]


def test_a_waiting_school_decided_to_get_nothing_is_passed_by():
    done = decide([(2, 0, "撤回申請"), (4, 0, "不遞補")], schools=[*FOUR, school(5)])
    assert by_rank(done, "approved") == [2, 0, 2, 0, 2]
    assert by_rank(done, "outcome")[3] == "未獲補助"


def test_a_school_whose_decision_was_refused_holds_the_line():
    done = decide([(2, 0, "撤回申請"), (4, 3, "成效良好")], schools=[*FOUR, school(5)])
    assert by_rank(done, "approved") == [2, 0, 2, 0, 0]
    assert found(done) == [("R8-over-cap", "L7")]


def test_the_next_in_line_follows_only_where_its_county_has_room():
    schools = [school(1), school(2), school(3, county="屏東縣"), school(4, county="屏東縣")]
    plan = plan_with(budget__max_schools=1)
    assert by_rank(decide([(3, 0, "撤回申請")], plan, schools), "approved") == [2, 0, 0, 2]
    assert by_rank(decide([(1, 0, "撤回申請")], plan, schools), "approved") == [0, 2, 2, 0]


def test_a_different_number_without_a_reason_is_refused():
    done = decide([(1, 1, " ")])
    assert found(done) == [("R8-no-reason", "M6")]
    assert by_rank(done, "approved") == [2, 2, 2, 0]
    (finding,) = [f for f in done.findings if f.kind is catalogue.R8_NO_REASON]
    assert finding.sentence == "「第1國小」核定 1 班，建議為 2 班，未填裁示理由。"
    assert (finding.school, finding.county) == (("080001", "國小"), "")


def test_a_decision_beyond_the_cap_is_refused():
    done = decide([(1, 3, "成效良好")], PLAN)
    assert found(done) == [("R8-over-cap", "L6")]
    assert by_rank(done, "approved") == [2, 2, 2, 2]


def test_every_fault_of_a_decision_is_told_at_once():
    assert found(decide([(1, 9, "")])) == [("R8-no-reason", "M6"), ("R8-over-cap", "L6")]


def test_a_decision_beyond_the_budget_is_refused():
    done = decide([(4, 1, "偏鄉示範")])
    assert found(done) == [("R8-over-budget", "L6")]
    assert by_rank(done, "approved") == [2, 2, 2, 0]
    (finding,) = [f for f in done.findings if f.kind.rule == "R8"]
    assert finding.sentence == "「第4國小」核定 1 班將使總額達 718,000 元，預算為 596,000 元。"


def test_what_one_decision_frees_another_may_use():
    """Lower ones count first, whatever the order of rows; then raising ones by rank."""
    rows = [(5, 1, "示範"), (4, 1, "示範"), (1, 0, "撤回申請")]
    done = decide(rows, schools=[*FOUR, school(5)])
    assert by_rank(done, "approved") == [0, 2, 2, 1, 0]
    assert found(done) == [("R8-over-budget", "L6")]


def test_what_is_lowered_counts_before_what_a_better_rank_is_raised_to():
    """School 2 was held back by its county's maximum; school 3 drops out in its favour."""
    schools = [school(1), school(2), school(3, national=True)]
    plan = plan_with(budget__total=412_000, budget__max_schools=1)
    done = decide([(2, 1, "改核"), (3, 0, "撤回申請")], plan, schools)
    assert by_rank(done, "proposed") == [2, 0, 2]
    assert by_rank(done, "approved") == [2, 1, 0]


@pytest.mark.parametrize("code", ["999999", "081500"])
def test_a_school_that_was_not_ranked_is_refused(code):
    waived = school(None, code="081500", verdict="視同放棄")
    done = decide([(code, 1, "遺珠")], schools=[*FOUR, waived])
    assert found(done) == [("R8-unknown-school", "C6")]
    assert done["schools"]["approved"].tolist() == [2, 2, 2, 0, 0]


def test_two_different_decisions_for_one_school_are_both_refused():
    done = decide([(1, 0, "撤回申請"), (1, 1, "減班")])
    assert found(done) == [("R8-two-decisions", "L6"), ("R8-two-decisions", "L7")]
    assert by_rank(done, "approved") == [2, 2, 2, 0]


def test_the_same_decision_twice_is_one():
    done = decide([(1, 1, "減班"), (1, 1, "減班")])
    assert found(done) == []
    assert by_rank(done, "approved")[0] == 1


def sentences(done):
    """What is said of decisions, as the office reads it."""
    return [finding.sentence for finding in done.findings if finding.kind.rule == "R8"]


def test_what_is_refused_is_said_with_its_facts():
    assert sentences(decide([("999999", 1, "遺珠")])) == ["核定清冊列有未經排序之「999999」。"]
    assert sentences(decide([(1, 3, "成效良好")])) == ["「第1國小」核定 3 班，依規定至多 2 班。"]
    twice = decide([(1, 0, "撤回申請"), (2, 1, "減班"), (1, 1, "減班")])
    assert sentences(twice) == [
        "「第1國小」核定填 0 班，與第 8 列不同。",
        "「第1國小」核定填 1 班，與第 6 列不同。",
    ]
    thrice = decide([(1, 0, "撤回申請"), (1, 0, "改"), (1, 1, "減班")])
    assert sentences(thrice)[0] == "「第1國小」核定填 0 班，與第 7、8 列不同。"


def test_all_that_is_allowed_may_be_decided():
    done = decide([(1, 2, "成效良好")])
    assert (found(done), by_rank(done, "approved")[0], by_rank(done, "decided")[0]) == ([], 2, True)


def test_those_who_wait_follow_by_the_waiting_list_and_not_by_rank():
    """School 3 is its county's first and waits before school 2, whose county has its guaranteed school."""
    schools = [school(1), school(2), school(3, county="屏東縣")]
    plan = plan_with(budget__total=232_000, budget__min_schools=1)
    done = decide([(1, 0, "撤回申請")], plan, schools)
    assert by_rank(done, "waiting")[1:] == [2, 1]
    assert by_rank(done, "approved") == [0, 0, 2]


def test_those_who_have_classes_come_before_those_who_wait():
    """School 2 waits for its county's maximum; school 3 at the line is completed first."""
    schools = [school(1), school(2), school(3, county="屏東縣"), school(4, county="屏東縣")]
    plan = plan_with(budget__total=232_000 + 172_000, budget__max_schools=1)
    done = decide([(1, 0, "撤回申請")], plan, schools)
    assert by_rank(done, "proposed") == [2, 0, 1, 0]
    assert by_rank(done, "approved") == [0, 1, 2, 0]


def test_a_decision_that_costs_nothing_stands_though_the_workshops_are_beyond_the_budget():
    done = decide([(1, 0, "不予補助")], plan_with(budget__total=0), workshops=[("臺北市", 30_000)])
    assert found(done) == []
    assert by_rank(done, "outcome")[0] == "未獲補助"


def test_a_decision_may_use_the_budget_to_the_last_dollar():
    """School 4 waits for its county's maximum: 540,000 + 120,000, and 56,000 and 52,000 for the counties."""
    schools = [school(1), school(2), school(3, county="屏東縣"), school(4)]
    for total, classes in ((768_000, 1), (767_999, 0)):
        plan = plan_with(budget__total=total, budget__max_schools=2)
        done = decide([(4, 1, "示範")], plan, schools)
        assert by_rank(done, "approved") == [2, 2, 2, classes]
        assert found(done) == ([] if classes else [("R8-over-budget", "L6")])


def test_after_a_decision_that_cannot_be_paid_the_next_is_heard():
    schools = [*FOUR, school(5, national=True, allowed=1), school(6, allowed=5)]
    plan = plan_with(budget__total=596_000 + 120_000)
    done = decide([(4, 0, "撤回申請"), (6, 5, "示範"), (5, 1, "示範")], plan, schools)
    assert by_rank(done, "approved")[3:] == [0, 1, 0]
    done = decide([(4, 2, "示範"), (5, 1, "示範")], plan_with(budget__total=596_000 + 120_000), schools)
    assert found(done)[0] == ("R8-over-budget", "L6")
    assert by_rank(done, "approved")[4] == 1


DECISIONS = st.lists(
    st.tuples(
        st.integers(1, 7),
        st.none() | st.integers(0, 5),
        st.sampled_from(["", "裁示", "裁示", "裁示"]),
    ),
    max_size=5,
)


@law_of_all
@given(programmes(), choices(), registers(), DECISIONS)
def test_whatever_is_decided_stays_within_caps_and_budget(schools, changes, facts, decisions):
    plan = plan_with(**changes)
    decisions = [row for row in decisions if row[0] <= len(schools)]
    done = award(tables(schools, decisions=decisions, **facts), plan, "R8")
    before, after = by_rank(done, "proposed"), by_rank(done, "approved")
    allowed = by_rank(done, "allowed")
    spent = oracle.cost(schools, dict(enumerate(after, 1)), plan, **facts)
    assert spent <= max(plan.budget.total, sum(amount for _, amount in facts["workshops"]))
    own = {rank for rank, classes, _ in decisions if classes is not None}
    for rank, (was, became, most) in enumerate(zip(before, after, allowed, strict=True), 1):
        assert 0 <= became <= most
        assert rank in own or became >= was
    refused = {f.school for f in done.findings if f.kind.rule == "R8"}
    wished = {rank: classes for rank, classes, _ in decisions if classes is not None}
    for rank, classes in wished.items():
        code = (f"{80000 + rank:06d}", "國小")
        assert (after[rank - 1] == before[rank - 1]) if code in refused else True
        assert code in refused or after[rank - 1] == classes or classes == before[rank - 1]


@law_of_all
@given(programmes(), choices(), registers(), DECISIONS, st.integers(0, 10**6))
def test_the_order_of_the_award_list_does_not_matter(schools, changes, facts, decisions, order):
    plan = plan_with(**changes)
    decisions = [row for row in decisions if row[0] <= len(schools)]
    made = tables(schools, decisions=decisions, **facts)
    one, other = award(made, plan, "R8"), award(shuffled(made, order), plan, "R8")
    for column in ("approved", "decided", "reason", "outcome", "outcome_why"):
        assert by_rank(one, column) == by_rank(other, column)
    assert sorted(f.order for f in one.findings) == sorted(f.order for f in other.findings)


@law_of_all
@given(programmes(), choices(), registers())
def test_an_award_list_that_decides_nothing_changes_nothing(schools, changes, facts):
    plan = plan_with(**changes)
    rows = [(row["rank"], None, "") for row in schools]
    decided = award(tables(schools, decisions=rows, **facts), plan, "R8")["schools"]
    assert decided.equals(award(tables(schools, **facts), plan, "R8")["schools"])


def test_a_decision_without_its_authority_stands_and_is_told():
    """R8_NO_AUTHORITY"""
    done = decide([(3, 1, "配合度考量", ""), (4, 0, "", "")])
    assert found(done) == [("R8-no-authority", "N6")]
    assert by_rank(done, "approved")[2] == 1
    assert by_rank(done, "outcome_why")[2] == "本部裁示核定 1 班：配合度考量"
