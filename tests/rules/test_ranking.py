"""Total and rank (R1, R6, R7): the sum by hand, ties in their order, one rank each."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch.finding import At
from mlbatch.rules.ranking import percent_half_up, rank, score, scores
from mlbatch.tables import WAIVED, Tables
from tests.rules.laws import law_of
from tests.rules.review_tables import (
    AS_OF,
    PLAN,
    column,
    first,
    found,
    law,
    marked,
    plan_with,
    reviewed,
    reviewer,
    school,
    sheet,
)

WEIGHTS = {"計畫內容": 60, "執行成果": 20, "資源不足": 10, "縣市配合": 10}


def based(
    number, content="80.00", record="70.00", resources="0.00", cooperation="50.00", county="南投縣", **more
):
    """A school with its four bases."""
    bases = {"content": content, "corrected_content": content, "record": record, "resources": resources,
             "cooperation": cooperation}  # fmt: skip
    decimals = {name: value and Decimal(value) for name, value in bases.items()}
    return school(number, county, **{**decimals, **more})


def ranked(*rows, plan=PLAN):
    frame = pd.DataFrame(rows, dtype=object).astype({"county_rank": "Int64"})
    made, _ = score(Tables().put(schools=frame), plan, AS_OF)
    made, findings = rank(made, plan, AS_OF)
    return made.found(findings)


def order(made):
    """The schools' numbers in the order of their ranks."""
    schools = made["schools"].dropna(subset=["rank"]).sort_values("rank")
    return [int(code) - 80000 for code in schools["code"]]


# R1, R7: the total ---------------------------------------------------------------------------------


def test_the_total_is_the_sum_of_four_rounded_parts():
    """R1, R7: 82.33 × 60 % = 49.398, 67.50 × 20 % = 13.5, 100 × 10 %, 80.25 × 10 % = 8.025."""
    made = ranked(based(1, "82.33", "67.50", "100.00", "80.25"))
    points = ["content_points", "record_points", "resources_points", "cooperation_points"]
    assert [str(column(made, name)[0]) for name in points] == ["49.40", "13.50", "10.00", "8.03"]
    assert str(column(made, "total")[0]) == "80.93"


@law_of(300)
@given(st.lists(st.integers(-20_000, 20_000), min_size=1), st.integers(-100, 200))
def test_points_are_those_of_decimals(hundredths, weight):
    """R7: by column and in whole hundredths, what each part × weight / 100 is in Decimals, rounded half up."""
    by_column = percent_half_up(np.array(hundredths), weight).tolist()
    parts = [Decimal(number).scaleb(-2) for number in hundredths]
    points = [(part * weight / 100).quantize(Decimal("0.01"), ROUND_HALF_UP) for part in parts]
    assert [Decimal(number).scaleb(-2) for number in by_column] == points


def test_half_a_hundredth_goes_away_from_nothing():
    assert percent_half_up(np.array([5, 4, -5, -4, 15]), 10).tolist() == [1, 0, -1, 0, 2]


def test_scores_are_whole_hundredths_and_a_third_place_is_refused():
    made = scores(pd.Series([Decimal("7"), None, Decimal("0.05"), Decimal("-1.20")], dtype=object))
    assert made.hundredths.tolist() == [700, 0, 5, -120]
    assert made.known.tolist() == [True, False, True, True]
    with pytest.raises(ValueError, match=r"0\.005 has more than two places"):
        scores(pd.Series([Decimal("0.005")], dtype=object))


def test_nothing_is_written_with_two_places():
    made = ranked(based(1, "0.00", "0.00", "0.00", "0.00"), based(2, None))
    assert [str(value) for value in column(made, "total")] == ["0.00", "None"]
    assert column(made, "content_points")[1] is None


def test_weights_are_a_setting():
    """R1: `review.weights`."""
    weights = {"計畫內容": 40, "執行成果": 40, "資源不足": 10, "縣市配合": 10}
    made = ranked(based(1, "80.00", "70.00"), plan=plan_with(review__weights=weights))
    assert column(made, "total") == [Decimal("65.00")]
    assert PLAN.review.weights == WEIGHTS


def test_the_corrected_mark_counts_only_if_the_office_says_so():
    row = based(1, "80.00", corrected_content=Decimal("90.00"))
    assert column(ranked(row), "content_points") == [Decimal("48.00")]
    corrected = ranked(row, plan=plan_with(review__correct_severity=True))
    assert column(corrected, "content_points") == [Decimal("54.00")]


def test_a_missing_part_leaves_the_school_without_total_and_rank():
    made = ranked(based(1), based(2, None), based(3, verdict=WAIVED))
    assert column(made, "total")[1] is None
    assert column(made, "rank") == [1, pd.NA, pd.NA]
    assert made["schools"]["rank"].dtype == "Int64"
    assert column(made, "tied") == [False, False, False]


# R6: the rank --------------------------------------------------------------------------------------


def test_by_total_highest_first():
    """R6."""
    made = ranked(based(1, "70.00"), based(2, "90.00"), based(3, "80.00"))
    assert order(made) == [2, 3, 1]
    assert column(made, "rank") == [3, 1, 2]
    assert column(made, "tie_break") == ["", "", ""]
    assert found(made) == []


