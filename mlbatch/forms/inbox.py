"""The folder of what came in (收件): every file once, into one bucket and, where it can be, a reading.

Files are taken in any folder depth and under any name. The inbox is only read: nothing is ever
written into it, and what is no regular file is not opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mlbatch.finding import Finding
from mlbatch.forms import all_forms
from mlbatch.forms.few import read_few
from mlbatch.forms.form import Form
from mlbatch.forms.one_file import Read, set_aside
from mlbatch.forms.reading import Reading
from mlbatch.forms.register_csv import BIG5
from mlbatch.plan import Plan
from mlbatch.stop import CannotRun
from mlbatch.tables import REGISTER, RETURNED, SET_ASIDE, SKIPPED

if TYPE_CHECKING:
    import pandas as pd

TAIPEI = timezone(timedelta(hours=8))  # no summer time since 1979
NOT_SENT = ("thumbs.db", "desktop.ini")
BACK_TO_US = {"score", "award", "claim", "revised_plan", "budget", "county_budget", "settlement"}
COLUMNS = ("file", "sha256", "size", "modified", "form", "version", "year", "recipient", "bucket", "why")
Progress = Callable[[int, int], None]
Reader = Callable[[Sequence[tuple[Path, str]], Mapping[str, Form], Plan], Iterator[Read]]


class InboxError(CannotRun):
    """An inbox with which no job can run; the text names the files and what to do."""


@dataclass(frozen=True)
class Inbox:
    """What came in: `rows` of `files`, one a file, and `readings`, what could be read.

    `findings` are all that reading found, in file order: of files set aside and within readings.
    """

    rows: Sequence[Mapping[str, object]]
    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...]

    @property
    def known_by(self) -> Mapping[str, str]:
        """File → the sha256 of what was read."""
        return {row["file"]: row["sha256"] for row in self.rows}

    @cached_property
    def files(self) -> pd.DataFrame:
        """One row a file (see tables.py)."""
        import pandas as pd  # here: single files are read without it

        whole = {"size", "version", "year"}
        columns = {
            name: pd.Series([row[name] for row in self.rows], dtype="Int64" if name in whole else object)
            for name in COLUMNS
        }
        return pd.DataFrame(columns)


@dataclass(frozen=True)
class _Arrival:
    """One file: its row of `files`, what reading it gave, and whether it is still to be read."""

    row: dict[str, object]
    reading: Reading | None = None
    findings: tuple[Finding, ...] = ()
    sent: bool = False


def gather(folder: Path, plan: Plan, progress: Progress | None = None, reader: Reader | None = None) -> Inbox:
    """Read every file under `folder`, in the order of their paths, by `reader` or else in children here.

    Identical copies of a register count once. Raises InboxError if the folder is not there, or
    if one register came in two different versions.
    """
    if not folder.is_dir():
        raise InboxError(f"找不到收件資料夾「{folder}」。")
    from mlbatch.forms.workers import read_files  # here: single files need no children

    paths = [(path, path.relative_to(folder)) for path in _walk(folder)]
    return _gather(
        [(path, shown, shown.parts) for path, shown in paths], plan, reader or read_files, progress
    )


def gather_files(paths: Sequence[Path], plan: Plan) -> Inbox:
    """Read single files, each under its own name. Raises InboxError if one is not there."""
    if missing := [path for path in paths if not path.exists()]:
        raise InboxError(f"找不到檔案「{missing[0]}」。")
    return _gather([(path, path, (path.name,)) for path in paths], plan, read_few)


def _gather(
    found: Iterable[tuple[Path, Path, Sequence[str]]],
    plan: Plan,
    reader: Reader,
    progress: Progress | None = None,
) -> Inbox:
    """Read each (path, path as shown, names by which it may be passed over), by path as shown."""
    named = sorted((_name(shown), path, parts) for path, shown, parts in found)
    arrivals = [_arrive(path, name, parts) for name, path, parts in named]
    sent = [(path.absolute(), name) for (name, path, _), one in zip(named, arrivals, strict=True) if one.sent]
    read = reader(sent, all_forms(plan), plan)
    for done, one in enumerate(arrivals):
        if one.sent:
            arrivals[done] = _read(one.row, next(read))
        if progress:
            progress(done + 1, len(arrivals))
    arrivals = _registers_once(arrivals)
    readings = tuple(arrival.reading for arrival in arrivals if arrival.reading)
    findings = tuple(finding for arrival in arrivals for finding in arrival.findings)
    return Inbox([arrival.row for arrival in arrivals], readings, findings)


def _walk(folder: Path) -> Iterator[Path]:
    """All that is no folder, at any depth; links to folders are not followed."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path)


