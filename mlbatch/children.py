"""Other processes of a run (子程序): how they begin, and what is ready when they do.

Children are never forked from the parent, which may have threads, but from a clean server where there is one; else they
begin anew. The server imports what its children need once, while the parent imports the same.
"""

from __future__ import annotations

import os
import threading
from multiprocessing import get_all_start_methods, get_context, parent_process
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

FORKED = "forkserver"
READY = ("mlbatch.batch", "mlbatch.forms.workers")
# A library that starts threads when it is imported would have them in the server.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def cores() -> int:
    """How many processes can work at a time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def context() -> BaseContext:
    """How children begin here."""
    return get_context(FORKED if FORKED in get_all_start_methods() else "spawn")


def end_with_parent() -> None:
    """Let this child end when its parent does, though it be killed: nobody else would tell it, and it would wait for ever."""
    if parent := parent_process():
        threading.Thread(target=_end_after, args=[parent], daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def ahead() -> None:
    """Let the server begin now, before the parent has imported what it needs itself; on one core that would only take its time."""
    if FORKED not in get_all_start_methods() or cores() < 2:
        return
    from multiprocessing import forkserver

    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    forkserver.set_forkserver_preload(list(READY))
    forkserver.ensure_running()
