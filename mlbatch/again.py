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
from mlbatch.tables import Tables

SORT = "made"
FINDINGS = ""  # the name under which findings are looked into
Given = ParamSpec("Given")
Found = TypeVar("Found")
Former = Callable[[str], bytes | None]  # sha256 → what stands in the former output


def kept(make: Callable[Given, bytes]) -> Callable[Given, bytes]:
    """Make a paper only if something has changed that it is made from."""

    @wraps(make)
    def made(*args: Given.args, **more: Given.kwargs) -> bytes:
        memory = _memory.get()
        return memory.made(make, args, more) if memory else make(*args, **more)

    return made


@dataclass(frozen=True)
class Asked:
    """A paper that is asked for: what it is known by, and the tables that it may look into."""

    memory: Memory
    key: str
    tables: Sequence[Tables]

    def there(self) -> bytes | None:
        """The paper from the former output, if nothing has changed that it was made from."""
        return self.memory.there(self.key, self.tables)

    def keep(self, content: bytes, seen: Sequence[Iterable[str]] | None = None) -> None:
        """Say what the paper was made from: what was `seen` of each of its tables, or all that they hold."""
        self.memory.keep(
            self.key, self.tables, seen or [{*one.frames, FINDINGS} for one in self.tables], content
        )


def asked(make: Callable[..., bytes], args: Sequence, more: Mapping) -> Asked | None:
    """A paper that `make(*args, **more)` gives; None outside a run that keeps something, and for what cannot be told."""
    memory = _memory.get()
    return memory.asked(make, args, more) if memory else None


def found(sort: str, content: bytes, find: Callable[[bytes], Found], by: str = "") -> Found:
    """What `find(content)` finds, as JSON can tell it; in a run that keeps something, what the last run found.

    `sort` names what is found, `by` whatever it depends on besides the content.
    """
    memory = _memory.get()
    return memory.found(sort, content, find, by) if memory else find(content)


class Memory:
    """What papers were made from in the last run, and where they stand."""

    def __init__(self, store: Store, former: Former) -> None:
        self._store, self._former = store, former
        self._hashes: dict[int, tuple[object, str]] = {}  # by identity, with what must not go meanwhile

    def asked(self, make: Callable[..., bytes], args: Sequence, more: Mapping) -> Asked | None:
        """See `asked`."""
        given = (*args, *more.values())
        names = (make.__module__, make.__qualname__, len(args), *more)
        try:
            key = self._hash([names, *(None if isinstance(one, Tables) else one for one in given)])
        except (pickle.PicklingError, TypeError, AttributeError):
            return None
        return Asked(self, key, [one for one in given if isinstance(one, Tables)])

    def made(self, make: Callable[..., bytes], args: tuple, more: Mapping) -> bytes:
        """The paper, taken over or made."""
        if (paper := self.asked(make, args, more)) is None:
            return make(*args, **more)
        if (there := paper.there()) is not None:
            return there
        seen = [_Seen(one) for one in paper.tables]
        watched = dict(zip(map(id, paper.tables), seen, strict=True))
        content = make(
            *(watched.get(id(one), one) for one in args),
            **{k: watched.get(id(v), v) for k, v in more.items()},
        )
        paper.keep(content, [one.looked_into for one in seen])
        return content

    def there(self, key: str, tables: Sequence[Tables]) -> bytes | None:
        """See `Asked.there`."""
        if (found := self._store.get(SORT, key)) is None:
            return None
        said = json.loads(found)
        same = all(self._table(tables[place], name) == own for place, name, own in said["from"])
        return self._former(said["sha256"]) if same else None

    def keep(self, key: str, tables: Sequence[Tables], seen: Sequence[Iterable[str]], content: bytes) -> None:
        """See `Asked.keep`."""
        try:
            of = [
                (place, name, self._table(tables[place], name))
                for place, one in enumerate(seen)
                for name in sorted(one)
            ]
        except (pickle.PicklingError, TypeError, AttributeError):
            return
        said = {"from": of, "sha256": hashlib.sha256(content).hexdigest()}
        self._store.put(SORT, key, json.dumps(said).encode())

    def found(self, sort: str, content: bytes, find: Callable[[bytes], Found], by: str) -> Found:
        """See `found`."""
        key = f"{hashlib.sha256(content).hexdigest()} {by}"
        if (known := self._store.get(sort, key)) is not None:
            return json.loads(known)
        said = find(content)
        self._store.put(sort, key, json.dumps(said).encode())
        return said

    def _table(self, tables: Tables, name: str) -> str:
        """The hash of a table, of the findings, or of there being no such table."""
        of = tables.findings if name == FINDINGS else tables.frames.get(name)
        if id(of) not in self._hashes:
            self._hashes[id(of)] = of, self._hash(of)
        return self._hashes[id(of)][1]

    def _hash(self, value: object) -> str:
        sink = _Sink()
        pickler = pickle.Pickler(sink, 5)
        pickler.fast = True  # by value and not by identity: the same words make the same bytes
        pickler.dispatch_table = _told()
        pickler.dump(value)
        return sink.sum.hexdigest()


_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


@contextmanager
def remembering(memory: Memory | None) -> Iterator[None]:
    """Within the block papers are taken over where they can be."""
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)


class _Sink:
    """A file that keeps nothing but the hash of what is written to it."""

    def __init__(self) -> None:
        self.sum = hashlib.sha256()
        self.write = self.sum.update


class _Seen(Tables):
    """Tables that remember which of them were looked into."""

    def __new__(cls, of: Tables | None = None, **plain: object) -> Tables:
        """Those of `of`; what is put together from them anew is plain again."""
        return Tables(**plain) if plain else super().__new__(cls)

    def __init__(self, of: Tables) -> None:
        looked_into: set[str] = set()
        object.__setattr__(self, "looked_into", looked_into)
        object.__setattr__(self, "frames", _Frames(of.frames, looked_into))
        object.__setattr__(self, "ready", {})  # nothing is, once rules have run
        object.__setattr__(self, "_of", of)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings so far."""
        self.looked_into.add(FINDINGS)
        return self._of.findings


class _Frames(Mapping):
    def __init__(self, of: Mapping, looked_into: set[str]) -> None:
        self._of, self._looked_into = of, looked_into

    def __getitem__(self, name: str):
        self._looked_into.add(name)
        return self._of[name]

    def __contains__(self, name: object) -> bool:
        self._looked_into.add(name)
        return name in self._of

    def __iter__(self) -> Iterator[str]:
        self._looked_into.update(self._of)
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)


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
        Place: lambda place: (tuple, ((place.file, place.sheet, place.row, place.columns),)),
        MappingProxyType: lambda facts: (dict, (dict(facts),)),
        **_else,
    }


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
_else: dict[type, Callable[[object], tuple]] = {}
