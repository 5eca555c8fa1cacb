"""Where a blank's cells stand (表件版面): one place that writing, formulas and links ask.

A sheet is a title, a head of one field a row beneath its own header, then a table: a row of hints, the header,
the records. Rows and columns count from 0; addresses are as a spreadsheet shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from xlsxwriter.utility import xl_rowcol_to_cell

from mlbatch.forms.form import Form, Kind, Sheet

Key = tuple[str, int, str]  # table, index of the row, field
Rows = Sequence[Mapping[str, object]]
Values = Mapping[str, Rows]

TOP = 3  # the first field of a head, beneath its header; the hints of a table without head
LABEL, VALUE = 0, 1  # the columns of a head
SPARE = 10  # rows below those that came filled


@dataclass(frozen=True)
class Spots:
    """One sheet's cells; `drawn` rows of its table are drawn."""

    sheet: Sheet
    drawn: int

    @property
    def hints(self) -> int:
        """The row above the header of the table."""
        return TOP + len(self.sheet.head) + bool(self.sheet.head)

    @property
    def header(self) -> int:
        """The header of the table."""
        return self.hints + 1

    @property
    def first(self) -> int:
        """The first record of the table."""
        return self.header + 1

    @property
    def last(self) -> int:
        """The last record that is drawn."""
        return self.header + self.drawn

    def head_row(self, index: int) -> int:
        """The row of the head's field at `index`."""
        return TOP + index

    def column(self, index: int) -> str:
        """The range of a column of the table, as a formula in a row names it."""
        top, end = (xl_rowcol_to_cell(row, index, True, True) for row in (self.first, self.last))
        return f"{top}:{end}"

    def cells(self) -> Iterator[tuple[Key, str]]:
        """Every field's key and the cell of its value."""
        for index, field in enumerate(self.sheet.head):
            yield (
                (self.sheet.head_table, 0, field.name),
                xl_rowcol_to_cell(self.head_row(index), VALUE),
            )
        for number in range(self.drawn):
            for column, field in enumerate(self.sheet.rows):
                key = self.sheet.rows_table, number, field.name
                yield key, xl_rowcol_to_cell(self.first + number, column)


def spots(sheet: Sheet, values: Values) -> Spots:
    """The spots of `sheet` when it is filled with `values`."""
    given = len(values.get(sheet.rows_table, ())) if sheet.rows else 0
    return Spots(sheet, _drawn(sheet, given) if sheet.rows else 0)


def places(form: Form, values: Values) -> Mapping[Key, tuple[str, str]]:
    """(table, index of the row, field) → (sheet, cell) in the workbook that `blank` makes of `values`.

    Rows that are drawn empty have their places as well.
    """
    return _places(form, tuple(spots(sheet, values).drawn for sheet in form.sheets))


@lru_cache(maxsize=64)
def _places(form: Form, drawn: tuple[int, ...]) -> Mapping[Key, tuple[str, str]]:
    own = map(Spots, form.sheets, drawn)
    return MappingProxyType({key: (one.sheet.title, cell) for one in own for key, cell in one.cells()})


def is_assigned(sheet: Sheet) -> bool:
    """Whether its rows are given to whoever fills them, so that none is added."""
    return any(field.prefilled and field.kind is Kind.CODE for field in sheet.rows)


def _drawn(sheet: Sheet, given: int) -> int:
    """All that is foreseen while nothing is given; otherwise what is given, and some spare rows."""
    if not given:
        return sheet.capacity
    return given if is_assigned(sheet) else given + SPARE
