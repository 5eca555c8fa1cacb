"""The official letter (肆.四(四)5, S5)."""

from datetime import date

import pytest

from tests.rules.intake_tables import (
    AFTER,
    LIST,
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

ONE, TWO = school(1), school(2)
OTHER = school(3)
NATIONAL = school(1, county="花蓮縣", code="150601", name="國立示範附小", owner="國立")
CODES = f"{ONE['code']}、{TWO['code']}"
SHEET = "letters_received"
DUE, CORRECTED_BY = date(2017, 10, 6), date(2017, 10, 20)


def judged(*letters, as_of=AFTER, **registers):
    """A county with two schools, and the letters received."""
    made = tables([listing(row(ONE), row(TWO, 2))], [application(ONE), application(TWO)],
                  directory=[ONE, TWO, OTHER], letters_received=letters, **registers)  # fmt: skip
    return intake(made, as_of)


def notes(made):
    return made["counties"]["notes"].tolist()


@pytest.mark.parametrize("sender", ["南投縣", "南投縣政府", "南投縣 政府教育處", "南投縣政府教育局"])
def test_a_letter_in_time_that_agrees_passes(sender):
    made = judged(letter(sender, CODES, DUE))
    assert found(made, "S5") == []
    assert notes(made) == [0]


@pytest.mark.parametrize(
    "codes", ["084601,084602", "0８4601；084602", "84601 84602", "084602、084601、084601"]
)
def test_codes_in_any_writing(codes):
    assert found(judged(letter(codes=codes)), "S5") == []


def test_a_missing_letter_is_missed_after_its_day():
    assert found(judged(as_of=DUE), "S5") == []
    made = judged(letter("屏東縣", CODES), as_of=date(2017, 10, 7))
    assert found(made, "S5") == [("S5-letter-missing", SHEET, "")]
    assert first(made, "S5-letter-missing").county == "南投縣"
    assert notes(made) == [1]
    assert set(by_code(made, "verdict").values()) == {"受理"}


def test_a_missing_letter_that_never_comes_waives_the_countys_schools():
    made = judged(letter("屏東縣", CODES))
    assert found(made, "S5") == [("S5-not-corrected", SHEET, ""), ("S5-letter-missing", SHEET, "")]
    assert by_code(made, "verdict", "clause")[ONE["code"]] == ("視同放棄", "肆.四(四)5")
    assert notes(made) == [1]


def test_an_empty_register_names_its_file():
    made = judged()
    assert {one.at.file for one in made.findings if one.kind.rule == "S5"} == {""}


def test_a_late_letter_is_a_note_and_needs_no_correction():
    made = judged(letter(codes=CODES, received_on=date(2017, 10, 7)))
    assert found(made, "S5") == [("S5-letter-late", SHEET, "B6")]
    assert first(made, "S5-letter-late").sentence == "「南投縣」之公文於 106.10.07 收文，期限為 106.10.06。"
    assert set(by_code(made, "verdict").values()) == {"受理"}
    assert notes(made) == [1]


def test_a_letter_after_the_day_of_correction_comes_too_late():
    made = judged(letter(codes=CODES, received_on=date(2017, 10, 21)))
    assert found(made, "S5") == [("S5-not-corrected", SHEET, "D6"), ("S5-letter-late", SHEET, "B6")]


def test_a_letter_of_a_later_day_has_not_come_yet():
    made = judged(letter(codes=CODES, received_on=date(2017, 10, 12)), as_of=date(2017, 10, 11))
    assert found(made, "S5") == [("S5-letter-missing", SHEET, "")]


@pytest.mark.parametrize(
    ("codes", "difference"),
    [
        (ONE["code"], "公文缺列 084602"),
        (f"{CODES}、{OTHER['code']}", "公文多列 084603"),
        (f"{ONE['code']}、{OTHER['code']}", "公文多列 084603；公文缺列 084602"),
        ("", "公文未附名單"),
    ],
)
def test_a_list_that_differs(codes, difference):
    made = judged(letter(codes=codes), as_of=date(2017, 10, 10))
    assert found(made, "S5") == [("S5-letter-differs", SHEET, "C6")]
    told = first(made, "S5-letter-differs")
    assert told.facts["difference"] == difference
    assert told.remedy == "請於 106.10.20 前函復更正。"


@pytest.mark.parametrize(
    ("corrected_on", "as_of", "waived"),
    [
        (None, CORRECTED_BY, False),
        (None, date(2017, 10, 21), True),
        (CORRECTED_BY, AFTER, False),
        (date(2017, 10, 21), AFTER, True),
    ],
)
def test_a_differing_letter_must_be_corrected(corrected_on, as_of, waived):
    made = judged(letter(codes=ONE["code"], corrected_on=corrected_on), as_of=as_of)
    assert ("S5-not-corrected", SHEET, "D6") in found(made) or not waived
    assert set(by_code(made, "verdict").values()) == ({"視同放棄"} if waived else {"受理"})
    assert notes(made) == [1]


def test_a_second_letter_corrects_the_first():
    made = judged(letter(codes=ONE["code"]), letter(codes=CODES, received_on=date(2017, 10, 18)))
    assert found(made, "S5") == [("S5-letter-differs", SHEET, "C6")]


def test_an_ineligible_school_in_the_letter():
    made = judged(letter(codes=CODES), incomplete=[{**ONE, "year": 104}])
    assert found(made, "S5") == [("S5-ineligible-listed", LIST, "B12")]
    assert by_code(made, "verdict") == {ONE["code"]: "不具申請資格", TWO["code"]: "受理"}
    assert notes(made) == [1]


def test_several_ineligible_schools_are_one_note():
    made = judged(letter(codes=CODES), incomplete=[{**ONE, "year": 104}, {**TWO, "year": 105}])
    assert len(found(made, "S5")) == 2
    assert notes(made) == [1]


def national(*letters):
    return intake(tables(plans=[application(NATIONAL)], directory=[NATIONAL], letters_received=letters))


@pytest.mark.parametrize(
    "sender", [("國立示範附小", ""), ("國立示範附小", "150601"), ("國立示範高中", "150601")]
)
def test_a_national_school_by_name_or_code(sender):
    assert found(national(letter(*sender)), "S5") == []


def test_a_national_school_without_a_letter():
    made = national(letter(codes=CODES))
    assert found(made, "S5") == [("S5-not-corrected", SHEET, ""), ("S5-letter-missing", SHEET, "")]
    told = first(made, "S5-letter-missing")
    assert (told.school, told.county) == (("150601", "國小"), "")
    assert by_code(made, "verdict") == {"150601": "視同放棄"}


def test_a_national_schools_letter_with_another_code():
    made = national(letter("國立示範附小", "150699", corrected_on=CORRECTED_BY))
    assert found(made, "S5") == [("S5-letter-differs", SHEET, "C6")]
