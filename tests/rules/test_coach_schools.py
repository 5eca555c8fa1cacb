"""K1: who may be a coach school, and why not (附件3.二)."""

import pytest

from tests.rules.coach_tables import END, coach, former, qualified, tables, told, won

HILL = coach(1, "南投縣")


def only(made):
    """The one row, and the findings."""
    tables, findings = qualified(made)
    return tables["coach_schools"].iloc[0], findings


def test_a_winner_of_the_general_group_qualifies():
    row, findings = only(tables([HILL], coaches=[1], winners=[won(1)], former_coaches=[]))
    assert (row["qualified"], row["basis"], row["again"], row["why"]) == (True, "附件3.二(一)", 0, "")
    assert findings == []


def test_a_winner_of_another_group_does_not_and_is_told_at_the_ministrys_list():
    row, findings = only(tables([HILL], coaches=[1], winners=[won(1, "其他組")], former_coaches=[]))
    assert not row["qualified"]
    assert told(findings) == [("K1-not-qualified", "教練學校.xlsx", "B6")]
    assert findings[0].sentence == (
        "「第1國小」（000001）不符教練學校資格：獲106年優良學校其他組而非一般組，亦非106年教練學校。"
    )
    assert findings[0].county == ""


def test_a_coach_whose_school_won_and_who_completed_everything_stays_on():
    made = tables(
        [HILL], coaches=[1], winners=[won(8, "其他組")], former_coaches=[former(1, 7), former(1, 8)]
    )
    row, findings = only(made)
    assert (row["qualified"], row["basis"], row["again"]) == (True, "附件3.二(二)", 1)
    assert findings == []


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([former(1, 7)], "所輔導學校未獲選106年優良學校"),
        ([former(1, 8, report=False)], "未繳輔導成果報告"),
        ([former(1, 8, complete=False)], "未完成計畫執行配合度相關項目"),
        ([former(1, 8), former(1, 7, complete=None)], "未完成計畫執行配合度相關項目"),
        ([former(1, 8, again=1)], "續任已逾 1 年"),
        ([former(1, 7, report=None)], "所輔導學校未獲選106年優良學校、未繳輔導成果報告"),
    ],
)
def test_what_a_former_coach_lacks_is_named(rows, why):
    """附件3.二(二), coaching.again_most"""
    row, findings = only(tables([HILL], coaches=[1], winners=[won(8)], former_coaches=rows))
    assert row["why"] == f"為106年教練學校，惟{why}"
    assert told(findings) == [("K1-not-qualified", "教練學校.xlsx", "B6")]


def test_who_neither_won_nor_coached_does_not_qualify():
    row, _ = only(tables([HILL], coaches=[1], winners=[won(8)], former_coaches=[former(3, 8)]))
    assert row["why"] == "未獲106年優良學校，亦非106年教練學校"


def test_a_listed_school_without_grant_is_told_by_b3_alone():
    row, findings = only(tables([coach(1, "南投縣", approved=0)], coaches=[1], winners=[won(1)]))
    assert (row["qualified"], row["why"], findings) == (False, "未獲107年補助", [])


def test_a_listed_school_that_nobody_knows_keeps_its_row():
    made, findings = qualified(tables([HILL], coaches=[9], winners=[won(9)]))
    assert made["coach_schools"][["code", "funded", "qualified"]].to_numpy().tolist() == [
        ["000009", False, False]
    ]
    assert findings == []


def test_who_applied_without_qualifying_is_told_in_its_own_form_and_its_county_too():
    row, findings = only(tables([HILL], applied={1: []}, winners=[], former_coaches=[]))
    assert (row["listed"], row["applied"]) == (False, True)
    assert told(findings) == [("K1-not-qualified", "1.xlsx", "B4")]
    assert (findings[0].school, findings[0].county) == (("000001", "國小"), "南投縣")


def test_an_applicant_without_grant_does_not_qualify_though_it_won():
    row, findings = only(tables([coach(1, "南投縣", approved=0)], applied={1: []}, winners=[won(1)]))
    assert row["why"] == "未獲107年補助"
    assert told(findings) == [("K1-not-qualified", "1.xlsx", "B4")]


def test_a_national_school_that_applied_is_told_itself():
    _, findings = only(tables([coach(1, "南投縣", national=True)], applied={1: []}))
    assert findings[0].county == ""


def test_who_is_listed_and_applied_stands_once_with_its_wishes_in_their_order():
    made = tables([HILL], coaches=[1], applied={1: [("臺中市", "000005"), ("彰化縣", "")]}, winners=[won(1)])
    rows = qualified(made, END)[0]["coach_schools"]
    assert len(rows) == 1
    assert rows.iloc[0]["wishes"] == (("臺中市", "000005"), ("彰化縣", ""))


def test_the_order_is_the_ministrys_whatever_the_order_of_the_list():
    schools = [coach(1, "屏東縣"), coach(2, "新北市"), coach(3, "新北市")]
    for order in ([1, 2, 3], [3, 1, 2]):
        made, _ = qualified(tables(schools, coaches=order, winners=[]))
        assert made["coach_schools"]["code"].tolist() == ["000002", "000003", "000001"]
