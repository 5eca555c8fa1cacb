"""Reading workers (讀檔程序): files are read in child processes, which may die without harm.

A lawful file can end the process that reads it, or keep it for ever. So a child reads, with limits
of memory and time; one that dies or hangs is replaced and its files are tried once more, each alone; then one
is set aside by name, and the others go on. The same files give the same readings, in order.
"""

from __future__ import annotations

import atexit
import copyreg
import gc
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import TimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from types import MappingProxyType

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from mlbatch import catalogue, finding
from mlbatch.forms import all_forms
from mlbatch.forms.form import Form
from mlbatch.forms.one_file import Read, read_file, set_aside
from mlbatch.forms.reading import Reading
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
    if not files:
        return
    workers = min(os.cpu_count() or 1, 1 + len(files) // FILES_A_WORKER)
    try:
        yield from results(files, _warm(pickle.dumps(plan), workers), forms, Limits())
    except (BrokenProcessPool, EOFError, pickle.UnpicklingError) as problem:
        _warm.cache_clear()
        raise CannotRun("系統無法執行讀檔程序，請確認磁碟空間與記憶體後重新執行。") from problem


def results(
    files: Sequence[File], pool: ProcessPool, forms: Mapping[str, Form], limits: Limits
) -> Iterator[Read]:
    """What the children of `pool` read, in the order of the files; only so many wait at a time.

    A task has the seconds of one file. What it did not bring back, its files are each read alone.
    """
    ahead: deque[tuple[Task, ProcessFuture]] = deque()
    for first in range(0, len(files), A_TASK):
        task = tuple(files[first : first + A_TASK])
        ahead.append((task, pool.schedule(_work, args=[task], timeout=limits.seconds)))
        if len(ahead) > AHEAD:
            yield from _results(*ahead.popleft(), pool, limits, forms)
    while ahead:
        yield from _results(*ahead.popleft(), pool, limits, forms)


def _results(
    task: Task, future: ProcessFuture, pool: ProcessPool, limits: Limits, forms: Mapping[str, Form]
) -> Iterator[Read]:
    try:
        packed = future.result()
    except (TimeoutError, ProcessExpired):
        packed = []
    for number, file in enumerate(task):
        if number < len(packed):
            yield _unpacked(packed[number], forms)
        else:
            yield _alone(file, pool, limits, forms)


def _alone(file: File, pool: ProcessPool, limits: Limits, forms: Mapping[str, Form]) -> Read:
    """The reading of one file whose task ended badly: it may be this file's doing, or another's."""
    try:
        (packed,) = pool.schedule(_work, args=[(file,)], timeout=limits.seconds).result()
    except TimeoutError:
        return set_aside(file[1], TOO_LONG)
    except ProcessExpired:
        return set_aside(file[1], STOPPED)
    return _unpacked(packed, forms)


@cache
def _warm(plan: bytes, workers: int) -> ProcessPool:
    """Children that are kept until the program ends, for the next files of the same plan."""
    kept = pool(pickle.loads(plan), workers, Limits())
    atexit.register(kept.__exit__)
    return kept


def pool(plan: Plan, workers: int, limits: Limits, read: Reader = read_file) -> ProcessPool:
    """So many children that read by `plan`. Left as a context manager, it ends them.

    Never forked from a parent that may have threads: by a clean server where there is one, or anew.
    """
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    context = get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([__name__])
    return _Pool(workers, context=context, initializer=_begin, initargs=[plan, limits, read])


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
    gc.freeze()  # what is there now is never garbage, and is looked through no more
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if sys.platform != "win32":  # there the parent's clock is the only limit
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold people's data
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


def _work(task: Task) -> list[bytes]:
    """Read files and pack what came of each; those after a reply that is large enough are left."""
    _limit_time(_given["seconds"])
    packed: list[bytes] = []
    for path, name in task:
        packed.append(_read(path, name))
        if sum(map(len, packed)) > MOST_REPLY // 2:
            break
    return packed


def _read(path: Path, name: str) -> bytes:
    try:
        packed = _packed(_given["read"](path, name, _given["forms"], _given["plan"]))
    except MemoryError:
        return _packed(set_aside(name, TOO_MUCH))
    return packed if len(packed) <= MOST_REPLY else _packed(set_aside(name, TOO_MUCH))


def _limit_time(seconds: float) -> None:
    """End the child some seconds after the parent should have, if the parent is no longer there."""
    if sys.platform != "win32":
        import resource

        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 5, hard))


# Between the two -----------------------------------------------------------------------------------


def _kind(name: str) -> finding.Kind:
    """The one kind of this id: rules compare kinds by identity."""
    return catalogue.BY_ID[name]


def _read_only(facts: dict) -> MappingProxyType:
    return MappingProxyType(facts)


class _Pickler(pickle.Pickler):
    """Packs kinds by id, the read-only facts of findings that have none, and places in few words."""

    dispatch_table = copyreg.dispatch_table | {
        finding.At: lambda at: (finding.At, (at.file, at.sheet, at.column, at.row)),
        finding.Place: lambda place: (finding.Place, (place.file, place.sheet, place.row, place.cells)),
        finding.Kind: lambda kind: (_kind, (kind.id,)),
        MappingProxyType: lambda facts: (_read_only, (dict(facts),)),
    }


def _packed(read: Read) -> bytes:
    buffer = BytesIO()
    if isinstance(read.outcome, Reading):  # the form is the parent's own
        read = replace(read, outcome=replace(read.outcome, form=None))
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(read)
    return buffer.getvalue()


def _unpacked(packed: bytes, forms: Mapping[str, Form]) -> Read:
    read: Read = pickle.loads(packed)
    if isinstance(read.outcome, Reading):
        return replace(read, outcome=replace(read.outcome, form=forms[read.outcome.stamp.form]))
    return read
