"""Reading elsewhere (他處讀檔): the same reading through any executor that has the standard library's shape.

Files travel as bytes, so that no other machine needs the inbox; what was read comes back packed. What an executor does not
bring back, for whatever reason, is read here in a child with limits: so no file is lost, and none says anything else.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from functools import lru_cache
from pathlib import Path

from mlbatch.forms import all_forms, workers
from mlbatch.forms.one_file import content_of, read_of
from mlbatch.forms.workers import File
from mlbatch.plan import Plan
from mlbatch.recipe import recipe
from mlbatch.stop import CannotRun

A_TASK = 32  # files; a task costs the scheduler about a millisecond
AHEAD = 24  # tasks that wait, or are read, at a time
MOST_SECONDS = 300.0  # of one task, while those before it are done
FIRST_SECONDS = 60.0
A_LOOK = 1.0  # seconds between two looks whether anybody is there

Sent = tuple[bytes | None, str]  # what a file holds, None for one that is too large, and its name


class OtherProgram(Exception):
    """The other machine has another program."""


def read_packed(
    files: Sequence[File], plan: Plan, executor: Executor, there: Callable[[], bool] = lambda: True
) -> Iterator[bytes]:
    """What `executor` reads of files, packed, in their order. Raises CannotRun where it has another program.

    `there` says whether the other machines can still be reached: while they cannot, nothing is waited for.
    """
    if not files:
        return
    _refuse_others(executor)
    given = pickle.dumps(plan)
    ahead: deque[tuple[Sequence[File], Future | None]] = deque()
    for first in range(0, len(files), A_TASK):
        task = files[first : first + A_TASK]
        ahead.append((task, _submitted(executor, given, task) if there() else None))
        if len(ahead) > AHEAD:
            yield from _results(*ahead.popleft(), plan, there)
    while ahead:
        yield from _results(*ahead.popleft(), plan, there)


def _refuse_others(executor: Executor) -> None:
    try:
        same = executor.submit(recipe).result(FIRST_SECONDS) == recipe()
    except Exception as problem:
        raise CannotRun("排程器之工作程序無法執行本程式，請於各機安裝相同版本後重新執行。") from problem
    if not same:
        raise CannotRun("排程器之工作程序與本機之程式或套件版本不同，請於各機安裝相同版本後重新執行。")


def _submitted(executor: Executor, plan: bytes, task: Sequence[File]) -> Future | None:
    """The future of a task; None where the executor takes none any more."""
    try:
        return executor.submit(work, recipe(), plan, [(_content(path), name) for path, name in task])
    except Exception:
        return None


def _content(path: Path) -> bytes | None:
    try:
        return content_of(path)
    except (OSError, ValueError):
        return b""  # read here once more, and told


def _results(
    task: Sequence[File], future: Future | None, plan: Plan, there: Callable[[], bool]
) -> Iterator[bytes]:
    """What came back; the rest, and what could not be opened, is read here."""
    try:
        read = _awaited(future, there) if future else []
    except OtherProgram:
        raise CannotRun("排程器之工作程序版本不一，請於各機安裝相同版本後重新執行。") from None
    except Exception:
        future.cancel()
        read = []
    here = [place for place in range(len(task)) if place >= len(read) or read[place] is None]
    own = workers.read_packed([task[place] for place in here], plan)
    for place in range(len(task)):
        yield next(own) if place in here else read[place]


def _awaited(future: Future, there: Callable[[], bool]) -> list[bytes | None]:
    """What a task brings back. Raises TimeoutError once nobody is there, or when it takes too long."""
    until = time.monotonic() + MOST_SECONDS
    while not future.done():
        if not there() or time.monotonic() > until:
            raise TimeoutError
        wait([future], A_LOOK)
    return future.result()


# On the other machine ------------------------------------------------------------------------------


def work(program: str, plan: bytes, task: Sequence[Sent]) -> list[bytes | None]:
    """Read files that came as bytes, and pack what came of each; None for one that came empty."""
    if program != recipe():
        raise OtherProgram
    plan, forms = _given(plan)
    return [
        workers.bounded(lambda: read_of(content, name, forms, plan), name) if content != b"" else None  # noqa: B023
        for content, name in task
    ]


@lru_cache(maxsize=2)
def _given(plan: bytes) -> tuple:
    made = pickle.loads(plan)
    return made, all_forms(made)
