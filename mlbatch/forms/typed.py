"""A workbook as its sender typed it (原樣讀取): every value, with its place in the form or without.

The reader asks what a cell means; this asks what stands in it, so that a file can be given back in a
fresh template without losing anything. Old versions, files of another year and files that lost
their stamp are taken as well: the form is known by its labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from mlbatch.finding import Place
from mlbatch.forms import blank, cells, drawing, guide, lookup, reader
from mlbatch.forms.answers import is_blank
from mlbatch.forms.form import REMARKS, STAMP_SHEET, Form, Sheet
from mlbatch.forms.grid import Records, letter, missing_sheet, read_grid
from mlbatch.forms.layout import Grid, lay_out
from mlbatch.forms.spots import Key
from mlbatch.plan import Plan

OURS = {STAMP_SHEET, drawing.CHOICES, lookup.TITLE, guide.TITLE}


@dataclass(frozen=True)
class Stray:
    """One value that has no place in the form: the sheet and cell where it stood."""

    sheet: str
    cell: str
    value: cells.Raw


@dataclass(frozen=True)
class Typed:
    """A workbook as typed.

    `values` are rows by table, field → raw value, only for cells that were there; `recipient` is
    the stamp's. `where` maps (sheet as it came, cell) to its key, and (sheet, row) to the first key
    of the row. `stray` is what has no place in the form, in the order of sheets and rows.
    """

    form: Form
    recipient: str
    values: Mapping[str, list[dict[str, cells.Raw]]]
    where: Mapping[tuple[str, str | int], Key]
    stray: tuple[Stray, ...]


class TypedReader:
    """Reads workbooks as typed; knows the forms of the plan year and what their templates say."""

    def __init__(self, forms: Mapping[str, Form], plan: Plan) -> None:
        self.forms, self.plan = forms, plan
        self._own_words: dict[str, frozenset[str]] = {}

    def read(self, content: bytes) -> Typed | None:
        """Read the workbook `content` as typed; None if it is none, or shows no known form.

        Ask only for files that could be read before: nothing guards this second reading.
        """
        try:
            book = CalamineWorkbook.from_filelike(BytesIO(content))
        except CalamineError:
            return None
        stamp = reader.stamp_of(book)
        form = (self.forms.get(stamp.form) if stamp else None) or self._most_like(book)
        if form is None:
            return None
        names = reader.sheet_names(book, [lay_out(sheet) for sheet in form.sheets])
        grids = {name: reader.grid_of(book, name) for name in book.sheet_names}
        taken = _Taken()
        for sheet, name in zip(form.sheets, names, strict=True):
            taken.sheet(sheet, name, grids.get(name, []))
        stray = tuple(_stray(grids, taken, self._words(form)))
        return Typed(form, stamp.recipient if stamp else "", taken.values, taken.where, stray)

    def _most_like(self, book: CalamineWorkbook) -> Form | None:
        """The one form whose labels the sheets show most; None if none shows half, or two tie."""
        grids = [reader.grid_of(book, name) for name in book.sheet_names if name not in OURS]
        likeness = {form.id: _likeness(form, grids) for form in self.forms.values()}
        best = max(likeness.values(), default=0.0)
        found = [form for form, alike in likeness.items() if alike == best]
        return self.forms[found[0]] if best >= reader.ALIKE and len(found) == 1 else None

    def _words(self, form: Form) -> frozenset[str]:
        """What the template itself says, empty or prefilled."""
        if form.id not in self._own_words:
            filled = {table: [{"": ""}] for table, _ in form.tables()}
            contents = (blank.blank(form, self.plan), blank.blank(form, self.plan, values=filled))
            self._own_words[form.id] = frozenset().union(*map(_said, contents))
        return self._own_words[form.id]


class _Taken:
    """What has been taken into the form, sheet by sheet."""

    def __init__(self) -> None:
        self.values: dict[str, list[dict[str, cells.Raw]]] = {}
        self.where: dict[tuple[str, str | int], Key] = {}
        self.remarks: dict[str, set[tuple[int, int]]] = {}  # cells of the sheet's own remarks, from 0

    def sheet(self, sheet: Sheet, name: str, grid: Grid) -> None:
        """Take one sheet: `name` is the name under which it came, empty if it did not."""
        layout = lay_out(sheet)
        records: Records = (read_grid(layout, grid, "", name) if name else missing_sheet(layout, ""))[0]
        for table, rows in records.items():
            self.values[table] = [self._row(table, n, row["place"], grid) for n, row in enumerate(rows)]
        self.remarks[name] = _remarks(grid, layout.columns(grid)[0])

    def _row(self, table: str, number: int, place: Place, grid: Grid) -> dict[str, cells.Raw]:
        row: dict[str, cells.Raw] = {}
        for name, (column, line) in place.cells.items():
            key = table, number, name
            self.where[place.sheet, f"{column}{line}"] = key
            self.where.setdefault((place.sheet, line), key)
            row[name] = _cell(grid, line - 1, _index(column))
        return row


def _remarks(grid: Grid, header: int | None) -> set[tuple[int, int]]:
    """The cells below each header of remarks: of a head, down to the table's header; of a table, to its end."""
    found = set()
    for top, row in enumerate(grid):
        end = header if header is not None and top < header else len(grid)
        for column, cell in enumerate(row):
            if cell in REMARKS:
                found |= {(line, column) for line in range(top, end)}
    return found


def _cell(grid: Grid, row: int, column: int) -> cells.Raw:
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else ""


@lru_cache(maxsize=1024)
def _index(column: str) -> int:
    index = 0
    for character in column:
        index = index * 26 + ord(character) - ord("A") + 1
    return index - 1


def _stray(grids: Mapping[str, Grid], taken: _Taken, known: frozenset[str]) -> Iterator[Stray]:
    """Every filled cell that was not taken and is none of the template's own words."""
    for name, grid in grids.items():
        if name in OURS:
            continue
        remarks = taken.remarks.get(name, set())
        for number, row in enumerate(grid, 1):
            for column, value in enumerate(row):
                if is_blank(value) or (number - 1, column) in remarks or cells.text(value) in known:
                    continue
                cell = f"{letter(column)}{number}"
                if (name, cell) not in taken.where:
                    yield Stray(name, cell, value)


def _said(content: bytes) -> frozenset[str]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    rows = (row for name in book.sheet_names for row in reader.grid_of(book, name))
    return frozenset(cells.text(value) for row in rows for value in row if not is_blank(value))


def _likeness(form: Form, grids: list[Grid]) -> float:
    layouts = [lay_out(sheet) for sheet in form.sheets]
    return sum(max((layout.likeness(grid) for grid in grids), default=0.0) for layout in layouts) / len(
        layouts
    )
