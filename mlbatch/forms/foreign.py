"""What a workbook holds besides cells (外來內容): some of it is refused, some is told and passed over.

Refused by name: macros, Excel 4.0 macro sheets, DDE, embedded objects. Told, and the values read all
the same: links to other workbooks, connections, controls, links, pictures; none of it is passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import NamedTuple

MACRO, XLM, DDE, OBJECT = "巨集", "Excel 4.0 巨集表", "DDE 連結", "內嵌物件（OLE）"
LINKED, HYPERLINK = "外部活頁簿連結", "外部超連結"

# What is refused: by the name of a part, and by what a part declares.
REFUSED_PARTS = (
    (re.compile(r"(?:^|/)(?:vbaproject\.bin|basic/|scripts/)", re.I), MACRO),
    (re.compile(r"^xl/(?:macrosheets|intlmacrosheets|dialogsheets)/", re.I), XLM),
    (re.compile(r"(?:^xl/|/)embeddings/|(?:^|/)oleobject\d*\.bin$", re.I), OBJECT),
)
# Those with something in common stand together, and are looked for only where it is.
REFUSED_CONTENT = (
    (b"vnd.ms-", (
        (b"vnd.ms-office.vbaProject", MACRO), (b"vnd.ms-excel.macrosheet", XLM), (b"vnd.ms-excel.intlmacrosheet", XLM),
    )),
    (b"<script:", ((b"<script:module", MACRO), (b"<script:library", MACRO))),
    (b"relationships/xl", ((b"relationships/xlMacrosheet", XLM), (b"relationships/xlIntlMacrosheet", XLM))),
    (b"ddeLink", ((b"ddeLink", DDE),)),
    (b":dde-", ((b"office:dde-source", DDE), (b"table:dde-link", DDE))),
    (b"ole", ((b"<oleLink", OBJECT), (b"draw:object-ole", OBJECT))),
)  # fmt: skip
# In a formula only: words that look like DDE in a cell of text are words.
DDE_FORMULA = re.compile(
    rb"""<f\b[^>]*>(?:[^<"]*[\w.]\|[^<]*!|[^<]*\bDDE\()|table:formula="[^"]*\bDDE\(""", re.IGNORECASE
)
FORMULA = re.compile(rb"<f[>\s]")
CELLS = re.compile(r"xl/(?:worksheets/[^_]|sharedstrings|styles)", re.IGNORECASE)
TOLD_PARTS = (
    (re.compile(r"^xl/externallinks/", re.I), LINKED),
    (re.compile(r"^xl/(?:connections\.xml$|querytables/|model/)", re.I), "資料連線"),
    (re.compile(r"^xl/(?:ctrlprops|activex)/", re.I), "表單控制項"),
    (re.compile(r"^(?:xl/media|pictures|media)/.", re.I), "圖片"),
    (re.compile(r"^xl/webextensions/", re.I), "增益集"),
)  # fmt: skip
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
LINK = re.compile(rb"<hyperlink\b([^>]*)>")
FAR_FORMULA = re.compile(rb"<c\b([^>]*)><f\b[^>]*>[^<]*?\[\d+\][^<]*<")
RELATION = re.compile(rb"<Relationship\b([^>]*)>")
MOST_CELLS_NAMED = 20
KINDS_KEPT = 16  # kinds of workbooks, by the names of their parts, that are known again


class Foreign(NamedTuple):
    """One thing that a workbook holds besides cells, and the cells where it stands, if known."""

    what: str
    sheet: str = ""
    cells: tuple[str, ...] = ()


def attributes(xml: bytes) -> dict[str, str]:
    """The attributes of a tag, as text."""
    return {
        name.decode("utf-8", "replace"): unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in ATTRIBUTE.findall(xml)
    }


@lru_cache(maxsize=KINDS_KEPT)  # workbooks of one form have the same parts
def refused_parts(names: tuple[str, ...]) -> str:
    """What among the parts is refused; empty if nothing is."""
    return next((what for name in names for part, what in REFUSED_PARTS if part.search(name)), "")


def refused_content(name: str, part: bytes) -> str:
    """What the text of a part declares that is refused; empty if nothing is."""
    for common, declared in () if CELLS.match(name) else REFUSED_CONTENT:
        if common in part and (found := next((what for words, what in declared if words in part), "")):
            return found
    if b"<oleObject" in part:
        return OBJECT
    return DDE if _may_hold_dde(part) and DDE_FORMULA.search(part) else ""


def _may_hold_dde(part: bytes) -> bool:
    """Whether a part has formulas, and what DDE in one of them needs; most have not."""
    if b"|" not in part and b"DDE(" not in part:
        return False
    return FORMULA.search(part) is not None or b"table:formula" in part


@lru_cache(maxsize=KINDS_KEPT)
def _told_parts(names: tuple[str, ...]) -> tuple[str, ...]:
    """What among the parts is told."""
    return tuple(what for named, what in TOLD_PARTS if any(named.search(name) for name in names))


def told(names: tuple[str, ...], xml: Mapping[str, bytes], sheets: Mapping[str, str]) -> Iterator[Foreign]:
    """What the workbook holds besides cells and is read in spite of, in a stated order."""
    if STRICT in xml.get("xl/workbook.xml", b""):
        yield Foreign("「Strict Open XML」格式")
    for what in _told_parts(names):
        placed = list(_formulas(xml, sheets)) if what == LINKED else []
        yield from placed or [Foreign(what)]
    for sheet, part in sheets.items():
        if cells := _links(xml.get(part, b""), xml.get(_relations(part), b"")):
            yield Foreign(HYPERLINK, sheet, cells)


def _formulas(xml: Mapping[str, bytes], sheets: Mapping[str, str]) -> Iterator[Foreign]:
    for sheet, part in sheets.items():
        found = FAR_FORMULA.finditer(xml.get(part, b""))
        cells = tuple(
            attributes(one[1]).get("r", "") for one, _ in zip(found, range(MOST_CELLS_NAMED), strict=False)
        )
        if cells:
            yield Foreign(LINKED, sheet, cells)


def _links(xml: bytes, relations: bytes) -> tuple[str, ...]:
    """The cells with a link out of the workbook; an address of mail is no such link."""
    if b"hyperlink" not in xml or not relations:
        return ()
    found = (attributes(one[1]) for one in RELATION.finditer(relations))
    out = {
        r.get("Id", "") for r in found if r.get("TargetMode") == "External" and not _mail(r.get("Target", ""))
    }
    links = (attributes(one[1]) for one in LINK.finditer(xml))
    cells = (link.get("ref", "") for link in links if link.get("r:id") in out)
    return tuple(cell for cell, _ in zip(cells, range(MOST_CELLS_NAMED), strict=False))


def _mail(target: str) -> bool:
    return target.lower().startswith("mailto:")


def _relations(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"
