"""A pytest plugin for `make mutation`: a mutant of a module is tried by the module's own tests, the quickest first.

mutmut tries a mutant on every test that passes through it, in no order; most of them run all rules in a row, and
take minutes for a mutant that a test of a millisecond notices. So what is counted as noticed here is noticed by
the tests beside the module (`tests/rules/test_x.py` for `rules/x.py`), which is where a clerk of the code looks.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

STATS = Path("mutmut-stats.json")  # beside the copies that mutmut runs
# Modules whose tests stand elsewhere.
ELSEWHERE = {
    "money": ("test_money",),
    "breakeven": ("test_scenario",),
    "ledger": ("test_allotment", "test_county", "test_decision"),
    "refund": ("test_settlement",),
    "weighing": ("test_verdict", "test_waiver"),
    "rules.accounting": ("test_settlement", "test_closing"),
    "rules.rule": ("test_waiver",),
    "rules.pairing": ("test_assignment", "test_further"),
    "rules.agenda": ("test_agenda",),
    "rules.budget": ("test_budget", "test_budget_owners", "test_budget_words"),
    "rules.decision": ("test_decision", "test_withdrawal"),
    "rules.claim": ("test_claim", "test_claim_words"),
    "rules.papers": ("test_claim", "test_papers"),
    "rules.payable": ("test_claim", "test_payable"),
}


def own(mutant: str) -> tuple[str, ...]:
    """The test modules of a mutant's module: `mlbatch.rules.county.x_shares__mutmut_3` → test_county."""
    module = mutant.rpartition(".")[0].removeprefix("mlbatch.")
    return ELSEWHERE.get(module, (f"test_{module.rpartition('.')[2]}",))


def pytest_configure(config: pytest.Config) -> None:
    """Collect the tests of the mutant's module only."""
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    if mutant.startswith("mlbatch."):
        names = own(mutant)
        asked = [one for one in config.args if Path(one.partition("::")[0]).stem in names]
        config.args[:] = asked or config.args


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the mutant's module, the quickest first."""
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    if not mutant.startswith("mlbatch.") or not STATS.exists():
        return
    seconds = json.loads(STATS.read_text("utf-8"))["duration_by_test"]
    names = own(mutant)
    items[:] = sorted(
        (item for item in items if item.path.stem in names), key=lambda item: seconds.get(item.nodeid, 0)
    )
