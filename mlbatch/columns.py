"""A table that people read (清單): columns declared once, written with clause, head, filter and widths.

Every listing looks the same: title, subtitle, a row of clauses, the header, the rows. Numbers stand
right, text wraps, and a column is as wide as its words need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pandas import NA

from mlbatch.sheet import Page, column_letter, display_width

NUMBERS = {"whole", "money", "score", "percent", "total", "none", "owing", "owing_late"}
NARROWEST, WIDEST = 6, 36
LINE = 17  # points that one line of text needs
ASIDE = {"text": {"align": "left", "indent": 1}}  # words keep off the figures to their left
CITES, HEADER = 3, 4  # rows, from 0, of a listing that begins a sheet

Row = Mapping[str, object]


@dataclass(frozen=True)
class Column:
    """One column: label, what it shows of a row, its style, clause, and perhaps a live formula.

    A style of `link` shows a pair: the target within the workbook (may be empty) and its words.
    `value` is a row's key or a function of the row; `style` a name or a function of the row.
    `formula` gets the number of the sheet's row, from 1, and returns the formula whose present
    value is `value`; an empty one leaves the value as it is. A `width` of 0 is found from the words.
    """

    label: str
    value: str | Callable[[Row], object]
    style: str | Callable[[Row], str] = "text"
    cite: str = ""
    formula: Callable[[int], str] | None = None
    width: int = 0

    def of(self, row: Row) -> object:
        """What the column shows of a row; None for what is missing."""
        value = row.get(self.value) if isinstance(self.value, str) else self.value(row)
        return None if value is None or value is NA or value != value else value

    def style_of(self, row: Row) -> str:
        """The style of the column's cell in a row."""
        return self.style if isinstance(self.style, str) else self.style(row)


def waivers(rows: Sequence[Row]) -> list[Column]:
    """The column 豁免與裁示 of a list of schools, if any of them was waived something."""
    return [Column("豁免與裁示", "waived", width=34)] if any(row["waived"] for row in rows) else []


def begin(page: Page, title: str, subtitle: str) -> None:
    """Write a sheet's title and the line beneath it."""
    page.heading(title, subtitle)


def listing(page: Page, columns: Sequence[Column], rows: Sequence[Row], freeze: int = 0) -> int:
    """Write the clauses, the header and the rows of a sheet; returns the last row, from 0.

    `freeze` columns stay in sight while the reader moves right. Of no rows an empty one is the last, so that
    sums below are sums over it and never over themselves.
    """
    for number, column in enumerate(columns):
        page.text(CITES, number, column.cite, "cite")
    page.header(HEADER, [column.label for column in columns])
    widths = [_width(column, rows) for column in columns]
    page.worksheet.set_row(HEADER, LINE * max(map(_lines, columns, widths)))
    page.widths(widths)
    last = max(HEADER + 1, body(page, HEADER + 1, columns, rows, widths))
    page.table(HEADER, last, len(columns) - 1, freeze)
    return last


def totals(
    page: Page, columns: Sequence[Column], rows: Sequence[Row], last: int, summed: Sequence[str] = ("money",)
) -> int:
    """Write 合計 beneath the last row of a listing, sums of the columns whose style is in `summed`; returns its row, from 0."""
    end = last + 1
    page.worksheet.set_row(end, LINE)
    for number, column in enumerate(columns):
        if column.style not in summed:
            page.text(end, number, "合計" if number == 0 else "", "total_text")
            continue
        letter = column_letter(number)
        total = sum(int(column.of(row) or 0) for row in rows)
        page.formula(end, number, f"=SUM({letter}{HEADER + 2}:{letter}{end})", total, "total")
    page.worksheet.print_area(0, 0, end, len(columns) - 1)
    return end


def body(page: Page, top: int, columns: Sequence[Column], rows: Sequence[Row], widths: Sequence[int]) -> int:
    """Write rows from row `top` on, each as high as its words need; returns the last row, from 0."""
    cells = [_writer(page, place, *one) for place, one in enumerate(zip(columns, widths, strict=False))]
    for number, row in enumerate(rows, top):
        lines = 1
        for write in cells:
            lines = max(lines, write(number, row))
        page.worksheet.set_row(number, LINE * lines)
    return top + len(rows) - 1


def _writer(page: Page, place: int, column: Column, width: int) -> Callable[[int, Row], int]:
    """What writes a column's cell in a row of the sheet, and returns how many lines its words need."""
    if column.formula or column.style == "link":
        return lambda number, row: -(-display_width(_cell(page, number, place, column, row)) // width)
    if isinstance(column.style, str):
        return _plain_writer(page, place, column, width, column.style)
    writers: dict[str, Callable[[int, Row], int]] = {}

    def write(number: int, row: Row) -> int:
        style = column.style_of(row)
        if style not in writers:
            writers[style] = _plain_writer(page, place, column, width, style)
        return writers[style](number, row)

    return write


def _plain_writer(
    page: Page, place: int, column: Column, width: int, style: str
) -> Callable[[int, Row], int]:
    """The same for cells of one style, whose format is made once."""
    of, form = column.of, page.book.format(style, **ASIDE.get(style, {}))

    def figure(number: int, row: Row) -> int:
        value = of(row)
        page.figure(number, place, None if value is None else float(value), form)
        return 0

    def words(number: int, row: Row) -> int:
        shown = _shown(of(row))
        page.words(number, place, shown, form)
        return -(-display_width(shown) // width)

    return figure if style in NUMBERS else words


def _cell(page: Page, row: int, place: int, column: Column, of: Row) -> str:
    """Write one cell; returns its words, if it holds words that wrap."""
    value, style = column.of(of), column.style_of(of)
    if column.formula and (formula := column.formula(row + 1)):
        shown = float(value) if style in NUMBERS and value is not None else value
        page.formula(row, place, formula, "" if shown is None else shown, style)
    elif style == "link":
        target, words = value
        (page.link(row, place, target, words) if target else page.text(row, place, words))
        return words
    elif style in NUMBERS:
        page.number(row, place, None if value is None else float(value), style)
    else:
        page.text(row, place, value, style, **ASIDE.get(style, {}))
        return _shown(value)
    return ""


def _width(column: Column, rows: Sequence[Row]) -> int:
    if column.width:
        return column.width
    words = [display_width(part) for part in column.label.split("\n")]
    for row in rows[:400]:
        value = column.of(row)
        words.append(13 if column.style_of(row) == "money" else display_width(_shown(value)))
    return max(NARROWEST, min(WIDEST, max(words) + 2))


def _lines(column: Column, width: int) -> int:
    """The lines that a label needs in its column."""
    return sum(-(-display_width(part) // width) for part in column.label.split("\n"))


def _shown(value: object) -> str:
    return "" if value is None else str(value)
