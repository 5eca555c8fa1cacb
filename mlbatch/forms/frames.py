"""From readings to tables (讀檔彙整): one table for each table of a form, for the whole inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from mlbatch.forms.form import Field, Form, Kind
from mlbatch.forms.plain import tables_of
from mlbatch.forms.reading import Reading

WHOLE, YES_NO = "Int64", "boolean"


def frames(readings: Iterable[Reading], forms: Mapping[str, Form]) -> dict[str, pd.DataFrame]:
    """One table for each table of every form of which a file was read; empty where it had no rows.

    Columns: the form's fields, `file` and `place`; rows by file and row; types as in tables.py.
    """
    return {table: _frame(fields, rows) for table, fields, rows in tables_of(readings, forms)}


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
