"""Reading workers (讀檔程序): files are read in child processes, which may die without harm.

A lawful file can end the process that reads it, or keep it for ever. So a child reads, with limits
of memory and time; one that dies or hangs is replaced and its files are tried once more, each alone; then one
is set aside by name, and the others go on. The same files give the same readings, in order.
"""

from __future__ import annotations

import atexit
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import TimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from mlbatch import children, rubbish
from mlbatch.forms import all_forms
from mlbatch.forms.form import Form
from mlbatch.forms.one_file import Read, read_file, set_aside
from mlbatch.forms.packing import packed, unpacked
from mlbatch.plan import Plan
from mlbatch.stop import CannotRun

MOST_SECONDS = 30.0  # of one file; the sample's need 5 ms
MOST_MEMORY = 2_000_000_000  # bytes of one child
MOST_REPLY = 24_000_000  # bytes; the national directory's reading has about 3 million
FILES_A_WORKER = 25  # fewer are not worth another child
A_TASK = 8  # files that a child is given at a time
AHEAD = 16  # tasks that wait, or are read, at a time
STOPPED, TOO_LONG, TOO_MUCH = "讀取時程式中斷", "讀取逾時", "檔案內容過多"

File = tuple[Path, str]  # the path, and the name under which it is shown
Task = tuple[File, ...]
Reader = Callable[[Path, str, Mapping[str, Form], Plan], Read]


@dataclass(frozen=True)
class Limits:
    """What one child may use for one file: seconds on the clock, and bytes of memory."""

    seconds: float = MOST_SECONDS
    memory: int = MOST_MEMORY


def read_files(files: Sequence[File], forms: Mapping[str, Form], plan: Plan) -> Iterator[Read]:
    """Read files in children, in their order. Never raises for what a file holds.

    Raises CannotRun where the system gives no children, and what they say does not arrive.
    """
    return (unpacked(one, forms) for one in read_packed(files, plan))


def read_packed(files: Sequence[File], plan: Plan, most: int = 0) -> Iterator[bytes]:
    """The same, each packed (see packing.py); by `most` children, or by one for each core."""
    if not files:
        return
    workers = min(most or children.cores(), 1 + len(files) // FILES_A_WORKER)
    try:
        yield from results(files, _warm(pickle.dumps(plan), workers), Limits())
    except (BrokenProcessPool, EOFError, pickle.UnpicklingError) as problem:
        _warm.cache_clear()
        raise CannotRun("系統無法執行讀檔程序，請確認磁碟空間與記憶體後重新執行。") from problem


def results(files: Sequence[File], pool: ProcessPool, limits: Limits) -> Iterator[bytes]:
    """What the children of `pool` read, packed, in the order of the files; only so many wait at a time.

    A task has the seconds of one file. What it did not bring back, its files are each read alone.
    """
    ahead: deque[tuple[Task, ProcessFuture]] = deque()
    for first in range(0, len(files), A_TASK):
        task = tuple(files[first : first + A_TASK])
        ahead.append((task, pool.schedule(_work, args=[task], timeout=limits.seconds)))
        if len(ahead) > AHEAD:
            yield from _results(*ahead.popleft(), pool, limits)
    while ahead:
        yield from _results(*ahead.popleft(), pool, limits)


def _results(task: Task, future: ProcessFuture, pool: ProcessPool, limits: Limits) -> Iterator[bytes]:
    try:
        read = future.result()
    except (TimeoutError, ProcessExpired):
        read = []
    yield from read
    for file in task[len(read) :]:
        yield _alone(file, pool, limits)


def _alone(file: File, pool: ProcessPool, limits: Limits) -> bytes:
    """The reading of one file whose task ended badly: it may be this file's doing, or another's."""
    try:
        (read,) = pool.schedule(_work, args=[(file,)], timeout=limits.seconds).result()
    except TimeoutError:
        return packed(set_aside(file[1], TOO_LONG))
    except ProcessExpired:
        return packed(set_aside(file[1], STOPPED))
    return read


@cache
def _warm(plan: bytes, workers: int) -> ProcessPool:
    """Children that are kept until the program ends, for the next files of the same plan."""
    kept = pool(pickle.loads(plan), workers, Limits())
    atexit.register(kept.__exit__)
    return kept


def pool(plan: Plan, workers: int, limits: Limits, read: Reader = read_file) -> ProcessPool:
    """So many children that read by `plan`. Left as a context manager, it ends them."""
    begun = children.context()
    if begun.get_start_method() == children.FORKED:
        begun.set_forkserver_preload([__name__])  # of a server that was not begun before
    return _Pool(workers, context=begun, initializer=_begin, initargs=[plan, limits, read])


class _Pool(ProcessPool):
    """A pool that ends at once: what still runs when it is left is not waited for."""

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.join()


# In the child ------------------------------------------------------------------------------------

_given: dict[str, object] = {}


def _begin(plan: Plan, limits: Limits, read: Reader) -> None:
    """Set the child's limits, and what it reads by; its panics are told to nobody."""
    _given.update(plan=plan, forms=all_forms(plan), seconds=limits.seconds, read=read)
    rubbish.seldom()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if sys.platform != "win32":  # there the parent's clock is the only limit
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold people's data
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


def _work(task: Task) -> list[bytes]:
    """Read files and pack what came of each; those after a reply that is large enough are left."""
    _limit_time(_given["seconds"])
    done: list[bytes] = []
    for path, name in task:
        done.append(bounded(lambda: _given["read"](path, name, _given["forms"], _given["plan"]), name))  # noqa: B023
        if sum(map(len, done)) > MOST_REPLY // 2:
            break
    return done


def bounded(read: Callable[[], Read], name: str) -> bytes:
    """What `read` gives, packed; a file that has too much is set aside."""
    try:
        done = packed(read())
    except MemoryError:
        return packed(set_aside(name, TOO_MUCH))
    return done if len(done) <= MOST_REPLY else packed(set_aside(name, TOO_MUCH))


def _limit_time(seconds: float) -> None:
    """End the child some seconds after the parent should have, if the parent is no longer there."""
    if sys.platform != "win32":
        import resource

        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 5, hard))
