"""The sample year: made from its tables, laid out as told, and each fault raising its finding."""

import csv
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from mlbatch import batch, catalogue
from mlbatch.plan import load_plan

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "input_samples"
MONTHS = ("2017-09", "2017-12", "2018-01")
MADE = (*MONTHS, "faulty")
UPLOADED = datetime(2017, 9, 28, 9).timestamp()  # the modification time of files that no register names


def files(folder):
    """Relative path → bytes of every file."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def expected():
    """The rows of expected.csv, by case."""
    cases = {}
    for row in csv.DictReader((SAMPLES / "faulty" / "expected.csv").read_text("utf-8").splitlines()):
        cases.setdefault(row["個案"], []).append(row)
    return cases


CASES = expected()


def test_the_samples_are_what_the_tables_make(tmp_path):
    command = [sys.executable, SAMPLES / "make.py", "--out", tmp_path]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "107"}
    subprocess.run(command, env=environment, check=True, cwd=tmp_path)
    for name in MADE:
        made, committed = files(tmp_path / name), files(SAMPLES / name)
        assert sorted(made) == sorted(committed)
        differ = [f"{name}/{path}" for path in made if made[path] != committed[path]]
        assert differ[:1] == [], "run input_samples/make.py"


def test_the_samples_are_small():
    assert sum(len(content) for name in MADE for content in files(SAMPLES / name).values()) < 5_000_000


def test_every_kind_of_finding_has_a_case_and_every_case_its_folder():
    assert sorted(CASES) == sorted(catalogue.BY_ID)
    folders = [path.name for path in (SAMPLES / "faulty").iterdir() if path.is_dir()]
    assert sorted(folders) == sorted(case for case in CASES if case not in BY_WHAT_IS_LEFT_OUT)


# Cases in which nothing is added: the fault is what the month lacks.
BY_WHAT_IS_LEFT_OUT = ()


def test_every_case_names_its_own_finding_first():
    assert [case for case, rows in CASES.items() if rows[0]["發現"] != case] == []


@pytest.mark.parametrize("case", CASES)
def test_a_faulty_case_raises_its_findings_and_no_other(case, tmp_path):
    rows = CASES[case]
    how = rows[0]["底稿"], rows[0]["略去"], rows[0]["基準日"], rows[0]["工作"]
    before = found_in_base(*how)
    inbox = lay_out(tmp_path, *how[:2])
    shutil.copytree(SAMPLES / "faulty" / case, inbox, dirs_exist_ok=True)
    added = found(inbox, *how[2:]) - before
    assert sorted(added.elements()) == sorted(
        (row["發現"], row["檔案"], row["工作表"], row["儲存格"]) for row in rows
    )


@cache
def found_in_base(base, without, as_of, job):
    """The findings of a month as it is, less the files that a case leaves out."""
    folder = SAMPLES / base
    if not without:
        return found(folder, as_of, job)
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        return found(lay_out(Path(name), base, without), as_of, job)


def lay_out(folder, base, without):
    """A copy of a month's inbox, less the files whose path begins with `without`."""
    inbox = folder / base
    for name, content in files(SAMPLES / base).items():
        if not (without and name.startswith(without)):
            (inbox / name).parent.mkdir(parents=True, exist_ok=True)
            (inbox / name).write_bytes(content)
    return inbox


def found(inbox, as_of, job):
    """How often each finding stands at each (file, sheet, cell)."""
    month = batch.read(inbox, load_plan(), date.fromisoformat(as_of))
    month = batch.decide(month, until=job)
    return Counter((f.kind.id, f.at.file, f.at.sheet, f.at.cell) for f in month.tables.findings)
