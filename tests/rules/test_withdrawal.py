"""W2: schools that give classes back after the award, and who follows them (肆.五, 柒.九(三))."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch.finding import Place
from tests import oracle
from tests.rules.award_tables import (
    AS_OF,
    LEVEL,
    _frame,
    award,
    by_rank,
    choices,
    law_of_all,
    plan_with,
    programmes,
    registers,
    school,
    shuffled,
    tables,
)

FOUR = [school(rank) for rank in (1, 2, 3, 4)]
THREE_PAID = plan_with(budget__total=596_000)
CELLS = {name: (column, 6) for name, column in (("code", "B"), ("classes", "F"), ("day", "G"))}


def withdrawn(schools, rows):
    """The register: (rank, change, classes or None, day), all in row 6."""
    names = {row["rank"]: (row["code"], row["name"]) for row in schools}
    place = Place("核定後異動.xlsx", "核定後異動", 6, CELLS)
    values = [
        (*names.get(rank, ("099999", "外校")), LEVEL, change, classes, day, "府教字第1號", "師資異動", place)
        for rank, change, classes, day in rows
    ]
    return _frame(values, "code name level change classes day letter_number reason place")


def give_back(rows, plan=THREE_PAID, schools=FOUR, decisions=None, **more):
    """What the award becomes when schools give classes back."""
    made = tables(schools, decisions=decisions, **more)
    return award(made.put(withdrawals=withdrawn(schools, rows)), plan)


def found(done):
    return [(f.kind.id, f.at.cell) for f in done.findings if f.kind.rule == "W2"]


def test_a_school_that_drops_out_is_followed_by_the_next():
    done = give_back([(1, "放棄補助", None, AS_OF)])
    assert by_rank(done, "awarded") == [2, 2, 2, 0]
    assert by_rank(done, "approved") == [0, 2, 2, 2]
    assert by_rank(done, "outcome") == ["退出", "核定", "核定", "核定"]
    assert by_rank(done, "grant") == [0, 180_000, 180_000, 180_000]
    assert by_rank(done, "outcome_why")[0] == "原核定 2 班，107.01.15 放棄補助（府教字第1號）：師資異動。"
    assert by_rank(done, "outcome_why")[3] == "前列學校退出或減班，依序遞補，核定 2 班。"
    assert by_rank(done, "outcome_clause")[0] == "柒.九(三)"
    assert found(done) == []


@pytest.mark.parametrize(
    ("change", "clause"),
    [("改列深耕計畫", "肆.四(四)2"), ("取消資格", "肆.四(四)6"), ("放棄補助", "柒.九(三)")],
)
def test_each_reason_rests_on_its_clause(change, clause):
    """W2, E5, E6"""
    assert by_rank(give_back([(2, change, None, AS_OF)]), "outcome_clause")[1] == clause


def test_a_school_may_give_back_a_part():
    done = give_back([(2, "減班", 1, AS_OF)])
    assert by_rank(done, "approved") == [2, 1, 2, 0]  # 60,000 does not pay the next school's first class
    assert by_rank(done, "outcome")[1] == "減班核定"
    assert "減班，保留 1 班" in by_rank(done, "outcome_why")[1]


def test_what_two_parts_free_together_pays_the_next():
    rows = [(1, "減班", 1, AS_OF), (2, "減班", 1, AS_OF)]
    done = give_back(rows, plan_with(budget__total=598_000))  # the county's rise of 2,000 is left over
    assert by_rank(done, "approved") == [1, 1, 2, 1]
    assert by_rank(done, "outcome_why")[3] == "前列學校退出或減班，依序遞補，核定 1 班。"


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ((4, "放棄補助", None, AS_OF), ("W2-not-funded", "B6")),
        ((9, "放棄補助", None, AS_OF), ("W2-not-funded", "B6")),
        ((1, "放棄補助", None, date(2018, 1, 16)), ("W2-not-yet", "G6")),
        ((1, "減班", 2, AS_OF), ("W2-classes", "F6")),
        ((1, "減班", None, AS_OF), ("W2-classes", "F6")),
    ],
)
def test_a_row_that_counts_for_nothing_is_told_at_its_cell(row, finding):
    """W2_NOT_FUNDED, W2_NOT_YET, W2_CLASSES"""
    done = give_back([row])
    assert found(done) == [finding]
    assert by_rank(done, "approved") == [2, 2, 2, 0]


def test_after_the_last_day_of_succession_nothing_moves():
    """W2_TOO_LATE: budget.succession_until"""
    done = give_back(
        [(1, "放棄補助", None, AS_OF)],
        plan_with(budget__total=596_000, budget__succession_until=date(2018, 1, 14)),
    )
    assert found(done) == [("W2-too-late", "G6")]
    assert by_rank(done, "approved") == [2, 2, 2, 0]


def test_of_two_rows_the_first_day_counts():
    """W2_TWICE"""
    done = give_back([(1, "放棄補助", None, AS_OF), (1, "減班", 1, date(2018, 1, 10))])
    assert found(done) == [("W2-twice", "B6")]
    assert by_rank(done, "approved")[0] == 1


def test_a_decision_stands_for_the_others_and_yields_to_what_the_school_gave_back():
    done = give_back([(1, "放棄補助", None, AS_OF)], decisions=[(1, 1, "酌減"), (4, 0, "師資不足")])
    assert by_rank(done, "awarded") == [1, 2, 2, 0]
    assert by_rank(done, "approved") == [0, 2, 2, 0]
    assert by_rank(done, "outcome") == ["退出", "核定", "核定", "未獲補助"]
    assert by_rank(done, "decided") == [True, False, False, True]
    assert by_rank(done, "reason") == ["酌減", "", "", "師資不足"]
    assert by_rank(done, "authority") == ["部務會議", "", "", "部務會議"]


def test_a_decision_that_could_not_be_paid_stands_once_a_school_gave_back_enough():
    done = give_back([(1, "放棄補助", None, AS_OF)], decisions=[(4, 1, "偏鄉示範")])
    assert by_rank(done, "awarded") == [2, 2, 2, 0]
    assert by_rank(done, "approved") == [0, 2, 2, 1]
    assert by_rank(done, "decided")[3]
    assert by_rank(done, "outcome_why")[3] == "本部裁示核定 1 班：偏鄉示範（部務會議）"
    assert [f.kind.id for f in done.findings if f.kind.rule == "R8"] == []


@st.composite
def changes(draw):
    """Up to three rows of the register by rank."""
    kind = st.sampled_from([("放棄補助", None), ("改列深耕計畫", None), ("減班", 1), ("減班", 2)])
    ranks = draw(st.lists(st.integers(1, 7), max_size=3))
    return [(rank, *draw(kind), AS_OF) for rank in ranks]


@law_of_all
@given(programmes(), changes(), choices(), registers(), st.integers(0, 5))
def test_nobody_else_is_lowered_and_the_budget_holds(schools, rows, settings, facts, order):
    plan = plan_with(**settings)
    made = tables(schools, **facts).put(withdrawals=withdrawn(schools, rows))
    done = award(shuffled(made, order), plan)
    changed = {rank for rank, *_ in rows}
    given_back = dict(zip(by_rank(done, "rank"), by_rank(done, "approved"), strict=True))
    for rank, awarded, approved in zip(
        by_rank(done, "rank"), by_rank(done, "awarded"), by_rank(done, "approved"), strict=True
    ):
        assert approved >= awarded or rank in changed
    paid = oracle.cost(schools, given_back, plan, **facts)
    workshops = sum(amount for _, amount in facts["workshops"])
    assert paid <= max(plan.budget.total, workshops)


@law_of_all
@given(programmes(), changes(), choices(), registers())
def test_without_the_register_nothing_is_given_back(schools, rows, settings, facts):
    plan = plan_with(**settings)
    done = award(tables(schools, **facts), plan)
    assert by_rank(done, "awarded") == by_rank(done, "approved")
    moved = award(tables(schools, **facts).put(withdrawals=withdrawn(schools, rows)), plan)
    assert by_rank(moved, "awarded") == by_rank(done, "approved")
