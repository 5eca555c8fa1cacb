"""One run at a time (鎖定): the system holds the lock, so a killed run never leaves it shut.

The lock file says who holds it. POSIX record locks are not inherited by worker processes, and on
Windows one byte far behind the text is locked, so that the text stays readable
(docs/decisions/0015).
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FAR = 1 << 20  # the byte that Windows locks
_ours: set[Path] = set()  # a record lock does not keep this process itself out


class Held(Exception):
    """Another run holds the lock; the text says who, in Chinese."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock file `path` while the block runs. Raises Held, or OSError if it cannot be written."""
    if path in _ours:
        raise Held("本程式")
    descriptor = _acquired(path)
    _ours.add(path)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps(_self(), ensure_ascii=False).encode())
        yield
    finally:
        _ours.discard(path)
        _release(path, descriptor)


def _acquired(path: Path) -> int:
    """An open, locked descriptor of the file that now stands at `path`."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(descriptor)
            if _stands_at(path, descriptor):
                return descriptor
        except (BlockingIOError, PermissionError):
            owner = _owner(path)
            os.close(descriptor)
            raise Held(owner) from None
        os.close(descriptor)  # its former owner has removed it meanwhile


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        os.lseek(descriptor, FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _stands_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _release(path: Path, descriptor: int) -> None:
    """Remove the file while it is still locked; Windows removes no open file."""
    if sys.platform == "win32":
        os.close(descriptor)
    with suppress(OSError):
        path.unlink()
    if sys.platform != "win32":
        os.close(descriptor)


def _self() -> dict[str, object]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = ""
    return {"pid": os.getpid(), "host": socket.gethostname(), "user": user}


def _owner(path: Path) -> str:
    """Who holds the lock, as far as the file tells."""
    try:
        said = json.loads(path.read_text("utf-8"))
        return f"電腦「{said['host']}」使用者「{said['user']}」之程序 {said['pid']}"
    except (OSError, ValueError, LookupError, TypeError):
        return "另一程序"
