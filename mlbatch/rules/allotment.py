"""Where the money ends (核定線): schools in order while the budget lasts (肆.五, 柒.三※).

The order of allotment does not depend on the budget, and the line never jumps over a school. So a
bigger budget never lowers anyone, a better rank never lowers a school, and what is left is less
than the next step in order. The order is: first, each county's first schools up to the least
number that the office set; then all others by rank, with schools of areas with few resources
brought forward as far as their reserved share demands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import NamedTuple

import pandas as pd

from mlbatch.ledger import CLAIMS, Claim, Key, Ledger, claims_by_row, open_ledger
from mlbatch.plan import Plan
from mlbatch.plan.groups import Budget
from mlbatch.rules.rule import Outcome
from mlbatch.tables import APPROVED, PARTLY, REFUSED, WAITING, Tables

LINE = "line"  # what `line_up` makes ready
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


NOTHING_ASKED, PASSED_OVER, ASKS = range(3)  # what a turn is
Columns = list[list]  # the fields of `Proposal`, each for all turns in order


@dataclass(frozen=True)
class Line:
    """The turns in order, as far as they do not depend on the budget.

    `spent` is what is spent after each turn if it and all before it are paid in full: it never falls. `paid` and
    `unpaid` are what is proposed for a turn before the line and for one behind it; there the waiting list counts
    from the first turn. `waiting` and `asking` count, before each turn, those that wait though they are reached,
    and those that ask for classes.
    """

    turns: Sequence[Turn]
    spent: Sequence[int]
    paid: Columns
    unpaid: Columns
    waiting: Sequence[int]
    asking: Sequence[int]


@dataclass(frozen=True)
class _Ready:
    """A line, and where its turns stand in `schools`; behind them `others`, what the rows of other schools get."""

    line: Line
    places: Sequence[int]
    others: Columns


def allot(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B4: columns `proposed`, `proposed_outcome`, `waiting`, `outcome_clause`, `outcome_why`.

    Each ranked school in turn gets its allowed classes; where the money ends, the most that can be
    paid (減班核定) or none; all behind wait in order (備取 1, 2, …). A school beyond its county's
    maximum is passed over and waits. What was not ranked gets nothing, for its verdict's reason.
    """
    return draw(line_up(tables, plan, as_of), plan, as_of).put_away(), []


