"""K2: no new school has two coaches; as many coaches as can be are served; the nearest; whatever the order of rows (附件3.四2)."""

from itertools import pairwise, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch.matching import Coach, Novice, assign, match
from mlbatch.plan import load_plan
from mlbatch.plan.nearness import far, steps
from tests.rules.laws import law_of

COUNTIES = ("新北市", "臺中市", "屏東縣")
PLAN = load_plan()


def nearest(coach, novice):
    return steps(coach.county, novice.county), 0


def is_served(coach, got, county):
    return len(got) >= coach.wants and sum(county[key] != coach.county for key in got) >= coach.abroad


def distributions(coaches, novices):
    """Every way to give each new school to one coach or none, no coach more than it wants."""
    for owners in product((None, *(coach.key for coach in coaches)), repeat=len(novices)):
        got = {
            coach.key: [n.key for n, owner in zip(novices, owners, strict=True) if owner == coach.key]
            for coach in coaches
        }
        if all(len(got[coach.key]) <= coach.wants for coach in coaches):
            yield got


def served(coaches, novices, got):
    county = {one.key: one.county for one in novices}
    return sum(is_served(coach, got[coach.key], county) for coach in coaches)


def distance(coaches, novices, got):
    county = {one.key: one.county for one in novices}
    return sum(steps(coach.county, county[key]) for coach in coaches for key in got[coach.key])


NEEDS = st.sampled_from([(2, 1), (2, 1), (2, 1), (1, 1), (1, 0), (0, 0)])
COACHES = st.lists(st.tuples(st.sampled_from(COUNTIES), NEEDS), max_size=3).map(
    lambda rows: [Coach(f"教練{i}", county, *needs) for i, (county, needs) in enumerate(rows)]
)
NOVICES = st.lists(st.sampled_from(COUNTIES), max_size=6).map(
    lambda rows: [Novice(f"新手{i}", county) for i, county in enumerate(rows)]
)


@law_of(60)
@given(COACHES, NOVICES)
def test_as_many_coaches_are_served_as_by_trying_everything(coaches, novices):
    best = max(served(coaches, novices, got) for got in distributions(coaches, novices))
    made = match(coaches, novices, nearest)
    assert served(coaches, novices, made) == best
    assert sum(map(len, made.values())) == min(len(novices), sum(coach.wants for coach in coaches))


@law_of(60)
@given(COACHES, NOVICES)
def test_no_new_school_has_two_coaches_and_no_coach_too_many(coaches, novices):
    made = match(coaches, novices, nearest)
    given_away = [key for got in made.values() for key in got]
    assert len(given_away) == len(set(given_away))
    assert all(len(made[coach.key]) <= coach.wants for coach in coaches)


@law_of(60)
@given(COACHES, NOVICES)
def test_where_all_are_served_the_way_is_the_shortest(coaches, novices):
    everyone = [
        got for got in distributions(coaches, novices) if served(coaches, novices, got) == len(coaches)
    ]
    if everyone:
        made = match(coaches, novices, nearest)
        assert distance(coaches, novices, made) == min(distance(coaches, novices, got) for got in everyone)


@law_of(60)
@given(COACHES, NOVICES, st.integers(0, 2))
def test_the_first_in_order_is_served_before_its_equals(coaches, novices, place):
    """Of two coaches of one county that need the same, never the later one alone is served."""
    made, county = match(coaches, novices, nearest), {one.key: one.county for one in novices}
    for first, later in pairwise(coaches):
        if (first.county, first.wants, first.abroad) == (later.county, later.wants, later.abroad):
            assert is_served(first, made[first.key], county) or not is_served(later, made[later.key], county)


def test_equals_go_by_the_order_of_coaches_then_of_schools():
    coaches = [Coach("甲", "新北市", 2, 1), Coach("乙", "新北市", 2, 1)]
    novices = [Novice(key, "桃園市") for key in ("1", "2", "3", "4")]
    assert match(coaches, novices, nearest) == {"甲": ["1", "2"], "乙": ["3", "4"]}


def test_a_wish_decides_between_equally_near():
    coaches, novices = [Coach("甲", "新北市", 1, 0)], [Novice("1", "桃園市"), Novice("2", "桃園市")]
    made = match(coaches, novices, lambda coach, one: (1, 0 if one.key == "2" else 1))
    assert made == {"甲": ["2"]}


@law_of(60)
@given(st.integers(1, 4), st.integers(0, 2), st.data())
def test_the_assignment_costs_least(height, more, data):
    width = height + more
    weights = data.draw(
        st.lists(
            st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=height, max_size=height
        )
    )
    chosen = assign(weights)
    assert len(set(chosen)) == height
    cost = sum(row[at] for row, at in zip(weights, chosen, strict=True))
    assert cost == min(
        sum(row[at] for row, at in zip(weights, order, strict=True))
        for order in permutations(range(width), height)
    )


# How near ------------------------------------------------------------------------------------------


def test_steps_are_the_same_both_ways_and_nothing_by_land_is_as_far_as_an_island():
    for one, other in product(PLAN.counties, repeat=2):
        assert steps(one, other) == steps(other, one)
        assert (steps(one, other) == 0) == (one == other)
        over_sea = one != other and bool({one, other} & set(PLAN.islands.counties))
        assert (steps(one, other) == far()) == over_sea


@pytest.mark.parametrize(("one", "other", "number"), [("新北市", "基隆市", 1), ("嘉義市", "嘉義縣", 1), ("臺中市", "雲林縣", 2),
                                                      ("宜蘭縣", "屏東縣", 3), ("金門縣", "連江縣", 12)])  # fmt: skip
def test_some_steps_that_anyone_can_count(one, other, number):
    assert steps(one, other) == number
