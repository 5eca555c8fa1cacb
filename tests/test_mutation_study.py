"""Every mutated module has tests of its own, and what survives is judged by patterns that can be read."""

import tomllib
from pathlib import Path

import pytest

from studies import mutation, own_tests

ROOT = Path(__file__).parent.parent
MUTMUT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
MODULES = sorted(
    path.relative_to(ROOT / "mlbatch").with_suffix("").as_posix().replace("/", ".")
    for pattern in MUTMUT["only_mutate"]
    for path in ROOT.glob(pattern)
    if path.suffix == ".py" and path.relative_to(ROOT).as_posix() not in MUTMUT["do_not_mutate"]
)


def test_the_arithmetic_and_the_rules_are_mutated():
    assert {"money", "ledger", "rules.allotment", "rules.decision"} <= set(MODULES)
    assert "rules.award" not in MODULES


@pytest.mark.parametrize("module", MODULES)
def test_every_mutated_module_has_tests_of_its_own(module):
    names = own_tests.own(f"mlbatch.{module}.x_any__mutmut_1")
    assert names
    for name in names:
        assert list((ROOT / "tests").glob(f"**/{name}.py")), name


def test_a_judgement_is_for_its_change_and_its_module():
    judged = mutation.judgements()
    assert all(len(one.why) > 20 for one in judged)
    strict = mutation.Survivor("rules/county.py", "x", "zip(a, b, strict=True) → zip(a, b, strict=False)")
    assert "strict" in strict.why(judged)
    other = mutation.Survivor("rules/county.py", "x", "total = 1 → total = 2")
    assert other.why(judged) == ""
    gap = 'words, rest, gap = "", amount, False → words, rest, gap = "", amount, True'
    assert mutation.Survivor("money.py", "x", gap).why(judged)
    assert not mutation.Survivor("rules/county.py", "x", gap).why(judged)


def test_what_was_noticed_is_told_from_what_survived():
    row = mutation._row([0, 1, 1, 33, 36, None], judged=1)
    assert row == {"mutants": 6, "noticed": 3, "timeout": 1, "survived": 2, "judged": 1, "unrun": 1}
