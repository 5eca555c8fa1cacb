"""Where the fields stand (欄位位置): labels are looked for, since senders move columns and rows.

A head is a column of labels with the values to its right; a table is a row of labels with records
below. Labels match by their keys, without marks (＊, ：).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mlbatch.forms.answers import Question, question
from mlbatch.forms.cells import Raw, key
from mlbatch.forms.form import Field, Sheet

Grid = Sequence[Sequence[Raw]]
MARKS = re.compile(r"[*:]+")
LONGEST_LABEL = 60
HEADER_WITHIN = 200  # rows: a header stands near the top
LABELS_WITHIN = 6  # columns: the labels of a head stand near the left
ENOUGH = 2  # labels that make a row of words a header


@dataclass(frozen=True, eq=False)
class Layout:
    """A sheet made ready for reading many files: its questions, and its labels' keys → names."""

    sheet: Sheet
    head: tuple[Question, ...]
    rows: tuple[Question, ...]
    head_keys: Mapping[str, str]
    row_keys: Mapping[str, str]
    telling: frozenset[str]  # a row with a value in one of these is filled
    summed: tuple[str, ...]  # whole numbers, which a total may sum

    def likeness(self, grid: Grid) -> float:
        """How much of this sheet's labels `grid` shows, from 0 to 1."""
        header, columns = self.columns(grid)
        found = len(columns) + len(self.head_cells(grid, header))
        return found / (len(self.head) + len(self.rows))

    def columns(self, grid: Grid) -> tuple[int | None, dict[str, int]]:
        """The index of the header row, and field → column index; the best row, the first of equals."""
        header, best = None, {}
        for index, row in enumerate(grid[:HEADER_WITHIN] if self.rows else ()):
            found = _labels(row, self.row_keys)
            if len(found) > len(best):
                header, best = index, found
            if len(best) == len(self.rows):
                break
        return (header, best) if len(best) >= min(ENOUGH, len(self.rows)) else (None, {})

    def head_cells(self, grid: Grid, header: int | None) -> dict[str, tuple[int, int]]:
        """Field → (row index, column index) of the values of the head, above the header row."""
        above = grid[: HEADER_WITHIN if header is None else header]
        best: dict[str, tuple[int, int]] = {}
        for column in range(LABELS_WITHIN if self.head else 0):
            labels = [row[column] if column < len(row) else "" for row in above]
            found = _labels(labels, self.head_keys)
            if len(found) > len(best):
                best = {name: (row, column + 1) for name, row in found.items()}
            if len(best) == len(self.head):
                break
        return best


@lru_cache(maxsize=256)
def lay_out(sheet: Sheet) -> Layout:
    """The layout of a declared sheet."""
    fillable = {f.name for f in sheet.rows if not f.prefilled and not f.formula}
    identified = {
        f.name for f in sheet.rows if f.prefilled and f.kind is f.kind.CODE and not sheet.bit_by_bit
    }
    return Layout(
        sheet=sheet,
        head=tuple(map(question, sheet.head)),
        rows=tuple(map(question, sheet.rows)),
        head_keys=_keys(sheet.head),
        row_keys=_keys(sheet.rows),
        telling=frozenset(fillable | identified or {f.name for f in sheet.rows}),
        summed=tuple(f.name for f in sheet.rows if f.kind.numeric and not f.formula),
    )


@lru_cache(maxsize=16_384)
def label_key(words: str) -> str:
    """The key of a label: no spaces, no width, no marks."""
    return MARKS.sub("", key(words))


def _keys(fields: Sequence[Field]) -> dict[str, str]:
    return {label_key(words): field.name for field in fields for words in (*field.aliases, field.label)}


def _labels(cells: Sequence[Raw], names: Mapping[str, str]) -> dict[str, int]:
    """Field → index of the first cell that bears its label."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if isinstance(cell, str) and 0 < len(cell) <= LONGEST_LABEL:
            name = names.get(label_key(cell))
            if name is not None:
                found.setdefault(name, index)
    return found
