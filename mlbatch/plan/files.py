"""The files of a plan year (年度計畫檔): where they lie, and what a year says that follows another.

A plan year is three files, `NNN.toml` (what the plan says), `NNN.office.toml` (what the office decided) and
`NNN.clauses.toml` (the index of clauses), shipped with the program or in a folder of the office's own. A year that
is `based_on` another says only what changed. What names a day or a year is never taken over: it must be said anew.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from mlbatch.stop import CannotRun

SHIPPED = files("mlbatch.plan")
HEADER = ("year", "title", "based_on")
YEAR_FILE = re.compile(r"([1-9]\d{1,2})\.toml")
# Words that name a year or a day: 107年, 106學年度, 104、105年, 2018-03, 10月6日.
DATED = re.compile(r"\d{2,3}(?:年|學年度|、\d{2,3}年)|(?<!\d)20\d{2}-\d{2}(?!\d)|\d{1,2}月\d{1,2}日")
OF_A_YEAR = ("_year", "_years")  # how the names of values end that are years
SAID_WHEN = ("on", "decided_by")  # of a decision: it may stand for years

Entries = Mapping[str, object]


class PlanError(CannotRun):
    """A plan year that cannot be used; its text is for the clerk."""


@dataclass(frozen=True)
class YearFiles:
    """What the files of a plan year say, those of the years beneath taken in.

    `plan` and `office`: group → key → entry; `clauses`: clause → entry; `hashes`: file → sha256, in the order
    of reading.
    """

    year: int
    title: str
    plan: Entries
    office: Entries
    clauses: Entries
    counties: Entries
    hashes: Mapping[str, str]


@dataclass
class _Shelf:
    """Where files are looked for, in that order, and what was read."""

    folders: tuple[Traversable, ...]
    hashes: dict[str, str] = field(default_factory=dict)

    def read(self, name: str) -> dict:
        """What a file says, from the first folder that has it."""
        for folder in self.folders:
            place = folder.joinpath(name)
            if place.is_file():
                content = place.read_bytes()
                self.hashes[name] = hashlib.sha256(content).hexdigest()
                return _parsed(name, content)
        elsewhere = "" if len(self.folders) > 1 else "；計畫檔在資料夾時，請以 --plan 指定該資料夾"
        raise PlanError(f"沒有 {name.partition('.')[0]} 年度之計畫資料（{name}）{elsewhere}。")


@dataclass(frozen=True)
class _Said:
    """What the files of one year say, and the year that it is based on, if any."""

    title: str
    before: int | None
    plan: Entries
    office: Entries
    clauses: Entries


def read_year(which: int | Path) -> YearFiles:
    """The files of a year that is shipped, or of the latest year in a folder of the office's own.

    Raises PlanError if one is not there or cannot be read, and for a value that was taken over and names a year.
    """
    if isinstance(which, int):
        shelf, year = _Shelf((SHIPPED,)), which
    else:
        shelf, year = _Shelf((which, SHIPPED)), latest(which)
    said = _year(year, shelf)
    clauses = {cite: entry for cite, entry in said.clauses.items() if "gone" not in entry}
    counties = shelf.read("counties.toml")
    return YearFiles(year, said.title, said.plan, said.office, clauses, counties, shelf.hashes)


def latest(folder: Path) -> int:
    """The latest plan year in a folder; those before it are what it may be based on."""
    years = [int(found[1]) for path in folder.iterdir() if (found := YEAR_FILE.fullmatch(path.name))]
    if not years:
        raise PlanError(f"資料夾「{folder}」沒有計畫檔（例如 108.toml）。")
    return max(years)


def _year(year: int, shelf: _Shelf) -> _Said:
    """What a year says, with what those say that it is based on."""
    own = _own(year, shelf)
    if own.before is None:
        return own
    beneath = _year(own.before, shelf)
    _said_anew(year, own, beneath)
    return replace(
        own,
        plan=_over(own.plan, beneath.plan),
        office=_over(own.office, beneath.office),
        clauses={**beneath.clauses, **own.clauses},
    )


def _own(year: int, shelf: _Shelf) -> _Said:
    """What the year's own files say."""
    names = tuple(f"{year}{part}.toml" for part in ("", ".office", ".clauses"))
    plan, office, clauses = map(shelf.read, names)
    if (stated := plan.get("year")) != year:
        raise PlanError(f"{names[0]} 所載年度為 {stated}。")
    if not isinstance(title := plan.get("title"), str):
        raise PlanError(f"{names[0]} 未載計畫名稱（title）。")
    before = plan.get("based_on")
    if "based_on" in plan and (type(before) is not int or before >= year):
        raise PlanError(f"{names[0]} 之 based_on 為「{before}」，應為較早之年度。")
    said = {name: of for name, of in plan.items() if name not in HEADER}
    for name, groups in zip(names, (said, office, clauses), strict=True):
        _tables(name, groups)
    for name, groups in zip(names, (said, office), strict=False):
        for group, entries in groups.items():
            _tables(name, {f"{group}.{key}": entry for key, entry in entries.items()})
    return _Said(title, before, said, office, clauses)


def _tables(file: str, entries: Entries) -> None:
    """Refuse what is a bare value where a table is wanted."""
    for name, entry in entries.items():
        if not isinstance(entry, Mapping):
            raise PlanError(f"「{file}」之「{name}」應為一節，不是單一之值。")


def _over(own: Entries, beneath: Entries) -> Entries:
    """The groups of the year beneath, with the year's own entries in the place of theirs."""
    return {name: {**beneath.get(name, {}), **group} for name, group in {**beneath, **own}.items()}


def _said_anew(year: int, own: _Said, beneath: _Said) -> None:
    """Refuse what was taken over from the year beneath and names a year or a day."""
    if stale := [*_stale(own.plan, beneath.plan), *_stale(own.office, beneath.office)]:
        raise PlanError(
            f"{year} 年度沿用 {own.before} 年度之下列項目，其值隨年度而異，請重新載明：{'、'.join(stale)}。"
        )
    dated = (
        f"「{cite}」" for cite, entry in beneath.clauses.items() if cite not in own.clauses and _dated(entry)
    )
    if clauses := "、".join(dated):
        raise PlanError(f"{year}.clauses.toml 沿用之條次摘要載有年度或日期，請重新載明：{clauses}。")


def _stale(own: Entries, beneath: Entries) -> Iterator[str]:
    for group, entries in beneath.items():
        stated = own.get(group, {})
        for key, entry in entries.items():
            if key not in stated and (key.endswith(OF_A_YEAR) or _dated(entry)):
                yield f"「{entry.get('label', key)}」（{group}.{key}）"


def _dated(said: object) -> bool:
    """Whether a value, or the words about it, name a year or a day."""
    match said:
        case date():
            return True
        case str():
            return bool(DATED.search(said))
        case Mapping():
            return any(_dated(one) for name, one in said.items() if name not in SAID_WHEN)
        case list():
            return any(map(_dated, said))
    return False


def _parsed(name: str, content: bytes) -> dict:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise PlanError(f"「{name}」不是 UTF-8 文字檔。") from None
    except tomllib.TOMLDecodeError as problem:
        raise PlanError(f"「{name}」不合 TOML 格式：{problem}。") from None
