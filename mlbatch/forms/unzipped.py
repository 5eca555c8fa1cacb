"""A workbook's parts as they are packed (活頁簿之各部分): taken apart, and put together with some of them exchanged.

What is put together has the very bytes that the writer of the workbook would have given: its own heads of parts are kept, and only
sums, sizes and places are written anew.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

LOCAL, ENTRY, END = struct.Struct("<26xHH"), struct.Struct("<28xHHH12x"), struct.Struct("<4s4H2LH")
SUMS, PLACE = struct.Struct("<LLL"), struct.Struct("<L")
LOCAL_SUMS, ENTRY_SUMS, ENTRY_PLACE = (
    14,
    16,
    42,
)  # where they stand in the head of a part and in the directory


@dataclass(frozen=True)
class Packed:
    """The content of a part: its checksum, its size and its packed bytes."""

    crc: int
    size: int
    data: bytes

    @classmethod
    def of(cls, content: bytes) -> Packed:
        """`content`, packed as a workbook's writer packs it."""
        squeeze = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
        return cls(zlib.crc32(content), len(content), squeeze.compress(content) + squeeze.flush())

    @property
    def content(self) -> bytes:
        """The content, unpacked."""
        return zlib.decompress(self.data, -zlib.MAX_WBITS)


class Archive:
    """The parts of one workbook, in their order."""

    def __init__(self, workbook: bytes) -> None:
        self.parts: dict[str, Packed] = {}
        self._heads: list[tuple[bytes, bytes]] = []  # of each part, and its entry in the directory
        self._end = workbook[-END.size :]
        _, _, _, _, count, _, at, _ = END.unpack(self._end)
        for _ in range(count):
            name, extra, note = ENTRY.unpack_from(workbook, at)
            entry = workbook[at : at + ENTRY.size + name + extra + note]
            at += len(entry)
            self._take(workbook, entry, entry[ENTRY.size : ENTRY.size + name].decode())

    def _take(self, workbook: bytes, entry: bytes, name: str) -> None:
        (start,) = PLACE.unpack_from(entry, ENTRY_PLACE)
        crc, packed, size = SUMS.unpack_from(entry, ENTRY_SUMS)
        data = start + LOCAL.size + sum(LOCAL.unpack_from(workbook, start))
        self._heads.append((workbook[start:data], entry))
        self.parts[name] = Packed(crc, size, workbook[data : data + packed])

    def having(self, changed: Mapping[str, Packed]) -> bytes:
        """The workbook with the content of some parts exchanged."""
        body, directory, size = [], [], 0
        for (name, part), (head, entry) in zip(self.parts.items(), self._heads, strict=True):
            part = changed.get(name, part)
            sums = SUMS.pack(part.crc, len(part.data), part.size)
            body += (_with(head, LOCAL_SUMS, sums), part.data)
            directory.append(_with(_with(entry, ENTRY_SUMS, sums), ENTRY_PLACE, PLACE.pack(size)))
            size += len(head) + len(part.data)
        listed = b"".join(directory)
        sign, *counts, _, _, note = END.unpack(self._end)
        return b"".join([*body, listed, END.pack(sign, *counts, len(listed), size, note)])


def _with(head: bytes, at: int, new: bytes) -> bytes:
    return head[:at] + new + head[at + len(new) :]