def line_up(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The first part of B4, which does not read the budget: the order, and what is spent up to each turn."""
    schools, asked = tables["schools"], claims_by_row(tables, plan)
    line = line_of(order([claim for claim, _ in asked], plan.budget), open_ledger(tables, plan), plan)
    row_of = {claim.key: row for claim, row in asked}
    places = [len(asked) + row for row in range(len(schools))]
    for place, turn in enumerate(line.turns):
        places[row_of[turn.claim.key]] = place
    count = len(schools)
    own = schools["clause"].tolist(), schools["why"].tolist()
    others = [[0] * count, [REFUSED] * count, *own, [None] * count]
    return tables.make_ready(CLAIMS, asked).make_ready(LINE, _Ready(line, places, others))


def draw(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The second part of B4: where the money ends."""
    schools, ready = tables["schools"], tables.ready[LINE]
    drawn = zip(_drawn(ready.line, plan.budget.total), ready.others, strict=True)
    rows = ([*turns, *others] for turns, others in drawn)
    columns = [list(map(of.__getitem__, ready.places)) for of in rows]
    return tables.put(schools=_with(schools, columns))


def order(ranked: Sequence[Claim], terms: Budget) -> list[Turn]:
    """The order of allotment of claims that stand by rank (肆.五).

    National schools belong to no county: they are neither guaranteed nor limited by its numbers.
    """
    first, rest = [], []
    seen: Counter[str] = Counter()
    most, least = terms.max_schools, terms.min_schools
    for claim in ranked:
        if not claim.county:
            rest.append(Turn(claim))
            continue
        seen[claim.county] += 1
        beyond = 0 < most < seen[claim.county]
        early = not beyond and seen[claim.county] <= least
        (first if early else rest).append(Turn(claim, beyond))
    return [*first, *(_with_reserve(first, rest, terms.reserve_percent) if terms.reserve_percent else rest)]


def _with_reserve(first: list[Turn], rest: list[Turn], percent: int) -> Iterator[Turn]:
    """`rest` by rank, but with the reserved share kept at every point of the order (肆.五(三)).

    Another school has its turn only if the schools of areas with few resources before it have at
    least `percent` of the grants up to and with it; otherwise the best of these comes forward.
    When none of them is left, the others follow by rank.
    """
    few = deque(turn for turn in rest if turn.claim.few_resources)
    others = deque(turn for turn in rest if not turn.claim.few_resources)
    to_few = sum(turn.weight for turn in first if turn.claim.few_resources)
    to_others = sum(turn.weight for turn in first) - to_few
    while few and others:
        with_next = to_others + others[0].weight
        owed = percent * with_next > (100 - percent) * to_few
        if owed or few[0].claim.rank < others[0].claim.rank:
            to_few += few[0].weight
            yield few.popleft()
        else:
            to_others = with_next
            yield others.popleft()
    yield from (*few, *others)


def line_of(turns: Sequence[Turn], ledger: Ledger, plan: Plan) -> Line:
    """The line of `turns`; `ledger` has paid what comes before, and then pays all of them in full."""
    claims, beyond = [turn.claim for turn in turns], [turn.beyond for turn in turns]
    classes = [0 if out else claim.allowed for claim, out in zip(claims, beyond, strict=True)]
    kinds = [
        NOTHING_ASKED if claim.allowed < 1 else PASSED_OVER if out else ASKS
        for claim, out in zip(claims, beyond, strict=True)
    ]
    waiting = [0, *accumulate(kind is PASSED_OVER for kind in kinds)]
    asking = [0, *accumulate(kind is not NOTHING_ASKED for kind in kinds)]
    passed = f"所屬縣市核定校數已達上限 {plan.budget.max_schools} 校，縣市內有缺額時遞補。"
    nothing, over = (REFUSED, "肆.六", "核計 0 班。"), (WAITING, "肆.五", passed)
    paid = _said(kinds, nothing, over, (APPROVED, "柒.三", ""))
    for place, kind in enumerate(kinds):
        if kind is ASKS:
            paid[2][place] = f"核定順序第 {place + 1}，在經費額度內。"
    unpaid = _said(kinds, nothing, over, (WAITING, "柒.三", USED_UP))
    passing = [at if kind is PASSED_OVER else None for at, kind in zip(waiting[1:], kinds, strict=True)]
    queue = [None if kind is NOTHING_ASKED else at for at, kind in zip(asking[1:], kinds, strict=True)]
    spent = ledger.pay_in_turn(claims, classes)
    return Line(turns, spent, [classes, *paid, passing], [[0] * len(claims), *unpaid, queue], waiting, asking)


def _said(kinds: Sequence[int], *said: tuple[str, str, str]) -> Columns:
    """Outcome, clause and why of each turn, by its kind."""
    return [list(map(column.__getitem__, kinds)) for column in zip(*said, strict=True)]


def propose(turns: Sequence[Turn], ledger: Ledger, plan: Plan) -> dict[Key, Proposal]:
    """What each school gets while the money lasts; `ledger` has paid what comes before, and is used up."""
    drawn = _drawn(line_of(turns, ledger.copy(), plan), ledger.total)
    given = {turn.claim.key: Proposal(*one) for turn, *one in zip(turns, *drawn, strict=True)}
    ledger.pay_in_turn([turn.claim for turn in turns], [one.classes for one in given.values()])
    return given


def _drawn(line: Line, total: int) -> Columns:
    """What is proposed under a budget: in full up to the line, at the line what is left, behind it nothing."""
    reached = _in_full(line.spent, total)
    classes, outcomes, clauses, whys, waiting = columns = [
        [*paid[:reached], *unpaid[reached:]] for paid, unpaid in zip(line.paid, line.unpaid, strict=True)
    ]
    behind = reached
    if reached < len(line.turns) and (some := _most(line.turns[reached], line.spent[reached], total)):
        allowed = line.turns[reached].claim.allowed
        why = f"核定順序第 {reached + 1}，經費餘額足敷 {some} 班（核計 {allowed} 班）。"
        classes[reached], outcomes[reached], clauses[reached], whys[reached] = some, PARTLY, "柒.三", why
        waiting[reached], behind = None, reached + 1
    ahead = line.asking[behind] - line.waiting[reached]
    waiting[behind:] = [number and number - ahead for number in waiting[behind:]]
    return columns


def _in_full(spent: Sequence[int], total: int) -> int:
    """How many turns are paid in full: the line never jumps over one."""
    return bisect_right(spent, total)


def _most(turn: Turn, spent: int, total: int) -> int:
    """The most classes below what a turn asks for that can be paid; `spent` is what would be spent on all of them."""
    claim = turn.claim
    before = spent - claim.cost(turn.asked)
    return next((some for some in range(turn.asked - 1, 0, -1) if before + claim.cost(some) <= total), 0)


def _with(schools: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    names = ("proposed", "proposed_outcome", "outcome_clause", "outcome_why", "waiting")
    types = ("Int64", object, object, object, "Int64")
    made = {
        name: pd.Series(values, schools.index, dtype=dtype)
        for name, values, dtype in zip(names, columns, types, strict=True)
    }
    return schools.assign(**{name: made[name] for name in PROPOSED})
