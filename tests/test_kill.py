"""A small run of the kill study: the output is the old one or the new one, whole."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mlbatch import batch
from mlbatch.output import publish
from mlbatch.release import Choice, release
from studies.faults import Fault, child
from studies.kill import DATES, Bench, every_call, hashes, kills
from tests.test_outbox import PATH, edit, settle
from tests.test_output import NEWER, PAPERS, put

ROOT = Path(__file__).parent.parent
SEPTEMBER = ROOT / "input_samples" / "2017-09"


@pytest.fixture
def bench(tmp_path):
    """Two small outputs that replace each other."""
    return Bench(tmp_path, [lambda out: put(PAPERS, out), lambda out: put(NEWER, out)])


@pytest.mark.parametrize("kill", [False, True], ids=["fails", "kills"])
@pytest.mark.parametrize("one_step", [True, False], ids=["one step", "two renames"])
def test_at_every_call_of_publishing_the_output_stays_whole(bench, kill, one_step):
    calls = every_call(bench, kill=kill, one_step=one_step)
    assert bench.faults == []
    assert min(calls.values()) >= 1
    assert calls["rename"] == (1 if one_step else 2)
    assert bench.results["old"] > 10
    assert bench.results["new"] > 0
    without = bench.results["none; the next run puts the old one back"]
    assert without == (1 if kill and not one_step else 0)


def edited_letter(folder):
    """An output with a letter that a hand edited, carried over once."""
    out = folder / "home" / "out"
    settle(out, one=100)
    content = edit(out / PATH)
    settle(out, one=100)
    return content


@pytest.mark.parametrize("kill", [False, True], ids=["fails", "kills"])
@pytest.mark.parametrize("one_step", [True, False], ids=["one step", "two renames"])
def test_at_every_call_of_a_run_an_edited_letter_stays(tmp_path, kill, one_step):
    """The old or the new output is whole, and each of them holds the edited letter byte for byte."""
    content = edited_letter(tmp_path)
    bench = Bench(tmp_path, [lambda out, a=a: settle(out, one=a) for a in (100, 200)])
    digest = hashlib.sha256(content).hexdigest()
    assert [version[PATH] for version in bench.versions] == [digest, digest]
    calls = every_call(bench, kill=kill, one_step=one_step, sorts=["write", "rename"])
    assert bench.faults == []
    assert min(calls.values()) >= 1
    assert bench.results["old"]
    assert bench.results["new"]


def test_kills_of_a_release_leave_the_output_and_copies_that_are_whole(tmp_path):
    """A copy is there whole or not at all; the register is last; the next release ends the same."""
    out, to = tmp_path / "out", tmp_path / "sent"
    batch.run(SEPTEMBER, out, DATES[0])
    before = hashes(out)

    def job(folder):
        release(out, folder, Choice(everything=True), batch.load_plan(), number="1070001234", day=DATES[0])

    assert child(lambda: job(to), Fault())[0] == 0
    whole = hashes(to)
    for number in (1, 3, len(whole)):
        copy = tmp_path / f"sent{number}"
        code, _ = child(lambda copy=copy: job(copy), Fault("rename", number, kill=True))
        there = {name: digest for name, digest in hashes(copy).items() if not name.endswith(".mlbatch-part")}
        assert (code, len(there)) == (-9, number - 1)
        assert there.items() <= whole.items()
        assert child(lambda copy=copy: job(copy), Fault())[0] == 0
        assert hashes(copy) == whole
    assert hashes(out) == before


def test_five_kills_of_a_real_month(tmp_path):
    plan = batch.load_plan()
    months = [batch.derive(batch.read(SEPTEMBER, plan, day)) for day in DATES]
    bench = Bench(tmp_path, [lambda out, m=m: publish(m[0].papers, m[1], out) for m in months])
    kills(bench, 5)
    assert bench.faults == []
    assert bench.results["old"] + bench.results["new"] == 5


def test_the_study_sees_an_output_that_is_not_whole(bench, monkeypatch):
    """The judge itself: publishing straight into the folder is found out."""
    from mlbatch.output import Place

    def straight(place, papers, manifest):
        for paper in papers:
            (place.out / paper.path).parent.mkdir(parents=True, exist_ok=True)
            (place.out / paper.path).write_bytes(paper.content)
        (place.out / "run.json").write_bytes(manifest)

    monkeypatch.setattr(Place, "publish", straight)
    every_call(bench, kill=True, one_step=True, sorts=["open"])
    assert any("neither the old nor the new" in fault for fault in bench.faults)


WATCHED = """
import os, sys, tempfile
from datetime import date
from pathlib import Path
from mlbatch import batch

def hook(event, arguments):
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        print(arguments[0])

if __name__ == "__main__":
    tempfile.gettempdir()  # tries, with a file of its own, whether it can write there
    sys.addaudithook(hook)
    batch.run(Path(sys.argv[1]), Path(sys.argv[2]), date(2017, 9, 20))
"""


@pytest.fixture
def short_temp():
    """A temporary folder of its own with a short path: a socket's address in it holds some 100 characters."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


def test_a_run_writes_nowhere_but_beside_its_output_and_leaves_the_inbox(tmp_path, short_temp):
    """Every file that a run opens for writing, told by the interpreter itself."""
    (tmp_path / "watched.py").write_text(WATCHED)
    home = tmp_path / "home"
    before = hashes(SEPTEMBER)
    done = subprocess.run(
        [sys.executable, "-B", tmp_path / "watched.py", SEPTEMBER, home / "out"],
        env={**os.environ, "TMPDIR": str(short_temp), "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    opened = [path for path in done.stdout.splitlines() if path != os.devnull and not path.isdigit()]
    assert len(opened) > 10
    assert [path for path in opened if not path.startswith(str(home / ".out.mlbatch-"))] == []
    assert list(short_temp.iterdir()) == []
    assert hashes(SEPTEMBER) == before
