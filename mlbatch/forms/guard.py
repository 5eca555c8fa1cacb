"""A look before reading (讀前檢視): what a file is by its first bytes, and whether it is safe to read.

Looks at sizes before anything is unpacked, then once at each part that a reader would parse. What
cannot be read safely is told with its reason; what is read in spite of something foreign in it
(連結, 控制項 …) is told as well. Nothing is ever extracted to a folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from mlbatch.forms import biff, foreign
from mlbatch.forms.archive import WORKBOOK, Stored, packed_in, stored, unpacked
from mlbatch.forms.extent import MOST_CELLS, cells_up_to_last
from mlbatch.forms.foreign import KINDS_KEPT, Foreign
from mlbatch.forms.marks import Marks, marks_of

ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_UNPACKED = 200_000_000  # bytes of all parts, copies of one name included
MOST_PARTS = 5_000
MOST_RATIO = 500  # unpacked to packed; the forms' own parts stay below 40
SMALL = 20_000_000  # bytes: below this no ratio is a danger
MANY_STRINGS = 1_000_000
MOST_KEPT, LARGEST_KEPT = 256, 500_000  # parts that are known again, and the bytes of the largest
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
    count their days from 1904. `parts` are those of an .xlsx that were looked at, for the reader.
    """

    unreadable: str = ""
    refused: str = ""
    foreign: tuple[Foreign, ...] = ()
    marks: Mapping[str, Marks] = field(default_factory=dict)
    since_1904: bool = False
    parts: Sequence[Stored] = field(default=(), repr=False, compare=False)


def look(content: bytes) -> Look:
    """Look at a workbook's bytes. Raises what `zipfile` raises for an archive that is broken."""
    if content.startswith(OLE):
        return Look(refused=biff.refused(content))
    if not content.startswith(ZIP):
        return Look()
    with ZipFile(BytesIO(content)) as parts:
        if reason := _too_large(parts):
            return Look(unreadable=reason)
        names = tuple(parts.namelist())
        if refused := foreign.refused_parts(names):
            return Look(refused=refused)
        came = {info.filename: _opened(parts, content, info) for info in _parsed(parts)}
        return _looked(came, names)


class Part:
    """One part, unpacked; what a look finds in it is found once."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content = name, content

    @cached_property
    def xml(self) -> bytes:
        """Its text, in which each tag has one spelling."""
        return _plain(self.content)

    @cached_property
    def unsound(self) -> str:
        """Why it cannot be parsed safely; empty if it can."""
        return _unsound(self.name, self.xml)

    @cached_property
    def refused(self) -> str:
        """What in it is refused; empty if nothing is."""
        return foreign.refused_content(self.name, self.xml)

    @cached_property
    def marks(self) -> Marks:
        """The marks of the sheet that it is."""
        return marks_of(self.xml)

    @cached_property
    def stored(self) -> Stored:
        """As the reader gets it."""
        return stored(self.name, self.content)


def _opened(parts: ZipFile, content: bytes, info: ZipInfo) -> Part:
    """A part; one that came in another workbook is not unpacked and looked at again."""
    packed = packed_in(content, info)
    usual = packed is not None and max(len(packed), info.file_size) <= LARGEST_KEPT
    if usual and (part := _kept(info.filename, packed, info.file_size, info.CRC)):
        return part
    part = unpacked(packed, info.file_size, info.CRC) if packed is not None and not usual else None
    return Part(info.filename, parts.read(info) if part is None else part)


@lru_cache(maxsize=MOST_KEPT)
def _kept(name: str, packed: bytes, size: int, checksum: int) -> Part | None:
    """The same bytes are the same part: styles, help and untouched sheets come again with every workbook."""
    part = unpacked(packed, size, checksum)
    return None if part is None else Part(name, part)


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


def _looked(came: Mapping[str, Part], names: tuple[str, ...]) -> Look:
    if "xl/workbook.bin" in names:
        return Look(unreadable="為 xlsb 格式，請另存為 xlsx")
    for part in came.values():
        if part.unsound:
            return Look(unreadable=part.unsound)
    for part in came.values():
        if part.refused:
            return Look(refused=part.refused)
    xml = {name: part.xml for name, part in came.items()}
    book, relations = xml.get(WORKBOOK, b""), xml.get(RELATIONS, b"")
    sheets = (_sheets if len(book) + len(relations) <= LARGEST_KEPT else sheet_parts)(book, relations)
    marks = {sheet: found for sheet, name in sheets.items() if name in came and (found := came[name].marks)}
    told = tuple(foreign.told(names, xml, sheets))
    since_1904 = b"date1904" in book and SINCE_1904.search(book) is not None
    read = tuple(part.stored for part in came.values()) if WORKBOOK in came else ()
    return Look(foreign=told, marks=marks, since_1904=since_1904, parts=read)


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


def sheet_parts(book: bytes, relations: bytes) -> Mapping[str, str]:
    """Sheet name → part of an .xlsx, by its workbook's part and the relations of that; empty where there are none."""
    related = (foreign.attributes(found[1]) for found in foreign.RELATION.finditer(relations))
    targets = {r.get("Id", ""): _part(r.get("Target", "")) for r in related}
    sheets = (foreign.attributes(found[1]) for found in SHEET.finditer(book))
    return {s.get("name", ""): targets.get(s.get("r:id", ""), "") for s in sheets}


_sheets = lru_cache(maxsize=KINDS_KEPT)(sheet_parts)  # workbooks of one form have the same ones


RELATIONS = "xl/_rels/workbook.xml.rels"


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
