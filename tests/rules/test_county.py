"""B2, B3, B6–B9: coaches, accounts, county grants, reductions, workshops and own shares."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch.rules.award import AWARD, missing_rates
from tests import oracle
from tests.rules.award_tables import (
    PLAN,
    award,
    by_rank,
    choices,
    indexed,
    law_of_all,
    plan_with,
    programmes,
    registers,
    school,
    shuffled,
    tables,
)


def county(schools, name="南投縣", plan=PLAN, **more):
    """The awarded row of one county."""
    counties = award(tables(schools, **more), plan)["counties"]
    return counties[counties["county"] == name].iloc[0]


def test_the_rules_of_money_are_all_there():
    assert sorted(rule.id for rule in AWARD) == [f"B{n}" for n in range(1, 10)] + ["R8"]


@pytest.mark.parametrize(("schools", "grant"), [(1, 52_000), (9, 68_000), (15, 80_000), (20, 80_000)])
def test_a_countys_grant_grows_with_its_schools(schools, grant):
    """B2"""
    row = county([school(rank, allowed=1) for rank in range(1, schools + 1)])
    assert row["county_grant"] == grant
    assert row["approved_schools"] == schools
    assert row["granted"] == schools * 120_000 + grant


def test_a_county_without_approved_schools_gets_nothing():
    row = county([school(1)], plan=plan_with(budget__total=0))
    assert (row["approved_schools"], row["county_grant"], row["granted"], row["own_share"]) == (0, 0, 0, 0)


def test_national_schools_count_for_no_county():
    done = award(tables([school(1), school(2, national=True)], coaches=[2]), PLAN)
    row = done["counties"].iloc[0]
    assert (row["approved_schools"], row["school_grants"], row["coach"]) == (1, 180_000, 0)
    assert done["totals"].iloc[0]["schools"] == 360_000
    assert done["totals"].iloc[0]["coaches"] == 150_000


def test_a_coach_school_gets_its_grant_apart():
    """B3: all current account, none of it in the grant's accounts."""
    done = award(tables([school(1), school(2)], coaches=[1]), PLAN)
    assert by_rank(done, "coach") == [150_000, 0]
    assert by_rank(done, "grant") == [180_000, 180_000]
    assert by_rank(done, "current") == [144_000, 144_000]
    assert done["counties"].iloc[0]["coach"] == 150_000
    assert done.findings == ()


def test_a_coach_school_that_is_not_funded_gets_nothing_and_is_named():
    done = award(tables([school(1), school(2)], coaches=[2]), plan_with(budget__total=232_000))
    assert by_rank(done, "coach") == [0, 0]
    (finding,) = done.findings
    assert (finding.kind.id, finding.at.file, finding.at.cell) == ("B3-not-funded", "教練學校.xlsx", "C6")
    assert finding.sentence == "教練學校清冊列有「第2國小」（080002），該校未獲核定，不補助教練經費。"
    assert (finding.school, finding.county) == (("080002", "國小"), "")


def test_accounts_of_a_grant():
    """B6: 20 % of 190,000 is 38,000."""
    done = award(tables([school(1, few_resources=True), school(2, allowed=3)]), PLAN)
    assert by_rank(done, "capital") == [38_000, 48_000]
    assert by_rank(done, "current") == [152_000, 192_000]
    done = award(tables([school(1)]), plan_with(account__capital_percent=17))
    assert (by_rank(done, "capital"), by_rank(done, "current")) == ([30_000], [150_000])


@pytest.mark.parametrize(
    ("closed", "reduction"), [(None, 5_200), (date(2017, 9, 1), 5_200), (date(2017, 8, 31), 0)]
)
def test_a_county_that_had_not_closed_in_time_is_reduced(closed, reduction):
    """B8: a tenth of the county grant, on a line of its own."""
    row = county([school(1)], closed={"南投縣": closed})
    assert (row["county_grant"], row["reduction"]) == (52_000, reduction)
    assert row["granted"] == 180_000 + 52_000 - reduction


def test_a_county_without_a_closing_record_is_not_reduced_but_told():
    done = award(tables([school(1)], closed={"屏東縣": None}), PLAN)
    assert done["counties"].iloc[0]["reduction"] == 0
    assert [(f.kind.id, f.read, f.county) for f in done.findings] == [("B8-no-record", "南投縣", "")]


def test_workshops_are_paid_whatever_becomes_of_the_schools():
    """B9: also to a county without a school, which gets a row in ministry order."""
    workshops = [("南投縣", 30_000), ("臺北市", 40_000), ("南投縣", 5_000)]
    done = award(tables([school(1)], workshops=workshops), plan_with(budget__total=75_000))
    counties = done["counties"]
    assert counties["county"].tolist() == ["臺北市", "南投縣"]
    assert counties["workshop"].tolist() == counties["granted"].tolist() == [40_000, 35_000]
    assert counties["approved_schools"].tolist() == counties["notes"].tolist() == [0, 0]
    assert counties["cooperation"].tolist() == [None, None]
    assert counties.index.tolist() == [0, 1]
    assert done["totals"].iloc[0]["left"] == 0
    assert done.findings == ()


