"""Which tests are a module's own: a mutant counts as noticed if one of these notices it.

What a whole month happens to notice does not count: the tests beside the module (`tests/rules/test_x.py` for
`rules/x.py`) are where a clerk of the code looks. pyproject.toml names the tests that are used at all.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Modules whose tests stand elsewhere.
ELSEWHERE = {
    "money": ("test_money",),
    "breakeven": ("test_scenario",),
    "ledger": ("test_allotment", "test_county", "test_decision"),
    "refund": ("test_refund",),
    "weighing": ("test_weighing", "test_verdict", "test_waiver"),
    "rules.accounting": ("test_settlement", "test_closing"),
    "rules.rule": ("test_waiver",),
    "rules.roster": ("test_roster", "test_second_call"),
    "rules.pairing": ("test_roster", "test_filing"),
    "rules.filing": ("test_filing", "test_second_call"),
    "rules.verdict": ("test_verdict", "test_second_call"),
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


def paths(module: str) -> list[str]:
    """The tests of `rules/county.py`, as pytest is told them: whole modules, or single tests of one."""
    names = own(f"mlbatch.{module.removesuffix('.py').replace('/', '.')}.x_any")
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    chosen = tables["mutmut"]["pytest_add_cli_args_test_selection"]
    single = [one for one in chosen if Path(one.partition("::")[0]).stem in names]
    inside = [
        f"tests/rules/{name}.py" for name in names if (ROOT / "tests" / "rules" / f"{name}.py").exists()
    ]
    return [*single, *inside]
