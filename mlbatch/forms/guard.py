"""A look before reading (讀前檢視): what a file is by its first bytes, and whether it is safe to read.

Looks at sizes before anything is unpacked, then once at each part that a reader would parse. What
cannot be read safely is told with its reason; what is read in spite of something foreign in it
(連結, 控制項 …) is told as well. Nothing is ever extracted to a folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZipFile

from mlbatch.forms import biff, foreign
from mlbatch.forms.archive import WORKBOOK, unpacked
from mlbatch.forms.extent import MOST_CELLS, cells_up_to_last
from mlbatch.forms.foreign import Foreign
from mlbatch.forms.marks import Marks, marks_of

ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_UNPACKED = 200_000_000  # bytes of all parts, copies of one name included
MOST_PARTS = 5_000
MOST_RATIO = 500  # unpacked to packed; the forms' own parts stay below 40
SMALL = 20_000_000  # bytes: below this no ratio is a danger
MANY_STRINGS = 1_000_000
LEAST_STRING = len("<si/>")

PARSED = re.compile(r"(?:content|meta|settings|manifest)\.xml|.*\.(?:xml|rels)", re.IGNORECASE | re.DOTALL)
NOT_PARSED = (
    "docprops/",
    "customxml/",
    "xl/theme/",
    "xl/drawings/",
    "xl/charts/",
    "xl/comments",
    "xl/media/",
)
COUNTED = re.compile(rb"""<sst\b[^>]*?\b(?:uniqueCount|count)=["'](\d+)""")
COUNTS = re.compile(rb"""\b(?:uniqueCount|count)=["'](\d+)""")
SHEET = re.compile(rb"<sheet\b([^>]*)>")
PREFIXED = re.compile(rb"<\w+:(?:worksheet|workbook|sst|Relationships)\b")
PREFIX = re.compile(rb"(</?)\w+:")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SINCE_1904 = re.compile(rb"""date1904=["'](?:1|true)["']""")


@dataclass(frozen=True)
class Look:
    """What a look found: why a file cannot be read, what in it is refused, what is foreign in it.

    `marks` are, by sheet name, the marks that values alone do not show; `since_1904` whether serials
    count their days from 1904. `parts` are those of an .xlsx that were looked at, by name, for the reader.
    """

    unreadable: str = ""
    refused: str = ""
    foreign: tuple[Foreign, ...] = ()
    marks: Mapping[str, Marks] = field(default_factory=dict)
    since_1904: bool = False
    parts: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)


def look(content: bytes) -> Look:
    """Look at a workbook's bytes. Raises what `zipfile` raises for an archive that is broken."""
    if content.startswith(OLE):
        return Look(refused=biff.refused(content))
    if not content.startswith(ZIP):
        return Look()
    with ZipFile(BytesIO(content)) as parts:
        if reason := _too_large(parts):
            return Look(unreadable=reason)
        if refused := foreign.refused_parts(parts.namelist()):
            return Look(refused=refused)
        came = {info.filename: unpacked(parts, content, info) for info in _parsed(parts)}
        return _looked(came, parts.namelist())


def _too_large(parts: ZipFile) -> str:
    """Why the archive unpacks to too much, by its directory; copies of one name are all counted."""
    infos = parts.infolist()
    unpacked, packed = sum(i.file_size for i in infos), sum(i.compress_size for i in infos)
    if len(infos) > MOST_PARTS:
        return f"壓縮檔內多於 {MOST_PARTS} 個檔案"
    if unpacked > MOST_UNPACKED:
        return f"解壓縮後大於 {MOST_UNPACKED // 10**6} MB"
    if unpacked > max(SMALL, MOST_RATIO * packed):
        return "壓縮比異常"
    return ""


def _parsed(parts: ZipFile) -> Iterator:
    """The parts that a reader parses; of two with one name all, the last one last."""
    for info in parts.infolist():
        name = info.filename.lower()
        if PARSED.fullmatch(name) and not name.startswith(NOT_PARSED):
            yield info


def _plain(xml: bytes) -> bytes:
    """A part whose tags have no prefix (`<x:row>` → `<row>`), so that each has one spelling."""
    return PREFIX.sub(rb"\1", xml) if PREFIXED.search(xml, 0, 4_000) else xml


def _looked(came: Mapping[str, bytes], names: list[str]) -> Look:
    if "xl/workbook.bin" in names:
        return Look(unreadable="為 xlsb 格式，請另存為 xlsx")
    xml = {name: _plain(part) for name, part in came.items()}
    for name, part in xml.items():
        if reason := _unsound(name, part):
            return Look(unreadable=reason)
    if refused := foreign.refused_content(xml):
        return Look(refused=refused)
    sheets = sheet_parts(xml)
    marks = {sheet: found for sheet, part in sheets.items() if (found := marks_of(xml.get(part, b"")))}
    told = tuple(foreign.told(names, xml, sheets))
    since_1904 = SINCE_1904.search(xml.get(WORKBOOK, b"")) is not None
    return Look(foreign=told, marks=marks, since_1904=since_1904, parts=came if WORKBOOK in came else {})


def _unsound(name: str, xml: bytes) -> str:
    """Why one part cannot be parsed safely; empty if it can."""
    if xml.startswith(UTF_16):
        return "內部文件之編碼不是 UTF-8"
    if b"<!" in xml and (b"<!DOCTYPE" in xml or b"<!ENTITY" in xml):
        return "內部文件含有 DOCTYPE 宣告"
    if b"<sst" in xml and (found := COUNTED.search(xml)) and name.lower().startswith("xl/"):
        most = max(map(int, COUNTS.findall(xml, found.start(), found.end() + 60)))
        if most > MANY_STRINGS and most * LEAST_STRING > len(xml):
            return "共用字串之數目不實"
    if b"sheetData" in xml and cells_up_to_last(xml) > MOST_CELLS:
        return "工作表範圍過大，請刪除遠處之多餘內容"
    return ""


def sheet_parts(xml: Mapping[str, bytes]) -> dict[str, str]:
    """Sheet name → part of an .xlsx; empty where there is no such workbook."""
    relations = (foreign.attributes(found[1]) for found in foreign.RELATION.finditer(xml.get(RELATIONS, b"")))
    targets = {r.get("Id", ""): _part(r.get("Target", "")) for r in relations}
    sheets = (foreign.attributes(found[1]) for found in SHEET.finditer(xml.get(WORKBOOK, b"")))
    return {s.get("name", ""): targets.get(s.get("r:id", ""), "") for s in sheets}


RELATIONS = "xl/_rels/workbook.xml.rels"


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
