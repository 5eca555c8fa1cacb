"""The workbook of a form (空白表件), from its declaration: sheets, limits, checks, help and stamp.

A blank, a prefilled template, a score sheet and an award list are all the same workbook with more or
fewer values. It works in Excel and LibreOffice without macros; nothing that was given becomes a
formula.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mlbatch.again import kept
from mlbatch.forms import all_forms, guide, prepared
from mlbatch.forms.drawing import Drawing
from mlbatch.forms.form import STAMP_KEYS, STAMP_SHEET, Form
from mlbatch.forms.putting import Marks
from mlbatch.forms.spots import Values
from mlbatch.plan import Plan
from mlbatch.sheet import Book


@kept
def blank(
    form: Form,
    plan: Plan,
    *,
    recipient: str = "",
    values: Values | None = None,
    lists: Values | None = None,
    marks: Marks | None = None,
    first: Callable[[Book], None] | None = None,
    back: str = "",
) -> bytes:
    """The workbook of `form`; the same bytes for the same arguments.

    `values` are rows by table, each field → value, for any field; a head is a table of one row. A value
    goes in as it was typed: text as text, a number as a number, whatever the field holds.
    `lists` are rows by table among which its key field chooses, and from which the other fields
    are looked up (see `Lookup`). `marks` are comments on cells at fault, which are coloured, by
    (table, index of the row, field). `first` writes sheets that stand before all others; `back` names
    the one to which every sheet of the form links back.
    """
    filled = values or {}
    draw = partial(drawn, form, plan, recipient, filled, lists or {}, marks or {}, first, back)
    if lists or marks or first or back:
        return draw()[0]
    return prepared.workbook(form, plan, recipient, filled, draw)


def drawn(
    form: Form,
    plan: Plan,
    recipient: str,
    values: Values,
    lists: Values,
    marks: Marks,
    first: Callable[[Book], None] | None,
    back: str,
) -> prepared.Drawn:
    """The workbook of `blank`, drawn whole, and where its messages stand."""
    book = Book(f"{plan.year}年{form.title}")
    if first:
        first(book)
    help_page = book.page(guide.TITLE, landscape=False)
    drawing = Drawing(book, form, plan, values, lists, marks, back)
    for sheet in form.sheets:
        drawing.sheet(sheet)
    drawing.finish()
    guide.write(help_page, form, plan, drawing.checked)
    _stamp(book, form, plan, recipient)
    return book.save(), drawing.told


def blank_for(form: Form, plan: Plan, recipient: str, values: Values) -> bytes:
    """The workbook of `form` for a recipient, filled with `values`; see `blank`."""
    return blank(form, plan, recipient=recipient, values=values)


def blanks(plan: Plan) -> dict[str, bytes]:
    """The blank of every form of the plan year, by file name; registers in a folder of their own."""
    return {
        f"清冊/{form.title}.xlsx" if form.register else f"{form.title}.xlsx": blank(form, plan)
        for form in all_forms(plan).values()
    }


def _stamp(book: Book, form: Form, plan: Plan, recipient: str) -> None:
    """The hidden sheet by which the file is known when it returns."""
    page = book.page(STAMP_SHEET)
    page.worksheet.very_hidden()
    said = (form.id, f"{plan.year}", f"{form.version}", recipient)
    for row, (key, value) in enumerate(zip(STAMP_KEYS, said, strict=True)):
        page.text(row, 0, key)
        page.text(row, 1, value)
