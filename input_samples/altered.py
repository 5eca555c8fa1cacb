"""Workbooks that a sender's program left in a certain state: one change in the parts of a saved file.

Each alteration takes the XML of the sheet and the cell's address; what it adds beside the sheet is
in `ADDED`. The archive is written anew with fixed dates, so that the same file gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from mlbatch.forms.guard import RELATIONS, WORKBOOK, sheet_parts

LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def altered(content: bytes, what: str, sheet: str, cell: str) -> bytes:
    """The workbook `content` with the alteration `what` at a cell of a sheet."""
    with ZipFile(BytesIO(content)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    part = sheet_parts(parts[WORKBOOK], parts[RELATIONS])[sheet] if sheet else RELATIONS
    parts[part] = ALTERATIONS[what](parts[part], cell)
    folder, _, name = part.rpartition("/")
    parts |= {at.format(folder=folder, name=name): added for at, added in ADDED.get(what, {}).items()}
    return zipped(parts)


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts, in their order, with one fixed date."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            info = ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, part)
    return buffer.getvalue()


def _in_cell(inner: str, kind: str) -> Callable[[bytes, str], bytes]:
    """Put something else into the cell, which keeps its style."""

    def alter(xml: bytes, cell: str) -> bytes:
        found = re.search(rf'<c r="{cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)'.encode(), xml)
        new = f'<c r="{cell}"'.encode() + (found[1] or b"") + f"{kind}>{inner}</c>".encode()
        return xml[: found.start()] + new + xml[found.end() :]

    return alter


def _hide_row(xml: bytes, cell: str) -> bytes:
    number = re.sub(r"\D", "", cell)
    return xml.replace(f'<row r="{number}"'.encode(), f'<row r="{number}" hidden="1"'.encode())


def _merge(xml: bytes, cell: str) -> bytes:
    column, number = re.fullmatch(r"(\D+)(\d+)", cell).groups()
    area = f"{cell}:{column}{int(number) + 1}"
    merged = f'</sheetData><mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'
    return xml.replace(b"</sheetData>", merged.encode())


def _link(xml: bytes, cell: str) -> bytes:
    link = f'<hyperlinks><hyperlink ref="{cell}" r:id="rIdOut"/></hyperlinks><pageMargins'
    return xml.replace(b"<pageMargins", link.encode())


def _same(xml: bytes, cell: str) -> bytes:
    return xml


ALTERATIONS: dict[str, Callable[[bytes, str], bytes]] = {
    "錯誤值": _in_cell("<f>VLOOKUP(A1,B:C,2,0)</f><v>#REF!</v>", ' t="e"'),
    "未計算": _in_cell("<f>1+1</f>", ""),
    "隱藏列": _hide_row,
    "合併": _merge,
    "超連結": _link,
    "巨集": _same,
}
ADDED: dict[str, dict[str, bytes]] = {
    "巨集": {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
    "超連結": {
        "{folder}/_rels/{name}.rels": (
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rIdOut" Type="{LINK}" '
            'Target="http://www.example.org/" TargetMode="External"/></Relationships>'
        ).encode()
    },
}
