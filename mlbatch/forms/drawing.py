"""The sheets of a blank, drawn (表件繪製): heads, tables, limits, and beside them what is still wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mlbatch.forms import hint, limits
from mlbatch.forms.across import Seen
from mlbatch.forms.form import REMARKS, Field, Form, Kind, Sheet
from mlbatch.forms.lookup import Lookup
from mlbatch.forms.putting import LIVE, Marks, computed, put, shown
from mlbatch.forms.spots import LABEL, VALUE, Spots, Values, spots
from mlbatch.forms.telling import Message, telling
from mlbatch.forms.verdict import Checked, column_colours
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page, display_width

CHOICES = "選單"
CHECK = REMARKS[0]
HEAD_LABELS = ("欄位", "填寫", CHECK, "說明")
HEAD_WIDTHS = (14, 30, 28, 32)
LONG_WIDTHS = (14, 66, 24, 28)
TITLE_SCALE = 1.5  # how much wider than the columns' letters those of the title are
NARROWEST = 10  # the first column of a table that stands below a head
CHECK_WIDTH = 34
HINT_HEIGHT, HEADER_HEIGHT, ROW_HEIGHT, TOLD_HEIGHT, LONG_HEIGHT = 32, 24, 28, 64, 120
TOLD = {"font_size": 10, "font_color": "#7F1D1D", "bold": True, **LIVE}
PRINTED = 210  # half-width characters across that A4 shows large enough to read
NAMING = frozenset({"rank", "county", "rule", "code", "name"})  # columns that say whose a row is
INSTRUCTION = "＊為必填；灰色欄位已帶入，請勿更改；「檢核」欄空白即無須更正。"


@dataclass(frozen=True)
class Told:
    """Where a message stands, and what it says of the row at `index`."""

    sheet: str
    cell: str
    words: Callable[[Seen, int], str]
    index: int


class Drawing:
    """One workbook while it is drawn: knows where its drop-downs and its checks stand."""

    def __init__(
        self,
        book: Book,
        form: Form,
        plan: Plan,
        values: Values,
        lists: Values,
        marks: Marks,
        back: str = "",
    ) -> None:
        self.back = back
        self.book, self.form, self.plan = book, form, plan
        self.values, self.lists, self.marks = values, lists, marks
        self.checked: list[Checked] = []
        self.told: list[Told] = []
        self._choices: dict[tuple[str, ...], str] = {}
        self._lookups: list[Lookup] = []
        self._spots = {sheet.title: spots(sheet, values) for sheet in form.sheets}
        self._told = telling(form, tuple(own.drawn for own in self._spots.values()))
        self._seen = Seen(shown(form, values), self._told.telling)

    def sheet(self, sheet: Sheet) -> None:
        """Draw one sheet: its head, then its table."""
        long = any(field.kind is Kind.LONG for field in sheet.head)
        page = self.book.page(sheet.title, landscape=bool(sheet.rows) or long)
        own, widths = self._spots[sheet.title], _widths(sheet)
        title = f"{self.plan.title}　{self.form.title}"
        page.heading(title, f"{sheet.title}：{INSTRUCTION}")
        if self.back:
            page.link(0, _beside(title, widths), f"'{self.back}'!A1", f"回「{self.back}」")
        page.widths(widths)
        self.checked.append(Checked(sheet.title, labels=_labels(own)))
        if sheet.head:
            self._head(page, own, _spans(sheet, widths))
        if sheet.rows:
            self._rows(page, own)
            if not sheet.head and sum(widths) > PRINTED:
                page.wide(2, _naming(sheet))
        else:
            page.worksheet.repeat_rows(0, own.head_row(0) - 1)

    # Heads ---------------------------------------------------------------------------------------

    def _head(self, page: Page, own: Spots, spans: list[tuple[int, int]]) -> None:
        """Draw one field a row: label, value, what is wrong, what to fill."""
        sheet = own.sheet
        given = next(iter(self.values.get(sheet.head_table, ())), {})
        page.worksheet.set_row(own.head_row(0) - 1, HEADER_HEIGHT)
        for label, (start, end) in zip(HEAD_LABELS, spans, strict=True):
            page.span(own.head_row(0) - 1, start, end, "head")
            page.text(own.head_row(0) - 1, start, label, "head")
        for index, field in enumerate(sheet.head):
            row = own.head_row(index)
            page.worksheet.set_row(row, self._height(field))
            page.text(row, LABEL, field.label, "label")
            page.span(row, *spans[1], "text")
            fault = self.marks.get((sheet.head_table, 0, field.name), "")
            put(page, row, VALUE, field, given.get(field.name), bool(given), fault)
            self._check(page, row, spans[2], self._told.heads[sheet.title][index])
            words = f"{hint.need(field, bool(given))}｜{hint.limits(field)}｜{field.help}"
            page.span(row, *spans[3], "text", font_size=9, font_color="#52606D")
            page.text(row, spans[3][0], words, font_size=9, font_color="#52606D")
            self._limit(page, field, row, row, VALUE)
        self._watch(page, own.head_row(0), own.head_row(len(sheet.head) - 1), spans[2][0])

    def _height(self, field: Field) -> int:
        """Room for a long text, or for what may be told beside the field."""
        if field.kind is Kind.LONG:
            return LONG_HEIGHT
        told = sum(rule.field == field.name for rule in self.form.checks)
        return TOLD_HEIGHT if told > 1 else ROW_HEIGHT

    # Tables --------------------------------------------------------------------------------------

    def _rows(self, page: Page, own: Spots) -> None:
        """Draw hints, header and rows of a table, and at its right end what is wrong."""
        sheet = own.sheet
        rows = self.values.get(sheet.rows_table, ())
        lookup, told = self._lookup(sheet), self._told.rows[sheet.title]
        for column, field in enumerate(sheet.rows):
            words = f"{hint.need(field, bool(rows))}\n{hint.limits(field)}"
            page.text(own.hints, column, words, "cite")
            self._limit(page, field, own.first, own.last, column, lookup, sheet)
        last = len(sheet.rows)
        page.text(own.hints, last, "自動檢核\n空白即無須更正", "cite")
        page.worksheet.set_row(own.hints, HINT_HEIGHT)
        page.header(own.header, [*(field.label for field in sheet.rows), CHECK])
        page.worksheet.set_row(own.header, HEADER_HEIGHT)
        ranges = {f"all_{field.name}": own.column(c) for c, field in enumerate(sheet.rows)}
        for number in range(own.drawn):
            given = rows[number] if number < len(rows) else {}
            self._row(page, own, number, given, lookup, bool(rows), ranges)
            self._check(page, own.first + number, (last, last), told, number)
        self._watch(page, own.first, own.last, last)
        page.table(own.header, own.last, last)

    def _row(
        self,
        page: Page,
        own: Spots,
        number: int,
        given: Mapping,
        lookup: Lookup | None,
        filled: bool,
        ranges: Mapping[str, str],
    ) -> None:
        """Draw one row; `ranges` are the columns as formulas name them, the same in every row."""
        sheet, row = own.sheet, own.first + number
        names = ranges
        if lookup or any(field.formula for field in sheet.rows):
            names = ranges | {field.name: xl_rowcol_to_cell(row, c) for c, field in enumerate(sheet.rows)}
        for column, field in enumerate(sheet.rows):
            value = given.get(field.name)
            if field.formula and not isinstance(value, str):
                now = computed(field, given, self.values.get(sheet.rows_table, ()))
                page.formula(row, column, f"={field.formula.format(**names)}", now, "total")
            elif lookup and lookup.fills(field) and field.name not in given:
                found = lookup.value(field, given.get(lookup.key))
                page.formula(row, column, f"={lookup.formula(field).format(**names)}", found, "cite", **LIVE)
            else:
                fault = self.marks.get((sheet.rows_table, number, field.name), "")
                put(page, row, column, field, value, filled, fault)

    # What is wrong -------------------------------------------------------------------------------

    def _check(self, page: Page, row: int, span: tuple[int, int], message: Message, index: int = 0) -> None:
        words = message.words(self._seen, index)
        page.span(row, *span, "text", **TOLD)
        page.formula(row, span[0], f"={message.name}", words, "text", **TOLD)
        self.checked[-1].count(words)
        self.told.append(Told(self.checked[-1].sheet, xl_rowcol_to_cell(row, span[0]), message.words, index))

    def _watch(self, page: Page, first: int, last: int, column: int) -> None:
        """Colour what is told, and count it on the first sheet."""
        letter = xl_col_to_name(column)
        column_colours(page, first, last, column)
        self.checked[-1].areas.append(f"'{page.worksheet.name}'!${letter}${first + 1}:${letter}${last + 1}")

    # Limits --------------------------------------------------------------------------------------

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
        """Write the lists and name the formulas that the sheets refer to."""
        for name, formula in self._told.names.items():
            self.book.workbook.define_name(name, formula)
        for lookup in self._lookups:
            lookup.write(self.book)
        if self._choices:
            page = self.book.page(CHOICES)
            page.worksheet.hide()
            for column, choices in enumerate(self._choices):
                page.text(0, column, CHOICES, "head")
                for row, choice in enumerate(choices, 1):
                    page.text(row, column, choice)


def _labels(own: Spots) -> list[tuple[str, list[str]]]:
    """Where the labels of a sheet's required fields stand."""
    title, found = own.sheet.title, []
    if own.sheet.head:
        area = f"'{title}'!$A${own.head_row(0) + 1}:$A${own.head_row(len(own.sheet.head))}"
        found.append((area, [f.label for f in own.sheet.head if f.required]))
    if own.sheet.rows:
        area = f"'{title}'!$A${own.header + 1}:${xl_col_to_name(len(own.sheet.rows) - 1)}${own.header + 1}"
        found.append((area, [f.label for f in own.sheet.rows if f.required and not f.formula]))
    return [(area, labels) for area, labels in found if labels]


