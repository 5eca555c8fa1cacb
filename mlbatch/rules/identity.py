"""Whether a school is the one that the directory knows (代碼、校名、縣市): E1, E7 and S6 (肆.一).

Names and counties agree as `name_key` says. What was probably meant is suggested, never assumed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mlbatch import catalogue
from mlbatch.applicant import applicants
from mlbatch.directory import Directory, Key, Known, name_key, plain_name
from mlbatch.finding import At, Finding, Kind, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables

BLANK = "（空白）"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list, or the head of a plan; `told` is the county to which its findings go."""

    code: str
    level: str
    name: str
    county: str
    place: Place
    school: Key
    listed: bool
    told: str

    def finding(self, kind: Kind, field: str, **facts: object) -> Finding:
        """A finding at one of its cells."""
        return Finding(kind, self.place.at(field), facts, self.school, self.told)


def agree(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E7: E7-unknown, E7-name, E7-same-name and E7-county, for every row of a list and every plan."""
    directory = Directory.of(tables["directory"])
    unread = {finding.at: finding.read for finding in tables.findings if finding.at.cell}
    entries = _entries(tables)
    found = [one for entry in entries for one in _faults(entry, directory, plan, unread)]
    return tables, found


def level(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E1: E1-not-a-level where the directory has the code at no level of the plan."""
    directory, findings = Directory.of(tables["directory"]), []
    for school in applicants(tables):
        levels = [known.level for known in directory.coded(school.code)]
        if levels and not set(levels) & set(plan.schools.levels):
            findings.append(school.finding(catalogue.E1_NOT_A_LEVEL, read="、".join(levels)))
    return tables, findings


def one_county(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S6: S6-two-counties at every row of a school in several lists, but not in its own county's."""
    directory = Directory.of(tables["directory"])
    schools: dict[Key, list[Entry]] = defaultdict(list)
    for entry in _entries(tables):
        if entry.listed:
            schools[entry.school].append(entry)
    findings = [
        entry.finding(catalogue.S6_TWO_COUNTIES, "code", name=entry.name, read=entry.school[0], other=other)
        for key, entries in schools.items()
        for entry in entries
        if (other := _others(entry, entries)) and not _own(entry, directory.find(key))
    ]
    return tables, findings


def _others(entry: Entry, entries: Sequence[Entry]) -> str:
    others = (other.county for other in entries if other.county != entry.county)
    return "、".join(dict.fromkeys(others))


def _own(entry: Entry, known: Known | None) -> bool:
    return known is not None and known.county == entry.county


def _entries(tables: Tables) -> list[Entry]:
    """The rows of all lists, then all plans, by file and row."""
    schools = tables["schools"]
    told = {
        (code, level): "" if national else county
        for code, level, county, national in schools[["code", "level", "county", "national"]].itertuples(index=False)
    }  # fmt: skip
    columns = ["code", "level", "name", "county", "place", "school"]
    listed = [
        Entry(*row, True, row[3]) for row in tables["listed"][columns].itertuples(index=False, name=None)
    ]
    plans = tables["plans"][columns].itertuples(index=False, name=None)
    return listed + [Entry(*row, False, told[row[5]]) for row in plans]


# E7 ----------------------------------------------------------------------------------------------


def _faults(entry: Entry, directory: Directory, plan: Plan, unread: dict[At, str]) -> Iterator[Finding]:
    known = directory.find(entry.school)
    if not entry.code:
        yield from _suggested(entry, known, directory, unread)
    elif known is None:
        yield from _unknown(entry, directory, plan)
    elif entry.name and name_key(entry.name) != name_key(known.name):
        yield _other_name(entry, known)
    if known and entry.county and name_key(entry.county) != name_key(known.county):
        yield from _elsewhere(entry, known)


def _other_name(entry: Entry, known: Known) -> Finding:
    """Another school's name is to be corrected; the same name in its long or short form is understood."""
    if plain_name(entry.name) == plain_name(known.name):
        return entry.finding(catalogue.E7_SAME_NAME, "name", read=entry.name, name=known.name)
    return entry.finding(catalogue.E7_NAME, "name", code=known.code, read=entry.name, name=known.name)


def _suggested(
    entry: Entry, known: Known | None, directory: Directory, unread: dict[At, str]
) -> Iterator[Finding]:
    """For a school without a readable code: which code was meant; the reader named the fault itself."""
    meant = known or directory.near(entry.name, "", entry.county, entry.level)
    if meant:
        read = unread.get(entry.place.at("code")) or BLANK
        facts = {"read": read, "level": entry.level, "hint": _hint(meant)}
        yield entry.finding(catalogue.E7_UNKNOWN, "code", **facts)


def _unknown(entry: Entry, directory: Directory, plan: Plan) -> Iterator[Finding]:
    """A code that the directory does not have at that level; a level outside the plan is E1's matter."""
    levels = [known.level for known in directory.coded(entry.code)]
    if levels and (not entry.level or not set(levels) & set(plan.schools.levels)):
        return
    meant = None if levels else directory.near(entry.name, entry.code, entry.county, entry.level)
    hint = f"名錄所載該代碼之學制為{'、'.join(levels)}。" if levels else _hint(meant) if meant else ""
    facts = {"read": entry.code, "level": entry.level, "hint": hint}
    yield entry.finding(catalogue.E7_UNKNOWN, "level" if levels else "code", **facts)


def _hint(meant: Known) -> str:
    return f"您是不是要填「{meant.code}」（{meant.name}，{meant.level}）？"


def _elsewhere(entry: Entry, known: Known) -> Iterator[Finding]:
    """A school in another county's papers; a national school in a list is S3's matter."""
    if not (entry.listed and known.national):
        facts = {"name": known.name, "read": entry.county, "county": known.county}
        yield entry.finding(catalogue.E7_COUNTY, "code" if entry.listed else "county", **facts)
