"""優良候選名單: schools, teachers and coaches that can be put forward for the contests (捌, Z5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mlbatch import roc
from mlbatch.again import kept
from mlbatch.columns import Column, begin, listing
from mlbatch.plan import Plan
from mlbatch.sheet import Book
from mlbatch.tables import Tables, records

TABLES = ("school_candidates", "teacher_candidates", "coach_candidates")  # all that this workbook is made of
SCHOOL = [
    Column("序號", "number", "whole", width=6),
    Column("縣市", "county", "center", width=10),
    Column("學校代碼", "code", "code", width=10),
    Column("學校名稱", "name", width=28),
    Column("學制", "level", "center", width=6),
]


@kept
def candidates_workbook(tables: Tables, plan: Plan, as_of: date) -> bytes:
    """The workbook: a sheet for each contest, the best record first."""
    book = Book("優良候選名單")
    under = f"{plan.title}　基準日 {roc.short(as_of)}　獲獎依選拔實施計畫評定，本名單僅供推薦參考"
    low = plan.settling.candidate_from
    for title, clause, name, note, columns in (
        (
            "優良學校",
            "捌.一",
            "school_candidates",
            f"資料繳齊、年度紀錄 {low} 分以上；教練學校不參加",
            _schools(),
        ),
        ("傑出教師", "捌.二", "teacher_candidates", "前述標準學校（含教練學校）之授課教師", _teachers()),
        (
            "輔導績優",
            "捌.三",
            "coach_candidates",
            f"所輔導學校獲選{plan.year}年優良學校，且報告與配合事項完成者；續任至多 {plan.coaching.again_most} 年",
            _coaches(),
        ),
    ):
        rows = [{**row, "number": number} for number, row in enumerate(records(tables[name]), 1)]
        page = book.page(title)
        begin(page, f"{title}候選名單（{clause}）", f"{under}；{note}")
        listing(page, [*SCHOOL, *columns], rows, freeze=4)
    return book.save()


def _schools() -> Sequence[Column]:
    return (
        Column("年度紀錄\n分數", "score", "whole", "玖.三", width=10),
        Column("配合\n等第", "grade", "center", "玖.三", width=7),
        Column("已獲獎\n件數", "awards", "whole", "捌.一", width=9),
    )


def _teachers() -> Sequence[Column]:
    return (
        Column("教師", "teacher", width=14),
        Column("領域", "subjects", "text", "捌.二", width=28),
        Column("班級數", "classes", "whole", width=8),
    )


def _coaches() -> Sequence[Column]:
    return (
        Column("年度紀錄\n分數", "score", "whole", "玖.三", width=10),
        Column("應繳資料", lambda r: "繳齊" if r["complete"] else "未繳齊", lambda r: "good" if r["complete"] else "warn", "捌.三", width=10),
        Column("輔導情形", "coaching", "text", "附件3.四", width=24),
        Column("受輔導學校", "coached", "text", "附件3.四2", width=30),
        Column("其中獲獎", "winners", "text", "捌.三", width=24),
        Column("輔導\n報告", lambda r: "已繳" if r["report"] else "未繳", lambda r: "good" if r["report"] else "warn", "附件3.四5", width=7),
        Column("尚缺", "lacking", "text", "捌.三", width=26),
        Column("輔導績優\n獎盃（牌）", "award", lambda r: "good" if r["award"] == "頒發" else "center", "捌.三", width=10),
        Column("已續任\n年數", "again", "whole", "捌.三", width=8),
        Column("得續任\n下年度", lambda r: "得" if r["may_again"] else "不得" if r["award"] != "尚待評選" else "未定",
               lambda r: "good" if r["may_again"] else "center", "捌.三", width=8),
    )  # fmt: skip
