"""T7: what is handed in bears the plan's licence, and its education-cloud resource is one of 附件2's list (伍.三(十), 伍.三(十六)).

The list and the licence are choices of the logbook's own columns, so what is none of them is told at its cell.
"""

from datetime import date

import pytest

from mlbatch.forms import all_forms
from mlbatch.forms.reader import read_workbook
from mlbatch.plan import load_plan
from tests.forms.workbook import grids, stamped

PLAN = load_plan()
FORMS = all_forms(PLAN)
HEAD = {"code": "084601", "name": "縣立第1國小", "county": "南投縣", "level": "國小", "approved": 1, "officer": "林甲",
        "telephone": "(049)555-0100", "email": "a@example.tw"}  # fmt: skip
ENTRY = {
    "item": "教案", "semester": PLAN.schools.semesters[0], "class_": "5年1班", "month": "107.06", "day": date(2018, 6, 20),
    "title": "分數的加法", "resource": "教育大市集", "licence": PLAN.deliverables.licence,
}  # fmt: skip
NETWORK = {"code": "084601", "name": "縣立第1國小", "level": "國小"}


def read(form, head, **rows):
    sheets = grids(FORMS[form], {FORMS[form].sheets[0].head_table: head}, rows)
    return read_workbook(stamped(FORMS[form], sheets), "紀錄簿.xlsx", FORMS, PLAN)


def told(reading):
    return [(one.kind.id, one.at.sheet, one.at.cell) for one in reading.findings]


@pytest.mark.parametrize("resource", ["未使用", *PLAN.deliverables.resources])
def test_a_resource_of_the_list_and_the_plans_licence_are_right(resource):
    """T7: deliverables.resources, deliverables.licence"""
    assert told(read("logbook", HEAD, entries=[{**ENTRY, "resource": resource}])) == []


@pytest.mark.parametrize(
    ("differs", "finding"),
    [
        ({"resource": "某影音網站"}, ("F4-not-a-choice", "繳交紀錄", "G6")),
        ({"licence": "著作權所有"}, ("F4-not-a-choice", "繳交紀錄", "H6")),
        ({"resource": ""}, ("F1-blank", "繳交紀錄", "G6")),
        ({"licence": ""}, ("F1-blank", "繳交紀錄", "H6")),
    ],
)
def test_another_resource_or_licence_is_told_at_its_cell(differs, finding):
    """T7"""
    reading = read("logbook", HEAD, entries=[{**ENTRY, **differs}])
    assert told(reading) == [finding]
    assert reading.findings[0].school == ("084601", "國小")


def test_what_the_batch_prefilled_and_nobody_filled_yet_is_not_blank():
    """T1: an item of a later month; T8: a school whose network has not been looked into yet."""
    coming = {name: ENTRY[name] for name in ("item", "semester", "class_", "month")}
    assert told(read("logbook", HEAD, entries=[ENTRY, coming])) == []
    county = {name: HEAD[name] for name in ("county", "officer", "telephone", "email")}
    looked = {**NETWORK, "day": date(2018, 5, 8), "result": "頻寬足敷使用。"}
    assert told(read("county_logbook", county, county_networks=[looked, NETWORK])) == []
    half = {**NETWORK, "day": date(2018, 5, 8)}
    assert told(read("county_logbook", county, county_networks=[half])) == [("F1-blank", "網路檢視", "E6")]
