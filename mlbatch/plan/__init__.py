"""What the ministry said (計畫) and what the office decided (本部設定), year by year, as data."""

from mlbatch.plan.files import PlanError
from mlbatch.plan.plan import County, Plan, Source, load_plan, successor

__all__ = ["County", "Plan", "PlanError", "Source", "load_plan", "successor"]
