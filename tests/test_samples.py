"""The sample year: made from its tables, laid out as told, and each fault raising its finding."""

import csv
import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mlbatch import batch, catalogue
from mlbatch.forms import all_forms, one_file, workers
from mlbatch.plan import load_plan

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "input_samples"
MONTHS = ("2017-09", "2017-11", "2017-12", "2018-01", "2018-02", "2018-06", "2019-03")
MADE = (*MONTHS, "year", "faulty")
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
    assert sum(len(content) for name in MADE for content in files(SAMPLES / name).values()) < 28_000_000


def test_every_kind_of_finding_has_a_case_and_every_case_its_folder():
    folders = [path.name for path in (SAMPLES / "faulty").iterdir() if path.is_dir()]
    assert sorted(CASES) == sorted(catalogue.BY_ID) == sorted(folders)


def test_every_case_names_its_own_finding_first():
    assert [case for case, rows in CASES.items() if rows[0]["發現"] != case] == []


@pytest.mark.parametrize("case", CASES)
def test_a_faulty_case_raises_its_findings_and_no_other(case, tmp_path):
    rows = CASES[case]
    base, without, as_of, job = (rows[0][name] for name in ("底稿", "略去", "基準日", "工作"))
    came = {**month(base, without), **files(SAMPLES / "faulty" / case)}
    added = found(came, tmp_path, as_of, job) - found_in_base(base, without, as_of, job)
    assert sorted(added.elements()) == sorted(
        (row["發現"], row["檔案"], row["工作表"], row["儲存格"]) for row in rows
    )


@pytest.fixture(autouse=True)
def _read_once(monkeypatch):
    """A file that stands in many cases is read once: reading depends on its bytes and name alone."""
    monkeypatch.setattr(
        workers,
        "read_files",
        lambda sent, forms, plan: (_read(path.read_bytes(), name) for path, name in sent),
    )


@cache
def _read(content, name):
    return one_file.Read(
        one_file.read_content(content, name, FORMS, PLAN), hashlib.sha256(content).hexdigest()
    )


PLAN = load_plan()
FORMS = all_forms(PLAN)


@cache
def month(base, without):
    """The files of a month, less those whose path begins with `without`."""
    return {
        name: content
        for name, content in files(SAMPLES / base).items()
        if not (without and name.startswith(without))
    }


@cache
def found_in_base(base, without, as_of, job):
    """The findings of a month as it is."""
    with TemporaryDirectory() as folder:
        return found(month(base, without), Path(folder), as_of, job)


def found(came, folder, as_of, job):
    """How often each finding stands at each (file, sheet, cell) when these files came in."""
    for name, content in came.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (UPLOADED, UPLOADED))
    read = batch.read(folder, PLAN, date.fromisoformat(as_of))
    findings = batch.decide(read, until=job).tables.findings
    return Counter((f.kind.id, f.at.file, f.at.sheet, f.at.cell) for f in findings)
