"""The straightforward way to do the same month: the peer that mlbatch is measured against.

pandas.read_excel with openpyxl for every file, pandas.to_excel for every workbook, docxtpl for
every letter. The rules in between are mlbatch's own, so that only reading and writing differ; the
workbooks of this way have no formulas, no styling and no print set-up.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pandas as pd
from docxtpl import DocxTemplate

from mlbatch.batch import Month
from mlbatch.letters import award_letters
from mlbatch.output import Paper


def read_all(folder: Path) -> int:
    """Read every sheet of every workbook into a frame; returns the number of cells."""
    cells = 0
    for path in sorted(folder.rglob("*.xlsx")):
        sheets = pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
        cells += sum(frame.size for frame in sheets.values())
    return cells


def write_all(month: Month, out: Path) -> int:
    """Write one frame for each workbook that mlbatch wrote, at the same path; returns how many."""
    schools = month.tables["schools"].astype(str)
    books = [paper for paper in month.papers if paper.path.endswith(".xlsx")]
    for paper in books:
        path = out / paper.path
        path.parent.mkdir(parents=True, exist_ok=True)
        own = schools[schools["county"] == paper.recipient.partition("_")[2]] if paper.recipient else schools
        own.to_excel(path, index=False)
    return len(books)


def letters_all(month: Month, template: Path, out: Path) -> int:
    """Open the template, render and save it for each letter that mlbatch wrote; returns how many."""
    letters = [paper for paper in month.papers if paper.path.endswith(".docx")]
    for paper in letters:
        _letter(paper, template, out)
    return len(letters)


def _letter(paper: Paper, template: Path, out: Path) -> None:
    document = DocxTemplate(template)
    document.render({}, autoescape=True)
    buffer = BytesIO()
    document.save(buffer)
    (out / paper.path).parent.mkdir(parents=True, exist_ok=True)
    (out / paper.path).write_bytes(buffer.getvalue())


__all__ = ["award_letters", "letters_all", "read_all", "write_all"]
