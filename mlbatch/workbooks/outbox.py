"""發文清單: every letter with its figures and its state, and paragraph by paragraph what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from mlbatch import roc
from mlbatch.columns import HEADER, LINE, Column, begin, listing
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page, column_letter

STYLES = {"草稿": "info", "已修改": "warn", "已核發": "good", "內容已變更": "bad", "已撤回": "bad"}
TOTALS = 2  # the row, from 0, above the clauses
SHEET, APART = "發文清單", "差異"
MEANING = (
    ("草稿", "程式所擬，未經手改；再次執行時依最新資料重擬。可直接於 Word 編修。"),
    ("已修改", "經手改；原檔逐位元組保留，不會被覆蓋。手改之處見「差異」。"),
    ("內容已變更", "手改或核發後，資料有變更；原檔不動，新稿在「公文新稿」資料夾，逐段差異見「差異」。"),
    ("已撤回", "經手改，而本次已無此函；原檔保留，不需要時請自行刪除。"),
    ("已核發", "列於收件資料夾之「發文紀錄」；不再重擬，也不撤回。"),
)


def outbox(letters: Sequence[Mapping], apart: Sequence[Mapping], plan: Plan, as_of: date) -> bytes:
    """The workbook. `letters`: recipient, kind, path, schools, amount, state, day, number, note,
    differences (how many) and new_draft; `apart`: the letters' differences, in the same order:
    path, recipient, kind, unit, stands, new, whose."""
    book = Book(SHEET)
    page = book.page(SHEET)
    begin(page, SHEET, f"{plan.title}　基準日 {roc.short(as_of)}　共 {len(letters)} 件")
    first = _first_rows(apart)
    rows = [
        {
            **row,
            "serial": number,
            "link": _link(row, first),
            "sent": roc.short(row["day"]) if row["day"] else "",
        }
        for number, row in enumerate(letters, 1)
    ]
    last = listing(page, LETTERS, rows, freeze=3)
    _totals(page, rows, last)
    page = book.page(APART)
    begin(page, APART, "公文現有文字與程式現擬文字不同之處，一段或表格之一列為一列；表格各欄以「｜」分隔。")
    listing(page, DIFFERENCES, apart)
    page = book.page("說明", landscape=False)
    begin(page, "狀態說明", "公文以路徑識別，是否手改以內容判斷；搬移、複製、解壓縮或另存都不算手改。")
    listing(page, MEANINGS, [{"state": state, "words": words} for state, words in MEANING])
    return book.save()


def _first_rows(apart: Sequence[Mapping]) -> dict[str, int]:
    """Path → the row, from 1, at which a letter's differences begin."""
    first: dict[str, int] = {}
    for row, one in enumerate(apart, HEADER + 2):
        first.setdefault(one["path"], row)
    return first


def _link(row: Mapping, first: Mapping[str, int]) -> tuple[str, str]:
    if row["path"] not in first:
        return "", ""
    return f"'{APART}'!A{first[row['path']]}", f"{row['differences']} 處"


def _totals(page: Page, rows: Sequence[Mapping], last: int) -> None:
    """The sums of what the filter shows, live."""
    page.worksheet.set_row(TOTALS, LINE)
    page.text(TOTALS, 3, "合計（篩選後）", "total_text")
    for name in ("schools", "amount"):
        place = next(n for n, column in enumerate(LETTERS) if column.value == name)
        letter = column_letter(place)
        area = f"{letter}{HEADER + 2}:{letter}{max(last + 1, HEADER + 2)}"
        known = sum(row[name] or 0 for row in rows)
        page.formula(TOTALS, place, f"=SUBTOTAL(109,{area})", known, "total")


LETTERS = (
    Column("序號", "serial", "whole", width=5),
    Column("受文者", "recipient", width=18),
    Column("公文種類", "kind", "center", "肆.七", width=11),
    Column("檔案", "path", width=30),
    Column("校數", "schools", "whole", "肆.七", width=6),
    Column("金額（元）", "amount", "money", "柒.三", width=13),
    Column("狀態", "state", lambda row: STYLES[row["state"]], width=11),
    Column("發文日期", "sent", "center", width=10),
    Column("發文字號", "number", width=16),
    Column("差異", "link", "link", width=7),
    Column("說明", "note", width=28),
    Column("新稿", "new_draft", width=26),
)
DIFFERENCES = (
    Column("受文者", "recipient", width=18),
    Column("公文種類", "kind", "center", width=11),
    Column("段次", "unit", "whole", width=6),
    Column("現有文字", "stands", width=52),
    Column("程式現擬文字", "new", width=52),
    Column("何者之差異", "whose", "center", width=14),
    Column("檔案", "path", width=26),
)
MEANINGS = (
    Column("狀態", "state", lambda row: STYLES[row["state"]], width=14),
    Column("意思", "words", width=66),
)