def test_workshops_beyond_the_budget_are_told():
    done = award(tables([school(1)], workshops=[("南投縣", 30_000)]), plan_with(budget__total=29_999))
    assert [f.sentence for f in done.findings] == [
        "工作坊補助合計 30,000 元，預算為 29,999 元，學校無從核定。"
    ]
    assert by_rank(done, "approved") == [0]


def test_own_shares_by_fiscal_grade():
    """B7: for each school and for the net county grant by itself; workshops have none."""
    done = award(
        tables(
            [school(1, allowed=1), school(2), school(3, national=True)],
            coaches=[2], workshops=[("南投縣", 30_000)], closed={"南投縣": None},
            fiscal=[("南投縣", 70, 100, 106), ("南投縣", 88, 107, 107), ("南投縣", 60, 108, 110)],
        ),
        PLAN,
    )  # fmt: skip
    assert by_rank(done, "percent") == [88, 88, 90]
    assert by_rank(done, "plan_total") == [136_364, 375_000, 200_000]
    assert by_rank(done, "own_share") == [16_364, 45_000, 20_000]
    row = done["counties"].iloc[0]
    assert row["percent"] == 88
    assert row["county_grant"] - row["reduction"] == 48_600
    assert row["plan_total"] == 136_364 + 375_000 + 55_228
    assert row["own_share"] == 16_364 + 45_000 + 6_628


@pytest.mark.parametrize(
    ("fiscal", "names"),
    [
        ([("屏東縣", 90, 107, 107), ("南投縣", 90, 107, 107)], []),
        ([("南投縣", 90, 107, 107)], ["屏東縣"]),
        ([("屏東縣", 90, 104, 106), ("南投縣", 90, 108, 110)], ["南投縣", "屏東縣"]),
        ([("屏東縣", 90, 107, 107), ("南投縣", None, 107, 107)], ["南投縣"]),
        ([("屏東縣", 90, 107, 107), ("南投縣", 91, 107, 107)], ["南投縣"]),
        ([("屏東縣", 90, None, 107), ("南投縣", 90, 107, 107)], ["屏東縣"]),
        (
            [("屏東縣", 90, 107, 107), ("南投縣", 90, 107, 107), ("南投縣", 80, 100, 110)],
            ["南投縣（比率不一）"],
        ),
        ([("屏東縣", 90, 107, 107), ("南投縣", 90, 107, 107), ("南投縣", 90, 100, 110)], []),
    ],
)
def test_counties_without_one_rate_for_the_year_are_named(fiscal, names):
    """B7: a county needs a rate when a school of its own is ranked."""
    schools = [
        school(1, county="屏東縣"), school(2), school(3, county="臺北市", national=True),
        school(None, county="高雄市", code="121500", verdict="視同放棄"),
    ]  # fmt: skip
    assert missing_rates(tables(schools, fiscal=fiscal), PLAN) == names


def test_they_are_named_in_the_ministrys_order():
    schools = [school(1, county="桃園市"), school(2, county="臺北市"), school(3, county="新北市")]
    made = tables(schools, fiscal=[("南投縣", 90, 107, 107)])
    assert missing_rates(made, PLAN) == ["新北市", "臺北市", "桃園市"]


@law_of_all
@given(programmes(), choices(), registers())
def test_every_sum_agrees_with_its_lines(schools, changes, facts):
    """A school's sum equals the formula; county = Σ schools; nation = Σ counties + national."""
    plan = plan_with(**changes)
    done = award(tables(schools, **facts), plan)
    rows, counties, totals = done["schools"], done["counties"], done["totals"].iloc[0]
    paid = {row["rank"]: row for row in schools}
    for row in rows.to_dict("records"):
        due = oracle.grant(paid[row["rank"]], row["approved"], plan) if row["approved"] else 0
        assert row["grant"] == row["current"] + row["capital"] == due
        assert row["plan_total"] - row["own_share"] == row["grant"] + row["coach"]
        assert row["plan_total"] * row["percent"] // 100 == row["grant"] + row["coach"]
    for row in counties.to_dict("records"):
        own = rows[(rows["county"] == row["county"]) & ~rows["national"]]
        assert row["school_grants"] == own["grant"].sum()
        assert row["approved_classes"] == own["approved"].sum()
        parts = own["grant"].sum() + own["coach"].sum() + row["county_grant"] + row["workshop"]
        assert row["granted"] == parts - row["reduction"]
        assert row["plan_total"] - row["own_share"] == row["granted"] - row["workshop"]
        assert row["own_share"] >= own["own_share"].sum()
    national = rows[rows["national"]]
    assert totals["granted"] == counties["granted"].sum() + (national["grant"] + national["coach"]).sum()
    assert totals["granted"] + totals["left"] == totals["budget"] == plan.budget.total
    given = dict(zip(rows["rank"].tolist(), rows["approved"].tolist(), strict=True))
    assert totals["granted"] == oracle.cost(schools, given, plan, **facts)


