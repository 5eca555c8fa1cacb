"""How far a sheet reaches (工作表範圍).

The reader keeps every cell up to the last one in memory: one stray character in the sheet's last
corner would end the process, so such a file is set aside by name instead.
"""

from __future__ import annotations

import re

MOST_CELLS = 20_000_000  # of one sheet, up to its last row and column
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
BEYOND = LAST_ROW * LAST_COLUMN  # what a reference beyond the grid counts as
FAR = re.compile(rb""" r=(?:"(?:[A-Za-z]{3}|[A-Za-z$]*\d{5})|')""")  # begins with letters, to be fast
ODD = (b"\nr=", b"\tr=", b"\rr=")  # an attribute on a line of its own
PROLOGUE = 100  # bytes, after which most writers break no line
CELL = re.compile(rb"""\br=["']\$?(?:[A-Za-z]{3,}\$?\d+|[A-Za-z]+\$?\d{5,})["']""")
CELL = re.compile(rb"""\br=["']\$?([A-Za-z]{0,9})\$?(\d+)""")


def cells_up_to_last(xml: bytes) -> int:
    """How many cells a sheet has up to its last row and column, filled or not; 0 for a near one."""
    if not FAR.search(xml) and not _odd(xml):
        return 0
    cells = CELL.findall(xml)
    row = max((_whole(digits) for _, digits in cells), default=0)
    letters = max(
        (letters for letters, _ in cells if letters), key=lambda one: (len(one), one.upper()), default=b"A"
    )
    column = _number(letters.upper())
    if row > LAST_ROW or column > LAST_COLUMN:
        return BEYOND
    return row * column


def _odd(xml: bytes) -> bool:
    broken = xml.find(b"\n", PROLOGUE) >= 0 or b"\t" in xml or xml.find(b"\r", PROLOGUE) >= 0
    return broken and any(spaced in xml for spaced in ODD)


def _whole(digits: bytes) -> int:
    return int(digits) if len(digits) < 10 else LAST_ROW + 1


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
