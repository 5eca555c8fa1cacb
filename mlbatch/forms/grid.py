"""One sheet, read (工作表讀取): its head and its rows as records, each with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Place
from mlbatch.forms.answers import Question, is_blank
from mlbatch.forms.cells import Raw, key, text
from mlbatch.forms.days import from_1904
from mlbatch.forms.foot import Foot, Sums, foot
from mlbatch.forms.layout import HEADER_WITHIN, LONGEST_LABEL, Grid, Layout, label_key
from mlbatch.forms.marks import NONE, Marks, unseen
from mlbatch.forms.suggest import nearest

Records = dict[str, list[dict]]
NOWHERE = object()  # the cell of a column that is not there


@lru_cache(maxsize=1024)
def letter(index: int) -> str:
    """The letter of the column at `index`, from 0: 0 → A, 26 → AA."""
    head, last = divmod(index, 26)
    return (letter(head - 1) if head else "") + chr(ord("A") + last)


def read_grid(
    layout: Layout, grid: Grid, file: str, sheet: str, marks: Marks = NONE
) -> tuple[Records, list[Finding]]:
    """The records of a sheet's tables, and what is wrong with them (F1–F8, F10, F11, F13–F18, I7).

    `grid` is rectangular below its header. `sheet` is the name under which the sheet came. A head
    is a table of one row. `marks` are what the values alone do not show.
    """
    reading = _Reading(layout, grid, file, sheet, marks)
    header, columns = layout.columns(grid)
    reading.renamed()
    if layout.head:
        reading.head(layout.head_cells(grid, header))
    if layout.rows:
        reading.rows(header, columns)
    if marks:
        reading.findings += unseen(marks, reading.records, file, sheet)
    return reading.records, reading.findings


def missing_sheet(layout: Layout, file: str, free: Sequence[str] = ()) -> tuple[Records, list[Finding]]:
    """What stands for a sheet that is not there: a blank head, no rows, and the finding (F9).

    `free` are the names of sheets that were not taken for another; one may be meant.
    """
    sheet, at = layout.sheet, At(file, layout.sheet.title)
    records: Records = {sheet.rows_table: []} if sheet.rows else {}
    if sheet.head:
        blank = {question.name: question.blank for question in layout.head}
        records[sheet.head_table] = [{**blank, "place": Place(file, sheet.title, 0, {})}]
    meant = nearest(sheet.title, free)
    hint = f"工作表「{meant}」是不是更名而來？" if meant else ""
    return records, [Finding(catalogue.F9_NO_SHEET, at, {"sheet": sheet.title, "hint": hint})]


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
        labels = {name: (row, column - 1) for name, (row, column) in found.items()}
        self.other_labels(self.layout.head, labels)
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
        self.other_labels(self.layout.rows, {name: (header, column) for name, column in columns.items()})
        letters = {name: letter(column) for name, column in columns.items()}
        telling = [column for name, column in columns.items() if name in self.layout.telling]
        order = [columns.get(question.name) for question in self.layout.rows]
        sums, blank = Sums(), 0
        for number, row in enumerate(self.grid[header + 1 :], header + 2):
            if not (_filled(row, telling) or self._marked(telling, number)):
                blank += 1
                continue
            place = Place(self.file, self.sheet, number, letters)
            if kind := foot(row, blank):
                self._foot(kind, row, columns, place, sums)
            else:
                raw = [NOWHERE if column is None else row[column] for column in order]
                table.append(self._record(self.layout.rows, raw, place))
                sums.add(table[-1], self.layout.summed)
            blank = 0
        if not table and self.layout.sheet.rows_required:
            self._no_rows(header, min(columns.values()))

    def _foot(
        self, kind: Foot, row: Sequence[Raw], columns: Mapping[str, int], place: Place, sums: Sums
    ) -> None:
        """Hold a total against the sums (F16); say what else was passed over (F17)."""
        if kind in (Foot.NOTE, Foot.STRAY):
            index = next(index for index, cell in enumerate(row) if not is_blank(cell))
            at = At(self.file, self.sheet, letter(index), place.row)
            self.findings.append(Finding(catalogue.F17_NOT_A_ROW, at, {"read": text(row[index])}))
            return
        for question in self.layout.rows:
            name = question.name
            differs = (
                sums.differs(name, row[columns[name]])
                if name in self.layout.summed and name in columns
                else None
            )
            if differs:
                facts = {"label": question.field.label, "read": differs[0], "sum": differs[1]}
                self.findings.append(Finding(catalogue.F16_TOTAL, place.at(name), facts))
        sums.part.clear()

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
            if self.marks.since_1904 and question.field.kind.dated:
                cell = from_1904(cell)
            record[question.name], fault = question.answer(cell)
            if self.marks and (cell is None or cell == ""):
                fault = self.marks.fault(question.field, place.at(question.name).cell) or fault
            if fault:
                self.findings.append(Finding(fault.kind, place.at(question.name), fault.facts))
        record["place"] = place
        return record

    def _marked(self, telling: Sequence[int], row: int) -> bool:
        """Whether a cell that would make the row a record holds an error or an uncalculated formula."""
        return bool(self.marks) and any(self.marks.stands_in(f"{letter(at)}{row}") for at in telling)

    def _missing(self, questions: Sequence[Question], found: Mapping[str, object], row: int) -> None:
        """F8 for each needed label that is not there, with the one at its place that is like it."""
        at = At(self.file, self.sheet, "", row)
        for question in questions:
            if question.unanswered and question.name not in found:
                label = question.field.label
                hint = _meant_label(label, self._strange_labels(questions, row))
                facts = {"sheet": self._title(), "label": label, "hint": hint}
                self.findings.append(Finding(catalogue.F8_NO_COLUMN, at, facts))

    def _strange_labels(self, questions: Sequence[Question], row: int) -> list[str]:
        """The words that stand where labels do and are none of this sheet's."""
        known = {**self.layout.head_keys, **self.layout.row_keys}
        if row:
            there = self.grid[row - 1]
        else:
            there = [
                line[column] for line in self.grid[:HEADER_WITHIN] for column in range(min(2, len(line)))
            ]
        words = [cell for cell in there if isinstance(cell, str) and 1 < len(cell) <= LONGEST_LABEL]
        return [one for one in map(text, words) if label_key(one) not in known]

    def renamed(self) -> None:
        """Say that a sheet of another name was taken for this one (F13)."""
        title = self.layout.sheet.title
        if self.sheet and key(self.sheet) != key(title):
            facts = {"label": "工作表名稱", "read": self.sheet, "value": title}
            self.findings.append(Finding(catalogue.F13_UNDERSTOOD, At(self.file, self.sheet), facts))

    def other_labels(self, questions: Sequence[Question], found: Mapping[str, tuple[int, int]]) -> None:
        """Say which columns bear another of their names (F13); the ministry's own lists may."""
        for question in questions if self.sheet else ():
            if question.name in found:
                row, column = found[question.name]
                words = self.grid[row][column]
                if label_key(words) != label_key(question.field.label):
                    facts = {"label": "欄位名稱", "read": text(words), "value": question.field.label}
                    at = At(self.file, self.sheet, letter(column), row + 1)
                    self.findings.append(Finding(catalogue.F13_UNDERSTOOD, at, facts))

    def _no_rows(self, header: int, column: int) -> None:
        at = At(self.file, self.sheet, letter(column), header + 2)
        self.findings.append(Finding(catalogue.F10_NO_ROWS, at, {"sheet": self._title()}))

    def _title(self) -> str:
        return self.sheet or self.layout.sheet.title


def _meant_label(label: str, words: Sequence[str]) -> str:
    meant = nearest(label, words)
    return f"「{meant}」是不是應為「{label}」？" if meant else ""


def _filled(row: Sequence[Raw], telling: Sequence[int]) -> bool:
    return any(row[column] != "" and not is_blank(row[column]) for column in telling)
