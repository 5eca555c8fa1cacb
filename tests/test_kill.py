"""A small run of the kill study: the output is the old one or the new one, whole."""

import os
import sys
from datetime import date
from pathlib import Path

import pytest

from mlbatch import batch
from studies.faults import DONE, Fault, child
from studies.kill import Bench, every_call, hashes, kills, run_jobs
from tests.test_output import NEWER, PAPERS, put

SEPTEMBER = Path(__file__).parent.parent / "input_samples" / "2017-09"


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


def test_five_kills_of_a_real_run(tmp_path):
    bench = Bench(tmp_path, run_jobs(SEPTEMBER))
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


def test_a_run_writes_nowhere_but_beside_its_output_and_leaves_the_inbox(tmp_path):
    """Every file that a run opens for writing, told by the interpreter itself."""
    log = tmp_path / "log"
    home = tmp_path / "home"
    descriptor = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def hook(event, arguments):
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
            os.write(descriptor, f"{arguments[0]}\n".encode())

    def job():
        sys.addaudithook(hook)
        sys.dont_write_bytecode = True
        batch.run(SEPTEMBER, home / "out", date(2017, 9, 20))

    before = hashes(SEPTEMBER)
    assert child(job, Fault())[0] == DONE
    written = log.read_text("utf-8").splitlines()
    assert len(written) > 10
    assert [path for path in written if not path.startswith(str(home / ".out.mlbatch-"))] == []
    assert hashes(SEPTEMBER) == before
