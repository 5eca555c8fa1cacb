"""The sheet 參數: every value that a workbook's formulas use, named, with clause and decider.

A cell is named after the parameter's Chinese label, so that a formula reads as a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mlbatch.plan import Plan
from mlbatch.sheet import Book

SHEET = "參數"
AWKWARD = re.compile(r"[^\w]")


def parameters(book: Book, plan: Plan, names: Iterable[str], actual: Mapping[str, int] | None = None) -> dict:
    """Write the sheet for the parameters `group.name`; returns `group.name` → the cell's name.

    `actual` replaces values that differ from the plan's, such as rates after a cut (柒.三).
    """
    page = book.page(SHEET)
    page.heading("參數", "公式所用之數值；灰色以外之「本部裁量」為計畫未明定而由本部決定者。")
    page.header(3, ["名稱", "數值", "依據", "性質", "決定者", "日期", "說明"])
    cells = {}
    for row, (name, label, value) in enumerate(_values(plan, names, actual or {}), 4):
        source = plan.sources[name.partition(":")[0]]
        cells[name] = cell_name(label)
        page.text(row, 0, label, "label")
        page.number(row, 1, value, "money")
        page.text(row, 2, source.cite, "center")
        page.text(row, 3, "本部裁量" if source.ours else "計畫規定", "warn" if source.ours else "info")
        for column, words in enumerate((source.decided_by, source.on, source.says), 4):
            page.text(row, column, words)
        book.name(cells[name], f"'{SHEET}'!$B${row + 1}")
    page.widths([34, 14, 12, 12, 20, 12, 50])
    page.table(3, 3 + len(cells), 6, 1)
    return cells


def cell_name(label: str) -> str:
    """The name of a parameter's cell: its label without what a name may not hold."""
    return AWKWARD.sub("_", label).strip("_")


def _values(plan: Plan, names: Iterable[str], actual: Mapping[str, int]):
    """(name, label, number) of each parameter; a mapping gives one for each of its keys."""
    for name in names:
        value, label = plan.value(name), plan.sources[name].label
        if isinstance(value, Mapping):
            for key, number in value.items():
                yield f"{name}:{key}", f"{label}_{key}", number
        else:
            yield name, label, actual.get(name, int(value))
