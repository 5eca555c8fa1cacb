"""撥款總覽: who can be paid, what each sent, and what is paid against the budget (肆.七).

What came is an input on 文件, taken from the checklists; every count, state and sum is a formula over it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlbatch import roc
from mlbatch.again import kept
from mlbatch.columns import HEADER, Column, begin, listing, totals
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page
from mlbatch.tables import CLAIMS, NOT_SENT, PAID, PAYABLE, TO_SUPPLY, Tables, records
from mlbatch.workbooks.parameters import parameters

OVERVIEW, PAPERS, GAPS, MONEY = "總覽", "文件", "缺件", "撥款"
YES, UNSENT, UNCLEAR = "是", "未收", "無從認定"
LOOKED_AT = ("待修正", "查無檔案", "經費待修正", UNCLEAR)  # what the batch found, beyond what a list says
STYLES = dict(zip(CLAIMS, ("good", "warn", "bad", "info"), strict=True))
TABLES = ("papers_due", "payees")  # all that this workbook is made of
Row = Mapping[str, object]


@kept
def payment_workbook(tables: Tables, plan: Plan) -> bytes:
    """The workbook of the whole programme; its sums agree with 核定與經費表."""
    book = Book("撥款總覽")
    pages = {name: book.page(name, landscape=name != MONEY) for name in (MONEY, OVERVIEW, PAPERS, GAPS)}
    names = parameters(book, plan, ("budget.total",))
    papers, payees = (
        [_named(row) for row in records(tables["papers_due"])],
        [_named(row) for row in records(tables["payees"])],
    )
    under = f"{plan.title}　請款期限 {roc.short(plan.office.papers_due)}"
    last = _papers(pages[PAPERS], papers, under)
    end = _payees(pages[OVERVIEW], payees, last, f"{under}　單位：新臺幣元")
    _gaps(pages[GAPS], papers, under)
    _money(pages[MONEY], payees, names, end, plan)
    return book.save()


def _named(row: Row) -> dict:
    """The row with the one word by which its payee is known: the county, or code and level."""
    return {**row, "key": row["county"] or f"{row['code']}{row['level']}"}


# The papers ----------------------------------------------------------------------------------------


def _papers(page: Page, rows: list[dict], under: str) -> int:
    """The sheet 文件; returns its last row as people count."""
    begin(page, "請款文件", f"{under}　一件一列；「已收」「已簽章」依請款文件檢核表")
    return listing(page, _paper_columns(), rows, freeze=4) + 1


def _paper_columns() -> list[Column]:
    return [
        Column("代號", "key", "center", width=11),
        Column("受款單位", "payee", width=20),
        Column("學校代碼", "school_code", "code", width=9),
        Column("學校名稱", "school_name", width=22),
        Column("學制", "school_level", "center", width=6),
        Column("文件", "paper", "text", "肆.七", width=26),
        Column("依據", "clause", "center", width=11),
        Column("應簽章", "needs", "center", "肆.七", width=8),
        Column("已收", lambda r: YES if r["received"] else "", "center", width=6),
        Column("已簽章", lambda r: YES if r["signed"] else "", "center", width=7),
        Column("收件日期", lambda r: _day(r["received_on"]), "center", width=11),
        Column("逾期", lambda r: YES if r["late"] else "", lambda r: "warn" if r["late"] else "center", "玖.三(四)", width=6),
        Column("核對", lambda r: r["gap"] if r["gap"] in LOOKED_AT else "", "center", "肆.七(二)", width=11),
        Column("情形", lambda r: r["gap"] or "齊備", lambda r: "warn" if r["gap"] else "good", "肆.七", width=11, formula=lambda n: (
            f'=IF(M{n}="{UNCLEAR}",M{n},IF(I{n}<>"{YES}","{UNSENT}",IF(AND(H{n}<>"",J{n}<>"{YES}"),"未"&H{n},IF(M{n}<>"",M{n},"齊備"))))')),
        Column("備註", "note", width=20),
    ]  # fmt: skip


def _gaps(page: Page, papers: list[dict], under: str) -> None:
    """The sheet 缺件: every paper that is missing, unsigned or to be revised."""
    rows = [{**row, "number": number} for number, row in enumerate((p for p in papers if p["gap"]), 1)]
    begin(page, "缺件一覽", f"{under}　共 {len(rows)} 件")
    columns = [
        Column("序號", "number", "whole", width=6),
        Column("受款單位", "payee", width=22),
        Column("學校代碼", "school_code", "code", width=10),
        Column("學校名稱", lambda r: r["school_name"] or "（單位自身之文件）", width=26),
        Column("文件", "paper", width=28),
        Column("情形", "gap", "warn", width=12),
        Column("依據", "clause", "center", width=12),
        Column("備註", "note", width=28),
    ]
    listing(page, columns, rows, freeze=2)


# The payees ----------------------------------------------------------------------------------------


def _payees(page: Page, rows: list[dict], last: int, under: str) -> int:
    """The sheet 總覽 with its sums; returns the row of the sums as people count."""
    begin(page, "撥款總覽", under)
    columns = _payee_columns(last)
    return totals(page, columns, rows, listing(page, columns, rows, freeze=2), ("money", "whole")) + 1


def _payee_columns(last: int) -> list[Column]:
    def count(column: str, wanted: str) -> Callable[[int], str]:
        place = f"{PAPERS}!${column}${HEADER + 2}:${column}${last}"
        keys = f"{PAPERS}!$A${HEADER + 2}:$A${last}"
        return lambda n: f"=COUNTIFS({keys},A{n},{place},{wanted})"

    unsent = count("N", f'"{UNSENT}"')
    return [
        Column("代號", "key", "center", width=11),
        Column("受款單位", "payee", width=22),
        Column("校數", "schools", "whole", "肆.七", width=6),
        Column("班級數", "classes", "whole", "肆.六", width=7),
        Column("經常門", "current", "money", "柒.三", width=12),
        Column("資本門", "capital", "money", "肆.四(四)1", width=11),
        Column("核定補助", "granted", "money", "柒", lambda n: f"=E{n}+F{n}", width=12),
        Column("應備", "due", "whole", "肆.七", count("F", '"<>"'), width=6),
        Column("已收", "received", "whole", "肆.七", count("I", f'"{YES}"'), width=6),
        Column("未收", "missing", "whole", "肆.七", lambda n: f"=H{n}-I{n}", width=6),
        Column("未簽章", "unsigned", "whole", "肆.七", lambda n: f'{count("N", _quoted("未核章"))(n)}+{count("N", _quoted("未簽名"))(n)[1:]}', width=7),
        Column("缺漏\n合計", "gaps", "whole", "肆.七", lambda n: f'=H{n}-{count("N", _quoted("齊備"))(n)[1:]}', width=6),
        Column("逾期", "late", "whole", "玖.三(四)", count("L", f'"{YES}"'), width=6),
        Column("撥款日期", lambda r: _day(r["paid_on"]), "center", width=11),
        Column("請款情形", "state", lambda r: STYLES[r["state"]], "肆.七", lambda n: (
            f'=IF(N{n}<>"","{PAID}",IF(L{n}=0,"{PAYABLE}",IF({unsent(n)[1:]}=H{n},"{NOT_SENT}","{TO_SUPPLY}")))'), width=10),
        Column("本次撥款", "pay_now", "money", "肆.七", lambda n: f'=IF(O{n}="{PAYABLE}",G{n},0)', width=12),
        Column("說明", "why", width=26),
    ]  # fmt: skip


def _quoted(words: str) -> str:
    return f'"{words}"'


def _day(day) -> str:
    return roc.short(day) if day else ""


# The money -----------------------------------------------------------------------------------------


def _money(page: Page, payees: list[dict], names: Mapping[str, str], end: int, plan: Plan) -> None:
    """The sheet 撥款: what was granted, paid, can be paid now and is still to come, against the budget."""
    begin(page, "撥款與預算", plan.title)
    page.header(3, ["項目", "金額（元）", "單位數", "依據"])
    area = {letter: f"{OVERVIEW}!${letter}${HEADER + 2}:${letter}${end - 1}" for letter in "GO"}
    lines = [("本年度預算", f"={names['budget.total']}", plan.budget.total, None, None, "柒.三")]
    granted = sum(row["granted"] for row in payees)
    lines.append(
        (
            "核定補助",
            f"={OVERVIEW}!G{end}",
            granted,
            f"=COUNTA({OVERVIEW}!A{HEADER + 2}:A{end - 1})",
            len(payees),
            "柒",
        )
    )
    for state in (PAID, PAYABLE, TO_SUPPLY, NOT_SENT):
        own = [row for row in payees if row["state"] == state]
        lines.append((
            state, f'=SUMIFS({area["G"]},{area["O"]},"{state}")', sum(row["granted"] for row in own),
            f'=COUNTIFS({area["O"]},"{state}")', len(own), "肆.七",
        ))  # fmt: skip
    lines.append(("預算餘額", "=B5-B6", plan.budget.total - granted, None, None, "柒.三"))
    for row, (label, formula, value, counted, number, cite) in enumerate(lines, 4):
        page.text(row, 0, label, "label")
        page.formula(row, 1, formula, int(value), "total" if row in (4, 5, 10) else "money")
        page.formula(row, 2, counted, number, "whole") if counted else page.text(row, 2, "")
        page.text(row, 3, cite, "center")
    page.text(
        12,
        0,
        "「可撥款」為文件齊備者，即本次撥款；「總覽」為各單位，「文件」為逐件情形，「缺件」為應催補者。",
        "subtitle",
    )
    page.widths([18, 18, 10, 14])
