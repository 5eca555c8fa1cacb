"""The generated page of clauses, and the rules that it names."""

import runpy
import tomllib
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAKE = runpy.run_path(str(ROOT / "docs" / "make_clauses.py"))
CLAUSES = tomllib.loads(files("mlbatch.plan").joinpath("107.clauses.toml").read_text("utf-8"))

# C5 is carried by C1 to C4 together, R7 by R1, T5 by T11's rule of who came, T7 by the logbook's own choices, T9 by the states of all duties.
SHARED = {"C5", "R7", "T5", "T7", "T9"}


def test_the_page_of_clauses_is_up_to_date():
    assert (ROOT / "docs" / "clauses.md").read_text("utf-8") == MAKE["page"](), "run: make docs"


def test_every_rule_that_runs_cites_a_clause():
    from mlbatch import rules

    selections = rules.INTAKE, rules.REVIEW, rules.AWARD, rules.PAYMENT, rules.TRACKING, rules.CLOSING
    assert {rule.cite for selection in selections for rule in selection} <= set(CLAUSES)


def test_every_carried_clause_names_rules_that_run_and_are_tested():
    carriers = list(MAKE["_carriers"]())
    known = MAKE["known_rules"]() | SHARED
    for cite, entry in CLAUSES.items():
        for rule in entry.get("rules", ()):
            assert rule in known, (cite, rule)
            assert MAKE["tests_of_rule"](rule, carriers), (cite, rule)


def test_every_rule_of_the_running_year_and_of_the_closing_is_tested_in_more_than_one_way():
    """Z6 and what the office decided stand under no clause of their own."""
    carriers = list(MAKE["_carriers"]())
    rules = [*(f"T{number}" for number in range(1, 12)), *(f"Z{number}" for number in range(1, 7))]
    assert [rule for rule in rules if len(MAKE["tests_of_rule"](rule, carriers)) < 2] == []
