"""A county that was called again: its list adds schools and replaces nothing (肆.五※, 肆.四(四)4)."""

from datetime import date, datetime

import pytest

from tests.rules.intake_tables import (
    COUNTY,
    SENT,
    application,
    by_code,
    first,
    found,
    intake,
    listing,
    row,
    school,
    tables,
    upload,
)  # fmt: skip

ONE, TWO, THREE = school(1), school(2), school(3)
OTHER = school(4, county="屏東縣")
AGAIN = datetime(2017, 11, 10, 9)
CLOSING = datetime(2017, 11, 15, 17)
CALL = {
    "county": COUNTY,
    "announced": date(2017, 11, 1),
    "closing": CLOSING,
    "letter_number": "",
    "reason": "",
}
OPEN, OVER = date(2017, 11, 12), date(2017, 11, 20)
SECOND = "再次.xlsx"


def called(
    second_rows, *second_plans, as_of=OVER, calls=(CALL,), at=AGAIN, first_plans=(ONE,), listed=(ONE,)
):
    """A first list in time, and a second one with plans at `at`."""
    lists = [
        listing(*(row(of, rank) for rank, of in enumerate(listed, 1))),
        listing(*(row(of, rank) for rank, of in enumerate(second_rows, 1)), file=SECOND),
    ]
    again = [application(of, file=f"again{of['code']}.xlsx") for of in second_plans]
    plans = [application(of) for of in first_plans]
    made = tables(
        lists, [*plans, *again], directory=[ONE, TWO, THREE, OTHER], second_calls=calls,
        uploads=[
            *(upload(one["file"], SENT) for one in [lists[0], *plans]),
            *(upload(one["file"], at) for one in [lists[1], *again]),
        ],
        letters_received=[{"sender": COUNTY, "codes": "、".join(of["code"] for of in listed),
                           "received_on": date(2017, 10, 3), "corrected_on": None}],
    )  # fmt: skip
    return intake(made, as_of)


def bucket(of, file):
    files = of["files"]
    return files.loc[files["file"] == file, "bucket"].item()


def test_a_second_list_adds_its_schools():
    made = called([TWO], TWO)
    assert found(made) == []
    assert by_code(made, "verdict", "call") == {ONE["code"]: ("受理", 1), TWO["code"]: ("受理", 2)}
    assert bucket(made, SECOND) == bucket(made, f"{COUNTY}.xlsx") == "採認"


def test_without_a_call_the_same_files_are_late():
    made = called([TWO], TWO, calls=())
    assert bucket(made, SECOND) == "逾時"
    assert by_code(made, "verdict")[TWO["code"]] == "視同放棄"


@pytest.mark.parametrize(
    ("at", "ends"),
    [(CLOSING, "採認"), (datetime(2017, 11, 15, 17, 0, 1), "逾時"), (datetime(2017, 10, 31, 23), "逾時")],
)
def test_its_own_closing_second_is_in_time_and_nothing_before_it_was_announced(at, ends):
    assert bucket(called([TWO], TWO, at=at), SECOND) == ends


def test_a_call_to_one_county_opens_nothing_to_another():
    made = called([TWO], TWO, calls=[{**CALL, "county": "屏東縣"}])
    assert bucket(made, SECOND) == "逾時"


def test_a_school_of_the_first_list_is_told_and_stays_as_it_was():
    """S2_ALREADY_LISTED"""
    made = called([ONE, TWO], ONE, TWO)
    assert [one[0] for one in found(made, "S2")] == ["S2-already-listed"]
    told = first(made, "S2-already-listed")
    assert (told.at.file, told.at.cell) == (SECOND, "B12")
    assert (told.school, told.county) == ((ONE["code"], "國小"), COUNTY)
    assert by_code(made, "call", "verdict")[ONE["code"]] == (1, "受理")
    assert bucket(made, f"again{ONE['code']}.xlsx") == "逾時"


def test_a_school_whose_plan_had_not_come_may_be_recommended_anew():
    made = called([TWO], TWO, listed=(ONE, TWO))
    assert by_code(made, "call", "verdict") == {ONE["code"]: (1, "受理"), TWO["code"]: (2, "受理")}
    assert found(made) == []


def test_a_plan_that_the_second_list_does_not_name_stays_late():
    made = called([TWO], TWO, THREE)
    assert bucket(made, f"again{THREE['code']}.xlsx") == "逾時"


def test_until_its_closing_it_can_be_corrected_and_is_not_reviewed():
    made = called([TWO], as_of=OPEN)
    assert by_code(made, "verdict", "closed") == {ONE["code"]: ("受理", True), TWO["code"]: ("待補正", False)}
    assert [one[0] for one in found(made)] == ["S2-no-plan"]
    after = called([TWO], as_of=OVER)
    assert by_code(after, "verdict")[TWO["code"]] == "視同放棄"


def test_each_school_has_the_closing_of_its_own_call():
    made = called([TWO], TWO)
    assert by_code(made, "closes") == {ONE["code"]: datetime(2017, 9, 29, 12), TWO["code"]: CLOSING}


def test_before_it_was_announced_nothing_of_it_is_known():
    made = called([TWO], TWO, as_of=date(2017, 10, 30))
    assert bucket(made, SECOND) == "基準日後"


def test_ranks_of_each_list_stand_by_themselves():
    made = called([TWO, THREE], TWO, THREE)
    assert found(made, "S6") == []
    assert by_code(made, "county_rank") == {ONE["code"]: 1, TWO["code"]: 1, THREE["code"]: 2}
