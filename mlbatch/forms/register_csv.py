"""A register that came as CSV (清冊 CSV): the website's upload record, and what an office exports.

A CSV has no stamp: it is recognised by its header, which must fit one register better than any
other; registers with the same labels are told apart by the file's name.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Mapping
from io import StringIO

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.forms.cells import key
from mlbatch.forms.form import Form
from mlbatch.forms.grid import read_grid
from mlbatch.forms.layout import Grid, lay_out
from mlbatch.forms.ministry_lists import read_list
from mlbatch.forms.reading import Reading, Stamp
from mlbatch.plan import Plan

BIG5 = "cp950"  # Big5 as Windows writes it
PRIVATE = "mlbatch.private"  # the name of our error handler
LOST = "\ufffd"
MOST_LOST = 20  # one character in so many may be lost
HEADER_LINES = 20
DELIMITED = re.compile("[,\t;]")
AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # ="014501": how exports keep a leading zero


def read_csv(content: bytes, name: str, forms: Mapping[str, Form], plan: Plan) -> Reading | Finding:
    """Read the register in `content`; a Finding if it must be set aside.

    UTF-8, UTF-16 and Big5; commas, semicolons or tabs. Addresses are those that a spreadsheet shows:
    sheet `""`, columns by position, rows counted from the file's first. A character of a private use
    area, which Big5 files of different makers mean differently, becomes U+FFFD and is asked about.
    """
    if not content.strip():
        return Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": "檔案是空的"})
    try:
        grid = _grid(_decode(content))
    except (UnicodeError, csv.Error):
        return Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": "不是可辨識之 CSV 文字檔"})
    return read_list(grid, name, "", forms, plan) or _read(grid, name, forms, plan)


def _read(grid: Grid, name: str, forms: Mapping[str, Form], plan: Plan) -> Reading | Finding:
    form = _recognise(grid, name, forms)
    if form is None:
        return _lacking(grid, name, forms) or Finding(catalogue.I2_UNKNOWN_FORM, At(name))
    records, findings = read_grid(lay_out(form.sheets[0]), grid, name, "")
    return Reading(name, form, Stamp(form.id, plan.year, form.version), records, tuple(findings))


def _decode(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _whole(content.decode("utf-16"))
    if b"\0" in content.rstrip(b"\0"):
        return _without_mark(content)
    content = content.rstrip(b"\0")  # what a broken transfer filled up
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _whole(content.decode(BIG5, PRIVATE))


def _without_mark(content: bytes) -> str:
    """UTF-16 without a byte order mark: the order in which line ends and delimiters are found."""
    for order in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(order)
        except UnicodeDecodeError:
            continue
        if "\n" in text and DELIMITED.search(text) and "\0" not in text:
            return text
    raise UnicodeError("no text")


def _whole(text: str) -> str:
    """The text, unless too much of it was lost for it to be one."""
    if "\0" in text or text.count(LOST) * MOST_LOST > len(text):
        raise UnicodeError("no text")
    return text


def _private(problem: UnicodeError) -> tuple[str, int]:
    """One mark for the two bytes of a character that the encoding leaves to its users."""
    pair = problem.object[problem.start : problem.start + 2]
    if len(pair) == 2 and 0x81 <= pair[0] <= 0xFE and (0x40 <= pair[1] <= 0x7E or 0xA1 <= pair[1] <= 0xFE):
        return LOST, problem.start + 2
    raise problem


codecs.register_error(PRIVATE, _private)


def _grid(text: str) -> Grid:
    delimiter = _delimiter(text)
    rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    width = max(map(len, rows), default=0)
    return [[*map(_unwrapped, row), *[""] * (width - len(row))] for row in rows]


def _delimiter(text: str) -> str:
    """The one that the first lines show most; titles above the header have none."""
    first = "\n".join(text.split("\n", HEADER_LINES)[:HEADER_LINES])
    return max(",\t;", key=first.count)


def _unwrapped(cell: str) -> str:
    found = AS_TEXT.fullmatch(cell)
    return found[1].replace('""', '"') if found else cell


def _recognise(grid: Grid, name: str, forms: Mapping[str, Form]) -> Form | None:
    """The one register whose needed labels all stand in the header, and whose labels fit best."""
    fits = {form.id: _fit(form, grid) for form in forms.values() if form.register}
    most = max(fits.values(), default=0)
    best = [forms[form] for form, fit in fits.items() if fit == most and most]
    if len(best) > 1:
        best = [form for form in best if key(form.title) in key(name)]
    return best[0] if len(best) == 1 else None


def _lacking(grid: Grid, name: str, forms: Mapping[str, Form]) -> Finding | None:
    """I8 for a table that shows more than half of the one register's needed labels, but not all."""
    lacks = [(form, *_needed(form, grid)) for form in forms.values() if form.register]
    alike = [one for one in lacks if len(one[1]) * 2 > one[2]]
    most = max((len(one[1]) / one[2] for one in alike), default=0)
    best = [one for one in alike if len(one[1]) / one[2] == most]
    best = [one for one in best if key(one[0].title) in key(name)] or best
    if len(best) != 1:
        return None
    form, found, _ = best[0]
    missing = [f.label for f in form.sheets[0].rows if f.required and f.name not in found]
    facts = {"form": form.title, "labels": "「" + "」「".join(missing) + "」"}
    return Finding(catalogue.I8_REGISTER_LACKS, At(name), facts)


def _needed(form: Form, grid: Grid) -> tuple[set[str], int]:
    """The needed fields whose labels stand in the header, and how many are needed."""
    layout = lay_out(form.sheets[0])
    needed = {field.name for field in layout.sheet.rows if field.required}
    return needed & layout.columns(grid)[1].keys(), len(needed)


def _fit(form: Form, grid: Grid) -> int:
    """How many labels of the register stand in the header; 0 if one that is needed does not."""
    layout = lay_out(form.sheets[0])
    _, columns = layout.columns(grid)
    needed = {field.name for field in layout.sheet.rows if field.required}
    return len(columns) if needed <= columns.keys() else 0
