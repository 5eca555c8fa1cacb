"""What was read, packed (讀檔結果之封裝): from a child to its parent, from another machine, into the store and out of it.

Kinds travel by their id and forms by their stamp, so that both ends have their own. Rows travel as their values: the names of
fields and the columns of a sheet are the same in file after file, and the receiver has each of them once. What is unpacked may
name only what a reading is made of: bytes from outside never call anything else.
"""

from __future__ import annotations

import copyreg
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from io import BytesIO
from itertools import chain
from operator import itemgetter
from types import MappingProxyType

from mlbatch import catalogue, finding
from mlbatch.finding import Place
from mlbatch.forms.form import Form
from mlbatch.forms.one_file import Read
from mlbatch.forms.reading import Reading
from mlbatch.stop import CannotRun


def _kind(name: str) -> finding.Kind:
    """The one kind of this id: rules compare kinds by identity."""
    return catalogue.BY_ID[name]


def _read_only(facts: dict) -> MappingProxyType:
    return MappingProxyType(facts)


class _Pickler(pickle.Pickler):
    """Packs kinds by id, the read-only facts of findings that have none, and places in few words."""

    dispatch_table = copyreg.dispatch_table | {
        finding.At: lambda at: (finding.At, (at.file, at.sheet, at.column, at.row)),
        finding.Place: lambda place: (finding.Place, (place.file, place.sheet, place.row, place.columns)),
        finding.Kind: lambda kind: (_kind, (kind.id,)),
        MappingProxyType: lambda facts: (_read_only, (dict(facts),)),
    }


VALUES = {
    "builtins": {"frozenset", "set", "object"},
    "copyreg": {"_reconstructor"},
    "datetime": {"date", "datetime", "time"},
    "decimal": {"Decimal"},
    __name__: {"_kind", "_read_only"},
}
CLASSES = {"mlbatch.finding", "mlbatch.forms.one_file", "mlbatch.forms.reading"}
DIGEST = 64  # characters, before what is pickled


class _Unpickler(pickle.Unpickler):
    """Unpacks nothing but what a reading is made of."""

    def find_class(self, module: str, name: str) -> object:
        """A class or function by its name; raises UnpicklingError for one that no reading has."""
        if module in CLASSES and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        elif name in VALUES.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a reading")


def packed(read: Read) -> bytes:
    """What was read of one file, as bytes."""
    if isinstance(read.outcome, Reading):  # the form is the receiver's own
        of = read.outcome
        tables = {name: _dumped(_rows_of(rows, of.file)) for name, rows in of.records.items()}
        read = replace(read, outcome=replace(of, form=None, records=tables))
    return read.sha256.encode().ljust(DIGEST) + _dumped(read)


def _dumped(value: object) -> bytes:
    buffer = BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


def sha256_of(content: bytes) -> str:
    """The sha256 of the file from which something was read and packed; empty for one that was not read."""
    return content[:DIGEST].decode().strip()


def unpacked(content: bytes, forms: Mapping[str, Form]) -> Read:
    """What was packed. Raises UnpicklingError for anything else."""
    read = _Unpickler(BytesIO(content[DIGEST:])).load()
    if not isinstance(read, Read):
        raise pickle.UnpicklingError("no reading")
    if isinstance(read.outcome, Reading):
        of = read.outcome
        return replace(
            read, outcome=replace(of, form=forms[of.stamp.form], records=PackedRecords(of.file, of.records))
        )
    return read


# Rows ----------------------------------------------------------------------------------------------

PLACE = "place"


def _rows_of(rows: Sequence[dict], file: str) -> tuple:
    """The rows of one table as (names, sheet, columns, rows): of each its values, its row, and its cells if they are its own.

    Rows that are not all alike travel as they are.
    """
    if not rows:
        return ()
    names, first = tuple(rows[0]), rows[0][PLACE]
    shared = first.columns if _letters(first.columns) else None
    told = []
    for row in rows:
        place = row[PLACE]
        own = None if place.columns is shared or place.columns == shared else tuple(place.columns.items())
        if (
            tuple(row) != names
            or (shared and own is not None)
            or (place.file, place.sheet) != (file, first.sheet)
        ):
            return (list(rows),)
        told.append((tuple(value for name, value in row.items() if name != PLACE), place.row, own))
    fields = tuple(name for name in names if name != PLACE)
    return fields, first.sheet, shared and tuple(shared.items()), told


def _letters(columns: Mapping[str, object]) -> bool:
    """Whether all of a record stands in one row."""
    return bool(columns) and all(one.__class__ is str for one in columns.values())


class PackedRecords(Mapping):
    """The rows of a reading by table, which stay packed until they are asked for: so a month of readings is small."""

    def __init__(self, file: str, tables: Mapping[str, bytes]) -> None:
        """`tables` are the packed rows by table."""
        self._file, self._tables = file, dict(tables)

    def __getitem__(self, table: str) -> list[dict]:
        """The rows of a table. Raises CannotRun for bytes that are no rows: only a store or a cluster of others gives such."""
        return self._unpacked(self._tables[table], _as_dicts)

    def take(self, table: str, names: Sequence[str]) -> list[tuple]:
        """The values of `names` in each row of a table, which is let go: no month holds its tables twice. Raises as above."""
        return self._unpacked(self._tables.pop(table), partial(_as_values, tuple(names)))

    def _unpacked(self, packed: bytes, rows: Callable[[str, tuple], list]) -> list:
        try:
            return rows(self._file, _Unpickler(BytesIO(packed)).load())
        except (
            pickle.UnpicklingError,
            ValueError,
            TypeError,
            LookupError,
            EOFError,
            AttributeError,
        ) as problem:
            raise CannotRun(
                f"「{self._file}」留存之讀檔結果損壞，請加 --afresh 重新執行；使用叢集者，並請檢查叢集。"
            ) from problem

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def _as_dicts(file: str, told: tuple) -> list[dict]:
    """Rows as they were before they were packed."""
    if len(told) < 2:
        return list(*told)
    names, *of = told
    names = _same(names)
    return [dict(zip((*names, PLACE), (*values, place), strict=True)) for values, place in _placed(file, *of)]


def _as_values(names: tuple[str, ...], file: str, told: tuple) -> list[tuple]:
    """The values of `names` in each row."""
    if len(told) < 2:
        return [tuple(map(row.__getitem__, names)) for row in chain(*told)]
    came, *of = told
    chosen = _chosen((*came, PLACE), names)
    return [chosen((*values, place)) for values, place in _placed(file, *of)]


def _placed(
    file: str, sheet: str, columns: tuple | None, rows: Sequence[tuple]
) -> Iterator[tuple[tuple, Place]]:
    """The values of each row, and its place."""
    shared = columns and _shared(columns)
    for values, row, own in rows:
        yield values, Place(file, sheet, row, shared if own is None else _shared(own))


@lru_cache(maxsize=1024)
def _chosen(came: tuple[str, ...], names: tuple[str, ...]) -> Callable[[tuple], tuple]:
    """What takes the values of `names`, of which there are several, from those of `came`."""
    return itemgetter(*map(came.index, names))


@lru_cache(maxsize=1024)
def _same(names: tuple[str, ...]) -> tuple[str, ...]:
    """The first of equal names."""
    return names


@lru_cache(maxsize=1024)
def _shared(cells: tuple[tuple[str, object], ...]) -> Mapping[str, object]:
    """Field → column, or cell: one mapping for all rows or heads that have the same."""
    return MappingProxyType(dict(cells))
