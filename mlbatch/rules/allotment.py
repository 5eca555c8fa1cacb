"""Where the money ends (核定線): schools in order while the budget lasts (肆.五, 柒.三※).

The order of allotment does not depend on the budget, and the line never jumps over a school. So a
bigger budget never lowers anyone, a better rank never lowers a school, and what is left is less
than the next step in order. The order is: first, each county's first schools up to the least
number that the office set; then all others by rank, with schools of areas with few resources
brought forward as far as their reserved share demands.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from mlbatch import figures
from mlbatch.ledger import ASKING, Asking, Claim, Key, Ledger, asking, open_ledger
from mlbatch.plan import Plan
from mlbatch.plan.groups import Budget
from mlbatch.rules.rule import Outcome
from mlbatch.tables import APPROVED, PARTLY, REFUSED, WAITING, Tables

LINE, DRAWN = "line", "drawn"  # what `line_up` and `draw` make ready
PROPOSED = ("proposed", "proposed_outcome", "waiting", "outcome_clause", "outcome_why")
USED_UP = "經費依核定順序分配，至前列學校用罄，依序遞補。"


class Turn(NamedTuple):
    """A school's turn in the order of allotment; `beyond` its county's greatest number of schools."""

    claim: Claim
    beyond: bool = False

    @property
    def asked(self) -> int:
        """The classes that it gets if there is money for all: none if passed over."""
        return 0 if self.beyond else self.claim.allowed

    @property
    def weight(self) -> int:
        """What it counts towards the reserved share: its full grant, nothing if passed over."""
        return self.claim.grant(self.asked)


class Proposal(NamedTuple):
    """What is proposed for one school: classes, outcome, number on the waiting list, and why."""

    classes: int
    outcome: str
    clause: str
    why: str
    waiting: int | None = None


class Order(NamedTuple):
    """The order of allotment: places of claims that stand by rank, and in that order who is passed over."""

    places: np.ndarray
    beyond: np.ndarray


@dataclass(frozen=True)
class Line:
    """The turns in order, as far as they do not depend on the budget.

    `asked` are the classes that each gets if there is money for all, and `spent` what is spent after each turn if it
    and all before it are paid in full: it never falls. `passed` and `asks` count up to each turn those that are
    passed over and those that are allowed any classes.
    """

    asking: Asking
    beyond: np.ndarray
    asked: np.ndarray
    spent: np.ndarray
    passed: np.ndarray
    asks: np.ndarray

    def turn(self, place: int) -> Turn:
        """One of the turns."""
        return Turn(self.asking.claim(place), bool(self.beyond[place]))


class Drawn(NamedTuple):
    """A line under a budget, by turn: classes, and numbers on the waiting list (0: not on it).

    So many turns are `reached`, and paid in full; the next one gets `some` classes.
    """

    classes: np.ndarray
    waiting: np.ndarray
    reached: int
    some: int


def allot(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B4: columns `proposed`, `proposed_outcome`, `waiting`, `outcome_clause`, `outcome_why`.

    Each ranked school in turn gets its allowed classes; where the money ends, the most that can be
    paid (減班核定) or none; all behind wait in order (備取 1, 2, …). A school beyond its county's
    maximum is passed over and waits. What was not ranked gets nothing, for its verdict's reason.
    """
    return spell(draw(line_up(tables, plan, as_of), plan, as_of), plan).put_away(), []


