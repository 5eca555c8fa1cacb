"""Many scenarios on one programme: 200 of them beside one ranking and allotment (B4, B5).

python -m benchmarks.scenarios INBOX DATE [--number 200]

Half of them have other budgets, a quarter other amounts a class, a quarter other weights of the criteria.
Prints one line of JSON: seconds of one ranking and allotment, of the scenarios, and of the workbook that compares them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from mlbatch import batch, rules, scenario
from mlbatch.plan import Plan
from mlbatch.workbooks import scenarios as book

ONCE = 5  # runs of one ranking and allotment, of which the median counts


def settings(plan: Plan, number: int) -> Plan:
    """The plan with one setting changed, another one for each number."""
    step = number // 4 + 1
    if number % 4 == 3:
        first, second, *_ = weights = plan.review.weights
        name = "review.weights"
        value = {**weights, first: weights[first] - step, second: weights[second] + step}
    elif number % 4 == 2:
        name, value = "rates.per_class", plan.rates.per_class - 100 * step
    else:
        name, value = "budget.total", plan.budget.total - 10_000 * (2 * step + number % 4)
    return plan.with_settings({name: (value, replace(plan.sources[name]))})


def took(call: Callable[[], object]) -> float:
    """The seconds of the processor that a call needs."""
    began = time.process_time()
    call()
    return time.process_time() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inbox", type=Path)
    parser.add_argument("as_of", type=date.fromisoformat)
    parser.add_argument("--number", type=int, default=200)
    given = parser.parse_args()
    month = batch.read(given.inbox, batch.load_plan(), given.as_of)
    before = scenario.before_stages(month)

    def ranking_and_allotment() -> None:
        tables = before[scenario.RANKING]
        for stage in scenario.STAGES[scenario.RANKING :]:
            tables, _ = rules.run_rules(stage, tables, month.plan, month.as_of)

    once = statistics.median(took(ranking_and_allotment) for _ in range(ONCE))
    plans = {f"情境{number}": settings(month.plan, number) for number in range(given.number)}
    found = []
    many = took(lambda: found.extend(scenario.under(plans, month.plan, before, month.as_of)))
    written = took(lambda: book.comparison(found, scenario.turning_points(found[0])))
    print(
        json.dumps(
            {"one ranking and allotment": once, f"{given.number} scenarios": many, "the workbook": written}
        )
    )


if __name__ == "__main__":
    main()
