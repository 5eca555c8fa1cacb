"""The one way to put things into a cell (試算表寫出): typed, cleaned, and the same bytes each time.

Text always goes in as text, with the format `@` and a quote prefix, so that nothing a sender
typed can become a formula or a link. Formats are made once per book. Workbooks carry a fixed
creation date.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from mlbatch import roc
from mlbatch.repeated import Repeated
from mlbatch.workbook_xml import BookXml, SheetXml, Spelt

FONT = "微軟正黑體"
MADE = datetime(2018, 1, 1)
LONGEST = 32_767  # characters that a cell can hold
A4 = 9

# Control characters, lone surrogates and direction marks that have no business in a cell.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

INK, PAPER, ACCENT, QUIET, LINE = "#1F2933", "#FFFFFF", "#1F4E79", "#F1F4F8", "#B8C2CC"
TEXT = {"num_format": "@", "quote_prefix": True, "text_wrap": True}
CELL = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"}
BOX = {**CELL, "border": 1, "border_color": LINE}

STYLES: dict[str, dict] = {
    "title": {**CELL, **TEXT, "text_wrap": False, "bold": True, "font_size": 16, "font_color": ACCENT},
    "subtitle": {**CELL, **TEXT, "text_wrap": False, "font_color": "#52606D"},
    "section": {**CELL, **TEXT, "text_wrap": False, "bold": True, "font_size": 13, "font_color": ACCENT},
    "plain": {**CELL, **TEXT},
    "head": {**BOX, **TEXT, "bold": True, "align": "center", "bg_color": ACCENT, "font_color": PAPER},
    "cite": {**BOX, **TEXT, "align": "center", "font_size": 9, "bg_color": QUIET, "font_color": "#52606D"},
    "label": {**BOX, **TEXT, "bold": True, "bg_color": QUIET},
    "text": {**BOX, **TEXT},
    "center": {**BOX, **TEXT, "align": "center"},
    "code": {**BOX, **TEXT, "text_wrap": False, "align": "center"},
    "whole": {**BOX, "num_format": "#,##0", "align": "right"},
    "money": {**BOX, "num_format": "#,##0", "align": "right"},
    "score": {**BOX, "num_format": "0.00", "align": "right"},
    "percent": {**BOX, "num_format": '0"%"', "align": "right"},
    "total": {**BOX, "num_format": "#,##0", "align": "right", "bold": True, "bg_color": QUIET},
    "total_text": {**BOX, **TEXT, "bold": True, "bg_color": QUIET},
    "link": {**BOX, "font_color": "#0B5CAD", "underline": 1, "text_wrap": True},
    # How much is owing; ✓ where nothing is.
    "none": {**BOX, "num_format": '0;-0;"✓"', "align": "center", "font_color": "#14532D"},
    "owing": {**BOX, "num_format": "0", "align": "center"},
    "owing_late": {**BOX, "num_format": "0", "align": "center", "bg_color": "#F5C6C6", "font_color": "#7F1D1D", "bold": True},
    # Status by word and colour: each also tells apart in greyscale, by weight and shade.
    "good": {**BOX, **TEXT, "align": "center", "bg_color": "#E3F4E8", "font_color": "#14532D"},
    "warn": {**BOX, **TEXT, "align": "center", "bg_color": "#FFF1C9", "font_color": "#7A4B00", "bold": True},
    "bad": {**BOX, **TEXT, "align": "center", "bg_color": "#F5C6C6", "font_color": "#7F1D1D", "bold": True},
    "info": {**BOX, **TEXT, "align": "center", "bg_color": "#DCE9F7", "font_color": "#1F4E79"},
}  # fmt: skip


HEADING_HEIGHTS = (26, 18)


def clean(value: object) -> str:
    """The text that may go into a cell: no unprintable characters, at most what a cell holds."""
    text = str(value)
    return text if text.isprintable() and len(text) <= LONGEST else UNPRINTABLE.sub("", text)[:LONGEST]


def display_width(text: str) -> int:
    """The width of `text` in half-width characters: a Chinese character counts two."""
    return len(text) if text.isascii() else _display_width(text)


@lru_cache(maxsize=65_536)
def _display_width(text: str) -> int:
    return sum(map(_width, text))


@lru_cache(maxsize=65_536)
def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def column_letter(index: int) -> str:
    """The letter of the column at `index`, from 0: 0 → A, 26 → AA."""
    return xl_col_to_name(index)


class Book:
    """One workbook in memory. `properties` must hold no personal data."""

    def __init__(self, title: str, styles: Mapping[str, dict] | None = None) -> None:
        self._buffer = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.workbook = BookXml(self._buffer, options)
        self.workbook.set_properties({"title": title, "created": MADE, "author": "", "company": ""})
        self.workbook.set_calc_mode("auto")
        self._styles = {**STYLES, **(styles or {})}
        self._formats: dict = {}

    def format(self, style: str, **changes: object) -> Format:
        """The format of a named style with `changes`, made once per book."""
        key = (style, *sorted(changes.items())) if changes else style
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({**self._styles[style], **changes})
        return self._formats[key]

    def page(self, name: str, *, landscape: bool = True) -> Page:
        """A new sheet called `name`, set up for A4."""
        return Page(self, self.workbook.add_worksheet(name), landscape)

    def name(self, name: str, place: str) -> None:
        """Define a name for a cell: `book.name("每班經費", "'參數'!$C$5")`."""
        self.workbook.define_name(name, f"={place}")

    def save(self) -> bytes:
        """Close the book and return its bytes."""
        self.workbook.close()
        return self._buffer.getvalue()


def _fills(number: int) -> list[dict]:
    """How the parts of a bar look: shades of one colour, the last hatched."""
    shades = ("#1F4E79", "#8FB3D9", "#C9D6E3")[: number - 1]
    hatched = {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#B91C1C", "bg_color": PAPER}}
    return [*({"fill": {"color": shade}} for shade in shades), hatched]


class Page:
    """One sheet. Rows and columns count from 0, as in xlsxwriter."""

    def __init__(self, book: Book, worksheet: SheetXml, landscape: bool) -> None:
        self.book, self.worksheet = book, worksheet
        worksheet.set_paper(A4)
        (worksheet.set_landscape if landscape else worksheet.set_portrait)()
        worksheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        worksheet.fit_to_pages(1, 0)
        worksheet.hide_gridlines(2)
        worksheet.set_footer("&L&A&R第 &P 頁，共 &N 頁")

    def text(self, row: int, column: int, value: object, style: str = "text", **changes: object) -> None:
        """Write `value` as text, whatever it looks like; None as an empty cell."""
        self.words(row, column, value, self.book.format(style, **changes))

    def words(self, row: int, column: int, value: object, form: Format) -> None:
        """Write `value` as text in a format of the book, made once for many cells."""
        words = "" if value is None else clean(value)
        if words:
            self.worksheet.write_string(row, column, words, form)
        else:
            self.worksheet.write_blank(row, column, None, form)

    def number(self, row: int, column: int, value: object, style: str = "whole", **changes: object) -> None:
        """Write a number; None as an empty cell."""
        self.figure(row, column, value, self.book.format(style, **changes))

    def figure(self, row: int, column: int, value: object, form: Format) -> None:
        """Write a number in a format of the book, made once for many cells."""
        if value is None or value != value:  # NaN differs from itself
            self.worksheet.write_blank(row, column, None, form)
        else:
            self.worksheet.write_number(row, column, value, form)

    def formula(
        self,
        row: int,
        column: int,
        formula: str,
        value: object,
        style: str = "money",
        **changes: object,
    ) -> None:
        """Write a live formula with the value that it has now."""
        self.worksheet.write_formula(row, column, formula, self.book.format(style, **changes), value)

    def rows(
        self, top: int, columns: Sequence[Spelt], heights: Sequence[float], beside: Sequence[Repeated] = ()
    ) -> None:
        """Write whole rows from row `top` on, so many points high; their cells are spelt by the methods below.

        To the right of them stand the cells `beside`, which repeat from row to row.
        """
        self.worksheet.write_rows(top, columns, heights, beside)

    def spelt_text(self, words: str, form: Format) -> str:
        """A cell of a row that is written whole: text, whatever it looks like."""
        return self.worksheet.spelt_text(clean(words), form)

    def spelt_figure(self, value: float | None, form: Format) -> str:
        """The same of a number; None gives an empty cell."""
        return self.worksheet.spelt_number(value, form)

    def spelt_formula(self, formula: str, value: float | str, form: Format) -> str:
        """The same of a live formula with the value that it has now."""
        return self.worksheet.spelt_formula(formula, value, form)

    def taken(self, row: int, column: int) -> str:
        """The same of a cell that was written by itself."""
        return self.worksheet.taken(row, column)

    def day(self, row: int, column: int, value: date | None, style: str = "center") -> None:
        """Write a day as officials read it, 106.09.29."""
        self.text(row, column, roc.short(value) if value else "", style)

    def link(self, row: int, column: int, target: str, words: str) -> None:
        """Write a link within the workbook: `target` is like `'檢核結果'!A5`."""
        form = self.book.format("link")
        self.worksheet.write_url(row, column, f"internal:{target}", form, clean(words))

    def comment(self, row: int, column: int, words: str) -> None:
        """Put a comment on a cell; it bears no author."""
        size = {"x_scale": 2, "y_scale": max(1, len(words) / 60), "font_name": FONT, "font_size": 10}
        self.worksheet.write_comment(row, column, clean(words), {"author": "", **size})

    def span(self, row: int, first: int, last: int, style: str = "text", **changes: object) -> None:
        """Make one empty cell of the columns `first` to `last`; what is written to `first` fills it."""
        if last > first:
            self.worksheet.merge_range(row, first, row, last, "", self.book.format(style, **changes))

    def heading(self, title: str, subtitle: str) -> None:
        """Write a sheet's title and the line beneath it, in rows high enough for them."""
        for row, (words, style) in enumerate(((title, "title"), (subtitle, "subtitle"))):
            self.worksheet.set_row(row, HEADING_HEIGHTS[row])
            self.text(row, 0, words, style)

    def bars(self, row: int, title: str, names: str, parts: str, head: int, last: int) -> int:
        """Put a chart of stacked bars at `row`: a bar a row below `head` up to `last`, named by the column `names`.

        `parts` are the columns of the parts, what is good first; the last is hatched, so that it shows in greyscale. Returns the rows it covers.
        """
        sheet, chart = (
            self.worksheet.get_name(),
            self.book.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"}),
        )
        for letter, fill in zip(parts, _fills(len(parts)), strict=True):
            chart.add_series({
                "name": f"='{sheet}'!${letter}${head + 1}", "categories": f"='{sheet}'!${names}${head + 2}:${names}${last + 1}",
                "values": f"='{sheet}'!${letter}${head + 2}:${letter}${last + 1}", "gap": 40, **fill,
            })  # fmt: skip
        chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12}})
        chart.set_y_axis({"reverse": True, "num_font": {"name": FONT}})
        chart.set_x_axis({"num_format": "0%"})
        chart.set_legend({"position": "bottom", "font": {"name": FONT}})
        height = 140 + 24 * (last - head)
        chart.set_size({"width": 860, "height": height})
        self.worksheet.insert_chart(row, 0, chart)
        return height // 20 + 1

    def header(self, row: int, labels: Sequence[str], style: str = "head") -> None:
        """Write a header row."""
        for column, label in enumerate(labels):
            self.text(row, column, label, style)

    def wide(self, pages: int, columns: int) -> None:
        """Print on so many pages side by side, the first `columns` columns on each of them."""
        self.worksheet.fit_to_pages(pages, 0)
        self.worksheet.repeat_columns(0, columns - 1)

    def widths(self, widths: Sequence[float]) -> None:
        """Set the columns' widths in half-width characters."""
        for column, width in enumerate(widths):
            self.worksheet.set_column(column, column, width + 1)

    def table(self, header_row: int, last_row: int, last_column: int, freeze_columns: int = 0) -> None:
        """Freeze and repeat the head, and let readers filter: header row to last row."""
        self.worksheet.freeze_panes(header_row + 1, freeze_columns)
        self.worksheet.repeat_rows(0, header_row)
        self.worksheet.autofilter(header_row, 0, max(last_row, header_row), last_column)
        self.worksheet.print_area(0, 0, max(last_row, header_row), last_column)
