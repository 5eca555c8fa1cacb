"""What is owed and what was done (附件1): counts of the plan's own table, and laws of settling."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch.classroom import Classroom
from mlbatch.obligation import (
    DONE,
    LATE,
    LATER,
    OVERDUE,
    STATES,
    THIS_MONTH,
    Act,
    Duty,
    cloud,
    month_end,
    school_duties,
    semester_of,
    settle,
)
from mlbatch.plan import load_plan

PLAN = load_plan()
FIRST, SECOND = PLAN.schools.semesters
DUE = date(2018, 4, 30)


def classes(count):
    return [Classroom(one, f"5年{number}班") for one in (FIRST, SECOND) for number in range(1, count + 1)]


@pytest.mark.parametrize("count", range(1, 6))
def test_the_numbers_of_the_plans_table(count):
    """deliverables.school, deliverables.classes, deliverables.cloud: 附件1 for 1 to 5 classes."""
    owed: dict[str, int] = {}
    for duty in school_duties(PLAN, classes(count)):
        owed[duty.item] = owed.get(duty.item, 0) + duty.count
    assert owed["成果報告書"] == owed["成果簡報"] == 1
    assert owed["教師心得"] == owed["學生溫馨故事"] == 2 * count
    assert owed["教案"] == 2 * count
    assert owed[cloud("教案")] == count
    assert owed["進度表"] == 3 * count
    assert owed["成效評估"] == count
    assert (owed["校內研習"], owed["校外推廣"]) == (2, 1)


def test_the_months_of_an_item():
    months = [duty.due for duty in school_duties(PLAN, classes(1)) if duty.item == "進度表"]
    assert months == [date(2018, 3, 31), date(2018, 5, 31), date(2018, 10, 31)]
    assert month_end("2018-02") == date(2018, 2, 28)


def test_the_semester_of_a_day():
    """deliverables.second_semester_from"""
    assert semester_of(date(2018, 7, 31), PLAN) == FIRST
    assert semester_of(date(2018, 8, 1), PLAN) == SECOND


@pytest.mark.parametrize(
    ("as_of", "handed_in", "state"),
    [
        (date(2018, 3, 31), None, LATER),
        (date(2018, 4, 1), None, THIS_MONTH),
        (DUE, None, THIS_MONTH),
        (date(2018, 5, 1), None, OVERDUE),
        (date(2018, 5, 1), DUE, DONE),
        (date(2018, 5, 31), date(2018, 5, 2), LATE),
        (date(2018, 5, 1), date(2018, 5, 2), OVERDUE),
    ],
)
def test_the_state_of_a_duty(as_of, handed_in, state):
    duty = Duty("教師心得", DUE, "附件1", FIRST, "5年1班")
    acts = [Act("教師心得", handed_in, FIRST, "5年1班")] if handed_in else []
    (settled,) = settle([duty], acts, as_of)
    assert settled.state == state


def test_an_act_of_another_semester_or_class_settles_nothing():
    duty = Duty("教師心得", DUE, "附件1", FIRST, "5年1班")
    others = [
        Act("教師心得", DUE, SECOND, "5年1班"),
        Act("教師心得", DUE, FIRST, "5年2班"),
        Act("教案", DUE, FIRST, "5年1班"),
    ]
    assert settle([duty], others, date(2018, 5, 1))[0].done == 0


DAYS = st.dates(date(2018, 1, 1), date(2018, 12, 31))
DUTIES = st.lists(
    st.builds(
        Duty,
        item=st.sampled_from(["甲", "乙"]),
        due=DAYS,
        cite=st.just("附件1"),
        semester=st.sampled_from(["", FIRST]),
        class_=st.just(""),
        count=st.integers(1, 3),
    ),
    max_size=6,
)
ACTS = st.lists(
    st.builds(Act, item=st.sampled_from(["甲", "乙"]), day=DAYS, semester=st.sampled_from(["", FIRST])),
    max_size=8,
)


@given(DUTIES, ACTS, DAYS)
def test_the_states_partition_the_duties(duties, acts, as_of):
    settled = settle(duties, acts, as_of)
    assert len(settled) == len(duties)
    for one in settled:
        assert one.state in STATES
        assert (one.owing == 0) == (one.state in (DONE, LATE))
        assert one.state != OVERDUE or as_of > one.duty.due


@given(
    DUTIES, ACTS, DAYS, st.builds(Act, item=st.sampled_from(["甲", "乙"]), day=DAYS, semester=st.just(FIRST))
)
def test_a_hand_in_never_makes_anything_more_overdue(duties, acts, as_of, more):
    before = settle(duties, acts, as_of)
    after = settle(duties, [*acts, more], as_of)
    for one, other in zip(before, after, strict=True):
        assert other.owing <= one.owing
        assert not (one.state != OVERDUE and other.state == OVERDUE)


@given(DUTIES, ACTS, DAYS, st.integers(1, 60))
def test_what_is_done_stays_done(duties, acts, as_of, days):
    later = settle(duties, acts, as_of + timedelta(days))
    for one, other in zip(settle(duties, acts, as_of), later, strict=True):
        assert other.done >= one.done
