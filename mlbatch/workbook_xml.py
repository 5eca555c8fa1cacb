"""A workbook's cells as XML, written fast (試算表之寫出): the same bytes as xlsxwriter's own writer.

xlsxwriter looks at every cell a dozen times: whether its place was given as a letter, whether its formula
needs one of thirty prefixes, which sort of cell it is, what its attributes escape to. Here each sort of
cell that `sheet.py` writes has its one spelling; whatever is none of them goes xlsxwriter's way. Rows of listings are
spelt whole, column by column (docs/decisions/0048): the same cells, whose texts have other numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat
from math import isfinite

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    RowInfo,
    Worksheet,
)

from mlbatch import repeated
from mlbatch.repeated import Repeated
from mlbatch.workbook_package import Package

FUNCTION = re.compile(r"([A-Z][A-Z.]*)\(")
DIGITS = b"0123456789"
# Functions of Excel 2007 that our formulas use: they stand in a file without a prefix.
NAMES = """ABS AND CHAR CHOOSE CODE COLUMN COLUMNS COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS DATE DAY EOMONTH EXACT FIND IF IFERROR INDEX
    INT ISBLANK ISERROR ISNUMBER ISTEXT LEFT LEN LOOKUP LOWER MATCH MAX MID MIN MOD MONTH N NOT OR RANK REPT RIGHT ROUND
    ROUNDDOWN ROUNDUP ROW ROWS SEARCH SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT T TEXT TRIM TRUNC UPPER VALUE VLOOKUP YEAR"""
OLD_FUNCTIONS = frozenset(NAMES.split())
SHORT = 16_000  # characters of a text that is no trouble for any cell
TYPE = 18  # characters behind a cell's address within which its type is told
AT_ONCE = 4_000  # rows that are put together at a time
BLOCK = 16  # rows of which xlsxwriter tells the first and the last column together
ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
PLAIN = Worksheet()
TO_ESCAPE = re.compile("[&<>]")


SpeltRow = tuple[int, int, bytes, Iterator[bytes]]


class SheetXml(Worksheet):
    """One sheet. Cells are kept as xlsxwriter keeps them, so that its charts and its other parts see them.

    Whole rows of a listing are spelt when they are written: `spelt` has of each its height in pixels, its number of cells,
    these, and whence those come that repeat from row to row.
    """

    def __init__(self) -> None:
        super().__init__()
        self.spelt: dict[int, SpeltRow] = {}  # bytes: one character of our formulas would double a row
        self.blocks: list[tuple[range, Sequence[Sequence[object]]]] = []  # their values, by column

    def write_string(self, row, col, string, cell_format=None):
        """Write text; see `Worksheet.write_string`."""
        if cell_format is None or len(string) > SHORT or self._outside(row, col):
            return self._write_string(row, col, string, cell_format)
        strings = self.str_table
        index = strings.string_table.setdefault(string, strings.unique_count)
        strings.count += 1
        strings.unique_count += index == strings.unique_count
        self.table[row][col] = CellStringTuple(index, cell_format)
        return 0

    def write_number(self, row, col, number, cell_format=None):
        """Write a number; see `Worksheet.write_number`."""
        plain = number.__class__ in (int, float) and isfinite(number)
        if not plain or cell_format is None or self._outside(row, col):
            return self._write_number(row, col, number, cell_format)
        self.table[row][col] = CellNumberTuple(number, cell_format)
        return 0

    def write_blank(self, row, col, blank, cell_format=None):
        """Write an empty cell; see `Worksheet.write_blank`."""
        if cell_format is None or self._outside(row, col):
            return self._write_blank(row, col, blank, cell_format)
        self.table[row][col] = CellBlankTuple(cell_format)
        return 0

    def write_formula(self, row, col, formula, cell_format=None, value=0):
        """Write a formula; see `Worksheet.write_formula`."""
        if cell_format is None or not _is_old(formula) or self._outside(row, col):
            return self._write_formula(row, col, formula, cell_format, value)
        self.table[row][col] = CellFormulaTuple(formula[1:], cell_format, value)
        return 0

    def write_rows(
        self, top: int, columns: Sequence[Spelt], heights: Sequence[float], beside: Sequence[Repeated] = ()
    ) -> None:
        """Write whole rows from row `top` on, each from the first column, so many points high; `beside` stand to the right.

        They are spelt at once, and nothing can be written in their cells any more.
        """
        width = len(columns) + len(beside)
        if not heights or self._check_dimensions(top, 0):
            return
        self._check_dimensions(top + len(heights) - 1, width - 1)
        begun = [f'<c r="{_letters(place)}' for place in range(len(columns))]
        to_the_right = self._repeated(beside, len(columns), range(top + 1, top + 1 + len(heights)))
        for first in range(0, len(heights), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            numbers = range(top + first + 1, top + 1 + len(heights))
            cells = (
                [f'{begin}{number}"{tail}' for number, tail in zip(numbers, column.tails[part], strict=False)]
                for begin, column in zip(begun, columns, strict=True)
            )
            rows = map("".join, zip(*cells, strict=True))
            for number, height, row in zip(numbers, heights[part], rows, strict=False):
                self.spelt[number - 1] = int(height * 4.0 / 3.0 + 0.5), width, row.encode(), to_the_right
        values = [*(column.values for column in columns), *(column.values for column in beside)]
        self.blocks.append((range(top, top + len(heights)), values))
        self.str_table.count += sum(' t="s"' in tail[:TYPE] for column in columns for tail in column.tails)

    def _repeated(self, columns: Sequence[Repeated], first: int, numbers: range) -> Iterator[bytes]:
        """What repeats in rows of these numbers, from the column `first` on; spelt as the rows are written."""
        if not columns:
            yield from repeat(b"")
        cells = (
            repeated.Cell(
                _letters(place), _style(one.form), one.formula and self._escaped_formula(one.formula)
            )
            for place, one in enumerate(columns, first)
        )
        yield from repeated.rows(repeated.pattern(cells), numbers, [one.values for one in columns])

    def _escaped_formula(self, formula: str) -> str:
        return _escaped(self._prepare_formula(formula))

    def spelt_text(self, text: str, form: Format) -> str:
        """A cell of a row that is written whole, behind its address: text, or blank if it is empty."""
        if not text:
            return f' s="{_style(form)}"/>'
        strings = self.str_table
        index = strings.string_table.setdefault(text, strings.unique_count)
        strings.unique_count += index == strings.unique_count
        return f' s="{_style(form)}" t="s"><v>{index}</v></c>'

    def spelt_number(self, value: float | None, form: Format) -> str:
        """The same of a number, or blank if there is none."""
        if value is None:
            return f' s="{_style(form)}"/>'
        if not isfinite(value):
            raise ValueError(f"{value} is no number of a cell")
        return f' s="{_style(form)}"><v>{value:.16G}</v></c>'

    def spelt_formula(self, formula: str, value: float | str, form: Format) -> str:
        """The same of a formula, with its value."""
        cell = CellFormulaTuple(self._prepare_formula(formula), form, value)
        if not (spelt := _formula(cell, f' s="{_style(form)}"')):
            raise TypeError(f"{value!r} is no value of a formula")
        return spelt

    def taken(self, row: int, column: int) -> str:
        """The same of a cell that was written by itself, and is taken out of its row."""
        cell = self.table[row].pop(column)
        self.str_table.count -= isinstance(cell, CellStringTuple)
        return SPELLINGS[cell.__class__](cell, f' s="{_style(cell.format)}"')

    def _get_range_data(self, row_start, col_start, row_end, col_end):
        """What a chart shows of a range; see `Worksheet._get_range_data`."""
        for rows, columns in self.blocks:
            if row_start in rows:
                part = slice(row_start - rows.start, row_end + 1 - rows.start)
                shown = zip(*(values[part] for values in columns[col_start : col_end + 1]), strict=True)
                return [_charted(value) for row in shown for value in row]
        return super()._get_range_data(row_start, col_start, row_end, col_end)

    def _size_row(self, row: int, anchor=0):
        """The height of a row in pixels; see `Worksheet._size_row`."""
        return self.spelt[row][0] if row in self.spelt else super()._size_row(row, anchor)

    def _outside(self, row: int, col: int) -> bool:
        """Whether a cell lies outside the sheet; one within it widens what is known to be filled."""
        if self.dim_rowmax is not None and self.dim_colmax is not None:
            known = self.dim_rowmin <= row <= self.dim_rowmax and self.dim_colmin <= col <= self.dim_colmax
            if known:
                return False
        return bool(self._check_dimensions(row, col))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """A formula without its sign; xlsxwriter looks in each for thirty functions newer than Excel 2007."""
        if _is_old(formula):
            return formula[1:]
        return _prepared(formula, expand_future_functions or self.use_future_functions)

    def _write_rows(self) -> None:
        """The rows between the first and the last, as xlsxwriter writes them."""
        self._calculate_spans()
        rows = sorted({*self.table, *self.row_info, *self.comments, *self.spelt})
        for number in rows:
            if self.dim_rowmin <= number <= self.dim_rowmax:
                self._write_one(number)

    def _write_one(self, number: int) -> None:
        cells, info = self.table.get(number), self.row_info.get(number)
        span = self.row_spans.get(number // BLOCK)
        if number in self.spelt:
            self._write_spelt(number, span, cells)
        elif cells:
            self._begin_row(number, span, info)
            self._write_cells(number, cells)
            self.fh.write("</row>")
        elif info or number in self.comments:
            self._write_empty_row(number, span, info)

    def _write_spelt(self, number: int, span: str, cells: Mapping | None) -> None:
        """A row that was spelt, and what else stands to the right of it."""
        height, width, row, beside = self.spelt.pop(number)  # a national sheet is not held twice
        if number in self.row_info or (cells and min(cells) < width):
            raise ValueError(f"row {number} was written before")
        begun = f'<row r="{number + 1}" spans="{span}"{_height(height)}>'
        if cells:
            self.fh.write_bytes(b"%b%b%b" % (begun.encode(), row, next(beside)))
            self._write_cells(number, cells)
            self.fh.write("</row>")
        else:
            self.fh.write_bytes(b"%b%b%b</row>" % (begun.encode(), row, next(beside)))

    def _begin_row(self, number: int, span: str, info: RowInfo | None) -> None:
        """The row's tag; one with more than a height goes xlsxwriter's way."""
        odd = info and (info.row_format or info.hidden or info.level or info.collapsed)
        if odd or not self._has_usual_rows:
            return self._write_row(number, span, info)
        high = _height(info.height) if info and info.height not in (None, self.default_row_height) else ""
        self.fh.write(f'<row r="{number + 1}" spans="{span}"{high}>')

    @property
    def _has_usual_rows(self) -> bool:
        return self.default_row_height == self.original_row_height and self.excel_version == 2007

    def _write_cells(self, number: int, cells: Mapping) -> None:
        write, row = self.fh.write, str(number + 1)
        for column, cell in sorted(cells.items()) if _is_mixed(cells) else cells.items():
            spell, form = SPELLINGS.get(cell.__class__), cell.format
            if not spell or not form:
                self._write_cell(number, column, cell)
                continue
            if spelt := spell(cell, f'<c r="{_letters(column)}{row}" s="{_style(form)}"'):
                write(spelt)
            else:
                self._write_cell(number, column, cell)

    def _calculate_spans(self) -> None:
        """The first and the last column of each sixteen rows."""
        found: dict[int, list[int]] = {}
        for held in (self.table, self.comments):
            for number, cells in held.items():
                if cells and self.dim_rowmin <= number <= self.dim_rowmax:
                    found.setdefault(number // BLOCK, []).extend((min(cells), max(cells)))
        for number, (_, width, *_) in self.spelt.items():
            found.setdefault(number // BLOCK, []).extend((0, width - 1))
        self.row_spans = {block: f"{min(ends) + 1}:{max(ends) + 1}" for block, ends in found.items()}


@dataclass(frozen=True)
class Spelt:
    """One column of rows that are written whole: what stands behind the address of each cell, and its value."""

    tails: Sequence[str]
    values: Sequence[object]


def _style(form: Format) -> int:
    return form._get_xf_index() if form.xf_index is None else form.xf_index


def _charted(value: object) -> object:
    """A value as xlsxwriter's charts are told of it."""
    if value is None:
        return ""
    return f"{value:.16g}" if isinstance(value, int | float) else value


