"""What need not be done again (重作之省略): papers of which nothing has changed that they were made from.

`kept` marks a function that makes a paper from its arguments and from nothing else. Within a run that keeps something,
its arguments are hashed; of tables only those count that it looked into when it last ran. If all are the same, the paper is
taken from the former output, where it stands under its sha256. Outside such a run the function is called as ever.
"""

from __future__ import annotations

import copyreg
import hashlib
import json
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from types import MappingProxyType
from typing import ParamSpec, TypeVar

from mlbatch.finding import At, Finding, Kind, Place
from mlbatch.plan import Plan
from mlbatch.store import Store
from mlbatch.tables import Frames, Later, Tables

MADE = "made"
FINDINGS = ""  # the name under which findings are looked into
Given = ParamSpec("Given")
Found = TypeVar("Found")
Former = Callable[[str], bytes | None]  # sha256 → what stands in the former output
SizeOf = Callable[[str], int | None]


def kept(make: Callable[Given, bytes]) -> Callable[Given, bytes]:
    """Make a paper only if something has changed that it is made from."""

    @wraps(make)
    def made(*args: Given.args, **more: Given.kwargs) -> bytes:
        memory = _memory.get()
        return memory.made(make, args, more) if memory else make(*args, **more)

    return made


@dataclass(frozen=True)
class Work:
    """Something that is made from tables and from what is in its key: what came of it, if nothing has changed since."""

    memory: Memory
    part: str
    key: str
    tables: Sequence[Tables]

    def known(self) -> object | None:
        """What came of it, as JSON can tell it, when it last was made from the same; None if it is to be made."""
        return self.memory.known(self.part, self.key, self.tables)

    def keep(self, came: object, seen: Sequence[Iterable[str]] | None = None) -> None:
        """Say what came of it, and what was `seen` of each of its tables, or all that they hold."""
        seen = seen or [{*one.frames, FINDINGS} for one in self.tables]
        self.memory.keep(self.part, self.key, self.tables, seen, came)

    def paper(self) -> bytes | None:
        """The paper that came of it, from the former output."""
        said = self.known()
        return self.memory.former(said) if said else None

    def keep_paper(self, content: bytes, seen: Sequence[Iterable[str]] | None = None) -> None:
        """Say which paper came of it; see `keep`."""
        self.keep(hashlib.sha256(content).hexdigest(), seen)


def asked(make: Callable[..., object], args: Sequence, more: Mapping) -> Work | None:
    """What comes of `make(*args, **more)`; None outside a run that keeps something, and for what cannot be told."""
    memory = _memory.get()
    return memory.asked(make, args, more) if memory else None


@contextmanager
def part(name: str) -> Iterator[None]:
    """Within the block what is made is kept as a part of this name, which can be held as a whole."""
    if (memory := _memory.get()) is None:
        yield
        return
    before, memory.part = memory.part, name
    try:
        yield
    finally:
        memory.part = before


def catch_up() -> None:
    """Keep now what was put off: while others draw papers, nobody waits for it."""
    if memory := _memory.get():
        memory.catch_up()


def hold(name: str) -> None:
    """Keep a part as it is, of which nothing had to be asked for in this run."""
    if memory := _memory.get():
        memory.hold(name)


def found(sort: str, known_by: str, find: Callable[[], Found], by: str = "") -> Found:
    """What `find` finds in what is `known_by` a hash, as JSON can tell it; in a run that keeps something, what the last run found.

    `sort` names what is found, `by` whatever it depends on besides.
    """
    memory = _memory.get()
    return memory.found(sort, known_by, find, by) if memory else find()


def of_tables(
    sort: str, tables: Tables, names: Sequence[str], find: Callable[[], Found], by: str = ""
) -> Found:
    """What `find` finds in the tables called `names`; see `found`."""
    if (memory := _memory.get()) is None:
        return find()
    known_by = "\n".join([*(memory.hash_of(tables, name) for name in names), by])
    return memory.found(sort, hashlib.sha256(known_by.encode()).hexdigest(), find, "")


