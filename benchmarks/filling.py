"""Workbooks by the thousand: a form is drawn once for each shape, and then only its words are changed.

Drawing a form takes tens of milliseconds; of two schools whose forms are of one shape only a few words differ.
So the parts that hold such a word are packed anew, and all others are taken over as they were packed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZipFile

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
DEFLATED, TEXT_IN_UTF8 = 8, 0x800
MADE = (0, 0x21)  # time and day: 1 January 1980
LEVEL = 6


@dataclass(frozen=True)
class Part:
    """One part of a workbook as it is packed: name, sum, packed and unpacked size, packed bytes."""

    name: bytes
    crc: int
    size: int
    packed: bytes


def packed(name: bytes, content: bytes) -> Part:
    """A part, packed."""
    squeeze = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    return Part(name, zlib.crc32(content), len(content), squeeze.compress(content) + squeeze.flush())


class Pattern:
    """A workbook in which some words stand for those that change."""

    def __init__(self, workbook: bytes, words: tuple[str, ...]) -> None:
        with ZipFile(BytesIO(workbook)) as parts:
            content = {name.encode(): parts.read(name) for name in parts.namelist()}
        self._marks = {word: word.encode() for word in words}
        self._same = {name: packed(name, part) for name, part in content.items() if not self._holds(part)}
        self._other = {name: part for name, part in content.items() if name not in self._same}
        self._order = list(content)

    def _holds(self, part: bytes) -> bool:
        return any(mark in part for mark in self._marks.values())

    def filled(self, words: Mapping[str, str]) -> bytes:
        """The workbook with each of its words replaced."""
        changes = [(self._marks[word], escape(new).encode()) for word, new in words.items()]
        return archive([self._same.get(name) or self._changed(name, changes) for name in self._order])

    def _changed(self, name: bytes, changes: list[tuple[bytes, bytes]]) -> Part:
        part = self._other[name]
        for mark, new in changes:
            part = part.replace(mark, new)
        return packed(name, part)


def archive(parts: list[Part]) -> bytes:
    """A zip of packed parts."""
    body, directory = bytearray(), bytearray()
    for part in parts:
        head = struct.pack(
            "<HHHHIIIHH",
            TEXT_IN_UTF8,
            DEFLATED,
            *MADE,
            part.crc,
            len(part.packed),
            part.size,
            len(part.name),
            0,
        )
        directory += CENTRAL + struct.pack("<HH", 20, 20) + head
        directory += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + part.name
        body += LOCAL + struct.pack("<H", 20) + head + part.name + part.packed
    end = struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(directory), len(body), 0)
    return bytes(body + directory + END + end)
