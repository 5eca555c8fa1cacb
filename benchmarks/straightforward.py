"""The straightforward way to do the same month: the peer that mlbatch is measured against.

pandas.read_excel with openpyxl for every file, pandas.to_excel for every workbook, docxtpl for every
letter. What the rules decided is given to it and not measured; its workbooks have no formulas, no
styling and no print set-up, its letters no figures. So the ratio is on the low side.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import pandas as pd
from docx import Document
from docxtpl import DocxTemplate

from benchmarks.corpus import MONTHS
from benchmarks.stages import watched
from mlbatch import batch
from mlbatch.output import Paper
from mlbatch.plan import load_plan


def decided(inbox: Path) -> tuple[pd.DataFrame, list[Paper]]:
    """The schools as mlbatch judged them, and the papers it wrote: given, and not measured."""
    month = batch.decide(batch.read(inbox, load_plan(), MONTHS["december"]))
    papers = [paper for job in month.done for paper in job.write(month)]
    return month.tables["schools"].astype(str), papers


def run(inbox: Path, out: Path, schools: pd.DataFrame, papers: list[Paper]) -> None:
    """Read every file and write every paper the straightforward way; the rules in between are free."""
    for path in sorted(inbox.rglob("*.xlsx")):
        with contextlib.suppress(BadZipFile):  # a file that ends in the middle
            pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    template = _template(out)
    for paper in papers:
        (out / paper.path).parent.mkdir(parents=True, exist_ok=True)
        if paper.path.endswith(".xlsx"):
            _workbook(paper, schools, out)
        elif paper.path.endswith(".docx"):
            _letter(paper, template, out)


def _workbook(paper: Paper, schools: pd.DataFrame, out: Path) -> None:
    county = paper.recipient.partition("_")[2]
    own = schools[schools["county"] == county] if paper.recipient else schools
    own.to_excel(out / paper.path, index=False)


def _template(out: Path) -> Path:
    """A letter of one line: less than what mlbatch writes."""
    out.mkdir(parents=True, exist_ok=True)
    document = Document()
    document.add_paragraph("受文者：{{ recipient }}")
    document.save(out / "template.docx")
    return out / "template.docx"


def _letter(paper: Paper, template: Path, out: Path) -> None:
    document = DocxTemplate(template)
    document.render({"recipient": paper.recipient}, autoescape=True)
    buffer = BytesIO()
    document.save(buffer)
    (out / paper.path).write_bytes(buffer.getvalue())


def main() -> None:
    """Do it, and print seconds and memory as JSON."""
    inbox, out = map(Path, sys.argv[1:])
    schools, papers = decided(inbox)
    began = time.perf_counter()
    with watched() as peak:
        run(inbox, out, schools, papers)
    print(json.dumps({"seconds": time.perf_counter() - began, **peak}))


if __name__ == "__main__":
    main()
