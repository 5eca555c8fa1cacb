"""Other processes begin from a clean server, which has imported what they need before they are asked for."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing import get_all_start_methods
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    "forkserver" not in get_all_start_methods(), reason="no server on this system"
)

PROBE = """
import sys
from mlbatch import children

def known():
    return [name for name in ("mlbatch.batch", "pandas", "mlbatch.press") if name in sys.modules], threads()

def threads():
    from pathlib import Path
    here = Path("/proc/self/task")
    return len(list(here.iterdir())) if here.is_dir() else 1

if __name__ == "__main__":
    children.cores = lambda: int(sys.argv[1])
    children.ahead()
    from multiprocessing import forkserver
    begun = forkserver._forkserver._forkserver_pid is not None
    from concurrent.futures import ProcessPoolExecutor
    with ProcessPoolExecutor(1, children.context()) as pool:
        print(begun, *pool.submit(known).result())
"""


def probed(tmp_path, cores):
    path = tmp_path / "probe.py"
    path.write_text(PROBE)
    return subprocess.run(
        [sys.executable, path, str(cores)], capture_output=True, text=True, check=True
    ).stdout


def test_children_find_all_that_they_need_imported_and_no_thread_but_their_own(tmp_path):
    begun, *rest = probed(tmp_path, 2).split(maxsplit=1)
    assert begun == "True"
    assert rest == ["['mlbatch.batch', 'pandas', 'mlbatch.press'] 1\n"]


def test_on_one_core_nothing_begins_ahead(tmp_path):
    assert probed(tmp_path, 1).startswith("False []")


KILLED = """
import os, signal
from mlbatch import children

if __name__ == "__main__":
    from concurrent.futures import ProcessPoolExecutor
    pool = ProcessPoolExecutor(1, children.context(), children.end_with_parent)
    print(pool.submit(os.getpid).result(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_child_ends_though_its_parent_was_killed_and_could_not_tell_it(tmp_path):
    path = tmp_path / "killed.py"
    path.write_text(KILLED)
    said = tmp_path / "said.txt"  # no pipe: a child that went on would hold it
    with said.open("w") as out:
        run = subprocess.run([sys.executable, path], stdout=out, stderr=subprocess.DEVNULL, timeout=60)
    assert run.returncode == -signal.SIGKILL
    child = int(said.read_text())
    for _ in range(200):
        if not alive(child):
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    pytest.fail(f"process {child} went on")


def alive(pid):
    """Whether a process goes on; one that nobody has asked about after its end does not."""
    try:
        os.kill(pid, 0)
        said = Path(f"/proc/{pid}/stat")
        return not said.exists() or said.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
