"""What goes out is published whole or not at all (發布).

One run at a time holds the output. Its papers are written into a folder beside it, every file and
folder flushed to disk, the manifest last; then the two folders change places in one step and the
former one is removed. Where the system has no such step, two renames do, and the next run mends
what a kill between them left. An unchanged month is not written at all (docs/decisions/0015).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mlbatch import lock, published
from mlbatch.exchange import exchange
from mlbatch.published import MANIFEST, What
from mlbatch.stop import CannotRun, reason

STAGING, FORMER, LOCK = ".mlbatch-new", ".mlbatch-old", ".mlbatch-lock"
ASIDE = ".mlbatch-undone"
WORKSHOP = ".mlbatch-twins"  # where LibreOffice works
DRAFTS = ".mlbatch-drafts"  # papers that other processes are to draw
KEPT = ".mlbatch-kept"  # what the next run need not do again; may be deleted at any time
LETTERS = "受文者/"
WINDOWS_TRIES, WINDOWS_PAUSE = 20, 0.1  # virus scanners hold what was just written for a moment


Stand = tuple[str, str]  # a path, and the sha256 of what stands there


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
    schools: int | None = None  # of a letter: how many schools it is about
    amount: int | None = None  # of a letter: how much it grants, NT$
    twin_of: str = ""  # the path of the paper that it shows in an open format
    said: Mapping[str, object] | None = None  # of a letter: form and words (wording.told), if known already

    @cached_property
    def sha256(self) -> str:
        """The sha256 of its bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content)

    @property
    def letter(self) -> bool:
        """Whether it is a draft that people edit and send: a Word document in a recipient's folder."""
        return bool(self.recipient) and self.path.startswith(LETTERS) and self.path.endswith(".docx")


class Standing(Paper):
    """A paper that stands in the former output, of which the bytes are read when they are asked for."""

    sha256 = size = None  # are told instead of worked out

    def __new__(cls, *given: object, **said: object) -> Paper:
        """What is put together from it anew is a paper like others."""
        return super().__new__(cls) if given else Paper(**said)

    def __init__(
        self, read: Callable[[], bytes | None], size: int, sha256: str, path: str, title: str, **said: object
    ) -> None:
        """`read` gives its bytes, or None once they are not those of `sha256`."""
        super().__init__(path, b"", title, **said)
        del self.__dict__["content"]
        self.__dict__.update(_read=read, size=size, sha256=sha256)

    @cached_property
    def content(self) -> bytes:
        """Its bytes. Raises OutputError if somebody changed them while the run went on."""
        if (found := self._read()) is None:
            raise OutputError(f"輸出資料夾內之「{self.path}」於執行中有修改，請重新執行。")
        return found


