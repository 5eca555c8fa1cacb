"""教練學校: who qualifies, who coaches whom and how near, who has too few, what coaches owe (附件3).

The ministry's workbook holds everything; a recipient's only the pairs that were decided of its own schools.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from mlbatch import roc
from mlbatch.again import kept
from mlbatch.columns import HEADER, Column, begin, listing
from mlbatch.obligation import DONE, LATE, LATER, OVERDUE, THIS_MONTH
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page
from mlbatch.tables import DECIDED, Tables, records

PAIRS, SCHOOLS, UNPAIRED, DUTIES = "配對", "教練學校", "未配對新手學校", "工作事項"
STYLES = {DONE: "good", LATE: "good", THIS_MONTH: "info", OVERDUE: "bad", LATER: "center"}
NATION = "國立"
TABLES = (
    "coached",
    "unpaired",
    "coach_duties",
    "coach_needs",
    "coach_schools",
)  # all that the workbook is made of
Row = Mapping[str, object]


@kept
def coaching_workbook(tables: Tables, plan: Plan, as_of: date) -> bytes:
    """The ministry's workbook."""
    book = Book("教練學校")
    pages = {name: book.page(name) for name in (SCHOOLS, PAIRS, UNPAIRED, DUTIES)}
    under = f"{plan.title}　基準日 {roc.short(as_of)}"
    pairs = records(tables["coached"])
    last = _pairs(pages[PAIRS], pairs, under, of_ministry=True)
    _schools(pages[SCHOOLS], tables, plan, under, last)
    _unpaired(pages[UNPAIRED], records(tables["unpaired"]), under)
    _duties(pages[DUTIES], records(tables["coach_duties"]), under)
    return book.save()


@kept
def own_workbook(pairs: Sequence[Row], duties: Sequence[Row], plan: Plan, as_of: date, who: str) -> bytes:
    """The workbook of one recipient `who`: the pairs in which its own schools stand, what its own coaches owe."""
    book = Book("教練學校")
    under = f"{plan.title}　{who}　基準日 {roc.short(as_of)}"
    _pairs(book.page(PAIRS), pairs, under, of_ministry=False)
    if duties:
        _duties(book.page(DUTIES), duties, under)
    return book.save()


def _yes(name: str):
    return lambda row: "是" if row[name] else "否"


# Who coaches whom ----------------------------------------------------------------------------------


def _pairs(page: Page, rows: Sequence[Row], under: str, *, of_ministry: bool) -> int:
    """The sheet 配對; returns its last row as people count."""
    if of_ministry:
        begin(
            page,
            "教練學校與受輔導學校",
            f"{under}　「{DECIDED}」依教練配對；「建議」由程式就近配對，尚未核定",
        )
    else:
        words = "請雙方聯繫，共同規劃輔導方式" if rows else "配對尚未核定"
        begin(page, "教練學校與受輔導學校", f"{under}　{words}")
    columns = [
        Column("教練學校\n縣市", "coach_county", "center", width=9),
        Column("教練學校\n代碼", "coach_code", "code", width=9),
        Column("教練學校", "coach_name", width=26),
        Column("教練學校\n學制", "coach_level", "center", width=9),
        Column("受輔導學校\n縣市", "county", "center", "附件3.四2", width=11),
        Column("受輔導學校\n代碼", "code", "code", width=11),
        Column("受輔導學校", "name", width=26),
        Column("受輔導學校\n學制", "level", "center", width=11),
        Column("外縣市", _yes("abroad"), "center", "附件3.四2", width=8),
    ]
    if of_ministry:
        columns += [
            Column("距離\n（縣界數）", "steps", "whole", "附件3.四2", width=10),
            Column(
                "情形",
                "state",
                lambda row: "good" if row["state"] == DECIDED else "warn",
                "附件3.四2",
                width=8,
            ),
        ]
    return listing(page, columns, rows, freeze=3) + 1


# Who may be a coach, and who has too few -----------------------------------------------------------


def _schools(page: Page, tables: Tables, plan: Plan, under: str, last: int) -> None:
    needs = {(row["code"], row["level"]): row for row in records(tables["coach_needs"])}
    rows = []
    for number, row in enumerate(records(tables["coach_schools"]), 1):
        need = needs.get((row["code"], row["level"]))
        rows.append({**row, "n": number, "need": need, "wished": _wished(row["wishes"])})
    short = sum(bool(row["need"] and row["need"]["why"]) for row in rows)
    words = f"列冊 {sum(row['listed'] for row in rows)} 校、申請 {sum(row['applied'] for row in rows)} 校；配對不足 {short} 校"
    begin(page, "教練學校資格與配對情形", f"{under}　{words}")
    listing(page, _school_columns(plan, last, rows), rows, freeze=4)
    page.wide(2, 5)


