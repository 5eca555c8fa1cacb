"""Mutants are tried in forks of one pytest: what is noticed, what survives, and what cannot be tried."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studies import forks, mutation, own_tests

ROOT = Path(__file__).parent.parent
# A function as mutmut leaves it: which of its versions runs is said by the environment.
TESTS = """
import os

def double(number):
    mutant = os.environ.get("MUTANT_UNDER_TEST")
    if mutant == "fail":
        raise RuntimeError
    if mutant == "x.killed":
        os.kill(os.getpid(), 9)
    return {"x.wrong": 3 * number, "x.same": number + number}.get(mutant, 2 * number)

def test_one():
    assert double(2) == 4

def test_other():
    assert double(0) == 0
"""
UNTOUCHED = "def test_alone():\n    pass\n"
BROKEN = "def test_broken():\n    assert False\n"


@pytest.fixture
def tried(tmp_path):
    """A function that tries mutants on a file of tests: the exit code of pytest, what it said, and the mutants' codes."""

    def run(tests, *names):
        (tmp_path / "test_double.py").write_text(tests, "utf-8")
        meta, job = tmp_path / "double.meta", tmp_path / "job.json"
        meta.write_text('{"exit_code_by_key": {"x.before": 1}, "hashes": {}}', "utf-8")
        job.write_text(json.dumps({"meta": str(meta), "names": names}), "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", "-p", "studies.forks", "test_double.py"],
            cwd=tmp_path, env={**os.environ, forks.JOB: str(job), "PYTHONPATH": str(ROOT)}, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr, json.loads(meta.read_text("utf-8"))

    return run


def test_what_a_test_notices_fails_and_what_none_notices_passes(tried):
    code, said, kept = tried(TESTS, "x.wrong", "x.same", "x.killed", "x.wrong")
    assert code == 0, said
    assert kept == {
        "exit_code_by_key": {"x.before": 1, "x.wrong": 1, "x.same": 0, "x.killed": -9},
        "hashes": {},
    }


def test_tests_that_do_not_pass_through_what_is_mutated_try_nothing(tried):
    code, said, kept = tried(UNTOUCHED, "x.wrong")
    assert code == 3
    assert "no test passes through what is mutated" in said
    assert kept["exit_code_by_key"] == {"x.before": 1}


def test_tests_that_fail_without_a_mutant_try_nothing(tried):
    code, said, _ = tried(BROKEN, "x.wrong")
    assert code == 3
    assert "test_double.py::test_broken fails without a mutant" in said


def test_what_was_tried_is_not_tried_again_unless_it_survived_without_a_judgement(monkeypatch):
    codes = {"a": None, "b": 1, "c": 0, "d": 0}
    assert forks.asked("money.py", codes, 15, again=False) == ["a"]
    judged = {"c": "x = 1 → x = 1.0", "d": "x = 1 → x = 2"}
    monkeypatch.setattr(
        mutation, "survivor", lambda module, name: mutation.Survivor(module, name, judged[name])
    )
    looked_at = [mutation.Judgement(mutation.re.compile("1.0"), "a whole number is the same amount")]
    monkeypatch.setattr(mutation, "judgements", lambda: looked_at)
    assert forks.asked("money.py", codes, 15, again=True) == ["a", "d"]


def test_a_module_is_tried_by_its_own_tests_and_no_others():
    assert own_tests.paths("rules/county.py") == ["tests/rules/test_county.py"]
    assert own_tests.paths("money.py") == ["tests/test_money.py"]
    assert own_tests.paths("rules/decision.py") == [
        "tests/rules/test_decision.py",
        "tests/rules/test_withdrawal.py",
    ]
    single = own_tests.paths("breakeven.py")
    assert single
    assert all(one.startswith("tests/test_scenario.py::") for one in single)
    for path in single:
        assert f"def {path.partition('::')[2]}(" in (ROOT / "tests" / "test_scenario.py").read_text("utf-8")
