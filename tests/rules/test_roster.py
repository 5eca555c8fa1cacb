"""Lists, plans and the directory joined (肆.四), and what stands on one side only (S2, S3)."""

import pandas as pd
import pytest

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.rules import roster
from tests.rules.intake_tables import (
    AFTER,
    BASICS,
    BEFORE,
    LIST,
    PLAN,
    application,
    at_list,
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

ONE, TWO, JUNIOR = school(1), school(2), school(3, level="國中")
FAR = school(1, county="屏東縣")
NATIONAL = school(1, county="花蓮縣", code="150601", name="國立示範附小", owner="國立")


def joined(of, as_of=BEFORE):
    return intake(of, as_of, "國立學校")


def alone(of):
    """After the roster alone."""
    return roster.join(of, PLAN, BEFORE)[0]


def test_a_listed_school_with_its_plan_passes():
    made = joined(tables([listing(row(ONE, 1, 3))], [application(ONE, 2)], directory=[ONE]))
    assert found(made) == []
    columns = (
        "known",
        "listed",
        "county_rank",
        "planned",
        "plan_file",
        "listed_requested",
        "requested",
        "officer",
    )
    assert by_code(made, *columns) == {ONE["code"]: (True, True, 1, True, "084601-國小.xlsx", 3, 2, "陳示範")}
    assert made["counties"].to_dict("records") == [
        {"county": "南投縣", "listed": 1, "plans": 1, "accepted": 0, "notes": 0}
    ]


def test_a_listed_school_without_a_plan():
    made = joined(tables([listing(row(ONE, 1, 3))], directory=[ONE]))
    assert found(made) == [("S2-no-plan", LIST, "B12")]
    assert by_code(made, "planned", "requested", "plan_place") == {ONE["code"]: (False, 3, None)}
    assert by_code(made, "plan_file", "officer", "telephone", "email") == {ONE["code"]: ("", "", "", "")}


def test_a_plan_of_a_school_that_is_not_listed():
    made = joined(tables([listing(row(ONE))], [application(ONE), application(TWO)], directory=[ONE, TWO]))
    assert found(made) == [("S2-not-listed", BASICS, "B4")]
    told = made.findings[0]
    assert (told.school, told.county) == ((TWO["code"], "國小"), "南投縣")


def test_a_national_school_hands_in_its_plan_alone():
    made = joined(tables(plans=[application(NATIONAL)], directory=[NATIONAL]))
    assert found(made) == []
    assert by_code(made, "national", "county") == {"150601": (True, "花蓮縣")}
    assert made["counties"].empty


def test_a_national_school_in_a_list():
    lists = [listing(row(NATIONAL), county="花蓮縣")]
    made = joined(tables(lists, [application(NATIONAL)], directory=[NATIONAL]))
    assert found(made) == [("S3-national-listed", LIST, "B12")]
    assert made.findings[0].county == "花蓮縣"
    assert pd.isna(by_code(made, "county_rank")["150601"])


def test_every_row_and_every_plan_ends_in_a_school():
    lists = [
        listing(row(ONE), row(TWO, 2, code="", name="無名國小"), row(JUNIOR, 3, code="999999")),
        listing(row(FAR), row(ONE, 2), county="屏東縣"),
    ]
    plans = [application(ONE), application(FAR), application(TWO, code="", name="", file="空白.xlsx")]
    made = joined(tables(lists, plans, directory=[ONE, TWO, JUNIOR, FAR]))
    schools = list(zip(made["schools"]["code"], made["schools"]["level"], strict=True))
    assert set(made["listed"]["school"]) | set(made["plans"]["school"]) == set(schools)
    assert len(schools) == len(set(schools))
    assert ("南投縣無名國小", "國小") in schools
    assert ("空白.xlsx 第 4 列", "國小") in schools


def test_a_code_that_cannot_be_read_stands_with_the_one_school_of_its_name():
    fault = Finding(
        catalogue.F5_NOT_A_CODE, at_list(12, "code"), {"label": "學校代碼", "read": "A-01"}, county="南投縣"
    )
    made = tables([listing(row(ONE, code=""))], [application(ONE)], directory=[ONE, FAR], findings=[fault])
    made = joined(made)
    assert by_code(made, "listed", "planned") == {ONE["code"]: (True, True)}
    assert found(made) == [("F5-not-a-code", LIST, "B12")]
    assert made.findings[0].school == (ONE["code"], "國小")


def test_a_name_that_two_levels_share_is_the_school_of_the_level_that_was_said():
    junior = {**JUNIOR, "name": ONE["name"]}
    made = alone(tables([listing(row(ONE, code=""))], directory=[ONE, junior]))
    assert made["listed"]["school"].tolist() == [(ONE["code"], "國小")]


def test_a_level_that_cannot_be_read_is_the_one_that_the_code_has():
    made = joined(tables([listing(row(ONE, level=""))], [application(ONE)], directory=[ONE]))
    assert list(made["schools"]["level"]) == ["國小"]


def test_the_same_name_in_two_counties_is_two_schools():
    nameless = {"code": "", "name": "市立同名國小"}
    lists = [listing(row(ONE, **nameless)), listing(row(FAR, **nameless), county="屏東縣")]
    made = joined(tables(lists, directory=[ONE, FAR]))
    assert list(made["schools"]["code"]) == ["南投縣市立同名國小", "屏東縣市立同名國小"]


def test_a_school_that_the_directory_does_not_know_belongs_where_its_papers_say():
    stranger = school(9)
    made = joined(tables([listing(row(stranger))], directory=[ONE]))
    assert by_code(made, "known", "county", "name") == {stranger["code"]: (False, "南投縣", stranger["name"])}


def test_the_papers_of_an_unknown_school_say_its_county_before_its_code_does():
    stranger = school(9, county="屏東縣")
    made = alone(tables([listing(row(stranger))], directory=[ONE]))
    assert by_code(made, "county") == {stranger["code"]: "南投縣"}


@pytest.mark.parametrize(("code", "county"), [("134609", "屏東縣"), ("994609", "")])
def test_papers_without_a_county_leave_it_to_the_code(code, county):
    made = alone(tables(plans=[application(school(9), code=code, county="")], directory=[ONE]))
    assert by_code(made, "county") == {code: county}


def test_owner_and_township_are_the_directorys():
    made = alone(tables([listing(row(ONE), row(school(9), 2))], directory=[ONE]))
    assert by_code(made, "owner", "township") == {ONE["code"]: ("公立", "示範鄉"), "084609": ("", "")}


def test_an_unknown_code_is_national_by_its_third_digit():
    made = joined(tables(plans=[application(NATIONAL)], directory=[ONE]))
    assert by_code(made, "national") == {"150601": True}


@pytest.mark.parametrize(("elsewhere", "own"), [(7, 1), (1, 7)])
def test_of_two_counties_the_schools_own_counts(elsewhere, own):
    lists = [
        listing(row(ONE, elsewhere), county="屏東縣", file="a.xlsx"),
        listing(row(ONE, own), file="b.xlsx"),
    ]
    made = joined(tables(lists, [application(ONE)], directory=[ONE]))
    assert by_code(made, "county_rank")[ONE["code"]] == own
    assert made["schools"]["list_place"][0].file == "b.xlsx"


def test_of_two_plans_the_one_with_a_readable_code_counts():
    plans = [application(ONE, 3, code="", file="a.xlsx"), application(ONE, 2, file="b.xlsx")]
    made = alone(tables([listing(row(ONE))], plans, directory=[ONE]))
    assert by_code(made, "plan_file", "requested") == {ONE["code"]: ("b.xlsx", 2)}


def test_schools_stand_in_the_order_of_counties_and_codes():
    lists = [listing(row(TWO), row(ONE, 2)), listing(row(FAR), county="屏東縣")]
    made = joined(tables(lists, [application(NATIONAL)], directory=[ONE, TWO, FAR, NATIONAL]))
    assert list(made["schools"]["code"]) == ["084601", "084602", "134601", "150601"]
    assert list(made["counties"]["county"]) == ["南投縣", "屏東縣"]


def test_counties_stand_in_the_ministrys_order_and_not_by_their_names():
    taipei, taoyuan = school(1, county="臺北市"), school(1, county="桃園市")
    lists = [listing(row(of), county=of["county"]) for of in (taoyuan, taipei)]
    made = alone(tables(lists, directory=[taoyuan, taipei]))
    assert list(made["counties"]["county"]) == ["臺北市", "桃園市"]


def test_a_finding_in_a_plan_goes_to_the_schools_county_and_of_a_national_school_to_none():
    plans = [application(ONE, county="屏東縣", file="1.xlsx"), application(NATIONAL, file="2.xlsx")]
    facts = {"label": "校長", "help": "校長姓名。"}
    faults = [
        Finding(catalogue.F1_BLANK, At(file, BASICS, "B", 8), facts, county="屏東縣")
        for file in ("1.xlsx", "2.xlsx")
    ]
    made = joined(tables([listing(row(ONE))], plans, directory=[ONE, NATIONAL], findings=faults))
    told = {one.at.file: (one.school[0], one.county) for one in made.findings}
    assert told == {"1.xlsx": (ONE["code"], "南投縣"), "2.xlsx": ("150601", "")}


def test_a_list_without_its_county_is_known_by_its_stamp():
    made = joined(tables([listing(row(ONE), county="", file="a.xlsx", recipient="南投縣")], directory=[ONE]))
    assert list(made["listed"]["county"]) == ["南投縣"]


def test_nothing_handed_in_is_no_school():
    made = intake(tables(directory=[ONE]), AFTER)
    assert made["schools"].empty
    assert made["counties"].empty
    assert "allowed" in made["schools"]
    assert made.findings == ()


@pytest.mark.parametrize("order", range(4))
def test_the_order_of_rows_and_files_does_not_matter(order):
    lists = [
        listing(row(TWO), row(ONE, 2), row(JUNIOR, 2, 3), row(ONE, 4)),
        listing(row(FAR, claimed_new=True), row(ONE, 3), county="屏東縣"),
    ]
    plans = [application(of) for of in (ONE, TWO, JUNIOR, FAR, NATIONAL)] + [
        application(ONE, 3, file="b.xlsx")
    ]
    registers = {
        "directory": [ONE, TWO, JUNIOR, FAR, NATIONAL],
        "incomplete": [{**TWO, "year": 105}, {**TWO, "year": 104}],
        "subsidised": [ONE, FAR],
        "remote": [FAR, TWO],
        "letters_received": [letter(codes="084601"), letter("屏東縣政府", "134601")],
    }
    plain = intake(tables(lists, plans, **registers))
    shuffled = intake(tables(lists, plans, order=order, **registers))
    for name in ("schools", "counties", "listed", "plans", "late"):
        pd.testing.assert_frame_equal(plain[name], shuffled[name])
    assert sorted(map(repr, plain.findings)) == sorted(map(repr, shuffled.findings))
    assert len(plain.findings) > 5
    assert first(plain, "E2-incomplete").read == "104、105"
