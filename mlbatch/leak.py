"""No recipient's package holds another's data (發布前之外洩檢查).

Packages are built from one recipient's rows only. This looks again, at the finished files as they
will be sent: unpacked, they are searched for the codes, names, telephone numbers and addresses of
all others. What the recipient itself handed in, what the program says to everybody, and the names
of schools that its own findings name are no leak. A hit stops the run.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from operator import add
from pathlib import Path

import pandas as pd

from mlbatch import again, unpacked
from mlbatch.directory import name_key
from mlbatch.output import Paper
from mlbatch.recipient import Recipient
from mlbatch.sheet import clean
from mlbatch.stop import CannotRun
from mlbatch.tables import DECIDED, KEY, Tables, records
from mlbatch.templates import folder as templates

CODE, SCHOOL = "學校代碼", "學校名稱"
Owners = dict[tuple[str, str], tuple[str, ...]]  # (word, sort of data) → the folders of those whose it is
OPEN_TO_ALL = {CODE, SCHOOL}  # the directory of schools is public: a finding may name another's school
# What identifies someone, by table and column, in what senders hand in.
PERSONAL = {
    "lists": {"officer": "承辦人", "telephone": "電話", "email": "電子郵件"},
    "plans": {"principal": "校長", "officer": "承辦人", "telephone": "電話", "email": "電子郵件"},
    "classes": {"teacher": "教師"},
    "advisors": {"advisor": "輔導學者"},
    "revised_plans": {"principal": "校長", "officer": "承辦人", "telephone": "電話", "email": "電子郵件"},
    "revised_classes": {"teacher": "教師"},
    "revised_advisors": {"advisor": "輔導學者"},
    "budgets": {"officer": "承辦人", "telephone": "電話"},
    "county_budgets": {"officer": "承辦人", "telephone": "電話"},
    "logbooks": {"officer": "承辦人", "telephone": "電話", "email": "電子郵件"},
    "visits": {"advisor": "輔導學者"},
    "attended": {"person": "參與人員"},
    "profiles": {"principal": "校長", "officer": "承辦人", "telephone": "電話", "email": "電子郵件"},
    "core_team": {"person": "核心教師"},
    "changes": {"officer": "承辦人", "telephone": "電話"},
    "change_rows": {"teacher": "教師"},
    "county_logbooks": {"officer": "承辦人", "telephone": "電話", "email": "電子郵件"},
    "delegates": {"person": "參與人員"},
    "coach_applications": {"officer": "承辦人", "telephone": "電話", "email": "電子郵件"},
    "coach_records": {"officer": "承辦人", "telephone": "電話", "email": "電子郵件"},
    "coach_events": {"person": "參與人員"},
    "settlements": {"officer": "承辦人", "telephone": "電話"},
}
# The forms that a school or county hands in for itself, by the table of their heads.
HEADS = (
    "lists",
    "plans",
    "revised_plans",
    "budgets",
    "county_budgets",
    "logbooks",
    "profiles",
    "changes",
    "county_logbooks",
    "coach_applications",
    "coach_records",
    "settlements",
)
SHORTEST = {CODE: 6, SCHOOL: 3, "電話": 7, "電子郵件": 6}  # a person's name has two characters
NUMBERS = (
    CODE,
    "電話",
    "電子郵件",
)  # a name may stand in our own words by chance, these are their owner's alone
NAME = 2  # a name so short counts only where it stands alone
EACH = 2  # the characters by which the lookup begins: each with the next one


class LeakError(CannotRun):
    """A package holds another recipient's data; the text names the recipient and the file, no data."""


@dataclass(frozen=True)
class Leak:
    """One word of another in a package: whose package, which file, what sort of data, the word."""

    recipient: str
    path: str
    sort: str
    word: str


