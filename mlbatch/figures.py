"""Figures (數值欄): the columns of a table as arrays, one number a row, for rules that work on all schools at once.

A rule works its figures out and then spells them as columns (`rules.rule.Rule.spell`); scenarios take the
figures and spell only what somebody reads. Whole numbers are int64, with 0 for what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from mlbatch.tables import Tables

OF = "figures of "  # what parts of rules make ready, by the name of its table
TOTALS = "totals"  # and the sums of all, which become a table
Made = TypeVar("Made")


class Figures:
    """The figures of one table: what was worked out, else what the table says.

    What the table says is made into an array when it is first asked for, and shared by all that `put` gives.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._worked_out: Mapping[str, np.ndarray] = {}
        self._known: dict[str, object] = {}

    def put(self, **columns: np.ndarray) -> Figures:
        """These figures and some that were worked out, one a row; they can no longer be changed."""
        other = Figures(self.frame)
        for column in columns.values():
            column.flags.writeable = False
        other._worked_out, other._known = {**self._worked_out, **columns}, self._known
        return other

    def whole(self, name: str) -> np.ndarray:
        """A column of whole numbers, as int64; 0 where one is missing."""
        made = self._worked_out.get(name)
        return self.once(name, lambda frame: _whole(frame[name])) if made is None else made

    def flag(self, name: str) -> np.ndarray:
        """A column of yes and no."""
        return self.once(name, lambda frame: frame[name].to_numpy(dtype=bool))

    def once(self, name: str, make: Callable[[pd.DataFrame], Made]) -> Made:
        """What `make` reads from the table, which no setting changes: made when it is first asked for."""
        if name not in self._known:
            self._known[name] = make(self.frame)
        return self._known[name]


def of(tables: Tables, name: str = "schools") -> Figures:
    """The figures of a table, with what the parts of rules have worked out so far."""
    return tables.ready.get(OF + name) or Figures(tables[name])


def put(tables: Tables, name: str = "schools", **columns: np.ndarray) -> Tables:
    """The tables with figures that were worked out ready for the next parts."""
    return tables.make_ready(OF + name, of(tables, name).put(**columns))


def totals(tables: Tables) -> Mapping[str, int]:
    """What all get together (B9), as it was worked out or as the table says."""
    made = tables.ready.get(TOTALS)
    return {name: int(value) for name, value in tables[TOTALS].iloc[0].items()} if made is None else made


def spelt(column: np.ndarray, frame: pd.DataFrame, missing: np.ndarray | None = None) -> pd.Series:
    """Whole numbers as a column of `frame`, `Int64`, NA where `missing`."""
    mask = np.zeros(len(column), dtype=bool) if missing is None else missing.copy()
    return pd.Series(pd.arrays.IntegerArray(column.astype(np.int64), mask), frame.index)


def running(groups: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """How many of its own group are `counted` in each row and all rows before it; groups are numbers from 0."""
    if not len(groups):
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(groups, kind="stable")
    so_far, sorted_groups = np.cumsum(counted[order]), groups[order]
    first = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    before = np.repeat(so_far[first] - counted[order[first]], np.diff(np.r_[first, len(groups)]))
    found = np.empty(len(groups), dtype=np.int64)
    found[order] = so_far - before
    return found


def numbered(values: Sequence[object]) -> tuple[list, np.ndarray]:
    """The different values in the order in which they first stand, and the number of each row's own, from 0."""
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return list(numbers), np.array([numbers[value] for value in values], dtype=np.int64)


def _whole(column: pd.Series) -> np.ndarray:
    return column.astype("Int64").to_numpy(dtype=np.int64, na_value=0)
