"""Kinds of hostile workbooks: parts, cells, what is refused by name, what is read all the same.

Each maker takes a `Healthy` and gives bytes. What is in `REFUSED` and `READ` must be refused or read;
of all others only a bucket and a reason are held.
"""

from __future__ import annotations

import re
from zipfile import ZIP_STORED

from studies.archives import (
    BOOK,
    MEGA,
    OLE,
    RELS,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    Healthy,
    Maker,
    drop,
    noise,
    packed,
    put,
    raw,
    swap,
)  # fmt: skip

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PURL = b"http://purl.oclc.org/ooxml/"


def cell(xml: bytes) -> Maker:
    """One more row with this XML, after the last one."""
    return swap(SHEET, b"</sheetData>", b'<row r="900">' + xml + b"</row></sheetData>")


def row(xml: bytes) -> Maker:
    """One more row, written whole."""
    return swap(SHEET, b"</sheetData>", xml + b"</sheetData>")


def rest(xml: bytes) -> Maker:
    """Something after the sheet's data."""
    return swap(SHEET, b"<pageMargins", xml + b"<pageMargins")


def _strict(healthy: Healthy) -> bytes:
    return packed(
        {
            name: part.replace(MAIN, PURL + b"spreadsheetml/main").replace(
                OFFICE, PURL + b"officeDocument/relationships"
            )
            for name, part in healthy.parts.items()
        }
    )


def _prefixed(healthy: Healthy) -> bytes:
    parts = healthy.parts
    xml = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", parts[SHEET]).replace(b"xmlns=", b"xmlns:x=")
    return packed({**parts, SHEET: xml})


def _laughs(depth: int) -> bytes:
    lines = [
        b'<!ENTITY a0 "ha">',
        *(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, depth)),
    ]
    return (
        b"<?xml version='1.0'?><!DOCTYPE w ["
        + b"".join(lines)
        + b"]><worksheet>&a%d;</worksheet>" % (depth - 1)
    )


def _sheets(count: int) -> bytes:
    return b"<sheets>" + b"".join(
        b'<sheet name="s%d" sheetId="%d" r:id="rId2"/>' % (n, n) for n in range(count)
    )


def _link(target: bytes, kind: bytes) -> bytes:
    return (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="%s/%s" Target="%s" TargetMode="External"/></Relationships>'
        % (OFFICE, kind, target)
    )


