"""One workbook, read (讀檔): recognised by its stamp, sheet by sheet, never judged.

Whatever is wrong with a file is a finding: with the whole file, so that it is set aside (I1–I4),
or with a place in it. Files are lenient in where things stand: sheets may be renamed, columns
moved, rows left blank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO

from python_calamine import CalamineWorkbook, PasswordError

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.forms import cells
from mlbatch.forms.extent import too_far
from mlbatch.forms.form import STAMP_SHEET, Form
from mlbatch.forms.grid import Records, missing_sheet, read_grid
from mlbatch.forms.layout import Grid, Layout, lay_out
from mlbatch.forms.ministry_lists import read_list
from mlbatch.forms.reading import Reading, Stamp
from mlbatch.plan import Plan

ALIKE = 0.5  # a renamed sheet still shows half of its labels
ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_workbook(content: bytes, name: str, forms: Mapping[str, Form], plan: Plan) -> Reading | Finding:
    """Read the workbook `content` that came under `name`; a Finding if it must be set aside.

    `forms` are all forms of the plan year by identifier. Never raises for what a file holds.
    """
    try:
        if reason := too_far(content):
            return Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": reason})
        return _read(content, name, forms, plan)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as problem:  # the reader's panics are no Exception
        return Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": why(content, problem)})


def why(content: bytes, problem: BaseException | None = None) -> str:
    """Why bytes cannot be read as a spreadsheet, in few words, by their beginning."""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content:
        return "檔案是空的"
    if isinstance(problem, PasswordError) or (content.startswith(OLE) and b"E\0n\0c\0r\0y\0p\0t" in content):
        return "檔案有密碼保護"
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta")):
        return "內容是網頁，不是試算表"
    if start.startswith(b"%pdf"):
        return "內容是 PDF，不是試算表"
    if content.startswith(ZIP) and b"word/document.xml" in content:
        return "內容是 Word 文件，不是試算表"
    return "檔案損壞或不完整" if content.startswith((ZIP, OLE)) else "不是試算表格式"


def _read(content: bytes, name: str, forms: Mapping[str, Form], plan: Plan) -> Reading | Finding:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    stamp = _stamp(book)
    if stamp is None or stamp.form not in forms:
        return _unstamped(book, name, forms, plan) or Finding(catalogue.I2_UNKNOWN_FORM, At(name))
    form = forms[stamp.form]
    if fault := _outdated(stamp, form, name, plan):
        return fault
    records, findings = _sheets(book, form, name)
    return Reading(name, form, stamp, records, _concerning(findings, form, records, stamp, plan))


def _unstamped(book: CalamineWorkbook, name: str, forms: Mapping[str, Form], plan: Plan) -> Reading | None:
    """The register that a workbook without a stamp is: one of the ministry's own lists, on its first sheet."""
    first = book.sheet_names[0]
    return read_list(_grid(book, first), name, first, forms, plan)


def _stamp(book: CalamineWorkbook) -> Stamp | None:
    if STAMP_SHEET not in book.sheet_names:
        return None
    rows = book.get_sheet_by_name(STAMP_SHEET).to_python(skip_empty_area=False)
    said = {cells.text(row[0]): row[1] for row in rows if len(row) > 1}
    (year, _), (version, _) = cells.whole(said.get("year")), cells.whole(said.get("version"))
    if year is None or version is None:
        return None
    return Stamp(cells.text(said.get("form")), year, version, cells.text(said.get("recipient")))


def _outdated(stamp: Stamp, form: Form, name: str, plan: Plan) -> Finding | None:
    if stamp.year != plan.year:
        facts = {"read": stamp.year, "form": form.title, "year": plan.year}
        return Finding(catalogue.I3_OTHER_YEAR, At(name), facts)
    if stamp.version < form.version:
        facts = {"read": stamp.version, "form": form.title, "version": form.version}
        return Finding(catalogue.I4_OLD_VERSION, At(name), facts)
    return None


def _sheets(book: CalamineWorkbook, form: Form, file: str) -> tuple[Records, list[Finding]]:
    layouts = [lay_out(sheet) for sheet in form.sheets]
    names = _names(book, layouts)
    free = [name for name in book.sheet_names if name not in {*names, STAMP_SHEET}]
    records: Records = {}
    findings: list[Finding] = []
    for layout, name in zip(layouts, names, strict=True):
        came = read_grid(layout, _grid(book, name), file, name) if name else missing_sheet(layout, file, free)
        records |= came[0]
        findings += came[1]
    return records, findings


def _names(book: CalamineWorkbook, layouts: Sequence[Layout]) -> list[str]:
    """The sheet of each layout: by its title, else the free one most like it, else none."""
    by_key = {cells.key(name): name for name in reversed(book.sheet_names)}
    names = [by_key.get(cells.key(layout.sheet.title), "") for layout in layouts]
    if all(names):
        return names
    alike: dict[int, tuple[float, str]] = {}
    for name in (name for name in book.sheet_names if name not in {*names, STAMP_SHEET}):
        likeness, index = _like_one(layouts, _grid(book, name))
        if likeness > alike.get(index, (0.0, ""))[0]:
            alike[index] = likeness, name
    return [name or alike.get(index, (0.0, ""))[1] for index, name in enumerate(names)]


def _like_one(layouts: Sequence[Layout], grid: Grid) -> tuple[float, int]:
    """How much `grid` is like the one layout that it is like, and which; 0 if like none or several.

    A help sheet, which lists the labels of all sheets, is like several.
    """
    likeness = [(layout.likeness(grid), index) for index, layout in enumerate(layouts)]
    alike = [one for one in likeness if one[0] >= ALIKE]
    return alike[0] if len(alike) == 1 else (0.0, -1)


def _grid(book: CalamineWorkbook, name: str) -> Grid:
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _concerning(
    findings: Sequence[Finding], form: Form, records: Records, stamp: Stamp, plan: Plan
) -> tuple[Finding, ...]:
    """The findings, with the county and the school that the form's head, or the stamp, gives."""
    head = next((records[sheet.head_table][0] for sheet in form.sheets if sheet.head), {})
    county = head.get("county") or (stamp.recipient if stamp.recipient in plan.counties else "")
    school = head.get("code", ""), head.get("level", "")
    return tuple(replace(one, county=county, school=school if all(school) else ("", "")) for one in findings)
