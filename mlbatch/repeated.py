"""Cells that repeat from row to row (逐列重複之儲存格): only the number of the row and the values are others.

Such cells are spelt once, as a pattern, and each row is the pattern filled in: a national comparison has a
million of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

ROW = "\0"  # stands in a formula for the number of its row, from 1


class Repeated(NamedTuple):
    """One column of such cells: whole numbers below 10¹⁵, and the formula of which they are the values, if any.

    `form` is a format of the book; `formula` begins with `=`, and has ROW where the number of its row belongs.
    """

    values: Sequence[int]
    form: object
    formula: str = ""


class Cell(NamedTuple):
    """Such a cell as it is spelt: the letters of its column, the number of its style, its formula escaped and without sign."""

    letters: str
    style: int
    formula: str


def pattern(cells: Iterable[Cell]) -> bytes:
    """The cells of a row, with ROW for its number and a place for each value."""
    return "".join(map(_spelt, cells)).encode()


def rows(spelt: bytes, numbers: Sequence[int], columns: Sequence[Sequence[int]]) -> Iterator[bytes]:
    """The cells of each row: its number, and its values of each column."""
    row = ROW.encode()
    for number, values in zip(numbers, zip(*columns, strict=True), strict=True):
        yield spelt.replace(row, b"%d" % number) % values


def _spelt(cell: Cell) -> str:
    begun = f'<c r="{cell.letters}{ROW}" s="{cell.style}">'
    if not cell.formula:
        return f"{begun}<v>%d</v></c>"
    formula = cell.formula.replace("%", "%%")
    return f"{begun}<f>{formula}</f><v>%d.0</v></c>"  # a formula's value is kept as a float
