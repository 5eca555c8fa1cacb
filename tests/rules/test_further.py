"""One more review (R2): for who keeps out, and where two lie far apart; whom to ask, and whom to wait for."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mlbatch.rules import marks
from mlbatch.tables import WAIVED
from tests.rules.review_tables import (
    column,
    first,
    found,
    law,
    marked,
    pairs,
    plan_with,
    reviewed,
    reviewer,
    school,
    score,
    sheet,
)

ONE = [school(1)]
FOUR = [reviewer(n) for n in range(1, 5)]  # R01 and R02 are assigned to a single school
OUT = score(1, (None,) * 4, recused=True)


def asked(*sheets, schools=ONE, reviewers=FOUR, **more):
    return reviewed(schools, reviewers, sheets, **more)


def test_before_any_score_everyone_assigned_owes_one():
    made = asked(schools=[school(1), school(2), school(3, verdict=WAIVED)], reviewers=FOUR[:3])
    assert column(made, "reviews_due") == [2, 2, pd.NA]
    assert pairs(made, "owed") == {"080001": ["R01", "R02"], "080002": ["R01", "R03"]}
    assert made["outstanding"].to_dict("records") == [
        {"reviewer": "R01", "schools": 2}, {"reviewer": "R02", "schools": 1}, {"reviewer": "R03", "schools": 1},
    ]  # fmt: skip


def test_who_keeps_out_is_replaced():
    made = asked(sheet("R01", OUT), sheet("R02", marked(1, 80)))
    assert pairs(made, "owed") == pairs(made, extra=True) == {"080001": ["R03"]}
    assert pairs(made, extra=False) == {"080001": ["R01", "R02"]}
    assert column(made, "reviews_due") == [1]


def test_the_replacement_completes_the_school():
    made = asked(sheet("R01", OUT), sheet("R02", marked(1, 80)), sheet("R03", marked(1, 82)))
    assert marks.ready(made)
    assert column(made, "reviewer", "marks") == ["R02", "R03"]
    assert pairs(made, extra=True) == {"080001": ["R03"]}


def test_a_gap_of_more_than_the_setting_asks_for_one_more():
    """R2: `review.gap`."""
    sheets = sheet("R01", marked(1, 70)), sheet("R02", marked(1, 86))
    made = asked(*sheets)
    assert found(made) == [("R2-gap", "R02.xlsx", "審查評分表", "I8")]
    assert first(made, "R2-gap").sentence == "「第1國小」之委員總分為 86、70，差距逾 15 分。"
    assert pairs(made, "owed") == {"080001": ["R03"]}
    assert asked(*sheets, plan=plan_with(review__gap=16)).findings == ()


def test_a_gap_of_exactly_the_setting_does_not():
    made = asked(sheet("R01", marked(1, 70)), sheet("R02", marked(1, 85)))
    assert found(made) == []
    assert marks.ready(made)


def test_after_the_third_review_nobody_is_asked_again():
    made = asked(sheet("R01", marked(1, 20)), sheet("R02", marked(1, 90)), sheet("R03", marked(1, 55)))
    assert found(made) == []
    assert marks.ready(made)
    assert pairs(made, extra=True) == {"080001": ["R03"]}


def test_a_third_review_from_someone_else_serves():
    made = asked(sheet("R01", marked(1, 20)), sheet("R02", marked(1, 90)), sheet("R04", marked(1, 55)))
    assert marks.ready(made)
    assert pairs(made, extra=True) == {"080001": ["R04"]}


def test_a_replacement_may_lie_apart_too():
    made = asked(sheet("R01", OUT), sheet("R02", marked(1, 90)), sheet("R03", marked(1, 60)))
    assert ("R2-gap", "R02.xlsx", "審查評分表", "I8") in found(made)
    assert pairs(made, "owed") == {"080001": ["R04"]}


def test_an_assigned_reviewer_is_asked_before_another():
    made = asked(sheet("R01", marked(1, 90)), sheet("R04", marked(1, 60)))
    assert pairs(made, "owed") == {"080001": ["R02"]}


def test_who_has_the_school_in_the_sheet_already_is_asked_again():
    """R04 was asked last month and has not filled the row: R03 is not asked besides."""
    made = asked(sheet("R01", OUT), sheet("R02", marked(1, 80)), sheet("R04", score(1, (None,) * 4)))
    assert pairs(made, "owed") == {"080001": ["R04"]}


def test_the_least_loaded_is_asked_and_each_asking_counts():
    """R05 and R06 have no school; R03 and R04 have one each, and come first by number only."""
    reviewers, schools = [reviewer(n) for n in range(1, 7)], [school(1), school(2)]
    teams = pairs(asked(schools=schools, reviewers=reviewers))
    assert teams == {"080001": ["R01", "R02"], "080002": ["R03", "R04"]}
    made = asked(
        sheet("R01", OUT), sheet("R03", {**OUT, "code": "080002"}), schools=schools, reviewers=reviewers
    )
    assert pairs(made, extra=True) == {"080001": ["R05"], "080002": ["R06"]}


def test_never_one_in_conflict_is_asked():
    """R01 to R03 score six schools in turn; R04, of the same county, scores the seventh only."""
    schools = [school(n) for n in range(1, 7)] + [school(7, "臺東縣")]
    reviewers = [*FOUR[:3], reviewer(4, "南投縣"), reviewer(5, "南投縣")]
    before = asked(schools=schools, reviewers=reviewers)
    assert pairs(before)["080007"] == ["R04", "R05"]
    out = pairs(before)["080001"][0]
    after = asked(sheet(out, OUT), schools=schools, reviewers=reviewers)
    (extra,) = pairs(after, extra=True)["080001"]
    assert extra not in {*pairs(before)["080001"], "R04", "R05"}


def test_nobody_left_after_a_recusal_is_said_at_the_recusal():
    made = asked(sheet("R01", OUT), sheet("R02", marked(1, 80)), reviewers=FOUR[:2])
    assert found(made) == [
        ("R2-recused", "R01.xlsx", "審查評分表", "K8"),
        ("R2-too-few-reviewers", "R01.xlsx", "審查評分表", "K8"),
    ]
    assert marks.ready(made)
    assert column(made, "reviews_due") == [0]


def test_a_gap_that_nobody_can_settle_does_not_hold_up_the_rest():
    made = asked(sheet("R01", marked(1, 20)), sheet("R02", marked(1, 90)), reviewers=FOUR[:2])
    assert found(made) == [("R2-gap", "R02.xlsx", "審查評分表", "I8")]
    assert marks.ready(made)


def test_a_school_that_nobody_may_score_waits_for_a_new_reviewer():
    made = asked(reviewers=[reviewer(1, "南投縣")])
    assert not marks.ready(made)
    assert made["owed"].empty
    assert made["outstanding"].to_dict("records") == [{"reviewer": "待增聘委員", "schools": 1}]


def test_marks_stay_when_another_school_leaves():
    """The first school goes to 深耕計畫 and others are assigned anew: what was scored still counts."""
    schools, reviewers = [school(n) for n in range(1, 6)], [reviewer(n) for n in range(1, 6)]
    teams = pairs(asked(schools=schools, reviewers=reviewers))
    sheets = [
        sheet(
            one.reviewer,
            *(marked(n, 80 - n) for n in range(1, 6) if one.reviewer in teams[f"{80000 + n:06d}"]),
        )
        for one in pd.DataFrame(reviewers).itertuples()
    ]
    made = asked(*sheets, schools=[school(1, verdict=WAIVED), *schools[1:]], reviewers=reviewers)
    assert pairs(made, extra=True) != {}
    assert marks.ready(made)
    assert {code: who for code, who in teams.items() if code != "080001"} == pairs(made, "marks")
    assert found(made) == []


@law
@given(st.lists(st.integers(0, 100), min_size=2, max_size=2), st.integers(0, 100))
def test_three_rounds_are_enough(pair, third):
    sheets = [sheet(f"R{n:02d}", marked(1, mark)) for n, mark in enumerate(pair, 1)]
    made = asked(*sheets)
    assert marks.ready(made) == (abs(pair[0] - pair[1]) <= 15)
    if not marks.ready(made):
        assert marks.ready(asked(*sheets, sheet("R03", marked(1, third))))