class Words:
    """Words that are looked for at every place of a text in one pass."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._lengths: dict[str, tuple[int, ...]] = defaultdict(tuple)
        for start, length in sorted({(word[:EACH], len(word)) for word in self._words}):
            self._lengths[start] += (length,)
        self._lengths = dict(self._lengths)
        self._lines: dict[str, tuple[str, ...]] = {}

    @property
    def known_by(self) -> str:
        """One hash over all of them."""
        return hashlib.sha256("\n".join(sorted(self._words)).encode()).hexdigest()

    def in_file(self, content: bytes) -> list[str]:
        """The words that stand in a finished file."""
        return sorted({word for line in unpacked.lines(content) for word in self.in_line(line)})

    def in_line(self, line: str) -> tuple[str, ...]:
        """The words that stand in a line; most lines stand in every package."""
        if (known := self._lines.get(line)) is None:
            self._lines[line] = known = tuple(self.within(name_key(line)))
        return known

    def within(self, text: str) -> Iterator[str]:
        """Each word where it stands in `text` and is not a part of a longer number or name."""
        for at, lengths in enumerate(map(self._lengths.get, map(add, text, text[1:]))):
            for length in lengths or ():
                word = text[at : at + length]
                if word in self._words and _stands(word, text[:at][-1:], text[at + length :][:1]):
                    yield word


class Search:
    """What is searched for in a month's packages.

    `read` is what came in, `tables` what was decided, `whom` everyone who gets a package.
    """

    def __init__(self, read: Tables, tables: Tables, whom: Sequence[Recipient]) -> None:
        self._read, self._tables, self._whom = read, tables, whom
        self._told: dict[str, Sequence[str]] = {}

    @cached_property
    def words(self) -> Words:
        """Everybody's words."""
        return Words(self._sorts)

    @cached_property
    def _files(self) -> dict[str, str]:
        return _files(self._read, self._tables, self._whom)

    @cached_property
    def _owners(self) -> Owners:
        return _owners(self._read, self._tables, self._whom, self._files)

    @cached_property
    def _sorts(self) -> dict[str, tuple[str, ...]]:
        """Word → the sorts of data that it is."""
        found: dict[str, tuple[str, ...]] = {}
        for word, sort in sorted(self._owners):
            found[word] = _and(found.get(word, ()), sort)
        return found

    def told(self, content: bytes, stands: Sequence[str]) -> None:
        """Take what another process found of `words` in these bytes."""
        self._told[hashlib.sha256(content).hexdigest()] = stands

    def refuse(self, papers: Iterable[Paper]) -> None:
        """Raise LeakError if a paper for a recipient holds another's data."""
        if found := self.leaks(papers):
            first = found[0]
            name = next(who.name for who in self._whom if who.folder == first.recipient)
            files = len({leak.path for leak in found})
            more = f"等 {files} 份文件" if files > 1 else ""
            raise LeakError(
                f"「{name}」之「{first.path}」{more}含有其他受文者之資料（{first.sort}），未發布任何文件，"
                "請檢查收件與評分意見內是否填入他校資料；若無，請洽維護人員。"
            )

    def leaks(self, papers: Iterable[Paper]) -> list[Leak]:
        """Every word of another recipient in a package, in the order of papers, sorts and words."""
        found, known = [], self.words.known_by
        own = {who.folder: _Own(who, self._read, self._tables, self._files) for who in self._whom}
        for paper in (paper for paper in papers if paper.recipient):
            mine = own[paper.recipient]
            here = f"{paper.sha256} {paper.path}"
            stands = again.found("words", here, partial(self._in_paper, paper), known)
            hits = {(sort, word) for word in stands for sort in self._sorts[word]}
            for sort, word in sorted(hits):
                if paper.recipient not in self._owners[word, sort] and not mine.may_read(word, sort):
                    found.append(Leak(paper.recipient, paper.path, sort, word))
        return found

    def _in_paper(self, paper: Paper) -> Sequence[str]:
        """The words in a paper and in its path."""
        return [*self.words.in_line(paper.path), *self._in_file(paper.content)]

    def _in_file(self, content: bytes) -> Sequence[str]:
        told = self._told.get(hashlib.sha256(content).hexdigest()) if self._told else None
        return self.words.in_file(content) if told is None else told


class _Own:
    """What one recipient may read: what it handed in, and what its findings tell it."""

    def __init__(self, who: Recipient, read: Tables, tables: Tables, files: Mapping[str, str]) -> None:
        self._who, self._read, self._tables, self._files = who, read, tables, files
        self._text: dict[str, str] = {}

    def may_read(self, word: str, sort: str) -> bool:
        """Whether a word of others is no secret to this recipient."""
        if not self._text:
            self._text = {"own": _joined(self._handed_in()), "told": _joined(self._told())}
        told = sort in OPEN_TO_ALL and word in self._text["told"]
        ours = sort not in NUMBERS and word in _program_says()
        return told or word in self._text["own"] or ours

    def _handed_in(self) -> Iterator[object]:
        mine = {file for file, folder in self._files.items() if folder == self._who.folder}
        yield from mine
        for name in self._read:
            table = self._read[name]
            if "file" not in table or name == "files":
                continue
            rows = table[table["file"].isin(mine)]
            for column in rows.columns.difference(["file", "place"]):
                yield from rows[column]
        yield from (f.read for f in self._tables.findings if f.at.file in mine)

    def _told(self) -> Iterator[object]:
        for finding in self._tables.findings:
            if self._who.owns(finding):
                yield from finding.facts.values()
        yield from _partners(self._tables, self._who)


def _partners(tables: Tables, who: Recipient) -> Iterator[object]:
    """Code and name of the other school of each pair that the ministry decided with one of its own (附件3.四2)."""
    for row in records(tables["coached"]) if "coached" in tables else ():
        for side, other in (("coach_", ""), ("", "coach_")) if row["state"] == DECIDED else ():
            key, national = (row[f"{side}code"], row[f"{side}level"]), row[f"{side}national"]
            mine = not national and row[f"{side}county"] == who.county
            if key == who.school if who.school[0] else mine:
                yield from (row[f"{other}code"], row[f"{other}name"])


