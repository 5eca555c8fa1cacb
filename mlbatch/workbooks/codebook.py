"""代碼簿: what every field and every code of the open data means, for people.

Gets the declarations as they stand (opendata.fields, opendata.codes) and adds no word of its own about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from mlbatch import roc
from mlbatch.again import kept
from mlbatch.columns import Column, begin, listing
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page

TYPES = {
    "string": "文字", "integer": "整數", "number": "數字", "boolean": "是否（true／false）", "date": "日期（西元年-月-日）",
    "datetime": "日期時間（西元年-月-日T時:分:秒）",
}  # fmt: skip
READING = (
    ("檔案", "每一表有同名之 CSV 與 JSON，內容相同；datapackage.json 為機器可讀之欄位描述（Frictionless Data Package、Table Schema）。"),
    ("編碼", "UTF-8。CSV 有位元組順序記號（BOM），Excel 可直接開啟；JSON 沒有。"),
    ("學校代碼", "Excel 開啟 CSV 時會去掉代碼開頭之 0；請以「學校識別碼」識別與併表，或以「資料」「從文字/CSV」匯入並將該欄設為文字。"),
    ("空白", "沒有值者為空；不以 0 或「無」代替。"),
    ("金額", "新臺幣元，整數。"),
    ("文字開頭之單引號", "文字以等號、加號、減號或 @ 開頭者，前加單引號，以免試算表誤作公式。"),
    ("個人資料", "不含姓名、電話、電子郵件、審查委員與其評分，亦不含送件者自行填寫之文字。"),
)  # fmt: skip


@kept
def codebook(tables: Sequence, codes: Mapping, clauses: Sequence[Mapping], plan: Plan, as_of: date) -> bytes:
    """The workbook: 說明, 資料表, 欄位, 代碼, 條次.

    `tables` are opendata.fields.Table, `codes` opendata.codes.Codes by name, `clauses` rows of clause and summary.
    """
    book = Book("代碼簿")
    names = ("說明", "資料表", "欄位", "代碼", "條次")
    about, lists, columns, meanings, cited = (book.page(name) for name in names)
    _about(about, plan, as_of)
    _listing(lists, "資料表", TABLES, [_table(table) for table in tables], plan)
    _listing(columns, "欄位", FIELDS, list(_fields(tables, codes)), plan)
    _listing(meanings, "代碼", CODES, list(_codes(codes)), plan)
    _listing(cited, "條次", CLAUSES, clauses, plan)
    return book.save()


def _about(page: Page, plan: Plan, as_of: date) -> None:
    begin(page, "開放資料代碼簿", f"{plan.title}　基準日 {roc.short(as_of)}　{plan.office.agency}")
    licence = (("授權", f"{plan.opendata.licence_title}（{plan.opendata.licence_url}）"),)
    listing(page, ABOUT, [{"what": what, "words": words} for what, words in (*READING, *licence)])


def _listing(page: Page, title: str, columns: Sequence[Column], rows: Sequence[Mapping], plan: Plan) -> None:
    begin(page, title, plan.title)
    listing(page, columns, rows)


def _table(table) -> dict[str, object]:
    titles = {field.name: field.title for field in table.fields}
    key = "、".join(titles[name] for name in table.key)
    files = f"{table.title}.csv、{table.title}.json"
    return {
        "title": table.title,
        "name": table.name,
        "files": files,
        "note": table.note,
        "key": key,
        "fields": len(titles),
    }


def _fields(tables: Sequence, codes: Mapping) -> Iterator[dict[str, object]]:
    titles = {table.name: table.title for table in tables}
    for table in tables:
        for field in table.fields:
            values = f"代碼表「{codes[field.codes].title}」" if field.codes else ""
            if field.refers:
                values = f"見「{titles[field.refers[0]]}」"
            yield {
                "table": table.title, "name": field.name, "title": field.title, "type": TYPES[field.type], "unit": field.unit,
                "blank": "" if field.required else "可空", "note": field.note, "cite": field.cite, "values": values,
                "key": "主鍵" if field.name in table.key else "",
            }  # fmt: skip


def _codes(codes: Mapping) -> Iterator[dict[str, object]]:
    for one in codes.values():
        for code, (meaning, cite) in one.meanings.items():
            yield {"list": one.title, "code": code, "meaning": meaning or code, "cite": cite}


ABOUT = (Column("項目", "what", "label", width=18), Column("說明", "words", width=90))
TABLES = (
    Column("資料表", "title", "center", width=14),
    Column("名稱", "name", "center", width=14),
    Column("檔案", "files", width=32),
    Column("內容", "note", width=54),
    Column("主鍵", "key", width=24),
    Column("欄位數", "fields", "whole", width=8),
)
FIELDS = (
    Column("資料表", "table", "center", width=13),
    Column("欄位名稱", "name", width=17),
    Column("欄位", "title", width=17),
    Column("型別", "type", width=20),
    Column("單位", "unit", "center", width=9),
    Column("主鍵", "key", "center", width=6),
    Column("可空", "blank", "center", width=6),
    Column("說明", "note", width=48),
    Column("值", "values", width=24),
    Column("條次", "cite", "center", width=13),
)
CODES = (
    Column("代碼表", "list", "center", width=16),
    Column("代碼", "code", width=20),
    Column("意義", "meaning", width=50),
    Column("條次", "cite", "center", width=13),
)
CLAUSES = (Column("條次", "clause", "center", width=14), Column("摘要（非計畫原文）", "summary", width=90))
