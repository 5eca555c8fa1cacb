"""What the year's budget pays (預算帳): workshops first, then the schools with all they cause.

The step of one school costs its grant (柒.三(一)), its coach grant if it is a coach school
(附件3.三), and the change of its county's net grant (柒.二, less the reduction of 肆.五). So the sum
of all papers is held against the budget, not the schools' part alone. Whole NT$.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from mlbatch import figures
from mlbatch.money import percent_down
from mlbatch.plan import Plan
from mlbatch.plan.groups import CountyGrant
from mlbatch.tables import QUALIFIED, Tables

Key = tuple[str, str]  # (code, level)
Amount = TypeVar("Amount", int, np.ndarray)  # one, or a column of them
ASKING = "asking"  # what a part of a rule made ready for those after it
KNOWN = 8  # tables of net grants that are kept, one for each setting of the county grant


def school_grant(fee: Amount, per_class: Amount, classes: Amount) -> Amount:
    """A school's grant: fee + classes × per class; nothing for no class (柒.三(一))."""
    return (fee + classes * per_class) * (classes != 0)


def county_grant(schools: int, plan: Plan) -> int:
    """A county's grant for its approved schools, before any reduction; nothing for none (柒.二)."""
    return _county_grant(schools, plan.county_grant)


def county_reduction(grant: Amount, plan: Plan) -> Amount:
    """What an unclosed county's grant is reduced by, rounded down in its favour (肆.五)."""
    return _reduction(grant, plan.county_grant)


def _county_grant(schools: int, terms: CountyGrant) -> int:
    return min(terms.max, terms.base + terms.per_school * schools) if schools else 0


def _reduction(grant: Amount, terms: CountyGrant) -> Amount:
    return percent_down(grant, terms.reduction_percent)


class Claim(NamedTuple):
    """What one ranked school asks of the budget. A national school has no county (`""`)."""

    key: Key
    county: str
    rank: int
    allowed: int
    fee: int
    per_class: int
    coach: int
    few_resources: bool

    def grant(self, classes: int) -> int:
        """The school's grant for so many classes."""
        return school_grant(self.fee, self.per_class, classes)

    def cost(self, classes: int) -> int:
        """The grant and, with at least one class, the coach grant."""
        return self.grant(classes) + self.coach if classes else 0


class Keys(list):
    """The keys of rows, in their order."""

    @cached_property
    def row_of(self) -> dict[Key, int]:
        """The row of each."""
        return {key: row for row, key in enumerate(self)}


class Asking(NamedTuple):
    """What schools ask of the budget, by column and in some order; a national school's county is `""`.

    `keys` are those of all schools, of which `rows` tells each one's own; `county` is its number among `counties`.
    """

    keys: Keys
    counties: Sequence[str]
    rows: np.ndarray
    county: np.ndarray
    rank: np.ndarray
    allowed: np.ndarray
    fee: np.ndarray
    per_class: np.ndarray
    coach: np.ndarray
    few_resources: np.ndarray

    @classmethod
    def by_column(cls, claims: Sequence[Claim]) -> Asking:
        """Claims by column, in their order."""
        keys, counties, *columns = (
            map(list, zip(*claims, strict=True)) if claims else ([] for _ in Claim._fields)
        )
        names, county = figures.numbered(counties)
        whole = (np.array(column, dtype=np.int64) for column in columns[:-1])
        return cls(Keys(keys), names, np.arange(len(keys)), county, *whole, np.array(columns[-1], dtype=bool))

    def in_order(self, places: np.ndarray) -> Asking:
        """The same schools, or some of them, in another order."""
        return self._make((*self[:2], *(column[places] for column in self[2:])))

    @property
    def of_county(self) -> np.ndarray:
        """Which of them belong to a county."""
        return np.array([name != "" for name in self.counties], dtype=bool)[self.county]

    def named(self) -> list[Key]:
        """Their keys."""
        return [self.keys[row] for row in self.rows.tolist()]

    def claim(self, place: int) -> Claim:
        """One of them."""
        county = self.counties[self.county[place]]
        return Claim(self.keys[self.rows[place]], county, *(column[place].item() for column in self[4:]))

    def claims(self) -> list[Claim]:
        """All of them."""
        counties = [self.counties[number] for number in self.county.tolist()]
        columns = (column.tolist() for column in self[4:])
        return list(map(Claim._make, zip(self.named(), counties, *columns, strict=True)))

    def grants(self, classes: np.ndarray) -> np.ndarray:
        """Each school's grant for so many classes."""
        return school_grant(self.fee, self.per_class, classes)

    def costs(self, classes: np.ndarray) -> np.ndarray:
        """The grants and, with at least one class, the coach grants."""
        return self.grants(classes) + self.coach * (classes > 0)


