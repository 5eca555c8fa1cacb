"""One workbook, read (讀檔): recognised by its stamp, sheet by sheet, never judged.

Whatever is wrong with a file is a finding: with the whole file, so that it is set aside (I1–I4),
or with a place in it. Files are lenient in where things stand: sheets may be renamed, columns
moved, rows left blank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.forms import cells
from mlbatch.forms.archive import for_reader
from mlbatch.forms.foreign import Foreign
from mlbatch.forms.form import STAMP_SHEET, Form
from mlbatch.forms.grid import Records, missing_sheet, read_grid
from mlbatch.forms.guard import OLE, ZIP, Look, look
from mlbatch.forms.layout import Grid, Layout, lay_out
from mlbatch.forms.marks import NONE, Marks
from mlbatch.forms.ministry_lists import read_list
from mlbatch.forms.reading import Reading, Stamp
from mlbatch.plan import Plan

ADDRESS = re.compile(r"([A-Z]{0,3})(\d{0,7})")
ALIKE = 0.5  # a renamed sheet still shows half of its labels


def read_workbook(content: bytes, name: str, forms: Mapping[str, Form], plan: Plan) -> Reading | Finding:
    """Read the workbook `content` that came under `name`; a Finding if it must be set aside.

    `forms` are all forms of the plan year by identifier. Never raises for what a file holds.
    """
    try:
        seen = look(content)
        if seen.unreadable:
            return Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": seen.unreadable})
        if seen.refused:
            return Finding(catalogue.I5_REFUSED, At(name), {"what": seen.refused})
        return _read(content, name, forms, plan, seen)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as problem:  # the reader's panics are no Exception
        return Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": why(content, problem)})


def why(content: bytes, problem: BaseException | None = None) -> str:
    """Why bytes cannot be read as a spreadsheet, in few words, by their beginning."""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content:
        return "檔案是空的"
    if isinstance(problem, MemoryError):
        return "讀取所需之記憶體過大"
    if _locked(content, problem):
        return "檔案有密碼保護"
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta")):
        return "內容是網頁，不是試算表"
    if start.startswith(b"%pdf"):
        return "內容是 PDF，不是試算表"
    if content.startswith(ZIP) and b"word/document.xml" in content:
        return "內容是 Word 文件，不是試算表"
    return "檔案損壞或不完整" if content.startswith((ZIP, OLE)) else "不是試算表格式"


def _locked(content: bytes, problem: BaseException | None) -> bool:
    """Whether a workbook, or a part of the archive that it is, is encrypted."""
    if content.startswith(OLE) and b"E\0n\0c\0r\0y\0p\0t" in content:
        return True
    return isinstance(problem, PasswordError) or (
        isinstance(problem, RuntimeError) and "encrypted" in str(problem)
    )


def _read(content: bytes, name: str, forms: Mapping[str, Form], plan: Plan, seen: Look) -> Reading | Finding:
    book = CalamineWorkbook.from_filelike(BytesIO(for_reader(seen.parts) if seen.parts else content))
    if not book.sheet_names:
        return Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": "沒有任何工作表"})
    stamp = stamp_of(book)
    if stamp is None or stamp.form not in forms:
        return _unstamped(book, name, forms, plan) or Finding(catalogue.I2_UNKNOWN_FORM, At(name))
    form = forms[stamp.form]
    if fault := _outdated(stamp, form, name, plan):
        return fault
    records, findings = _sheets(book, form, name, seen)
    findings += [_foreign(one, name) for one in seen.foreign]
    return Reading(name, form, stamp, records, _concerning(findings, form, records, stamp, plan))


def _unstamped(book: CalamineWorkbook, name: str, forms: Mapping[str, Form], plan: Plan) -> Reading | None:
    """The register that a workbook without a stamp is: one of the ministry's own lists, on its first sheet."""
    first = book.sheet_names[0]
    return read_list(grid_of(book, first), name, first, forms, plan)


def stamp_of(book: CalamineWorkbook) -> Stamp | None:
    """The stamp of a workbook; None if it bears none."""
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


def _foreign(one: Foreign, file: str) -> Finding:
    """What the workbook holds besides cells, at the first cell where it stands."""
    column, row = ADDRESS.match(one.cells[0] if one.cells else "").groups()
    at = At(file, one.sheet, column, int(row or 0))
    cells = f"（{one.sheet} {'、'.join(one.cells)}）" if one.cells else ""
    return Finding(catalogue.I6_FOREIGN, at, {"what": one.what, "cells": cells})


def _sheets(book: CalamineWorkbook, form: Form, file: str, seen: Look) -> tuple[Records, list[Finding]]:
    layouts = [lay_out(sheet) for sheet in form.sheets]
    names = sheet_names(book, layouts)
    hidden = frozenset(one.name for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible)
    free = [name for name in book.sheet_names if name not in {*names, STAMP_SHEET}]
    records: Records = {}
    findings: list[Finding] = []
    for layout, name in zip(layouts, names, strict=True):
        came = (
            _sheet(book, layout, name, file, seen, name in hidden)
            if name
            else missing_sheet(layout, file, free)
        )
        records |= came[0]
        findings += came[1]
    return records, findings


def _sheet(book: CalamineWorkbook, layout: Layout, name: str, file: str, seen: Look, hidden: bool):
    sheet = book.get_sheet_by_name(name)
    grid = sheet.to_python(skip_empty_area=False)
    marks = _marks(sheet, seen.marks.get(name, NONE), hidden)
    if seen.since_1904:
        marks = replace(marks, since_1904=True)
    return read_grid(layout, grid, file, name, marks)


def _marks(sheet: CalamineSheet, marks: Marks, hidden: bool) -> Marks:
    """The marks of a sheet, with those that the reader itself knows: merged cells, whether the sheet is hidden."""
    merged = tuple(
        (top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return replace(marks, merged=merged, hidden=hidden) if merged or hidden else marks


def sheet_names(book: CalamineWorkbook, layouts: Sequence[Layout]) -> list[str]:
    """The sheet of each layout: by its title, else the free one most like it, else none."""
    by_key = {cells.key(name): name for name in reversed(book.sheet_names)}
    names = [by_key.get(cells.key(layout.sheet.title), "") for layout in layouts]
    if all(names):
        return names
    alike: dict[int, tuple[float, str]] = {}
    for name in (name for name in book.sheet_names if name not in {*names, STAMP_SHEET}):
        likeness, index = _like_one(layouts, grid_of(book, name))
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


def grid_of(book: CalamineWorkbook, name: str) -> Grid:
    """The cells of a sheet from A1 on."""
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _concerning(
    findings: Sequence[Finding], form: Form, records: Records, stamp: Stamp, plan: Plan
) -> tuple[Finding, ...]:
    """The findings, with the county and the school that the form's head, or the stamp, gives."""
    head = next((records[sheet.head_table][0] for sheet in form.sheets if sheet.head), {})
    county = head.get("county") or (stamp.recipient if stamp.recipient in plan.counties else "")
    school = head.get("code", ""), head.get("level", "")
    return tuple(replace(one, county=county, school=school if all(school) else ("", "")) for one in findings)
