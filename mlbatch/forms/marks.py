"""What values alone do not show (儲存格之狀態): error cells, formulas never calculated, hidden, merged.

The reader gives the same empty text for a blank, for `#REF!` and for a formula that nobody
calculated. A pass over the sheet's own XML tells them apart, only where the XML has such marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.forms.answers import Fault, is_blank
from mlbatch.forms.foreign import attributes
from mlbatch.forms.form import Field

CELL = re.compile(rb"<c ([^>]*[^/>])>(.*?)</c>", re.DOTALL)
VALUE = re.compile(rb"<v\b[^>]*>([^<]+)<")
# No part of it is tried twice (`*+`): most cells have no formula, and are passed over in one step.
UNCALCULATED = re.compile(rb"<c ([^>]*+)>\s*+<f\b[^>]*?(?:/>|>[^<]*+</f>)\s*+(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
TEXT = (b't="str"', b"t='str'")
ERROR = (b't="e"', b"t='e'")
HIDDEN = re.compile(rb"""hidden=["'](?:1|true)["']""")
REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,9}\d{1,9})["']""")
FIRST = re.compile(rb'r="([A-Za-z]{1,9}\d{1,9})"')  # as most writers begin a cell
ROW = re.compile(rb"<row\b([^>]*)>")
COLUMNS = re.compile(rb"<col\b([^>]*)>")
MOST_RANGES = 1_000
MOST_SPAN = 200  # columns: no form is wider

Range = tuple[int, int]  # first and last, from 1
Area = tuple[int, int, int, int]  # first row, first column, last row, last column, from 1


@dataclass(frozen=True)
class Marks:
    """The marks of one sheet: cells by address, ranges from 1; `hidden` is the sheet itself.

    `since_1904`: a serial that no format shows as a date counts its days from 1904.
    """

    errors: Mapping[str, str] = field(default_factory=dict)
    uncalculated: frozenset[str] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[Range, ...] = ()
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    since_1904: bool = False

    def __bool__(self) -> bool:
        return self is not NONE

    def stands_in(self, address: str) -> bool:
        """Whether a cell that reads as blank is none: an error, or a formula without a value."""
        return address in self.errors or address in self.uncalculated

    def fault(self, field: Field, address: str) -> Fault | None:
        """What is wrong with the cell of a field that reads as blank; None if nothing is, or if nobody has to fill it."""
        if field.formula or (field.prefilled and not field.required):
            return None
        if error := self.errors.get(address):
            return Fault(catalogue.I7_ERROR_CELL, {"label": field.label, "read": error})
        if address in self.uncalculated:
            return Fault(catalogue.I7_NOT_CALCULATED, {"label": field.label})
        return None


NONE = Marks()


def marks_of(xml: bytes) -> Marks:
    """The marks that stand in a sheet's XML, whose tags have no prefix; false where there are none."""
    marks = NONE
    if any(mark in xml for mark in ERROR):
        marks = replace(marks, errors=dict(_errors(xml)))
    if b"f>" in xml and (uncalculated := frozenset(_uncalculated(xml))):
        marks = replace(marks, uncalculated=uncalculated)
    if b"hidden=" in xml and HIDDEN.search(xml):
        rows, columns = frozenset(_hidden_rows(xml)), tuple(_hidden_columns(xml))
        marks = replace(marks, hidden_rows=rows, hidden_columns=columns)
    return marks


def _errors(xml: bytes) -> Iterator[tuple[str, str]]:
    for found in CELL.finditer(xml):
        if any(mark in found[1] for mark in ERROR):
            value = VALUE.search(found[2])
            yield _address(found[1]), value[1].decode("utf-8", "replace") if value else "#N/A"


def _uncalculated(xml: bytes) -> Iterator[str]:
    """The cells whose formula no value follows; one whose value is a text says so, even of an empty one."""
    for tag in UNCALCULATED.findall(xml):
        if TEXT[0] not in tag and TEXT[1] not in tag:
            yield _address(tag)


