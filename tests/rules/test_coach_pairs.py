"""K2: the ministry's pairs are checked, the others proposed; shortfalls are named (附件3.四2)."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.coach_tables import coach, code, novice, pair, paired, pairs, tables, told, won
from tests.rules.laws import law_of

DECIDED, PROPOSED = "核定", "建議"
HILL, BAY = coach(1, "南投縣"), coach(2, "新北市")
NEW = [
    novice(11, "南投縣"),
    novice(12, "臺中市"),
    novice(13, "新北市"),
    novice(14, "桃園市"),
    novice(15, "屏東縣"),
]


def schools(*more):
    return [HILL, BAY, *NEW, *more]


def test_without_a_register_the_nearest_are_proposed():
    made, findings = paired(tables(schools(), coaches=[1, 2]))
    assert pairs(made) == [(1, 11, PROPOSED), (1, 12, PROPOSED), (2, 13, PROPOSED), (2, 14, PROPOSED)]
    assert made["coached"].set_index("code")["steps"].to_dict() == {
        code(12): 1,
        code(11): 0,
        code(13): 0,
        code(14): 1,
    }
    assert made["unpaired"]["code"].tolist() == [code(15)]
    assert findings == []


def test_at_least_one_school_of_each_coach_lies_in_another_county():
    made, findings = paired(
        tables([HILL, novice(11, "南投縣"), novice(12, "南投縣"), novice(15, "屏東縣")], coaches=[1])
    )
    assert pairs(made) == [(1, 11, PROPOSED), (1, 15, PROPOSED)]
    assert findings == []


def test_only_funded_new_schools_are_coached_and_only_funded_coaches_coach():
    made, _ = paired(
        tables(
            [
                HILL,
                coach(2, "新北市", approved=0),
                coach(3, "南投縣"),
                novice(11, "南投縣", approved=0),
                novice(12, "臺中市"),
            ],
            coaches=[1, 2],
        )
    )
    assert pairs(made) == [(1, 12, PROPOSED)]
    assert made["coach_needs"]["code"].tolist() == [code(1)]


def test_too_few_new_schools_is_a_shortfall_at_the_coach_that_comes_later():
    made, findings = paired(
        tables([HILL, BAY, novice(12, "臺中市"), novice(13, "彰化縣"), novice(14, "新北市")], coaches=[2, 1])
    )
    assert [one for one in pairs(made) if one[0] == 2] == [(2, 14, PROPOSED)]
    assert told(findings) == [("K2-too-few", "教練學校.xlsx", "B6")]
    assert findings[0].sentence == (
        "「第2國小」配有 1 所新手學校，應為 2 所：新手學校 3 所，教練學校 2 所共需 4 所。"
    )


def test_none_of_another_county_is_told():
    made, findings = paired(tables([HILL, novice(11, "南投縣"), novice(12, "南投縣")], coaches=[1]))
    assert len(pairs(made)) == 2
    assert told(findings) == [("K2-same-county", "教練學校.xlsx", "B6")]


def test_a_coach_that_qualifies_is_served_before_one_that_does_not():
    made, _ = paired(
        tables([HILL, BAY, novice(12, "臺中市"), novice(15, "屏東縣")], coaches=[1, 2], winners=[won(2)])
    )
    assert {one for one, _, _ in pairs(made)} == {2}


def test_a_coach_without_a_rank_is_served_last():
    unranked = coach(1, "南投縣", rank=pd.NA)
    made, _ = paired(tables([unranked, BAY, novice(12, "臺中市"), novice(15, "屏東縣")], coaches=[1, 2]))
    assert {one for one, _, _ in pairs(made)} == {2}


def test_over_the_sea_everything_is_far():
    isle = novice(12, "屏東縣", island=True)
    made, _ = paired(
        tables([coach(1, "高雄市"), isle, novice(13, "高雄市"), novice(14, "花蓮縣")], coaches=[1])
    )
    assert pairs(made) == [(1, 13, PROPOSED), (1, 14, PROPOSED)]


def test_a_wish_decides_between_equally_near_schools():
    rows = [HILL, novice(11, "臺中市"), novice(12, "彰化縣"), novice(13, "雲林縣")]
    made, _ = paired(tables(rows, coaches=[1], applied={1: [("雲林縣", ""), ("彰化縣", code(12))]}))
    assert {other for _, other, _ in pairs(made)} == {12, 13}


# The ministry's pairs -----------------------------------------------------------------------------


def test_what_the_ministry_decided_stands_however_far():
    made, findings = paired(
        tables(schools(), coaches=[1, 2], coach_pairs=[pair(1, 15), pair(1, 14), pair(2, 13), pair(2, 12)])
    )
    assert pairs(made) == [(1, 14, DECIDED), (1, 15, DECIDED), (2, 12, DECIDED), (2, 13, DECIDED)]
    assert findings == []


def test_what_is_decided_later_does_not_hold_yet():
    made = tables(
        schools(), coaches=[1], coach_pairs=[pair(1, 15, date(2018, 4, 1)), pair(1, 14, date(2018, 4, 1))]
    )
    assert {state for *_, state in pairs(paired(made, date(2018, 3, 31))[0])} == {PROPOSED}
    assert {state for *_, state in pairs(paired(made, date(2018, 4, 1))[0])} == {DECIDED}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([pair(3, 11)], ("K2-not-a-coach", "A8")),
        ([pair(1, 3)], ("K2-not-new", "E8")),
        ([pair(1, 16)], ("K2-not-new", "E8")),
        ([pair(1, 99)], ("K2-not-new", "E8")),
        ([pair(1, 2)], ("K2-not-new", "E8")),
        ([pair(2, 11)], ("K2-two-coaches", "E8")),
        ([pair(1, 15)], ("K2-too-many", "E8")),
    ],
)
def test_a_row_that_does_not_hold_is_told_and_counts_for_nothing(rows, expected):
    """Rows 6 and 7 give the first coach its two schools; row 8 is wrong."""
    more = (coach(3, "嘉義市"), novice(16, "嘉義市", approved=0))
    good = [pair(1, 11), pair(1, 12)]
    made, findings = paired(tables(schools(*more), coaches=[1, 2], coach_pairs=[*good, *rows]))
    own = [one for one in findings if one.at.file == "教練配對.xlsx"]
    assert [(kind, cell) for kind, _, cell in told(own)] == [expected]
    assert [one for one in pairs(made) if one[2] == DECIDED] == [(1, 11, DECIDED), (1, 12, DECIDED)]


def test_a_row_too_many_is_told_with_its_schools_code():
    rows = [pair(1, 11), pair(1, 12), pair(1, 15)]
    (fault,) = [one for one in paired(tables(schools(), coaches=[1], coach_pairs=rows))[1]]
    assert (fault.kind.id, fault.facts["name"], fault.read) == ("K2-too-many", "第1國小", code(15))


@pytest.mark.parametrize("blank", [{"code": ""}, {"coached_code": ""}, {"decided_on": None}])
def test_a_row_with_a_blank_counts_for_nothing_and_is_told_by_its_form(blank):
    made, findings = paired(tables(schools(), coaches=[1], coach_pairs=[{**pair(1, 15), **blank}]))
    assert pairs(made) == [(1, 11, PROPOSED), (1, 12, PROPOSED)]
    assert findings == []


def test_the_reason_says_what_the_school_is():
    more = (coach(3, "嘉義市"), novice(16, "嘉義市", approved=0))
    made = tables(schools(*more), coaches=[1, 2], coach_pairs=[pair(1, 3), pair(1, 16), pair(1, 2)])
    reasons = [one.facts["why"] for one in paired(made)[1] if one.kind.id == "K2-not-new"]
    assert reasons == ["非本年度新申請", "未獲核定補助", "為教練學校"]


def test_a_row_given_twice_counts_once():
    made, findings = paired(
        tables(schools(), coaches=[1], coach_pairs=[pair(1, 11), pair(1, 11), pair(1, 12)])
    )
    assert pairs(made) == [(1, 11, DECIDED), (1, 12, DECIDED)]
    assert findings == []


def test_once_the_ministry_decides_what_it_left_out_is_told_and_proposed():
    made, findings = paired(
        tables(schools(), coaches=[1, 2], coach_pairs=[pair(1, 11), pair(1, 12), pair(2, 13)])
    )
    assert [one for one in pairs(made) if one[0] == 2] == [(2, 13, DECIDED), (2, 14, PROPOSED)]
    assert told(findings) == [("K2-too-few", "教練學校.xlsx", "B7")]
    need = made["coach_needs"].set_index("code").loc[code(2)]
    assert (need["got"], need["decided"], need["why"]) == (2, 1, "教練配對所列不足，建議見教練學校工作簿")


def test_decided_schools_of_the_same_county_are_told():
    made = tables([HILL, novice(11, "南投縣"), novice(12, "南投縣"), novice(13, "臺中市")], coaches=[1],
                  coach_pairs=[pair(1, 11), pair(1, 12)])  # fmt: skip
    made, findings = paired(made)
    assert told(findings) == [("K2-same-county", "教練學校.xlsx", "B6")]
    assert findings[0].facts["why"] == "教練配對均列同縣市學校"


def test_a_coach_that_has_what_it_wants_needs_no_reason():
    need = paired(tables(schools(), coaches=[1]))[0]["coach_needs"]
    assert need[["got", "counted", "abroad", "why"]].to_numpy().tolist() == [[2, 2, True, ""]]


# Whatever the order of rows -------------------------------------------------------------------------

COUNTIES = st.sampled_from(["南投縣", "新北市", "屏東縣", "澎湖縣"])


@law_of(60)
@given(
    st.lists(COUNTIES, min_size=1, max_size=4),
    st.lists(COUNTIES, max_size=8),
    st.randoms(use_true_random=False),
)
def test_the_pairs_are_the_same_whatever_the_order_of_rows(of_coaches, of_novices, random):
    rows = [coach(n, county) for n, county in enumerate(of_coaches, 1)]
    rows += [novice(n, county) for n, county in enumerate(of_novices, 11)]
    listed = [n for n in range(1, len(of_coaches) + 1)]
    made = paired(tables(rows, coaches=listed))[0]
    random.shuffle(rows)
    random.shuffle(listed)
    again = paired(tables(rows, coaches=listed))[0]
    for name in ("coached", "coach_needs", "unpaired"):
        assert again[name].equals(made[name])


@law_of(60)
@given(st.lists(COUNTIES, min_size=1, max_size=4), st.lists(COUNTIES, max_size=8))
def test_no_new_school_has_two_coaches_and_no_coach_more_than_the_plan_says(of_coaches, of_novices):
    """coaching.schools"""
    rows = [coach(n, county) for n, county in enumerate(of_coaches, 1)]
    rows += [novice(n, county) for n, county in enumerate(of_novices, 11)]
    made = paired(tables(rows, coaches=range(1, len(of_coaches) + 1)))[0]
    assert made["coached"]["code"].is_unique
    assert made["coached"].groupby("coach_code").size().max() <= 2 if len(made["coached"]) else True
    assert sorted([*made["coached"]["code"], *made["unpaired"]["code"]]) == [
        code(n) for n in range(11, 11 + len(of_novices))
    ]
