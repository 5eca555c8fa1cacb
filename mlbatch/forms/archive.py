"""The parts of a workbook's archive (壓縮檔之各部分): unpacked once for the look, handed on to the reader as they are.

A reader that is given the file itself unpacks it a second time, and might understand its directory otherwise
than the look did. So it gets an archive of what was looked at, not packed, without the formulas that have
names: those tell the sender what is wrong while a form is filled, and say nothing of what was filled in.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipInfo

LOCAL = struct.Struct("<4s2B4HL2L2H")  # the header before each part
ENTRY = struct.Struct("<4s4B4H3L5H2L")  # what the directory says of it
END = struct.Struct("<4s4H2LH")
VERSION, DAY_ONE = 20, 33  # of the archive's format; the first day that its dates know
RAW = -15  # zlib's word for a stream without header
ENCRYPTED = 1
WORKBOOK = "xl/workbook.xml"
NAMES, NAMES_END = b"<definedNames>", b"</definedNames>"


def packed_in(content: bytes, info: ZipInfo) -> bytes | None:
    """The packed bytes of one part of the archive `content`; None for what is not of the usual sort."""
    start = _start(content, info)
    if not start or info.compress_type != ZIP_DEFLATED or info.flag_bits & ENCRYPTED:
        return None
    return content[start : start + info.compress_size]


def unpacked(packed: bytes, size: int, checksum: int) -> bytes | None:
    """A part: just so many bytes as its directory says; None for what is broken, or says another size."""
    try:
        part = zlib.decompressobj(RAW).decompress(packed, size + 1)
    except zlib.error:
        return None
    return part if len(part) == size and zlib.crc32(part) == checksum else None


def _start(content: bytes, info: ZipInfo) -> int:
    """Where a part's bytes begin; 0 where its own header does not say what the directory says."""
    header = content[info.header_offset : info.header_offset + LOCAL.size]
    if len(header) < LOCAL.size:
        return 0
    said = LOCAL.unpack(header)
    begins = info.header_offset + LOCAL.size
    name = content[begins : begins + said[-2]]
    same = said[0] == b"PK\3\4" and name == info.orig_filename.encode("utf-8", "replace")
    return begins + said[-2] + said[-1] if same else 0


class Stored(NamedTuple):
    """A part as the reader gets it, not packed: name, content, checksum."""

    name: bytes
    content: bytes
    checksum: int


def stored(name: str, part: bytes) -> Stored:
    """A part for the reader, without the formulas that have names."""
    content = _without_names(part) if name == WORKBOOK else part
    return Stored(name.encode(), content, zlib.crc32(content))


def for_reader(parts: Iterable[Stored]) -> bytes:
    """An archive of parts, none of them packed."""
    bodies, entries, offset = [], [], 0
    for name, content, checksum in parts:
        size = len(content)
        same = (0, 0x800, 0, 0, DAY_ONE, checksum, size, size, len(name), 0)
        bodies += [LOCAL.pack(b"PK\3\4", VERSION, *same), name, content]
        entries += [ENTRY.pack(b"PK\1\2", VERSION, 0, VERSION, *same, 0, 0, 0, 0, offset), name]
        offset += LOCAL.size + len(name) + size
    directory = b"".join(entries)
    number = len(entries) // 2
    end = END.pack(b"PK\5\6", 0, 0, number, number, len(directory), offset, 0)
    return b"".join([*bodies, directory, end])


def _without_names(part: bytes) -> bytes:
    """A workbook's part without its names; as it is, where comments or a second list might mislead."""
    first, last = part.find(NAMES), part.find(NAMES_END)
    if first < 0 or last < first or b"<!" in part or part.count(NAMES) > 1:
        return part
    return part[:first] + part[last + len(NAMES_END) :]