def _files(read: Tables, tables: Tables, whom: Sequence[Recipient]) -> dict[str, str]:
    """Who sent each list and plan: file → the sender's folder, as far as it is known."""
    counties = {who.county: who.folder for who in whom if who.county}
    schools = _folders_of_schools(tables, whom)
    found = {}
    for name in (name for name in HEADS if name in read):
        for file, county, *key in again.of_tables("heads", read, [name], partial(_heads, read, name)):
            found[file] = (schools.get(tuple(key)) if key else None) or counties.get(county, "")
    if "plans" in tables:
        for row in records(tables["plans"][["file", "school"]]):
            found[row["file"]] = schools.get(row["school"]) or found.get(row["file"], "")
    return {file: folder for file, folder in found.items() if folder}


def _heads(read: Tables, name: str) -> list[tuple]:
    """(file, county, and the school if it is one's) of each head."""
    table = read[name]
    columns = ["file", "county", *(KEY if "code" in table else ())]
    return list(zip(*(table[column].tolist() for column in columns), strict=True))


def _folders_of_schools(tables: Tables, whom: Sequence[Recipient]) -> dict[tuple[str, str], str]:
    counties = {who.county: who.folder for who in whom if who.county}
    found = {who.school: who.folder for who in whom if not who.county}
    columns = tables["schools"][["code", "level", "county", "national"]]
    for code, level, county, national in columns.itertuples(index=False):
        if not national and county in counties:
            found[code, level] = counties[county]
    return found


def _owners(read: Tables, tables: Tables, whom: Sequence[Recipient], files: Mapping[str, str]) -> Owners:
    """(word, sort of data) → the folders of those whose word it is; the reviewers' names are nobody's."""
    found: Owners = {}
    schools = _folders_of_schools(tables, whom)
    for code, level, name in tables["schools"][["code", "level", "name"]].itertuples(index=False):
        _add(found, code, CODE, schools.get((code, level), ""))
        _add(found, name, SCHOOL, schools.get((code, level), ""))
    for name in (name for name in PERSONAL if name in read):
        said = again.of_tables("persons", read, [name], partial(_persons, read, name))
        for folder, words in ((files.get(file), words) for file, words in said.items()):
            for word, sort in words if folder else ():
                found[word, sort] = _and(found.get((word, sort), ()), folder)
    for row in _records(read, "reviewers", ["name"]):
        _add(found, row["name"], "審查委員", "")
    return found


def _persons(read: Tables, name: str) -> dict[str, list[tuple[str, str]]]:
    """File → the words of persons in one of its tables, each with its sort."""
    found: dict[str, Owners] = defaultdict(dict)
    for row in _records(read, name, ["file", *PERSONAL[name]]):
        for column, sort in PERSONAL[name].items():
            _add(found[row["file"]], row[column], sort)
    return {file: list(words) for file, words in found.items()}


def _records(tables: Tables, name: str, columns: list[str]) -> list[dict]:
    return records(tables[name][columns]) if name in tables else []


def _add(found: Owners, value: object, sort: str, folder: str = "") -> None:
    word = _key(value)
    if len(word) >= SHORTEST.get(sort, NAME):
        found[word, sort] = _and(found.get((word, sort), ()), folder)


@lru_cache(maxsize=4096)
def _and(ones: tuple[str, ...], one: str) -> tuple[str, ...]:
    """These and one more, if it is not among them: the same few choices belong to thousands of words."""
    return ones if one in ones else (*ones, one)


def _key(value: object) -> str:
    return name_key(clean(value)) if isinstance(value, str) else ""


def _joined(values: Iterable[object]) -> str:
    return "\n".join(
        sorted({_key(value) for value in values if isinstance(value, str) and not pd.isna(value)})
    )


def _stands(word: str, before: str, after: str) -> bool:
    """Whether a word between two characters is a word of its own."""
    if len(word) <= NAME:
        return not (before.isalnum() or after.isalnum())
    return not (_joins(before, word[0]) or _joins(word[-1], after))


def _joins(one: str, other: str) -> bool:
    """Whether two characters belong to one number or one Latin word."""
    return one.isascii() and one.isalnum() and other.isascii() and other.isalnum()


@cache
def _program_says() -> str:
    """All words in the program's own files and templates: what stands there is told to everybody."""
    own = [path for kind in ("*.py", "*.toml") for path in Path(__file__).parent.rglob(kind)]
    texts = [name_key(path.read_text("utf-8")) for path in sorted(own)]
    for path in sorted(templates().rglob("*")):
        if path.suffix in (".docx", ".html") and path.is_file():
            texts += sorted(name_key(line) for line in unpacked.lines(path.read_bytes()))
    return "\n".join(texts)
