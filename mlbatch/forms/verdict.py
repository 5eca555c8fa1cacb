"""Whether a workbook can be sent (送件前檢核): one word for all, and a number for each of its sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mlbatch.forms.across import words
from mlbatch.forms.putting import LIVE
from mlbatch.forms.telling import REMINDER
from mlbatch.sheet import Page

READY = "可送件"
LEFT = "尚有 {count} 項"
LABEL = "送件前檢核"
FINE, SEE = "無須更正", "請依該表「檢核」欄更正"
LOST, GONE = "欄位名稱被更改或刪除，請復原", "缺少工作表，請以範本重填"
GOOD = {"bg_color": "#E3F4E8", "font_color": "#14532D"}
BAD = {"bg_color": "#F5C6C6", "font_color": "#7F1D1D", "bold": True}
NOTED = {"bg_color": "#DCE9F7", "font_color": "#1F4E79"}
BIG = {"font_size": 18, "bold": True, "align": "center", **LIVE}


@dataclass
class Checked:
    """One sheet's checks: where they stand, and how many of them need a correction now.

    `labels` are the ranges that must go on holding the labels of required fields.
    """

    sheet: str
    areas: list[str] = field(default_factory=list)
    labels: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    left: int = 0

    def count(self, said: str) -> None:
        """Count a message, unless it is none or only to be known."""
        self.left += counts(said)

    @property
    def lost(self) -> str:
        """How many labels were renamed or deleted (F8); an error where the sheet is gone (F9)."""
        counts = (
            f"SUMPRODUCT(--(COUNTIF({area},{words(*(f'*{one}*' for one in labels))})=0))"
            for area, labels in self.labels
        )
        return "+".join(counts) or "0"

    @property
    def formula(self) -> str:
        """How many messages need a correction, and labels a place; a sheet that is gone is one."""
        counts = (f'SUMPRODUCT((LEN({a})>0)*(LEFT({a},{len(REMINDER)})<>"{REMINDER}"))' for a in self.areas)
        return f"=IFERROR({'+'.join([*counts, self.lost])},1)"

    def said(self, left: str) -> str:
        """What to do, by the cell that holds the number."""
        lost = f'IFERROR(IF({self.lost}>0,"{LOST}","{SEE}"),"{GONE}")'
        return f'=IF({left}=0,"{FINE}",{lost})'


def counts(said: str) -> bool:
    """Whether a message needs a correction: it is none if it says nothing or is only to be known."""
    return bool(said) and not said.startswith(REMINDER)


def present(top: int, left: Sequence[int]) -> dict[tuple[int, int], object]:
    """(row, column) → the value that a formula has now, where so many messages are left on the sheets."""
    found: dict[tuple[int, int], object] = {(top, 1): LEFT.format(count=sum(left)) if sum(left) else READY}
    for row, count in enumerate(left, top + 2):
        found |= {(row, 1): count, (row, 2): SEE if count else FINE}
    return found


def write(page: Page, top: int, checked: Sequence[Checked], last_column: int) -> int:
    """Write the word and the table of sheets from row `top` on; returns the row after it."""
    total = f"SUM(B{top + 3}:B{top + 2 + len(checked)})"
    now = present(top, [one.left for one in checked])
    page.text(top, 0, LABEL, "label")
    page.span(top, 1, last_column, **BIG)
    page.formula(top, 1, f'=IF({total}=0,"{READY}","尚有 "&{total}&" 項")', now[top, 1], "text", **BIG)
    page.worksheet.set_row(top, 34)
    _colours(page, top, top, 1, f'=LEFT($B${top + 1},1)="{READY[0]}"')
    page.header(top + 1, ["工作表", "尚有項數"])
    page.span(top + 1, 2, last_column, "head")
    page.text(top + 1, 2, "結果（點選工作表名稱前往）", "head")
    for row, one in enumerate(checked, top + 2):
        page.link(row, 0, f"'{one.sheet}'!A1", one.sheet)
        page.formula(row, 1, one.formula, now[row, 1], "whole")
        page.span(row, 2, last_column, **LIVE)
        page.formula(row, 2, one.said(f"B{row + 1}"), now[row, 2], "text", **LIVE)
    _colours(page, top + 2, top + 1 + len(checked), 2, f"=$B{top + 3}=0")
    return top + 2 + len(checked)


def column_colours(page: Page, first: int, last: int, column: int) -> None:
    """Colour the messages of a column: what is wrong, and what is only to be known."""
    style = page.book.workbook.add_format
    noted = {"type": "text", "criteria": "begins with", "value": REMINDER, "format": style(NOTED)}
    page.worksheet.conditional_format(first, column, last, column, noted | {"stop_if_true": True})
    page.worksheet.conditional_format(
        first, column, last, column, {"type": "cell", "criteria": "!=", "value": '""', "format": style(BAD)}
    )


def _colours(page: Page, first: int, last: int, column: int, good: str) -> None:
    """Green where the formula `good` holds, red elsewhere."""
    for criteria, look in ((good, GOOD), (good.replace("=", "=NOT(", 1) + ")", BAD)):
        style = page.book.workbook.add_format(look)
        page.worksheet.conditional_format(
            first, column, last, column, {"type": "formula", "criteria": criteria, "format": style}
        )
