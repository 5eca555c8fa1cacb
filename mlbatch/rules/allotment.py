"""Where the money ends (核定線): schools in order while the budget lasts (肆.五, 柒.三※).

The order of allotment does not depend on the budget, and the line never jumps over a school. So a
bigger budget never lowers anyone, a better rank never lowers a school, and what is left is less
than the next step in order. The order is: first, each county's first schools up to the least
number that the office set; then all others by rank, with schools of areas with few resources
brought forward as far as their reserved share demands.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mlbatch.ledger import Claim, Key, Ledger, claims, open_ledger
from mlbatch.plan import Plan
from mlbatch.plan.groups import Budget
from mlbatch.rules.rule import Outcome
from mlbatch.tables import APPROVED, KEY, PARTLY, REFUSED, WAITING, Tables


@dataclass(frozen=True, slots=True)
class Turn:
    """A school's turn in the order of allotment; `beyond` its county's greatest number of schools."""

    claim: Claim
    beyond: bool = False

    @property
    def weight(self) -> int:
        """What it counts towards the reserved share: its full grant, nothing if passed over."""
        return 0 if self.beyond else self.claim.grant(self.claim.allowed)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one school: classes, outcome, number on the waiting list, and why."""

    classes: int
    outcome: str
    clause: str
    why: str
    waiting: int | None = None


def allot(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B4: columns `proposed`, `proposed_outcome`, `waiting`, `outcome_clause`, `outcome_why`.

    Each ranked school in turn gets its allowed classes; where the money ends, the most that can be
    paid (減班核定) or none; all behind wait in order (備取 1, 2, …). A school beyond its county's
    maximum is passed over and waits. What was not ranked gets nothing, for its verdict's reason.
    """
    schools = tables["schools"]
    proposals = propose(order(claims(tables, plan), plan.budget), open_ledger(tables, plan), plan)
    rows = [
        proposals.get((code, level)) or Proposal(0, REFUSED, clause, why)
        for code, level, clause, why in schools[[*KEY, "clause", "why"]].itertuples(index=False)
    ]
    return tables.put(schools=_with(schools, rows)), []


def order(ranked: Sequence[Claim], terms: Budget) -> list[Turn]:
    """The order of allotment of claims that stand by rank (肆.五).

    National schools belong to no county: they are neither guaranteed nor limited by its numbers.
    """
    first, rest = [], []
    seen: Counter[str] = Counter()
    for claim in ranked:
        seen[claim.county] += 1
        turn = Turn(claim, bool(claim.county) and 0 < terms.max_schools < seen[claim.county])
        early = claim.county and not turn.beyond and seen[claim.county] <= terms.min_schools
        (first if early else rest).append(turn)
    return [*first, *_with_reserve(first, rest, terms.reserve_percent)]


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


def propose(turns: Sequence[Turn], ledger: Ledger, plan: Plan) -> dict[Key, Proposal]:
    """What each school gets while the money lasts; `ledger` has paid what comes before, and is used up."""
    reached, waiting = False, 0
    proposals: dict[Key, Proposal] = {}
    for place, turn in enumerate(turns, 1):
        claim = turn.claim
        classes = 0 if turn.beyond or reached else ledger.most(claim)
        ledger.pay(claim, classes)
        if not turn.beyond:
            reached = reached or classes < claim.allowed
        waiting += classes < 1 <= claim.allowed
        proposals[claim.key] = _proposal(turn, classes, place, waiting, plan)
    return proposals


def _proposal(turn: Turn, classes: int, place: int, waiting: int, plan: Plan) -> Proposal:
    allowed = turn.claim.allowed
    if allowed < 1:
        return Proposal(0, REFUSED, "肆.六", "核計 0 班。")
    if turn.beyond:
        why = f"所屬縣市核定校數已達上限 {plan.budget.max_schools} 校，縣市內有缺額時遞補。"
        return Proposal(0, WAITING, "肆.五", why, waiting)
    if classes == 0:
        return Proposal(0, WAITING, "柒.三", "經費依核定順序分配，至前列學校用罄，依序遞補。", waiting)
    if classes < allowed:
        why = f"核定順序第 {place}，經費餘額足敷 {classes} 班（核計 {allowed} 班）。"
        return Proposal(classes, PARTLY, "柒.三", why)
    return Proposal(classes, APPROVED, "柒.三", f"核定順序第 {place}，在經費額度內。")


def _with(schools: pd.DataFrame, rows: Sequence[Proposal]) -> pd.DataFrame:
    columns = {
        "proposed": ([row.classes for row in rows], "Int64"),
        "proposed_outcome": ([row.outcome for row in rows], object),
        "waiting": ([row.waiting for row in rows], "Int64"),
        "outcome_clause": ([row.clause for row in rows], object),
        "outcome_why": ([row.why for row in rows], object),
    }
    return schools.assign(
        **{name: pd.Series(values, schools.index, dtype=dtype) for name, (values, dtype) in columns.items()}
    )
