"""What a letter says and how it is set (公文之文字), whatever program saved it.

A letter is looked at in three ways, each coarser than the one before: its bytes; its **form**, the
parts that are seen in a fixed spelling, without what Word adds when it saves; and its **words**, one
unit a paragraph or row of a table. The same form proves that nothing was edited; the same words
under another form do not (LibreOffice writes every part anew, and a clerk may have set a line bold).
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
BODY, SEEN = "word/document.xml", re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")
# Parts that say nothing of the letter: its properties, and which part is of which kind.
UNSEEN = re.compile(r"docProps/.*|\[Content_Types\]\.xml|_rels/\.rels")
# What Word writes beside the text when it saves: marks of spelling, of the last place, of sessions.
NOISE = {f"{W}{name}" for name in ("proofErr", "lastRenderedPageBreak", "rsids", "zoom", "proofState")}
LAST_PLACE = "_GoBack"
SHOWN = {f"{W}{name}" for name in ("t", "tab", "br", "cr", "noBreakHyphen")}
HIDING = {f"{W}fldSimple", f"{W}del", f"{W}moveFrom", f"{COMPATIBLE}Fallback"}
FIELDS = {f"{W}fldChar", f"{W}instrText", f"{W}fldSimple"}
MARKS = (f"{W}bookmarkStart", f"{W}bookmarkEnd")
OF_SESSIONS = etree.XPath(
    "//*[@*[starts-with(local-name(), 'rsid') or local-name() = 'paraId' or local-name() = 'textId']]"
)
SESSIONS = re.compile(rf"{re.escape(W)}rsid\w*|{re.escape(WORD_2010)}(paraId|textId)")
SESSION_MARKS = (
    b"rsid",
    b"paraId",
    b"textId",
    b"\0",
)  # one stands in each part with such attributes, or in two bytes a character
LARGEST = 64 << 20  # bytes of all parts together
MOST_PARTS = 1000
CELL = "｜"
SHORT = 12  # characters of a unit's hash: enough to tell the paragraphs of one letter apart


class Unreadable(Exception):
    """A file that is no Word document, or a damaged one."""


@dataclass(frozen=True)
class Wording:
    """One letter's parts by name, read and parsed once."""

    parts: dict[str, bytes]

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The words: paragraphs and rows of tables in order, then headers and footers; no blank ones."""
        own = [unit for unit in _units(_parsed(self.parts[BODY]))]
        around = {
            unit
            for name, part in self.parts.items()
            if SEEN.fullmatch(name)
            for unit in _units(_parsed(part))
        }
        return (*own, *sorted(around))

    @cached_property
    def hashes(self) -> tuple[str, ...]:
        """A short hash of each unit, in order."""
        return tuple(hashed(unit) for unit in self.units)

    @cached_property
    def form(self) -> str:
        """One hash over every part that is seen, in a fixed spelling."""
        whole = hashlib.sha256()
        for name in sorted(self.parts):
            if not UNSEEN.fullmatch(name):
                whole.update(f"{name}\n{_spelt(name, self.parts[name])}\n".encode())
        return whole.hexdigest()


def hashed(unit: str) -> str:
    """The short hash of one unit."""
    return hashlib.sha256(unit.encode()).hexdigest()[:SHORT]


@lru_cache(maxsize=256)
def wording(content: bytes) -> Wording:
    """A letter's wording. Raises Unreadable if it is no whole Word document."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as letter:
            entries = letter.infolist()
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST:
                raise Unreadable
            parts = {entry.filename: letter.read(entry) for entry in entries}
        found = Wording(parts)
        found.units, found.form  # noqa: B018 - a damaged part is told now
    except Unreadable:
        raise
    except Exception:  # what a damaged file makes zipfile and lxml raise is their own affair
        raise Unreadable from None
    return found


def told(content: bytes) -> dict[str, object]:
    """What tells a letter from another: `form`, and `words` by hash. Raises Unreadable as `wording`."""
    found = wording(content)
    return {"form": found.form, "words": list(found.hashes)}


