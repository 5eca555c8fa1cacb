"""Rubbish (無用物件) is looked for less often than Python does: what a run makes are tables that stay until its end.

Python looks through all that has been made each time it has grown by a quarter, and finds nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (
    50_000,
    20,
    50,
)  # objects made, and how many times the youngest and the next generation before the one above


def seldom() -> None:
    """Let this process look seldom from now on, and never at what is there already: for a child, at its beginning."""
    gc.freeze()
    gc.set_threshold(*SELDOM)


@contextmanager
def seldom_sought() -> Iterator[None]:
    """Within the block this process looks seldom, and not at what was there before."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
