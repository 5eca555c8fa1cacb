"""The workspace of a run (工作區): who reads the files, and what the run before it left that need not be done again.

Beside the output, under its lock, stands a folder with what was read of each file, and what each paper was made from
(docs/decisions/0043). The papers themselves stand in the output and nowhere else.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from mlbatch import again, cluster, output, published
from mlbatch.forms import inbox, once
from mlbatch.plan import Plan
from mlbatch.recipe import recipe
from mlbatch.store import Store


@contextmanager
def opened(
    place: output.Place, folder: Path, plan: Plan, scheduler: str = "", afresh: bool = False
) -> Iterator[inbox.Reader]:
    """Within the block papers are taken over where they can be; gives what reads the inbox `folder`.

    What was kept is thrown away if it is to be done `afresh`. What was read is kept even if the run then stops.
    """
    if afresh:
        shutil.rmtree(place.beside(output.KEPT), ignore_errors=True)
    with cluster.reader(scheduler) as reader:
        made_by = hashlib.sha256(f"{recipe()} {plan!r}".encode()).hexdigest()
        store = Store(place.beside(output.KEPT), made_by, folder)
        former = Former(place.out)
        memory, done = again.Memory(store, former, former.size_of), False
        try:
            with again.remembering(memory):
                yield partial(once.read_files, store, reader)
            done = True
        finally:
            memory.close(done)
            store.close(prune=done)


class Former:
    """The papers of the former output by their sha256."""

    def __init__(self, out: Path) -> None:
        self._out = out
        record = published.manifest(out)
        self._paths = {sha: path for path, sha in published.hashes(record).items()} if record else {}

    def size_of(self, sha256: str) -> int | None:
        """How large a paper is that stands there; None if it does not."""
        if not (path := self._paths.get(sha256)) or published.sha256_of(self._out / path) != sha256:
            return None
        return (self._out / path).stat().st_size

    def __call__(self, sha256: str) -> bytes | None:
        """A paper as it stands there; None if it does not."""
        if not (path := self._paths.get(sha256)):
            return None
        try:
            content = (self._out / path).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None
