"""Whether a school is the one that the directory knows (肆.一): E1, E7, and one county only (S6)."""

import pytest

from mlbatch import catalogue
from mlbatch.finding import Finding
from tests.rules.intake_tables import (
    BASICS,
    BEFORE,
    LIST,
    application,
    at_list,
    found,
    intake,
    listing,
    row,
    school,
    tables,
)  # fmt: skip

ONE, TWO = school(1, name="縣立桃枝國小"), school(2, name="縣立湧泉汀國小")
FAR = school(1, county="屏東縣")
NATIONAL = school(1, county="花蓮縣", code="150601", name="國立示範附小", owner="國立")


def check(*listed, plans=None, directory=(ONE, TWO), lists=None, findings=()):
    """The findings of E1's level, E7 and S6, with a plan for each listed school unless given."""
    lists = [listing(*listed)] if lists is None else lists
    made = tables(
        lists, [application(ONE)] if plans is None else plans, directory=directory, findings=findings
    )
    made = intake(made, BEFORE, "一校一縣市")
    return [one for one in found(made, "E1-not", "E7", "S6-two")], [
        one for one in made.findings if one.kind.id.startswith(("E1-not", "E7", "S6-two"))
    ]


def test_what_agrees_passes():
    assert check(row(ONE))[0] == []


@pytest.mark.parametrize("name", ["縣立　桃枝國小", " 縣立桃枝國小", "縣立 桃枝 國小"])
def test_spaces_and_width_are_no_difference(name):
    assert check(row(ONE, name=name))[0] == []


def test_the_two_forms_of_tai_are_no_difference():
    lists, plan = [listing(row(FAR, name="台立示範國小"))], application(FAR, name="臺立示範國小")
    assert check(lists=lists, plans=[plan], directory=[{**FAR, "county": "南投縣", "name": "臺立示範國小"}])[
        0
    ] == [("E7-county", BASICS, "B6")]


def test_another_name_at_each_place():
    places, told = check(row(ONE, name="縣立桃技國小"), plans=[application(ONE, name="縣立別校")])
    assert places == [("E7-name", BASICS, "B5"), ("E7-name", LIST, "C12")]
    assert {one.sentence for one in told} == {
        "代碼 084601 之校名填「縣立桃技國小」，名錄為「縣立桃枝國小」。",
        "代碼 084601 之校名填「縣立別校」，名錄為「縣立桃枝國小」。",
    }


@pytest.mark.parametrize(
    ("code", "name", "hint"),
    [
        ("084699", "縣立桃枝國小", "您是不是要填「084601」（縣立桃枝國小，國小）？"),  # by name
        ("999999", "縣立桃技國小", "您是不是要填「084601」（縣立桃枝國小，國小）？"),  # by a name like it
        ("084620", "完全不同之校", "您是不是要填「084602」（縣立湧泉汀國小，國小）？"),  # by a code like it
        ("999999", "完全不同之校", ""),
    ],
)
def test_an_unknown_code_gets_a_suggestion(code, name, hint):
    places, told = check(row(ONE, code=code, name=name), plans=[])
    assert places == [("E7-unknown", LIST, "B12")]
    assert told[0].facts["hint"] == hint
    assert told[0].read == code


@pytest.mark.parametrize(
    "name", ["南投縣立桃枝國民小學", "桃枝國小", "南投縣示範鄉桃枝國民小學", "縣立 桃枝國民小學"]
)
def test_the_same_name_in_another_form_is_understood(name):
    places, told = check(row(ONE, name=name), plans=[])
    assert places == [("E7-same-name", LIST, "C12")]
    assert (told[0].facts["read"], told[0].facts["name"]) == (name, "縣立桃枝國小")


def test_two_schools_that_are_as_near_are_not_suggested():
    twins = [ONE, {**TWO, "code": "084603", "name": "縣立桃林國小"}]
    _, told = check(row(ONE, code="999999", name="縣立桃花國小"), plans=[], directory=twins)
    assert told[0].facts["hint"] == ""


def test_a_suggestion_is_a_school_of_the_same_county():
    elsewhere = [{**ONE, "county": "屏東縣"}, TWO]
    _, told = check(row(ONE, code="999999"), plans=[], directory=elsewhere)
    assert told[0].facts["hint"] == ""


def test_another_level_of_a_known_code():
    places, told = check(row(ONE, level="國中"), plans=[])
    assert places == [("E7-unknown", LIST, "D12")]
    assert told[0].facts["hint"] == "名錄所載該代碼之學制為國小。"


@pytest.mark.parametrize(("findings", "read"), [((), "（空白）"), (("A-01",), "A-01")])
def test_a_name_without_a_readable_code_gets_a_suggestion(findings, read):
    faults = [
        Finding(catalogue.F5_NOT_A_CODE, at_list(12, "code"), {"label": "學校代碼", "read": r})
        for r in findings
    ]
    places, told = check(row(ONE, code=""), findings=faults)
    assert places == [("E7-unknown", LIST, "B12")]
    assert (told[0].read, told[0].facts["hint"]) == (read, "您是不是要填「084601」（縣立桃枝國小，國小）？")


def test_another_county_in_the_plan_and_in_the_list():
    plan = application(ONE, county="屏東縣")
    assert check(row(ONE), plans=[plan])[0] == [("E7-county", BASICS, "B6")]
    lists = [listing(row(ONE), county="屏東縣")]
    places, told = check(lists=lists)
    assert places == [("E7-county", LIST, "B12")]
    assert told[0].county == "屏東縣"


def test_a_national_school_in_a_list_is_not_also_in_the_wrong_county():
    lists = [listing(row(NATIONAL))]
    assert check(lists=lists, plans=[application(NATIONAL)], directory=[NATIONAL])[0] == []


def test_two_counties_are_told_but_not_the_schools_own():
    lists = [listing(row(ONE)), listing(row(ONE), county="屏東縣")]
    places, told = check(lists=lists)
    assert places == [("E7-county", LIST, "B12"), ("S6-two-counties", LIST, "B12")]
    assert {one.at.file for one in told} == {"屏東縣.xlsx"}
    assert told[1].sentence == "「縣立桃枝國小」（084601）同時列於「南投縣」之名單。"


def test_two_counties_of_which_none_is_its_own_are_both_told():
    lists = [listing(row(ONE), county="花蓮縣"), listing(row(ONE), county="屏東縣")]
    places, _ = check(lists=lists)
    assert places.count(("S6-two-counties", LIST, "B12")) == 2


def test_a_school_that_is_neither_elementary_nor_junior_high():
    places, told = check(row(ONE), directory=[{**ONE, "level": "高中"}])
    assert places == [("E1-not-a-level", LIST, "B12")]
    assert told[0].sentence == "「縣立桃枝國小」在學校名錄之學制為「高中」，非實施對象。"


def test_a_junior_high_section_of_a_senior_high_passes():
    assert check(row(ONE), directory=[{**ONE, "level": "高中"}, ONE])[0] == []
