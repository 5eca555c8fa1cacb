"""Who coaches whom (教練配對): as many coaches as can be are fully served, then the nearest pairs (附件3.四2, K2).

A place (輔導名額) takes one new school; some places take only one of another county than the coach's. Since the others
take any, a set of coaches can be fully served if and only if their places are no more than the new schools, and of the
coaches of one county no more places want another county than there are new schools in other counties. Coaches that
need the fewest places are therefore taken first, in the stated order, and as many as possible are served. The places
are then filled so that the steps are least in all (Hungarian method); what is equal goes by the stated orders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

Cost = tuple[int, int]  # what matters most first; each at least 0


@dataclass(frozen=True, slots=True)
class Coach:
    """A coach that still needs `wants` schools, of which `abroad` of another county."""

    key: Hashable
    county: str
    wants: int
    abroad: int


@dataclass(frozen=True, slots=True)
class Novice:
    """A new school that has no coach yet (新手學校)."""

    key: Hashable
    county: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a coach; `abroad`: only for a school of another county."""

    coach: Coach
    abroad: bool

    def takes(self, novice: Novice) -> bool:
        """Whether this school can have the place."""
        return not self.abroad or novice.county != self.coach.county


def match(
    coaches: Sequence[Coach], novices: Sequence[Novice], cost: Callable[[Coach, Novice], Cost]
) -> dict[Hashable, list[Hashable]]:
    """Coach → its new schools. The orders of both decide between what costs the same.

    All new schools are given away while a coach wants one. Who cannot be fully served gets what is left, in order.
    """
    places = slots(coaches, novices)
    chosen = _cheapest(places, novices, cost)
    found: dict[Hashable, list[Hashable]] = {coach.key: [] for coach in coaches}
    for place, number in sorted(zip(places, chosen, strict=True), key=lambda pair: pair[1]):
        found[place.coach.key].append(novices[number].key)
    return found


def slots(coaches: Sequence[Coach], novices: Sequence[Novice]) -> list[Slot]:
    """The places that are filled, coach by coach: all of those who are fully served, then what is left for the others."""
    within, left, served = Counter(novice.county for novice in novices), len(novices), set()
    taken: Counter[str] = Counter()
    for coach in sorted(coaches, key=lambda coach: coach.wants):
        if coach.wants <= left and taken[coach.county] + coach.abroad <= len(novices) - within[coach.county]:
            served.add(coach.key)
            left -= coach.wants
            taken[coach.county] += coach.abroad
    places = []
    for coach in coaches:
        full = coach.key in served
        number = coach.wants if full else min(coach.wants, left)
        left -= 0 if full else number
        places += [Slot(coach, full and place < coach.abroad) for place in range(number)]
    return places


def _cheapest(
    places: Sequence[Slot], novices: Sequence[Novice], cost: Callable[[Coach, Novice], Cost]
) -> list[int]:
    """The index of the new school of each place: the least cost in all, of equals the first in order."""
    costs = [[cost(one.coach, novice) if one.takes(novice) else None for novice in novices] for one in places]
    return assign(_weights(costs)) if costs else []


def _weights(costs: Sequence[Sequence[Cost | None]]) -> list[list[int]]:
    """One whole number for each pair, exact, so that sums compare as the costs do and then as the orders."""
    height, width = len(costs), len(costs[0])
    known = [one for row in costs for one in row if one]
    second = height * max((one[1] for one in known), default=0) + 1
    orders = width**height  # more than all indexes written one after the other
    most = (max((one[0] for one in known), default=0) + 1) * second * orders * (height + 1)
    return [
        [
            most if one is None else (one[0] * second + one[1]) * orders + number * width ** (height - 1 - at)
            for number, one in enumerate(row)
        ]
        for at, row in enumerate(costs)
    ]


def assign(weights: Sequence[Sequence[int]]) -> list[int]:
    """The column of each row so that the sum is least (匈牙利法); rows are no more than columns.

    Rows are taken in one after the other; each time the cheapest chain of exchanges makes room. `by_row` and
    `by_column` are the duals, whose sum never exceeds a weight.
    """
    height, width = len(weights), len(weights[0])
    by_row, by_column = [0] * (height + 1), [0] * (width + 1)
    row_of = [0] * (width + 1)  # 1 and up; 0 is none
    for row in range(1, height + 1):
        row_of[0], column = row, 0
        least: list[int | None] = [None] * (width + 1)
        before, seen = [0] * (width + 1), [False] * (width + 1)
        while row_of[column]:
            seen[column] = True
            here = row_of[column]
            for other in range(1, width + 1):
                if not seen[other]:
                    slack = weights[here - 1][other - 1] - by_row[here] - by_column[other]
                    if least[other] is None or slack < least[other]:
                        least[other], before[other] = slack, column
            ahead = min((other for other in range(1, width + 1) if not seen[other]), key=lambda at: least[at])
            step = least[ahead]
            for other in range(width + 1):
                if seen[other]:
                    by_row[row_of[other]] += step
                    by_column[other] -= step
                elif other:
                    least[other] -= step
            column = ahead
        while column:
            row_of[column] = row_of[before[column]]
            column = before[column]
    found = [0] * height
    for column in range(1, width + 1):
        if row_of[column]:
            found[row_of[column] - 1] = column - 1
    return found