def _beside(title: str, widths: Sequence[float]) -> int:
    """The first column that the title, which runs over those before it, leaves free."""
    room = display_width(title) * TITLE_SCALE
    return next((column for column in range(len(widths)) if sum(widths[:column]) >= room), len(widths))


def _widths(sheet: Sheet) -> list[float]:
    if not sheet.rows:
        return list(LONG_WIDTHS if any(f.kind is Kind.LONG for f in sheet.head) else HEAD_WIDTHS)
    widths = [max(field.width, display_width(field.label) + 2) for field in sheet.rows]
    if sheet.head:
        widths[0] = max(widths[0], NARROWEST)
    return [*widths, CHECK_WIDTH]


def _naming(sheet: Sheet) -> int:
    """How many columns at the left say whose a row is: they are printed on every page."""
    return next((n for n, field in enumerate(sheet.rows) if field.name not in NAMING), len(sheet.rows))


def _spans(sheet: Sheet, widths: list[float]) -> list[tuple[int, int]]:
    """The first and last column of each part of a head, which may stand above a table's columns."""
    if not sheet.rows:
        return [(column, column) for column in range(len(HEAD_LABELS))]
    spans, column = [(LABEL, LABEL)], VALUE
    for wanted in HEAD_WIDTHS[1:3]:
        start, got = column, 0.0
        while got < wanted - 4 and column < len(widths) - 2:
            got, column = got + widths[column], column + 1
        spans.append((start, column - 1))
    return [*spans, (column, len(widths) - 1)]
