"""The blank of a form (空白表件): sheets, drop-downs, limits, help and stamp, from its declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mlbatch import roc
from mlbatch.forms import hint, limits
from mlbatch.forms.form import STAMP_KEYS, STAMP_SHEET, Field, Form, Kind, Sheet
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page

Values = Mapping[str, Sequence[Mapping[str, object]]]


def blank(form, plan, *, recipient="", values: Values | None = None, lists=None) -> bytes:
    book = Book(f"{plan.year}年{form.title}")
    values = values or {}
    for sheet in form.sheets:
        page = book.page(sheet.title)
        page.text(0, 0, f"{plan.title}　{form.title}", "title")
        page.text(1, 0, form.purpose, "subtitle")
        row = 3
        if sheet.head:
            given = (values.get(sheet.head_table) or [{}])[0]
            for field in sheet.head:
                page.text(row, 0, field.label, "label")
                _cell(page, row, 1, field, given.get(field.name))
                page.text(row, 2, hint.prompt(field), "plain")
                row += 1
            row += 1
        if sheet.rows:
            for column, field in enumerate(sheet.rows):
                page.text(row, column, hint.need(field) + "｜" + hint.limits(field), "cite")
            page.header(row + 1, [f.label for f in sheet.rows])
            rows = values.get(sheet.rows_table) or []
            for number in range(max(sheet.capacity, len(rows))):
                given = rows[number] if number < len(rows) else {}
                for column, field in enumerate(sheet.rows):
                    _cell(page, row + 2 + number, column, field, given.get(field.name))
    stamp = book.workbook.add_worksheet(STAMP_SHEET)
    stamp.very_hidden()
    for r, (k, v) in enumerate(
        zip(STAMP_KEYS, (form.id, str(plan.year), str(form.version), recipient), strict=True)
    ):
        stamp.write_string(r, 0, k)
        stamp.write_string(r, 1, v)
    return book.save()


def _cell(page, row, column, field, value):
    if isinstance(value, bool):
        value = "是" if value else "否"
    if field.kind.numeric:
        page.number(row, column, value)
    elif field.kind is Kind.DATE:
        page.day(row, column, value)
    elif field.kind is Kind.MOMENT:
        page.text(row, column, roc.minute(value) if value else None)
    else:
        page.text(row, column, value)
