"""Let the n-th open, write, fsync, rename, mkdir or remove of a job fail, or kill the job there.

As SQLite's tests do: the job runs in a forked child, whose calls are counted; for n = 1, 2, … the
n-th one fails with "no space left" (a write after half of its bytes), or the child kills itself
with SIGKILL just before it. POSIX only.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from unittest import mock

from mlbatch import output
from mlbatch.stop import CannotRun

SORTS = ("open", "write", "fsync", "rename", "mkdir", "remove")
ANY = "any"  # the n-th call of whatever sort
DONE, TOLD, DEFECT = 0, 3, 9  # a child's exit codes; a killed one has -9
REAL = {name: getattr(os, name) for name in (
    "open", "write", "fsync", "rename", "replace", "mkdir", "unlink", "remove", "rmdir",
)}  # fmt: skip
REAL_OPEN = io.open


@dataclass
class Fault:
    """The `number`-th call of a `sort` fails; with `kill` the process ends there. 0: only count."""

    sort: str = ANY
    number: int = 0
    kill: bool = False
    one_step: bool = True  # whether folders can change places

    def __post_init__(self) -> None:
        self.calls: Counter[str] = Counter()

    def comes(self, sort: str) -> bool:
        """Count a call; whether it is the one that fails."""
        self.calls[sort] += 1
        self.calls[ANY] += 1
        if not self.number or self.sort not in (sort, ANY) or self.calls[self.sort] != self.number:
            return False
        if self.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    def check(self, sort: str) -> None:
        """Count a call and raise if it is the one."""
        if self.comes(sort):
            raise OSError(errno.ENOSPC, f"injected at {sort} {self.number}")


def child(job: Callable[[], object], fault: Fault, after: float = 0) -> tuple[int, dict[str, int]]:
    """Run `job` in a child with a fault: its exit code, and the calls that it had made at its end.

    With `after` the child is killed from outside after so many seconds, if it still runs.
    """
    receive, send = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(receive)
        _run(job, fault, send)
    os.close(send)
    if after:
        _kill_after(pid, after)
    with open(receive, "rb") as told:
        calls = told.read()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return status, json.loads(calls or b"{}")


def _kill_after(pid: int, seconds: float) -> None:
    """Kill the child unless it ends before; it stays a zombie until it is waited for."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    old = signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, old)


def _run(job: Callable[[], object], fault: Fault, send: int) -> None:
    code = DEFECT
    try:
        with _injected(fault):
            job()
        code = DONE
    except (CannotRun, OSError):  # either is a sentence at the front door (cli._told)
        code = TOLD
    except BaseException:
        traceback.print_exc()
    finally:
        REAL["write"](send, json.dumps(fault.calls).encode())
        sys.stderr.flush()
        os._exit(code)


def _injected(fault: Fault):
    """All the calls that count, replaced while the job runs."""
    from contextlib import ExitStack

    stack = ExitStack()
    for sort, names in {
        "open": ("open",), "fsync": ("fsync",), "rename": ("rename", "replace"), "mkdir": ("mkdir",),
        "remove": ("unlink", "remove", "rmdir"),
    }.items():  # fmt: skip
        for name in names:
            stack.enter_context(mock.patch.object(os, name, _counted(fault, sort, REAL[name])))
    stack.enter_context(mock.patch.object(os, "write", _os_write(fault)))
    for module in (io, builtins):
        stack.enter_context(mock.patch.object(module, "open", _opened(fault)))
    stack.enter_context(mock.patch.object(output, "exchange", _exchange(fault)))
    return stack


def _counted(fault: Fault, sort: str, real: Callable) -> Callable:
    def call(*arguments, **named):
        fault.check(sort)
        return real(*arguments, **named)

    return call


def _os_write(fault: Fault) -> Callable:
    def write(descriptor, content):
        if fault.comes("write"):
            REAL["write"](descriptor, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, "injected at write")
        return REAL["write"](descriptor, content)

    return write


def _opened(fault: Fault) -> Callable:
    class Raw(io.FileIO):
        def write(self, content):
            if fault.comes("write"):
                super().write(bytes(content)[: len(content) // 2])
                raise OSError(errno.ENOSPC, "injected at write")
            return super().write(content)

    def opened(file, mode="r", *arguments, **named):
        fault.check("open")
        if mode == "wb":
            return io.BufferedWriter(Raw(file, mode))
        return REAL_OPEN(file, mode, *arguments, **named)

    return opened


def _exchange(fault: Fault) -> Callable:
    real = output.exchange

    def exchange(one, other):
        if not fault.one_step:
            return False
        fault.check("rename")
        return real(one, other)

    return exchange
