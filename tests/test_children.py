"""Other processes begin from a clean server, which has imported what they need before they are asked for."""

import subprocess
import sys
from multiprocessing import get_all_start_methods

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