def _parsed(part: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(part, parser)


# Words -------------------------------------------------------------------------------------------


def _units(root: etree._Element) -> Iterator[str]:
    may_hide = next(root.iter(*HIDING), None) is not None
    for block in _blocks(root):
        words = CELL.join(_flat(cell, may_hide) for cell in _cells(block))
        if words.strip(CELL + " "):
            yield words


def _blocks(root: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and rows of tables in order; what is within a row belongs to the row."""
    for child in root:
        if child.tag in (f"{W}p", f"{W}tr"):
            yield child
        elif isinstance(child.tag, str) and child.tag != f"{COMPATIBLE}Fallback":
            yield from _blocks(child)


def _cells(block: etree._Element) -> list[etree._Element]:
    """The cells of a row, each with the tables within it; a paragraph stands for itself."""
    if block.tag != f"{W}tr":
        return [block]
    cells = list(block.iter(f"{W}tc"))
    if next(block.iter(f"{W}tbl"), None) is None:
        return cells
    inner = {cell for outer in cells for cell in outer.iterdescendants(f"{W}tc")}
    return [cell for cell in cells if cell not in inner]


def _flat(block: etree._Element, may_hide: bool) -> str:
    return "".join(text for _, text in pieces(block, may_hide)).strip()


def pieces(block: etree._Element, may_hide: bool = True) -> Iterator[tuple[etree._Element, str]]:
    """Each node that shows text, with its text: what is deleted in a tracked change shows none, a
    field shows its name and not its result, which depends on who reckoned it last. Where nothing hides text, none is looked for."""
    depth = 0  # how many fields are open, whose results are passed over
    for node in block.iter(*SHOWN, *FIELDS):
        if node.tag == f"{W}fldChar":
            kind = node.get(f"{W}fldCharType")
            depth += {"begin": 1, "end": -1}.get(kind, 0)
        elif node.tag == f"{W}instrText":
            yield node, _field(node.text)
        elif node.tag == f"{W}fldSimple":
            yield node, _field(node.get(f"{W}instr"))
        elif depth <= 0 and _shows(node, may_hide):
            yield node, _text(node)


def _field(instruction: str | None) -> str:
    """{PAGE} for ` PAGE \\* MERGEFORMAT`."""
    name = next(iter((instruction or "").split()), "")
    return f"{{{name}}}" if name else ""


def _text(node: etree._Element) -> str:
    if node.tag == f"{W}t":
        return node.text or ""
    return "\t" if node.tag == f"{W}tab" else "-" if node.tag == f"{W}noBreakHyphen" else "\n"


def _shows(node: etree._Element, may_hide: bool) -> bool:
    """Whether a node is text that stands in the letter (a `w:tab` also declares tab stops), where some may be hidden."""
    if node.tag not in SHOWN:
        return False
    above = node.getparent()
    return above is not None and above.tag == f"{W}r" and not (may_hide and _hidden(above))


def _hidden(node: etree._Element) -> bool:
    """Whether it stands within what shows no text."""
    return any(parent.tag in HIDING for parent in node.iterancestors())


# Form --------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)  # styles and themes are the same in letter after letter
def _spelt(name: str, part: bytes) -> str:
    """A part in a fixed spelling, hashed: XML canonical and without noise; anything else as it is."""
    if name.endswith((".xml", ".rels")):
        root = _parsed(part)
        _quietened(root, any(mark in part for mark in SESSION_MARKS))
        if name.endswith(".rels"):
            root[:] = sorted(root, key=lambda node: node.get("Id", ""))
        _joined(root)
        part = etree.tostring(root, method="c14n", exclusive=True)
    return hashlib.sha256(part).hexdigest()


def _quietened(root: etree._Element, sessions: bool) -> None:
    """Take away what says nothing: noise, marks of `sessions` if there are any, the place where the cursor last stood."""
    root.attrib.pop(f"{COMPATIBLE}Ignorable", None)
    last = {n.get(f"{W}id") for n in root.iter(f"{W}bookmarkStart") if n.get(f"{W}name") == LAST_PLACE}
    for node in list(root.iter(*NOISE, *MARKS)):
        marks = node.tag in MARKS and node.get(f"{W}id") in last
        if (marks or node.tag in NOISE) and node.getparent() is not None:
            node.getparent().remove(node)
    for node in OF_SESSIONS(root) if sessions else ():
        for key in [key for key in node.attrib if SESSIONS.fullmatch(key)]:
            del node.attrib[key]


def _joined(root: etree._Element) -> None:
    """Join neighbouring runs of the same setting: Word cuts a line where it was typed at."""
    for run in list(root.iter(f"{W}r")):
        before = run.getprevious()
        if before is None or before.tag != f"{W}r" or _setting(before) != _setting(run):
            continue
        texts = [[node for node in one if node.tag != f"{W}rPr"] for one in (before, run)]
        if [node.tag for own in texts for node in own] == [f"{W}t", f"{W}t"]:
            texts[1][0].text = (texts[0][0].text or "") + (texts[1][0].text or "")
            before.getparent().remove(before)
    for text in root.iter(f"{W}t"):
        text.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)


def _setting(run: etree._Element) -> bytes:
    own = run.find(f"{W}rPr")
    return b"" if own is None else etree.tostring(own, method="c14n", exclusive=True)