class Held(Mapping[Key, int]):
    """The classes of every school that was given some, or none; those paid by column stay a column."""

    def __init__(self) -> None:
        self._own: dict[Key, int] = {}
        self._keys, self._by_row = Keys(), np.zeros(0, dtype=np.int64)

    def __getitem__(self, key: Key) -> int:
        if key in self._own:
            return self._own[key]
        number = self._by_row[self._keys.row_of[key]]
        if number < 0:
            raise KeyError(key)
        return int(number)

    def __iter__(self) -> Iterator[Key]:
        yield from self._own
        rows = np.flatnonzero(self._by_row >= 0).tolist()
        yield from (key for key in map(self._keys.__getitem__, rows) if key not in self._own)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def give(self, key: Key, classes: int) -> None:
        """One school has so many."""
        self._own[key] = classes

    def give_all(self, asking: Asking, classes: np.ndarray) -> None:
        """Schools that have nothing so far have so many."""
        self._own = dict(self)
        self._keys, self._by_row = asking.keys, np.full(len(asking.keys), -1)
        self._by_row[asking.rows] = classes


class Ledger:
    """What is spent, by school; the one thing here that changes as it is used."""

    def __init__(self, plan: Plan, unclosed: frozenset[str] = frozenset(), workshops: int = 0) -> None:
        self.spent = workshops
        self._plan, self._unclosed = plan, unclosed
        self._held = Held()
        self._schools: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """What may be spent."""
        return self._plan.budget.total

    def classes(self, claim: Claim) -> int:
        """The classes that a school has so far."""
        return self._held.get(claim.key, 0)

    def held(self) -> Held:
        """The classes of every school that was given some, or none; they change as more is paid."""
        return self._held

    def schools(self, county: str) -> int:
        """How many schools of a county have classes so far."""
        return self._schools[county]

    def spent_with(self, claim: Claim, classes: int) -> int:
        """What would be spent if the school had `classes` instead of what it has."""
        has = self.classes(claim)
        change = claim.cost(classes) - (claim.cost(has) if has else 0)
        return self.spent + change + self._county_change(claim.county, bool(classes) - bool(has))

    def most(self, claim: Claim) -> int:
        """The most classes, up to what is allowed, that can be paid; never less than it has."""
        has = self.classes(claim)
        steps = range(claim.allowed, has, -1)
        return next((k for k in steps if self.spent_with(claim, k) <= self.total), has)

    def pay(self, claim: Claim, classes: int) -> None:
        """Give the school `classes` instead of what it has; nothing is checked here."""
        self.spent = self.spent_with(claim, classes)
        if more := bool(classes) - bool(self.classes(claim)):
            self._schools[claim.county] += more
        self._held.give(claim.key, classes)

    def pay_in_turn(self, asking: Asking, classes: np.ndarray) -> None:
        """Give schools that have nothing so far their classes, one after the other."""
        if len(classes):
            self.spent = int(self.spent_in_turn(asking, classes)[-1])
        funded = np.bincount(asking.county, classes > 0, len(asking.counties)).astype(int).tolist()
        self._schools.update(
            {name: number for name, number in zip(asking.counties, funded, strict=True) if number}
        )
        self._held.give_all(asking, classes)

    def spent_in_turn(self, asking: Asking, classes: np.ndarray) -> np.ndarray:
        """What would be spent after each of the schools, none of which has anything so far, if they were paid in turn."""
        some = classes > 0
        has = np.array([self._schools[name] for name in asking.counties], dtype=np.int64)[asking.county]
        has = has + figures.running(asking.county, some)
        late = np.array([name in self._unclosed for name in asking.counties], dtype=np.int64)[asking.county]
        net = _net_grants(self._plan.county_grant, int(has.max(initial=0)))
        county = np.where(some & asking.of_county, net[late, has] - net[late, has - some], 0)
        return self.spent + np.cumsum(asking.costs(classes) + county)

    def _county_change(self, county: str, more: int) -> int:
        """By how much a county's net grant changes."""
        if not county or not more:
            return 0
        late, has = int(county in self._unclosed), self._schools[county]
        net = _net_grants(self._plan.county_grant, has + 1)
        return int(net[late, has + more] - net[late, has])


