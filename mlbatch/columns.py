"""A table that people read (清單): columns declared once, written with clause, head, filter and widths.

Every listing looks the same: title, subtitle, a row of clauses, the header, the rows. Numbers stand
right, text wraps, and a column is as wide as its words need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pandas import NA

from mlbatch.repeated import Repeated
from mlbatch.sheet import Page, column_letter, display_width
from mlbatch.workbook_xml import Spelt

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


def listing(
    page: Page,
    columns: Sequence[Column],
    rows: Sequence[Row],
    freeze: int = 0,
    beside: Sequence[Repeated] = (),
) -> int:
    """Write the clauses, the header and the rows of a sheet; returns the last row, from 0.

    `freeze` columns stay in sight while the reader moves right. Of no rows an empty one is the last, so that
    sums below are sums over it and never over themselves. The last columns show the cells `beside`, which repeat
    from row to row, and not what they say of a row.
    """
    for number, column in enumerate(columns):
        page.text(CITES, number, column.cite, "cite")
    page.header(HEADER, [column.label for column in columns])
    own = columns[: len(columns) - len(beside)]
    widths = [_width(column, rows) for column in own] + [column.width for column in columns[len(own) :]]
    page.worksheet.set_row(HEADER, LINE * max(map(_lines, columns, widths)))
    page.widths(widths)
    last = max(HEADER + 1, body(page, HEADER + 1, own, rows, widths[: len(own)], beside))
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


def body(
    page: Page,
    top: int,
    columns: Sequence[Column],
    rows: Sequence[Row],
    widths: Sequence[int],
    beside: Sequence[Repeated] = (),
) -> int:
    """Write rows from row `top` on, each as high as its words need, and the cells `beside` them; returns the last row, from 0."""
    heights = [LINE] * len(rows)
    spelt = []
    for place, (column, width) in enumerate(zip(columns, widths, strict=False)):
        cells, words = (
            _links(page, top, place, column, rows)
            if column.style == "link"
            else _spelt(page, top, column, rows)
        )
        high = {one: LINE * -(-display_width(one) // width) for one in set(words)}
        heights = list(map(max, heights, map(high.__getitem__, words)))
        spelt.append(cells)
    page.rows(top, spelt, heights, beside)
    return top + len(rows) - 1


def _spelt(page: Page, top: int, column: Column, rows: Sequence[Row]) -> tuple[Spelt, list[str]]:
    """The cells of a column, and of each the words that wrap."""
    shape = cache(lambda style: page.book.format(style, **ASIDE.get(style, {})))
    known: dict[tuple[str, object], str] = {}  # most values stand in many rows
    tails, shown, wrapped = [], [], []
    for number, row in enumerate(rows, top + 1):
        value, style, words = column.of(row), column.style_of(row), ""
        formula = column.formula(number) if column.formula else ""
        if style in NUMBERS and value is not None:
            value = float(value)
        if formula:
            value = "" if value is None else value
            tail = page.spelt_formula(formula, value, shape(style))
        elif style in NUMBERS:
            if (tail := known.get((style, value))) is None:
                known[style, value] = tail = page.spelt_figure(value, shape(style))
        else:
            value = words = _shown(value)
            if (tail := known.get((style, words))) is None:
                known[style, words] = tail = page.spelt_text(words, shape(style))
        tails.append(tail)
        shown.append(value)
        wrapped.append(words)
    return Spelt(tails, shown), wrapped


def _links(page: Page, top: int, place: int, column: Column, rows: Sequence[Row]) -> tuple[Spelt, list[str]]:
    """The same of a column of links, which are written one by one."""
    pairs = [column.of(row) for row in rows]
    for number, (target, words) in enumerate(pairs, top):
        (page.link(number, place, target, words) if target else page.text(number, place, words))
    words = [words for _, words in pairs]
    return Spelt([page.taken(number, place) for number in range(top, top + len(rows))], words), words


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
