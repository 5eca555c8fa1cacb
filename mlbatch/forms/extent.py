"""How far a sheet reaches (工作表範圍).

The reader keeps every cell up to the last one in memory: one stray character in the sheet's last
corner would end the process, so such a file is set aside by name instead.
"""

from __future__ import annotations

import re

MOST_CELLS = 20_000_000  # of one sheet, up to its last row and column
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
FAR_ROW = 10_000
BEYOND = LAST_ROW * LAST_COLUMN  # what a reference beyond the grid counts as
ROWS = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["'](\d{5,})["']""")
FAR_CELL = re.compile(rb"""\br=["']\$?(?:[A-Za-z]{3,}\$?\d+|[A-Za-z]+\$?\d{5,})["']""")
COLUMN = re.compile(rb"""\br=["']\$?([A-Za-z]{1,9})\$?(\d+)""")


def cells_up_to_last(xml: bytes) -> int:
    """How many cells a sheet has up to its last row and column, filled or not; 0 for a near one."""
    far_rows = ROWS.findall(xml)
    if not far_rows and not FAR_CELL.search(xml):
        return 0
    cells = COLUMN.findall(xml)
    row = max((_whole(digits) for digits in (*far_rows, *(digits for _, digits in cells))), default=0)
    letters = max((letters for letters, _ in cells), key=lambda one: (len(one), one.upper()), default=b"A")
    column = _number(letters.upper())
    if row > LAST_ROW or column > LAST_COLUMN:
        return BEYOND
    return row * column


def _whole(digits: bytes) -> int:
    return int(digits) if len(digits) < 10 else LAST_ROW + 1


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
