"""Where two versions of one file differ first (相異之處): sheet and cell, paragraph, or line."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import PurePosixPath

import docx
import openpyxl
from docx.table import Table

SHOWN = 60  # characters of a value that are shown
Spot = tuple[str, object]  # where, and what stands there


def first(path: str, now: bytes, derived: bytes) -> str:
    """Where the published bytes of `path` first differ from those derived again, in words.

    Empty if they are the same. Where the contents agree, the first part that differs is named.
    """
    if now == derived:
        return ""
    spots = {".xlsx": _cells, ".docx": _paragraphs}.get(PurePosixPath(path).suffix, _lines)
    try:
        return _told(dict(spots(now)), dict(spots(derived))) or _parts(now, derived)
    except Exception:  # what a spoilt file makes a library raise is the library's own affair
        return "檔案無法開啟"


def _told(now: dict[str, object], derived: dict[str, object]) -> str:
    """The first place, in the order of what was derived and then of what was added, that differs."""
    for where in (*derived, *now):
        if now.get(where) != derived.get(where):
            return f"{where}現為{_shown(now.get(where))}，推算為{_shown(derived.get(where))}"
    return ""


def _shown(value: object) -> str:
    if value is None:
        return "空白"
    text = str(value)
    return f"「{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}」"


def _cells(content: bytes) -> Iterator[Spot]:
    """The sheets' names and every cell by sheet and row: first what was entered, then what is shown."""
    for shown in (False, True):
        book = openpyxl.load_workbook(BytesIO(content), data_only=shown)
        for name in book.sheetnames:
            yield f"工作表「{name}」", name
        for sheet in book.worksheets:
            for cell in chain.from_iterable(sheet.iter_rows()):
                if cell.value is not None:
                    result = "之結果" if shown else ""
                    yield f"工作表「{sheet.title}」儲存格 {cell.coordinate} {result}", cell.value


def _paragraphs(content: bytes) -> Iterator[Spot]:
    """Paragraphs and cells of tables, as they follow each other in the body."""
    paragraphs = tables = 0
    for block in docx.Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            tables += 1
            for number, row in enumerate(block.rows, 1):
                for column, cell in enumerate(row.cells, 1):
                    yield f"第 {tables} 個表格第 {number} 列第 {column} 欄", cell.text
        else:
            paragraphs += 1
            yield f"第 {paragraphs} 段", block.text


def _lines(content: bytes) -> Iterator[Spot]:
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), 1):
        yield f"第 {number} 行", line


def _parts(now: bytes, derived: bytes) -> str:
    """The first part of a zip that differs, where no content does."""
    parts = [_by_name(content) for content in (now, derived)]
    differing = sorted(name for name in parts[0].keys() | parts[1].keys() if _differs(name, *parts))
    return f"內容相同，格式或屬性不同（{differing[0] if differing else '壓縮方式'}）"


def _differs(name: str, now: dict[str, bytes], derived: dict[str, bytes]) -> bool:
    return now.get(name) != derived.get(name)


def _by_name(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}
