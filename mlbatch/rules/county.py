"""What schools and counties get in all (補助總額): coaches, accounts, county grants, own shares.

All on the approved classes, in whole NT$. The budget pays grants; a county's or national school's
own share comes on top of them (柒.一).
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from mlbatch import catalogue, figures, money
from mlbatch.finding import At, Finding
from mlbatch.ledger import coach_column, county_grant, county_reduction, numbered_counties, unclosed
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, QUALIFIED, Tables


def coaches(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B3: column `coach` of schools, for those on the list that have classes (附件3.三)."""
    done = spell_coaches(coach(tables, plan, as_of), plan).put_away()
    return done, _not_funded(done["coaches"], done["schools"])


def coach(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """B3 as figures."""
    funded = figures.of(tables).whole("approved") > 0
    return figures.put(tables, coach=coach_column(tables, plan) * funded)


def spell_coaches(tables: Tables, plan: Plan) -> Tables:
    """The column of B3."""
    return _spelt(tables, "schools", "coach")


def _not_funded(listed: pd.DataFrame, schools: pd.DataFrame) -> list[Finding]:
    funded = set(schools.loc[schools["coach"] > 0, KEY].itertuples(index=False, name=None))
    return [
        Finding(
            catalogue.B3_NOT_FUNDED,
            row.place.at("code"),
            {"name": row.name, "read": row.code},
            (row.code, row.level),
        )
        for row in listed.itertuples(index=False)
        if (row.code, row.level) not in funded
    ]


def accounts(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B6: columns `current` and `capital` of schools; the coach grant is apart, and all current.

    Capital is the office's share of the grant, rounded down to its unit (肆.四(四)1).
    """
    schools, terms = tables["schools"], plan.account
    grants = schools["grant"].tolist()
    split = [money.accounts(grant, terms.capital_percent, terms.capital_unit) for grant in grants]
    current, capital = (_whole([pair[side] for pair in split], schools) for side in (0, 1))
    return tables.put(schools=schools.assign(current=current, capital=capital)), []


def county_grants(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B2: the sums of each county's approved schools, and `county_grant` before reduction (柒.二).

    Columns: approved_schools, approved_classes, school_grants, coach, county_grant.
    National schools belong to no county and are in none of its sums. A county that holds a workshop
    and has no school gets a row too, so that no money is without one.
    """
    return spell_county_grants(county_sums(tables, plan, as_of), plan).put_away(), []


SUMS = {"approved": "approved_classes", "grant": "school_grants", "coach": "coach"}


def county_sums(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """B2 as figures, of the counties that then have a row."""
    schools = figures.of(tables)
    names, county = schools.once("numbers of counties", numbered_counties)
    approved = schools.whole("approved")
    columns = {"approved_schools": (approved > 0).astype(np.int64)}
    columns |= {name: schools.whole(own) for own, name in SUMS.items()}
    sums = {name: _summed(county, column, len(names)) for name, column in columns.items()}
    paid = {name for name, number in zip(names, sums["approved_schools"], strict=True) if name and number > 0}
    counties = _complete(tables["counties"], {*paid, *tables["workshops"]["county"]}, plan)
    place = {name: number for number, name in enumerate(names) if name}
    nobody = len(names)  # of a county without a school the sums are 0
    rows = np.array([place.get(name, nobody) for name in counties["county"].tolist()], dtype=np.int64)
    sums = {name: np.append(column, 0)[rows] for name, column in sums.items()}
    grants = [county_grant(number, plan) for number in sums["approved_schools"].tolist()]
    own = figures.Figures(counties).put(**sums, county_grant=np.array(grants, dtype=np.int64))
    return tables.make_ready(figures.OF + "counties", own)


def spell_county_grants(tables: Tables, plan: Plan) -> Tables:
    """The columns of B2, and rows of counties that had none."""
    counties = figures.of(tables, "counties").frame
    return _spelt(
        tables.put(counties=counties), "counties", "approved_schools", *SUMS.values(), "county_grant"
    )


def _summed(county: np.ndarray, column: np.ndarray, count: int) -> np.ndarray:
    """The sum of each county, exact as long as it is below 2⁵³."""
    return np.bincount(county, column, count).astype(np.int64)


def _spelt(tables: Tables, table: str, *names: str) -> Tables:
    frame, known = tables[table], figures.of(tables, table)
    columns = {name: figures.spelt(known.whole(name), frame) for name in names}
    return tables.put(**{table: frame.assign(**columns)})


def _by_county(schools: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Sums over the schools of each county, national schools left out."""
    own = schools[["county", *columns]][~schools["national"].astype(bool)]
    return own.groupby("county")[columns].sum()


def _complete(counties: pd.DataFrame, names: set[str], plan: Plan) -> pd.DataFrame:
    """The counties with a row for each of `names`, in ministry order; what is not known is 0 or None."""
    missing = sorted(names - set(counties["county"]))
    if not missing:
        return counties
    blank = {name: 0 if is_numeric_dtype(counties[name]) else None for name in counties}
    added = pd.DataFrame([{**blank, "county": name} for name in missing]).astype(counties.dtypes)
    every = pd.concat([counties, added], ignore_index=True)
    return every.sort_values("county", key=lambda names: names.map(plan.county_order), ignore_index=True)


def reductions(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B8: column `reduction` of counties, positive: taken off the county grant if 102–105 were not
    closed in time (肆.五). Without a record nothing is taken off, and the office is told.
    """
    done = spell_reductions(reduce(tables, plan, as_of), plan).put_away()
    counties = done["counties"]
    recorded = set(tables["county_record"]["county"])
    pairs = zip(counties["county"].tolist(), counties["county_grant"].tolist(), strict=True)
    findings = [
        Finding(catalogue.B8_NO_RECORD, At(), {"read": name})
        for name, grant in pairs
        if grant and name not in recorded
    ]
    return done, findings


def reduce(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """B8 as figures."""
    counties, closed_late = figures.of(tables, "counties"), unclosed(tables, plan)
    late = np.array([name in closed_late for name in counties.frame["county"].tolist()], dtype=bool)
    reduction = county_reduction(counties.whole("county_grant"), plan) * late
    return figures.put(tables, "counties", reduction=reduction)


def spell_reductions(tables: Tables, plan: Plan) -> Tables:
    """The column of B8."""
    return _spelt(tables, "counties", "reduction")


def workshops(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B9: columns `workshop` and `granted` of counties, and the one-row table `totals` (陸.三).

    Several workshops of one county are added. granted = school grants + coach + county grant −
    reduction + workshop. totals: budget, schools, counties, reductions, coaches, workshops,
    granted, left; its schools and coaches include the national schools.
    """
    made = add_up(tables, plan, as_of)
    return spell_totals(made, plan).put_away(), _over(made.ready[figures.TOTALS])


def add_up(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """B9 as figures, and `totals`."""
    counties, held = figures.of(tables, "counties"), tables["workshops"]
    paid: Counter[str] = Counter()
    for name, amount in zip(held["county"].tolist(), held["amount"].tolist(), strict=True):
        paid[name] += 0 if pd.isna(amount) else amount
    names = counties.frame["county"].tolist()
    workshop = np.array([paid[name] for name in names], dtype=np.int64)
    parts = sum(counties.whole(name) for name in ("school_grants", "coach", "county_grant"))
    granted = parts + workshop - counties.whole("reduction")
    made = figures.put(tables, "counties", workshop=workshop, granted=granted)
    return made.make_ready(figures.TOTALS, _totals(made, plan))


def spell_totals(tables: Tables, plan: Plan) -> Tables:
    """The columns of B9, and its table."""
    made = _spelt(tables, "counties", "workshop", "granted")
    return made.put(totals=pd.DataFrame([tables.ready[figures.TOTALS]], dtype="Int64"))


def _totals(tables: Tables, plan: Plan) -> dict[str, int]:
    schools, counties = figures.of(tables), figures.of(tables, "counties")
    parts = {
        "schools": schools.whole("grant"),
        "counties": counties.whole("county_grant"),
        "reductions": counties.whole("reduction"),
        "coaches": schools.whole("coach"),
        "workshops": counties.whole("workshop"),
    }
    sums = {name: int(column.sum()) for name, column in parts.items()}
    granted = sum(sums.values()) - 2 * sums["reductions"]
    return {"budget": plan.budget.total, **sums, "granted": granted, "left": plan.budget.total - granted}


def _over(totals: dict[str, int]) -> list[Finding]:
    if totals["workshops"] <= totals["budget"]:
        return []
    facts = {"read": f"{totals['workshops']:,}", "budget": f"{totals['budget']:,}"}
    return [Finding(catalogue.B9_OVER_BUDGET, At(), facts)]


def shares(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B7: columns `percent`, `plan_total`, `own_share` of schools and counties (柒.一).

    plan_total is the least total of which the grant is the central share, rounded down; the own
    share is the rest. A county's are the sums over its schools, each by itself, and its net county
    grant; workshops have none, the ministry's list being what is paid. `missing_rates` must be
    empty; a county without funded schools may lack a rate, its `percent` is then NA.
    """
    schools, counties, rates = tables["schools"], tables["counties"], _percents(tables, plan)
    national = 100 - plan.bounds.national_own_percent
    rows = zip(schools["county"].tolist(), schools["national"].tolist(), strict=True)
    percent = [national if own else rates.get(county) for county, own in rows]
    schools = _with_shares(schools, percent, schools["grant"] + schools["coach"])
    percent = [rates.get(county) for county in counties["county"]]
    counties = _with_shares(counties, percent, counties["county_grant"] - counties["reduction"])
    sums = _by_county(schools, both := ["plan_total", "own_share"]).reindex(counties["county"], fill_value=0)
    counties = counties.assign(**(counties[both] + sums.set_axis(counties.index)))
    return tables.put(schools=schools, counties=counties), []


def _with_shares(table: pd.DataFrame, percent: list[int | None], paid: pd.Series) -> pd.DataFrame:
    pairs = zip(paid.tolist(), percent, strict=True)
    total = _whole([money.total_for_grant(grant, rate) if grant else 0 for grant, rate in pairs], table)
    return table.assign(percent=_whole(percent, table), plan_total=total, own_share=total - paid)


def missing_rates(tables: Tables, plan: Plan) -> list[str]:
    """The counties with a ranked school that lack one rate for the plan's year, in ministry order.

    To be asked before AWARD runs. A county with two different rates is named with 「（比率不一）」.
    """
    schools, rates = tables["schools"], _rates(tables, plan)
    ranked = schools["rank"].notna() & (schools["verdict"] == QUALIFIED) & ~schools["national"].astype(bool)
    names = sorted(set(schools.loc[ranked, "county"]), key=plan.county_order)
    return [
        f"{name}（比率不一）" if rates.get(name) else name for name in names if len(rates.get(name, ())) != 1
    ]


def _percents(tables: Tables, plan: Plan) -> dict[str, int]:
    return {county: min(rates) for county, rates in _rates(tables, plan).items() if len(rates) == 1}


def _rates(tables: Tables, plan: Plan) -> dict[str, set[int]]:
    """The different central rates of each county that hold in the plan's year, none above the limit."""
    fiscal = tables["fiscal"]
    holds = (fiscal["from_year"] <= plan.year) & (plan.year <= fiscal["to_year"])
    lawful = fiscal["central_percent"].between(1, plan.county_grant.central_percent_max)
    valid = fiscal[holds.fillna(False) & lawful.fillna(False)]
    return {county: set(own) for county, own in valid.groupby("county")["central_percent"]}


def _whole(values: list, table: pd.DataFrame) -> pd.Series:
    return pd.Series(values, table.index, dtype="Int64")
