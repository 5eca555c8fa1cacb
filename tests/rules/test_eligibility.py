"""Who may apply: grades, devices, network, semesters (肆.一, 肆.二) and the ministry's lists (E1–E6)."""

from datetime import date

import pytest

from mlbatch.rules import eligibility
from mlbatch.tables import Tables
from tests.rules.intake_tables import (
    AFTER,
    BASICS,
    CLASSES,
    DEVICES,
    LIST,
    PLAN,
    application,
    first,
    found,
    intake,
    listing,
    row,
    school,
    tables,
)  # fmt: skip

ONE, JUNIOR = school(1), school(2, level="國中")
NATIONAL = school(1, county="花蓮縣", code="150601", name="國立示範附小", owner="國立")
LOWER, UPPER = PLAN.schools.semesters
ALONE = (eligibility.grades, eligibility.equipment, eligibility.semesters)


def alone(*plans):
    """What the plans show by themselves, without any register."""
    made = tables(plans=plans)
    for rule in ALONE:
        made = made.found(rule(made, PLAN, AFTER)[1])
    return made


def test_a_sound_plan_passes():
    assert found(alone(application(ONE), application(JUNIOR, 5))) == []


def test_without_a_plan_nothing_is_found():
    assert [rule(Tables(), PLAN, AFTER)[1] for rule in ALONE] == [[], [], []]


@pytest.mark.parametrize(
    ("of", "grade", "wrong"),
    [(ONE, 2, True), (ONE, 3, False), (ONE, 6, False), (ONE, 7, True), (JUNIOR, 6, True), (JUNIOR, 9, False),
     (ONE, None, False)],
)  # fmt: skip
def test_grades_follow_the_level(of, grade, wrong):
    first_grade = PLAN.schools.grades[of["level"]][0]
    made = alone(application(of, 1, classes=[(LOWER, first_grade), (UPPER, grade)]))
    assert found(made) == ([("E1-grade", CLASSES, "B6")] if wrong else [])


def test_a_wrong_grade_says_which_are_right():
    made = alone(application(ONE, 1, classes=[(LOWER, 2), (UPPER, 3)]))
    assert made.findings[0].sentence == "實施班級之年級填 2，國小應為 3、4、5、6 年級。"


@pytest.mark.parametrize(
    ("counts", "wrong"), [((0,), True), ((0, 0), True), ((0, 1), False), ((), False), ((None,), False)]
)
def test_devices(counts, wrong):
    made = alone(application(ONE, counts=counts))
    assert found(made) == ([("E3-no-devices", DEVICES, "B5")] if wrong else [])


@pytest.mark.parametrize(
    ("coverage", "wrong"), [("全校", False), ("實施班級", False), ("無", True), ("", False)]
)
def test_network(coverage, wrong):
    made = alone(application(ONE, coverage=coverage))
    assert found(made) == ([("E3-no-network", BASICS, "B14")] if wrong else [])


def test_a_semester_without_classes():
    made = alone(application(ONE, 1, classes=[(LOWER, 3)]))
    assert found(made) == [("E4-semester", CLASSES, "A5")]
    assert made.findings[0].facts["semester"] == UPPER


def test_a_plans_fault_concerns_its_school_and_the_county_that_it_names():
    made = alone(application(ONE, 1, counts=(0,), coverage="無", classes=[(LOWER, 2)]))
    assert {one.kind.id for one in made.findings} == {
        "E1-grade",
        "E3-no-devices",
        "E3-no-network",
        "E4-semester",
    }
    concerned = {(one.school, one.county, one.facts["name"]) for one in made.findings}
    assert concerned == {((ONE["code"], "國小"), ONE["county"], ONE["name"])}


def test_fewer_or_more_classes_than_requested():
    made = alone(application(ONE, 2, classes=[(LOWER, 3), (UPPER, 3), (UPPER, 4), (UPPER, 5)]))
    assert found(made) == [("E4-count", BASICS, "B13")] * 2
    assert {(one.facts["semester"], one.read) for one in made.findings} == {(LOWER, "1"), (UPPER, "3")}


def test_classes_are_not_counted_while_a_semester_or_the_request_cannot_be_read():
    assert found(alone(application(ONE, 2, classes=[(LOWER, 3), ("", 3)]))) == []
    assert found(alone(application(ONE, None, classes=[(LOWER, 3), (UPPER, 3)]))) == []
    assert found(alone(application(ONE, 2, classes=[]))) == []


# The ministry's lists ----------------------------------------------------------------------------


def judged(*, listed=ONE, **registers):
    made = tables([listing(row(listed))], [application(listed)], directory=[listed], **registers)
    return intake(made, AFTER)


def test_a_school_on_no_list_passes():
    other = school(9)
    statement = {**other, "found_on": date(2017, 11, 1), "why": "不實"}
    made = judged(incomplete=[{**other, "year": 104}], deepening=[other], false_statements=[statement])
    assert found(made, "E") == []


@pytest.mark.parametrize(("years", "read"), [((104,), "104"), ((105,), "105"), ((105, 104), "104、105")])
def test_data_that_were_not_completed(years, read):
    made = judged(incomplete=[{**ONE, "year": year} for year in years])
    assert found(made, "E") == [("E2-incomplete", LIST, "B12")]
    assert first(made, "E2-incomplete").read == read


def test_the_other_level_of_a_code_is_another_school():
    assert found(judged(incomplete=[{**ONE, "level": "國中", "year": 104}]), "E") == []


def test_another_year_does_not_count():
    assert found(judged(incomplete=[{**ONE, "year": 103}]), "E") == []


def test_the_other_programme():
    assert found(judged(deepening=[ONE]), "E") == [("E5-deepening", LIST, "B12")]


@pytest.mark.parametrize(("day", "wrong"), [(AFTER, True), (None, True), (date(2017, 12, 16), False)])
def test_false_statements_found_by_the_day(day, wrong):
    made = judged(false_statements=[{**ONE, "found_on": day, "why": "載具數量不實"}])
    assert found(made, "E") == ([("E6-false", LIST, "B12")] if wrong else [])


def test_a_national_school_is_told_at_its_plan():
    made = tables([listing(row(NATIONAL), county="花蓮縣")], [application(NATIONAL)], directory=[NATIONAL],
                  deepening=[NATIONAL])  # fmt: skip
    made = intake(made)
    assert found(made, "E") == [("E5-deepening", BASICS, "B4")]
    told = first(made, "E5-deepening")
    assert (told.school, told.county) == (("150601", "國小"), "")
