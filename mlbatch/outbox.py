"""The outbox (發文清單): what becomes of each letter when a month is run again.

A letter is known by its path in the output, and what the program wrote there by the manifest, so
nothing depends on where the folder stands or when it was touched. A draft as it was written is
written anew; one that a hand was at is carried over byte for byte, and if the facts changed since,
the new draft stands beside in `公文新稿/`; one that was released (發文紀錄) is neither rewritten nor
withdrawn. Nothing is decided here about schools: all is said of letters (docs/decisions/0022).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path, PurePosixPath

from mlbatch import published
from mlbatch.output import LETTERS, OutputError, Paper
from mlbatch.published import What
from mlbatch.redraft import Difference, differences, reflects
from mlbatch.wording import Unreadable, Wording, told, wording

NEW_DRAFTS = "公文新稿/"


class State(StrEnum):
    """What a letter is; in the order in which a clerk should look at them."""

    CHANGED = "內容已變更"
    WITHDRAWN = "已撤回"
    EDITED = "已修改"
    DRAFT = "草稿"
    RELEASED = "已核發"


@dataclass(frozen=True)
class Found:
    """A letter in the former output: its bytes, what the manifest says of it, what a hand did."""

    content: bytes
    base: Mapping[str, object]
    what: What | None


@dataclass(frozen=True)
class Sent:
    """A letter that went out (發文紀錄): `draft` is what `spoken` gave of the draft it was made from."""

    path: str
    recipient: str
    kind: str
    day: date | None
    number: str
    sha256: str
    draft: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One letter of the outbox. `new_draft` is the path of what the program would now write."""

    path: str
    state: State
    note: str = ""
    new: Paper | None = None
    sent: Sent | None = None
    new_draft: str = ""
    differences: tuple[Difference, ...] = ()

    @property
    def folder(self) -> str:
        """The recipient's folder."""
        return folder_of(self.path)

    @property
    def kind(self) -> str:
        """The kind of letter: 核定函."""
        return kind_of(self.path)


@dataclass(frozen=True)
class Outbox:
    """Every letter with its state, all papers as they go out, and what the manifest says of letters.

    `bases` speaks of letters by path, `drafts` of new drafts that stand beside. `carried` are the
    paths of letters whose bytes are a hand's; `withdrawn` those of drafts that nobody touched and
    that are due no more.
    """

    entries: tuple[Entry, ...]
    papers: tuple[Paper, ...]
    bases: Mapping[str, Mapping[str, object]]
    drafts: Mapping[str, Mapping[str, object]]
    carried: frozenset[str] = frozenset()
    withdrawn: tuple[str, ...] = ()

    def counts(self) -> dict[State, int]:
        """How many letters there are of each state."""
        found = Counter(entry.state for entry in self.entries)
        return {state: found[state] for state in State if found[state]}

    def of(self, state: State) -> list[Entry]:
        """The letters of one state."""
        return [entry for entry in self.entries if entry.state is state]


@dataclass(frozen=True)
class _Settled:
    entry: Entry
    content: bytes | None  # what stands at the letter's path
    base: Mapping[str, object] | None = None


def folder_of(path: str) -> str:
    """The recipient's folder in a letter's path."""
    return PurePosixPath(path.removeprefix(LETTERS)).parts[0]


def kind_of(path: str) -> str:
    """The kind of letter that its path names."""
    return PurePosixPath(path).stem


def base_of(paper: Paper) -> dict[str, object]:
    """What the manifest says of a letter that the program wrote: sha256, form, and words by hash."""
    return {"written": paper.sha256, **(paper.said or told(paper.content))}


