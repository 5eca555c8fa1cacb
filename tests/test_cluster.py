"""Reading elsewhere: on a cluster of four worker processes, killed in the middle or not, the bytes are the same."""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from mlbatch import batch, children, cluster
from mlbatch.forms import all_forms, elsewhere, workers
from mlbatch.forms.packing import unpacked
from mlbatch.plan import load_plan
from mlbatch.stop import CannotRun

SAMPLES = Path(__file__).parent.parent / "input_samples"
INBOX, AS_OF = SAMPLES / "2017-09", date(2017, 9, 20)
PLAN = load_plan()
FORMS = all_forms(PLAN)
FILES = [
    (path, path.relative_to(INBOX).as_posix())
    for path in sorted(INBOX.rglob("*"))
    if path.is_file() and path.suffix == ".xlsx"
]


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def here():
    """What is read here, packed."""
    return list(workers.read_packed(FILES, PLAN))


@pytest.fixture
def there(monkeypatch):
    """The address of a cluster of four worker processes, which gets small tasks."""
    monkeypatch.setattr(elsewhere, "A_TASK", 4)
    own = LocalCluster(
        n_workers=4, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    )
    try:
        own.wait_for_workers(4, timeout=120)
        yield own.scheduler_address
    finally:
        with contextlib.suppress(TimeoutError):  # one that was killed may be waited for for ever
            own.close(timeout=30)


def test_four_processes_give_the_same_bytes_though_one_is_killed_in_the_middle(there, tmp_path):
    batch.run(INBOX, tmp_path / "here", AS_OF)
    batch.run(INBOX, tmp_path / "cluster", AS_OF, scheduler=there)
    with Client(there, set_as_default=False) as client:
        pids = list(client.run(os.getpid).values())
    killed = []

    def progress(what, done, of):
        if done == 9 and not killed:
            killed.extend(pids[:1])
            os.kill(pids[0], signal.SIGKILL)

    batch.run(INBOX, tmp_path / "killed", AS_OF, scheduler=there, progress=progress, afresh=True)
    assert (len(set(pids)), len(killed)) == (4, 1)
    assert hashes(tmp_path / "here") == hashes(tmp_path / "cluster") == hashes(tmp_path / "killed")


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """A scheduler and four workers that are processes of their own, and the address."""
    monkeypatch.setattr(elsewhere, "A_TASK", 4)
    said = tmp_path / "scheduler.json"
    parts = {
        "scheduler": ["--host", "127.0.0.1", "--port", "0"],
        "worker": ["--nworkers", "4", "--nthreads", "1", "--local-directory", tmp_path],
    }
    with contextlib.ExitStack() as running:
        begun = {}
        for part, more in parts.items():
            command = [sys.executable, "-m", f"distributed.cli.dask_{part}", "--no-dashboard"]
            own = subprocess.Popen(
                [*command, "--scheduler-file", said, *more], stderr=subprocess.DEVNULL, start_new_session=True
            )
            running.callback(ended, own)
            begun[part] = own
        for _ in range(600):
            if said.exists() and said.stat().st_size:
                break
            time.sleep(0.1)
        yield json.loads(said.read_text())["address"], begun


def ended(process):
    """End a process and those that it began."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(60)


A_WHOLE_TASK = 200  # looks, after which a task would be given up


@pytest.mark.parametrize("dies", [["scheduler", "worker"], ["scheduler"]], ids=" and ".join)
def test_a_cluster_that_dies_in_the_middle_loses_no_file_and_is_not_waited_for(
    alone, here, dies, monkeypatch
):
    address, begun = alone
    looks, wait = [], elsewhere.wait
    monkeypatch.setattr(elsewhere, "A_LOOK", 0.05)
    monkeypatch.setattr(elsewhere, "MOST_SECONDS", A_WHOLE_TASK * 0.05)
    monkeypatch.setattr(elsewhere, "wait", lambda *given: looks.append(1) or wait(*given))
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(4, timeout=120)
    with cluster.reader(address) as reader:
        read = reader(FILES, PLAN)
        first = [next(read) for _ in range(3)]
        for part in dies:
            ended(begun[part])
        looks.clear()
        assert first + list(read) == here
    assert len(looks) < A_WHOLE_TASK


class Inline(Executor):
    """An executor of the standard library's shape that does everything at once, but for the tasks it is told to spoil."""

    def __init__(self, spoiled=(), problem=RuntimeError):
        self.number, self.spoiled, self.problem = 0, spoiled, problem

    def submit(self, work, *given):
        future, self.number = Future(), self.number + 1
        if self.number in self.spoiled:
            future.set_exception(self.problem("spoiled"))
        else:
            future.set_result(work(*given))
        return future


@pytest.mark.parametrize(
    "executor",
    [
        Inline,
        lambda: Inline({2, 4}),
        lambda: ThreadPoolExecutor(2),
        lambda: ProcessPoolExecutor(2, get_context("spawn")),
    ],
    ids=["inline", "spoiled", "threads", "processes"],
)
def test_any_executor_reads_what_is_read_here(executor, here):
    with executor() as one:
        assert list(elsewhere.read_packed(FILES, PLAN, one)) == here


def test_a_file_that_cannot_be_opened_is_told_as_here(tmp_path):
    files = [*FILES[:1], (tmp_path / "gone.xlsx", "gone.xlsx"), *FILES[1:2]]
    (tmp_path / "empty.xlsx").touch()
    files.append((tmp_path / "empty.xlsx", "empty.xlsx"))
    read = list(elsewhere.read_packed(files, PLAN, Inline()))
    assert read == list(workers.read_packed(files, PLAN))
    assert unpacked(read[1], FORMS).outcome.facts["why"] == "檔案無法讀取"


def test_another_program_elsewhere_is_refused(monkeypatch):
    with pytest.raises(CannotRun, match="無法執行本程式"):
        list(elsewhere.read_packed(FILES, PLAN, Inline({1}, ModuleNotFoundError)))
    with pytest.raises(CannotRun, match="版本不一"):
        list(elsewhere.read_packed(FILES, PLAN, Inline({3}, elsewhere.OtherProgram)))
    with pytest.raises(elsewhere.OtherProgram):
        elsewhere.work("another", b"", [])
    monkeypatch.setattr(elsewhere, "recipe", iter(["one", "other"]).__next__)
    with pytest.raises(CannotRun, match="版本不同"):
        list(elsewhere.read_packed(FILES, PLAN, Inline()))


def test_serial_is_one_child(monkeypatch):
    asked = []
    monkeypatch.setattr(workers, "_warm", lambda plan, number: asked.append(number) or 1 / 0)
    for scheduler in ("serial", ""):
        with cluster.reader(scheduler) as reader, pytest.raises(ZeroDivisionError):
            list(reader([FILES[0]] * 500, PLAN))
    assert asked == [1, min(children.cores(), 21)]


def test_where_no_scheduler_answers_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "SECONDS", 1)
    for address in ("tcp://127.0.0.1:9", "nowhere://x"):
        with pytest.raises(CannotRun, match="無法連線至排程器"):
            batch.run(INBOX, tmp_path / "out", AS_OF, scheduler=address)
    assert not (tmp_path / "out").exists()


def test_without_dask_it_is_said(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CannotRun, match=r"mlbatch\[cluster\]"), cluster.reader("tcp://127.0.0.1:9"):
        pass
