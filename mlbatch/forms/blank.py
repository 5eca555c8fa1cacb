"""The workbook of a form (空白表件), from its declaration: sheets, limits, help and stamp.

A blank, a prefilled template, a score sheet and an award list are all the same workbook with more or
fewer values. It works in Excel and LibreOffice without macros; nothing that was given becomes a
formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mlbatch import roc
from mlbatch.forms import all_forms, guide, hint, limits
from mlbatch.forms.form import STAMP_KEYS, STAMP_SHEET, Field, Form, Kind, Sheet
from mlbatch.forms.lookup import Lookup
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page

Rows = Sequence[Mapping[str, object]]
Values = Mapping[str, Rows]
Key = tuple[str, int, str]  # (table, row of the table from 0, field)
Marks = Mapping[Key, str]
CHOICES = "選單"
PREFILLED = {"bg_color": "#E4E7EB"}
AT_FAULT = {"bg_color": "#F5C6C6", "font_color": "#7F1D1D", "bold": True}
FIRST = 3  # the first row of a sheet's head, from 0
HINT_LINES = 3
LEAST_COLUMNS = 6  # a narrow table is not blown up in print
LABEL, VALUE, HINT = 0, 1, 2  # the columns of a head


def blank(
    form: Form,
    plan: Plan,
    *,
    recipient: str = "",
    values: Values | None = None,
    lists: Values | None = None,
    marks: Mapping[Key, str] | None = None,
    first: Callable[[Book], None] | None = None,
    back: str = "",
) -> bytes:
    """The workbook of `form`; the same bytes for the same arguments.

    `values` are rows by table, each field → value, for any field; a head is a table of one row.
    `lists` are rows by table among which its key field chooses, and from which the other fields
    are looked up (see `Lookup`). `marks` are words for cells at fault: each gets colour and a
    comment. `first` writes sheets before all others; `back` names the one to which every sheet
    links back.
    """
    book = Book(f"{plan.year}年{form.title}")
    if first:
        first(book)
    guide.write(book.page(guide.TITLE, landscape=False), form, plan)
    writer = _Writer(book, form, plan, values or {}, lists or {}, marks or {}, back)
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


def places(form: Form, values: Values) -> dict[Key, tuple[str, str]]:
    """Where each field stands in `blank(form, …, values=values)`: key → (sheet's title, cell)."""
    found: dict[Key, tuple[str, str]] = {}
    for sheet in form.sheets:
        for row, field in enumerate(sheet.head, FIRST):
            found[sheet.head_table, 0, field.name] = sheet.title, xl_rowcol_to_cell(row, VALUE)
        top = _rows_from(sheet)
        for number in range(max(sheet.capacity, len(values.get(sheet.rows_table, ()))) if sheet.rows else 0):
            for column, field in enumerate(sheet.rows):
                key = sheet.rows_table, number, field.name
                found[key] = sheet.title, xl_rowcol_to_cell(top + 2 + number, column)
    return found


def _rows_from(sheet: Sheet) -> int:
    """The row, from 0, on which a sheet's table begins: hints, header, rows."""
    return FIRST + len(sheet.head) + 1 if sheet.head else FIRST


class _Writer:
    """One workbook while it is written: knows where its drop-downs stand."""

    def __init__(
        self, book: Book, form: Form, plan: Plan, values: Values, lists: Values, marks: Marks, back: str
    ) -> None:
        self.marks, self.back = marks, back
        self.book, self.form, self.plan = book, form, plan
        self.values, self.lists = values, lists
        self._choices: dict[tuple[str, ...], str] = {}
        self._lookups: list[Lookup] = []

    def sheet(self, sheet: Sheet) -> None:
        """Write one sheet: its head, then its table."""
        page = self.book.page(sheet.title, landscape=bool(sheet.rows))
        page.text(0, 0, f"{self.plan.title}　{self.form.title}", "title")
        page.text(1, 0, f"{sheet.title}：{self._instruction(sheet)}", "subtitle")
        if self.back:
            page.link(2, 0, f"'{self.back}'!A1", f"回「{self.back}」")
        if sheet.head:
            self._head(page, sheet)
        if sheet.rows:
            self._rows(page, sheet, _rows_from(sheet))
        else:
            page.widths([18, 60 if any(f.kind is Kind.LONG for f in sheet.head) else 36, 44])

    def _instruction(self, sheet: Sheet) -> str:
        return "＊為必填；灰色欄位已帶入，請勿更改" if sheet.head or sheet.rows else ""

    def _head(self, page: Page, sheet: Sheet) -> None:
        """Write one field a row."""
        given = next(iter(self.values.get(sheet.head_table, ())), {})
        for row, field in enumerate(sheet.head, FIRST):
            page.text(row, LABEL, field.label, "label")
            key = sheet.head_table, 0, field.name
            self._cell(page, row, VALUE, field, given.get(field.name), bool(given), self.marks.get(key, ""))
            page.text(
                row, HINT, f"{hint.need(field, bool(given))}｜{hint.limits(field)}　{field.help}", "subtitle"
            )
            self._limit(page, field, row, row, VALUE)
            if field.kind is Kind.LONG:
                page.worksheet.set_row(row, 90)

    def _rows(self, page: Page, sheet: Sheet, top: int) -> None:
        """Write hints, header and rows of a table from row `top` on."""
        rows = self.values.get(sheet.rows_table, ())
        lookup = self._lookup(sheet)
        first, last = top + 2, top + 1 + max(sheet.capacity, len(rows))
        for column, field in enumerate(sheet.rows):
            words = f"{hint.need(field, bool(rows))}\n{hint.limits(field)}"
            page.text(top, column, words, "cite")
            self._limit(page, field, first, last, column, lookup, sheet)
        page.worksheet.set_row(top, 15 * HINT_LINES)
        page.header(top + 1, [field.label for field in sheet.rows])
        for number, row in enumerate(range(first, last + 1)):
            given = rows[number] if number < len(rows) else {}
            marks = {f.name: self.marks.get((sheet.rows_table, number, f.name), "") for f in sheet.rows}
            self._row(page, sheet, row, given, lookup, bool(rows), marks)
        page.widths([max(field.width, len(field.label) * 2 + 2) for field in sheet.rows])
        page.table(top + 1, last, len(sheet.rows) - 1)
        page.worksheet.print_area(0, 0, last, max(len(sheet.rows) - 1, LEAST_COLUMNS))

    def _row(self, page, sheet: Sheet, row: int, given, lookup: Lookup | None, filled: bool, marks) -> None:
        names = {f"{field.name}": xl_rowcol_to_cell(row, c) for c, field in enumerate(sheet.rows)}
        for column, field in enumerate(sheet.rows):
            if field.formula:
                self._total(page, row, column, field, given, names)
            elif lookup and lookup.fills(field) and field.name not in given:
                page.formula(row, column, f"={lookup.formula(field).format(**names)}", "", "cite")
            else:
                self._cell(page, row, column, field, given.get(field.name), filled, marks[field.name])

    def _total(self, page, row: int, column: int, field: Field, given, names: Mapping[str, str]) -> None:
        """A live sum with the value that it has now; empty while its parts are."""
        parts = [name for name in names if "{" + name + "}" in field.formula]
        known = [given[name] for name in parts if isinstance(given.get(name), int | float)]
        value = given.get(field.name, sum(known) if known else "")
        page.formula(
            row, column, f"={field.formula.format(**names)}", "" if value is None else value, "total"
        )

    def _cell(self, page: Page, row: int, column: int, field: Field, value, filled: bool, mark: str) -> None:
        look = AT_FAULT if mark else PREFILLED if field.prefilled and filled else {}
        if isinstance(value, bool):
            value = limits.YES_NO[not value]
        if isinstance(value, int | float) or (value is None and field.kind.numeric):
            page.number(row, column, value, "whole", **look)
        elif field.kind in (Kind.DATE, Kind.MOMENT) and value is not None and not isinstance(value, str):
            words = roc.short(value) if field.kind is Kind.DATE else roc.minute(value)
            page.text(row, column, words, **look)
        else:
            page.text(row, column, value, **look)
        if mark:
            page.comment(row, column, mark)

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


def _stamp(book: Book, form: Form, plan: Plan, recipient: str) -> None:
    """The hidden sheet by which the file is known when it returns."""
    page = book.page(STAMP_SHEET)
    page.worksheet.very_hidden()
    said = (form.id, f"{plan.year}", f"{form.version}", recipient)
    for row, (key, value) in enumerate(zip(STAMP_KEYS, said, strict=True)):
        page.text(row, 0, key)
        page.text(row, 1, value)
