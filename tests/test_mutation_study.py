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


def test_the_mutants_to_try_are_all_of_money_and_a_repeatable_share_of_the_others():
    names = [f"x{number}" for number in range(30)]
    assert mutation.drawn("rules/county.py", names, 10) == names
    few, more = (mutation.drawn("rules/letter.py", names, percent) for percent in (10, 35))
    assert (len(few), len(more)) == (3, 11)
    assert set(few) < set(more) <= set(names)
    assert few == mutation.drawn("rules/letter.py", reversed(names), 10) != names[:3]


def test_the_modules_of_money_are_modules():
    assert {one.removesuffix(".py").replace("/", ".") for one in mutation.MONEY} <= set(MODULES)


def test_a_share_of_a_sample_has_its_interval():
    """Wilson's interval of 90 of 100, and of all of ten."""
    assert mutation.wilson(90, 100) == pytest.approx((82.56, 94.48), abs=0.01)
    assert mutation.wilson(10, 10) == pytest.approx((72.25, 100.0), abs=0.01)
