"""I: a file that could not be read is told to the county or national school that uploaded it."""

import pandas as pd
import pytest

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.plan import load_plan
from mlbatch.rules.sender import name_senders
from mlbatch.tables import Tables

PLAN = load_plan()
DIRECTORY = pd.DataFrame(
    [
        {"code": "019901", "level": "國小", "name": "國立雲間附小", "owner": "國立"},
        {"code": "014601", "level": "國小", "name": "市立松濤國小", "owner": "公立"},
    ]
)


def named(file, *uploads, kind=catalogue.I1_NOT_A_WORKBOOK, county=""):
    register = pd.DataFrame(uploads, columns=["upload_name", "uploaded_by"])
    made = Tables(findings=(Finding(kind, At(file), {"why": "x"}, county=county),))
    made = made.put(uploads=register, directory=DIRECTORY)
    (finding,) = name_senders(made, PLAN, None)[0].findings
    return finding.county, finding.school


def test_a_county_is_known_by_the_head_of_the_uploaders_name():
    assert named("新北/壞檔.xlsx", ("新北/壞檔.xlsx", "新北市政府教育局")) == ("新北市", ("", ""))
    assert named("收/壞檔.xlsx", ("壞檔.xlsx", "台中市政府")) == ("臺中市", ("", ""))


def test_a_file_is_known_by_its_bare_name_in_whatever_folder_it_was_registered():
    assert named("收/壞檔.xlsx", ("送/壞檔.xlsx", "新北市政府")) == ("新北市", ("", ""))


def test_a_path_may_begin_with_the_folder_itself():
    uploads = ("./a/壞檔.xlsx", "新北市政府"), ("b/壞檔.xlsx", "臺中市政府")
    assert named("a/壞檔.xlsx", *uploads) == ("新北市", ("", ""))


def test_a_national_school_is_known_by_its_name():
    assert named("壞檔.xlsx", ("壞檔.xlsx", "國立雲間附小")) == ("", ("019901", "國小"))


@pytest.mark.parametrize(
    "uploads",
    [(), [("壞檔.xlsx", "某單位")], [("a/壞檔.xlsx", "新北市政府"), ("b/壞檔.xlsx", "臺中市政府")]],
)
def test_nobody_is_guessed(uploads):
    assert named("c/壞檔.xlsx", *uploads) == ("", ("", ""))


def test_what_is_known_and_what_is_no_file_stays():
    assert named("壞檔.xlsx", ("壞檔.xlsx", "新北市政府"), county="基隆市") == ("基隆市", ("", ""))
    assert named("壞檔.xlsx", ("壞檔.xlsx", "新北市政府"), kind=catalogue.F10_NO_ROWS) == ("", ("", ""))
