"""From readings to plain rows (讀檔彙整): the tables of a few files, for the rules that look at one file alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlbatch.forms.form import Field, Form
from mlbatch.forms.reading import Reading
from mlbatch.tables import Rows


def tables_of(
    readings: Iterable[Reading], forms: Mapping[str, Form]
) -> Iterator[tuple[str, Sequence[Field], Sequence[Reading]]]:
    """Each table of every form of which a file was read: its name, its fields, and the readings that have rows of it, by file."""
    came: dict[str, list[Reading]] = {}
    for reading in sorted(readings, key=lambda reading: reading.file):
        came.setdefault(reading.form.id, []).append(reading)
    for form in forms.values():
        for table, fields in form.tables() if form.id in came else ():
            yield table, fields, came[form.id]


def rows(readings: Iterable[Reading], forms: Mapping[str, Form]) -> dict[str, Rows]:
    """The same tables as `frames` makes, without pandas: what is missing is None."""
    return {
        table: Rows(
            [*(field.name for field in fields), "file", "place"],
            (
                (*(row[field.name] for field in fields), row["place"].file, row["place"])
                for reading in of
                for row in reading.records[table]
            ),
        )
        for table, fields, of in tables_of(readings, forms)
    }