def spoken(words: Iterable[str]) -> str:
    """One hash over the hashes of a letter's units."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def new_draft(path: str) -> str:
    """Where the new draft of a letter stands that is not rewritten itself."""
    return f"{NEW_DRAFTS}{folder_of(path)}/{PurePosixPath(path).name}"


def former(out: Path, record: dict | None = None) -> dict[str, Found]:
    """The letters of a published folder that stand there, by path, or those of its manifest `record`.

    Raises OutputError for a damaged one.
    """
    record = record or published.manifest(out)
    outputs = record["outputs"] if record else ()
    drafts = published.drafts_of(record) if record else {}
    found = {}
    for said in outputs:
        path = said["path"]
        if "letter" in said and (out / path).exists():
            try:
                found[path] = _found((out / path).read_bytes(), said["letter"], drafts.get(path))
            except (OSError, Unreadable):
                raise OutputError(
                    f"輸出資料夾「{out}」內之「{path}」無法開啟，請先移出或復原後重新執行。"
                ) from None
    return found


def _found(content: bytes, base: Mapping, draft: Mapping | None) -> Found:
    """A letter that stands; where the new draft was put in its place, it is that draft."""
    what = published.touched(content, base, draft)
    return Found(content, draft, None) if what is What.REDRAFTED else Found(content, base, what)


def settle(
    papers: Sequence[Paper], stood: Mapping[str, Found] | None = None, sent: Mapping[str, Sent] | None = None
) -> Outbox:
    """What becomes of every letter: of those just written, those that stood there, those released."""
    stood, sent = stood or {}, sent or {}
    letters = {paper.path: paper for paper in papers if paper.letter}
    paths = [*letters, *sorted((stood.keys() | sent.keys()) - letters.keys())]
    settled = {path: _settled(path, letters.get(path), stood.get(path), sent.get(path)) for path in paths}
    out = [paper for paper in papers if not paper.letter]
    carried = set()
    for path, one in settled.items():
        if one and one.content is not None:
            paper = letters.get(path) or Paper(path, b"", kind_of(path), folder_of(path))
            out.append(replace(paper, content=one.content, said=None))
            if path not in letters or one.content != letters[path].content:
                carried.add(path)
        if one and one.entry.new_draft:
            words = f"{kind_of(path)}（新稿）"
            out.append(replace(letters[path], path=one.entry.new_draft, title=words))
    return Outbox(
        entries=tuple(one.entry for one in settled.values() if one),
        papers=tuple(out),
        bases={path: one.base for path, one in settled.items() if one and one.base},
        drafts={
            one.entry.new_draft: {"of": path, **base_of(letters[path])}
            for path, one in settled.items()
            if one and one.entry.new_draft
        },
        carried=frozenset(carried),
        withdrawn=tuple(path for path, one in settled.items() if one is None),
    )


def _settled(path: str, new: Paper | None, found: Found | None, sent: Sent | None) -> _Settled | None:
    """What becomes of one letter; None for a draft that is due no more and that nobody touched."""
    if sent:
        return _released(path, new, found, sent)
    if found and found.what:
        return _kept(path, new, found)
    return new and _Settled(Entry(path, State.DRAFT, new=new), new.content, base_of(new))


def _released(path: str, new: Paper | None, found: Found | None, sent: Sent) -> _Settled:
    """What went out is not touched: what stands there stays, and what is new is told."""
    entry = Entry(path, State.RELEASED, new=new, sent=sent)
    same = new is not None and sent.draft in ("", spoken(wording(new.content).hashes))
    if not same:
        entry = _changed(entry, new, sent.units, None, "核發後內容有變更；原函不動，請研議是否更正。")
    elif not sent.draft:
        entry = replace(entry, note="發文紀錄未載原擬文字，無從比對。")
    if found:
        return _Settled(entry, found.content, found.base)
    if same:
        return _Settled(entry, new.content, base_of(new))
    return _Settled(entry, None)


def _kept(path: str, new: Paper | None, found: Found) -> _Settled:
    """A hand was at it: it stays byte for byte, and the facts decide what is said of it."""
    entry, own = Entry(path, State.WITHDRAWN, new=new), wording(found.content)
    if new is None:
        return _Settled(replace(entry, note=_gone(found.what)), found.content, found.base)
    theirs = wording(new.content)
    if own.hashes == theirs.hashes:
        note = "曾另存，文字與程式所擬相同；保留原檔。"
        return _Settled(replace(entry, state=State.DRAFT, note=note), found.content, base_of(new))
    base = found.base["words"]
    if found.what is What.EDITED and reflects(own.hashes, theirs.hashes, base):
        entry = _compared(replace(entry, state=State.EDITED, note="手改之處見「差異」。"), own, theirs, base)
        return _Settled(entry, found.content, base_of(new))
    note = (
        "手改後內容有變更；請參照新稿更新。"
        if found.what is What.EDITED
        else "曾另存（文字未改），內容已變更；請改用新稿。"
    )
    return _Settled(_changed(entry, new, own.units, base, note), found.content, found.base)


def _gone(what: What) -> str:
    how = "經手改" if what is What.EDITED else "曾另存（文字未改）"
    return f"本次已無此函；原檔{how}，予以保留，不需要時請自行刪除。"


def _changed(
    entry: Entry, new: Paper | None, units: Sequence[str], base: Sequence[str] | None, note: str
) -> Entry:
    """The entry of a letter that stays though the facts changed, with the new draft and what differs."""
    entry = replace(entry, state=State.CHANGED, note=note)
    if new is None:
        return replace(entry, note=f"{note}（本次已無此函。）")
    apart = differences(units, wording(new.content).units, base) if units else ()
    return replace(entry, new_draft=new_draft(entry.path), differences=apart)


def _compared(entry: Entry, own: Wording, theirs: Wording, base: Sequence[str]) -> Entry:
    return replace(entry, differences=differences(own.units, theirs.units, base))
