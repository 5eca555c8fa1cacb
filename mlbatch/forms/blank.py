"""The workbook of a form (空白表件), from its declaration: sheets, limits, help and stamp.

A blank, a prefilled template, a score sheet and an award list are all the same workbook with more or
fewer values. It works in Excel and LibreOffice without macros; nothing that was given becomes a
formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mlbatch import roc
from mlbatch.forms import all_forms, guide, hint, limits
from mlbatch.forms.form import STAMP_KEYS, STAMP_SHEET, Field, Form, Kind, Sheet
from mlbatch.forms.frame import LABEL, VALUE, Frame, Key, Values, frame
from mlbatch.forms.lookup import Lookup
from mlbatch.plan import Plan
from mlbatch.sheet import FONT, Book, Page, clean

Marks = Mapping[Key, str]
CHOICES = "選單"
AS_TYPED = {"num_format": "General", "align": "left"}  # a number where text is expected
COMMENT = {"author": "", "x_scale": 2, "font_name": FONT, "font_size": 10}
HINT_LINES = 3
LEAST_COLUMNS = 6  # a narrow table is not blown up in print
HINT = 2  # the column of a head


def blank(
    form: Form,
    plan: Plan,
    *,
    recipient: str = "",
    values: Values | None = None,
    lists: Values | None = None,
    marks: Marks | None = None,
    first: Callable[[Book], None] | None = None,
) -> bytes:
    """The workbook of `form`; the same bytes for the same arguments.

    `values` are rows by table, each field → value, for any field; a head is a table of one row. A value
    goes in as it was typed: text as text, a number as a number, whatever the field holds.
    `lists` are rows by table among which its key field chooses, and from which the other fields
    are looked up (see `Lookup`). `marks` are comments on cells at fault, which are coloured, by
    (table, index of the row, field). `first` writes sheets that stand before all others.
    """
    book = Book(f"{plan.year}年{form.title}")
    if first:
        first(book)
    guide.write(book.page(guide.TITLE, landscape=False), form, plan)
    writer = _Writer(book, form, plan, values or {}, lists or {}, marks or {})
    for sheet in form.sheets:
        writer.sheet(sheet)
    writer.finish()
    _stamp(book, form, plan, recipient)
    return book.save()


def blanks(plan: Plan) -> dict[str, bytes]:
    """The blank of every form of the plan year, by file name; registers in a folder of their own."""
    return {
        f"清冊/{form.title}.xlsx" if form.register else f"{form.title}.xlsx": blank(form, plan)
        for form in all_forms(plan).values()
    }


class _Writer:
    """One workbook while it is written: knows where its drop-downs stand."""

    def __init__(
        self, book: Book, form: Form, plan: Plan, values: Values, lists: Values, marks: Marks
    ) -> None:
        self.book, self.form, self.plan = book, form, plan
        self.values, self.lists, self.marks = values, lists, marks
        self._choices: dict[tuple[str, ...], str] = {}
        self._lookups: list[Lookup] = []

    def sheet(self, sheet: Sheet) -> None:
        """Write one sheet: its head, then its table."""
        page = self.book.page(sheet.title, landscape=bool(sheet.rows))
        page.text(0, 0, f"{self.plan.title}　{self.form.title}", "title")
        page.text(1, 0, f"{sheet.title}：{self._instruction(sheet)}", "subtitle")
        own = frame(sheet, self.values)
        if sheet.head:
            self._head(page, own)
        if sheet.rows:
            self._rows(page, own)
        else:
            page.widths([18, 60 if any(f.kind is Kind.LONG for f in sheet.head) else 36, 44])

    def _instruction(self, sheet: Sheet) -> str:
        return "＊為必填；灰色欄位已帶入，請勿更改" if sheet.head or sheet.rows else ""

    def _head(self, page: Page, own: Frame) -> None:
        """Write one field a row."""
        sheet = own.sheet
        given = next(iter(self.values.get(sheet.head_table, ())), {})
        for index, field in enumerate(sheet.head):
            row = own.head_row(index)
            page.text(row, LABEL, field.label, "label")
            value = given.get(field.name)
            self._cell(page, row, VALUE, field, value, bool(given), (sheet.head_table, 0, field.name))
            page.text(
                row, HINT, f"{hint.need(field, bool(given))}｜{hint.limits(field)}　{field.help}", "subtitle"
            )
            self._limit(page, field, row, row, VALUE)
            if field.kind is Kind.LONG:
                page.worksheet.set_row(row, 90)

    def _rows(self, page: Page, own: Frame) -> None:
        """Write hints, header and rows of a table."""
        sheet, top = own.sheet, own.hints
        rows = self.values.get(sheet.rows_table, ())
        lookup = self._lookup(sheet)
        for column, field in enumerate(sheet.rows):
            words = f"{hint.need(field, bool(rows))}\n{hint.limits(field)}"
            page.text(top, column, words, "cite")
            self._limit(page, field, own.first, own.last, column, lookup, sheet)
        page.worksheet.set_row(top, 15 * HINT_LINES)
        page.header(own.header, [field.label for field in sheet.rows])
        for number in range(own.drawn):
            given = rows[number] if number < len(rows) else {}
            self._row(page, own, number, given, lookup, bool(rows))
        page.widths([max(field.width, len(field.label) * 2 + 2) for field in sheet.rows])
        page.table(own.header, own.last, len(sheet.rows) - 1)
        page.worksheet.print_area(0, 0, own.last, max(len(sheet.rows) - 1, LEAST_COLUMNS))

    def _row(self, page, own: Frame, number: int, given, lookup: Lookup | None, filled: bool) -> None:
        sheet, row = own.sheet, own.first + number
        names = {f"{field.name}": xl_rowcol_to_cell(row, c) for c, field in enumerate(sheet.rows)}
        for column, field in enumerate(sheet.rows):
            typed = field.name in given and not isinstance(given[field.name], int | None)
            if field.formula and not typed:
                self._total(page, row, column, field, given, names)
            elif lookup and lookup.fills(field) and field.name not in given:
                page.formula(row, column, f"={lookup.formula(field).format(**names)}", "", "cite")
            else:
                key = sheet.rows_table, number, field.name
                self._cell(page, row, column, field, given.get(field.name), filled, key)

    def _total(self, page, row: int, column: int, field: Field, given, names: Mapping[str, str]) -> None:
        """A live sum with the value that it has now; empty while its parts are."""
        parts = [name for name in names if "{" + name + "}" in field.formula]
        known = [given[name] for name in parts if isinstance(given.get(name), int | float)]
        value = given.get(field.name, sum(known) if known else "")
        page.formula(
            row, column, f"={field.formula.format(**names)}", "" if value is None else value, "total"
        )

    def _cell(
        self, page: Page, row: int, column: int, field: Field, value: object, filled: bool, key: Key
    ) -> None:
        look = _look(field, filled, key in self.marks)
        if isinstance(value, int | float) and not isinstance(value, bool):
            page.number(row, column, value, "whole", **look, **({} if field.kind.numeric else AS_TYPED))
        elif value is None and field.kind.numeric:
            page.number(row, column, None, "whole", **look)
        else:
            page.text(row, column, _words(field, value), **look)
        if key in self.marks:
            page.worksheet.write_comment(row, column, clean(self.marks[key]), COMMENT)

    def _limit(self, page, field: Field, first: int, last: int, column: int, lookup=None, sheet=None) -> None:
        """Put the field's drop-down or limit on the cells of its column."""
        if field.formula:
            return
        options = limits.validation(field, xl_rowcol_to_cell(first, column), self._source(field))
        if lookup and field.name == lookup.key:
            options |= {"validate": "list", "source": lookup.source}
            options.pop("criteria", None)
            options.pop("value", None)
        elif lookup and lookup.caps(field):
            key = next(c for c, own in enumerate(sheet.rows) if own.name == lookup.key)
            options = limits.at_most(field, lookup.find(field, xl_rowcol_to_cell(first, key)))
        page.worksheet.data_validation(first, column, last, column, options)

    def _source(self, field: Field) -> str:
        """The range of a drop-down that is too long to stand in the cell."""
        if field.kind is not Kind.CHOICE or not limits.needs_range(field.choices):
            return ""
        if field.choices not in self._choices:
            letter = xl_col_to_name(len(self._choices))
            self._choices[field.choices] = f"='{CHOICES}'!${letter}$2:${letter}${len(field.choices) + 1}"
        return self._choices[field.choices]

    def _lookup(self, sheet: Sheet) -> Lookup | None:
        if not self.lists.get(sheet.rows_table):
            return None
        self._lookups.append(Lookup(sheet.rows, self.lists[sheet.rows_table]))
        return self._lookups[-1]

    def finish(self) -> None:
        """Write the lists that the sheets refer to."""
        for lookup in self._lookups:
            lookup.write(self.book)
        if self._choices:
            page = self.book.page(CHOICES)
            page.worksheet.hide()
            for column, choices in enumerate(self._choices):
                page.text(0, column, CHOICES, "head")
                for row, choice in enumerate(choices, 1):
                    page.text(row, column, choice)


def _words(field: Field, value: object) -> object:
    """A value that is no number, as people write it."""
    if isinstance(value, bool):
        return limits.YES_NO[not value] if field.kind is Kind.YES_NO else str(value).upper()
    if isinstance(value, date) and value.year >= roc.FIRST_YEAR:
        alone = field.kind is Kind.DATE or not isinstance(value, datetime)
        return roc.short(value) if alone else roc.minute(value)
    return value


def _look(field: Field, filled: bool, marked: bool) -> dict[str, object]:
    """How a cell looks that is at fault, or that came filled: red with a frame, grey."""
    if marked:
        return {"bg_color": "#F5C6C6", "bold": True, "border": 2, "border_color": "#7F1D1D"}
    return {"bg_color": "#E4E7EB"} if field.prefilled and filled else {}


def _stamp(book: Book, form: Form, plan: Plan, recipient: str) -> None:
    """The hidden sheet by which the file is known when it returns."""
    page = book.page(STAMP_SHEET)
    page.worksheet.very_hidden()
    said = (form.id, f"{plan.year}", f"{form.version}", recipient)
    for row, (key, value) in enumerate(zip(STAMP_KEYS, said, strict=True)):
        page.text(row, 0, key)
        page.text(row, 1, value)
