"""On whom a finding weighs: the school of a row or of a plan, those of a list, of a late file, of a county."""

from datetime import datetime

import pytest

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.weighing import weighing
from tests.rules.intake_tables import (
    AFTER,
    BASICS,
    LIST,
    SENT,
    application,
    at_list,
    intake,
    listing,
    row,
    school,
    tables,
    upload,
)  # fmt: skip

ONE, TWO = school(1), school(2)
FAR = school(1, county="屏東縣")
NATIONAL = school(1, county="花蓮縣", code="150601", name="國立示範附小", owner="國立")
PLAN_ONE, PLAN_FAR = "084601-國小.xlsx", "134601-國小.xlsx"
NATIONAL_KEY = ("150601", "國小")
CLOSED = datetime(2017, 9, 29, 12, 0, 1)


def whom(kind, at=None, late=(), **finding):
    """The codes of the schools on which a finding weighs; three counties' lists, the files `late` uploaded too late."""
    lists = [
        listing(row(ONE), row(TWO, 2)),
        listing(row(FAR), county="屏東縣"),
        listing(row(NATIONAL), county="花蓮縣"),
    ]
    plans = [application(of) for of in (ONE, TWO, FAR, NATIONAL)]
    files = [one["file"] for one in (*lists, *plans)]
    made = tables(
        lists, plans, directory=[ONE, TWO, FAR, NATIONAL],
        uploads=[upload(file, CLOSED if file in late else SENT) for file in files],
    )  # fmt: skip
    weighs = weighing(intake(made, AFTER, "國立學校"))
    return [code for code, _ in weighs.schools(Finding(kind, at or At(), **finding))]


@pytest.mark.parametrize(
    ("at", "codes"),
    [
        (at_list(13, "reason"), ["084602"]),
        (At("屏東縣.xlsx", LIST, "H", 12), ["134601"]),
        (at_list(14, "reason"), []),
        (At("南投縣.xlsx", LIST, "B", 5), []),
        (At(PLAN_FAR, BASICS, "B", 8), ["134601"]),
        (At(PLAN_FAR, "經費需求"), ["134601"]),
        (At("其他.xlsx", BASICS, "B", 8), []),
    ],
)
def test_a_fault_weighs_on_the_school_of_its_row_or_plan(at, codes):
    assert whom(catalogue.F1_BLANK, at) == codes


@pytest.mark.parametrize(
    ("at", "codes"),
    [
        (At("南投縣.xlsx", LIST, "", 11), ["084601", "084602"]),
        (At("南投縣.xlsx", LIST), []),
        (At(PLAN_ONE, BASICS, "", 11), ["084601"]),
    ],
)
def test_a_missing_column_weighs_on_all_of_its_list_and_what_its_head_lacks_on_nobody(at, codes):
    assert whom(catalogue.F8_NO_COLUMN, at) == codes


@pytest.mark.parametrize(
    ("county", "codes"),
    [("南投縣", ["084601", "084602"]), ("屏東縣", ["134601"]), ("花蓮縣", []), ("臺東縣", [])],
)
def test_a_letter_that_was_not_corrected_weighs_on_the_countys_own_schools(county, codes):
    """S5: a national school that a county lists is not its own."""
    assert whom(catalogue.S5_NOT_CORRECTED, county=county) == codes


def test_a_national_schools_letter_weighs_on_itself():
    assert whom(catalogue.S5_NOT_CORRECTED, school=NATIONAL_KEY) == ["150601"]


@pytest.mark.parametrize(
    ("file", "codes"), [(PLAN_ONE, ["084601"]), ("南投縣.xlsx", ["084601", "084602"]), ("花蓮縣.xlsx", [])]
)
def test_a_late_file_weighs_on_those_whom_it_would_have_served(file, codes):
    """S1: a national school needs no list."""
    assert whom(catalogue.S1_LATE, At(file), late=(file,)) == codes


def test_a_late_file_of_which_another_version_counts_weighs_on_nobody():
    assert whom(catalogue.S1_LATE, At("舊.xlsx"), late=(PLAN_ONE,)) == []
