"""Who gets papers (受文者): each county, and each national school by itself (肆.七).

A recipient's papers are built from tables that hold its rows only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import pandas as pd

from mlbatch.directory import NATIONAL
from mlbatch.finding import Finding
from mlbatch.plan import Plan
from mlbatch.second_call import AGAIN
from mlbatch.tables import KEY, Frames, Later, Tables

BY_SCHOOL = ("marks", "waived", "school_closing")  # tables whose rows are a school's
BY_SCHOOL_FORMS = (
    "application",
    "revised_plan",
    "budget",
    "logbook",
    "profile",
    "change",
    "coach_application",
    "coach_record",
)  # forms of which each school hands in its own
BY_OWNER = (
    "budgeted",
    "duties",
    "class_changes",
    "officers",
    "coach_duties",
)  # rows of schools, and of counties themselves
BY_PAYEE = (
    "payees",
    "papers_due",
    "settling",
    "closing_items",
)  # tables whose rows are a county's or a national school's
REVIEW = "R"  # the rules of which nobody is told
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
        if finding.kind.rule.startswith(REVIEW):
            return False
        return finding.school == self.school if self.school[0] else finding.county == self.county


Packages = Sequence[tuple[Recipient, Tables]]


def recipients(tables: Tables, plan: Plan) -> list[Recipient]:
    """Everyone who is told or paid something: counties in ministry order, then national schools.

    Whose only file could not be used is told so too, and a county that holds a workshop is paid
    for it without a school (陸.三); neither has a row in `schools`.
    """
    schools = tables["schools"]
    national = schools.loc[schools["national"], [*KEY, "name"]].itertuples(index=False, name=None)
    named = {(code, level): name for code, level, name in national} | _unread(tables)
    return [
        _county(plan, name) for name in sorted(_heard(tables) & set(plan.counties), key=plan.county_order)
    ] + [
        Recipient(name, _folder(f"90_{name}_{level}_{code}"), "貴校", school=(code, level))
        for (code, level), name in sorted(named.items())
    ]


def each(tables: Tables, plan: Plan) -> Packages:
    """Everyone who gets papers, with the tables of its own, which are cut when they are looked into."""
    whole = Whole(tables)
    return [(who, only(tables, who, whole)) for who in recipients(tables, plan)]


def _heard(tables: Tables) -> set[str]:
    """The counties that have a school, a finding, or money of their own; a national school is in none."""
    schools = tables["schools"]
    national = set(schools.loc[schools["national"], KEY].itertuples(index=False, name=None))
    told = {finding.county for finding in tables.findings if finding.school not in national}
    paid = set(tables["counties"]["county"]) if "counties" in tables else set()
    return set(schools.loc[~schools["national"], "county"]) | told | paid


def _unread(tables: Tables) -> dict[tuple[str, str], str]:
    """The national schools of the directory of which only findings are known: key → name."""
    if "directory" not in tables:
        return {}
    directory = tables["directory"]
    own = directory[directory["owner"] == NATIONAL]
    names = dict(zip(zip(own["code"], own["level"], strict=True), own["name"], strict=True))
    found = {finding.school for finding in tables.findings} & names.keys()
    known = set(tables["schools"][KEY].itertuples(index=False, name=None))
    return {key: names[key] for key in found - known}


class Whole:
    """The tables of all, which are sorted by whose a row is once for all recipients."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._places: dict[tuple[str, ...], Mapping[Hashable, list[int]]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._tables

    def of_owner(self, name: str, who: Recipient) -> pd.DataFrame:
        """The rows of a school, or of a county and its schools without the national ones."""
        if who.school[0]:
            return self._rows(name, who.school, "code", "level")
        return self._rows(name, (False, who.county), "national", "county")

    def of_payee(self, name: str, who: Recipient) -> pd.DataFrame:
        """The rows of a payee: a county, or a national school by itself."""
        return self._rows(name, (who.county, *who.school), "county", "code", "level")

    def of_schools(self, name: str, who: Recipient) -> pd.DataFrame:
        """The rows of a recipient's schools."""
        return self._tables[name].merge(self.of_owner("schools", who)[KEY], on=KEY)

    def of_county(self, name: str, who: Recipient) -> pd.DataFrame:
        """The rows of a county."""
        return self._rows(name, (who.county,), "county")

    def told(self, who: Recipient) -> tuple[Finding, ...]:
        """The findings that are a recipient's."""
        return tuple(self._told.get(who.school if who.school[0] else who.county, ()))

    def _rows(self, name: str, key: Hashable, *columns: str) -> pd.DataFrame:
        table = self._tables[name]
        if (sort := (name, *columns)) not in self._places:
            found = self._places[sort] = defaultdict(list)
            for place, own in enumerate(zip(*(table[column].tolist() for column in columns), strict=True)):
                found[own].append(place)
        return table.take(self._places[sort].get(key, [])).reset_index(drop=True)

    @cached_property
    def _told(self) -> Mapping[Hashable, list[Finding]]:
        """School, and county → findings; the review's are nobody's."""
        found: dict[Hashable, list[Finding]] = defaultdict(list)
        for finding in self._tables.findings:
            if not finding.kind.rule.startswith(REVIEW):
                found[finding.school].append(finding)
                found[finding.county].append(finding)
        return found