def line_up(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The first part of B4, which does not read the budget: the order, and what is spent up to each turn."""
    tables = figures.put(tables)
    asked = asking(tables, plan)
    line = _line(asked, ordered(asked, plan.budget), open_ledger(tables, plan))
    return tables.make_ready(ASKING, asked).make_ready(LINE, line)


def draw(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The second part of B4: where the money ends."""
    line, count = tables.ready[LINE], len(tables["schools"])
    drawn, columns = _drawn(line, plan.budget.total), {}
    for name, of_turns in (("proposed", drawn.classes), ("waiting", drawn.waiting)):
        columns[name] = np.zeros(count, dtype=np.int64)
        columns[name][line.asking.rows] = of_turns
    return figures.put(tables, **columns).make_ready(DRAWN, drawn)


def spell(tables: Tables, plan: Plan) -> Tables:
    """The columns of B4."""
    schools, line, drawn = tables["schools"], tables.ready[LINE], tables.ready[DRAWN]
    proposed, waiting = (figures.of(tables).whole(name) for name in ("proposed", "waiting"))
    own = np.full(len(schools), REFUSED, dtype=object), schools["clause"], schools["why"]
    said = [column.tolist() for column in own]
    rows = line.asking.rows.tolist()
    for column, of_turns in zip(said, _said(line, drawn, plan), strict=True):
        for row, words in zip(rows, of_turns, strict=True):
            column[row] = words
    outcome, clause, why = (pd.Series(column, schools.index, dtype=object) for column in said)
    numbers = figures.spelt(proposed, schools), figures.spelt(waiting, schools, waiting == 0)
    columns = zip(PROPOSED, (numbers[0], outcome, numbers[1], clause, why), strict=True)
    return tables.put(schools=schools.assign(**dict(columns)))


def order(ranked: Sequence[Claim], terms: Budget) -> list[Turn]:
    """The order of allotment of claims that stand by rank (肆.五), as turns."""
    places, beyond = ordered(Asking.by_column(ranked), terms)
    return [Turn(ranked[place], out) for place, out in zip(places.tolist(), beyond.tolist(), strict=True)]


def ordered(ranked: Asking, terms: Budget) -> Order:
    """The order of allotment of claims that stand by rank (肆.五).

    National schools belong to no county: they are neither guaranteed nor limited by its numbers.
    """
    most, least, of_county = terms.max_schools, terms.min_schools, ranked.of_county
    seen = figures.running(ranked.county, of_county)
    beyond = of_county & (most > 0) & (seen > most)
    early = of_county & ~beyond & (seen <= least)
    first, rest = np.flatnonzero(early), np.flatnonzero(~early)
    if terms.reserve_percent:
        rest = _with_reserve(ranked, beyond, first, rest, terms.reserve_percent)
    places = np.concatenate([first, rest])
    return Order(places, beyond[places])


def _with_reserve(
    ranked: Asking, beyond: np.ndarray, first: np.ndarray, rest: np.ndarray, percent: int
) -> np.ndarray:
    """`rest` by rank, but with the reserved share kept at every point of the order (肆.五(三)).

    Another school has its turn only if the schools of areas with few resources before it have at
    least `percent` of the grants up to and with it; otherwise the best of these comes forward.
    When none of them is left, the others follow by rank. A school weighs its full grant, nothing if passed over.
    """
    weight = ranked.grants(np.where(beyond, 0, ranked.allowed))
    few = ranked.few_resources
    to_few, to_others = (int(weight[first[some]].sum()) for some in (few[first], ~few[first]))
    sides = (rest[few[rest]], rest[~few[rest]])
    turns = (deque(zip(side.tolist(), weight[side].tolist(), strict=True)) for side in sides)
    return np.array(list(_in_turn(*turns, to_few, to_others, percent)), dtype=np.int64)


def _in_turn(
    few: deque[tuple[int, int]], others: deque[tuple[int, int]], to_few: int, to_others: int, percent: int
) -> Iterator[int]:
    """Places by rank of two sorts of schools, each with its weight, in the order that keeps the share of the few."""
    while few and others:
        with_next = to_others + others[0][1]
        owed = percent * with_next > (100 - percent) * to_few
        if owed or few[0][0] < others[0][0]:
            place, weight = few.popleft()
            to_few += weight
        else:
            place, to_others = others.popleft()[0], with_next
        yield place
    yield from (place for place, _ in (*few, *others))


def _line(ranked: Asking, order: Order, ledger: Ledger) -> Line:
    """The line of claims in their order; `ledger` has paid what comes before, and is left as it is."""
    turns = ranked.in_order(order.places)
    asked = np.where(order.beyond, 0, turns.allowed)
    spent = ledger.spent_in_turn(turns, asked)
    allowed = turns.allowed > 0
    return Line(turns, order.beyond, asked, spent, np.cumsum(allowed & order.beyond), np.cumsum(allowed))


def propose(turns: Sequence[Turn], ledger: Ledger, plan: Plan) -> dict[Key, Proposal]:
    """What each school gets while the money lasts; `ledger` has paid what comes before, and is used up."""
    asked = Asking.by_column([turn.claim for turn in turns])
    order = Order(np.arange(len(turns)), np.array([turn.beyond for turn in turns], dtype=bool))
    line = _line(asked, order, ledger)
    drawn = _drawn(line, ledger.total)
    ledger.pay_in_turn(asked, drawn.classes)
    numbers = (
        drawn.classes.tolist(),
        *_said(line, drawn, plan),
        [one or None for one in drawn.waiting.tolist()],
    )
    return dict(zip(asked.named(), map(Proposal._make, zip(*numbers, strict=True)), strict=True))


def _drawn(line: Line, total: int) -> Drawn:
    """What is proposed under a budget: in full up to the line, at the line what is left, behind it nothing."""
    count = len(line.asked)
    reached, some = _in_full(line.spent, total), 0
    if reached < count:
        some = _most(line.turn(reached), int(line.spent[reached]), total)
    behind = reached + (some > 0)
    classes = np.concatenate([line.asked[:reached], np.zeros(count - reached, dtype=np.int64)])
    waits = line.beyond & (line.asking.allowed > 0)  # before the line only who is passed over waits
    waiting = np.where(waits, line.passed, 0)
    ahead = int(line.passed[reached - 1]) if reached else 0
    counted = int(line.asks[behind - 1]) if behind else 0
    waiting[reached:behind] = 0
    waiting[behind:] = np.where(line.asking.allowed[behind:] > 0, line.asks[behind:] - counted + ahead, 0)
    classes[reached:behind] = some
    return Drawn(classes, waiting, reached, some)


def _said(line: Line, drawn: Drawn, plan: Plan) -> tuple[list[str], list[str], list[str]]:
    """Outcome, clause and why of each turn."""
    passed = f"所屬縣市核定校數已達上限 {plan.budget.max_schools} 校，縣市內有缺額時遞補。"
    nothing, over, behind = (
        (REFUSED, "肆.六", "核計 0 班。"),
        (WAITING, "肆.五", passed),
        (WAITING, "柒.三", USED_UP),
    )
    said = []
    for place, (allowed, beyond) in enumerate(
        zip(line.asking.allowed.tolist(), line.beyond.tolist(), strict=True)
    ):
        if allowed < 1:
            said.append(nothing)
        elif beyond:
            said.append(over)
        elif place < drawn.reached:
            said.append((APPROVED, "柒.三", f"核定順序第 {place + 1}，在經費額度內。"))
        elif place == drawn.reached and drawn.some:
            why = f"核定順序第 {place + 1}，經費餘額足敷 {drawn.some} 班（核計 {allowed} 班）。"
            said.append((PARTLY, "柒.三", why))
        else:
            said.append(behind)
    return tuple(map(list, zip(*said, strict=True))) if said else ([], [], [])


def _in_full(spent: np.ndarray, total: int) -> int:
    """How many turns are paid in full: the line never jumps over one."""
    return int(np.searchsorted(spent, total, side="right"))


def _most(turn: Turn, spent: int, total: int) -> int:
    """The most classes below what a turn asks for that can be paid; `spent` is what would be spent on all of them."""
    claim = turn.claim
    before = spent - claim.cost(turn.asked)
    return next((some for some in range(turn.asked - 1, 0, -1) if before + claim.cost(some) <= total), 0)
