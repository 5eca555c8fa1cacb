"""The mistakes that people make: rows of the table `mistakes`, each one change of one document.

`case` is the month, or the case of `faulty/`, that the change belongs to; changes are made in the
order of the table. Actions: see `ACTIONS`. A row of a document's table is chosen by its number
from 1, by `末` (the last), by `欄位=值`, or by `*` (all).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from altered import altered
from documents import Document, Documents
from readable import FORMS, PLAN, SCHOOLS, Row, table, typed

from mlbatch.forms import Field, Form, Kind
from mlbatch.forms.reader import read_workbook
from mlbatch.sheet import Book

Change = Mapping[str, str]
LONG = 40  # how often `填長文` repeats its text


def changed(documents: Documents, case: str) -> Documents:
    """The documents with the mistakes of `case`; what is not changed is the same object."""
    documents = dict(documents)
    for change in table("mistakes"):
        if change["case"] == case:
            ACTIONS[change["action"]](documents, change)
    return documents


def _fill(documents: Documents, change: Change) -> None:
    """填: put a value into one field of the chosen rows."""
    _put(documents, change, change["value"])


def _fill_long(documents: Documents, change: Change) -> None:
    """填長文: put in a text that is too long."""
    _put(documents, change, change["value"] * LONG)


def _put(documents: Documents, change: Change, words: str) -> None:
    document = documents[change["document"]]
    field = _field(document.form, change)
    try:
        value = typed(words, field.kind)
    except (ValueError, KeyError):  # what a person types all the same goes in as text
        document = _refield(document, change, kind=Kind.TEXT)
        value = words
    rows = document.values[change["table"]]
    chosen = _chosen(rows, change["row"])
    filled = [{**row, field.name: value} if i in chosen else row for i, row in enumerate(rows)]
    documents[change["document"]] = _with(document, change, filled)


def _remove(documents: Documents, change: Change) -> None:
    """刪列: take the chosen rows out."""
    document = documents[change["document"]]
    rows = document.values[change["table"]]
    chosen = _chosen(rows, change["row"])
    documents[change["document"]] = _with(
        document, change, [r for i, r in enumerate(rows) if i not in chosen]
    )


def _append(documents: Documents, change: Change) -> None:
    """增列: append a copy of the chosen row; `value` is `欄位=值；欄位=值`, in which it differs."""
    document = documents[change["document"]]
    rows = document.values[change["table"]]
    source = rows[min(_chosen(rows, change["row"]))] if rows else {}
    fields = {one.name: one for one in dict(document.form.tables())[change["table"]]}
    differs = dict(one.split("=", 1) for one in change["value"].split("；") if one)
    added = {name: typed(words, fields[name].kind) for name, words in differs.items()}
    documents[change["document"]] = _with(document, change, [*rows, {**source, **added}])


def _copy(documents: Documents, change: Change) -> None:
    """另存: a copy of the document under the key `field`, at the path `value`."""
    documents[change["field"]] = replace(documents[change["document"]], path=change["value"])


def _upload(documents: Documents, change: Change) -> None:
    """上傳: uploaded at another moment; without a value, not in the upload register."""
    moment = datetime.fromisoformat(change["value"]) if change["value"] else None
    documents[change["document"]] = replace(documents[change["document"]], uploaded=moment)


def _omit(documents: Documents, change: Change) -> None:
    """缺檔: not handed in."""
    del documents[change["document"]]


def _content(documents: Documents, change: Change) -> None:
    """檔案: under the document's name, something that is no workbook of ours."""
    document = documents[change["document"]]
    documents[change["document"]] = replace(document, form=None, content=CONTENTS[change["value"]]())


def _stamp(documents: Documents, change: Change) -> None:
    """戳記: another plan year or version in the stamp."""
    document, number = documents[change["document"]], int(change["value"])
    if change["field"] == "year":
        document = replace(document, plan=replace(document.plan, year=number))
    else:
        document = replace(document, form=replace(document.form, version=number))
    documents[change["document"]] = document


def _relabel(documents: Documents, change: Change) -> None:
    """欄名: the sender wrote another name over a column's label."""
    document = documents[change["document"]]
    documents[change["document"]] = _refield(document, change, label=change["value"])


def _drop_sheet(documents: Documents, change: Change) -> None:
    """刪頁: the sender deleted a sheet."""
    document = documents[change["document"]]
    sheets = tuple(one for one in document.form.sheets if one.title != change["value"])
    documents[change["document"]] = replace(document, form=replace(document.form, sheets=sheets))