@lru_cache(maxsize=KNOWN)
def _net_grants_up_to(terms: CountyGrant, most: int) -> np.ndarray:
    grants = np.array([_county_grant(schools, terms) for schools in range(most + 1)], dtype=np.int64)
    return np.array([grants, grants - _reduction(grants, terms)])


def _net_grants(terms: CountyGrant, most: int) -> np.ndarray:
    """What a county gets that closed in time, and one that did not, for 0 schools up to `most` or some more."""
    return _net_grants_up_to(terms, 1 << most.bit_length())


def open_ledger(tables: Tables, plan: Plan) -> Ledger:
    """A ledger that has paid the workshops and nothing else (陸.三)."""
    return Ledger(plan, unclosed(tables, plan), int(tables["workshops"]["amount"].sum()))


def unclosed(tables: Tables, plan: Plan) -> frozenset[str]:
    """The counties that had not closed 102–105 in time (肆.五): blank, or after the plan's day.

    A county without any record is not among them: nothing is taken off without a record.
    """
    record, due = tables["county_record"], plan.calendar.county_closing
    dates = zip(record["county"], record["closed_all"], strict=True)
    return frozenset(county for county, closed in dates if pd.isna(closed) or closed > due)


def coach_grants(tables: Tables, plan: Plan) -> dict[Key, int]:
    """The grant of each school on the list of coach schools (附件3.三)."""
    listed = tables["coaches"]
    return dict.fromkeys(zip(listed["code"], listed["level"], strict=True), plan.bounds.coach)


def claims(tables: Tables, plan: Plan) -> list[Claim]:
    """The claims of all ranked schools, best rank first; only those that were accepted take part."""
    return asking(tables, plan).claims()


def asking(tables: Tables, plan: Plan) -> Asking:
    """The same by column."""
    if ASKING in tables.ready:
        return tables.ready[ASKING]
    schools = figures.of(tables)
    accepted = schools.once("accepted", lambda frame: (frame["verdict"] == QUALIFIED).to_numpy(dtype=bool))
    rank = schools.whole("rank")
    rows = np.flatnonzero(accepted & (rank > 0))
    rows = rows[np.argsort(rank[rows], kind="stable")]
    counties, county = schools.once("numbers of counties", numbered_counties)
    columns = (schools.whole(name) for name in ("rank", "allowed", "fee", "per_class"))
    coach = coach_column(tables, plan)
    few = schools.flag("few_resources")
    keys = schools.once("keys", keys_of)
    return Asking(keys, counties, rows, *(column[rows] for column in (county, *columns, coach, few)))


def keys_of(schools: pd.DataFrame) -> Keys:
    """The key of each row of `schools`."""
    return Keys(zip(schools["code"].tolist(), schools["level"].tolist(), strict=True))


def numbered_counties(schools: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """The counties of schools by name, and of each row the number of its own; national schools are in none, `""`."""
    rows = zip(schools["county"].tolist(), schools["national"].tolist(), strict=True)
    return figures.numbered(["" if own else county for county, own in rows])


def coach_column(tables: Tables, plan: Plan) -> np.ndarray:
    """The coach grant of each row of `schools`, funded or not; 0 for who is not on the list (附件3.三)."""
    schools = figures.of(tables)

    def listed(frame: pd.DataFrame) -> np.ndarray:
        grants = coach_grants(tables, plan)
        return np.array([grants.get(key, 0) for key in schools.once("keys", keys_of)], dtype=np.int64)

    return schools.once("coach grants", listed)
