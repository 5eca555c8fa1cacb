"""From readings to tables (讀檔彙整): one table for each table of a form, for the whole inbox."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import pandas as pd

from mlbatch.forms.form import Field, Form, Kind
from mlbatch.forms.plain import by_form, rows_of, tables_of
from mlbatch.forms.reading import Reading
from mlbatch.tables import Later

WHOLE, YES_NO = "Int64", "boolean"


def frames(readings: Iterable[Reading], forms: Mapping[str, Form]) -> dict[str, pd.DataFrame]:
    """One table for each table of every form of which a file was read; empty where it had no rows.

    Columns: the form's fields, `file` and `place`; rows by file and row; types as in tables.py.
    """
    return {table: _frame(fields, rows) for table, fields, rows in tables_of(readings, forms)}


def later(
    readings: Iterable[Reading], forms: Mapping[str, Form], sha256: Mapping[str, str]
) -> dict[str, Later]:
    """The same, each made when it is looked into; `sha256`, by file, is what it is known by."""
    found = {}
    for form, came in by_form(readings, forms):
        files = "\n".join(f"{sha256[one.file]} {one.file}" for one in came)
        known_by = hashlib.sha256(f"{form.id} {form.version}\n{files}".encode()).hexdigest()
        for table, fields in form.tables():
            found[table] = Later(partial(_later, fields, table, came), f"{table} {known_by}")
    return found


def _later(fields: Sequence[Field], table: str, readings: Sequence[Reading]) -> pd.DataFrame:
    return _frame(fields, rows_of(table, readings))


def _frame(fields: Sequence[Field], rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    columns = {field.name: _column(field, rows) for field in fields}
    places = [row["place"] for row in rows]
    columns["file"] = pd.Series([place.file for place in places], dtype=object)
    columns["place"] = pd.Series(places, dtype=object)
    return pd.DataFrame(columns)


def _column(field: Field, rows: Sequence[Mapping[str, object]]) -> pd.Series:
    values = [row[field.name] for row in rows]
    if field.kind is Kind.YES_NO:
        return pd.Series(values, dtype=YES_NO)
    if field.kind.numeric:
        return pd.Series(values, dtype=WHOLE)
    words: dict[str, str] = {}  # the same words, which every file brought anew, are kept once
    values = [words.setdefault(value, value) if value.__class__ is str else value for value in values]
    return pd.Series(values, dtype=object)
