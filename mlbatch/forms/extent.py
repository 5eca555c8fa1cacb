"""A look before reading (讀前檢視): how far a workbook reaches.

The reader keeps every cell up to the last one in memory: one stray character in the sheet's last
corner would end the whole run, so such a file is set aside by name instead.
"""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

MOST_UNPACKED = 500_000_000  # bytes of all parts
MOST_CELLS = 20_000_000  # of one sheet, up to its last row and column
ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d+)"')
FAR_ROW = 10_000
FAR_COLUMN = re.compile(rb'\br="[A-Z]{3}\d')
COLUMN = re.compile(rb'\br="([A-Z]{1,3})\d')


def too_far(content: bytes) -> str:
    """Why a workbook reaches too far to be read, in few words; empty if it does not.

    Looks into .xlsx only; what is no sound zip is left to the reader.
    """
    try:
        with ZipFile(BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                return f"解壓縮後大於 {MOST_UNPACKED // 10**6} MB"
            for part in parts.infolist():
                if (
                    part.filename.startswith("xl/worksheets/")
                    and cells_up_to_last(parts.read(part)) > MOST_CELLS
                ):
                    return "工作表範圍過大，請刪除遠處之多餘內容"
    except Exception:  # whatever is wrong with the archive, the reader says it
        return ""
    return ""


def cells_up_to_last(xml: bytes) -> int:
    """How many cells a sheet has up to its last row and column, filled or not; 0 for a near one."""
    last = xml.rfind(b"row r=")
    found = ROW.match(xml, xml.rfind(b"<", 0, last)) if last > 0 else None
    row = int(found[1]) if found else 0
    if row <= FAR_ROW and not FAR_COLUMN.search(xml):
        return 0
    widest = max(COLUMN.findall(xml), key=lambda letters: (len(letters), letters), default=b"A")
    return row * _number(widest)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
