"""The presses (印製): papers are drawn in other processes, and come out in the order in which they were laid in.

A writer of a job may say how a paper is drawn instead of drawing it: a `Draft` is a call of one function with
tables of its own. What is drawn depends on nothing else, so it has the same bytes wherever it is drawn.
"""

from __future__ import annotations

import copyreg
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from mlbatch import again, catalogue, children, rubbish, wording
from mlbatch.finding import At, Finding, Kind, Place
from mlbatch.forms import Form, all_forms
from mlbatch.output import Paper
from mlbatch.plan import Plan
from mlbatch.recipient import Recipient
from mlbatch.stop import CannotRun

DRAFTS = "drafts"  # the file in which they lie, one behind the other
NO_ROOM = "系統無法寫入暫存檔，請確認磁碟空間後重新執行。"


@dataclass(frozen=True)
class Draft:
    """A paper that is still to be drawn: the paper without its bytes, and the call that gives them.

    `draw` is a function of a module; `given` holds nothing that another process cannot be given.
    """

    paper: Paper
    draw: Callable[..., bytes]
    given: tuple[object, ...]
    more: Mapping[str, object]

    def drawn(self) -> Paper:
        """The paper with its bytes."""
        return self.with_bytes(self.draw(*self.given, **self.more))

    def with_bytes(self, content: bytes, said: Mapping[str, object] | None = None) -> Paper:
        """The paper with bytes that were drawn; a letter with what it says as well, which may be known."""
        if not self.paper.letter:
            return replace(self.paper, content=content)
        paper = replace(self.paper, content=content)
        known = again.found("letter", paper.sha256, lambda: said or wording.told(content))
        return replace(paper, said=known)


Laid = Callable[[], Paper]  # waits for a paper that was laid in


def draft(
    path: str, title: str, draw: Callable[..., bytes], *given: object, recipient: str = "", **more: object
) -> Draft:
    """A paper that `draw(*given, **more)` gives the bytes of; see `output.Paper`."""
    return Draft(Paper(path, b"", title, recipient), draw, given, more)


def for_recipient(who: Recipient, name: str, title: str, draw: Callable[..., bytes], *given: object) -> Draft:
    """A paper in the package of `who`."""
    return draft(in_package(who, name), title, draw, *given, recipient=who.folder)


def in_package(who: Recipient, name: str) -> str:
    """The path of a paper in the package of `who` (受文者)."""
    return f"受文者/{who.folder}/{name}"


def drawn(papers: Iterable[Paper | Draft]) -> Iterator[Paper]:
    """The papers, drawn one after the other in this process."""
    return (paper if isinstance(paper, Paper) else paper.drawn() for paper in papers)


@dataclass(frozen=True)
class Look:
    """What is found in the bytes of a paper for a recipient where it is drawn, and who is told of it."""

    find: Callable[[bytes], object]
    tell: Callable[[bytes, object], None]