def _is_mixed(cells: Iterable[int]) -> bool:
    """Whether the columns of a row were not written from left to right."""
    before = -1
    for column in cells:
        if column < before:
            return True
        before = column
    return False


def _is_old(formula: str) -> bool:
    """Whether a formula stands in a file as it is, without its sign."""
    plain = bool(formula) and formula[0] == "=" and formula[-1] != "}"
    return plain and _has_old_functions(formula.encode().translate(None, DIGITS))


@lru_cache(maxsize=65_536)
def _has_old_functions(formula: bytes) -> bool:
    """The same of a formula without digits, which is the same in row after row."""
    return OLD_FUNCTIONS.issuperset(FUNCTION.findall(formula.decode()))


@lru_cache(maxsize=65_536)
def _prepared(formula: str, newer: bool) -> str:
    return PLAIN._prepare_formula(formula, newer)


@cache
def _height(pixels: float) -> str:
    return f' ht="{pixels * 0.75:.16g}" customHeight="1"'


@cache
def _letters(column: int) -> str:
    return xl_col_to_name(column)


def _string(cell: CellStringTuple, begun: str) -> str:
    return f'{begun} t="s"><v>{cell.string}</v></c>'


def _number(cell: CellNumberTuple, begun: str) -> str:
    return f"{begun}><v>{cell.number:.16G}</v></c>"


def _blank(cell: CellBlankTuple, begun: str) -> str:
    return f"{begun}/>"


def _formula(cell: CellFormulaTuple, begun: str) -> str:
    """A formula with its value: text says so, unless it is empty; other sorts go xlsxwriter's way."""
    value = cell.value
    if value.__class__ is str:
        sort = ' t="e"' if value in ERRORS else ' t="str"' if value else ""
        value = _escaped(value)
    elif value.__class__ not in (int, float):
        return ""
    else:
        sort = ""
    return f"{begun}{sort}><f>{_escaped(cell.formula)}</f><v>{value}</v></c>"


SPELLINGS = {
    CellStringTuple: _string,
    CellNumberTuple: _number,
    CellBlankTuple: _blank,
    CellFormulaTuple: _formula,
}


def _escaped(text: str) -> str:
    if not TO_ESCAPE.search(text):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class BookXml(Workbook):
    """One workbook, whose sheets and shared strings are written fast."""

    worksheet_class = SheetXml

    def _get_packager(self) -> Packager:
        return Package()
