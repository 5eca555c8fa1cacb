"""What must hold of the rules of money, as sentences that can be broken: each law yields the names of what is violated.

The laws use the rules' own line, and sums of their own beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random

import pandas as pd

from mlbatch import money
from mlbatch.forms import numerals
from mlbatch.ledger import Key, Ledger, county_grant, county_reduction
from mlbatch.rules import allotment
from mlbatch.rules.allotment import Proposal, Turn
from mlbatch.tables import APPROVED, PARTLY, WAITING, Tables
from studies.programmes import Programme
from tests.rules import award_tables

Line = tuple[Sequence[Turn], Mapping[Key, Proposal], Ledger]


def line(made: Programme) -> Line:
    """The order, the proposals and the ledger after them."""
    turns = allotment.order(made.claims(), made.plan.budget)
    ledger = Ledger(made.plan, made.late, made.workshop_sum)
    return turns, allotment.propose(turns, ledger, made.plan), ledger


# One programme ------------------------------------------------------------------------------------


def of_programme(made: Programme, random: Random) -> Iterator[str]:
    """All laws of one programme: of its line, of its papers, and against two neighbours of it."""
    drawn = line(made)
    yield from of_line(made, drawn)
    yield from of_papers(made, drawn)
    richer = made.with_budget(made.plan.budget.total + random.randint(0, 300_000))
    yield from of_more(drawn, line(richer))
    rank = random.randint(1, len(made.schools))
    better = random.randint(1, rank)
    yield from of_better_rank(made, drawn, rank, line(made.moved_up(rank, better)))


def of_line(made: Programme, drawn: Line) -> Iterator[str]:
    """Within the budget, in order, nothing left for the next step, the waiting list without a gap."""
    turns, given, ledger = drawn
    total = made.plan.budget.total
    if ledger.spent > max(total, made.workshop_sum):
        yield "beyond the budget"
    open_turns = [turn.claim for turn in turns if not turn.beyond and turn.claim.allowed]
    short = [claim for claim in open_turns if given[claim.key].classes < claim.allowed]
    if short and ledger.spent_with(short[0], given[short[0].key].classes + 1) <= total:
        yield "left money that pays the next step"
    if any(given[claim.key].classes for claim in short[1:]):
        yield "a school behind the line has classes"
    waiting = [one.waiting for one in given.values() if one.outcome == WAITING]
    if sorted(waiting) != list(range(1, len(waiting) + 1)):
        yield "waiting list with a gap"
    yield from _of_schools(made, turns, given)


def _of_schools(made: Programme, turns: Sequence[Turn], given: Mapping[Key, Proposal]) -> Iterator[str]:
    bounds, most = made.plan.bounds, made.plan.budget.max_schools
    counts = Counter(turn.claim.county for turn in turns if given[turn.claim.key].classes)
    if most and any(count > most for county, count in counts.items() if county):
        yield "more schools than a county may have"
    for turn in turns:
        claim, one = turn.claim, given[turn.claim.key]
        if not 0 <= one.classes <= claim.allowed:
            yield "more classes than allowed"
        if (one.outcome == APPROVED) != (0 < one.classes == claim.allowed):
            yield "an outcome that its classes do not bear out"
        if (one.outcome == PARTLY) != (0 < one.classes < claim.allowed):
            yield "an outcome that its classes do not bear out"
        if one.classes:
            first, *more = (claim.grant(n) for n in range(1, one.classes + 1))
            if not bounds.one_class_min <= first <= bounds.one_class_max:
                yield "a grant outside the plan's range"
            if any(
                not bounds.more_class_min <= b - a <= bounds.more_class_max
                for a, b in pairwise((first, *more))
            ):
                yield "a further class outside the plan's range"


def of_papers(made: Programme, drawn: Line) -> Iterator[str]:
    """Sums: accounts = grants, schools + coaches + counties + workshops = what was spent, shares = totals."""
    turns, given, ledger = drawn
    paid = {turn.claim: given[turn.claim.key].classes for turn in turns if given[turn.claim.key].classes}
    sums = made.workshop_sum
    for claim, classes in paid.items():
        grant = claim.grant(classes)
        yield from of_accounts(grant, made.plan.account.capital_percent, made.plan.account.capital_unit)
        yield from of_share(grant + claim.coach, made.rate(claim))
        sums += grant + claim.coach
    counts = Counter(claim.county for claim in paid if claim.county)
    for county, schools in counts.items():
        net = yield from _of_county(made, county, schools)
        sums += net
    if sums != ledger.spent:
        yield "papers that do not add up to what was spent"


def _of_county(made: Programme, county: str, schools: int) -> Iterator[str]:
    """The laws of one county's grant; returns its net grant."""
    terms, bounds = made.plan.county_grant, made.plan.bounds
    grant = county_grant(schools, made.plan)
    if not bounds.county_min <= grant <= bounds.county_max:
        yield "a county grant outside the plan's range"
    if grant != min(terms.max, terms.base + terms.per_school * schools) or county_grant(0, made.plan):
        yield "a county grant that is not its formula's"
    off = county_reduction(grant, made.plan) if county in made.late else 0
    if off and not off * 100 <= grant * terms.reduction_percent < (off + 1) * 100:
        yield "a reduction that is not its percent"
    net = grant - off
    if net:
        yield from of_share(net, dict((name, rate) for name, rate, _, _ in made.fiscal)[county])
    return net