def test_a_school_that_is_not_ranked_hides_none_behind_it():
    made = ranked(based(1, verdict=WAIVED), based(2, None), based(3), based(4, "90.00"))
    assert column(made, "rank") == [pd.NA, pd.NA, 2, 1]


def test_marks_and_ranks_stand_beside_their_school_whatever_its_index():
    rows = [based(1, "70.00"), based(2, "90.00"), based(3, "90.00", county="臺東縣")]
    frame = pd.DataFrame(rows, dtype=object, index=[7, 3, 5]).astype({"county_rank": "Int64"})
    made, _ = score(Tables().put(schools=frame), PLAN, AS_OF)
    made, _ = rank(made, PLAN, AS_OF)
    names = ["content_points", "total", "rank", "tie_break"]
    assert made["schools"][names].to_numpy().tolist() == [
        [Decimal("42.00"), Decimal("61.00"), 3, ""],
        [Decimal("54.00"), Decimal("73.00"), 1, "學校代碼"],
        [Decimal("54.00"), Decimal("73.00"), 2, "學校代碼"],
    ]


def test_where_nobody_is_ranked_the_ranks_are_numbers_still():
    made = ranked(based(1, verdict=WAIVED))["schools"]
    assert (str(made["rank"].dtype), made["total"].dtype, made["tie_break"].tolist()) == (
        "Int64",
        object,
        [""],
    )


def test_a_tie_of_two_is_told_to_both_also_where_no_file_is_known():
    made = ranked(based(1, list_place=None, plan_place=None), based(2, county="臺東縣"))
    assert [one.school[0] for one in made.findings] == ["080001", "080002"]
    assert made.findings[0].at == At()


def test_within_one_county_its_own_rank_decides():
    """R6: School 2 has the better content, but its county put it second."""
    made = ranked(based(2, "81.00", "67.00", county_rank=2), based(1, county_rank=1))
    assert order(made) == [1, 2]
    assert column(made, "tied") == [True, True]
    assert column(made, "tie_break") == ["縣市推薦序", "縣市推薦序"]


def test_between_counties_content_decides_for_the_whole_tie():
    """Two of 南投縣 and one of 臺東縣 are tied: no county's rank can order all three."""
    made = ranked(
        based(1, "80.00", "70.00", county_rank=1),
        based(2, "81.00", "67.00", county_rank=2),
        based(3, "80.50", "68.50", county="臺東縣"),
    )
    assert order(made) == [2, 3, 1]
    assert column(made, "tie_break") == ["計畫內容"] * 3


def test_then_few_resources_then_the_code():
    made = ranked(
        based(1, resources="0.00", cooperation="60.00"),
        based(2, resources="10.00", county="臺東縣"),
        based(3, resources="0.00", cooperation="60.00", county="花蓮縣"),
    )
    assert order(made) == [2, 1, 3]
    assert column(made, "tie_break") == ["學校代碼", "資源不足", "學校代碼"]


def test_two_levels_of_one_code_have_an_order():
    made = ranked(based(1, level="國小", county_rank=None), based(1, level="國中", county_rank=None))
    assert column(made, "rank") == [2, 1]
    assert column(made, "tie_break") == ["學校代碼"] * 2


def test_national_schools_have_no_county_rank():
    made = ranked(based(2, national=True, county_rank=1), based(1, national=True, county_rank=2))
    assert order(made) == [1, 2]
    assert column(made, "tie_break") == ["學校代碼"] * 2


def test_the_corrected_mark_also_breaks_ties():
    rows = (
        based(1, "80.00", corrected_content=Decimal("81.00"), record="67.00"),
        based(2, "80.00", corrected_content=Decimal("80.00"), record="70.00", county="臺東縣"),
        based(3, "70.00", corrected_content=Decimal("82.00"), record="64.00", county="臺東縣"),
    )
    assert order(ranked(*rows, plan=plan_with(review__correct_severity=True))) == [3, 1, 2]


def test_every_tied_school_is_told_once():
    made = ranked(
        based(1),
        based(2, county="臺東縣"),
        based(3, national=True, list_place=None),
        based(4, "10.00"),
    )
    assert found(made) == [
        ("R6-tie", "南投縣.xlsx", "推薦學校名單", "B8"),
        ("R6-tie", "臺東縣.xlsx", "推薦學校名單", "B9"),
        ("R6-tie", "3.xlsx", "基本資料", "B4"),
    ]
    assert (
        first(made, "R6-tie").sentence
        == "「第1國小」與 第2國小、第3國小 總分同為 67.00，依「學校代碼」定序。"
    )
    assert {one.county for one in made.findings} == {""}
    assert [one.school for one in made.findings] == [(f"{80000 + n:06d}", "國小") for n in (1, 2, 3)]


def test_the_order_is_no_pairwise_rule():
    """By rows in any order, and with any two counties, the same tie has the same order."""
    rows = (
        based(1, "80.00", "70.00", county_rank=1),
        based(2, "81.00", "67.00", county_rank=2),
        based(3, "80.50", "68.50", county="臺東縣"),
    )
    assert {tuple(order(ranked(*one))) for one in permutations(rows)} == {(2, 3, 1)}


