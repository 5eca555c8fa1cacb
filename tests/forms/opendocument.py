"""Values put into the cells of an .ods, as somebody types them who opens it (填寫 ODS)."""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO

from lxml import etree
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

TABLE, OFFICE, TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "office", "text")
)
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
ROWS, COLUMNS = f"{TABLE}number-rows-repeated", f"{TABLE}number-columns-repeated"


def filled(content: bytes, values: Mapping[tuple[str, str], object]) -> bytes:
    """The workbook with `values`, (sheet, cell) → number or text; a cell's style stays."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as came, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in came.infolist():
            part = came.read(entry)
            made.writestr(entry, _filled(part, values) if entry.filename == "content.xml" else part)
    return out.getvalue()


def _filled(part: bytes, values: Mapping[tuple[str, str], object]) -> bytes:
    root = etree.fromstring(part)
    tables = {table.get(f"{TABLE}name"): table for table in root.iter(f"{TABLE}table")}
    for (sheet, address), value in values.items():
        letters, row = coordinate_from_string(address)
        _put(_cell(tables[sheet], row - 1, column_index_from_string(letters) - 1), value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _cell(table: etree._Element, row: int, column: int) -> etree._Element:
    line = _alone(table.iter(f"{TABLE}table-row"), row, ROWS)
    return _alone((cell for cell in line if cell.tag in CELLS), column, COLUMNS)


def _alone(nodes: Iterator[etree._Element], at: int, repeated: str) -> etree._Element:
    """The node at a place, cut out of those that stand for many."""
    for node in list(nodes):
        count = int(node.get(repeated, 1))
        if at < count:
            for number in (at, count - at - 1):
                if number and number == at:
                    node.addprevious(_copies(node, repeated, at))
                elif number:
                    node.addnext(_copies(node, repeated, number))
            node.attrib.pop(repeated, None)
            return node
        at -= count
    raise LookupError(at)


def _copies(node: etree._Element, repeated: str, number: int) -> etree._Element:
    other = copy.deepcopy(node)
    other.set(repeated, str(number))
    return other


def _put(cell: etree._Element, value: object) -> None:
    for name in [name for name in cell.attrib if "value" in name]:
        del cell.attrib[name]
    for child in list(cell):
        cell.remove(child)
    text = isinstance(value, str)
    cell.set(f"{OFFICE}value-type", "string" if text else "float")
    if not text:
        cell.set(f"{OFFICE}value", str(value))
    etree.SubElement(cell, f"{TEXT}p").text = str(value)
