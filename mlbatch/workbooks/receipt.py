"""收件回執: for each recipient, what came in and was understood of it, and what changed since last time.

One row a file: which version, the time that counts, its sha256 and where it ended (肆.四(四)4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import pandas as pd

from mlbatch import roc
from mlbatch.again import kept
from mlbatch.columns import Column, begin, listing
from mlbatch.finding import Finding, Severity
from mlbatch.plan import Plan
from mlbatch.sheet import Book
from mlbatch.tables import records
from mlbatch.workbooks.checklist import bucket_style


@kept
def receipt(
    files: pd.DataFrame,
    changes: pd.DataFrame,
    findings: tuple[Finding, ...],
    plan: Plan,
    as_of: date,
    name: str,
) -> bytes:
    """The receipt of one recipient: `files` and `changes` (see forms.receipt) hold its rows only."""
    book = Book("收件回執")
    page = book.page("收件回執")
    begin(page, f"收件回執　{name}", f"{plan.title}　基準日 {roc.short(as_of)}　共 {len(files)} 份")
    counts = Counter((finding.at.file, finding.kind.severity) for finding in findings)
    rows = [_row(number, row, counts) for number, row in enumerate(records(files), 1)]
    listing(page, FILES, rows)
    page = book.page("與前版之差異")
    said = "" if len(changes) else "　本次無文件有前後兩版之差異。"
    begin(page, "與前版之差異", f"同一份文件最近兩次上傳之逐欄比對；列號為試算表之列號。{said}")
    listing(page, CHANGES, records(changes))
    return book.save()


def _row(number: int, row: Mapping, counts: Mapping) -> dict:
    at = row["uploaded"]
    return {
        **row, "number": number, "at": roc.minute(at) if at is not None and at == at else "",
        **{severity: counts[row["file"], severity] for severity in Severity},
    }  # fmt: skip


FILES = (
    Column("序號", "number", "whole", width=5),
    Column("檔案", "file", width=26),
    Column("表件", "title", "center", width=14),
    Column("範本\n版次", "version", "whole", width=6),
    Column("認定上傳時間", "at", "center", "肆.四(四)4", width=12),
    Column("去向", "bucket", bucket_style, "肆.四(四)4", width=8),
    Column("說明", "why", width=22),
    Column("讀得內容", "understood", width=44),
    *(Column(f"{severity}\n（件）", severity, "whole", width=6) for severity in Severity),
    Column("sha256", "sha256", width=22),
)
CHANGES = (
    Column("檔案", "file", width=30),
    Column("前版檔案", "former", width=30),
    Column("工作表", "sheet", "center", width=12),
    Column("列", "row", "whole", width=6),
    Column("欄位", "label", "center", width=14),
    Column("前版內容", "before", width=30),
    Column("本版內容", "after", width=30),
)
