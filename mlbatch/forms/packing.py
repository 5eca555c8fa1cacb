"""What was read, packed (讀檔結果之封裝): from a child to its parent, from another machine, into the store and out of it.

Kinds travel by their id and forms by their stamp, so that both ends have their own. What is unpacked may name only what a
reading is made of: bytes from outside never call anything else.
"""

from __future__ import annotations

import copyreg
import pickle
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from types import MappingProxyType

from mlbatch import catalogue, finding
from mlbatch.forms.form import Form
from mlbatch.forms.one_file import Read
from mlbatch.forms.reading import Reading


def _kind(name: str) -> finding.Kind:
    """The one kind of this id: rules compare kinds by identity."""
    return catalogue.BY_ID[name]


def _read_only(facts: dict) -> MappingProxyType:
    return MappingProxyType(facts)


class _Pickler(pickle.Pickler):
    """Packs kinds by id, the read-only facts of findings that have none, and places in few words."""

    dispatch_table = copyreg.dispatch_table | {
        finding.At: lambda at: (finding.At, (at.file, at.sheet, at.column, at.row)),
        finding.Place: lambda place: (finding.Place, (place.file, place.sheet, place.row, place.cells)),
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
CLASSES = {"mlbatch.finding", "mlbatch.forms.grid", "mlbatch.forms.one_file", "mlbatch.forms.reading"}
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
    buffer = BytesIO()
    if isinstance(read.outcome, Reading):  # the form is the receiver's own
        read = replace(read, outcome=replace(read.outcome, form=None))
    buffer.write(read.sha256.encode().ljust(DIGEST))
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(read)
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
        return replace(read, outcome=replace(read.outcome, form=forms[read.outcome.stamp.form]))
    return read
