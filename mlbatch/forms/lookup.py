"""Rows that fill themselves (代碼帶入): a list sheet, and formulas that look a row up in it.

A table's list is rows of field → value whose first field is the key: the key gets a drop-down,
text fields are looked up by it, and a number is the most that its field may hold in that row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from mlbatch.forms import limits
from mlbatch.forms.form import Field
from mlbatch.sheet import Book

TITLE = "本縣市學校"
HEADER = 3  # the header's row, from 0


@dataclass(frozen=True)
class Lookup:
    """One list: the fields of the table that it fills, and its rows."""

    fields: tuple[Field, ...]
    rows: Sequence[Mapping[str, object]]

    @property
    def key(self) -> str:
        """The name of the field by which a row is found."""
        return next(iter(self.rows[0]))

    @property
    def columns(self) -> list[Field]:
        """The fields of the list, in its order."""
        by_name = {field.name: field for field in self.fields}
        return [by_name[name] for name in self.rows[0]]

    @property
    def source(self) -> str:
        """The range of the key's drop-down."""
        return f"='{TITLE}'!$A${HEADER + 2}:$A${HEADER + 1 + len(self.rows)}"

    def fills(self, field: Field) -> bool:
        """Whether `field` is looked up."""
        return field.name in self.rows[0] and field.name != self.key and not field.kind.numeric

    def caps(self, field: Field) -> bool:
        """Whether the list holds the most that `field` may hold."""
        return field.name in self.rows[0] and field.kind.numeric

    def formula(self, field: Field) -> str:
        """The formula template that finds `field` by the key of its row."""
        return f'IFERROR({self.find(field, "{" + self.key + "}")},"")'

    def value(self, field: Field, key: object) -> str:
        """What `field` shows for a key; an empty text for a key that is not in the list."""
        found = next((row[field.name] for row in self.rows if row[self.key] == key), "")
        return limits.YES_NO[not found] if isinstance(found, bool) else str(found)

    def find(self, field: Field, key_cell: str) -> str:
        """VLOOKUP of `field` for the key in `key_cell`."""
        names = list(self.rows[0])
        last = xl_col_to_name(len(names) - 1)
        area = f"'{TITLE}'!$A${HEADER + 2}:${last}${HEADER + 1 + len(self.rows)}"
        return f"VLOOKUP({key_cell},{area},{names.index(field.name) + 1},FALSE)"

    def write(self, book: Book) -> None:
        """Write the list sheet."""
        page = book.page(TITLE, landscape=False)
        page.text(0, 0, TITLE, "title")
        page.text(1, 0, "於推薦學校名單選填學校代碼後，學校名稱等欄位即自本表帶入。", "subtitle")
        labels = [f.label + ("上限" if f.kind.numeric else "") for f in self.columns]
        page.header(HEADER, labels)
        for number, row in enumerate(self.rows, HEADER + 1):
            for column, field in enumerate(self.columns):
                _cell(page, number, column, field, row[field.name])
        page.widths([max(f.width, 12) if f.kind.numeric else f.width + 4 for f in self.columns])
        page.table(HEADER, HEADER + len(self.rows), len(labels) - 1)


def _cell(page, row: int, column: int, field: Field, value: object) -> None:
    if field.kind.numeric:
        page.number(row, column, value)
    else:
        words = limits.YES_NO[not value] if isinstance(value, bool) else value
        page.text(row, column, words, "center" if field.width < 20 else "text")
