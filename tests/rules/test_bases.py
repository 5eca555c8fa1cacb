"""The four bases (R2–R5), worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from mlbatch.rules import bases
from mlbatch.tables import WAIVED
from tests.rules.review_tables import (
    AS_OF,
    PLAN,
    column,
    first,
    found,
    marked,
    plan_with,
    reviewed,
    reviewer,
    school,
    sheet,
    tables,
)

THREE = [reviewer(n) for n in range(1, 4)]


def decimals(*values):
    return [None if value is None else Decimal(value) for value in values]


def same(found_values, *values):
    """Equal, and written with the same places."""
    return list(map(str, found_values)) == list(map(str, decimals(*values)))


# R2: content ---------------------------------------------------------------------------------------


def test_content_is_the_mean_of_the_marks():
    """R2: (80 + 85) / 2."""
    sheets = sheet("R01", marked(1, 80)), sheet("R02", marked(1, 85))
    assert same(column(reviewed([school(1)], THREE[:2], sheets), "content"), "82.50")


def test_a_third_of_a_point_is_rounded_half_up():
    """20 + 90 + 56 = 166, a third of it 55.333…; 20 + 90 + 57 = 167: 55.666…"""
    two = sheet("R01", marked(1, 20)), sheet("R02", marked(1, 90))
    assert same(column(reviewed([school(1)], THREE, (*two, sheet("R03", marked(1, 56)))), "content"), "55.33")
    assert same(column(reviewed([school(1)], THREE, (*two, sheet("R03", marked(1, 57)))), "content"), "55.67")


def test_exactly_half_a_hundredth_goes_up():
    """Eight marks with the sum 601: 75.125."""
    reviewers = [reviewer(n) for n in range(1, 9)]
    sheets = [sheet(f"R{n:02d}", marked(1, 75 + (n == 8))) for n in range(1, 9)]
    made = reviewed([school(1)], reviewers, sheets, plan_with(review__reviewers=8))
    assert same(column(made, "content"), "75.13")


def test_without_marks_content_is_unknown_and_never_zero():
    made = reviewed([school(1), school(2)], THREE[:2], [sheet("R01", marked(1, 70))])
    assert same(column(made, "content"), "70.00", None)
    assert column(made, "total")[1] is None


def test_severity_is_corrected_by_hand():
    """R2, `review.correct_severity`: R01 gives 90 and 80 (mean 85), R02 70 and 70 (mean 70); all four 77.5.

    School 1: 90 − 85 + 77.5 = 82.5 and 70 − 70 + 77.5 = 77.5, mean 80. School 2: 72.5 and 77.5.
    """
    sheets = sheet("R01", marked(1, 90), marked(2, 80)), sheet("R02", marked(1, 70), marked(2, 70))
    made = reviewed([school(1), school(2)], THREE[:2], sheets)
    assert same(column(made, "corrected_content"), "80.00", "75.00")
    assert same(column(made, "content"), "80.00", "75.00")


def test_severity_matters_where_reviewers_differ():
    """R01 scores schools 1 and 2 with 90 and 80, R02 1 and 3 with 76 and 70, R03 2 and 3 with 80 and 70.

    Means 85, 73, 75, of all 466/6. School 1: (90 − 85 + 76 − 73) / 2 + 77.666… = 81.67.
    """
    sheets = (
        sheet("R01", marked(1, 90), marked(2, 80)),
        sheet("R02", marked(1, 76), marked(3, 70)),
        sheet("R03", marked(2, 80), marked(3, 70)),
    )
    made = reviewed([school(1), school(2), school(3)], THREE, sheets)
    assert same(column(made, "content"), "83.00", "80.00", "70.00")
    assert same(column(made, "corrected_content"), "81.67", "77.67", "73.67")


# R3: record ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "awards", "expected"),
    [(80, 0, "80.00"), (80, 2, "90.00"), (95, 2, "100.00"), (80, None, "80.00")],
)
def test_awards_add_five_each_up_to_a_hundred(points, awards, expected):
    """R3: `record.award_points`."""
    made = reviewed([school(1)], THREE, records=[(1, points, awards)])
    assert same(column(made, "record"), expected)
    assert column(made, "record_absent") == [False]


def test_without_record_the_median_of_all_records():
    """R3: Records 60, 70, 85 + 5, 100: the median is (70 + 90) / 2, though only one is under review."""
    schools = [school(1), school(2), school(3, verdict=WAIVED)]
    made = reviewed(schools, THREE, records=[(1, 60, 0), (7, 70, 0), (8, 85, 1), (9, 100, 3)])
    assert same(column(made, "record"), "60.00", "80.00", None)
    assert column(made, "record_absent") == [False, True, False]


def test_an_empty_register_gives_everyone_the_same():
    made = reviewed([school(1), school(2)], THREE)
    assert same(column(made, "record"), "0.00", "0.00")
    assert column(made, "record_absent") == [True, True]


def test_the_setting_says_what_an_award_adds():
    made = reviewed([school(1)], THREE, records=[(1, 80, 2)], plan=plan_with(record__award_points=3))
    assert same(column(made, "record"), "86.00")


def test_each_base_stands_at_its_school_whatever_number_its_row_has():
    made = tables([school(1), school(2)], THREE, records=[(1, 80, 0), (2, 60, 0)])
    made = made.put(schools=made["schools"].set_axis([7, 3]))
    made = bases.record(made, PLAN, AS_OF)[0]
    assert same(column(made, "record"), "80.00", "60.00")


# R4: resources -------------------------------------------------------------------------------------


@pytest.mark.parametrize("area", ["remote", "island", "few_resources"])
def test_any_one_area_gives_full_points(area):
    """R4: 偏遠、離島 or 花東、屏東 (`areas.counties`)."""
    schools = [school(1, **{area: True}), school(2), school(3, **{area: True}, verdict=WAIVED)]
    assert same(column(reviewed(schools, THREE), "resources"), "100.00", "0.00", None)


# R5: cooperation -----------------------------------------------------------------------------------

EARLY, LATE = date(2017, 2, 28), date(2017, 3, 1)


@pytest.mark.parametrize(
    ("grades", "notes", "expected"),
    [
        ((80, 80, 80, None), 0, "80.00"),
        ((80, 80, 81, None), 0, "80.33"),
        ((80, 80, 80, EARLY), 0, "90.00"),
        ((80, 80, 80, LATE), 0, "80.00"),
        ((80, 80, 80, EARLY), 3, "75.00"),
        ((95, 95, 95, EARLY), 0, "100.00"),
        ((95, 95, 95, EARLY), 1, "100.00"),
        ((5, 5, 5, None), 2, "0.00"),
    ],
)
def test_cooperation_of_a_county(grades, notes, expected):
    """R5: `calendar.encouraged_closing`, `record.closed_bonus`, `record.note_penalty`."""
    made = reviewed([school(1)], THREE, counties={"南投縣": grades}, notes={"南投縣": notes})
    assert same(column(made, "cooperation"), expected)
    assert same(column(made, "cooperation", "counties"), expected)


def test_a_national_school_gets_the_median_of_the_register():
    """R5: 60, 80 (70 and the bonus) and 90."""
    counties = {"南投縣": (60, 60, 60, None), "臺東縣": (90, 90, 90, None), "花蓮縣": (70, 70, 70, EARLY)}
    made = reviewed([school(1), school(2, national=True)], THREE, counties=counties)
    assert same(column(made, "cooperation"), "60.00", "80.00")
    assert found(made) == []


@pytest.mark.parametrize("gap", [{}, {"臺東縣": (90, None, 90, None)}])
def test_a_county_without_record_gets_the_median_and_is_named(gap):
    counties = {"南投縣": (60, 60, 60, None), "花蓮縣": (70, 70, 70, None), **gap}
    schools = [school(1), school(2, "臺東縣"), school(3, "澎湖縣", verdict=WAIVED)]
    before = tables(schools, THREE, counties=counties)
    made, findings = bases.cooperation(before, PLAN, AS_OF)
    made = made.found(findings)
    assert found(made) == [("R5-no-record", "縣市.xlsx", "縣市結案紀錄", "")]
    assert first(made, "R5-no-record").sentence == (
        "縣市結案紀錄查無「臺東縣」之三項分數，縣市配合以各縣市中位數 65.00 計。"
    )
    assert same(column(made, "cooperation"), "60.00", "65.00", None)


@pytest.mark.parametrize(
    ("counties", "at", "median"),
    [
        ({"南投縣": (60, 60, 60, None)}, ("縣市.xlsx", "縣市結案紀錄"), "60.00"),
        ({}, ("", ""), "（查無任何紀錄）"),
    ],
)
def test_a_missing_county_is_named_at_whatever_register_there_is(counties, at, median):
    register = tables([school(1)], THREE, counties={"南投縣": (60, 60, 60, None)})["county_record"]
    before = tables([school(1, "臺東縣")], THREE).put(county_record=register.iloc[: len(counties)])
    (told,) = bases.cooperation(before, PLAN, AS_OF)[1]
    assert ((told.at.file, told.at.sheet), told.at.cell, told.read) == (at, "", "臺東縣")
    assert str(told.facts["median"]) == median
