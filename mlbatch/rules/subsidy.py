"""What a school gets (補助基準): a fee by where it lies, and an amount for each class (柒.三)."""

from __future__ import annotations

from datetime import date

import numpy as np

from mlbatch import figures
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
    return spell_rates(pay(tables, plan, as_of), plan).put_away(), []


def pay(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """B5 as figures."""
    schools = figures.of(tables)
    fee, per_class = _lowest(plan) if plan.rates.cut else _by_area(schools, plan)
    count = len(schools.frame)
    return figures.put(tables, fee=_column(fee, count), per_class=_column(per_class, count))


def spell_rates(tables: Tables, plan: Plan) -> Tables:
    """The columns of B5."""
    return _spelt(tables, "fee", "per_class")


def grants(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B1: column `grant` (NT$), fee + approved classes × per class; nothing for none (柒.三(一))."""
    return spell_grants(grant(tables, plan, as_of), plan).put_away(), []


def grant(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """B1 as figures."""
    columns = (figures.of(tables).whole(name) for name in ("fee", "per_class", "approved"))
    return figures.put(tables, grant=school_grant(*columns))


def spell_grants(tables: Tables, plan: Plan) -> Tables:
    """The column of B1."""
    return _spelt(tables, "grant")


def _by_area(schools: figures.Figures, plan: Plan) -> tuple[np.ndarray, int]:
    ordinary = np.where(schools.flag("few_resources"), plan.rates.fee_few_resources, plan.rates.fee)
    return np.where(schools.flag("island"), plan.rates.fee_island, ordinary), plan.rates.per_class


def _lowest(plan: Plan) -> tuple[int, int]:
    one, more = plan.bounds.one_class_min, plan.bounds.more_class_min
    return one - more, more


def _column(amount: np.ndarray | int, count: int) -> np.ndarray:
    return np.array(np.broadcast_to(np.asarray(amount, dtype=np.int64), count))


def _spelt(tables: Tables, *names: str) -> Tables:
    schools, known = tables["schools"], figures.of(tables)
    columns = {name: figures.spelt(known.whole(name), schools) for name in names}
    return tables.put(schools=schools.assign(**columns))