def of_more(drawn: Line, richer: Line) -> Iterator[str]:
    """More budget, all else the same: nobody has fewer classes."""
    before, after = drawn[1], richer[1]
    if any(one.classes > after[key].classes for key, one in before.items()):
        yield "a bigger budget lowered somebody"


def of_better_rank(made: Programme, drawn: Line, rank: int, moved: Line) -> Iterator[str]:
    """A school that moves up has no fewer classes."""
    key = next((row["code"], row["level"]) for row in made.schools if row["rank"] == rank)
    if drawn[1][key].classes > moved[1][key].classes:
        yield "a better rank lowered a school"


# One division -------------------------------------------------------------------------------------


def of_division(random: Random) -> Iterator[str]:
    """All laws of one amount, percentage and unit."""
    amount = random.choice((random.randint(0, 10**9), random.randint(0, 10**6), random.randint(0, 10**4)))
    percent, unit = random.randint(1, 100), random.choice((1, 7, 10, 1_000, 10_000))
    yield from of_share(amount, percent)
    yield from of_accounts(amount, percent, unit)
    yield from of_words(amount)


def of_share(grant: int, percent: int) -> Iterator[str]:
    """Central share + own share = total, and no smaller total has this central share."""
    total = money.total_for_grant(grant, percent)
    central, own = money.central_share(total, percent)
    if (central, central + own) != (grant, total) or own < 0:
        yield "shares that do not add up"
    if central * 100 > total * percent or (grant and money.central_share(total - 1, percent)[0] >= grant):
        yield "a central share above its rate"


def of_accounts(grant: int, percent: int, unit: int) -> Iterator[str]:
    """Current + capital = grant; capital the greatest multiple of the unit within its percent."""
    current, capital = money.accounts(grant, percent, unit)
    if current + capital != grant or min(current, capital) < 0:
        yield "accounts that do not add up"
    if capital % unit or not capital * 100 <= grant * percent < (capital + unit) * 100:
        yield "capital that is not rounded down to the unit"


def of_words(amount: int) -> Iterator[str]:
    """Formal numerals and the amount in letters say the amount, and only it."""
    if numerals.readings(money.formal(amount).removesuffix("元整")) != (amount,):
        yield "formal numerals that say something else"
    parts = money.colloquial(amount).removesuffix("元").replace(",", "").replace("億", " 100000000 ")
    parts = parts.replace("萬", " 10000 ").split()
    pairs = zip(parts[::2], [*parts[1::2], "1"], strict=False)
    if sum(int(number) * int(times) for number, times in pairs) != amount:
        yield "an amount in a letter that says something else"


# Whole tables ---------------------------------------------------------------------------------------


def of_tables(made: Programme, random: Random) -> Iterator[str]:
    """All rules of AWARD on whole tables: what they write adds up, in any order of rows."""
    done = award_tables.award(made.tables(), made.plan)
    schools, counties, totals = done["schools"], done["counties"], done["totals"].iloc[0]
    proposals = line(made)[1]
    if any(proposals[code, level].classes != n for code, level, n in _columns(schools, "proposed")):
        yield "a line on tables that is not the line"
    yield from _of_sums(made, schools, counties, totals)
    mixed = award_tables.award(award_tables.shuffled(made.tables(), random.randint(0, 10**6)), made.plan)
    for name, key in (("schools", ["code", "level"]), ("counties", ["county"])):
        if not _sorted(done, name, key).equals(_sorted(mixed, name, key)):
            yield "an outcome that depends on the order of rows"


def _columns(schools: pd.DataFrame, name: str) -> list[tuple]:
    return list(zip(schools["code"], schools["level"], schools[name], strict=True))


def _sorted(tables: Tables, name: str, key: list[str]) -> pd.DataFrame:
    return tables[name].sort_values(key, ignore_index=True).drop(columns="place", errors="ignore")


def _of_sums(
    made: Programme, schools: pd.DataFrame, counties: pd.DataFrame, totals: pd.Series
) -> Iterator[str]:
    def total(table: pd.DataFrame, *names: str) -> int:
        return sum(int(table[name].sum()) for name in names)

    national = schools[schools["national"]]
    if total(schools, "current", "capital") != total(schools, "grant"):
        yield "accounts that are not the grants"
    if total(counties, "school_grants", "coach") + total(national, "grant", "coach") != total(
        schools, "grant", "coach"
    ):
        yield "counties whose schools are not the schools"
    if total(counties, "granted") + total(national, "grant", "coach") != totals["granted"]:
        yield "papers that are not the total"
    if totals["granted"] + totals["left"] != made.plan.budget.total:
        yield "a budget that is not granted or left"
    if totals["left"] < 0 and totals["granted"] > made.workshop_sum:
        yield "beyond the budget"
    if (schools["approved"] > schools["allowed"]).any() or total(schools, "approved") < 0:
        yield "more classes than allowed"
    own = total(counties, "own_share", "granted") - total(counties, "workshop")
    if own != total(counties, "plan_total"):
        yield "shares that are not the plan's total"
    if ((counties["reduction"] > 0) & ~counties["county"].isin(made.late)).any():
        yield "a reduction that is not due"
