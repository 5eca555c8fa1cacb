"""The help sheet of a form (填表說明): who fills it, by when, and each field with its limits."""

from __future__ import annotations

from mlbatch import roc
from mlbatch.forms import hint
from mlbatch.forms.form import Form
from mlbatch.plan import Plan
from mlbatch.sheet import Page

TITLE = "說明"
LABELS = ["工作表", "欄位", "必填", "填什麼", "限制", "範例", "依據"]
WIDTHS = [14, 16, 9, 40, 16, 16, 14]


def write(page: Page, form: Form, plan: Plan) -> None:
    """Write the help sheet of `form`."""
    page.text(0, 0, f"{plan.title}　{form.title}", "title")
    page.text(1, 0, form.purpose, "subtitle")
    row = 3
    for label, words in _facts(form, plan):
        page.text(row, 0, label, "label")
        page.worksheet.merge_range(row, 1, row, len(LABELS) - 1, "", page.book.format("text"))
        page.text(row, 1, words)
        row += 1
    page.header(row + 1, LABELS)
    row += 2
    for sheet in form.sheets:
        for field in (*sheet.head, *sheet.rows):
            cells = (
                sheet.title, field.label, hint.need(field), field.help, hint.limits(field),
                hint.example(field), field.cite or form.cite,
            )  # fmt: skip
            for column, words in enumerate(cells):
                page.text(row, column, words)
            page.worksheet.set_row(row, 17 * max(1, -(-len(field.help) * 2 // WIDTHS[3])))
            row += 1
    page.widths(WIDTHS)
    page.worksheet.repeat_rows(0, 1)


def _facts(form: Form, plan: Plan) -> list[tuple[str, str]]:
    facts = [("填寫者", form.filled_by), ("依據", form.cite)]
    if form.due:
        facts.append(("期限", roc.minute(plan.value(form.due))))
    if form.how:
        facts.append(("送件方式", form.how))
    facts.append(("填寫方式", "只填白色儲存格；有選單者由選單選取；勿更改欄位名稱、工作表名稱與隱藏工作表。"))
    return facts
