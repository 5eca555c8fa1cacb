"""What goes out is published whole or not at all (發布).

One run at a time holds the output. Its papers are written into a folder beside it, every file and
folder flushed to disk, the manifest last; then the two folders change places in one step and the
former one is removed. Where the system has no such step, two renames do, and the next run mends
what a kill between them left. An unchanged month is not written at all (docs/decisions/0015).
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mlbatch import lock, published
from mlbatch.exchange import exchange
from mlbatch.published import MANIFEST, What
from mlbatch.stop import CannotRun, reason

STAGING, FORMER, LOCK = ".mlbatch-new", ".mlbatch-old", ".mlbatch-lock"
WINDOWS_TRIES, WINDOWS_PAUSE = 20, 0.1  # virus scanners hold what was just written for a moment


class OutputError(CannotRun):
    """The output folder cannot be used; the text is for the clerk."""


@dataclass(frozen=True)
class Paper:
    """One file that goes out: its path in the output (with `/`), its bytes, its Chinese title.

    `recipient` is the folder of the one who gets it, empty for the ministry's own papers.
    """

    path: str
    content: bytes
    title: str
    recipient: str = ""


@dataclass(frozen=True)
class Place:
    """A reserved output folder, and the names beside it that publishing uses."""

    out: Path

    def beside(self, suffix: str) -> Path:
        """The path beside the output that ends with `suffix`."""
        return self.out.with_name(f".{self.out.name}{suffix}")

    def publish(self, papers: Iterable[Paper], manifest: bytes) -> bool:
        """Replace the folder by the papers and their manifest; False if it held just these.

        Raises OutputError if it cannot be written; then the output is the former one or the new one.
        """
        papers = tuple(papers)
        with _told(self.out):
            if _holds(self.out, manifest):
                return False
            try:
                self._stage(papers, manifest)
                self._swap()
            finally:
                self._sweep()
            return True

    def recover(self) -> None:
        """Mend what a killed run left: put the former output back, remove the rest."""
        with _told(self.out):
            if self.beside(FORMER).exists() and not self.out.exists():
                _rename(self.beside(FORMER), self.out)
            self._sweep()

    def _stage(self, papers: Iterable[Paper], manifest: bytes) -> None:
        staging = self.beside(STAGING)
        staging.mkdir()
        if self.out.exists():
            shutil.copymode(self.out, staging)
        for paper in papers:
            _write(staging / paper.path, paper.content, self.out / paper.path)
        _write(staging / MANIFEST, manifest, self.out / MANIFEST)
        for folder, _, _ in os.walk(staging, topdown=False):
            _flush_folder(Path(folder))

    def _swap(self) -> None:
        staging, former = self.beside(STAGING), self.beside(FORMER)
        if not self.out.exists():
            _rename(staging, self.out)
        elif not exchange(staging, self.out):
            _rename(self.out, former)
            try:
                _rename(staging, self.out)
            except OSError:
                _rename(former, self.out)
                raise
        _flush_folder(self.out.parent)

    def _sweep(self) -> None:
        """Remove what is not the output; where the output itself is not, the former one stays."""
        shutil.rmtree(self.beside(STAGING), ignore_errors=True)
        if self.out.exists():
            shutil.rmtree(self.beside(FORMER), ignore_errors=True)


@contextmanager
def reserved(out: Path) -> Iterator[Place]:
    """Hold `out` for one run, mended and swept.

    Raises OutputError if another run holds it, if it holds what this program did not write or what
    was changed by hand since, or if it cannot be written.
    """
    place = Place(out.resolve())
    if not place.out.name:
        raise OutputError(f"輸出位置「{out}」是磁碟之最上層，請指定其中之資料夾。")
    with _told(out):
        place.out.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            with _told(out):
                held.enter_context(lock.held(place.beside(LOCK)))
        except lock.Held as owner:
            raise OutputError(f"輸出資料夾「{out}」正由{owner}寫出，請待其完成後再執行。") from None
        place.recover()
        refuse_foreign(place.out)
        yield place


def publish(papers: Iterable[Paper], manifest: bytes, out: Path) -> bool:
    """Reserve `out` and publish there in one go; see `reserved` and `Place.publish`."""
    with reserved(out) as place:
        return place.publish(papers, manifest)


def refuse_foreign(out: Path) -> None:
    """Raise OutputError unless `out` is absent, empty or an output as this program left it.

    A file that someone has edited or added since would be lost: it is named instead.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"輸出位置「{out}」是檔案，請指定資料夾。")
    if not out.is_dir() or not any(out.iterdir()):
        return
    if (record := published.manifest(out)) is None:
        raise OutputError(f"輸出資料夾「{out}」內有其他檔案，請指定空的或新的資料夾。")
    if edited := [fault.path for fault in published.faults(out, record) if fault.what is not What.MISSING]:
        more = f"等 {len(edited)} 份檔案" if len(edited) > 1 else ""
        raise OutputError(
            f"輸出資料夾「{out}」內之「{edited[0]}」{more}於產出後有修改、新增或尚在開啟，"
            "請先移出或關閉，或另指定 --out。"
        )


def _holds(out: Path, manifest: bytes) -> bool:
    """Whether `out` holds just what the manifest says, byte by byte."""
    try:
        same = (out / MANIFEST).read_bytes() == manifest
    except OSError:
        return False
    record = published.manifest(out)
    return same and record is not None and not published.faults(out, record)


def _write(path: Path, content: bytes, former: Path) -> None:
    """Write and flush one file; one that did not change keeps its time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with suppress(OSError):
        if former.stat().st_size == len(content) and former.read_bytes() == content:
            shutil.copystat(former, path)


def _flush_folder(folder: Path) -> None:
    """Flush a folder's own entries to disk; Windows opens no folder."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(path: Path, target: Path) -> None:
    for _ in range(WINDOWS_TRIES if sys.platform == "win32" else 0):
        try:
            return path.rename(target)
        except PermissionError:
            time.sleep(WINDOWS_PAUSE)
    path.rename(target)


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """Turn what the disk refuses into a sentence."""
    try:
        yield
    except OSError as problem:
        raise OutputError(
            f"輸出資料夾「{out}」無法寫入（{reason(problem)}），請排除後重新執行。"
        ) from problem