tens = st.integers(0, 3).map(lambda n: f"{n}0.00")
counties = st.sampled_from(["南投縣", "臺東縣"])


@law
@given(
    st.lists(st.tuples(tens, tens, counties, st.booleans()), min_size=1, max_size=9),
    st.randoms(use_true_random=False),
)
def test_ranks_are_a_permutation_whatever_the_order_of_rows(drawn, random):
    rows = [
        based(n, content, record, county=county, national=national)
        for n, (content, record, county, national) in enumerate(drawn)
    ]
    made = ranked(*rows)
    assert sorted(column(made, "rank")) == list(range(1, len(rows) + 1))
    totals = made["schools"].sort_values("rank")["total"].tolist()
    assert totals == sorted(totals, reverse=True)
    assert column(made, "tied") == [totals.count(total) > 1 for total in column(made, "total")]
    random.shuffle(rows)
    assert order(ranked(*rows)) == order(made)


def plainly(rows, plan):
    """The order by R6 and what settled each tie, school by school; `rows` all have their bases."""
    weights = plan.review.weights

    def total(row):
        parts = zip(weights.values(), ("content", "record", "resources", "cooperation"), strict=True)
        return sum(
            (row[name] * weight / 100).quantize(Decimal("0.01"), ROUND_HALF_UP) for weight, name in parts
        )

    def key(row):
        return (row["call"] if plan.review.second_call_last else 0, -total(row))

    found = []
    for _, tie in groupby(sorted(rows, key=key), key):
        tie = list(tie)
        one = not any(row["national"] for row in tie) and len({row["county"] for row in tie}) == 1
        order = sorted((stands(row, one), row["code"]) for row in tie)
        for place, (own, code) in enumerate(order):
            beside = [order[near][0] for near in (place - 1, place + 1) if 0 <= near < len(order)]
            differs = [
                next(n for n, pair in enumerate(zip(own, other, strict=True)) if pair[0] != pair[1])
                for other in beside
            ]
            found.append((code, total(tie[0]), NAMES[max(differs)] if differs else ""))
    return found


NAMES = ("縣市推薦序", "計畫內容", "資源不足", "學校代碼")


def stands(row, one_county):
    """By what a school stands in a tie."""
    county = row["call"], row["county_rank"] is None, row["county_rank"] or 0
    return (county if one_county else (), -row["content"], -row["resources"], (row["code"], row["level"]))


@st.composite
def ties(draw):
    """Schools of which many are tied, with what settles ties."""
    return [
        based(
            number, draw(tens), draw(tens), draw(st.sampled_from(["0.00", "100.00"])), county=draw(counties),
            national=draw(st.sampled_from([False, False, False, True])), call=draw(st.sampled_from([1, 1, 2])),
            county_rank=draw(st.one_of(st.none(), st.integers(1, 4))),
        )
        for number in draw(st.permutations(range(1, draw(st.integers(1, 10)) + 1)))
    ]  # fmt: skip


@law_of(200)
@given(ties(), st.sampled_from([60, 40, 0]), st.booleans())
def test_ranks_are_those_that_are_found_school_by_school(rows, weight, last):
    """R6: by column and all ties at once, what sorting school by school gives."""
    weights = {"計畫內容": weight, "執行成果": 80 - weight, "資源不足": 10, "縣市配合": 10}
    plan = plan_with(review__weights=weights, review__second_call_last=last)
    made = ranked(*rows, plan=plan)["schools"].sort_values("rank")
    found = zip(*(made[name].tolist() for name in ("code", "total", "tie_break")), strict=True)
    assert list(found) == plainly(rows, plan)


# The whole way -------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [0, 1])
def test_from_scores_to_ranks(missing):
    """Three schools, two reviewers; with a sheet missing, the others are ranked on what there is."""
    sheets = [sheet("R01", *(marked(n, 60 + 5 * n) for n in (1, 2, 3))), sheet("R02", marked(1, 60))]
    schools = [school(1), school(2, remote=True), school(3, verdict=WAIVED)]
    made = reviewed(schools, [reviewer(1), reviewer(2)], sheets[missing:], records=[(1, 80, 1)])
    assert column(made, "rank") == ([1, pd.NA, pd.NA] if missing else [2, 1, pd.NA])
    if not missing:  # 62.5 × 60 % + 85 × 20 % + 0 + 80 × 10 %; 70 × 60 % + 85 × 20 % + 100 × 10 % + 80 × 10 %
        assert column(made, "total") == [Decimal("62.50"), Decimal("77.00"), None]


def test_schools_of_a_second_call_stand_behind_the_first():
    """review.second_call_last"""
    rows = [based(1, "60.00"), based(2, "90.00", call=2), based(3, "60.00", call=2)]
    assert order(ranked(*rows)) == [1, 2, 3]
    assert order(ranked(*rows, plan=plan_with(review__second_call_last=False))) == [2, 1, 3]
    assert [bool(tied) for tied in column(ranked(*rows), "tied")] == [False, False, False]
