"""Where the files of a month are read (讀檔之處): on all cores of this machine, on one, or on a cluster that is there.

A cluster is reached by the address of its Dask scheduler, and used through the standard executor that Dask's client gives.
It sees what is in the inbox: it belongs to the office, or it is none for this (docs/decisions/0043).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from mlbatch.forms import elsewhere, workers
from mlbatch.plan import Plan
from mlbatch.stop import CannotRun

SERIAL = "serial"
SECONDS = 15
CONNECTED = "running"  # Dask's word; while its scheduler is gone it says "connecting", later "closed"
Reader = Callable[[Sequence[workers.File], Plan], Iterator[bytes]]


@contextmanager
def reader(scheduler: str = "") -> Iterator[Reader]:
    """What reads files, packed, in their order; `scheduler` is an address, `serial`, or empty for all cores.

    Raises CannotRun where no scheduler answers.
    """
    if scheduler in ("", SERIAL):
        yield partial(workers.read_packed, most=1 if scheduler else 0)
        return
    with _client(scheduler) as client:
        yield partial(
            elsewhere.read_packed,
            executor=client.get_executor(pure=False),
            there=lambda: client.status == CONNECTED,
        )


def _client(scheduler: str):
    """A client of the scheduler at an address."""
    try:
        from distributed import Client
    except ImportError:
        raise CannotRun("未安裝叢集元件，請先安裝 mlbatch[cluster]，或不指定 --scheduler。") from None
    try:
        return Client(scheduler, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as problem:
        raise CannotRun(f"無法連線至排程器「{scheduler}」，請確認位址，或不指定 --scheduler。") from problem