@law_of_all
@given(programmes(), choices(), registers(), st.integers(0, 10**6))
def test_the_order_of_registers_does_not_matter(schools, changes, facts, order):
    plan = plan_with(**changes)
    made = tables(schools, **facts)
    other = shuffled(made, order).put(schools=made["schools"], counties=made["counties"])
    one, other = award(made, plan), award(other, plan)
    for name in ("schools", "counties", "totals"):
        assert one[name].equals(other[name])


def test_no_county_loses_its_money_for_want_of_a_row():
    made = tables([school(1), school(2, county="屏東縣")])
    done = award(made.put(counties=made["counties"].iloc[:0]), PLAN)
    assert done["counties"]["county"].tolist() == ["南投縣", "屏東縣"]
    assert done["counties"]["granted"].sum() == done["totals"].iloc[0]["granted"] == 2 * 232_000
    one_paid = award(made.put(counties=made["counties"].iloc[:0]), plan_with(budget__total=232_000))
    assert one_paid["counties"]["county"].tolist() == ["南投縣"]


def test_types_are_those_of_the_contract():
    done = award(tables([school(1), school(2, national=True)], workshops=[("臺北市", 1)]), PLAN)
    whole = ["fee", "per_class", "proposed", "waiting", "approved", "grant", "coach", "current", "capital"]
    whole += ["percent", "plan_total", "own_share"]
    assert {str(done["schools"][name].dtype) for name in whole} == {"Int64"}
    text = ["proposed_outcome", "outcome_clause", "outcome_why", "reason", "outcome"]
    assert {str(done["schools"][name].dtype) for name in text} == {"object"}
    assert str(done["schools"]["decided"].dtype) == "boolean"
    sums = ["approved_schools", "approved_classes", "school_grants", "county_grant", "reduction", "coach"]
    sums += ["workshop", "granted", "percent", "plan_total", "own_share", "notes"]
    assert {str(done["counties"][name].dtype) for name in sums} == {"Int64"}
    assert {str(dtype) for dtype in done["totals"].dtypes} == {"Int64"}
    assert list(done["totals"]) == [
        "budget", "schools", "counties", "reductions", "coaches", "workshops", "granted", "left",
    ]  # fmt: skip


def test_what_a_county_gets_stands_beside_it_whatever_its_index():
    schools = [
        school(1),
        school(2, county="屏東縣", allowed=1),
        school(3, county="澎湖縣", island=True, few_resources=True),
    ]
    facts = {
        "workshops": [("屏東縣", 30_000)],
        "closed": {"南投縣": None, "屏東縣": date(2017, 8, 31)},
        "coaches": [3],
    }
    plain, other = (
        award(made, PLAN) for made in (tables(schools, **facts), indexed(tables(schools, **facts)))
    )
    for name in ("schools", "counties", "totals"):
        columns = plain[name].columns.difference(["place"])
        assert other[name][columns].to_numpy().tolist() == plain[name][columns].to_numpy().tolist(), name


def test_a_county_with_a_workshop_and_no_school_needs_no_rate_and_has_no_share():
    """陸.三: what the ministry pays in full is nobody's own share."""
    row = county([school(1)], "臺北市", workshops=[("臺北市", 30_000)], fiscal=[("南投縣", 90, 106, 108)])
    assert (row["granted"], row["plan_total"], row["own_share"]) == (30_000, 0, 0)
    assert row["percent"] is pd.NA


@pytest.mark.parametrize(("percent", "named"), [(0, ["南投縣"]), (1, []), (90, []), (91, ["南投縣"])])
def test_a_rate_is_one_percent_at_least_and_no_more_than_the_law_allows(percent, named):
    """柒.一: county_grant.central_percent_max"""
    made = award(tables([school(1)], fiscal=[("南投縣", 90, 106, 108)]), PLAN)
    register = tables([school(1)], fiscal=[("南投縣", percent, 106, 108)])["fiscal"]
    assert missing_rates(made.put(fiscal=register), PLAN) == named
    if percent == 1:
        row = county([school(1)], fiscal=[("南投縣", 1, 106, 108)])
        assert (row["percent"], row["plan_total"], row["own_share"]) == (1, 23_200_000, 22_968_000)
