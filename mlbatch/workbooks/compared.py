"""What is compared (所比較者): of each school its classes and its grant in every scenario, and what follows for counties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mlbatch import figures
from mlbatch.ledger import keys_of, school_grant
from mlbatch.plan import Plan
from mlbatch.tables import Tables, records

NATIONAL = "國立"
ISLAND, FEW, GENERAL = "離島", "偏遠、花東及屏東", "一般"
GAINED, LOST, MORE, FEWER = "新增", "落選", "增班", "減班"
SHOWN = ["code", "level", "name", "county", "national", "island", "few_resources"]


class Scenario(Protocol):
    """What a comparison needs of a scenario (see `mlbatch.scenario`): `decided` may be whole tables, or figures."""

    name: str
    plan: Plan
    decided: Tables
    changes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Compared:
    """Every school that is ranked in some scenario, by its present rank; its classes and grants in each scenario.

    `rows` are the present's. `classes` and `grants` have a row for each scenario and a column for each school.
    """

    rows: Sequence[Mapping]
    classes: np.ndarray
    grants: np.ndarray

    def changed(self, number: int) -> np.ndarray:
        """The places of the schools whose classes a scenario changes."""
        return np.flatnonzero(self.classes[number] != self.classes[0])

    def gained(self, number: int) -> int:
        """How many schools come in."""
        return int(((self.classes[0] == 0) & (self.classes[number] != 0)).sum())

    def lost(self, number: int) -> int:
        """How many schools fall out."""
        return int(((self.classes[0] != 0) & (self.classes[number] == 0)).sum())

    def sums(self, number: int) -> dict[str, int]:
        """Schools with classes, classes, and grants of a scenario."""
        classes = self.classes[number]
        return {"schools": int((classes > 0).sum()), "classes": int(classes.sum()),
                "grants": int(self.grants[number].sum())}  # fmt: skip

    def by_owner(self, names: Sequence[str]) -> dict[str, np.ndarray]:
        """The same three, each a row for each scenario and a column for each of the counties `names`."""
        place = {name: number for number, name in enumerate(names)}
        owner = np.array([place[row["owner_county"]] for row in self.rows], dtype=np.int64)
        columns = {"schools": self.classes > 0, "classes": self.classes, "grants": self.grants}
        return {
            what: np.array([np.bincount(owner, row, len(names)) for row in rows]).astype(np.int64)
            for what, rows in columns.items()
        }


def change(before: int, now: int) -> str:
    """What becomes of a school's classes, in one word; none if they stay."""
    if before == now:
        return ""
    if not before or not now:
        return GAINED if now else LOST
    return MORE if now > before else FEWER


def area(school: Mapping) -> str:
    """Where a school lies, as its fee goes by it (柒.三(一))."""
    return ISLAND if school["island"] else FEW if school["few_resources"] else GENERAL


def compared(scenarios: Sequence[Scenario]) -> Compared:
    """The schools of `scenarios`, of which the first is the present."""
    present = figures.of(scenarios[0].decided)
    keys = present.once("keys", keys_of)
    rank, classes, grants = (
        np.array(rows) for rows in zip(*(_of(one, keys) for one in scenarios), strict=True)
    )
    (which,) = np.nonzero((rank > 0).any(axis=0))
    shown = records(present.frame[SHOWN].iloc[which])
    rows = [
        {**row, "number": number, "rank": own or None, "place": area(row),
         "owner_county": NATIONAL if row["national"] else row["county"]}
        for number, own, row in zip(which.tolist(), rank[0][which].tolist(), shown, strict=True)
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["rank"] or len(rows) + 1, row["code"], row["level"]))
    order = [row["number"] for row in rows]
    return Compared(rows, classes[:, order], grants[:, order])


def _of(scenario: Scenario, keys: Sequence[tuple[str, str]]) -> tuple[np.ndarray, ...]:
    """Rank (0 without one), classes and grant of each of the schools `keys` in a scenario."""
    schools = figures.of(scenario.decided)
    rank, classes, fee, per_class = (schools.whole(name) for name in ("rank", "proposed", "fee", "per_class"))
    columns = rank, classes, school_grant(fee, per_class, classes)
    own = schools.once("keys", keys_of)
    return columns if own == keys else tuple(column[_order(own, keys)] for column in columns)


def _order(own: Sequence[tuple[str, str]], keys: Sequence[tuple[str, str]]) -> list[int]:
    place = {key: number for number, key in enumerate(own)}
    return [place[key] for key in keys]
