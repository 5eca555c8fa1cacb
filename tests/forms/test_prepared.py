"""Copies made from a model: the very bytes of copies that are drawn, whatever they hold, and drawn but once a shape."""

import copy
from datetime import date, datetime
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlbatch.forms import all_forms, blank, prepared
from mlbatch.forms.form import MAX_AMOUNT, Kind
from mlbatch.plan import load_plan
from tests.plan.years import INVENTED

PLAN = load_plan()
FORMS = all_forms(PLAN)
SAME_SHAPE = 4
RECIPIENTS = ("019901-國小", "臺北市", "", "國小")
# Texts that a sheet or a zip could take for something else, and words of the forms themselves.
WORDS = (
    "甲", "乙", "國小", "是", "019901", "=1+1", "<si><t>&amp;</t></si>", "</sst>", " 前後 ", "一\n二", "_x0041_", "\x00", "",
    '"><f></f><v>', "#N/A", "106.09.29", "丙" * 40_000, "😀", "\ud800",
)  # fmt: skip
NUMBERS = (0, 3, -1, 2.5, 1e30, MAX_AMOUNT, True, np.float64(7), np.int64(7), float("nan"))
DAYS = (date(2017, 9, 29), datetime(2018, 1, 2, 3, 4))


@pytest.fixture(autouse=True)
def afresh(monkeypatch):
    """Each test begins without models, as a process does."""
    monkeypatch.setattr(prepared, "_families", type(prepared._families)())


def whole(form, recipient, values):
    """The workbook, drawn."""
    return blank.drawn(form, PLAN, recipient, values, {}, {}, None, "")[0]


def value_of(field, number):
    """A value for a field that could be meant; another for another number."""
    if field.kind.numeric:
        return number + (field.low or 0)
    if field.kind is Kind.CHOICE:
        return field.choices[number % len(field.choices)]
    if field.kind is Kind.YES_NO:
        return number % 2 == 0
    if field.kind.dated:
        return datetime(2018, 1, 2 + number, 3, 4)
    return f"{field.label}{number}"


def meant(form, number, rows=3):
    """Values for all fields of a form; `rows` records in each of its tables."""
    heads = {sheet.head_table for sheet in form.sheets if sheet.head}
    return {
        table: [
            {field.name: value_of(field, number * 7 + row) for field in fields if not field.formula}
            for row in range(1 if table in heads else rows)
        ]
        for table, fields in form.tables()
    }


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_copy_has_the_bytes_of_one_that_is_drawn(form):
    for number, recipient in product(range(3), RECIPIENTS):
        values = meant(form, number)
        assert blank.blank_for(form, PLAN, recipient, values) == whole(form, recipient, values)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_copies_of_one_shape_are_drawn_once(form, monkeypatch):
    drawn = []
    monkeypatch.setattr(blank, "drawn", lambda *given, draw=blank.drawn: drawn.append(given) or draw(*given))
    names = {field.name for _, fields in form.tables() for field in fields if field.kind.numeric}
    for number in range(SAME_SHAPE):
        values = copy.deepcopy(meant(form, 0))
        for row in (row for rows in values.values() for row in rows):
            row.update({name: row[name] + number for name in names & row.keys()})
        blank.blank_for(form, PLAN, f"某某{number}", values)
    assert len(drawn) == 1


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_blanks_are_the_same_again(form):
    assert len({blank.blank(form, PLAN) for _ in range(3)} | {whole(form, "", {})}) == 1


def fields_of(form):
    return {
        table: st.lists(st.fixed_dictionaries({}, optional=_any_of(fields)), max_size=2)
        for table, fields in form.tables()
    }


def _any_of(fields):
    return {
        field.name: st.sampled_from((None, *WORDS, *NUMBERS, *DAYS, *field.choices[:2])) for field in fields
    }


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_it_holds_a_copy_has_the_bytes_of_one_that_is_drawn(data):
    form = FORMS[data.draw(st.sampled_from(sorted(FORMS)))]
    first = data.draw(st.fixed_dictionaries({}, optional=fields_of(form)))
    for number in range(3):
        recipient = data.draw(st.sampled_from(RECIPIENTS))
        values = {table: [_another(data, row, number) for row in rows] for table, rows in first.items()}
        assert blank.blank_for(form, PLAN, recipient, values) == whole(form, recipient, values)


def _another(data, row, number):
    """The row of another copy: most often each value is replaced by one of its sort."""
    if number == 0:
        return row
    found = {}
    for name, value in row.items():
        alike = WORDS if isinstance(value, str) else NUMBERS if isinstance(value, int | float) else (value,)
        found[name] = data.draw(st.sampled_from(alike))
    return found


def test_what_only_drawing_can_put_into_cells_is_drawn():
    form = FORMS["settlement"]
    field = next(f for sheet in form.sheets for f in sheet.rows if f.formula)
    table = next(sheet.rows_table for sheet in form.sheets if sheet.rows)
    for value in (np.int64(5), True, 5):
        for _ in range(3):
            values = {table: [{field.name: value}]}
            assert blank.blank_for(form, PLAN, "甲", values) == whole(form, "甲", values)


def test_no_more_models_are_kept_than_a_process_has_room_for(monkeypatch):
    monkeypatch.setattr(prepared, "SHAPES", 2)
    form = FORMS["budget"]
    for rows in (0, 1, 2, 3, 0, 3):
        values = meant(form, 1, rows)
        assert blank.blank_for(form, PLAN, "甲", values) == whole(form, "甲", values)
    assert len(prepared._families) == 2


def test_another_plan_has_models_of_its_own():
    other = load_plan(INVENTED)
    forms = {107: (FORMS["logbook"], PLAN), 108: (all_forms(other)["logbook"], other)}
    for year in (107, 108, 107, 108, 107):
        form, plan = forms[year]
        values = meant(form, 1)
        assert (
            blank.blank_for(form, plan, "甲", values)
            == blank.drawn(form, plan, "甲", values, {}, {}, None, "")[0]
        )
