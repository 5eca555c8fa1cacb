"""Total and rank (總分與名次), such that the sum can be done again by hand (肆.五, R1, R6, R7).

Parts and points are reckoned as whole hundredths, by column, and spelt as Decimals with two places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from mlbatch import catalogue, figures
from mlbatch.finding import At, Finding, Place
from mlbatch.ledger import keys_of, numbered_counties
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables, under_review

# Weights by their names in the plan year, and the column that each weighs.
BASES = {"計畫內容": "content", "執行成果": "record", "資源不足": "resources", "縣市配合": "cooperation"}
CRITERIA = ("縣市推薦序", "計畫內容", "資源不足", "學校代碼")  # the first only within one county

PARTS, POINTS, ENTRIES, RANKING = (
    "parts",
    "points",
    "entries",
    "ranking",
)  # what the parts of R1 and R6 make ready


class Scores(NamedTuple):
    """A column of scores: whole hundredths, 0 where one is missing, and where one stands."""

    hundredths: np.ndarray
    known: np.ndarray


# R1 ----------------------------------------------------------------------------------------------


def score(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R1, R7: four columns `…_points`, each weight × part / 100, and `total`, the sum of the four.

    Points have two places, rounded half up, and the total is the sum of the rounded points. The
    content is `corrected_content` if `review.correct_severity`. None where a part is missing.
    Raises ValueError for a part with more than two places.
    """
    weighed = weigh(part_values(tables, plan, as_of), plan, as_of)
    return spell_points(weighed, plan).put_away(), []