def only(tables: Tables, recipient: Recipient, whole: Whole | None = None) -> Tables:
    """The decided tables and findings of one recipient: nobody else's row is in them. `whole` are the same tables, sorted."""
    whole = whole or Whole(tables)
    cuts = {"schools": whole.of_owner, "counties": whole.of_county}
    cuts |= dict.fromkeys(BY_SCHOOL, whole.of_schools)
    cuts |= dict.fromkeys(BY_OWNER, whole.of_owner)
    cuts |= dict.fromkeys(BY_PAYEE, whole.of_payee)
    own = {name: Later(partial(cut, name, recipient)) for name, cut in cuts.items() if name in whole}
    return Tables(Frames(own), whole.told(recipient))


class Filed:
    """The files of all, by their documents and names, once for all recipients."""

    def __init__(self, tables: Tables) -> None:
        self._files, self._whole = tables["files"], Whole(tables)
        self._places: dict[str, list[int]] = defaultdict(list)
        for name in ("document", "file"):
            for place, own in enumerate(self._files[name].tolist()):
                self._places[f"{name} {own}"].append(place)

    def of(self, who: Recipient) -> pd.DataFrame:
        """The rows of `files` that are a recipient's: its list, its schools' plans, and files set
        aside of which it is known that they are its own."""
        mine = self._whole.of_owner("schools", who)
        named = {f.at.file for f in self._whole.told(who) if f.kind.rule.startswith("I")}
        names = [f"document {one}" for one in _documents(mine, who)]
        names += [f"file {one}" for one in {*mine["plan_file"], *named} - {""}]
        places = {place for name in names for place in self._places.get(name, ())}
        return self._files.take(sorted(places)).reset_index(drop=True)


def _documents(schools: pd.DataFrame, who: Recipient) -> set[str]:
    """The documents that a recipient and its schools hand in, in both calls."""
    keys = list(zip(schools["code"], schools["level"], strict=True))
    found = {f"{form}-{code}-{level}" for code, level in keys for form in BY_SCHOOL_FORMS}
    if who.county:
        found |= {f"{form}-{who.county}" for form in ("recommendation", "county_budget", "county_logbook")}
    found |= {f"{one}-{AGAIN}" for one in found}
    return {*found, "-".join(("settlement", *(who.school if who.school[0] else (who.county, ""))))}


def _county(plan: Plan, name: str) -> Recipient:
    county = plan.counties[name]
    return Recipient(county.government, f"{county.order:02d}_{name}", county.polite, county=name)


def _folder(name: str) -> str:
    return UNSAFE.sub("_", name)
