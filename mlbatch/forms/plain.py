"""From readings to plain rows (讀檔彙整): the tables of a few files, for the rules that look at one file alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlbatch.forms.form import Field, Form
from mlbatch.forms.reading import Reading
from mlbatch.tables import Rows


def tables_of(
    readings: Iterable[Reading], forms: Mapping[str, Form]
) -> Iterator[tuple[str, Sequence[Field], list[dict]]]:
    """Each table of every form of which a file was read: its name, its fields, its rows by file and row."""
    for form, came in by_form(readings, forms):
        for table, fields in form.tables():
            yield table, fields, rows_of(table, came)


def by_form(readings: Iterable[Reading], forms: Mapping[str, Form]) -> Iterator[tuple[Form, list[Reading]]]:
    """Every form of which a file was read, with its readings by file."""
    came: dict[str, list[Reading]] = {}
    for reading in sorted(readings, key=lambda reading: reading.file):
        came.setdefault(reading.form.id, []).append(reading)
    return ((form, came[form.id]) for form in forms.values() if form.id in came)


def rows_of(table: str, readings: Iterable[Reading]) -> list[dict]:
    """The rows of one table in readings of its form."""
    return [row for reading in readings for row in reading.records[table]]


def rows(readings: Iterable[Reading], forms: Mapping[str, Form]) -> dict[str, Rows]:
    """The same tables as `frames` makes, without pandas: what is missing is None."""
    return {
        table: Rows(
            [*(field.name for field in fields), "file", "place"],
            ((*(row[field.name] for field in fields), row["place"].file, row["place"]) for row in of),
        )
        for table, fields, of in tables_of(readings, forms)
    }
