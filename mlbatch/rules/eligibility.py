"""Who may apply (申請資格): grades, devices, network, semesters (肆.一, 肆.二) and the ministry's lists.

E1's grades, E3 and E4 look at the plan alone and need no register.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mlbatch import catalogue
from mlbatch.applicant import Key, applicants, in_order
from mlbatch.finding import Finding, Kind, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables, missing, records

NO_NETWORK = "無"


@dataclass(frozen=True)
class _Paper:
    """The head of one plan, and the rows of one of its tables."""

    head: Mapping[str, object]
    rows: list = field(default_factory=list)

    def finding(self, kind: Kind, place: Place, name: str, **facts: object) -> Finding:
        """A finding at one of its cells; the roster settles whom it concerns."""
        head = self.head
        known = {"name": head["name"]} | facts
        return Finding(kind, place.at(name), known, (head["code"], head["level"]), head["county"])


def grades(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E1: E1-grade at each class of a grade that the school's level does not have in the plan."""
    findings = []
    for paper in _papers(tables, "classes"):
        level = paper.head["level"]
        allowed = plan.schools.grades.get(level)
        if not allowed:
            continue
        facts = {"level": level, "allowed": "、".join(map(str, allowed))}
        for row in paper.rows:
            if not missing(row.grade) and row.grade not in allowed:
                findings.append(
                    paper.finding(catalogue.E1_GRADE, row.place, "grade", read=row.grade, **facts)
                )
    return tables, findings


def equipment(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E3: E3-no-devices where all counts are 0, E3-no-network where nothing is covered."""
    findings = []
    for paper in _papers(tables, "devices"):
        counts = [row.count for row in paper.rows]
        if counts and all(not missing(count) and count == 0 for count in counts):
            findings.append(paper.finding(catalogue.E3_NO_DEVICES, paper.rows[0].place, "count", read=0))
        if (read := paper.head["coverage"]) == NO_NETWORK:
            place = paper.head["place"]
            findings.append(paper.finding(catalogue.E3_NO_NETWORK, place, "coverage", read=read))
    return tables, findings


def semesters(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E4: E4-semester for a semester without classes, E4-count where their number is not the request.

    A plan with a class whose semester cannot be read is not counted: that fault is told there.
    """
    papers = _papers(tables, "classes")
    return tables, [found for paper in papers for found in _semesters(paper, plan.schools.semesters)]


def incomplete(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E2: E2-incomplete for a school on the list of one of `schools.incomplete_years`."""
    years: dict[Key, set] = defaultdict(set)
    wanted = plan.schools.incomplete_years
    for code, level, year in tables["incomplete"][["code", "level", "year"]].itertuples(index=False):
        if missing(year) or year in wanted:
            years[code, level] |= set(wanted if missing(year) else [year])
    found = [
        school.finding(catalogue.E2_INCOMPLETE, read="、".join(str(y) for y in sorted(years[school.key])))
        for school in applicants(tables)
        if school.key in years
    ]
    return tables, found


def deepening(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E5: E5-deepening for a school that the other programme selected (肆.四(四)2)."""
    register = tables["deepening"]
    chosen = set(zip(register["code"], register["level"], strict=True))
    found = [s.finding(catalogue.E5_DEEPENING, year=plan.year) for s in applicants(tables) if s.key in chosen]
    return tables, found


def false_statements(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """E6: E6-false for a school found by the day `as_of` to have stated what is not so (肆.四(四)6)."""
    columns = ["code", "level", "found_on", "why", "place"]
    rows = sorted(
        tables["false_statements"][columns].itertuples(index=False), key=lambda r: in_order(r.place)
    )
    whys: dict[Key, list[str]] = defaultdict(list)
    for row in rows:
        if missing(row.found_on) or row.found_on <= as_of:
            whys[row.code, row.level].append(row.why)
    found = [
        school.finding(catalogue.E6_FALSE, why="；".join(whys[school.key]))
        for school in applicants(tables)
        if school.key in whys
    ]
    return tables, found


# Plans -------------------------------------------------------------------------------------------


def _papers(tables: Tables, name: str) -> list[_Paper]:
    """Every plan with its rows of the table `name`, by file and row."""
    if "plans" not in tables:
        return []
    heads = records(tables["plans"])
    papers = {head["file"]: _Paper(head) for head in sorted(heads, key=lambda head: head["file"])}
    for row in sorted(tables[name].itertuples(index=False), key=lambda row: in_order(row.place)):
        papers[row.file].rows.append(row)
    return list(papers.values())


def _semesters(paper: _Paper, wanted: Sequence[str]) -> Iterator[Finding]:
    semesters = [row.semester for row in paper.rows]
    if not semesters or "" in semesters:
        return
    requested = paper.head["requested"]
    for semester in wanted:
        count = semesters.count(semester)
        if not count:
            place = paper.rows[0].place
            yield paper.finding(catalogue.E4_SEMESTER, place, "semester", semester=semester)
        elif not missing(requested) and count != requested:
            facts = {"semester": semester, "read": count, "requested": requested}
            yield paper.finding(catalogue.E4_COUNT, paper.head["place"], "requested", **facts)
