"""A county's list in itself (推薦名單): ranks 1..n, each school once (肆.四(一)2, S6).

Needs no register. Where two rows contradict each other both are named: neither is preferred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date

from mlbatch import catalogue
from mlbatch.applicant import in_order
from mlbatch.finding import Finding, Kind
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables, missing


def check(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S6: S6-rank-tie, S6-rank-gap and S6-listed-twice, each list by itself."""
    if "listed" not in tables:
        return tables, []
    lists: dict[str, list] = defaultdict(list)
    rows = tables["listed"].itertuples(index=False)
    for row in sorted(rows, key=lambda row: in_order(row.place)):
        lists[row.file].append(row)
    counties = dict(zip(tables["lists"]["file"], tables["lists"]["county"], strict=True))
    findings = [
        found
        for file, rows in lists.items()
        for judge in (_ties, _gaps, _twice)
        for found in judge(rows, counties[file])
    ]
    return tables, findings


def _ties(rows: Sequence, county: str) -> Iterator[Finding]:
    for tied in _repeated((None if missing(row.county_rank) else row.county_rank, row) for row in rows):
        for row in tied:
            facts = {"read": row.county_rank, "other": _others(row, tied)}
            yield _finding(catalogue.S6_RANK_TIE, row, "county_rank", county, facts)


def _gaps(rows: Sequence, county: str) -> Iterator[Finding]:
    """A rank beyond the number of rows; a gap without one comes from a tie or a blank, told there."""
    ranks = {row.county_rank for row in rows if not missing(row.county_rank)}
    lacking = "、".join(str(rank) for rank in range(1, len(rows) + 1) if rank not in ranks)
    for row in rows:
        if not missing(row.county_rank) and row.county_rank > len(rows):
            facts = {"read": row.county_rank, "count": len(rows), "missing": lacking}
            yield _finding(catalogue.S6_RANK_GAP, row, "county_rank", county, facts)


def _twice(rows: Sequence, county: str) -> Iterator[Finding]:
    for same in _repeated(((row.code, row.level) if row.code else None, row) for row in rows):
        for row in same:
            facts = {"name": row.name, "read": row.code, "other": _others(row, same)}
            yield _finding(catalogue.S6_LISTED_TWICE, row, "code", county, facts)


def _repeated(pairs: Iterable[tuple[Hashable | None, object]]) -> Iterator[list]:
    """The rows that share a value, of each value that more than one row has; None is no value."""
    groups: dict[Hashable, list] = defaultdict(list)
    for value, row in pairs:
        if value is not None:
            groups[value].append(row)
    return (rows for rows in groups.values() if len(rows) > 1)


def _others(row, rows: Sequence) -> str:
    return "、".join(str(other.place.row) for other in rows if other is not row)


def _finding(kind: Kind, row, field: str, county: str, facts: dict) -> Finding:
    return Finding(kind, row.place.at(field), facts, (row.code, row.level), county)