@dataclass(frozen=True)
class Place:
    """A reserved output folder, and the names beside it that publishing uses."""

    out: Path

    def beside(self, suffix: str) -> Path:
        """The path beside the output that ends with `suffix`."""
        return self.out.with_name(f".{self.out.name}{suffix}")

    def publish(self, papers: Iterable[Paper], manifest: bytes) -> bool:
        """Replace the folder by the papers and their manifest; False if it held just these.

        Raises OutputError if it cannot be written, or if a hand's work would be lost with the former
        output; then the output is the former one or the new one.
        """
        papers = tuple(papers)
        with _told(self.out):
            if _holds(self.out, manifest):
                return False
            new = {(paper.path, paper.sha256) for paper in papers}
            _refuse_loss(self.out, _hands(self.out, carried=True) - new)
            try:
                self._stage(papers, manifest)
                self._swap()
                self._undo_if_lost(new)
            finally:
                self._sweep()
            return True

    def recover(self) -> None:
        """Mend what a killed run left: put the former output back, remove the rest.

        What was edited in the former output while that run replaced it is put back as well.
        """
        with _told(self.out):
            if self.beside(FORMER).exists() and not self.out.exists():
                _rename(self.beside(FORMER), self.out)
            for former in (self.beside(STAGING), self.beside(FORMER)):
                self._rescue(former)
            self._sweep()

    def _undo_if_lost(self, new: set[Stand]) -> None:
        """Put the former output back if somebody edited it while the new one was made."""
        for former in (self.beside(STAGING), self.beside(FORMER)):
            if lost := _hands(former) - new:
                self._put_back(former)
                shutil.rmtree(former, ignore_errors=True)
                _refuse_loss(self.out, lost)

    def _rescue(self, former: Path) -> None:
        """The same for what a killed run left, unless both have been edited since."""
        if not (lost := self._only_in(former)):
            return
        if _hands(self.out) - _stands(former):
            raise OutputError(
                f"前次執行中斷，「{self.out}」與「{former}」各有手改之檔案（{min(lost)[0]}），"
                "請將後者之檔案移出並刪除該資料夾，再重新執行。"
            )
        self._put_back(former)

    def _only_in(self, former: Path) -> set[Stand]:
        """A hand's work that stands in a former output and not in the output."""
        return (hands := _hands(former)) and hands - _stands(self.out)

    def _put_back(self, former: Path) -> None:
        """Let the former output and the output change places again."""
        if not exchange(former, self.out):
            _rename(self.out, self.beside(ASIDE))
            _rename(former, self.out)

    def _stage(self, papers: Iterable[Paper], manifest: bytes) -> None:
        staging = self.beside(STAGING)
        staging.mkdir()
        if self.out.exists():
            shutil.copymode(self.out, staging)
        for paper in papers:
            _write(staging / paper.path, paper, self.out / paper.path)
        _write(staging / MANIFEST, Paper(MANIFEST, manifest, ""), self.out / MANIFEST)
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
        """Remove what is not the output, and holds no hand's work that the output lacks.

        Where the output itself is not, the former one stays.
        """
        for suffix in (STAGING, FORMER, ASIDE, WORKSHOP, DRAFTS):
            needed = suffix == FORMER and not self.out.exists()
            if not needed and not self._only_in(self.beside(suffix)):
                shutil.rmtree(self.beside(suffix), ignore_errors=True)


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
        held.enter_context(published.hashed_once())
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

    A file that someone has edited or added since would be lost: it is named instead. An edited letter
    is no reason to refuse: the run carries it over (outbox.py), or is refused when it publishes.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"輸出位置「{out}」是檔案，請指定資料夾。")
    if not out.is_dir() or not any(out.iterdir()):
        return
    if (record := published.manifest(out)) is None:
        raise OutputError(f"輸出資料夾「{out}」內有其他檔案，請指定空的或新的資料夾。")
    stops = (fault for fault in published.faults(out, record) if not fault.what.by_hand)
    if edited := [fault.path for fault in stops if fault.what is not What.MISSING]:
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
    return same and record is not None and published.identical(out, record)


def _hands(folder: Path, carried: bool = False) -> set[Stand]:
    """What hands changed or added in a folder since it was published; with `carried`, before as well."""
    if (record := published.manifest(folder)) is None:
        return set()
    before = published.carried(folder, record) if carried else {}
    return {*before.items(), *published.by_hand(folder, record).items()}


def _stands(out: Path) -> set[Stand]:
    """What stands in a folder, and what was published there."""
    if (record := published.manifest(out)) is None:
        return set()
    return {*published.hashes(record).items(), *published.by_hand(out, record).items()}


def _refuse_loss(out: Path, lost: set[Stand]) -> None:
    if lost:
        more = f"等 {len(lost)} 份檔案" if len(lost) > 1 else ""
        raise OutputError(
            f"輸出資料夾「{out}」內之「{min(lost)[0]}」{more}經手改，不予覆蓋；"
            "請重新執行，或先移出，或另指定 --out。"
        )


def _write(path: Path, paper: Paper, former: Path) -> None:
    """Write and flush one file; one that did not change is the former one, or keeps its time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    same = published.sha256_of(former) == paper.sha256
    if same and _linked(former, path):
        return
    with path.open("wb") as file:
        file.write(paper.content)
        file.flush()
        os.fsync(file.fileno())
    if same:
        with suppress(OSError):
            shutil.copystat(former, path)


def _linked(former: Path, path: Path) -> bool:
    """Let a file that did not change stand in both folders until the former one goes: it was flushed when it was written.

    A hand that edits it meanwhile edits both, and is found out as ever (`_undo_if_lost`).
    """
    if former.is_symlink():
        return False
    with suppress(OSError, NotImplementedError):
        os.link(former, path)
        return True
    return False


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
