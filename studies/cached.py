"""The stored results of a workbook's formulas, read and falsified without a spreadsheet library."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from io import BytesIO

Cell = tuple[str, str]  # sheet's part, cell
SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
CELL = re.compile(r"<c r=\"([A-Z]+\d+)\"([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
TYPE = re.compile(r"\bt=\"(\w+)\"")
VALUE = re.compile(r"<v>(.*?)</v>|<v/>", re.DOTALL)
FALSE_NUMBER, FALSE_WORDS = "987654321.5", "falsified"


def parts(content: bytes) -> Iterator[tuple[str, str]]:
    """The sheets of a workbook: name of the part, and its XML."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        for name in sorted(filter(SHEET.fullmatch, package.namelist()), key=lambda one: (len(one), one)):
            yield name, package.read(name).decode()


def results(content: bytes) -> dict[Cell, object]:
    """What is stored as the result of each formula: float, str (empty if nothing is), or an error in angle brackets."""
    return {
        (name, cell): _value(attributes, inner)
        for name, xml in parts(content)
        for cell, attributes, inner in CELL.findall(xml)
        if "<f" in inner
    }


def _value(attributes: str, inner: str) -> object:
    kind, found = TYPE.search(attributes), VALUE.search(inner)
    words = unescape(found[1] or "") if found else ""
    if kind and kind[1] == "e":
        return f"<{words}>"
    if kind and kind[1] == "str":
        return words
    return float(words) if words else ""


def falsified(content: bytes, only: Cell | None = None) -> bytes:
    """The workbook with every stored result false, or that of one cell."""
    false, sheets = BytesIO(), dict(parts(content))
    with zipfile.ZipFile(BytesIO(content)) as package, zipfile.ZipFile(false, "w") as to:
        for name in package.namelist():
            if name in sheets:
                to.writestr(name, CELL.sub(lambda cell, at=name: _false(cell, at, only), sheets[name]))
            else:
                to.writestr(name, package.read(name))
    return false.getvalue()


def _false(cell: re.Match, part: str, only: Cell | None) -> str:
    inner = cell[3] or ""
    if "<f" not in inner or (only and (part, cell[1]) != only):
        return cell[0]
    kind = TYPE.search(cell[2])
    value = FALSE_WORDS if kind and kind[1] == "str" else FALSE_NUMBER
    return cell[0].replace(inner, VALUE.sub(f"<v>{value}</v>", inner))
