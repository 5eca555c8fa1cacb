"""不得申請名單: the schools that had not handed in everything, and may not apply (玖.二, Z3)."""

from __future__ import annotations

from mlbatch import roc, workday
from mlbatch.again import kept
from mlbatch.columns import Column, begin, listing
from mlbatch.plan import Plan
from mlbatch.sheet import Book
from mlbatch.tables import Tables, records

TABLES = ("barred",)  # all that this workbook is made of


@kept
def barred_workbook(tables: Tables, plan: Plan, tracked: bool) -> bytes:
    """不得申請名單.xlsx: the schools that had not handed in everything (玖.二), if duties are `tracked`."""
    book = Book("不得申請名單")
    page = book.page("不得申請名單")
    last = workday.due(plan.closing.data_due, plan)
    rows = [{**row, "number": number} for number, row in enumerate(records(tables["barred"]), 1)]
    said = "" if tracked else "　（尚無應辦事項資料，無從認定）"
    begin(
        page, f"不得申請 {plan.closing.barred_year} 年計畫之學校",
        f"{plan.title}　{roc.short(last)} 前未繳齊資料者，共 {len(rows)} 校{said}",
    )  # fmt: skip
    columns = [
        Column("序號", "number", "whole", width=6),
        Column("縣市", "county", "center", width=10),
        Column("學校代碼", "code", "code", width=10),
        Column("學校名稱", "name", width=28),
        Column("學制", "level", "center", width=6),
        Column("未繳\n項目數", "missing", "whole", plan.cite("closing.data_due"), width=8),
        Column("逾期\n項目數", "late", "whole", plan.cite("closing.data_due"), width=8),
        Column("項目", "items", "text", plan.cite("closing.data_due"), width=60),
    ]
    listing(page, columns, rows, freeze=4)
    return book.save()
