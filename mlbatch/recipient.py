"""Who gets papers (受文者): each county, and each national school by itself (肆.七).

A recipient's papers are built from tables that hold its rows only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from mlbatch.finding import Finding
from mlbatch.plan import Plan
from mlbatch.second_call import AGAIN
from mlbatch.tables import Tables

BY_SCHOOL = ("marks", "waived", "school_closing")  # tables whose rows are a school's
BY_SCHOOL_FORMS = (
    "application",
    "revised_plan",
    "budget",
    "logbook",
    "profile",
    "change",
)  # forms of which each school hands in its own
BY_OWNER = ("budgeted", "duties", "class_changes", "officers")  # rows of schools, and of counties themselves
BY_PAYEE = (
    "payees",
    "papers_due",
    "settling",
    "closing_items",
)  # tables whose rows are a county's or a national school's
UNSAFE = re.compile(r'[\\/:*?"<>|\s.]+')


@dataclass(frozen=True)
class Recipient:
    """One recipient: a county (`county` set) or a national school (`school` set)."""

    name: str
    folder: str
    polite: str
    county: str = ""
    school: tuple[str, str] = ("", "")

    def owns(self, finding: Finding) -> bool:
        """Whether a finding is this recipient's to correct or to know; the review's never are."""
        if finding.kind.rule.startswith("R"):
            return False
        return finding.school == self.school if self.school[0] else finding.county == self.county


def recipients(tables: Tables, plan: Plan) -> list[Recipient]:
    """Everyone who handed something in: counties in ministry order, then national schools."""
    schools = tables["schools"]
    counties = sorted(
        set(schools.loc[~schools["national"], "county"]) & set(plan.counties), key=plan.county_order
    )
    national = schools.loc[schools["national"], ["code", "level", "name"]].sort_values(["code", "level"])
    return [_county(plan, name) for name in counties] + [
        Recipient(name, _folder(f"90_{name}_{level}_{code}"), "貴校", school=(code, level))
        for code, level, name in national.itertuples(index=False)
    ]


_last: dict[str, object] = {"of": None, "own": {}}


def only(tables: Tables, recipient: Recipient) -> Tables:
    """The decided tables and findings of one recipient: nobody else's row is in them.

    Every job of a run asks for the same ones, so those of the last tables are held.
    """
    if _last["of"] is not tables:
        _last.update(of=tables, own={})
    if recipient not in _last["own"]:
        _last["own"][recipient] = _only(tables, recipient)
    return _last["own"][recipient]


def _only(tables: Tables, recipient: Recipient) -> Tables:
    schools = tables["schools"]
    mine = _rows(schools, recipient)
    kept = Tables(findings=tuple(f for f in tables.findings if recipient.owns(f))).put(schools=mine)
    if "counties" in tables:
        counties = tables["counties"]
        kept = kept.put(counties=counties[counties["county"] == recipient.county].reset_index(drop=True))
    keys = mine[["code", "level"]]
    own = {name: tables[name].merge(keys, on=["code", "level"]) for name in BY_SCHOOL if name in tables}
    kept = kept.put(**{name: _rows(tables[name], recipient) for name in BY_OWNER if name in tables})
    own |= {name: _paid(tables[name], recipient) for name in BY_PAYEE if name in tables}
    return kept.put(**own)


def _paid(table: pd.DataFrame, recipient: Recipient) -> pd.DataFrame:
    """The rows of a payee: a county, or a national school by itself."""
    code, level = recipient.school
    mask = (table["county"] == recipient.county) & (table["code"] == code) & (table["level"] == level)
    return table[mask].reset_index(drop=True)


def files_of(tables: Tables, recipient: Recipient) -> pd.DataFrame:
    """The rows of `files` that are this recipient's: its list, its schools' plans, and files set
    aside of which it is known that they are its own."""
    files, mine = tables["files"], _rows(tables["schools"], recipient)
    keys = list(zip(mine["code"], mine["level"], strict=True))
    schools = {f"{form}-{code}-{level}" for code, level in keys for form in BY_SCHOOL_FORMS}
    lists = {f"{form}-{recipient.county}" for form in ("recommendation", "county_budget", "county_logbook")}
    documents = schools | (lists if recipient.county else set())
    documents |= {f"{one}-{AGAIN}" for one in documents}
    documents.add(
        "-".join(("settlement", *(recipient.school if recipient.school[0] else (recipient.county, ""))))
    )
    named = {f.at.file for f in tables.findings if f.kind.rule.startswith("I") and recipient.owns(f)}
    own = files["document"].isin(documents) | files["file"].isin({*mine["plan_file"], *named} - {""})
    return files[own].reset_index(drop=True)


def _county(plan: Plan, name: str) -> Recipient:
    county = plan.counties[name]
    return Recipient(county.government, f"{county.order:02d}_{name}", county.polite, county=name)


def _rows(schools: pd.DataFrame, recipient: Recipient) -> pd.DataFrame:
    if recipient.school[0]:
        code, level = recipient.school
        mask = (schools["code"] == code) & (schools["level"] == level)
    else:
        mask = ~schools["national"] & (schools["county"] == recipient.county)
    return schools[mask].reset_index(drop=True)


def _folder(name: str) -> str:
    return UNSAFE.sub("_", name)