def _alter(documents: Documents, change: Change) -> None:
    """改檔: the sender's program left the saved file in the state `value`, at one field's cell."""
    document = documents[change["document"]]
    sheet, cell = "", ""
    if change["table"]:
        reading = read_workbook(document.saved, document.path, FORMS, PLAN)
        rows = reading.records[change["table"]]
        place = rows[min(_chosen(rows, change["row"]))]["place"]
        sheet, cell = place.sheet, place.at(change["field"]).cell
    content = altered(document.saved, change["value"], sheet, cell)
    documents[change["document"]] = replace(document, content=content)


def _with(document: Document, change: Change, rows: list[Row]) -> Document:
    return replace(document, values={**document.values, change["table"]: rows})


def _chosen(rows: list[Row], selector: str) -> set[int]:
    """The indexes of the rows that a selector chooses; raises LookupError if there are none."""
    name, equals, value = selector.partition("=")
    if equals:
        chosen = {i for i, row in enumerate(rows) if str(row[name]) == value}
    elif selector == "*":
        chosen = set(range(len(rows)))
    else:
        chosen = {len(rows) - 1 if selector == "末" else int(selector or 1) - 1} & set(range(len(rows)))
    if not chosen:
        raise LookupError(f"no row {selector}")
    return chosen


def _field(form: Form, change: Change) -> Field:
    fields = dict(form.tables())[change["table"]]
    return next(one for one in fields if one.name == change["field"])


def _refield(document: Document, change: Change, **differs: object) -> Document:
    """The document with one field declared otherwise: that is how the sender's sheet came to be."""

    def other(fields: tuple[Field, ...]) -> tuple[Field, ...]:
        return tuple(replace(f, **differs) if f.name == change["field"] else f for f in fields)

    sheets = tuple(
        replace(
            one,
            head=other(one.head) if one.head_table == change["table"] else one.head,
            rows=other(one.rows) if one.rows_table == change["table"] else one.rows,
        )
        for one in document.form.sheets
    )
    return replace(document, form=replace(document.form, sheets=sheets))


# Files that are no workbook of ours --------------------------------------------------------------


def _html() -> bytes:
    return "<html><head><meta charset='utf-8'></head><body><h1>登入逾時，請重新登入</h1></body></html>\n".encode()


def _word() -> bytes:
    """A Word document, as small as they come."""
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = "教學實施計畫書（詳如附件）"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "word/document.xml": f'<w:document xmlns:w="{name}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>',
    }
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for part, xml in parts.items():
            archive.writestr(ZipInfo(part), f'<?xml version="1.0" encoding="UTF-8"?>{xml}'.encode())
    return buffer.getvalue()


def _unstamped() -> bytes:
    """A workbook that someone made from scratch."""
    book = Book("教學實施計畫書")
    page = book.page("計畫書")
    page.header(0, ("學校代碼", "學校名稱", "申請班級數"))
    page.text(1, 0, "（自行製作之表格）")
    return book.save()


def _lock() -> bytes:
    """What a spreadsheet program leaves beside a workbook that is open."""
    return b"\x06Officer" + b" " * 157


def _lacking_register() -> bytes:
    return "縣市,學校名稱,學制\n嘉義市,市立桃枝國小,國小\n".encode("cp950")


def _ministry_list() -> bytes:
    """The directory as the ministry's statistics show it: other labels, no stamp, no classes by grade."""
    book = Book("名錄")
    page = book.page("名錄")
    page.header(0, ["代碼", "學校名稱", "公/私立", "縣市名稱", "地址"])
    for number, school in enumerate(SCHOOLS, 1):
        owner = school["owner"].replace("國立", "公立")
        county = f"[{school['code'][:2]}]{school['county']}"
        address = f"[{100 + number}]{school['county']}{school['township']}示範路{number}號"
        for column, words in enumerate([school["code"], school["name"], owner, county, address]):
            page.text(number, column, words)
    return book.save()


CONTENTS: dict[str, Callable[[], bytes]] = {
    "網頁": _html,
    "Word 文件": _word,
    "無戳記": _unstamped,
    "暫存檔": _lock,
    "缺欄位之清冊": _lacking_register,
    "統計處名錄": _ministry_list,
}
ACTIONS: dict[str, Callable[[Documents, Change], None]] = {
    "填": _fill,
    "填長文": _fill_long,
    "刪列": _remove,
    "增列": _append,
    "另存": _copy,
    "上傳": _upload,
    "缺檔": _omit,
    "檔案": _content,
    "戳記": _stamp,
    "欄名": _relabel,
    "刪頁": _drop_sheet,
    "改檔": _alter,
}