class Memory:
    """What papers and other work were made from in the last run, what came of them, and where papers stand."""

    def __init__(self, store: Store, former: Former, size_of: SizeOf | None = None) -> None:
        """`former` gives what stands in the former output; `size_of`, where it is told without reading it, how large that is."""
        self.store, self.former, self.part = store, former, ""
        self.size_of = size_of or (lambda sha256: None if (found := former(sha256)) is None else len(found))
        self._lists: dict[tuple[str, str], _List] = {}
        self._put_off: list[Callable[[], None]] = []
        self._hashes: dict[int, tuple[object, str]] = {}  # by identity, with what must not go meanwhile

    def asked(self, make: Callable[..., object], args: Sequence, more: Mapping) -> Work | None:
        """See `asked`."""
        given = (*args, *more.values())
        names = (make.__module__, make.__qualname__, len(args), *more)
        try:
            key = self._hash([names, *(None if isinstance(one, Tables) else one for one in given)])
        except (pickle.PicklingError, TypeError, AttributeError):
            return None
        return Work(self, self.part, key, [one for one in given if isinstance(one, Tables)])

    def made(self, make: Callable[Given, bytes], args: tuple, more: Mapping) -> bytes:
        """The paper, taken over or made."""
        if (work := self.asked(make, args, more)) is None:
            return make(*args, **more)
        if (there := work.paper()) is not None:
            return there
        seen = [Seen(one) for one in work.tables]
        watched = dict(zip(map(id, work.tables), seen, strict=True))
        content = make(
            *(watched.get(id(one), one) for one in args),
            **{k: watched.get(id(v), v) for k, v in more.items()},
        )
        work.keep_paper(content, [one.looked_into for one in seen])
        return content

    def known(self, part: str, key: str, tables: Sequence[Tables]) -> object | None:
        """See `Work.known`."""
        if (said := self._list(MADE, part).get(key)) is None:
            return None
        same = all(self.hash_of(tables[place], name) == own for place, name, own in said["from"])
        return said["came"] if same else None

    def keep(
        self, part: str, key: str, tables: Sequence[Tables], seen: Sequence[Iterable[str]], came: object
    ) -> None:
        """See `Work.keep`."""
        try:
            of = [
                (place, name, self.hash_of(tables[place], name))
                for place, one in enumerate(seen)
                for name in sorted(one)
            ]
        except (pickle.PicklingError, TypeError, AttributeError):
            return
        self._list(MADE, part).put(key, {"from": of, "came": came})

    def hold(self, part: str) -> None:
        """See `hold`."""
        self.store.hold(MADE, part)

    def found(self, sort: str, known_by: str, find: Callable[[], Found], by: str) -> Found:
        """See `found`."""
        kept = self._list(sort, by)
        if (said := kept.get(known_by)) is None:
            kept.put(known_by, said := find())
        return said

    def hash_of(self, tables: Tables, name: str) -> str:
        """The hash of a table, of the findings, or of there being no such table."""
        of = tables.findings if name == FINDINGS else _held(tables.frames, name)
        if isinstance(of, Later):
            if of.known_by:
                return of.known_by
            of = of()
        if id(of) not in self._hashes:
            self._hashes[id(of)] = of, self._hash(of)
        return self._hashes[id(of)][1]

    def know(self, of: object, known_by: str) -> None:
        """Take the hash of a table or of findings from what the last run kept of them."""
        self._hashes[id(of)] = of, known_by

    def put_off(self, keep: Callable[[], None]) -> None:
        """Keep something later."""
        self._put_off.append(keep)

    def catch_up(self) -> None:
        """See `catch_up`."""
        while self._put_off:
            self._put_off.pop(0)()

    def close(self, done: bool) -> None:
        """Let the store have what this run used; if it was not `done`, what was there before as well."""
        if done:
            self.catch_up()
        for (sort, by), kept in self._lists.items():
            if (packed := kept.packed(only_used=done)) is None:
                self.store.hold(sort, by)
            else:
                self.store.put(sort, by, packed)

    def _list(self, sort: str, by: str = "") -> _List:
        if (sort, by) not in self._lists:
            self._lists[sort, by] = _List(self.store.get(sort, by))
        return self._lists[sort, by]

    def _hash(self, value: object) -> str:
        sink = _Sink()
        pickler = pickle.Pickler(sink, 5)
        pickler.fast = True  # by value and not by identity: the same words make the same bytes
        pickler.dispatch_table = _told()
        pickler.dump(value)
        return sink.sum.hexdigest()


class _List:
    """Many small things of one sort, which are kept as one."""

    def __init__(self, packed: bytes | None) -> None:
        self._known = json.loads(packed) if packed else {}
        self._used: dict[str, object] = {}
        self._more = False

    def get(self, key: str) -> object | None:
        """One of them; None if it was not kept."""
        if (said := self._known.get(key)) is not None:
            self._used[key] = said
        return said

    def put(self, key: str, said: object) -> None:
        """Keep one."""
        self._used[key], self._more = said, True

    def packed(self, only_used: bool) -> bytes | None:
        """Those that were used, or all of them; None if they are as they were kept."""
        if not self._more and (not only_used or len(self._used) == len(self._known)):
            return None
        return json.dumps(
            self._used if only_used else {**self._known, **self._used}, ensure_ascii=False
        ).encode()


