"""Who scores which school (R2): nobody in conflict, an even load, the same whatever the order."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch.rules.assignment import assign, share_out
from mlbatch.tables import WAIVED
from tests.rules.review_tables import AS_OF, PLAN, found, law, pairs, plan_with, reviewer, school, tables


def assigned(schools, reviewers, plan=PLAN):
    made, findings = assign(tables(schools, reviewers), plan, AS_OF)
    return made.found(findings)


def loads(made):
    return Counter(made["assignments"]["reviewer"])


def test_every_school_gets_two_reviewers_and_the_load_is_even():
    """R2: `review.reviewers`."""
    made = assigned([school(n) for n in range(1, 7)], [reviewer(n) for n in range(1, 5)])
    assert all(len(set(who)) == 2 for who in pairs(made).values())
    assert loads(made) == {"R01": 3, "R02": 3, "R03": 3, "R04": 3}
    assert found(made) == []


def test_pairings_vary():
    made = assigned([school(n) for n in range(1, 7)], [reviewer(n) for n in range(1, 5)])
    assert sorted(map(tuple, pairs(made).values())) == sorted(combinations(["R01", "R02", "R03", "R04"], 2))


def test_nobody_scores_the_own_county():
    made = assigned(
        [school(1, "南投縣"), school(2, "臺東縣")],
        [reviewer(1, "南投縣"), reviewer(2, "台東縣"), reviewer(3)],
    )
    assert pairs(made) == {"080001": ["R02", "R03"], "080002": ["R01", "R03"]}
    assert pairs(made, "conflicts", why="同縣市") == {"080001": ["R01"], "080002": ["R02"]}


@pytest.mark.parametrize(
    ("name", "institution"),
    [
        ("山風國小", "山風國小"),
        ("山風國小", "南投縣 山風國民小學"),
        ("台山國小", "臺山國小（教務處）"),
        ("ＡＢ國中", "AB　國中"),
        ("國立示範大學附設實驗國小", "國立示範大學"),
    ],
)
def test_nobody_scores_the_own_institution(name, institution):
    made = assigned([school(1, name=name)], [reviewer(1, institution=institution), reviewer(2), reviewer(3)])
    assert pairs(made) == {"080001": ["R02", "R03"]}
    assert pairs(made, "conflicts", why="同校") == {"080001": ["R01"]}


@pytest.mark.parametrize("institution", ["山風國中", "示範大學", ""])
def test_another_institution_is_no_conflict(institution):
    made = assigned([school(1, name="山風國小")], [reviewer(1, institution=institution), reviewer(2)])
    assert pairs(made) == {"080001": ["R01", "R02"]}


def test_a_school_that_is_not_accepted_gets_no_reviewer():
    made = assigned([school(1), school(2, verdict=WAIVED)], [reviewer(1), reviewer(2)])
    assert pairs(made) == {"080001": ["R01", "R02"]}


def test_too_few_reviewers_is_said_at_the_school():
    made = assigned([school(1), school(2, "臺東縣")], [reviewer(1), reviewer(2, "臺東縣")])
    assert pairs(made) == {"080001": ["R01", "R02"], "080002": ["R01"]}
    assert found(made) == [("R2-too-few-reviewers", "臺東縣.xlsx", "推薦學校名單", "B9")]
    assert made.findings[0].sentence == "「第2國小」須 2 位委員，迴避後僅有 1 位可派。"


def test_a_national_school_is_named_at_its_plan():
    made = assigned([school(1, national=True, list_place=None)], [reviewer(1)])
    assert found(made) == [("R2-too-few-reviewers", "1.xlsx", "基本資料", "B4")]


def test_one_number_for_two_reviewers_keeps_out_of_both_counties():
    made = assigned(
        [school(1, "南投縣"), school(2, "臺東縣")],
        [reviewer(1, "南投縣"), reviewer(1, "臺東縣"), reviewer(2), reviewer(3)],
    )
    assert pairs(made) == {"080001": ["R02", "R03"], "080002": ["R02", "R03"]}
    assert found(made) == [("R2-reviewer-twice", "審查委員.xlsx", "審查委員", "A6")]


def test_rows_without_a_number_are_no_reviewers_and_not_one_twice():
    nobody = [{**reviewer(number), "reviewer": ""} for number in (1, 2)]
    made = assigned([school(1)], [*nobody, reviewer(3), reviewer(4)])
    assert pairs(made) == {"080001": ["R03", "R04"]}
    assert found(made) == []


def test_a_school_without_a_place_is_named_without_one():
    made = assigned([school(1, list_place=None, plan_place=None)], [reviewer(1)])
    assert found(made) == [("R2-too-few-reviewers", "", "", "")]


def test_the_setting_says_how_many():
    made = assigned([school(1)], [reviewer(n) for n in range(1, 5)], plan_with(review__reviewers=3))
    assert pairs(made) == {"080001": ["R01", "R02", "R03"]}


def test_loads_are_evened_along_a_chain():
    """Whoever comes first leaves C two schools, or A, and B none: b goes to B so that c may go to A."""
    may = {("a", ""): ["C"], ("b", ""): ["A", "B"], ("c", ""): ["A", "C"]}
    assert share_out(may, 1) == {("a", ""): ["C"], ("b", ""): ["B"], ("c", ""): ["A"]}


def test_the_school_with_the_fewest_reviewers_is_served_first():
    """b takes the only two that it may have, so that a takes C and then the first of those."""
    may = {("a", ""): ["A", "B", "C"], ("b", ""): ["A", "B"]}
    assert share_out(may, 2) == {("a", ""): ["A", "C"], ("b", ""): ["A", "B"]}


COUNTIES = ["南投縣", "臺東縣", "金門縣"]
panels = st.lists(st.sampled_from(COUNTIES), min_size=1, max_size=7)
programmes = st.lists(st.sampled_from(COUNTIES), min_size=1, max_size=12)


@law
@given(programmes, panels)
def test_nobody_is_assigned_to_the_own_county_and_no_school_goes_short(counties, homes):
    made = assigned(
        [school(n, county) for n, county in enumerate(counties)],
        [reviewer(n, home) for n, home in enumerate(homes)],
    )
    home_of = {f"R{n:02d}": home for n, home in enumerate(homes)}
    chosen = pairs(made)
    for n, county in enumerate(counties):
        who = chosen.get(f"{80000 + n:06d}", [])
        assert county not in {home_of[one] for one in who}
        assert len(set(who)) == len(who) == min(2, sum(home != county for home in homes))


@law
@given(st.integers(1, 30), st.integers(2, 8))
def test_without_conflicts_loads_differ_by_one_at_most(schools, reviewers):
    made = assigned([school(n) for n in range(schools)], [reviewer(n) for n in range(reviewers)])
    load = [loads(made)[f"R{n:02d}"] for n in range(reviewers)]
    assert max(load) - min(load) <= 1


@law
@given(st.lists(st.sets(st.sampled_from("ABCD"), min_size=1), min_size=1, max_size=5), st.integers(1, 2))
def test_no_assignment_is_evener(allowed, each):
    """Against every assignment that there is."""
    may = {(str(n), ""): sorted(ones) for n, ones in enumerate(allowed)}
    teams = [list(combinations(ones, min(each, len(ones)))) for ones in may.values()]
    panel = sorted(set().union(*allowed))

    def spread(choice):
        load = Counter(one for team in choice for one in team)
        return max(load[one] for one in panel) - min(load[one] for one in panel)

    assert spread(share_out(may, each).values()) == min(map(spread, product(*teams)))


@law
@given(programmes, panels, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(counties, homes, random):
    schools = [school(n, county) for n, county in enumerate(counties)]
    reviewers = [reviewer(n, home) for n, home in enumerate(homes)]
    before = pairs(assigned(schools, reviewers))
    random.shuffle(schools)
    random.shuffle(reviewers)
    assert pairs(assigned(schools, reviewers)) == before


def test_a_nation_is_shared_out_evenly():
    may = {
        (f"{n:06d}", "國小"): [f"R{r:02d}" for r in range(40) if r % 22 != n % 22]
        for n in range(3400)
    }  # fmt: skip
    load = Counter(who for ones in share_out(may, 2).values() for who in ones)
    assert set(load.values()) == {170}


def test_a_second_call_leaves_the_first_assignments_as_they_were():
    """肆.五※"""
    first = [school(1), school(2), school(3)]
    panel = [reviewer(number) for number in range(1, 6)]
    before = assigned(first, panel)["assignments"]
    after = assigned([*first, school(4, call=2), school(5, call=2)], panel)["assignments"]
    old = after[after["code"].isin(set(before["code"]))].reset_index(drop=True)
    assert old.equals(before)
    assert len(after) == len(before) + 4


def test_a_school_whose_call_is_open_is_not_reviewed():
    made = assigned([school(1), school(2, call=2, closed=False)], [reviewer(1), reviewer(2)])
    assert set(made["assignments"]["code"]) == {school(1)["code"]}