@contextmanager
def presses(
    plan: Plan, processes: int, look: Look | None = None, beside: Path | None = None
) -> Iterator[Callable[[Paper | Draft], Laid]]:
    """What lays in a paper; with no more than one process, it is drawn when it is asked for, and nobody looks.

    Meanwhile the drafts of other processes lie in a folder, `beside` or one of the system's, which only its owner can
    read. Raises CannotRun if they cannot be written.
    """
    if processes < 2:
        yield lambda paper: paper.drawn if isinstance(paper, Draft) else lambda: paper
        return
    with _folder(beside) as folder, open(folder / DRAFTS, "xb") as drafts:
        pool = ProcessPoolExecutor(
            processes, children.context(), _begin, (pickle.dumps(look and look.find), drafts.name)
        )
        try:
            yield _Pressing(pool, pickle.dumps(plan), look, drafts).lay
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _folder(beside: Path | None) -> Iterator[Path]:
    """A folder for drafts, gone afterwards."""
    try:
        if beside:
            beside.mkdir(mode=0o700)
        folder = beside or Path(tempfile.mkdtemp(prefix="mlbatch-"))
    except OSError as problem:
        raise CannotRun(NO_ROOM) from problem
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Pressing:
    """Writes drafts down and tells the processes where each begins: the parent holds none of them."""

    def __init__(self, pool: ProcessPoolExecutor, plan: bytes, look: Look | None, drafts: BinaryIO) -> None:
        self._pool, self._plan, self._look, self._drafts = pool, plan, look, drafts

    def lay(self, paper: Paper | Draft) -> Laid:
        """Lay in a paper."""
        if isinstance(paper, Paper):
            return lambda: paper
        known = again.asked(paper.draw, paper.given, paper.more)
        if known and (content := known.paper()) is not None:
            return lambda: paper.with_bytes(content)
        begins = self._written(paper)
        future = None
        with suppress(BrokenProcessPool):  # then it is drawn here when it is taken
            future = self._pool.submit(_draw, begins)
        return partial(self._taken, replace(paper, given=(), more={}), known, begins, future)

    def _written(self, paper: Draft) -> int:
        """Where a draft begins that is written down."""
        try:
            begins = self._drafts.tell()
            _pack(paper, self._plan, self._drafts)
            self._drafts.flush()
        except OSError as problem:
            raise CannotRun(NO_ROOM) from problem
        return begins

    def _taken(self, paper: Draft, known: again.Work | None, begins: int, future: Future | None) -> Paper:
        """The paper once it is drawn; where its process died, it is drawn here."""
        try:
            if not future:
                return _read(self._drafts.name, begins).drawn()
            content, said, seen = future.result()
        except BrokenProcessPool:
            return _read(self._drafts.name, begins).drawn()
        if self._look and paper.paper.recipient:
            self._look.tell(content, seen)
        if known:
            known.keep_paper(content)
        return paper.with_bytes(content, said)


# The plan, which is told as well, makes the rest of a form.
again.tell(Form, lambda form: f"{form.id} {form.version}")


# In the other process ----------------------------------------------------------------------------


_given: dict[str, object] = {}


def _begin(look: bytes, drafts: str) -> None:
    children.end_with_parent()
    _given.update(look=pickle.loads(look), drafts=drafts)
    rubbish.seldom()


def _draw(begins: int) -> tuple[bytes, Mapping[str, object] | None, object]:
    """A paper's bytes, what it says if it is a letter, and what is found in it if it is for a recipient."""
    paper, look = _read(_given["drafts"], begins).drawn(), _given["look"]
    return paper.content, paper.said, look(paper.content) if look and paper.recipient else None


def _read(drafts: str, begins: int) -> Draft:
    """The draft that begins there."""
    with open(drafts, "rb") as file:
        file.seek(begins)
        return pickle.load(file)


@lru_cache(maxsize=1)
def _known(plan: bytes) -> tuple[Plan, dict[str, Form]]:
    """The plan, and the forms that follow from it, made once in a process."""
    found = pickle.loads(plan)
    return found, all_forms(found)


# Between the two -----------------------------------------------------------------------------------


def _plan(plan: bytes) -> Plan:
    return _known(plan)[0]


def _form(plan: bytes, form: str) -> Form:
    return _known(plan)[1][form]


def _kind(name: str) -> Kind:
    return catalogue.BY_ID[name]


def _read_only(shown: dict) -> MappingProxyType:
    return MappingProxyType(shown)


# Places and read-only facts pack in few words.
PACKED = copyreg.dispatch_table | {
    MappingProxyType: lambda shown: (_read_only, (dict(shown),)),
    Finding: lambda f: (Finding, (f.kind, f.at, f.facts, f.school, f.county)),
    At: lambda at: (At, (at.file, at.sheet, at.column, at.row)),
    Place: lambda place: (Place, (place.file, place.sheet, place.row, place.columns)),
    Kind: lambda kind: (_kind, (kind.id,)) if catalogue.BY_ID.get(kind.id) is kind else (Kind, astuple(kind)),
}


def _pack(paper: Draft, plan: bytes, file: BinaryIO) -> None:
    """Write a draft, in which the plan and its forms stand for themselves: a process has made them before."""
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = PACKED | {
        Plan: lambda _: (_plan, (plan,)),
        Form: lambda form: (_form, (plan, form.id)),
    }
    pickler.dump(paper)
