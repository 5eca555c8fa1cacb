"""Kinds of hostile files: what is no workbook, broken archives, names, and what is no regular file."""

from __future__ import annotations

import gzip
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_STORED

from studies.archives import (
    MEGA,
    OLE,
    SHEET,
    Healthy,
    Maker,
    drop,
    noise,
    packed,
    put,
    raw,
)  # fmt: skip


def cut(tenths: int) -> Maker:
    """A copy that broke off."""
    return lambda healthy: healthy.content[: len(healthy.content) * tenths // 10]


def flipped(name: str, offset: int, value: bytes) -> Maker:
    """Other bytes in the directory's entry of a part."""

    def make(healthy: Healthy) -> bytes:
        content = bytearray(healthy.content)
        at = content.rindex(b"PK\x01\x02", 0, content.rindex(name.encode()))
        content[at + offset : at + offset + len(value)] = value
        return bytes(content)

    return make


def _doubled(healthy: Healthy) -> bytes:
    parts = list(healthy.parts.items())
    return packed([*parts, (SHEET, b"<worksheet><sheetData/></worksheet>")])


def _doubled_bomb(healthy: Healthy) -> bytes:
    return packed([*healthy.parts.items(), *[(SHEET, b" " * 60 * MEGA)] * 4])


def _overlapping(healthy: Healthy) -> bytes:
    """Many entries of the directory that lie on one compressed part."""
    content = healthy.content
    start = content.index(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    directory = content[start:end]
    tail = bytearray(content[end:])
    many = directory * 400
    count = min(struct.unpack_from("<H", tail, 10)[0] * 400, 65_535)
    struct.pack_into("<HHI", tail, 8, count, count, len(many))
    return content[:start] + many + bytes(tail)


NOT_A_WORKBOOK: dict[str, Maker] = {
    "empty": raw(b""),
    "one byte": raw(b"P"),
    "PK alone": raw(b"PK\x03\x04"),
    "OLE magic alone": raw(OLE),
    "web page": raw(b"<html><body>login</body></html>"),
    "web page with a table, as .xls exports are": raw(b"<table><tr><td>1</td></tr></table>"),
    "PDF": raw(b"%PDF-1.7\n" + b"0" * 1000),
    "PNG": raw(b"\x89PNG\r\n\x1a\n" + b"\0" * 1000),
    "JPEG": raw(b"\xff\xd8\xff\xe0" + b"\0" * 1000),
    "program": raw(b"MZ" + b"\0" * 1000),
    "ELF": raw(b"\x7fELF" + b"\0" * 1000),
    "RAR": raw(b"Rar!\x1a\x07\x00" + b"\0" * 100),
    "7z": raw(b"7z\xbc\xaf\x27\x1c" + b"\0" * 100),
    "gzip of a workbook": lambda healthy: gzip.compress(healthy.content),
    "Word document": raw(packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})),
    "empty archive": raw(b"PK\x05\x06" + b"\0" * 18),
    "archive of a workbook": lambda healthy: packed({"a.xlsx": healthy.content}),
    "XML spreadsheet 2003": raw(b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'),
    "JSON": raw(b'{"code": "014501"}'),
    "shell script": raw(b"#!/bin/sh\nrm -rf /\n"),
    "zeros": raw(b"\0" * MEGA),
    "noise": raw(noise(100_000)),
    "noise behind PK": raw(b"PK\x03\x04" + noise(100_000)),
    "noise behind OLE": raw(OLE + noise(100_000)),
    "UTF-16 mark alone": raw(b"\xff\xfe"),
    "half a UTF-16 character": raw(b"\xff\xfea"),
    "a line without end": raw(b"a," * 2 * MEGA),
    "wide and long text": raw(b"," * 50_000 + b"\n" * 200_000),
    "an open quote": raw(b'"' + b"a" * MEGA),
    "larger than allowed": raw(b"PK\x03\x04" + b"\0" * 51 * MEGA),
    "unstamped workbook": drop("xl/worksheets/sheet8.xml"),
}
ARCHIVE: dict[str, Maker] = {
    **{f"cut after {n} tenths": cut(n) for n in range(1, 10)},
    "junk before": lambda healthy: b"junk" * 100 + healthy.content,
    "junk after": lambda healthy: healthy.content + b"junk" * 100,
    "two archives in one": lambda healthy: healthy.content + healthy.content,
    "wrong checksum": flipped(SHEET, 16, b"\0\0\0\0"),
    "encrypted part": flipped(SHEET, 8, b"\x01\x00"),
    "unknown compression": flipped(SHEET, 10, b"\x63\x00"),
    "size said too small": flipped(SHEET, 24, b"\x10\0\0\0"),
    "size said too large": flipped(SHEET, 24, b"\xff\xff\xff\x7f"),
    "packed size said too large": flipped(SHEET, 20, b"\xff\xff\xff\x7f"),
    "part beyond the file": flipped(SHEET, 42, b"\xff\xff\xff\x7f"),
    "part twice": _doubled,
    "parts of one name too large together": _doubled_bomb,
    "overlapping parts": _overlapping,
    "path upwards": put("../../../../tmp/evil.xml", b"<a/>"),
    "absolute path": put("/etc/evil.xml", b"<a/>"),
    "Windows path": put("C:\\Windows\\evil.xml", b"<a/>"),
    "part with a long name": put("xl/" + "a" * 60_000, b"<a/>"),
    "6,000 parts": lambda healthy: packed({**healthy.parts, **{f"p{n}": b"" for n in range(6_000)}}),
    "bomb of one part": put("xl/worksheets/sheet9.xml", b" " * 300 * MEGA),
    "bomb below the limit": put("xl/worksheets/sheet9.xml", b"0" * 190 * MEGA),
    "bomb in a picture": put("xl/media/image1.png", b"0" * 199 * MEGA),
    "stored, not deflated": lambda healthy: packed(healthy.parts, ZIP_STORED),
    "names in capitals": lambda healthy: packed({name.upper(): part for name, part in healthy.parts.items()}),
}  # fmt: skip

# Names under which a healthy workbook, or an empty file, may come.
NAMES: dict[str, bytes] = {
    "a name as long as they come": b"a" * 250 + b".xlsx",
    "a name in Big5": "名單".encode("cp950") + b".xlsx",
    "a name that is no text": b"\xff\xfe\x80.xlsx",
    "a name with a new line": b"a\nb.xlsx",
    "a name with marks of direction": "a\u202exslx.exe".encode(),
    "a name that is an option": b"--help.xlsx",
    "a name that is a formula": b"=cmd|' calc'!A0.xlsx",
    "a name with markup": b"<script>alert(1)<.xlsx",
    "a name with a template": b"{{ 7*7 }}.xlsx",
    "a device of Windows": b"CON.xlsx",
    "no ending": b"list",
    "another ending": b"list.pdf",
}


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = os.getcwd()
        os.chdir(path.parent)  # a socket's path may only be short
        one.bind(path.name)
        os.chdir(here)


PLACED: dict[str, Callable[[Path], None]] = {
    "pipe": _pipe,
    "socket": _socket,
    "link to an endless device": lambda path: path.symlink_to("/dev/zero"),
    "link to nowhere": lambda path: path.symlink_to("nowhere"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to the folder above": lambda path: path.symlink_to(".."),
    "folder named as a workbook": lambda path: path.mkdir(),
    "hole of 40 GB": lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), 40 * 10**9),
}
