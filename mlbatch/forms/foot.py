"""What stands below the rows and is none of them (表尾): totals, notes, signatures, stray characters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from mlbatch.forms.cells import EDGES, Raw, key, whole

TOTAL = re.compile(r"(?:合計|總計|小計|共計|總和)(?:[(:].*)?")
PART_TOTAL = "小計"
NOTE = re.compile(
    r"(?:(?:備註|附註|說明|填表說明|注意事項|承辦人|填表人|製表人?|單位主管|科\(?課?\)?長|局\(?處?\)?長|主任|主管|校長|核章|機關首長)"
    r"(?:\(?簽章\)?|核章|簽名)?[:].*|註\d*[:].*|※.*)"
)
LONGEST_TOTAL = 20
FAR = 5  # blank rows before a single character that is then no row


class Foot(Enum):
    """What a row is that is no record."""

    TOTAL = "合計"
    PART_TOTAL = "小計"
    NOTE = "註記"
    STRAY = "零星字元"


def foot(row: Sequence[Raw], blank_before: int) -> Foot | None:
    """What a row below the header is, if it is no record; `blank_before` rows above it were blank."""
    filled = [cell for cell in row if not _blank(cell)]
    first = filled[0] if filled else None
    if not isinstance(first, str):
        return None
    words = key(first)
    if len(first) < LONGEST_TOTAL and TOTAL.fullmatch(words):
        return Foot.PART_TOTAL if words.startswith(PART_TOTAL) else Foot.TOTAL
    if NOTE.fullmatch(words):
        return Foot.NOTE
    if len(filled) == 1 and len(words) == 1 and (blank_before >= FAR or not words.isalnum()):
        return Foot.STRAY
    return None


def _blank(cell: Raw) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip(EDGES))


@dataclass
class Sums:
    """The sums of the columns so far: what a sender's own total is held against."""

    count: int = 0
    all: dict[str, int] = field(default_factory=dict)
    part: dict[str, int] = field(default_factory=dict)

    def add(self, record: Mapping[str, object], names: Sequence[str]) -> None:
        """Count a record's whole numbers."""
        self.count += 1
        for name in names:
            for sums in (self.all, self.part):
                sums[name] = sums.get(name, 0) + (record[name] or 0)

    def differs(self, name: str, raw: Raw) -> tuple[int, int] | None:
        """(what the total says, the sum) if it is neither the sum, a part's sum nor the number of rows."""
        said, understood = whole(raw)
        sum_of_all = self.all.get(name, 0)
        if not understood or said is None or said in (sum_of_all, self.part.get(name, 0), self.count):
            return None
        return said, sum_of_all
