"""Each file is read once (只讀一次): what an earlier run read of the same bytes, under the same name, is taken over.

A file is known by the sha256 of its bytes, never by its size or time. Only what really came from those bytes is kept:
a file that took too long, or ended its reader, is tried again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from pickle import UnpicklingError

from mlbatch.forms.form import Form
from mlbatch.forms.one_file import Read, opened
from mlbatch.forms.packing import sha256_of, unpacked
from mlbatch.plan import Plan
from mlbatch.store import Store

SORT = "read"

File = tuple[Path, str]
Reader = Callable[[Sequence[File], Plan], Iterator[bytes]]


def read_files(
    store: Store, reader: Reader, files: Sequence[File], forms: Mapping[str, Form], plan: Plan
) -> Iterator[Read]:
    """What was read of files, in their order: from `store` where it is there, from `reader` otherwise."""
    keys = [_key(path, name) for path, name in files] if store.has(SORT) else [""] * len(files)
    known = [(SORT, key) in store for key in keys]
    fresh = reader([file for file, held in zip(files, known, strict=True) if not held], plan)
    for file, key, held in zip(files, keys, known, strict=True):
        if held and (read := _taken(store, key, forms)):
            yield read
        else:
            content = next(reader([file], plan)) if held else next(fresh)
            if digest := sha256_of(content):
                store.put(SORT, f"{digest} {file[1]}", content)
            yield unpacked(content, forms)


def _taken(store: Store, key: str, forms: Mapping[str, Form]) -> Read | None:
    content = store.get(SORT, key)
    try:
        return unpacked(content, forms) if content else None
    except (UnpicklingError, ValueError, TypeError, LookupError, EOFError, AttributeError):
        return None


def _key(path: Path, name: str) -> str:
    """What a file is kept under; empty for one that cannot be opened."""
    try:
        with opened(path) as file:
            return f"{hashlib.file_digest(file, 'sha256').hexdigest()} {name}"
    except (OSError, ValueError):
        return ""