PARTS: dict[str, Maker] = {
    **{f"without {name}": drop(name) for name in (BOOK, SHEET, STRINGS, STYLES, RELS, TYPES)},
    **{f"empty {name}": put(name, b"") for name in (BOOK, SHEET, STRINGS, STYLES, RELS, TYPES)},
    **{f"noise as {name}": put(name, noise(5_000)) for name in (BOOK, SHEET, STRINGS, STYLES, RELS)},
    **{
        f"DOCTYPE in {name}": swap(name, rb"\?>", b"?><!DOCTYPE x SYSTEM 'file:///etc/passwd'>")
        for name in (BOOK, SHEET, STRINGS, STYLES, RELS)
    },
    "billion laughs": put(SHEET, _laughs(12)),
    "UTF-16 part": lambda healthy: packed({**healthy.parts, SHEET: healthy.parts[SHEET].decode().encode("utf-16")}),
    "broken UTF-8": swap(STRINGS, b"<t>", b"<t>\xff\xfe\xc0\x80"),
    "control characters": swap(STRINGS, b"<t>", b"<t>&#0;&#1;&#xFFFE;&#xD800;"),
    "tag left open": swap(SHEET, b"</sheetData>", b""),
    "deep nesting": put(SHEET, b"<worksheet>" + b"<a>" * 300_000),
    "long attribute": swap(SHEET, b"<sheetData", b'<a b="' + b"x" * 20 * MEGA + b'"/><sheetData'),
    "long tag name": swap(SHEET, b"<sheetData", b"<" + b"x" * 20 * MEGA + b"/><sheetData"),
    "prefixed tags": _prefixed,
    "no sheets": swap(BOOK, b"<sheets>.*</sheets>", b"<sheets></sheets>"),
    "no list of sheets": swap(BOOK, b"<sheets>.*</sheets>", b""),
    "5,000 sheets": swap(BOOK, b"<sheets>", _sheets(5_000)),
    "two sheets of one name": swap(BOOK, b'name="[^"]+" sheetId="1"', 'name="基本資料" sheetId="1"'.encode()),
    "relation to nowhere": swap(RELS, b"worksheets/sheet2.xml", b"worksheets/none.xml"),
    "relation to itself": swap(RELS, b"worksheets/sheet2.xml", b"workbook.xml"),
    "relation upwards": swap(RELS, b"worksheets/sheet2.xml", b"../../../../etc/passwd"),
    "relation out": swap(RELS, b"worksheets/sheet2.xml", b"http://example.org/a.xml"),
}  # fmt: skip
CELLS: dict[str, Maker] = {
    "last corner": cell(b'<c r="XFD1048576"><v>1</v></c>'),
    "column beyond the grid": cell(b'<c r="XFE900"><v>1</v></c>'),
    "column far beyond": cell(b'<c r="ZZZZZZZ900"><v>1</v></c>'),
    "row beyond the grid": cell(b'<c r="A1048577"><v>1</v></c>'),
    "row far beyond": cell(b'<c r="A99999999999999999999"><v>1</v></c>'),
    "row number beyond": row(b'<row r="4294967296"><c><v>1</v></c></row>'),
    "row zero": row(b'<row r="0"><c r="A0"><v>1</v></c></row>'),
    "negative row": row(b'<row r="-1"><c r="A-1"><v>1</v></c></row>'),
    "cell without address": row(b"<row><c><v>1</v></c></row>"),
    "address without row": cell(b'<c r="A"><v>1</v></c>'),
    "address without column": cell(b'<c r="900"><v>1</v></c>'),
    "address in small letters": cell(b'<c r="xfd1048576"><v>1</v></c>'),
    "address in single quotes": cell(b"<c r='XFD1048576'><v>1</v></c>"),
    "address on its own line": cell(b'<c\nr="XFD1048576"><v>1</v></c>'),
    "cell twice": row(b'<row r="4"><c r="B4"><v>1</v></c><c r="B4"><v>2</v></c></row>'),
    "dimension of the whole grid": swap(SHEET, b'<dimension ref="[^"]*"/>', b'<dimension ref="A1:XFD1048576"/>'),
    "dimension beyond the grid": swap(SHEET, b'<dimension ref="[^"]*"/>', b'<dimension ref="A1:ZZZZZ99999999999"/>'),
    "dimension backwards": swap(SHEET, b'<dimension ref="[^"]*"/>', b'<dimension ref="Z99:A1"/>'),
    "string out of range": cell(b'<c r="A900" t="s"><v>99999999</v></c>'),
    "negative string": cell(b'<c r="A900" t="s"><v>-1</v></c>'),
    "string that is no number": cell(b'<c r="A900" t="s"><v>x</v></c>'),
    "style out of range": cell(b'<c r="A900" s="4294967295"><v>1</v></c>'),
    "unknown type": cell(b'<c r="A900" t="zz"><v>1</v></c>'),
    "not a number": cell(b'<c r="A900"><v>NaN</v></c>'),
    "infinite": cell(b'<c r="A900"><v>1e999</v></c>'),
    "number of a megabyte": cell(b'<c r="A900"><v>' + b"9" * MEGA + b"</v></c>"),
    "day beyond the calendar": cell(b'<c r="A900" t="d"><v>99999-99-99T99:99:99</v></c>'),
    "boolean that is none": cell(b'<c r="A900" t="b"><v>7</v></c>'),
    "shared formula without master": cell(b'<c r="A900"><f t="shared" si="4294967295"/><v>1</v></c>'),
    "shared formula over the grid": cell(b'<c r="A900"><f t="shared" ref="A1:XFD1048576" si="0">A1</f><v>1</v></c>'),
    "formula of a megabyte": cell(b'<c r="A900"><f>' + b"(" * MEGA + b"</f><v>1</v></c>"),
    "inline string of 40 MB": cell(b'<c r="A900" t="inlineStr"><is><t>' + b"x" * 40 * MEGA + b"</t></is></c>"),
    "shared string of 150 MB": swap(STRINGS, b"<si><t>", b"<si><t>" + b"x" * 150 * MEGA),
    "300,000 filled rows": row(b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(901, 300_901))),
    "uniqueCount of 2**32": swap(STRINGS, b'uniqueCount="[0-9]+"', b'uniqueCount="4294967296"'),
    "uniqueCount of 2**63": swap(STRINGS, b'uniqueCount="[0-9]+"', b'uniqueCount="9223372036854775807"'),
    "uniqueCount of 2**31": swap(STRINGS, b'uniqueCount="[0-9]+"', b'uniqueCount="2147483647"'),
    "negative uniqueCount": swap(STRINGS, b'uniqueCount="[0-9]+"', b'uniqueCount="-1"'),
    "merged over the grid": rest(b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    "merged beyond the grid": rest(b'<mergeCells count="1"><mergeCell ref="A1:ZZZZ99999999"/></mergeCells>'),
    "merged backwards": rest(b'<mergeCells count="1"><mergeCell ref="Z99:A1"/></mergeCells>'),
    "100,000 merged areas": rest(b"<mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 100_000 + b"</mergeCells>"),
    "hidden columns beyond": swap(SHEET, b"<cols>", b'<cols><col min="0" max="99999999999" hidden="1"/>'),
    "100,000 number formats": swap(STYLES, b"<fonts", b"<numFmts>" + b'<numFmt numFmtId="170" formatCode="[$-404]e"/>' * 100_000 + b"</numFmts><fonts"),
    "number format of a megabyte": swap(STYLES, b"<fonts", b'<numFmts><numFmt numFmtId="170" formatCode="' + b"[" * MEGA + b'"/></numFmts><fonts'),
    "100,000 defined names": swap(BOOK, b"<definedNames>", b"<definedNames>" + b'<definedName name="a">A1</definedName>' * 100_000),
    "1904 epoch": swap(BOOK, b"<workbookPr ", b'<workbookPr date1904="1" '),
}  # fmt: skip
REFUSED: dict[str, Maker] = {
    "macros": put("xl/vbaProject.bin", OLE),
    "macros under another name": swap(TYPES, b"</Types>", b'<Override PartName="/xl/a.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'),
    "Excel 4.0 macro sheet": put("xl/macrosheets/sheet1.xml", b"<xm:macrosheet/>"),
    "Excel 4.0 macro sheet by type": swap(TYPES, b"</Types>", b'<Override PartName="/xl/a.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/></Types>'),
    "DDE link": put("xl/externalLinks/externalLink1.xml", b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'),
    "DDE formula": cell(b'<c r="A900"><f>cmd|\'/c calc\'!A0</f><v>1</v></c>'),
    "DDE function": cell(b'<c r="A900"><f>=DDE("cmd";"/c";"calc")</f><v>1</v></c>'),
    "OLE link": put("xl/externalLinks/externalLink1.xml", b'<externalLink><oleLink progId="Package"/></externalLink>'),
    "embedded object": put("xl/embeddings/oleObject1.bin", OLE),
    "embedded workbook": put("xl/embeddings/Book1.xlsx", b"PK"),
    "object in the sheet": rest(b'<oleObjects><oleObject progId="Package" shapeId="1"/></oleObjects>'),
}  # fmt: skip
READ: dict[str, Maker] = {
    "external workbook": put("xl/externalLinks/externalLink1.xml", b"<externalLink><externalBook/></externalLink>"),
    "connection": put("xl/connections.xml", b"<connections/>"),
    "query": put("xl/queryTables/queryTable1.xml", b"<queryTable/>"),
    "form control": put("xl/ctrlProps/ctrlProp1.xml", b"<formControlPr/>"),
    "picture": put("xl/media/image1.png", b"\x89PNG"),
    "link out": lambda healthy: packed({**healthy.parts, SHEET: healthy.parts[SHEET].replace(b"<pageMargins", b'<hyperlinks><hyperlink ref="B4" r:id="rId9"/></hyperlinks><pageMargins'), "xl/worksheets/_rels/sheet2.xml.rels": _link(b"http://example.org/", b"hyperlink")}),
    "Strict Open XML": _strict,
    "add-in": put("xl/webextensions/webextension1.xml", b"<we/>"),
    "hidden sheet": swap(BOOK, b'sheetId="2"', b'sheetId="2" state="hidden"'),
    "hidden row": swap(SHEET, b'<row r="5"', b'<row r="5" hidden="1"'),
    "hidden column": swap(SHEET, b'<col min="2" max="2"', b'<col min="2" max="2" hidden="1"'),
    "error cell": swap(SHEET, b'<c r="B12"[^>]*>.*?</c>', b'<c r="B12" t="e"><v>#REF!</v></c>'),
    "formula without value": swap(SHEET, b'<c r="B12"[^>]*>.*?</c>', b'<c r="B12"><f>1+1</f></c>'),
}  # fmt: skip


def _open(text: bytes) -> bytes:
    """An .ods whose content holds this."""
    names = b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    content = (
        b"<office:document-content %s><office:body><office:spreadsheet>%s</office:spreadsheet></office:body></office:document-content>"
        % (names, text)
    )
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content, "META-INF/manifest.xml": manifest}, ZIP_STORED)  # fmt: skip


