"""Single files before they are sent: the same findings as in frames, at once and without what it needs not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlbatch import batch, checking
from mlbatch.forms import few, one_file, workers
from mlbatch.plan import load_plan
from mlbatch.rules import SINGLE
from mlbatch.rules.sent import ALONE, NEED_REGISTERS

SAMPLES = Path(__file__).parent.parent / "input_samples"
PLAN = load_plan()
HEAVY = {
    "pandas",
    "numpy",
    "openpyxl",
    "docxtpl",
    "docx",
    "lxml",
    "jinja2",
    "sqlite3",
    "multiprocessing",
    "pebble",
}
FORMS = sorted(
    path
    for month in ("2018-01", "2018-06")
    for path in (SAMPLES / month).rglob("*.xlsx")
    if "清冊" not in path.as_posix()
)
FAULTY = sorted(path for path in (SAMPLES / "faulty").rglob("*.xlsx") if "清冊" not in path.as_posix())


def loaded(*arguments, **environment):
    """The modules that a command has imported when it ends."""
    code = (
        "import sys, atexit, json\n"
        "atexit.register(lambda: print('\\n' + json.dumps(sorted(sys.modules))))\n"
        "from mlbatch.cli import main\n"
        f"sys.argv = {['mlbatch', *map(str, arguments)]!r}\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, **environment}, check=False,
    )  # fmt: skip
    return set(json.loads(done.stdout.splitlines()[-1])), done


def test_the_rules_left_out_are_those_that_need_a_register():
    assert [rule.title for rule in SINGLE if rule.needs] == list(NEED_REGISTERS)
    assert [rule for rule in SINGLE if not rule.needs] == list(ALONE)


@pytest.mark.parametrize(
    "paths", [FORMS[:40:3], FORMS[41::9], FAULTY[::11]], ids=["January", "June", "faulty"]
)
def test_plain_rows_and_frames_give_the_same_findings(paths):
    checked = checking.check(paths, PLAN)
    tables = batch.check(paths, PLAN)
    assert len(paths) > 8
    assert sorted(checked.findings, key=lambda one: one.order) == sorted(
        tables.findings, key=lambda one: one.order
    )
    assert list(checked.left_out) == batch.left_out(tables)


def test_a_faulty_file_has_findings_of_reading_and_of_the_rules():
    found = {one.kind.rule for one in checking.check(FAULTY, PLAN).findings}
    assert {"E1", "E3", "E4", "S6", "G1"} <= found


def test_with_a_register_the_rules_that_need_it_run():
    directory = next((SAMPLES / "2018-01").rglob("學校名錄.xlsx"))
    assert "學制" not in checking.check([FORMS[0], directory], PLAN).left_out


def test_help_version_and_completion_import_neither_the_batch_nor_pandas():
    for arguments, environment in (
        (["--help"], {}),
        (["--version"], {}),
        (["run", "--help"], {}),
        ([], {"_MLBATCH_COMPLETE": "bash_complete", "COMP_WORDS": "mlbatch ve", "COMP_CWORD": "1"}),
    ):
        modules, done = loaded(*arguments, **environment)
        assert done.stdout.strip()
        assert not modules & (HEAVY | {"pathlib", "mlbatch.batch", "mlbatch.plan", "mlbatch.forms"})


def test_checking_one_form_imports_no_pandas_and_starts_no_child():
    form = next(path for path in FORMS if "計畫書" in path.name)
    modules, done = loaded("check", form)
    assert "檢核 1 份檔案" in done.stdout
    assert not modules & (HEAVY | {"mlbatch.batch", "xlsxwriter"})


def test_a_file_that_is_not_plain_is_read_in_a_child(tmp_path, monkeypatch):
    there = []
    monkeypatch.setattr(workers, "read_files", lambda files, *_: there.extend(files) or iter(()))
    odd = tmp_path / "a.xlsx"
    whole = FORMS[0].read_bytes()
    spoilt = whole[:200] + b"\xff" * 60 + whole[260:]  # what is packed there cannot be unpacked
    for content in (
        b"",
        b"PK\x03\x04" + b"\0" * 90,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"code,name",
        spoilt,
    ):
        odd.write_bytes(content)
        assert list(few.read_few([(odd, odd.name)], {}, PLAN)) == []
    assert len(there) == 5


def test_a_plain_file_is_read_here_as_a_child_reads_it():
    from mlbatch.forms import all_forms

    forms = all_forms(PLAN)
    (read,) = few.read_few([(FORMS[0], "a.xlsx")], forms, PLAN)
    assert read == one_file.read_file(FORMS[0], "a.xlsx", forms, PLAN)
    assert read.outcome.records
