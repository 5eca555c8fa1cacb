"""Archives for the hostile study: a healthy workbook's parts, and what packs them again otherwise."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET, BOOK, STRINGS = "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/sharedStrings.xml"
STYLES, RELS, TYPES = "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
MEGA = 10**6


@dataclass(frozen=True)
class Healthy:
    """The healthy workbook that a kind is made of."""

    content: bytes

    @property
    def parts(self) -> dict[str, bytes]:
        """Its parts by name."""
        with ZipFile(BytesIO(self.content)) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist()}


Maker = Callable[[Healthy], bytes]


def packed(parts: dict[str, bytes] | list[tuple[str, bytes]], method: int = ZIP_DEFLATED) -> bytes:
    """An archive of these parts, in their order; names may stand twice."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", method) as archive:
        for name, part in parts.items() if isinstance(parts, dict) else parts:
            info = ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, part)
    return buffer.getvalue()


def put(name: str, part: bytes) -> Maker:
    """Another content under a part's name."""
    return lambda healthy: packed({**healthy.parts, name: part})


def swap(name: str, pattern: bytes, new: bytes, count: int = 1) -> Maker:
    """Another text in a part, which must have held the pattern."""

    def make(healthy: Healthy) -> bytes:
        changed, found = re.subn(pattern, lambda _: new, healthy.parts[name], count=count, flags=re.DOTALL)
        if not found:
            raise LookupError(f"{pattern!r} is not in {name}")
        return packed({**healthy.parts, name: changed})

    return make


def drop(name: str) -> Maker:
    """A part that is not there."""
    return lambda healthy: packed({n: part for n, part in healthy.parts.items() if n != name})


def raw(content: bytes) -> Maker:
    """Bytes that have nothing to do with a workbook."""
    return lambda _: content


def noise(size: int, seed: int = 107) -> bytes:
    """Bytes without any meaning, the same for the same seed."""
    return random.Random(seed).randbytes(size)
