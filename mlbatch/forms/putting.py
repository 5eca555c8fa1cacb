"""How a value is put into a cell of a blank (填入儲存格): as it was typed, and marked where it is at fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from mlbatch import roc
from mlbatch.forms import limits
from mlbatch.forms.form import Field, Form, Kind
from mlbatch.forms.spots import Key, Rows, Values
from mlbatch.sheet import Page

Marks = Mapping[Key, str]

AS_TYPED = {"num_format": "General", "align": "left"}  # a number where text is expected
ASIDE = {"align": "left", "indent": 1}  # words keep off the figures to their left
LIVE = {"num_format": "General", "quote_prefix": False}  # a formula that gives text
FAULT = {"bg_color": "#F5C6C6", "bold": True, "border": 2, "border_color": "#7F1D1D"}
GIVEN = {"bg_color": "#E4E7EB"}


def put(
    page: Page, row: int, column: int, field: Field, value: object, filled: bool, fault: str = ""
) -> None:
    """Put `value` of `field` into a cell; `filled` tells prefilled fields in grey, `fault` is a comment."""
    look = FAULT if fault else GIVEN if field.prefilled and filled else {}
    shown = as_shown(field, value)
    if isinstance(shown, int | float):
        page.number(row, column, shown, "whole", **look, **({} if field.kind.numeric else AS_TYPED))
    elif shown is None and field.kind.numeric:
        page.number(row, column, None, "whole", **look)
    else:
        page.text(row, column, shown, **ASIDE, **look)
    if fault:
        page.comment(row, column, fault)


def as_shown(field: Field, value: object) -> object:
    """What stands in the cell: a number, a text, or None."""
    if isinstance(value, bool):
        return limits.YES_NO[not value] if field.kind is Kind.YES_NO else str(value).upper()
    if isinstance(value, date) and value.year >= roc.FIRST_YEAR:
        alone = field.kind is Kind.DATE or not isinstance(value, datetime)
        return roc.short(value) if alone else roc.minute(value)
    if value is None or value != value:  # NaN differs from itself
        return None
    return value if isinstance(value, int | float | str) else str(value)


def computed(field: Field, row: Mapping[str, object], rows: Rows) -> object:
    """The present value of a formula: what was given, what the field computes, else the total of its parts."""
    if (given := row.get(field.name)) is not None:
        return given
    return field.compute(row, rows) if field.compute else total(field, row)


def shown(form: Form, values: Values) -> dict[str, list[dict]]:
    """What stands in the cells that came filled, by table."""
    return {
        table: [{f.name: _value(f, row, values[table]) for f in fields} for row in values.get(table, ())]
        for table, fields in form.tables()
    }


def _value(field: Field, row: Mapping[str, object], rows: Rows) -> object:
    known = row.get(field.name)
    return field.compute(row, rows) if field.compute and known is None else as_shown(field, known)


def total(field: Field, row: Mapping[str, object]) -> object:
    """The present value of a field that the sheet computes: the sum of its parts, nothing while they are."""
    parts = [row[name] for name in row if "{" + name + "}" in field.formula]
    known = [one for one in parts if isinstance(one, int | float) and not isinstance(one, bool)]
    return sum(known) if known else ""
