"""From readings to tables: one for each table of a form that came, with the types of tables.py."""

from datetime import date

import pandas as pd
import pytest

from mlbatch.finding import Place
from mlbatch.forms import all_forms
from mlbatch.forms.frames import frames
from mlbatch.forms.reader import read_workbook
from mlbatch.plan import load_plan
from tests.forms.workbook import grids, stamped

PLAN = load_plan()
FORMS = all_forms(PLAN)
HEAD = {"county": "新北市", "letter_date": "106.09.20"}
ROW = {"county_rank": 1, "code": "019901", "name": "示範國小", "level": "國小", "requested": 2,
       "claimed_new": "是", "reason": "團隊穩定"}  # fmt: skip


def reading(name, file="a.xlsx", heads=None, rows=None):
    form = FORMS[name]
    return read_workbook(stamped(form, grids(form, heads, rows)), file, FORMS, PLAN)


def test_only_the_tables_of_forms_that_came():
    assert list(frames([reading("recommendation")], FORMS)) == ["lists", "listed"]
    assert frames([], FORMS) == {}


def test_a_register_without_rows_is_an_empty_table():
    table = frames([reading("deepening")], FORMS)["deepening"]
    assert list(table.columns) == ["county", "code", "name", "level", "file", "place"]
    assert len(table) == 0


def test_rows_come_by_file_and_row():
    second = {**ROW, "county_rank": 2, "code": "019902"}
    came = [
        reading("recommendation", name, {"lists": HEAD}, {"listed": [ROW, second]}) for name in ("b", "a")
    ]
    table = frames(came, FORMS)["listed"]
    assert list(zip(table["file"], table["code"], strict=True)) == [
        ("a", "019901"), ("a", "019902"), ("b", "019901"), ("b", "019902")]  # fmt: skip
    assert list(table.index) == [0, 1, 2, 3]
    assert table["place"][3] == Place("b", "推薦學校名單", 13, came[0].records["listed"][1]["place"].columns)


def test_types():
    tables = frames(
        [reading("recommendation", "a", {"lists": HEAD}, {"listed": [ROW, {"name": "缺漏"}]})], FORMS
    )
    listed, lists = tables["listed"], tables["lists"]
    assert {str(listed[name].dtype) for name in ("code", "name", "level", "reason", "file", "place")} == {
        "object"
    }
    assert (str(listed["requested"].dtype), str(listed["claimed_new"].dtype)) == ("Int64", "boolean")
    assert listed["requested"][1] is pd.NA
    assert listed["claimed_new"][1] is pd.NA
    assert listed["code"][1] == ""
    assert lists["letter_date"][0] == date(2017, 9, 20)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_no_table_belongs_to_two_forms_and_no_field_hides_a_place(form):
    others = {name for other in FORMS.values() if other is not form for name, _ in other.tables()}
    for name, fields in form.tables():
        assert name not in others
        assert {"file", "place"}.isdisjoint(field.name for field in fields)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_every_form_gives_its_tables_even_when_nothing_is_filled(form):
    assert list(frames([reading(form.id)], FORMS)) == [name for name, _ in form.tables()]
