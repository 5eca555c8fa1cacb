"""Total and rank (總分與名次), such that the sum can be done again by hand (肆.五, R1, R6, R7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables, under_review

PLACES = Decimal("0.01")

# Weights by their names in the plan year, and the column that each weighs.
BASES = {"計畫內容": "content", "執行成果": "record", "資源不足": "resources", "縣市配合": "cooperation"}


VALUES, ENTRIES = "values", "entries"  # what `part_values` and `enter` make ready


class _Values(NamedTuple):
    """The different values of a base, and which of them each row has."""

    values: Sequence[Decimal | None]
    which: Sequence[int]


def part_values(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The first part of R1, which reads no weight."""
    schools, found = tables["schools"], {}
    for label, name in BASES.items():
        column = schools[_part(name, plan)].tolist()
        numbers = {value: number for number, value in enumerate(dict.fromkeys(column))}
        found[label] = _Values(list(numbers), list(map(numbers.__getitem__, column)))
    return tables.make_ready(VALUES, found)


def enter(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The first part of R6, which reads no weight: the schools that can be ranked, and how they stand in a tie."""
    return tables.make_ready(ENTRIES, list(_entries(tables["schools"], _part("content", plan))))


def score(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R1, R7: four columns `…_points`, each weight × part / 100, and `total`, the sum of the four.

    Points have two places, rounded half up, and the total is the sum of the rounded points. The
    content is `corrected_content` if `review.correct_severity`. None where a part is missing.
    """
    return weigh(part_values(tables, plan, as_of), plan, as_of).put_away(), []


def weigh(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The second part of R1: points and totals by the weights."""
    schools, parts = tables["schools"], tables.ready[VALUES]
    points = {}
    for label, name in BASES.items():
        known = [_points(part, plan.review.weights[label]) for part in parts[label].values]
        points[f"{name}_points"] = list(map(known.__getitem__, parts[label].which))
    rows = zip(*points.values(), strict=True)
    points["total"] = [None if None in four else sum(four) for four in rows]
    columns = {name: pd.Series(values, schools.index, dtype=object) for name, values in points.items()}
    return tables.put(schools=schools.assign(**columns))


def rank(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R6: columns `rank` (1..n), `tied`, `tie_break`; a finding for each tied school.

    By total, highest first. Ties: the county's own rank if the whole tie is one county's, then plan
    content, then few resources, then code and level. The county's rank cannot serve a tie of two
    counties: A before B by rank, B before C and C before A by content would be no order (肆.五).
    `tie_break` names the criterion after which a school stood alone. Schools of a second call stand behind
    all of the first, unless the office ranks them together (`review.second_call_last`, 肆.五※).
    """
    tables = enter(tables, plan, as_of)
    ranked, totals = _ranked(tables, plan), tables["schools"]["total"].tolist()
    told = [one for tie in ranked if len(tie) > 1 for one in _told(tie, totals)]
    return _placed(tables, ranked).put_away(), told


def place(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The second part of R6: what it decides, without what it tells."""
    return _placed(tables, _ranked(tables, plan))


def _ranked(tables: Tables, plan: Plan) -> list[list[Settled]]:
    """The schools of each total in their order, the best total first."""
    totals, last = tables["schools"]["total"].tolist(), plan.review.second_call_last
    ties: dict[tuple[int, Decimal], list[Entry]] = defaultdict(list)
    for entry in tables.ready[ENTRIES]:
        if (total := totals[entry.number]) is not None:
            ties[entry.call if last else 0, total].append(entry)
    return [_settle(ties[key]) for key in sorted(ties, key=lambda key: (key[0], -key[1]))]


def _placed(tables: Tables, ranked: Sequence[Sequence[Settled]]) -> Tables:
    schools = tables["schools"]
    ranks, by = [None] * len(schools), [""] * len(schools)
    for number, (entry, criterion) in enumerate((one for tie in ranked for one in tie), 1):
        ranks[entry.number], by[entry.number] = number, criterion
    schools = schools.assign(
        rank=pd.array(ranks, dtype="Int64"),
        tied=[criterion != "" for criterion in by],
        tie_break=pd.Series(by, schools.index, dtype=object),
    )
    return tables.put(schools=schools)


def _part(name: str, plan: Plan) -> str:
    """The column that counts as the base `name`."""
    return "corrected_content" if name == "content" and plan.review.correct_severity else name


def _points(part: Decimal | None, weight: int) -> Decimal | None:
    return None if part is None else (part * weight / 100).quantize(PLACES, ROUND_HALF_UP)


# Ties --------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """One school in the ranking; `number` is its row in `schools`, `county` empty if national.

    `by_county` and `by_plan` are by what it stands in a tie, the smaller the better (see `CRITERIA`).
    """

    number: int
    key: tuple[str, str]
    name: str
    county: str
    call: int
    by_county: tuple
    by_plan: tuple
    places: tuple[object, object]


Settled = tuple[Entry, str]  # a school, and the criterion after which it stood alone; none if it had no equal

CRITERIA = ("縣市推薦序", "計畫內容", "資源不足", "學校代碼")  # the first only within one county


def _entries(schools: pd.DataFrame, content: str) -> Iterator[Entry]:
    """The schools under review that have what orders a tie."""
    names = [*KEY, "name", "county", "national", "call", "county_rank", content, "resources",
             "list_place", "plan_place"]  # fmt: skip
    county_ranks = schools["county_rank"].astype(object)
    columns = schools[names].assign(county_rank=county_ranks.where(county_ranks.notna(), None))
    rows = zip(under_review(schools).tolist(), *(columns[name].tolist() for name in names), strict=True)
    for number, (
        reviewed, code, level, name, county, national, call, county_rank, content, resources, *places,
    ) in enumerate(rows):  # fmt: skip
        if reviewed and None not in (content, resources):
            own = (call, county_rank is None, county_rank or 0)
            key = code, level
            by_plan = -content, -resources, key
            yield Entry(number, key, name, "" if national else county, call, own, by_plan, tuple(places))


def _settle(tie: Sequence[Entry]) -> list[Settled]:
    """The schools of one total in their order."""
    if len(tie) == 1:
        return [(tie[0], "")]
    counties = {one.county for one in tie}
    own = len(counties) == 1 and "" not in counties
    stands = sorted(((one.by_county if own else (), *one.by_plan), one) for one in tie)
    between = [_separates(one, two) for (one, _), (two, _) in pairwise(stands)]
    last = [max(pair) for pair in zip([0, *between], [*between, 0], strict=True)]
    return [(one, CRITERIA[number]) for (_, one), number in zip(stands, last, strict=True)]


def _separates(one: tuple, two: tuple) -> int:
    """The number of the first criterion on which two schools differ; the last, the code, always does."""
    return next(number for number, pair in enumerate(zip(one, two, strict=True)) if pair[0] != pair[1])


def _told(tie: Sequence[Settled], totals: Sequence[Decimal]) -> Iterator[Finding]:
    """R6-tie for each school of a tie; without county, since it names other counties' schools."""
    for entry, by in tie:
        others = "、".join(other.name for other, _ in tie if other is not entry)
        facts = {"name": entry.name, "others": others, "read": totals[entry.number], "by": by}
        at = next((place.at("code") for place in entry.places if isinstance(place, Place)), At())
        yield Finding(catalogue.R6_TIE, at, facts, entry.key)
