"""What the rules of a job decided is taken over (裁定之沿用) if nothing has changed that they looked into.

Which tables they look into is watched while they run, not declared. What they made is kept under its hash and made again
when somebody looks into it; nothing but tables and findings is ever unpacked (docs/decisions/0050).
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, partial
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType

import numpy as np
import pandas as pd

from mlbatch import again, catalogue, rules
from mlbatch.finding import At, Finding, Kind, Place, Severity
from mlbatch.plan import Plan
from mlbatch.rules.rule import Report, Rule
from mlbatch.tables import Frames, Later, Tables

FRAME, FINDINGS = "frame", "findings"  # sorts in the store
BYTES = ("sha256", "size")  # of a file: no rule goes by its bytes
BY_TIME = ("recommendation", "application")  # whose time in the inbox counts where the register has none (S1)
DTYPES = ("object", "str", "Int64", "boolean", "bool", "int64")
Decision = tuple[Tables, list[Report]]


def run_rules(job: str, selected: Sequence[Rule], tables: Tables, plan: Plan, as_of: date) -> Decision:
    """See `rules.run_rules`: of each unit what it gave when it last ran, if nothing has changed that it looked into."""
    reports: list[Report] = []
    for unit, own in groupby(selected, attrgetter("unit")):
        tables, more = _run(f"{job} {unit}" if unit else "", tuple(own), tables, plan, as_of)
        reports += more
    return tables, reports


def _run(unit: str, selected: Sequence[Rule], tables: Tables, plan: Plan, as_of: date) -> Decision:
    which = [(one.id, one.title) for one in selected]
    work = again.asked(_run, (tables, plan, as_of, unit, which), {}) if unit else None
    if work is None:
        return rules.run_rules(selected, tables, plan, as_of)
    anew = cache(partial(rules.run_rules, selected, tables, plan, as_of))
    if (done := _stands(work, selected, tables, anew)) is not None:
        return done
    looked_into = {again.FINDINGS}
    given = replace(tables, frames=again.Watched(tables.frames, looked_into))
    made, reports = rules.run_rules(selected, given, plan, as_of)
    made = replace(made, frames=Frames(made.frames))
    work.memory.put_off(partial(_keep, work, looked_into, tables, made, reports))
    return made, reports


def _keep(
    work: again.Work, looked_into: set[str], before: Tables, made: Tables, reports: Sequence[Report]
) -> None:
    """Keep what came of it; what cannot be kept is decided again each time."""
    with suppress(pickle.PicklingError):
        work.keep(_kept(work.memory, before, made, reports), [looked_into])


# Without the bytes of files ------------------------------------------------------------------------


def without_bytes(tables: Tables) -> Tables:
    """The tables whose `files` do not say what bytes came and when, but for what rules go by: so they do not depend on it."""
    files = tables["files"]
    when = files["modified"].where(files["form"].isin(BY_TIME), None)
    return tables.put(files=files.drop(columns=[*BYTES]).assign(modified=when.astype(object)))


def with_bytes(tables: Tables, read: Tables) -> Tables:
    """The same with all that was `read` of files."""
    files, came = tables["files"], read["files"].set_index("file")
    own = {name: came[name].reindex(files["file"]).tolist() for name in (*BYTES, "modified")}
    whole = files.assign(
        **{name: pd.Series(of, files.index, dtype=came[name].dtype) for name, of in own.items()}
    )
    return tables.put(
        files=whole[[*read["files"], *files.columns.difference(read["files"].columns, sort=False)]]
    )


# In the store --------------------------------------------------------------------------------------


def _kept(memory: again.Memory, before: Tables, made: Tables, reports: Sequence[Report]) -> dict[str, object]:
    """What came of it, as JSON tells it: names with the hashes of tables, of which the bytes are in the store."""
    frames = [name for name in made if _held(made, name) is not _held(before, name)]
    if made.ready or set(before) - set(made):
        raise pickle.PicklingError("no tables alone")
    packed = {name: _dumped(_columns(made[name])) for name in frames if not _stands_in(memory, made, name)}
    number = len(before.findings)
    more = made.findings[:number] == before.findings and all(map(_same, made.findings, before.findings))
    findings = _dumped([*(made.findings[number:] if more else made.findings)])
    for name, content in packed.items():
        memory.store.put(FRAME, memory.hash_of(made, name), content)
    memory.store.put(FINDINGS, key := hashlib.sha256(findings).hexdigest(), findings)
    return {
        "frames": {name: memory.hash_of(made, name) for name in frames},
        "findings": [key, more, memory.hash_of(made, again.FINDINGS)],
        "reports": [[one.found, one.missing] for one in reports],
    }


def _stands_in(memory: again.Memory, tables: Tables, name: str) -> bool:
    return memory.store.hold(FRAME, memory.hash_of(tables, name))


def _same(one: Finding, other: Finding) -> bool:
    return one is other


def _held(tables: Tables, name: str) -> object:
    return Frames(tables.frames).held(name)


def _stands(
    work: again.Work, selected: Sequence[Rule], tables: Tables, anew: Callable[[], Decision]
) -> Decision | None:
    """What came of it last time; None if something has changed, or a part of it is no longer kept.

    A table that turns out to be damaged is decided `anew`.
    """
    if not (said := work.known()):
        return None
    memory, (key, more, known_by) = work.memory, said["findings"]
    findings = _loaded(memory.store.get(FINDINGS, key))
    if findings is None or not all(memory.store.hold(FRAME, one) for one in said["frames"].values()):
        return None
    made = replace(tables, findings=(*(tables.findings if more else ()), *findings))
    memory.know(made.findings, known_by)
    frames = {
        name: Later(partial(_frame, memory, one, name, anew), one) for name, one in said["frames"].items()
    }
    reports = [Report(rule, found, tuple(lacking))
               for rule, (found, lacking) in zip(selected, said["reports"], strict=True)]  # fmt: skip
    return made.put(**frames), reports


def _columns(table: pd.DataFrame) -> list[tuple[str, str, list]]:
    """The columns of a table, each as its name, its type and its values. Raises PicklingError for what no table of ours is."""
    dtypes = [*map(str, table.dtypes)]
    if not set(dtypes) <= set(DTYPES) or not table.index.equals(pd.RangeIndex(len(table))):
        raise pickle.PicklingError("no table of ours")
    return [(name, dtype, table[name].tolist()) for name, dtype in zip(table, dtypes, strict=True)]


def _frame(memory: again.Memory, key: str, name: str, anew: Callable[[], Decision]) -> pd.DataFrame:
    """A table from the store."""
    if (columns := _loaded(memory.store.get(FRAME, key))) is None:
        return anew()[0][name]
    return pd.DataFrame({name: pd.Series(values, dtype=dtype) for name, dtype, values in columns})


# Packing -------------------------------------------------------------------------------------------


def _read_only(facts: dict) -> MappingProxyType:
    return MappingProxyType(facts)


def _kind(*told: str) -> Kind:
    """The one kind of an id, since rules compare kinds by identity; one that was spared by all that it says."""
    if len(told) == 1:
        return catalogue.BY_ID[told[0]]
    name, rule, severity, *words = told
    return Kind(name, rule, Severity(severity), *words)


def _nothing(name: str) -> object:
    return {"NA": pd.NA, "NaT": pd.NaT}[name]


def _int64(number: int) -> np.int64:
    return np.int64(number)


def _told(kind: Kind) -> tuple[str, ...]:
    return (kind.id,) if catalogue.BY_ID.get(kind.id) is kind else tuple(map(str, astuple(kind)))


PLAIN = {date, datetime, time, Decimal}  # as Python packs them
PACKED: Mapping[type, Callable[[object], tuple]] = {
    Place: lambda place: (Place, (place.file, place.sheet, place.row, place.columns)),
    MappingProxyType: lambda facts: (_read_only, (dict(facts),)),
    Finding: lambda one: (Finding, (one.kind, one.at, one.facts, one.school, one.county)),
    At: lambda at: (At, (at.file, at.sheet, at.column, at.row)),
    Kind: lambda kind: (_kind, _told(kind)),
    type(pd.NA): lambda _: (_nothing, ("NA",)),
    type(pd.NaT): lambda _: (_nothing, ("NaT",)),
    np.int64: lambda number: (_int64, (int(number),)),
}
NAMES = {(of.__module__, of.__name__): of
         for of in (*PLAIN, Place, Finding, At, _read_only, _kind, _nothing, _int64)}  # fmt: skip
BY_NAME = {id(of) for of in NAMES.values()}


class _Pickler(pickle.Pickler):
    """Packs nothing but what tables and findings are made of."""

    def reducer_override(self, value: object) -> object:
        """How a value is packed. Raises PicklingError for any other."""
        if id(value) in BY_NAME:
            return NotImplemented
        if (how := PACKED.get(type(value))) is not None:
            return how(value)
        if type(value) in PLAIN:
            return NotImplemented
        raise pickle.PicklingError(f"{type(value).__name__} is no part of a table")


class _Unpickler(pickle.Unpickler):
    """Unpacks nothing else."""

    def find_class(self, module: str, name: str) -> object:
        """What puts a value together. Raises UnpicklingError for what no table holds."""
        if (found := NAMES.get((module, name))) is None:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a table")
        return found


def _dumped(value: object) -> bytes:
    buffer = BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


def _loaded(packed: bytes | None) -> list | None:
    """What was packed; None for anything else."""
    try:
        return _Unpickler(BytesIO(packed)).load() if packed else None
    except (pickle.UnpicklingError, ValueError, TypeError, LookupError, EOFError, AttributeError):
        return None
