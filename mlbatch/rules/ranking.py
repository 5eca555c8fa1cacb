"""Total and rank (總分與名次), such that the sum can be done again by hand (肆.五, R1, R6, R7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables, under_review

PLACES = Decimal("0.01")

# Weights by their names in the plan year, and the column that each weighs.
BASES = {"計畫內容": "content", "執行成果": "record", "資源不足": "resources", "縣市配合": "cooperation"}


def score(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R1, R7: four columns `…_points`, each weight × part / 100, and `total`, the sum of the four.

    Points have two places, rounded half up, and the total is the sum of the rounded points. The
    content is `corrected_content` if `review.correct_severity`. None where a part is missing.
    """
    schools = tables["schools"]
    parts = {label: schools[_part(name, plan)] for label, name in BASES.items()}
    points = {
        f"{name}_points": [_points(part, plan.review.weights[label]) for part in parts[label]]
        for label, name in BASES.items()
    }
    total = [None if None in four else sum(four) for four in zip(*points.values(), strict=True)]
    columns = {name: pd.Series(values, schools.index, dtype=object) for name, values in points.items()}
    total = pd.Series(total, schools.index, dtype=object)
    return tables.put(schools=schools.assign(**columns, total=total)), []


def rank(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R6: columns `rank` (1..n), `tied`, `tie_break`; a finding for each tied school.

    By total, highest first. Ties: the county's own rank if the whole tie is one county's, then plan
    content, then few resources, then code and level. The county's rank cannot serve a tie of two
    counties: A before B by rank, B before C and C before A by content would be no order (肆.五).
    `tie_break` names the criterion after which a school stood alone. Schools of a second call stand behind
    all of the first, unless the office ranks them together (`review.second_call_last`, 肆.五※).
    """
    schools = tables["schools"]
    ties: dict[tuple[int, Decimal], list[Entry]] = defaultdict(list)
    for entry in _entries(schools, _part("content", plan)):
        last = plan.review.second_call_last and entry.call
        ties[int(last), -entry.total].append(entry)
    ranked = [_settle(ties[place]) for place in sorted(ties)]
    order = [entry for tie in ranked for entry, _ in tie]
    settled = {entry.number: by for tie in ranked if len(tie) > 1 for entry, by in tie}
    places = {entry.number: place for place, entry in enumerate(order, 1)}
    numbers = range(len(schools))
    schools = schools.assign(
        rank=pd.array([places.get(number) for number in numbers], dtype="Int64"),
        tied=[number in settled for number in numbers],
        tie_break=pd.Series([settled.get(number, "") for number in numbers], schools.index, dtype=object),
    )
    return tables.put(schools=schools), [one for tie in ranked if len(tie) > 1 for one in _told(tie)]


def _part(name: str, plan: Plan) -> str:
    """The column that counts as the base `name`."""
    return "corrected_content" if name == "content" and plan.review.correct_severity else name


def _points(part: Decimal | None, weight: int) -> Decimal | None:
    return None if part is None else (part * weight / 100).quantize(PLACES, ROUND_HALF_UP)


# Ties --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One school in the ranking; `number` is its row in `schools`, `county` empty if national."""

    number: int
    key: tuple[str, str]
    name: str
    county: str
    call: int
    county_rank: int | None
    content: Decimal
    resources: Decimal
    total: Decimal
    at: At


Settled = tuple[Entry, str]  # a school, and the criterion after which it stood alone
Criterion = tuple[str, Callable[[Entry], object]]

COUNTY_RANK: Criterion = (
    "縣市推薦序", lambda one: (one.call, one.county_rank is None, one.county_rank or 0),
)  # fmt: skip
CRITERIA: tuple[Criterion, ...] = (
    ("計畫內容", lambda one: -one.content),
    ("資源不足", lambda one: -one.resources),
    ("學校代碼", lambda one: one.key),
)


def _entries(schools: pd.DataFrame, content: str) -> Iterator[Entry]:
    """The schools under review that have a total."""
    columns = [*KEY, "name", "county", "national", "call", "county_rank", content, "resources", "total",
               "list_place", "plan_place"]  # fmt: skip
    reviewed = under_review(schools).tolist()
    rows = schools[columns].itertuples(index=False, name=None)
    for number, (
        code,
        level,
        name,
        county,
        national,
        call,
        county_rank,
        *parts,
        first,
        then,
    ) in enumerate(rows):
        if not reviewed[number] or parts[-1] is None:
            continue
        at = next((place.at("code") for place in (first, then) if isinstance(place, Place)), At())
        own = None if pd.isna(county_rank) else int(county_rank)
        yield Entry(number, (code, level), name, "" if national else county, call, own, *parts, at)


def _settle(tie: Sequence[Entry]) -> list[Settled]:
    """The schools of one total in their order."""
    county = {one.county for one in tie}
    criteria = (COUNTY_RANK, *CRITERIA) if len(county) == 1 and "" not in county else CRITERIA
    order = sorted(tie, key=lambda one: [value(one) for _, value in criteria])
    between = [_separates(criteria, one, two) for one, two in pairwise(order)]
    last = [max(pair) for pair in zip([0, *between], [*between, 0], strict=True)]
    return [(one, criteria[number][0]) for one, number in zip(order, last, strict=True)]


def _separates(criteria: Sequence[Criterion], one: Entry, two: Entry) -> int:
    """The number of the first criterion on which two schools differ; the last, the code, always does."""
    return next(number for number, (_, value) in enumerate(criteria) if value(one) != value(two))


def _told(tie: Sequence[Settled]) -> Iterator[Finding]:
    """R6-tie for each school of a tie; without county, since it names other counties' schools."""
    for entry, by in tie:
        others = "、".join(other.name for other, _ in tie if other is not entry)
        facts = {"name": entry.name, "others": others, "read": entry.total, "by": by}
        yield Finding(catalogue.R6_TIE, entry.at, facts, entry.key)
