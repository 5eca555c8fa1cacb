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
from mlbatch.forms.marks import NONE, Marks, unseen

Records = dict[str, list[dict]]
NOWHERE = object()  # the cell of a column that is not there
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


def read_grid(
    layout: Layout, grid: Grid, file: str, sheet: str, marks: Marks = NONE
) -> tuple[Records, list[Finding]]:
    """The records of a sheet's tables, and what is wrong with them (F1–F8, F10, F11, I7).

    `grid` is rectangular below its header. `sheet` is the name under which the sheet came. A head
    is a table of one row. `marks` are what the values alone do not show.
    """
    reading = _Reading(layout, grid, file, sheet, marks)
    header, columns = layout.columns(grid)
    if layout.head:
        reading.head(layout.head_cells(grid, header))
    if layout.rows:
        reading.rows(header, columns)
    if marks:
        reading.findings += unseen(marks, reading.records, file, sheet)
    return reading.records, reading.findings


def missing_sheet(layout: Layout, file: str) -> tuple[Records, list[Finding]]:
    """What stands for a sheet that is not there: a blank head, no rows, and the finding (F9)."""
    sheet, at = layout.sheet, At(file, layout.sheet.title)
    records: Records = {sheet.rows_table: []} if sheet.rows else {}
    if sheet.head:
        blank = {question.name: question.blank for question in layout.head}
        records[sheet.head_table] = [{**blank, "place": Place(file, sheet.title, 0, {})}]
    return records, [Finding(catalogue.F9_NO_SHEET, at, {"sheet": sheet.title})]


class _Reading:
    """One sheet while it is read: gathers records and findings."""

    def __init__(self, layout: Layout, grid: Grid, file: str, sheet: str, marks: Marks) -> None:
        self.layout, self.grid, self.file, self.sheet = layout, grid, file, sheet
        self.marks = marks
        self.records: Records = {}
        self.findings: list[Finding] = []

    def head(self, found: Mapping[str, tuple[int, int]]) -> None:
        """Read one value a field, at its (row, column) index."""
        self._missing(self.layout.head, found, 0)
        where = {name: (letter(column), row + 1) for name, (row, column) in found.items()}
        place = Place(self.file, self.sheet, min((row for _, row in where.values()), default=0), where)
        raw = [self._cell(found.get(question.name)) for question in self.layout.head]
        self.records[self.layout.sheet.head_table] = [self._record(self.layout.head, raw, place)]

    def rows(self, header: int | None, columns: Mapping[str, int]) -> None:
        """Read the filled rows below the header row, field → column index."""
        table = self.records.setdefault(self.layout.sheet.rows_table, [])
        self._missing(self.layout.rows, columns, 0 if header is None else header + 1)
        if header is None:
            return
        letters = {name: letter(column) for name, column in columns.items()}
        telling = [column for name, column in columns.items() if name in self.layout.telling]
        order = [columns.get(question.name) for question in self.layout.rows]
        for number, row in enumerate(self.grid[header + 1 :], header + 2):
            filled = _filled(row, telling) or self._marked(telling, number)
            if filled and not _is_total(row):
                place = Place(self.file, self.sheet, number, RowCells(letters, number))
                raw = [NOWHERE if column is None else row[column] for column in order]
                table.append(self._record(self.layout.rows, raw, place))
        if not table and self.layout.sheet.rows_required:
            self._no_rows(header, min(columns.values()))

    def _cell(self, at: tuple[int, int] | None) -> Raw | object:
        if at is None:
            return NOWHERE
        row, column = self.grid[at[0]], at[1]
        return row[column] if column < len(row) else ""

    def _record(self, questions: Sequence[Question], raw: Sequence[Raw | object], place: Place) -> dict:
        record: dict[str, object] = {}
        for question, cell in zip(questions, raw, strict=True):
            if cell is NOWHERE:
                record[question.name] = question.blank
                continue
            record[question.name], fault = question.answer(cell)
            if self.marks:
                fault = self.marks.fault(question.field, place.at(question.name).cell) or fault
            if fault:
                self.findings.append(Finding(fault.kind, place.at(question.name), fault.facts))
        record["place"] = place
        return record

    def _marked(self, telling: Sequence[int], row: int) -> bool:
        """Whether a cell that would make the row a record holds an error or an uncalculated formula."""
        return bool(self.marks) and any(self.marks.stands_in(f"{letter(at)}{row}") for at in telling)

    def _missing(self, questions: Sequence[Question], found: Mapping[str, object], row: int) -> None:
        at = At(self.file, self.sheet, "", row)
        for question in questions:
            if question.unanswered and question.name not in found:
                facts = {"sheet": self._title(), "label": question.field.label}
                self.findings.append(Finding(catalogue.F8_NO_COLUMN, at, facts))

    def _no_rows(self, header: int, column: int) -> None:
        at = At(self.file, self.sheet, letter(column), header + 2)
        self.findings.append(Finding(catalogue.F10_NO_ROWS, at, {"sheet": self._title()}))

    def _title(self) -> str:
        return self.sheet or self.layout.sheet.title


def _filled(row: Sequence[Raw], telling: Sequence[int]) -> bool:
    return any(row[column] != "" and not is_blank(row[column]) for column in telling)


def _is_total(row: Sequence[Raw]) -> bool:
    """Whether the first filled cell says that the row is a total, which is no record."""
    first = next((cell for cell in row if not is_blank(cell)), None)
    return isinstance(first, str) and len(first) < 20 and TOTAL.fullmatch(key(first)) is not None
