"""What follows (規則): from tables and plan to tables and findings.

The selection is a chain, INTAKE ⊂ REVIEW ⊂ AWARD, each a literal tuple in run order; BUDGET, PAYMENT and
TRACKING follow the ministry's decisions; CLOSING ends the year; SINGLE are the rules that a sender can run on
one file, without registers.
"""

from mlbatch.rules.award import AWARD, missing_rates
from mlbatch.rules.budgeting import BUDGET
from mlbatch.rules.intake import INTAKE, SINGLE
from mlbatch.rules.payment import PAYMENT
from mlbatch.rules.review import REVIEW
from mlbatch.rules.rule import Report, Rule, run_rules
from mlbatch.rules.tracking import TRACKING
from mlbatch.rules.yearend import CLOSING

__all__ = [
    "AWARD",
    "BUDGET",
    "CLOSING",
    "INTAKE",
    "PAYMENT",
    "REVIEW",
    "SINGLE",
    "TRACKING",
    "Report",
    "Rule",
    "missing_rates",
    "run_rules",
]
