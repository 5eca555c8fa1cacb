"""From readings to tables (讀檔彙整): one table for each table of a form, for the whole inbox."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import pandas as pd

from mlbatch.forms.form import Field, Form, Kind
from mlbatch.forms.packing import PLACE, PackedRecords
from mlbatch.forms.plain import tables_of
from mlbatch.forms.reading import Reading
from mlbatch.tables import Later

WHOLE, YES_NO = "Int64", "boolean"


def frames(readings: Iterable[Reading], forms: Mapping[str, Form]) -> dict[str, pd.DataFrame]:
    """One table for each table of every form of which a file was read; empty where it had no rows.

    Columns: the form's fields, `file` and `place`; rows by file and row; types as in tables.py. Readings that came packed
    let go of what was taken from them.
    """
    return {table: _frame(table, fields, of) for table, fields, of in tables_of(readings, forms)}


def later(
    readings: Iterable[Reading], forms: Mapping[str, Form], sha256: Mapping[str, str]
) -> dict[str, Later]:
    """The same, each made when it is looked into; `sha256`, by file, is what it is known by."""
    found, known_by = {}, {}
    for table, fields, of in tables_of(readings, forms):
        form = of[0].form
        if form.id not in known_by:
            files = "\n".join(f"{sha256[one.file]} {one.file}" for one in of)
            known_by[form.id] = hashlib.sha256(f"{form.id} {form.version}\n{files}".encode()).hexdigest()
        found[table] = Later(partial(_frame, table, fields, of), f"{table} {known_by[form.id]}")
    return found


def _frame(table: str, fields: Sequence[Field], readings: Sequence[Reading]) -> pd.DataFrame:
    names = [*(field.name for field in fields), PLACE]
    rows = [row for reading in readings for row in _rows(reading, table, names)]
    *values, places = zip(*rows, strict=True) if rows else [()] * len(names)
    columns = {field.name: _column(field, of) for field, of in zip(fields, values, strict=True)}
    columns["file"] = pd.Series([place.file for place in places], dtype=object)
    columns[PLACE] = pd.Series(places, dtype=object)
    return pd.DataFrame(columns)


def _rows(reading: Reading, table: str, names: Sequence[str]) -> list[tuple]:
    """The values of `names` in each row of a table. What was packed is let go."""
    if isinstance(reading.records, PackedRecords):
        return reading.records.take(table, names)
    return [tuple(map(row.__getitem__, names)) for row in reading.records[table]]


def _column(field: Field, values: Sequence[object]) -> pd.Series:
    if field.kind is Kind.YES_NO:
        return pd.Series(values, dtype=YES_NO)
    if field.kind.numeric:
        return pd.Series(values, dtype=WHOLE)
    words: dict[str, str] = {}  # the same words, which every file brought anew, are kept once
    values = [words.setdefault(value, value) if value.__class__ is str else value for value in values]
    return pd.Series(values, dtype=object)
