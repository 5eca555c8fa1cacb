"""A look into an .xls (舊版活頁簿): what it holds that is refused, by its streams and its records."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

from olefile import OleFileIO

from mlbatch.forms.foreign import DDE, MACRO, OBJECT, XLM

BOOK_STREAMS = ("Workbook", "Book")
BOUND_SHEET, SUPPLIER, END, EXTERN_NAME = 0x85, 0x1AE, 0x0A, 0x23
SHEET_OF_MACROS = 1
LINKED_DATA = 0x0010  # fOle; an automatic link with neither flag is DDE


def refused(content: bytes) -> str:
    """What an .xls holds that is refused; empty if nothing is, or if the file is not sound."""
    try:
        with OleFileIO(BytesIO(content)) as file:
            names = ["/".join(path) for path in file.listdir(streams=True, storages=True)]
            if any("VBA_PROJECT" in name.upper() for name in names):
                return MACRO
            if any(name.startswith("MBD") for name in names):
                return OBJECT
            stream = next((name for name in BOOK_STREAMS if file.exists(name)), "")
            return _in_records(file.openstream(stream).read()) if stream else ""
    except Exception:  # whatever is wrong with the file, the reader says it
        return ""


def _in_records(stream: bytes) -> str:
    for kind, body in _globals(stream):
        if kind == BOUND_SHEET and len(body) > 5 and body[5] == SHEET_OF_MACROS:
            return XLM
        if kind == SUPPLIER and _is_dde(body):
            return DDE
    return ""


def _is_dde(body: bytes) -> bool:
    """Whether a supporting book is a DDE or OLE source: no sheets, and a name with its separator."""
    return len(body) > 4 and body[:2] == b"\0\0" and b"\x03" in body[4:]


def _globals(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of the workbook's first substream, which declares its sheets and links."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == END:
            return
        at += 4 + length
