"""A slow, obvious judge of the budget line: it tries every prefix and sums each from nothing.

It shares no code with the rules: what it reads are the plan's settings and the schools' facts.
"""

from math import floor


def allot(schools, plan, *, coaches=(), workshops=(), closed):
    """Classes by rank: {rank: classes}, for schools as `award_tables.school` makes them."""
    turns = order(schools, plan)
    given = {school["rank"]: 0 for school in schools}
    for prefix in prefixes(turns):
        trial = {**given, **prefix}
        if (
            cost(schools, trial, plan, coaches=coaches, workshops=workshops, closed=closed)
            > plan.budget.total
        ):
            return given
        given = trial
    return given


def prefixes(turns):
    """Every prefix of the line: 1 class of the first school, 2, …, then 1 of the next, …"""
    full = {}
    for school in turns:
        for classes in range(1, school["allowed"] + 1):
            yield {**full, school["rank"]: classes}
        full[school["rank"]] = school["allowed"]


def cost(schools, given, plan, *, coaches=(), workshops=(), closed):
    """All that is paid if the schools get `given` classes."""
    total = sum(amount for _, amount in workshops)
    for school in schools:
        if given[school["rank"]]:
            total += grant(school, given[school["rank"]], plan)
            total += plan.bounds.coach if school["rank"] in coaches else 0
    for county in {school["county"] for school in schools}:
        members = [s for s in schools if s["county"] == county and not s["national"]]
        total += county_net(county, sum(given[s["rank"]] > 0 for s in members), plan, closed)
    return total


def grant(school, classes, plan):
    """Fee + classes × per class."""
    if plan.rates.cut:
        return 100_000 + 50_000 * (classes - 1)
    fee = 80_000 if school["island"] else 70_000 if school["few_resources"] else 60_000
    return fee + 60_000 * classes


def county_net(county, schools, plan, closed):
    """50,000 and 2,000 a school, at most 80,000; a tenth less if not closed in time."""
    if schools == 0:
        return 0
    amount = min(80_000, 50_000 + 2_000 * schools)
    day = closed[county]
    late = day is None or day > plan.calendar.county_closing
    return amount - floor(amount / 10) if late else amount


def order(schools, plan):
    """Who has a turn, and in which order: guaranteed schools, then the rest with the reserve.

    In the rest, an ordinary school stands behind so many schools of areas with few resources as
    are ranked above it, or as the reserved share demands, whichever is more.
    """
    ranked = sorted(schools, key=lambda s: s["rank"])
    most, least = plan.budget.max_schools, plan.budget.min_schools
    takes_part = [s for s in ranked if s["national"] or not most or _place(s, ranked) <= most]
    first = [s for s in takes_part if not s["national"] and _place(s, ranked) <= least]
    rest = [s for s in takes_part if s not in first]
    few = [s for s in rest if s["few_resources"]]
    keys = {s["rank"]: (number, 1) for number, s in enumerate(few)}
    for school in rest:
        if not school["few_resources"]:
            keys[school["rank"]] = (_few_ahead(school, first, rest, few, plan), 0)
    return first + sorted(rest, key=lambda s: (*keys[s["rank"]], s["rank"]))


def _place(school, ranked):
    """1 for the best school of its county, 2 for the next …"""
    same = [s for s in ranked if s["county"] == school["county"] and not s["national"]]
    return 1 + sum(s["rank"] < school["rank"] for s in same)


def _few_ahead(school, first, rest, few, plan):
    percent = plan.budget.reserve_percent
    others = [s for s in first + rest if not s["few_resources"]]
    others = [s for s in others if s in first or s["rank"] <= school["rank"]]
    to_others = sum(grant(s, s["allowed"], plan) for s in others)
    ahead = sum(s["rank"] < school["rank"] for s in few)
    while ahead < len(few):
        favoured = [s for s in first if s["few_resources"]] + few[:ahead]
        to_few = sum(grant(s, s["allowed"], plan) for s in favoured)
        if to_few * 100 >= percent * (to_few + to_others):
            break
        ahead += 1
    return ahead
