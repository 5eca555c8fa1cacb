"""What schools and counties get in all (補助總額): coaches, accounts, county grants, own shares.

All on the approved classes, in whole NT$. The budget pays grants; a county's or national school's
own share comes on top of them (柒.一).
"""

from __future__ import annotations

from datetime import date

import pandas as pd
from pandas.api.types import is_numeric_dtype

from mlbatch import catalogue, money
from mlbatch.finding import At, Finding
from mlbatch.ledger import coach_grants, county_grant, county_reduction, unclosed
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, QUALIFIED, Tables


def coaches(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B3: column `coach` of schools, for those on the list that have classes (附件3.三)."""
    schools, listed = tables["schools"], coach_grants(tables, plan)
    keys = zip(*(schools[name].tolist() for name in (*KEY, "approved")), strict=True)
    coach = [listed.get((code, level), 0) if classes else 0 for code, level, classes in keys]
    schools = schools.assign(coach=_whole(coach, schools))
    return tables.put(schools=schools), _not_funded(tables["coaches"], schools)


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
    schools = tables["schools"]
    has_any = (schools["approved"] > 0).astype("Int64")
    names = {"approved": "approved_classes", "grant": "school_grants", "coach": "coach"}
    own = schools[["county", "national", *names]].assign(approved_schools=has_any)
    sums = _by_county(own, ["approved_schools", *names])
    paid = sums.index[sums["approved_schools"] > 0]
    counties = _complete(tables["counties"], {*paid, *tables["workshops"]["county"]}, plan)
    own = sums.rename(columns=names).reindex(counties["county"], fill_value=0).set_axis(counties.index)
    grants = _whole([county_grant(n, plan) for n in own["approved_schools"]], counties)
    return tables.put(counties=counties.assign(**own, county_grant=grants)), []


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
    counties, late = tables["counties"], unclosed(tables, plan)
    pairs = list(zip(counties["county"], counties["county_grant"], strict=True))
    reduction = [county_reduction(grant, plan) if name in late else 0 for name, grant in pairs]
    recorded = set(tables["county_record"]["county"])
    findings = [
        Finding(catalogue.B8_NO_RECORD, At(), {"read": name})
        for name, grant in pairs
        if grant and name not in recorded
    ]
    return tables.put(counties=counties.assign(reduction=_whole(reduction, counties))), findings


def workshops(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """B9: columns `workshop` and `granted` of counties, and the one-row table `totals` (陸.三).

    Several workshops of one county are added. granted = school grants + coach + county grant −
    reduction + workshop. totals: budget, schools, counties, reductions, coaches, workshops,
    granted, left; its schools and coaches include the national schools.
    """
    counties = tables["counties"]
    paid = tables["workshops"].groupby("county")["amount"].sum()
    workshop = _whole([int(paid.get(name, 0)) for name in counties["county"]], counties)
    counties = counties.assign(workshop=workshop)
    parts = counties[["school_grants", "coach", "county_grant", "workshop"]].sum(axis=1)
    counties = counties.assign(granted=(parts - counties["reduction"]).astype("Int64"))
    totals = _totals(tables["schools"], counties, plan)
    return tables.put(counties=counties, totals=pd.DataFrame([totals], dtype="Int64")), _over(totals)


def _totals(schools: pd.DataFrame, counties: pd.DataFrame, plan: Plan) -> dict[str, int]:
    sums = {
        "schools": int(schools["grant"].sum()),
        "counties": int(counties["county_grant"].sum()),
        "reductions": int(counties["reduction"].sum()),
        "coaches": int(schools["coach"].sum()),
        "workshops": int(counties["workshop"].sum()),
    }
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
