"""What the registers say of a school (身分認定): new, remote, island, few resources (肆.六(二), C2, C3).

What a school says of itself does not count; a difference is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from mlbatch import catalogue
from mlbatch.applicant import Applicant, applicants
from mlbatch.finding import Finding
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables

REGISTERS = ("directory", "subsidised", "remote")
FLAGS = ["new", "remote", "island", "few_resources"]
YES, NO = "是", "否"


def standing(
    directory: pd.DataFrame, subsidised: pd.DataFrame, remote: pd.DataFrame, plan: Plan
) -> pd.DataFrame:
    """The standing of every school in `directory` (code, level, county, township), in its order.

    Columns: code, level, new (not subsidised in `schools.subsidised_year`), remote (on the list of
    the day of the call), island, few_resources (all bool), cap (Int64: the most classes that it
    may request, NA for a level outside the plan).
    """
    county = directory["county"]
    new = ~_among(directory, subsidised)
    far = _among(directory, remote)
    island = county.isin(plan.islands.counties) | (county + directory["township"]).isin(
        plan.islands.townships
    )
    few = far | island | county.isin(plan.areas.counties)
    new_cap = far.map({True: plan.classes.new_remote, False: plan.classes.new_other}).where(new)
    caps = pd.DataFrame({"level": directory["level"].map(plan.classes.cap), "new": new_cap}).astype("Int64")
    cap = caps.min(axis=1).where(caps["level"].notna()).astype("Int64")
    table = directory[KEY].assign(new=new, remote=far, island=island, few_resources=few, cap=cap)
    return table.astype(dict.fromkeys(FLAGS, bool)).reset_index(drop=True)


def known_schools(tables: Tables, plan: Plan) -> pd.DataFrame:
    """Every school of the directory with its standing (see `standing`), name, county and owner.

    KeyError if one of the three registers was not read.
    """
    registers = (tables[name] for name in REGISTERS)
    schools = standing(*registers, plan)
    return schools.merge(tables["directory"][[*KEY, "name", "county", "owner"]])


def judge(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """C2, C3: columns `new`, `remote`, `island`, `few_resources` of `schools`; claims that differ."""
    table = standing(tables["schools"], tables["subsidised"], tables["remote"], plan)
    schools = tables["schools"].assign(**{flag: table[flag].to_numpy() for flag in FLAGS})
    claims = schools[["claimed_new", "claimed_remote", "new", "remote"]].itertuples(index=False, name=None)
    by_key = dict(zip(zip(schools["code"], schools["level"], strict=True), claims, strict=True))
    tables = tables.put(schools=schools)
    year = plan.schools.subsidised_year
    found = [one for school in applicants(tables) for one in _claims(school, year, *by_key[school.key])]
    return tables, found


def _claims(
    school: Applicant, year: int, claimed_new, claimed_remote, new: bool, remote: bool
) -> Iterator[Finding]:
    """Where the list says otherwise; a blank says nothing."""
    if pd.notna(claimed_new) and claimed_new != new:
        facts = {"read": _word(claimed_new), "should": _word(new), "year": year}
        yield school.listed(catalogue.C2_NOT_AS_CLAIMED, "claimed_new", **facts)
    if pd.notna(claimed_remote) and claimed_remote != remote:
        facts = {"read": _word(claimed_remote), "should": _word(remote)}
        yield school.listed(catalogue.C3_NOT_AS_CLAIMED, "claimed_remote", **facts)


def _word(value: bool) -> str:
    return YES if value else NO


def _among(schools: pd.DataFrame, register: pd.DataFrame) -> pd.Series:
    """Whether each school stands in a register, by code and level."""
    known = set(zip(register["code"], register["level"], strict=True))
    keys = zip(schools["code"], schools["level"], strict=True)
    return pd.Series([key in known for key in keys], schools.index, dtype=bool)
