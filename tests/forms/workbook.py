"""Workbooks as senders return them: the grids of a form's sheets, and a book made of grids."""

from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from mlbatch.forms.form import STAMP_SHEET, Form


def grids(form: Form, heads: dict | None = None, rows: dict | None = None) -> dict[str, list[list]]:
    """Sheet title → rows of raw cells, laid out as a blank is: the values by table and field."""
    heads, rows = heads or {}, rows or {}
    return {
        sheet.title: [
            [sheet.title],
            ["填寫說明"],
            *[[f.label, heads.get(sheet.head_table, {}).get(f.name, ""), f.help] for f in sheet.head],
            *([[]] if sheet.rows else []),
            *([["＊必填" if f.required else "選填" for f in sheet.rows]] if sheet.rows else []),
            *([[f.label for f in sheet.rows]] if sheet.rows else []),
            *[[row.get(f.name, "") for f in sheet.rows] for row in rows.get(sheet.rows_table, [])],
        ]
        for sheet in form.sheets
    }


def book(sheets: dict[str, list[list]], **stamp: object) -> bytes:
    """A workbook of these sheets, with the stamp on its hidden sheet; no stamp, no sheet."""
    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = workbook.add_format({"num_format": "yyyy/mm/dd hh:mm:ss"})
    for title, rows in sheets.items():
        sheet = workbook.add_worksheet(title)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date | datetime):
                    sheet.write_datetime(number, column, value, day)
                elif isinstance(value, int | float) and not isinstance(value, bool):
                    sheet.write_number(number, column, value)
                elif isinstance(value, bool):
                    sheet.write_boolean(number, column, value)
                elif value:
                    sheet.write_string(number, column, value)
    if stamp:
        hidden = workbook.add_worksheet(STAMP_SHEET)
        hidden.very_hidden()
        for number, (name, value) in enumerate(stamp.items()):
            hidden.write(number, 0, name)
            hidden.write(number, 1, value)
    workbook.close()
    return buffer.getvalue()


def stamped(form: Form, sheets: dict[str, list[list]], recipient: str = "") -> bytes:
    """A workbook of these sheets with the stamp of `form` and plan year 107."""
    return book(sheets, form=form.id, year=107, version=form.version, recipient=recipient)
