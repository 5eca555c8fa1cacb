"""Which scores count (R2), each failing case at its cell; a missing score is never zero."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Place
from mlbatch.rules import marks
from mlbatch.rules.review import REVIEW
from mlbatch.rules.rule import run_rules
from mlbatch.tables import DEEPENING
from tests.rules.review_tables import (
    ALL_80,
    AS_OF,
    PLAN,
    column,
    found,
    law,
    marked,
    pairs,
    reviewed,
    reviewer,
    school,
    score,
    sheet,
    tables,
)

ONE = [school(1)]
TWO_REVIEWERS = [reviewer(1), reviewer(2)]
FOUR_REVIEWERS = [reviewer(n) for n in range(1, 5)]  # R01 and R02 are assigned to a single school


def judged(*sheets, schools=ONE, reviewers=TWO_REVIEWERS):
    return reviewed(schools, reviewers, sheets)


def fates(made):
    return list(zip(made["returned"]["reviewer"], made["returned"]["fate"], strict=True))


def test_a_complete_score_of_an_assigned_reviewer_counts():
    made = judged(
        sheet("R01", score(1, (40, 20, 15, 10), total=85, comment="佳")), sheet("R02", marked(1, 80))
    )
    rows = made["marks"].drop(columns="place").to_dict("records")
    assert rows[0] == {
        "code": "080001", "level": "國小", "reviewer": "R01", "criterion_1": 40, "criterion_2": 20,
        "criterion_3": 15, "criterion_4": 10, "total": 85, "comment": "佳",
    }  # fmt: skip
    assert column(made, "total", "marks") == [85, 80]
    assert fates(made) == [("R01", "採計"), ("R02", "採計")]
    assert found(made) == []


def test_without_any_sheet_nothing_counts_and_nothing_is_wrong():
    made = judged()
    assert made["marks"].empty
    assert made["marks"]["total"].dtype == "Int64"
    assert found(made) == []


def test_an_empty_row_is_outstanding_and_never_zero():
    made = judged(sheet("R01", score(1, (None,) * 4, total=0)), sheet("R02", marked(1, 0)))
    assert fates(made) == [("R01", "未填"), ("R02", "採計")]
    assert column(made, "total", "marks") == [0]
    assert found(made) == []


@pytest.mark.parametrize(
    ("row", "expected", "fate"),
    [
        (score(1, (32, 16, None, 16)), ("R2-incomplete", "R01.xlsx", "審查評分表", "G8"), "不採"),
        (score(1, (None,) * 4, total=80), ("R2-incomplete", "R01.xlsx", "審查評分表", "E8"), "不採"),
        (score(1, (None,) * 4, comment="佳"), ("R2-incomplete", "R01.xlsx", "審查評分表", "E8"), "不採"),
        (score(1, ALL_80, total=81), ("R2-total", "R01.xlsx", "審查評分表", "I8"), "不採"),
        (score(1, ALL_80, total=0), ("R2-total", "R01.xlsx", "審查評分表", "I8"), "不採"),
        (score(1, ALL_80, recused=True), ("R2-recused", "R01.xlsx", "審查評分表", "K8"), "迴避"),
        (score(1, (None,) * 4, recused=True), ("R2-recused", "R01.xlsx", "審查評分表", "K8"), "迴避"),
    ],
)
def test_what_does_not_count_is_named_at_its_cell(row, expected, fate):
    made = judged(sheet("R01", row), sheet("R02", marked(1, 80)))
    assert found(made)[0] == expected
    assert fates(made)[0] == ("R01", fate)
    assert column(made, "reviewer", "marks") == ["R02"]


def test_the_sentences_say_who_what_and_why():
    made = judged(sheet("R01", score(1, (32, None, 16, 16))), sheet("R02", score(1, total=90)))
    assert [one.sentence for one in made.findings] == [
        "委員 R01 對「第1國小」之評分缺「團隊與行政支援」。",
        "「第1國小」總分填 90，各項合計為 80。",
    ]
    assert {(one.school, one.county) for one in made.findings} == {(("080001", "國小"), "")}


def test_no_is_no_recusal():
    assert fates(judged(sheet("R01", score(1, recused=False))))[0] == ("R01", "採計")


def test_a_cell_that_could_not_be_read_is_named_once():
    unread = Finding(catalogue.F6_OUT_OF_RANGE, At("R01.xlsx", "審查評分表", "E", 8), {})
    before = tables(ONE, TWO_REVIEWERS, [sheet("R01", score(1, (None, 16, 16, 16)))]).found([unread])
    made, _ = run_rules(REVIEW, before, PLAN, AS_OF)
    assert [one.kind.id for one in made.findings] == ["F6-out-of-range"]
    assert fates(made) == [("R01", "不採")]


def test_a_conflict_does_not_count():
    reviewers = [reviewer(1, "南投縣"), reviewer(2), reviewer(3)]
    made = judged(sheet("R01", marked(1, 90)), reviewers=reviewers)
    assert found(made) == [("R2-conflict", "R01.xlsx", "審查評分表", "A8")]
    assert made["marks"].empty


def test_who_keeps_out_where_in_conflict_is_only_noted():
    reviewers = [reviewer(1, "南投縣"), reviewer(2), reviewer(3)]
    made = judged(sheet("R01", score(1, (None,) * 4, recused=True)), reviewers=reviewers)
    assert found(made) == [("R2-recused", "R01.xlsx", "審查評分表", "K8")]


def test_an_unknown_reviewer_does_not_count():
    made = judged(sheet("R09", marked(1, 90), marked(1, 90)))
    assert found(made) == [("R2-unknown-reviewer", "R09.xlsx", "審查評分表", "B4")]
    assert made["marks"].empty


def test_a_sheet_without_reviewer_is_nobodys_even_if_the_register_has_a_blank():
    blank = {**reviewer(3), "reviewer": ""}
    made = judged(sheet("", marked(1, 90), file="x.xlsx"), reviewers=[*TWO_REVIEWERS, blank])
    assert found(made) == [("R2-unknown-reviewer", "x.xlsx", "審查評分表", "B4")]


def test_a_column_that_is_missing_is_not_named_again_in_each_row():
    """F8 has named it where the sheet was read."""
    before = tables(ONE, TWO_REVIEWERS, [sheet("R01", score(1, (32, 16, 16, None)))])
    lacking = Place("R01.xlsx", "審查評分表", 8, {"code": ("A", 8)})
    made, _ = run_rules(REVIEW, before.put(scores=before["scores"].assign(place=[lacking])), PLAN, AS_OF)
    assert found(made) == []
    assert fates(made) == [("R01", "不採")]


def test_the_same_score_twice_counts_once():
    made = judged(sheet("R01", marked(1, 80), file="a.xlsx"), sheet("R01", marked(1, 80), file="b.xlsx"))
    assert fates(made) == [("R01", "採計"), ("R01", "不採")]
    assert found(made) == []


def test_two_scores_that_differ_count_not_at_all():
    made = judged(
        sheet("R01", score(1, (30, 20, 20, 10)), file="a.xlsx"),
        sheet("R01", score(1, (30, 20, 10, 20)), file="b.xlsx"),
        sheet("R02", marked(1, 80)),
    )
    assert found(made) == [("R2-two-scores", "b.xlsx", "審查評分表", "G8")]
    assert made.findings[0].sentence == (
        "委員 R01 對「第1國小」之評分 80 分（30、20、10、20） 與 80 分（30、20、20、10） 不同。"
    )
    assert column(made, "reviewer", "marks") == ["R02"]
    assert pairs(made, "owed") == {"080001": ["R01"]}


@pytest.mark.parametrize("wrong", [score(1, (32, 16, None, 16)), score(1, total=81)])
def test_what_was_put_right_in_another_sheet_is_not_told_again(wrong):
    made = judged(sheet("R01", wrong, file="a.xlsx"), sheet("R01", score(1), file="b.xlsx"))
    assert found(made) == []
    assert fates(made) == [("R01", "不採"), ("R01", "採計")]


def test_who_kept_out_in_one_sheet_does_not_score_in_another():
    made = judged(sheet("R01", score(1, recused=True), file="b.xlsx"), sheet("R01", score(1), file="a.xlsx"))
    assert fates(made) == [("R01", "不採"), ("R01", "迴避")]
    assert found(made)[0] == ("R2-recused", "b.xlsx", "審查評分表", "K8")


def test_a_score_that_was_not_assigned_does_not_count_where_it_is_not_needed():
    """70 and 85 lie 15 points apart, which is not more than the setting."""
    sheets = [sheet("R01", marked(1, 85)), sheet("R02", marked(1, 70)), sheet("R03", marked(1, 10))]
    made = judged(*sheets, reviewers=FOUR_REVIEWERS)
    assert found(made) == [("R2-not-assigned", "R03.xlsx", "審查評分表", "A8")]
    assert column(made, "reviewer", "marks") == ["R01", "R02"]


def test_it_counts_where_an_assigned_one_is_missing():
    made = judged(sheet("R01", marked(1, 80)), sheet("R03", marked(1, 70)), reviewers=FOUR_REVIEWERS)
    assert found(made) == []
    assert column(made, "reviewer", "marks") == ["R01", "R03"]


def test_it_counts_where_the_assigned_ones_lie_far_apart():
    sheets = [sheet("R01", marked(1, 86)), sheet("R02", marked(1, 70)), sheet("R03", marked(1, 75))]
    made = judged(*sheets, reviewers=FOUR_REVIEWERS)
    assert found(made) == []
    assert column(made, "reviewer", "marks") == ["R01", "R02", "R03"]


def test_a_school_that_nobody_knows_is_named():
    made = judged(sheet("R01", marked(9, 80)), sheet("R02", score(9, (None,) * 4)))
    assert found(made) == [("R2-not-assigned", "R01.xlsx", "審查評分表", "A8")]
    assert fates(made) == [("R01", "未受理"), ("R02", "未受理")]


def test_the_score_of_a_school_that_left_is_put_by():
    schools = [school(1), school(2, verdict=DEEPENING)]
    made = judged(sheet("R01", marked(1, 80), marked(2, 80)), schools=schools)
    assert fates(made) == [("R01", "採計"), ("R01", "未受理")]
    assert found(made) == []
    assert column(made, "reviews_due") == [1, pd.NA]


def test_marks_stand_in_the_order_of_schools():
    schools = [school(2, "新北市"), school(1)]
    made = judged(
        sheet("R01", marked(1, 80), marked(2, 81)),
        sheet("R02", marked(1, 82), marked(2, 83)),
        schools=schools,
    )
    assert column(made, "total", "marks") == [81, 83, 80, 82]


def test_ready_when_every_school_has_its_marks():
    half, whole = [sheet("R01", marked(1, 80))], [sheet("R01", marked(1, 80)), sheet("R02", marked(1, 80))]
    assert not marks.ready(judged(*half))
    assert marks.outstanding(judged(*half)).to_dict("records") == [{"reviewer": "R02", "schools": 1}]
    assert marks.ready(judged(*whole))
    assert marks.owed(judged(*whole)).empty


scores = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(60, 90)), max_size=8)


@law
@given(scores, st.randoms(use_true_random=False))
def test_every_row_has_one_fate_and_the_order_of_rows_does_not_matter(rows, random):
    sheets = [
        sheet(f"R{who:02d}", marked(at, mark), file=f"{n}.xlsx") for n, (who, at, mark) in enumerate(rows)
    ]
    before = tables([school(1), school(2)], [reviewer(n) for n in (1, 2, 3)], sheets)
    made, _ = run_rules(REVIEW, before, PLAN, AS_OF)
    assert len(made["returned"]) == len(rows)
    assert (made["returned"]["fate"] == "採計").sum() == len(made["marks"])
    if rows:
        order = random.sample(range(len(rows)), len(rows))
        after, _ = run_rules(REVIEW, before.put(scores=before["scores"].iloc[order]), PLAN, AS_OF)
        assert column(after, "total", "marks") == column(made, "total", "marks")
        assert found(after) == found(made)
