"""One sheet, read (工作表讀取): its head and its rows as records, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Place
from mlbatch.forms.answers import Question, is_blank
from mlbatch.forms.cells import Raw, key
from mlbatch.forms.layout import Grid, Layout

Records = dict[str, list[dict]]
TOTAL = re.compile(r"(?:合計|總計|小計|共計|總和)(?:[(:].*)?")


class RowCells(Mapping):
    """Field → (column letter, row number) of one row; all rows of a sheet share `columns`."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: Mapping[str, str], row: int) -> None:
        self._columns, self._row = columns, row

    def __getitem__(self, name: str) -> tuple[str, int]:
        return self._columns[name], self._row

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@lru_cache(maxsize=1024)
def letter(index: int) -> str:
    """The letter of the column at `index`, from 0: 0 → A, 26 → AA."""
    head, last = divmod(index, 26)
    return (letter(head - 1) if head else "") + chr(ord("A") + last)


def read_grid(layout: Layout, grid: Grid, file: str, sheet: str) -> tuple[Records, list[Finding]]:
    """The records of a sheet's tables, and what is wrong with them (F1–F8, F10, F11).

    `sheet` is the name under which the sheet came. A head is a table of one row.
    """
    reading = _Reading(layout, grid, file, sheet)
    header, columns = layout.columns(grid)
    if layout.head:
        reading.head(layout.head_cells(grid, header))
    if layout.rows:
        reading.rows(header, columns)
    return reading.records, reading.findings


def missing_sheet(layout: Layout, file: str) -> tuple[Records, list[Finding]]:
    """What stands for a sheet that is not there: a blank head, no rows, and the finding (F9)."""
    sheet, at = layout.sheet, At(file, layout.sheet.title)
    records: Records = {sheet.rows_table: []} if sheet.rows else {}
    if sheet.head:
        blank = {question.field.name: question.blank for question in layout.head}
        records[sheet.head_table] = [{**blank, "place": Place(file, sheet.title, 0, {})}]
    return records, [Finding(catalogue.F9_NO_SHEET, at, {"sheet": sheet.title})]


class _Reading:
    """One sheet while it is read: gathers records and findings."""

    def __init__(self, layout: Layout, grid: Grid, file: str, sheet: str) -> None:
        self.layout, self.grid, self.file, self.sheet = layout, grid, file, sheet
        self.records: Records = {}
        self.findings: list[Finding] = []

    def head(self, cells: Mapping[str, tuple[int, int]]) -> None:
        """Read one value a field, at its (row, column) index."""
        self._missing(self.layout.head, cells, 0)
        where = {name: (letter(column), row + 1) for name, (row, column) in cells.items()}
        first = min((row for _, row in where.values()), default=0)
        place = Place(self.file, self.sheet, first, where)
        raw = {name: _cell(self.grid[row], column) for name, (row, column) in cells.items()}
        self.records[self.layout.sheet.head_table] = [self._record(self.layout.head, raw, place)]

    def rows(self, header: int | None, columns: Mapping[str, int]) -> None:
        """Read the filled rows below the header row, field → column index."""
        table = self.records.setdefault(self.layout.sheet.rows_table, [])
        self._missing(self.layout.rows, columns, 0 if header is None else header + 1)
        if header is None:
            return
        letters = {name: letter(column) for name, column in columns.items()}
        telling = [column for name, column in columns.items() if name in self.layout.telling]
        for number, row in enumerate(self.grid[header + 1 :], header + 2):
            if _filled(row, telling) and not _is_total(row):
                place = Place(self.file, self.sheet, number, RowCells(letters, number))
                raw = {name: _cell(row, column) for name, column in columns.items()}
                table.append(self._record(self.layout.rows, raw, place))
        if not table and self.layout.sheet.rows_required:
            self._no_rows(header, min(columns.values()))

    def _record(self, questions: Sequence[Question], raw: Mapping[str, Raw], place: Place) -> dict:
        record: dict[str, object] = {}
        for question in questions:
            name = question.field.name
            if name not in raw:
                record[name] = question.blank
                continue
            record[name], fault = question.answer(raw[name])
            if fault:
                self.findings.append(Finding(fault.kind, place.at(name), fault.facts))
        record["place"] = place
        return record

    def _missing(self, questions: Sequence[Question], found: Mapping[str, object], row: int) -> None:
        for field in (question.field for question in questions):
            if field.required and not field.formula and field.name not in found:
                facts = {"sheet": self.sheet or self.layout.sheet.title, "label": field.label}
                self.findings.append(
                    Finding(catalogue.F8_NO_COLUMN, At(self.file, self.sheet, "", row), facts)
                )

    def _no_rows(self, header: int, column: int) -> None:
        at = At(self.file, self.sheet, letter(column), header + 2)
        facts = {"sheet": self.sheet or self.layout.sheet.title}
        self.findings.append(Finding(catalogue.F10_NO_ROWS, at, facts))


def _cell(row: Sequence[Raw], column: int) -> Raw:
    return row[column] if column < len(row) else ""


def _filled(row: Sequence[Raw], telling: Sequence[int]) -> bool:
    return any(column < len(row) and not is_blank(row[column]) for column in telling)


def _is_total(row: Sequence[Raw]) -> bool:
    """Whether the first filled cell says that the row is a total, which is no record."""
    first = next((cell for cell in row if not is_blank(cell)), None)
    return isinstance(first, str) and len(first) < 20 and TOTAL.fullmatch(key(first)) is not None
