"""How many classes before the budget (肆.六, C1–C5)."""

import pandas as pd
import pytest

from mlbatch.rules.classes import allow
from tests.rules.intake_tables import (
    AFTER,
    BASICS,
    LIST,
    PLAN,
    application,
    by_code,
    first,
    found,
    intake,
    letter,
    listing,
    row,
    school,
    tables,
)  # fmt: skip

ONE, JUNIOR = school(1), school(2, level="國中")


def allowed(of=ONE, requested=2, *, new=False, remote=False, grade="", listed=None, planned=True, have=8):
    """The tables of one school after the rules of classes."""
    known = {**of, "classes_in_grades": have}
    made = tables(
        [listing(row(of, requested=listed or requested))], [application(of, requested)] if planned else [],
        directory=[known], subsidised=[] if new else [of], remote=[of] if remote else [],
        school_record=[{**of, "grade": grade}] if grade else [],
        letters_received=[letter(codes=of["code"])],
    )  # fmt: skip
    return intake(made, AFTER)


def classes(made, column="allowed"):
    return made["schools"][column][0]


WORKED = [
    (ONE, 3, {"new": True}, 2),
    (JUNIOR, 2, {"new": True, "remote": True}, 1),
    (ONE, 5, {"remote": True}, 4),
    (JUNIOR, 5, {"grade": "丙"}, 4),
    (ONE, 1, {"new": True, "remote": True, "grade": "丁"}, 1),
]


@pytest.mark.parametrize(("of", "requested", "state", "expected"), WORKED)
def test_worked_cases_of_the_rulebook(of, requested, state, expected):
    made = allowed(of, requested, **state)
    assert classes(made) == expected
    assert classes(made, "verdict") == "受理"


def test_a_request_within_every_cap_passes():
    made = allowed(ONE, 4)
    assert found(made, "C", "E7") == []
    assert by_code(made, "allowed", "level_cap", "reduction", "grade") == {ONE["code"]: (4, 4, 0, "")}
    assert made["schools"][["new_cap", "cut_to_have"]].isna().all(axis=None)


def test_over_the_levels_cap():
    made = allowed(ONE, 5)
    assert found(made, "C") == [("C1-over-cap", BASICS, "B13")]
    assert first(made, "C1-over-cap").sentence == "「縣立第1國小」申請 5 班，國小至多 4 班，以 4 班計。"
    assert found(allowed(JUNIOR, 5), "C") == []


def test_over_the_cap_of_a_new_school_is_told_once():
    made = allowed(ONE, 5, new=True)
    assert found(made, "C") == [("C2-over-cap", BASICS, "B13")]
    assert classes(made, "new_cap") == 2
    assert first(made, "C2-over-cap").sentence == "「縣立第1國小」為新申請非偏遠學校，申請 5 班，以 2 班計。"
    assert first(allowed(ONE, 2, new=True, remote=True), "C2-over-cap").facts["where"] == "偏遠"


@pytest.mark.parametrize(("requested", "remote"), [(2, False), (1, True)])
def test_a_new_school_may_request_as_many_as_its_cap(requested, remote):
    made = allowed(ONE, requested, new=True, remote=remote)
    assert found(made, "C") == []
    assert classes(made) == requested


def test_without_a_plan_the_lists_number_is_judged_where_it_stands():
    assert found(allowed(ONE, 5, planned=False), "C") == [("C1-over-cap", LIST, "E12")]


def test_the_plans_number_counts():
    made = allowed(ONE, 3, listed=2)
    assert found(made, "C") == [("C1-differs", BASICS, "B13")]
    assert first(made, "C1-differs").sentence == "推薦名單填 2 班，計畫書填 3 班。"
    assert classes(made) == 3


@pytest.mark.parametrize(("have", "expected"), [(1, 1), (3, 3), (4, 4), (0, 4), (None, 4)])
def test_more_than_the_school_has_is_cut(have, expected):
    made = allowed(ONE, 4, have=have)
    assert classes(made) == expected
    assert found(made, "E7") == ([("E7-too-many", BASICS, "B13")] if have in (1, 3) else [])


def test_a_poor_grade_costs_classes_but_never_the_last():
    made = allowed(JUNIOR, 5, grade="丁")
    assert found(made, "C4") == [("C4-reduced", BASICS, "B13")]
    assert by_code(made, "grade", "reduction", "allowed")[JUNIOR["code"]] == ("丁", 2, 3)
    told = first(allowed(JUNIOR, 2, grade="丁"), "C4-reduced")
    assert (told.facts["by"], told.facts["allowed"]) == (1, 1)


@pytest.mark.parametrize("grade", ["甲", "乙", ""])
def test_a_good_grade_costs_nothing(grade):
    made = allowed(ONE, 3, grade=grade)
    assert found(made, "C4") == []
    assert classes(made) == 3


def test_where_a_grade_takes_nothing_nothing_is_told():
    assert found(allowed(ONE, 1, grade="丁"), "C4") == []


def test_without_any_number_nothing_is_allowed():
    made = allowed(ONE, None)
    assert pd.isna(classes(made))


def test_types():
    made = allowed(ONE, 3, new=True, have=2)
    columns = ["level_cap", "new_cap", "cut_to_have", "reduction", "allowed"]
    assert [str(made["schools"][name].dtype) for name in columns] == ["Int64"] * 5


def test_without_any_number_the_types_are_the_same():
    made = allowed(ONE, None, new=True)
    columns = ["level_cap", "new_cap", "cut_to_have", "reduction", "allowed"]
    assert [str(made["schools"][name].dtype) for name in columns] == ["Int64"] * 5


def test_the_grade_is_a_column_of_objects():
    assert str(allowed(ONE, 3, grade="甲")["schools"]["grade"].dtype) == "object"


def test_what_is_allowed_stands_beside_its_school_whatever_the_numbers_of_the_rows():
    made = tables(
        [listing(row(ONE, requested=3), row(JUNIOR, requested=5))],
        [application(ONE, 3), application(JUNIOR, 5)],
        directory=[ONE, JUNIOR], subsidised=[ONE, JUNIOR], school_record=[{**JUNIOR, "grade": "丁"}],
    )  # fmt: skip
    made = intake(made, AFTER, "班級數上限")
    done, _ = allow(made.put(schools=made["schools"].set_axis([7, 3])), PLAN, AFTER)
    assert by_code(done, "grade", "reduction", "allowed") == {
        ONE["code"]: ("", 0, 3),
        JUNIOR["code"]: ("丁", 2, 3),
    }
