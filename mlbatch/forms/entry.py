"""How a value of a field is put into a cell (填入儲存格): its format, its lock, its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from numbers import Integral, Real
from string import Formatter

import numpy as np
import pandas as pd

from mlbatch import roc
from mlbatch.forms.form import Field, Kind
from mlbatch.forms.limits import YES_NO
from mlbatch.sheet import QUIET, Page

STYLES = {
    Kind.CODE: "code",
    Kind.WHOLE: "whole",
    Kind.MONEY: "money",
    Kind.DATE: "center",
    Kind.MOMENT: "center",
    Kind.CHOICE: "center",
    Kind.YES_NO: "center",
}
GIVEN = {"bg_color": QUIET, "locked": True}
OPEN = {"locked": False}


def style(field: Field) -> str:
    """The name of the cell style of a field."""
    return STYLES.get(field.kind, "text")


def blank(value: object) -> bool:
    """Whether there is nothing to write: None, NA, NaN or an empty text."""
    return value is None or value is pd.NA or value != value or value == ""


def put(page: Page, row: int, column: int, field: Field, value: object = None) -> None:
    """Write `value` as its own type says; a prefilled field that has a value is grey and locked.

    A number stays a number and text stays text whatever the field's kind, so that a sender's
    mistakes can be written as they were made.
    """
    look = GIVEN if field.prefilled and not blank(value) else OPEN
    if not isinstance(value, bool | np.bool_) and isinstance(value, Real):
        number = int(value) if isinstance(value, Integral) else value
        page.number(row, column, number, style(field), **look)
    elif blank(value) and field.kind.numeric:
        page.number(row, column, None, style(field), **look)
    else:
        words = text(value)
        page.text(row, column, words, style(field), quote_prefix=bool(words), **look)


def text(value: object) -> str:
    """The text of a value as officials write it: 是/否, 106.09.29, 106.09.29 11:58:03."""
    if blank(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return YES_NO[0] if value else YES_NO[1]
    if isinstance(value, datetime):
        return roc.minute(value)
    return roc.short(value) if isinstance(value, date) else str(value)


def compute(
    page: Page, row: int, column: int, field: Field, cells: Mapping[str, str], values: Mapping[str, object]
) -> None:
    """Write the live formula of `field` with its value: the one given, else the total it names."""
    names = formula_names(field)
    value = values.get(field.name)
    shown = total([values.get(name) for name in names]) if blank(value) else value
    formula = "=" + field.formula.format_map(cells)
    written = int(shown) if isinstance(shown, Integral) and not isinstance(shown, bool) else text(shown)
    page.formula(row, column, formula, written, style(field), quote_prefix=False, **GIVEN)


def formula_names(field: Field) -> list[str]:
    """The fields that a formula names."""
    return [name for _, name, _, _ in Formatter().parse(field.formula) if name]


def total(values: Sequence[object]) -> int | str:
    """The sum of the numbers among `values`, or nothing where there is none."""
    numbers = [int(v) for v in values if not blank(v) and isinstance(v, Integral)]
    return sum(numbers) if numbers else ""


def looked_up(field: Field, formula: str) -> Field:
    """`field` as one that a formula fills."""
    return replace(field, formula=formula)
