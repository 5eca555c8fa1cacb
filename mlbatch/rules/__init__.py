"""What follows (規則): from tables and plan to tables and findings.

The selection is a chain, INTAKE ⊂ REVIEW ⊂ AWARD, each a literal tuple in run order; BUDGET, PAYMENT and
TRACKING follow the ministry's decisions; CLOSING ends the year; SINGLE are the rules that a sender can run on
one file, without registers.
"""

from importlib import import_module

from mlbatch.rules.rule import Report, Rule, run_rules

SELECTIONS = {  # each is imported when it is asked for: `check` needs no other than its own (docs/decisions/0044)
    "INTAKE": "intake",
    "SINGLE": "intake",
    "ALONE": "sent",
    "REVIEW": "review",
    "AWARD": "award",
    "missing_rates": "award",
    "BUDGET": "budgeting",
    "PAYMENT": "payment",
    "TRACKING": "tracking",
    "CLOSING": "yearend",
}


def __getattr__(name: str) -> object:
    """A selection of rules, or what goes with it."""
    if name not in SELECTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{SELECTIONS[name]}"), name)


__all__ = ["Report", "Rule", "run_rules", *SELECTIONS]
