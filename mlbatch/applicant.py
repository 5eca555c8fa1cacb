"""Who applies (申請學校): a row of `schools` as rules see it, and where findings about it stand (肆.四).

A finding about the school itself stands at its row of the county's list; for a national school, or
one that no county lists, at its plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlbatch.finding import At, Finding, Kind, Place
from mlbatch.tables import Tables

Key = tuple[str, str]  # (code, level)
COLUMNS = ["code", "level", "name", "county", "national", "list_place", "plan_place"]


class Applicant(NamedTuple):
    """One school and level that is listed or has a plan. `list_county` is the county that lists it."""

    code: str
    level: str
    name: str
    county: str
    national: bool
    list_place: Place | None
    plan_place: Place | None
    list_county: str

    @property
    def key(self) -> Key:
        """The school's key."""
        return self.code, self.level

    def finding(self, kind: Kind, **facts: object) -> Finding:
        """A finding about the school itself, at its code."""
        own = self.plan_place if self.national else self.list_place
        return self._finding(own or self.plan_place or self.list_place, kind, "code", facts)

    def listed(self, kind: Kind, field: str, **facts: object) -> Finding:
        """A finding about a field of its row in the county's list."""
        return self._finding(self.list_place, kind, field, facts)

    def requested(self, kind: Kind, **facts: object) -> Finding:
        """A finding about the classes that it requests: the plan's number, or the list's without a plan."""
        return self._finding(self.plan_place or self.list_place, kind, "requested", facts)

    def _finding(self, place: Place, kind: Kind, field: str, facts: dict) -> Finding:
        county = self.list_county if place is self.list_place else "" if self.national else self.county
        return Finding(kind, place.at(field), {"name": self.name, **facts}, self.key, county)


def applicants(tables: Tables) -> Iterator[Applicant]:
    """The schools that have a place, in the order of `schools`; one that came only late has none."""
    counties = dict(zip(tables["listed"]["file"], tables["listed"]["county"], strict=True))
    for *known, listed, planned in tables["schools"][COLUMNS].itertuples(index=False):
        if listed or planned:
            yield Applicant(*known, listed, planned, counties[listed.file] if listed else "")


def in_order(place: Place) -> tuple[str, int]:
    """The stated order of rows: by file and row."""
    return place.file, place.row


def whole(place: Place) -> At:
    """The sheet of a place, without a cell."""
    return At(place.file, place.sheet)
