"""The generated page of clauses, and the rules that it names."""

import runpy
import tomllib
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAKE = runpy.run_path(str(ROOT / "docs" / "make_clauses.py"))
CLAUSES = tomllib.loads(files("mlbatch.plan").joinpath("107.clauses.toml").read_text("utf-8"))


def test_the_page_of_clauses_is_up_to_date():
    assert (ROOT / "docs" / "clauses.md").read_text("utf-8") == MAKE["page"](), "run: make docs"


def test_every_rule_that_runs_cites_a_clause():
    from mlbatch import rules

    cited = {
        rule.cite for rule in (*rules.INTAKE, *rules.REVIEW, *rules.AWARD, *rules.PAYMENT, *rules.CLOSING)
    }
    assert cited <= set(CLAUSES)


def test_every_carried_clause_names_rules_that_run_and_are_tested():
    carriers = list(MAKE["_carriers"]())
    known = MAKE["known_rules"]() | {"C5", "R7"}  # carried by C1 to C4 together, and by R1
    for cite, entry in CLAUSES.items():
        for rule in entry.get("rules", ()):
            assert rule in known, (cite, rule)
            assert MAKE["tests_of_rule"](rule, carriers), (cite, rule)
