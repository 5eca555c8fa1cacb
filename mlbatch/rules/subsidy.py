"""What a school gets (補助基準): a fee by where it lies, and an amount for each class (柒.三)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from mlbatch.ledger import school_grant
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables


def rates(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B5: columns `fee` and `per_class` (NT$) of every school, whatever becomes of it.

    The fee is the island's, else the one of areas with few resources (偏遠、花東、屏東), else the
    ordinary one. If the legislature cut the budget, all rates fall to the plan's lower bounds
    before the line moves (柒.三※).
    """
    schools = tables["schools"]
    fee, per_class = _lowest(schools, plan) if plan.rates.cut else _by_area(schools, plan)
    return tables.put(schools=schools.assign(fee=fee, per_class=per_class)), []


def grants(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B1: column `grant` (NT$), fee + approved classes × per class; nothing for none (柒.三(一))."""
    schools = tables["schools"]
    columns = (schools[name].tolist() for name in ("fee", "per_class", "approved"))
    grant = pd.Series(list(map(school_grant, *columns)), schools.index, dtype="Int64")
    return tables.put(schools=schools.assign(grant=grant)), []


def _by_area(schools: pd.DataFrame, plan: Plan) -> tuple[pd.Series, pd.Series]:
    fee = _all(schools, plan.rates.fee)
    fee = fee.mask(schools["few_resources"].astype(bool), plan.rates.fee_few_resources)
    fee = fee.mask(schools["island"].astype(bool), plan.rates.fee_island)
    return fee, _all(schools, plan.rates.per_class)


def _lowest(schools: pd.DataFrame, plan: Plan) -> tuple[pd.Series, pd.Series]:
    one, more = plan.bounds.one_class_min, plan.bounds.more_class_min
    return _all(schools, one - more), _all(schools, more)


def _all(schools: pd.DataFrame, amount: int) -> pd.Series:
    return pd.Series(amount, schools.index, dtype="Int64")
