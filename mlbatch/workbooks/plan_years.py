"""年度計畫比較: what differs between two plan years, and what follows in the forms; for those who prepare the year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from mlbatch import roc
from mlbatch.columns import Column, begin, listing
from mlbatch.plan import Plan
from mlbatch.plan.changes import ADDED, CHANGED, REMOVED
from mlbatch.sheet import Book

PLANS, OURS = "計畫規定", "本部裁量"
STYLES = {ADDED: "good", REMOVED: "bad", CHANGED: "info"}
Row = Mapping[str, object]


def comparison(
    before: Plan, now: Plan, values: Sequence[Row], forms: Sequence[Row], clauses: Sequence[Row]
) -> bytes:
    """The workbook: 參數, 表件, 條次."""
    book = Book(f"{before.year}與{now.year}年度計畫比較")
    pages = [book.page(name) for name in ("參數", "表件", "條次")]
    years = f"{before.year} 年度與 {now.year} 年度"
    begin(
        pages[0], f"{years}參數比較", f"{before.title}　→　{now.title}　{_counts(values, len(now.sources))}"
    )
    listing(pages[0], _values(before, now), _numbered(values), freeze=4)
    pages[0].wide(2, 4)
    begin(pages[1], f"{years}表件比較", f"共 {len(forms)} 處；日期範例隨年度而異，不列")
    listing(pages[1], _forms(before, now), _numbered(forms), freeze=4)
    begin(
        pages[2],
        f"{years}條次比較",
        f"共 {len(clauses)} 條；摘要非計畫原文。「程式引用」有值者須由維護人員處理",
    )
    listing(pages[2], _clauses(before, now), clauses, freeze=2)
    return book.save()


def said(value: object) -> str:
    """A value as officials read it."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case int():
            return f"{value:,}"
        case datetime():
            return roc.minute(value)
        case date():
            return roc.short(value)
        case Mapping():
            return "、".join(f"{name}={said(one)}" for name, one in value.items())
        case tuple() | list():
            return "、".join(map(said, value)) or "無"
    return _month(str(value))


def _month(words: str) -> str:
    """2019-03 and 2019-03-31 as officials read them; other words as they are."""
    try:
        return roc.short(date.fromisoformat(words if len(words) > 7 else f"{words}-01"))[: len(words) - 1]
    except ValueError:
        return words


def _counts(values: Sequence[Row], number: int) -> str:
    kinds = Counter(row["kind"] for row in values)
    whose = Counter(OURS if row["ours"] else PLANS for row in values)
    told = "、".join(f"{kind} {count} 處" for kind, count in kinds.items())
    by = "、".join(f"{name} {count} 處" for name, count in sorted(whose.items(), reverse=True))
    same = number - len({row["name"] for row in values})
    return f"{told or '沒有差異'}（{by or '無'}）；另有 {same} 項參數沿用"


def _numbered(rows: Sequence[Row]) -> list[Row]:
    return [{**row, "number": number} for number, row in enumerate(rows, 1)]


def _kind(row: Row) -> str:
    return STYLES.get(row["kind"], "center")


def _values(before: Plan, now: Plan) -> list[Column]:
    return [
        Column("序號", "number", "whole", width=6),
        Column("性質", "kind", _kind, width=8),
        Column("參數", "label", "label", width=24),
        Column("項目", "part", width=18),
        Column("依據", "cite", "center", width=12),
        Column(f"{before.year} 年度", "old", width=26),
        Column(f"{now.year} 年度", "new", width=26),
        Column("屬性", lambda row: OURS if row["ours"] else PLANS, lambda row: "warn" if row["ours"] else "info", width=10),
        Column("說明", "says", width=34),
        Column("決定者", "by", "center", width=18),
        Column("決定日期", lambda row: row["on"] and roc.short(date.fromisoformat(row["on"])), "center", width=10),
        Column("表件影響", "follows", width=50),
        Column("資料名稱", "name", width=28),
    ]  # fmt: skip


def _forms(before: Plan, now: Plan) -> list[Column]:
    return [
        Column("序號", "number", "whole", width=6),
        Column("表件", "form", "label", width=26),
        Column("工作表", "sheet", width=18),
        Column("欄位", "field", width=20),
        Column("差異", "what", "center", width=10),
        Column(f"{before.year} 年度", "old", width=40),
        Column(f"{now.year} 年度", "new", width=40),
    ]


def _clauses(before: Plan, now: Plan) -> list[Column]:
    return [
        Column("性質", "kind", _kind, width=8),
        Column("條次", "cite", "label", width=14),
        Column(f"{before.year} 年度摘要", "old", width=48),
        Column(f"{now.year} 年度摘要", "new", width=48),
        Column("程式引用", "cited", lambda row: "bad" if row["cited"] else "center", width=30),
    ]