VALUE = b'<table:table-cell office:value-type="string"%s><text:p>x</text:p></table:table-cell>'
TABLE = b'<table:table table:name="mlbatch"><table:table-row%s>' + VALUE + b"</table:table-row></table:table>"
OTHER_FORMATS: dict[str, Maker] = {
    "ods without tables": raw(_open(b"")),
    "ods with rows repeated 2**31 times": raw(_open(TABLE % (b' table:number-rows-repeated="2147483647"', b""))),
    "ods with columns repeated 2**31 times": raw(_open(TABLE % (b"", b' table:number-columns-repeated="2147483647"'))),
    "ods with all cells repeated": raw(_open(TABLE % (b' table:number-rows-repeated="1048576"', b' table:number-columns-repeated="16384"'))),
    "ods with a negative repeat": raw(_open(TABLE % (b' table:number-rows-repeated="-1"', b""))),
    "ods with DOCTYPE": raw(_open(b"<!DOCTYPE x>")),
    "ods with a DDE source": raw(_open(b'<table:dde-links><table:dde-link><office:dde-source office:dde-application="soffice"/></table:dde-link></table:dde-links>')),
    "ods with macros": raw(packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>", "Basic/Standard/Module1.xml": b"<script:module/>"})),
    "ods without content": raw(packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})),
    "xlsb": raw(packed({"xl/workbook.bin": b"\x83\x01\x00", "[Content_Types].xml": b"<Types/>"})),
    "xls that is all header": raw(OLE + b"\0" * 504),
    "xls with a wheel of sectors": raw(OLE + b"\0" * 16 + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + b"\0" * 10 + b"\x01\0\0\0" + b"\0" * 472 + b"\0\0\0\0" * 256),
    "workbook with a password": raw(OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 1000),
}  # fmt: skip