_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


@contextmanager
def remembering(memory: Memory | None) -> Iterator[None]:
    """Within the block papers are taken over where they can be."""
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)
        _shared.clear()


class _Sink:
    """A file that keeps nothing but the hash of what is written to it."""

    def __init__(self) -> None:
        self.sum = hashlib.sha256()
        self.write = self.sum.update


class Seen(Tables):
    """Tables that remember which of them were looked into."""

    def __new__(
        cls, of: Tables | None = None, looked_into: set[str] | None = None, **plain: object
    ) -> Tables:
        """Those of `of`; what is put together from them anew is plain again, and its tables remember as well."""
        return Tables(**plain) if plain else super().__new__(cls)

    def __init__(self, of: Tables, looked_into: set[str] | None = None) -> None:
        looked_into = set() if looked_into is None else looked_into
        object.__setattr__(self, "looked_into", looked_into)
        object.__setattr__(self, "frames", Watched(of.frames, looked_into))
        object.__setattr__(self, "ready", {})  # nothing is, once rules have run
        object.__setattr__(self, "_of", of)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings so far."""
        self.looked_into.add(FINDINGS)
        return self._of.findings


class Watched(Frames):
    """Frames that remember which of those that were there at first were looked into, or handed on."""

    def __init__(self, of: Mapping, looked_into: set[str], first: Mapping | None = None) -> None:
        super().__init__(of)
        self._looked_into = looked_into
        self._first = self._of if first is None else first

    def _look(self, name: str) -> None:
        if self._of.get(name) is self._first.get(name):
            self._looked_into.add(name)

    def __getitem__(self, name: str):
        self._look(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._look(name)
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        for name in self._of:
            self._look(name)
        return super().__iter__()

    def put(self, more: Mapping) -> Frames:
        """See `Frames.put`."""
        return Watched({**self._of, **more}, self._looked_into, self._first)

    def keep(self, names: Iterable[str]) -> Frames:
        """See `Frames.keep`; whoever is given them may look into them unseen."""
        names = tuple(names)
        for name in names:
            self._look(name)
        return super().keep(names)


def _held(frames: Mapping, name: str) -> object:
    return frames.held(name) if isinstance(frames, Frames) else frames.get(name)


@cache
def _told() -> Mapping[type, Callable]:
    """How what papers are made from is told, so that what is equal has the same bytes."""
    from pandas import DataFrame

    return copyreg.dispatch_table | {
        DataFrame: lambda t: (tuple, (([*map(str, t.dtypes)], [*t], [t[name].tolist() for name in t]),)),
        Plan: lambda plan: (str, (_plan(plan),)),
        Finding: lambda f: (tuple, ((f.kind, f.at, f.facts, f.school, f.county),)),
        Kind: lambda kind: (tuple, ((kind.id, str(kind.severity), kind.sentence, kind.remedy),)),
        At: lambda at: (tuple, ((at.file, at.sheet, at.column, at.row),)),
        Place: lambda place: (tuple, ((place.file, place.sheet, place.row, _cells(place.columns)),)),
        MappingProxyType: lambda facts: (dict, (dict(facts),)),
        **_else,
    }


def once(shared: MappingProxyType) -> str:
    """All of a mapping in words; of one that many share, they are found once."""
    if (known := _shared.get(id(shared))) is None:
        known = _shared[id(shared)] = shared, repr(sorted(shared.items()))
    return known[1]


def _cells(cells: object) -> object:
    return once(cells) if type(cells) is MappingProxyType else cells


def tell(sort: type, how: Callable[[object], str | tuple]) -> None:
    """Let values of one more sort be told by `how`, before the first is: by text or plain values that make all of it."""
    _else[sort] = lambda value: (_same, (how(value),))


def _same(told: str | tuple) -> str | tuple:
    return told


def _plan(plan: Plan) -> str:
    if _plans.get("plan") is not plan:
        _plans.update(plan=plan, hash=hashlib.sha256(repr(plan).encode()).hexdigest())
    return _plans["hash"]


_plans: dict[str, object] = {}
_shared: dict[int, tuple[object, str]] = {}  # by identity, with what must not go meanwhile
_else: dict[type, Callable[[object], tuple]] = {}