def _address(tag: bytes) -> str:
    found = FIRST.match(tag) or REFERENCE.search(tag)
    return found[1].decode() if found else ""


def _hidden_rows(xml: bytes) -> Iterator[int]:
    for found in ROW.finditer(xml):
        if HIDDEN.search(found[1]) and (number := attributes(found[1]).get("r", "")).isdecimal():
            yield int(number)


def _hidden_columns(xml: bytes) -> Iterator[Range]:
    for found, _ in zip(COLUMNS.finditer(xml), range(MOST_RANGES), strict=False):
        if HIDDEN.search(found[1]):
            said = attributes(found[1])
            if said.get("min", "").isdecimal() and said.get("max", "").isdecimal():
                yield int(said["min"]), int(said["max"])


# What was read all the same, and is told ------------------------------------------------------------


def unseen(marks: Marks, records: Mapping[str, Sequence[dict]], file: str, sheet: str) -> list[Finding]:
    """What was read though nobody sees it: hidden sheets, rows and columns; cells merged over data."""
    rows = [row for table in records.values() for row in table]
    findings = []
    if marks.hidden or marks.hidden_rows or marks.hidden_columns:
        findings = list(_unseen(marks, rows, file, sheet))
    return findings + [_merged(area, file, sheet) for area in _over_data(marks.merged, rows)]


def _unseen(marks: Marks, rows: Sequence[dict], file: str, sheet: str) -> Iterator[Finding]:
    filled = [
        (name, row["place"]) for row in rows for name in row if name != "place" and not _empty(row[name])
    ]
    places = [(at.column, at.row) for name, place in filled if (at := place.at(name)).column]
    if marks.hidden and places:
        yield _hidden(At(file, sheet), f"工作表「{sheet}」")
    if lines := sorted({row for _, row in places} & marks.hidden_rows):
        yield _hidden(At(file, sheet, "", lines[0]), f"第 {_list(lines)} 列")
    letters = {_number(column): column for column, _ in places}
    if columns := [letters[n] for n in sorted(letters) if any(a <= n <= b for a, b in marks.hidden_columns)]:
        yield _hidden(At(file, sheet, columns[0], 0), f"{'、'.join(columns)} 欄")


def _hidden(at: At, what: str) -> Finding:
    return Finding(catalogue.I7_HIDDEN, at, {"what": what})


def _over_data(merged: Sequence[Area], rows: Sequence[dict]) -> Iterator[Area]:
    """The merged areas that cover more than one cell of the records."""
    if not merged:
        return
    columns_of: dict[int, set[int]] = {}
    last = max(bottom for _, _, bottom, _ in merged)
    for place in (row["place"] for row in rows):
        for column, number in place.cells.values() if place.row <= last else ():
            columns_of.setdefault(number, set()).add(_number(column))
    for top, left, bottom, right in merged[:MOST_RANGES]:
        lines = [number for number in columns_of if top <= number <= bottom]
        if sum(left <= column <= right for number in lines for column in columns_of[number]) > 1:
            yield top, left, bottom, right


def _merged(area: Area, file: str, sheet: str) -> Finding:
    top, left, bottom, right = area
    cells = f"{_letters(left)}{top}:{_letters(right)}{bottom}"
    return Finding(catalogue.I7_MERGED, At(file, sheet, _letters(left), top), {"cells": cells})


def _empty(value: object) -> bool:
    return is_blank(value) or value == ""


def _list(numbers: Sequence[int]) -> str:
    few = "、".join(map(str, numbers[:10]))
    return few if len(numbers) <= 10 else f"{few} 等 {len(numbers)} "


@lru_cache(maxsize=1024)
def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _letters(number: int) -> str:
    head, last = divmod(number - 1, 26)
    return (_letters(head) if head else "") + chr(ord("A") + last)