def part_values(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The first part of R1, which reads no weight: the four bases as `Scores`."""
    schools = tables["schools"]
    parts = {label: scores(schools[_part(name, plan)]) for label, name in BASES.items()}
    return figures.put(tables).make_ready(PARTS, parts)


def weigh(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The second part of R1: points and totals by the weights."""
    weights = plan.review.weights
    points = {
        f"{BASES[label]}_points": Scores(percent_half_up(part.hundredths, weights[label]), part.known)
        for label, part in tables.ready[PARTS].items()
    }
    known = np.logical_and.reduce([one.known for one in points.values()])
    total = sum(one.hundredths for one in points.values())
    return tables.make_ready(POINTS, {**points, "total": Scores(total, known)})


def spell_points(tables: Tables, plan: Plan) -> Tables:
    """The columns of R1."""
    schools = tables["schools"]
    columns = {name: _decimals(one, schools) for name, one in tables.ready[POINTS].items()}
    return tables.put(schools=schools.assign(**columns))


def percent_half_up(hundredths: np.ndarray, percent: int) -> np.ndarray:
    """So many percent of whole hundredths, rounded half up as Decimals are: half a hundredth goes away from 0."""
    exact = hundredths * percent
    return np.sign(exact) * ((np.abs(exact) + 50) // 100)


def scores(column: pd.Series) -> Scores:
    """A column of Decimals with at most two places; ValueError for one that has more."""
    values, which = figures.numbered(column.tolist())
    known = np.array([value is not None for value in values], dtype=bool)
    whole = np.array([0 if value is None else _hundredths(value) for value in values], dtype=np.int64)
    return Scores(whole[which], known[which])


def _hundredths(value: Decimal) -> int:
    whole = value.scaleb(2)
    if whole != (exact := int(whole)):
        raise ValueError(f"{value} has more than two places")
    return exact


def _decimals(one: Scores, schools: pd.DataFrame) -> pd.Series:
    """Scores as Decimals with two places, each different one made once; None where one is missing."""
    whole, which = np.unique(one.hundredths, return_inverse=True)
    spelt = np.array([None, *(Decimal(number).scaleb(-2) for number in whole.tolist())], dtype=object)
    return pd.Series(spelt[np.where(one.known, which + 1, 0)], schools.index, dtype=object)


def _part(name: str, plan: Plan) -> str:
    """The column that counts as the base `name`."""
    return "corrected_content" if name == "content" and plan.review.correct_severity else name


# R6 ----------------------------------------------------------------------------------------------


class Entries(NamedTuple):
    """The schools that can be ranked, by column, and how each stands in a tie whatever the weights.

    `rows` are theirs in `schools`, `county` the number of the county, -1 if national. `own_rank` is the county's
    own, behind all others where it gave none. `by_plan` and `by_county` number all entries in the order of a tie of
    several counties and of a tie of one.
    """

    rows: np.ndarray
    county: np.ndarray
    call: np.ndarray
    own_rank: np.ndarray
    content: np.ndarray
    resources: np.ndarray
    by_plan: np.ndarray
    by_county: np.ndarray


class Ranking(NamedTuple):
    """The entries in the order of their ranks: which these are, the number of each one's tie, and if the tie is one county's."""

    entries: np.ndarray
    tie: np.ndarray
    within: np.ndarray

    @property
    def tied(self) -> np.ndarray:
        """Which of them have an equal total beside them."""
        return np.bincount(self.tie)[self.tie] > 1 if len(self.tie) else np.zeros(0, dtype=bool)


UNRANKED = 1 << 40  # behind every rank that a county gave


def rank(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R6: columns `rank` (1..n), `tied`, `tie_break`; a finding for each tied school.

    By total, highest first. Ties: the county's own rank if the whole tie is one county's, then plan
    content, then few resources, then code and level. The county's rank cannot serve a tie of two
    counties: A before B by rank, B before C and C before A by content would be no order (肆.五).
    `tie_break` names the criterion after which a school stood alone. Schools of a second call stand behind
    all of the first, unless the office ranks them together (`review.second_call_last`, 肆.五※).
    """
    placed = place(enter(tables, plan, as_of), plan, as_of)
    told = list(_told(placed))
    return spell_ranks(placed, plan).put_away(), told


def enter(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The first part of R6, which reads no weight: the schools that can be ranked, and how they stand in a tie."""
    schools = tables["schools"]
    content, resources = scores(schools[_part("content", plan)]), scores(schools["resources"])
    rows = np.flatnonzero(under_review(schools).to_numpy(dtype=bool) & content.known & resources.known)
    names, county = numbered_counties(schools)
    county = np.where([name != "" for name in names], range(len(names)), -1)[county]
    known = schools["county_rank"].notna().to_numpy(dtype=bool)
    call, own_rank = (figures.of(tables).whole(name) for name in ("call", "county_rank"))
    own_rank = np.where(known, own_rank, UNRANKED)
    keys = keys_of(schools)
    by_key = _numbers(np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64))
    columns = (county, call, own_rank, content.hundredths, resources.hundredths, by_key)
    county, call, own_rank, content, resources, by_key = (column[rows] for column in columns)
    by_plan = _numbers(np.lexsort((by_key, -resources, -content)))
    by_county = _numbers(np.lexsort((by_plan, own_rank, call)))
    return tables.make_ready(
        ENTRIES, Entries(rows, county, call, own_rank, content, resources, by_plan, by_county)
    )


def place(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """The second part of R6: the ranks by the totals."""
    entries, total = tables.ready[ENTRIES], _total(tables)
    ranking = _ranked(entries, total, plan.review.second_call_last)
    ranks = np.zeros(len(total.known), dtype=np.int64)
    ranks[entries.rows[ranking.entries]] = np.arange(1, len(ranking.entries) + 1)
    return figures.put(tables, rank=ranks).make_ready(RANKING, ranking)


def spell_ranks(tables: Tables, plan: Plan) -> Tables:
    """The columns of R6."""
    schools, entries, ranking = tables["schools"], tables.ready[ENTRIES], tables.ready[RANKING]
    by = np.full(len(schools), "", dtype=object)
    by[entries.rows[ranking.entries]] = _criteria(entries, ranking)
    ranks = figures.of(tables).whole("rank")
    schools = schools.assign(
        rank=figures.spelt(ranks, schools, ranks == 0).array,
        tied=by != "",
        tie_break=pd.Series(by, schools.index, dtype=object),
    )
    return tables.put(schools=schools)


def _numbers(order: np.ndarray) -> np.ndarray:
    """Where each row stands in an order of rows."""
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.arange(len(order))
    return numbers


def _total(tables: Tables) -> Scores:
    ready = tables.ready.get(POINTS)
    return ready["total"] if ready else scores(tables["schools"]["total"])


def _ranked(entries: Entries, total: Scores, second_call_last: bool) -> Ranking:
    """The best total first; within a tie by the county's rank or by the plan, all ties at once."""
    (which,) = np.nonzero(total.known[entries.rows])
    worse = -total.hundredths[entries.rows[which]]
    call = entries.call[which] if second_call_last else np.zeros(len(which), dtype=np.int64)
    order = np.lexsort((worse, call))
    which, worse, call = which[order], worse[order], call[order]
    if not len(which):
        return Ranking(which, which, np.zeros(0, dtype=bool))
    begins = np.r_[True, (worse[1:] != worse[:-1]) | (call[1:] != call[:-1])]
    tie, county = np.cumsum(begins) - 1, entries.county[which]
    first = np.flatnonzero(begins)
    lowest = np.minimum.reduceat(county, first)
    within = ((lowest == np.maximum.reduceat(county, first)) & (lowest >= 0))[tie]
    settled = np.lexsort((np.where(within, entries.by_county[which], entries.by_plan[which]), tie))
    return Ranking(which[settled], tie, within)


def _criteria(entries: Entries, ranking: Ranking) -> list[str]:
    """Of each, in the order of ranks, the criterion after which it stood alone; none if it had no equal."""
    call, own_rank, content, resources = (
        column[ranking.entries] for column in (entries.call, entries.own_rank, entries.content, entries.resources)
    )  # fmt: skip
    own = ranking.within[1:] & (_differs(call) | _differs(own_rank))
    between = np.select([own, _differs(content), _differs(resources)], [0, 1, 2], 3)
    between = np.where(_differs(ranking.tie), 0, between)  # at the end of a tie nothing had to separate
    last = np.maximum(np.r_[0, between], np.r_[between, 0])[: len(ranking.entries)]
    rows = zip(last.tolist(), ranking.tied.tolist(), strict=True)
    return [CRITERIA[number] if tied else "" for number, tied in rows]


def _differs(column: np.ndarray) -> np.ndarray:
    """Where each but the first differs from the one before."""
    return column[1:] != column[:-1]


def _told(tables: Tables) -> Iterator[Finding]:
    """R6-tie for each school of a tie; without county, since it names other counties' schools."""
    schools, entries, ranking = tables["schools"], tables.ready[ENTRIES], tables.ready[RANKING]
    criteria, tied = _criteria(entries, ranking), np.flatnonzero(ranking.tied)
    names = [*KEY, "name", "total", "list_place", "plan_place"]
    rows = schools[names].iloc[entries.rows[ranking.entries[tied]]]
    columns = zip(*(rows[name].tolist() for name in names), strict=True)
    ties: dict[int, list[tuple]] = {}
    for tie, place, row in zip(ranking.tie[tied].tolist(), tied.tolist(), columns, strict=True):
        ties.setdefault(tie, []).append((criteria[place], *row))
    for own in ties.values():
        named = [name for _, _, _, name, *_ in own]
        for number, (by, code, level, name, total, *places) in enumerate(own):
            others = "、".join([*named[:number], *named[number + 1 :]])
            facts = {"name": name, "others": others, "read": total, "by": by}
            yield Finding(catalogue.R6_TIE, _at(places), facts, (code, level))


def _at(places: Sequence[object]) -> At:
    return next((place.at("code") for place in places if isinstance(place, Place)), At())
