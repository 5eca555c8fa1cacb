"""The rules of budgets, at a glance (經費編列). They need what AWARD made; budgets are read if they came."""

from mlbatch.rules import budget
from mlbatch.rules.rule import Rule

BUDGET = (Rule("G1", "經費申請表", "柒.五", budget.check, ("schools", "counties", "files")),)

__all__ = ["BUDGET"]