def _school_columns(plan: Plan, last: int, rows: Sequence[Row]) -> list[Column]:
    def need(name: str):
        return lambda row: row["need"][name] if row["need"] else None

    def counted(n: int, more: str = "") -> str:
        if not rows[n - HEADER - 2]["need"]:
            return ""
        spans = {
            letter: f"{PAIRS}!${letter}${HEADER + 2}:${letter}${max(last, HEADER + 2)}" for letter in "BDIK"
        }
        return f"=SUMPRODUCT(({spans['B']}=C{n})*({spans['D']}=E{n}){more.format(**spans)})"

    def state(row: Row) -> str:
        if not row["need"]:
            return ""
        return "配對不足" if row["need"]["why"] else "足額"

    return [
        Column("序號", "n", "whole", width=6),
        Column("縣市", lambda r: NATION if r["national"] else r["county"], "center", width=9),
        Column("學校代碼", "code", "code", width=9),
        Column("學校名稱", "name", width=26),
        Column("學制", "level", "center", width=6),
        Column("列於\n清冊", _yes("listed"), "center", "附件3.三", width=7),
        Column("已送\n申請表", _yes("applied"), "center", "附件3.二", width=8),
        Column(f"獲{plan.year}年\n補助", _yes("funded"), "center", "附件3.二", width=9),
        Column("資格", lambda r: "符合" if r["qualified"] else "不符", lambda r: "good" if r["qualified"] else "bad",
               "附件3.二", width=7),
        Column("依據", "basis", "center", "附件3.二", width=13),
        Column("已續任\n年數", "again", "whole", "捌.三", width=8),
        Column("不符原因", "why", "text", "附件3.二", width=34),
        Column("應輔導\n校數", need("wanted"), "whole", "附件3.四2", width=8),
        Column("已配\n校數", need("got"), "whole", "附件3.四2", counted, width=7),
        Column("其中\n核定", need("decided"), "whole", "附件3.四2",
               lambda n: counted(n, f'*({{K}}="{DECIDED}")'), width=7),
        Column("配對情形", state, lambda r: {"足額": "good", "配對不足": "bad"}.get(state(r), "center"), "附件3.四2", width=10),
        Column("不足之說明", lambda r: r["need"]["why"] if r["need"] else "", "text", "附件3.四2", width=36),
        Column("輔導意願", "wished", "text", width=28),
    ]  # fmt: skip


def _wished(wishes: Sequence[tuple[str, str]]) -> str:
    return "、".join(f"{county}{code}" for county, code in wishes)


def _unpaired(page: Page, rows: Sequence[Row], under: str) -> None:
    begin(page, "尚無教練學校之新手學校", f"{under}　共 {len(rows)} 校；本年度新申請且獲核定者")
    columns = [
        Column("縣市", lambda r: NATION if r["national"] else r["county"], "center", width=10),
        Column("學校代碼", "code", "code", width=10),
        Column("學校名稱", "name", width=28),
        Column("學制", "level", "center", width=6),
    ]
    listing(page, columns, rows, freeze=3)


# What coaches owe ----------------------------------------------------------------------------------


def _duties(page: Page, rows: Sequence[Row], under: str) -> None:
    begin(page, "教練學校工作事項", f"{under}　輔導與報告以送件日計，會議與分享以辦理日計")
    columns = [
        Column("縣市", lambda r: NATION if r["national"] else r["county"], "center", width=10),
        Column("學校代碼", "code", "code", width=10),
        Column("學校名稱", "name", width=26),
        Column("項目", "item", "text", "附件3.四", width=18),
        Column("學期", "semester", "center", width=17),
        Column("場次", "class_", "center", width=9),
        Column("期限", lambda r: roc.short(r["due"]), "center", width=11),
        Column("應辦", "number", "whole", "附件3.四", width=7),
        Column("已辦", "done", "whole", "附件3.四", width=7),
        Column("尚欠", lambda r: max(0, r["number"] - r["done"]), "whole", "附件3.四",
               lambda n: f"=MAX(0,H{n}-I{n})", width=7),
        Column("完成日期", lambda r: roc.short(r["day"]) if r["day"] else "", "center", width=11),
        Column("情形", "state", lambda r: STYLES[r["state"]], width=10),
    ]  # fmt: skip
    listing(page, columns, rows, freeze=3)