def _name(path: Path) -> str:
    """The path with `/`; a name that came in Big5 from a Windows archive is read as such."""
    name = path.as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode(BIG5, "replace")
    return name


def _arrive(path: Path, name: str, parts: Sequence[str]) -> _Arrival:
    """A file before it is read: its row, and whether it may be a submission at all."""
    row: dict[str, object] = dict.fromkeys(COLUMNS, "") | {"file": name, "version": None, "year": None}
    try:
        row |= _looks(path)
        if reason := _not_sent(path, parts):
            return _Arrival(row | {"bucket": SKIPPED, "why": reason})
    except OSError:
        return _read(row, set_aside(name, "檔案無法讀取"))
    return _Arrival(row, sent=True)


def _looks(path: Path) -> dict[str, object]:
    status = path.lstat()
    modified = datetime.fromtimestamp(status.st_mtime_ns // 10**9, TAIPEI).replace(tzinfo=None)
    return {"size": status.st_size, "modified": modified}


def _not_sent(path: Path, parts: Sequence[str]) -> str:
    """Why a file is no submission and is not opened; empty for one that may be."""
    own = path.name.lower()
    if own.startswith("~$"):
        return "試算表開啟中之暫存檔"
    if any(part.startswith(".") for part in parts) or own in NOT_SENT:
        return "系統檔案"
    if own.startswith("readme"):
        return "說明檔"
    return "" if path.is_file() and not path.is_symlink() else "不是一般檔案"


def _read(row: Mapping[str, object], read: Read) -> _Arrival:
    """The file with what reading gave, in its bucket."""
    outcome, row = read.outcome, {**row, "sha256": read.sha256}
    if isinstance(outcome, Finding):
        return _Arrival({**row, "bucket": SET_ASIDE, "why": outcome.sentence}, None, (outcome,))
    stamp, form = outcome.stamp, outcome.form
    bucket = REGISTER if form.register else RETURNED if form.id in BACK_TO_US else ""
    said = {"form": form.id, "version": stamp.version, "year": stamp.year, "recipient": stamp.recipient}
    return _Arrival({**row, **said, "bucket": bucket}, outcome, outcome.findings)


def _registers_once(arrivals: Sequence[_Arrival]) -> list[_Arrival]:
    """Count identical copies of a register once; two different ones stop the job.

    Lists of the ministry that share no school are parts of one register.
    """
    before: dict[str, list[_Arrival]] = {}
    kept = []
    for arrival in arrivals:
        if arrival.reading and arrival.reading.form.register:
            came = before.setdefault(arrival.reading.form.id, [])
            same = next((one for one in came if not _parts(one.reading, arrival.reading)), None)
            if same:
                arrival = _Arrival({**arrival.row, "why": _copy_of(same, arrival)})
            else:
                came.append(arrival)
        kept.append(arrival)
    return kept


def _parts(one: Reading, other: Reading) -> bool:
    return bool(one.part and other.part) and one.part.isdisjoint(other.part)


def _copy_of(one: _Arrival, other: _Arrival) -> str:
    name, copy = one.row["file"], other.row["file"]
    if one.row["sha256"] != other.row["sha256"]:
        title = one.reading.form.title
        raise InboxError(f"收件資料夾有兩份不同的「{title}」：「{name}」與「{copy}」，請只留一份。")
    return f"與「{name}」內容相同，只計一次。"
