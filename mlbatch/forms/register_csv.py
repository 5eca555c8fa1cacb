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
from mlbatch.forms.reading import Reading, Stamp
from mlbatch.plan import Plan

BIG5 = "cp950"  # Big5 as Windows writes it
AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # ="014501": how exports keep a leading zero


def read_csv(content: bytes, name: str, forms: Mapping[str, Form], plan: Plan) -> Reading | Finding:
    """Read the register in `content`; a Finding if it must be set aside.

    UTF-8 and UTF-16 (with a byte order mark) and Big5; commas or tabs. Addresses are those that a
    spreadsheet shows: sheet `""`, columns by position, rows counted from the file's first.
    """
    try:
        grid = _grid(_decode(content))
    except (UnicodeError, csv.Error):
        return Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": "不是可辨識之 CSV 文字檔"})
    if not grid:
        return Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": "檔案是空的"})
    form = _recognise(grid, name, forms)
    if form is None:
        return Finding(catalogue.I2_UNKNOWN_FORM, At(name))
    records, findings = read_grid(lay_out(form.sheets[0]), grid, name, "")
    return Reading(name, form, Stamp(form.id, plan.year, form.version), records, tuple(findings))


def _decode(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(BIG5)


def _grid(text: str) -> Grid:
    first = text.lstrip().partition("\n")[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    width = max(map(len, rows), default=0)
    return [[*map(_unwrapped, row), *[""] * (width - len(row))] for row in rows]


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


def _fit(form: Form, grid: Grid) -> int:
    """How many labels of the register stand in the header; 0 if one that is needed does not."""
    layout = lay_out(form.sheets[0])
    _, columns = layout.columns(grid)
    needed = {field.name for field in layout.sheet.rows if field.required}
    return len(columns) if needed <= columns.keys() else 0
