"""One sheet of a form (表件工作表): title, head fields, header, rows, limits and print set-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mlbatch.forms import entry, hint, limits
from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.forms.lookup import Lookup
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page, display_width

Row = Mapping[str, object]
LAST_ROW = 9_999  # limits reach to here, for those who paste more rows than are drawn
HEAD_START = 2
PORTRAIT = 92  # half-width characters that stand well across A4 upright
LABEL_WIDTH, VALUE_WIDTH, LONG_WIDTH, HINT_WIDTH = 16, 40, 72, 34
LONG_LINES = 9
LINE, SMALL_LINE = 16.5, 13
NEED = {"bg_color": "#FFF1C9", "font_color": "#7A4B00", "bold": True}
MISSING = {"bg_color": "#FFF8E1"}
OPTIONAL_HEAD = {"bg_color": "#66788A"}


@dataclass(frozen=True)
class Drawing:
    """What the sheets of one workbook have in common.

    `place_choices` gives the range in which a long drop-down stands.
    """

    book: Book
    form: Form
    plan: Plan
    values: Mapping[str, Sequence[Row]]
    lookups: Mapping[str, Lookup]
    place_choices: Callable[[Field], str]

    def draw(self, sheet: Sheet) -> None:
        """Draw one sheet."""
        widths = _widths(sheet)
        page = self.book.page(sheet.title, landscape=sum(widths) > PORTRAIT)
        page.widths(widths)
        self._title(page, sheet, widths)
        header = self._head(page, sheet, widths)
        if sheet.rows:
            self._rows(page, sheet, widths, header)
        else:
            page.worksheet.print_area(0, 0, header - 2, len(widths) - 1)
            page.worksheet.freeze_panes(HEAD_START, 0)

    def _title(self, page: Page, sheet: Sheet, widths: Sequence[int]) -> None:
        part = "" if sheet.title == self.form.title else f"　{sheet.title}"
        page.text(0, 0, f"{self.plan.year}年 {self.form.title}{part}", "title")
        page.worksheet.set_row(0, 26)
        words = f"{self.form.filled_by}填寫。{_instruction(sheet)}各欄說明見「說明」工作表；欄位名稱請勿更改。"
        page.across(1, 0, len(widths) - 1, words, "subtitle", text_wrap=True)
        page.worksheet.set_row(1, LINE * _lines(words, sum(widths)) + 2)

    def _head(self, page: Page, sheet: Sheet, widths: Sequence[int]) -> int:
        """Write the head fields; return the row in which the header of the rows belongs."""
        given = next(iter(self.values.get(sheet.head_table, ())), {})
        last = _value_end(sheet, widths)
        for row, field in enumerate(sheet.head, HEAD_START):
            page.text(row, 0, field.label, "label")
            page.merge(row, 1, last, entry.style(field))
            left = {} if entry.style(field) == "code" else {"align": "left"}
            entry.put(page, row, 1, field, given.get(field.name), **left)
            self._head_hint(page, row, last + 1, len(widths) - 1, field, given)
            self._limit(page, (row, 1, row, 1), field)
        after = HEAD_START + len(sheet.head)
        if sheet.rows and sheet.head:
            page.worksheet.set_row(after, 8)
        if sheet.head and not sheet.rows and not any(f.kind is Kind.LONG for f in sheet.head):
            page.protect()
        return after + (2 if sheet.head else 1)

    def _head_hint(self, page, row: int, first: int, last: int, field: Field, given: Row) -> None:
        filled = not entry.blank(given.get(field.name))
        word = hint.need(field, filled)
        words = f"{word}　{hint.limits(field)}　{field.help}"
        if field.kind is Kind.LONG:
            words = f"{word}\n{hint.limits(field)}\n{field.help}" + "\n" * LONG_LINES
        look = {"align": "left", "valign": "top" if field.kind is Kind.LONG else "vcenter"}
        page.across(row, first, last, words, "cite", **look, **(NEED if word == "＊必填" else {}))
        if field.required and not filled:
            cell = xl_rowcol_to_cell(row, 1, col_abs=True)
            page.mark((row, 1, row, 1), f"=LEN({cell})=0", **MISSING)

    def _rows(self, page: Page, sheet: Sheet, widths: Sequence[int], header: int) -> None:
        fields = self._fields(sheet)
        given = self.values.get(sheet.rows_table, ())
        count = len(given) if given and fields[0].prefilled else max(sheet.capacity, len(given))
        self._column_formats(page, fields, widths)
        self._headers(page, fields, widths, header, bool(given))
        for number in range(count):
            self._row(page, header + 1 + number, fields, given[number] if number < len(given) else {})
        self._row_limits(page, sheet, fields, header + 1)
        page.table(header, header + count, len(fields) - 1)
        page.worksheet.repeat_rows(header - 1, header)

    def _fields(self, sheet: Sheet) -> list[Field]:
        lookup = self.lookups.get(sheet.rows_table)
        if lookup is None:
            return list(sheet.rows)
        return [
            entry.looked_up(f, lookup.formula(f)) if lookup.fills(f) else f
            for f in sheet.rows
        ]

    def _column_formats(self, page: Page, fields: Sequence[Field], widths: Sequence[int]) -> None:
        """What is pasted below the drawn rows keeps its leading zeros."""
        for column, field in enumerate(fields):
            form = self.book.format(entry.style(field), border=0, quote_prefix=False, locked=False)
            page.worksheet.set_column(column, column, widths[column] + 1, form)

    def _headers(self, page, fields, widths, header: int, given: bool) -> None:
        for column, field in enumerate(fields):
            word = hint.need(field, given)
            look = NEED if word == "＊必填" else {}
            page.text(header - 1, column, f"{word}\n{hint.limits(field)}", "cite", **look)
            page.text(header, column, field.label, "head", **({} if field.required else OPTIONAL_HEAD))
        tallest = max(1 + _lines(hint.limits(f), w * 1.2) for f, w in zip(fields, widths, strict=True))
        page.worksheet.set_row(header - 1, SMALL_LINE * tallest + 2)
        page.worksheet.set_row(
            header, LINE * max(_lines(f.label, w - 1) for f, w in zip(fields, widths, strict=True)) + 6
        )

    def _row(self, page: Page, row: int, fields: Sequence[Field], values: Row) -> None:
        cells = {f.name: xl_rowcol_to_cell(row, c) for c, f in enumerate(fields)}
        for column, field in enumerate(fields):
            if field.formula:
                entry.compute(page, row, column, field, cells, values)
            else:
                entry.put(page, row, column, field, values.get(field.name))

    def _row_limits(self, page: Page, sheet: Sheet, fields: Sequence[Field], first: int) -> None:
        lookup = self.lookups.get(sheet.rows_table)
        last_name = xl_col_to_name(len(fields) - 1)
        begun = f"SUMPRODUCT(--(LEN($A{first + 1}:${last_name}{first + 1})>0))>0"
        for column, field in enumerate(fields):
            area = (first, column, LAST_ROW, column)
            self._limit(page, area, field, lookup)
            if field.required and not field.formula:
                cell = xl_rowcol_to_cell(first, column, col_abs=True)
                page.mark(area, f"=AND({begun},LEN({cell})=0)", **MISSING)

    def _limit(self, page: Page, area, field: Field, lookup: Lookup | None = None) -> None:
        if field.formula:
            return
        cell = xl_rowcol_to_cell(area[0], area[1])
        if lookup and lookup.caps(field):
            key = xl_rowcol_to_cell(area[0], 1, col_abs=True)
            page.limit(area, limits.at_most(field, lookup.find(field, key)))
            return
        source = lookup.source if lookup and field.name == lookup.key else self.place_choices(field)
        page.limit(area, limits.validation(field, cell, source))
