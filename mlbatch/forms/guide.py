"""The first sheet of a form (說明): whether it can be sent, who fills it, by when, each field and its limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from mlbatch import roc
from mlbatch.forms import hint, verdict
from mlbatch.forms.form import Field, Form, Sheet
from mlbatch.plan import Plan
from mlbatch.sheet import Page, display_width

TITLE = "說明"
LABELS = ["欄位", "必填", "填什麼", "範例", "依據"]
WIDTHS = [18, 10, 44, 20, 14]
LINE = 18  # points that one line of text needs
TOP = 3


def write(page: Page, form: Form, plan: Plan, checked: Sequence[verdict.Checked]) -> None:
    """Write the first sheet of `form`, whose sheets are `checked`."""
    page.heading(f"{plan.title}　{form.title}", form.purpose)
    page.widths(WIDTHS)
    row = verdict.write(page, TOP, checked, len(LABELS) - 1) + 1
    for label, words in _facts(form, plan):
        page.text(row, 0, label, "label")
        page.span(row, 1, len(LABELS) - 1)
        page.text(row, 1, words)
        page.worksheet.set_row(row, _height(words, sum(WIDTHS[1:])))
        row += 1
    for sheet in form.sheets:
        row = _fields(page, row + 1, form, sheet)
    page.worksheet.repeat_rows(0, 1)
    page.worksheet.print_area(0, 0, row - 1, len(LABELS) - 1)


def _fields(page: Page, row: int, form: Form, sheet: Sheet) -> int:
    """Write a sheet's name, then its fields; returns the row after them."""
    page.text(row, 0, sheet.title, "section")
    page.header(row + 1, LABELS)
    row += 2
    for words in _lines(form, (*sheet.head, *sheet.rows)):
        for column, (style, one) in enumerate(
            zip(("label", "center", "text", "text", "text"), words, strict=True)
        ):
            page.text(row, column, one, style)
        page.worksheet.set_row(
            row, max(_height(one, width) for one, width in zip(words, WIDTHS, strict=True))
        )
        row += 1
    return row


def _lines(form: Form, fields: Sequence[Field]) -> Iterator[tuple[str, ...]]:
    for field in fields:
        limits = hint.limits(field)
        said = field.help if limits in field.help else f"{field.help}（{limits}）"
        yield field.label, hint.need(field), said, hint.example(field), field.cite or form.cite


def _height(words: str, width: float) -> int:
    return LINE * max(1, -(-display_width(words) // int(width)))


def _facts(form: Form, plan: Plan) -> list[tuple[str, str]]:
    facts = [("填寫者", form.filled_by), ("依據", form.cite)]
    if form.due:
        due = plan.value(form.due)
        facts.append(("期限", roc.minute(due) if isinstance(due, datetime) else roc.short(due)))
    if form.how:
        facts.append(("送件方式", form.how))
    facts.append(("填寫方式", "只填白色儲存格；有選單者由選單選取；勿更改欄位名稱、工作表名稱與隱藏工作表。"))
    words = (
        f"各表「檢核」欄隨填隨示應更正之處；上方顯示「{verdict.READY}」後送件。須對照清冊之事項由本部檢核。"
    )
    return [*facts, ("送件前", words)]
