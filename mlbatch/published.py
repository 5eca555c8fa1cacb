"""What stands in a published folder, held against its manifest (產出之核對).

The manifest `run.json` names every file with its sha256; a file that is changed, missing or extra
is named here. Nothing is opened but to be hashed, and a letter that was saved again, to be read.

Of a letter the manifest also says what the program wrote there (`letter`): its sha256, its form and
its words (wording.py). So it is told from the file alone, wherever it was copied, moved or unzipped
to, whether a hand was at it.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mlbatch.wording import Unreadable, wording

MANIFEST = "run.json"
PROGRAM = "mlbatch"
FRESH = 3_000_000_000  # nanoseconds; the coarsest file system tells times to two seconds
SYSTEM_FILES = {"thumbs.db", "desktop.ini", ".ds_store"}  # left by the system that shows the folder


class What(StrEnum):
    """What is wrong with a published file."""

    CHANGED = "已變更"
    MISSING = "缺少"
    EXTRA = "多出"
    EDITED = "經手改"
    RESAVED = "曾另存，文字未改"
    REDRAFTED = "換為新稿"

    @property
    def by_hand(self) -> bool:
        """Whether it is no damage: a letter is a draft, made to be edited."""
        return self in (What.EDITED, What.RESAVED, What.REDRAFTED)


@dataclass(frozen=True)
class Fault:
    """A file that is not as the manifest says: its path in the folder (with `/`), and what is wrong."""

    path: str
    what: What


def manifest(out: Path) -> dict | None:
    """The manifest of a published folder; None if `out` was not published by this program."""
    try:
        found = parsed((out / MANIFEST).read_bytes())
        ours = found["program"]["name"] == PROGRAM
        {paper["path"]: paper["sha256"] for paper in found["outputs"]}
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return found if ours else None


def parsed(manifest: bytes) -> dict:
    """A manifest's bytes as a value; raises ValueError for what is no JSON."""
    return json.loads(manifest.decode())


def faults(out: Path, record: dict) -> list[Fault]:
    """Every file of `out` that is not as its manifest says, by path.

    A letter whose bytes changed and whose form did not is as it was.
    """
    said = {paper["path"]: paper for paper in record["outputs"]}
    there = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if not path.is_dir()}
    there = {name: path for name, path in there.items() if not _passed_over(path, name)}
    found = [Fault(name, What.MISSING) for name in said.keys() - there.keys()]
    found += [Fault(name, What.EXTRA) for name in there.keys() - said.keys()]
    drafts = drafts_of(record)
    for name in said.keys() & there.keys():
        if what := changed(there[name], said[name], drafts.get(name)):
            found.append(Fault(name, what))
    return sorted(found, key=lambda fault: fault.path)


def drafts_of(record: dict) -> dict[str, dict]:
    """Letter → what the manifest says of the new draft of it that stands beside."""
    return {said["draft"]["of"]: said["draft"] for said in record["outputs"] if "draft" in said}


def changed(path: Path, said: dict, draft: dict | None = None) -> What | None:
    """What became of one file since it was published as `said`; None if nothing did.

    `draft` is what the manifest says of the new draft, if the file is a letter that has one.
    """
    if sha256_of(path) == said["sha256"]:
        return None
    if "letter" not in said:
        return What.CHANGED
    try:
        return touched(path.read_bytes(), said["letter"], draft)
    except (OSError, Unreadable):
        return What.CHANGED


def touched(content: bytes, letter: dict, draft: dict | None = None) -> What | None:
    """Whether a hand was at a letter since the program wrote it; None if provably not.

    `letter` is what the manifest says of it, `draft` of the new draft beside it, which may have been
    put in its place. Raises Unreadable for what is no Word document.
    """
    if draft and touched(content, draft) is None:
        return What.REDRAFTED
    if hashlib.sha256(content).hexdigest() == letter["written"]:
        return None
    found = wording(content)
    if found.form == letter["form"]:
        return None
    return What.RESAVED if list(found.hashes) == letter["words"] else What.EDITED


def identical(out: Path, record: dict) -> bool:
    """Whether `out` holds just what its manifest says, byte by byte."""
    exact = all(sha256_of(out / paper["path"]) == paper["sha256"] for paper in record["outputs"])
    return exact and not faults(out, record)


def by_hand(out: Path, record: dict) -> dict[str, str]:
    """Path → sha256 of every file that a hand changed or added since `out` was published."""
    no_work = (What.MISSING, What.REDRAFTED)
    found = (fault.path for fault in faults(out, record) if fault.what not in no_work)
    return {name: sha256_of(out / name) for name in found}


def carried(out: Path, record: dict) -> dict[str, str]:
    """Path → sha256 of every letter that a hand had edited before `out` was published."""
    redrafted = {fault.path for fault in faults(out, record) if fault.what is What.REDRAFTED}
    return {
        paper["path"]: sha256_of(out / paper["path"])
        for paper in record["outputs"]
        if kept(paper) and paper["path"] not in redrafted and (out / paper["path"]).exists()
    }


def kept(said: dict) -> bool:
    """Whether an entry of a manifest is a letter that is not as the program wrote it."""
    return "letter" in said and said["letter"]["written"] != said["sha256"]


def hashes(record: dict) -> dict[str, str]:
    """Path → sha256 of every file that a manifest names."""
    return {paper["path"]: paper["sha256"] for paper in record["outputs"]}


def sha256_of(path: Path) -> str:
    """The sha256 of a file, or an empty text for one that cannot be read."""
    known = _hashed.get()
    try:
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
            same = (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)
            if known is not None and same in known:
                return known[same]
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
    if known is not None and stat.st_ino and time.time_ns() - stat.st_mtime_ns > FRESH:
        known[same] = digest
    return digest


@contextmanager
def hashed_once() -> Iterator[None]:
    """Within the block a file is hashed once, as long as its stat says that it is what it was then.

    One that is so fresh that a change might leave no trace in its time is hashed each time.
    """
    token = _hashed.set({})
    try:
        yield
    finally:
        _hashed.reset(token)


_hashed: ContextVar[dict[tuple[int, ...], str] | None] = ContextVar("hashed", default=None)


def _passed_over(path: Path, name: str) -> bool:
    return name == MANIFEST or path.name.lower() in SYSTEM_FILES
