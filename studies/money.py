"""The rules of money on more cases than anybody will ever see, and on every small programme.

    python -m studies.money [--programmes 1000000] [--tables 20000] [--divisions 500000] [--small 4]

A case is one generated programme drawn through the line, the ledger, grants, accounts, county grants and
shares, with its richer and its better ranked neighbour; or one whole-table run of AWARD and its run on
shuffled rows; or one division of `money.py`. Besides, every programme of up to `--small` schools is held
against the brute-force oracle, at every budget at which the oracle's outcome changes and one dollar below.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from multiprocessing import Pool
from random import Random

from mlbatch.ledger import Ledger
from mlbatch.rules import allotment
from mlbatch.rules.allotment import Turn
from studies import money_laws, programmes
from studies.programmes import Programme
from tests import oracle
from tests.rules import award_tables

CHUNK = 2_000
PLANS = 50  # settings drawn in each chunk
Found = tuple[int, Counter[str]]  # cases, violated laws


def lines(seed: int, count: int) -> Found:
    """`count` programmes through the line and its papers."""
    random = Random(f"line {seed}")
    plans = [programmes.plan(random) for _ in range(PLANS)]
    found: Counter[str] = Counter()
    for _ in range(count):
        made = programmes.programme(random, random.choice(plans))
        found.update(money_laws.of_programme(made, random))
    return count, found


def whole(seed: int, count: int) -> Found:
    """`count` programmes through all rules of AWARD on whole tables, half of them with decisions."""
    random = Random(f"tables {seed}")
    found: Counter[str] = Counter()
    for number in range(count):
        made = programmes.programme(random, programmes.plan(random))
        made = programmes.with_decisions(random, made) if number % 2 else made
        found.update(money_laws.of_tables(made, random))
    return count, found


def divisions(seed: int, count: int) -> Found:
    """`count` amounts through every division and into words."""
    random = Random(f"division {seed}")
    found: Counter[str] = Counter()
    for _ in range(count):
        found.update(money_laws.of_division(random))
    return count, found


# Every small programme --------------------------------------------------------------------------------

AREAS = ((False, False), (True, False), (True, True))  # few resources, island
PLACES = (("南投縣", False), ("屏東縣", False), ("南投縣", True))  # county, national
VARIANTS = tuple(product(PLACES, AREAS, (1, 2)))
LARGE, FEW = 4, tuple(product(PLACES, AREAS[:2], (1, 2)))  # without islands, which differ by their fee only
CLOSED = {"南投縣": award_tables.ON_TIME, "屏東縣": None}
SETTINGS = (
    ({}, {}),
    ({"budget__min_schools": 1}, {}),
    ({"budget__max_schools": 1}, {"coaches": [1]}),
    ({"budget__reserve_percent": 50}, {}),
    ({"rates__cut": True}, {"workshops": [("臺北市", 30_000)]}),
    ({"budget__min_schools": 1, "budget__max_schools": 2, "budget__reserve_percent": 20}, {"coaches": [2]}),
)  # fmt: skip


def small(size: int, setting: int, first: int) -> Found:
    """Every programme of `size` schools whose best is of variant `first`, under one of `SETTINGS`."""
    changes, facts = SETTINGS[setting]
    plan = award_tables.plan_with(**changes)
    budgets, found = 0, Counter()
    for rest in product(variants(size), repeat=size - 1):
        made = Programme(plan, _small([variants(size)[first], *rest]), closed=CLOSED, **facts)
        turns = allotment.order(made.claims(), made.plan.budget)
        for total, given in answers(made):
            budgets += 1
            found["not the oracle's"] += drawn(turns, made.with_budget(total)) != given
    return budgets, +found


def variants(size: int) -> tuple:
    """What a school can be in programmes of `size` schools: place, area, classes."""
    return VARIANTS if size < LARGE else FEW


def _small(chosen: list) -> list[dict]:
    return [
        award_tables.school(rank, county, allowed, national=national, few_resources=few, island=island)
        for rank, ((county, national), (few, island), allowed) in enumerate(chosen, 1)
    ]


def answers(made: Programme) -> Iterator[tuple[int, dict[int, int]]]:
    """The oracle's classes at each budget that pays one prefix more, and one dollar below it."""
    facts = {"coaches": made.coaches, "workshops": made.workshops, "closed": made.closed}
    nothing = {row["rank"]: 0 for row in made.schools}
    trials = [{**nothing, **prefix} for prefix in oracle.prefixes(oracle.order(made.schools, made.plan))]
    costs = [oracle.cost(made.schools, trial, made.plan, **facts) for trial in trials]
    for number, cost in enumerate(costs):
        yield cost - 1, _reached(trials, costs, cost - 1, nothing)
        yield cost, _reached(trials, costs, cost, nothing)
        if number == len(costs) - 1:
            yield cost + 10**6, trials[-1]


def _reached(trials: list[dict], costs: list[int], total: int, nothing: dict) -> dict[int, int]:
    """What `oracle.allot` returns, with each cost reckoned once: the last prefix before one too dear."""
    reached = nothing
    for trial, cost in zip(trials, costs, strict=True):
        if cost > total:
            return reached
        reached = trial
    return reached


def drawn(turns: Sequence[Turn], made: Programme) -> dict[int, int]:
    """The rules' classes by rank; the order of allotment does not depend on the budget."""
    ledger = Ledger(made.plan, made.late, made.workshop_sum)
    given = allotment.propose(turns, ledger, made.plan)
    return {turn.claim.rank: given[turn.claim.key].classes for turn in turns}


# The study --------------------------------------------------------------------------------------------


def main() -> None:
    """Run the study in two processes and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programmes", type=int, default=1_000_000)
    parser.add_argument("--tables", type=int, default=20_000)
    parser.add_argument("--divisions", type=int, default=500_000)
    parser.add_argument("--small", type=int, default=4)
    asked = parser.parse_args()
    print("| part | cases | violated | seconds |\n|---|---|---|---|")
    with Pool(2) as pool:
        for title, part, count in (
            ("programmes: line, ledger, grants, shares", lines, asked.programmes),
            ("programmes: all rules on whole tables", whole, asked.tables),
            ("divisions and words", divisions, asked.divisions),
        ):
            _tell(title, pool.imap_unordered(partial(_call, part), _chunks(count)))
        for size in range(1, asked.small + 1):
            jobs = product((size,), range(len(SETTINGS)), range(len(variants(size))))
            made = len(SETTINGS) * len(variants(size)) ** size
            title = f"all {made:,} programmes of {size} schools, at each budget, against the oracle"
            _tell(title, pool.imap_unordered(partial(_call, small), jobs))


def _call(part: Callable[..., Found], arguments: tuple) -> Found:
    return part(*arguments)


def _chunks(count: int) -> Iterator[tuple[int, int]]:
    for seed, first in enumerate(range(0, count, CHUNK)):
        yield seed, min(CHUNK, count - first)


def _tell(title: str, results: Iterator[Found]) -> None:
    began, cases, found = time.perf_counter(), 0, Counter()
    for count, violated in results:
        cases, found = cases + count, found + violated
    said = "; ".join(f"{number} × {law}" for law, number in sorted(found.items())) or "0"
    print(f"| {title} | {cases:,} | {said} | {time.perf_counter() - began:.0f} |", flush=True)


if __name__ == "__main__":
    main()
