"""G1–G5: what a budget is told in words, whose it is, and what the tables keep of it (柒.一, 柒.四–八)."""

import pandas as pd
import pytest

from mlbatch.plan import Source
from mlbatch.rules.budget import check
from tests.rules.test_budget import AS_OF, OF_COUNTY, PLAN, RIGHT, SCHOOL, given
from tests.rules.whole import whole

OWNER = (("084601", "國小"), "南投縣")
OF_THE_COUNTY = (("", ""), "南投縣")
NAME, CODE = "「縣立第1國小」", "（084601）"
SUNDRIES = PLAN.with_settings(
    {"spending.sundries_percent": (6, Source("柒.五", "試", "試", True, "本部", "2018-02-01"))}
)


def said(findings):
    """(sentence, remedy, cell) of each finding."""
    return [(one.sentence, one.remedy, one.at.cell) for one in whole(findings)]


def owners(findings):
    return [(one.school, one.county) for one in findings]


def judged(plan=PLAN, **changes):
    return check(given(**changes), plan, AS_OF)[1]


@pytest.mark.parametrize(
    ("changed", "sentence", "remedy", "cell"),
    [
        ([(0, "account", "資本門")], f"{NAME}之「輔導費/諮詢費」應列經常門，填列「資本門」。", "請將經/資門改為經常門。", "B20"),
        ([(5, "amount", 21_113)], f"{NAME}之「設備維護費」總價填 21,113，單價乘以數量為 21,112。", "請更正單價、數量或總價。", "F25"),
        ([(2, "amount", 18_001)], f"{NAME}之「國內旅運費」總價填 18,001，單價乘以數量為 18,000。", "請更正單價、數量或總價。", "F22"),
        ([(5, "item", "雜支")], f"{NAME}編列「雜支」，本年度不得編列。", "請改列計畫所列之補助項目。", "A25"),
        ([(5, "item", "講座鐘點費")], f"{NAME}之「講座鐘點費」單價 21,112 元，編列基準為 2,000 元。", "請核對單價；有特別規定者於說明欄敘明。", "C25"),
        ([(4, "price", 3_800), (4, "quantity", 10)], f"{NAME}之「教學資訊設備」單價 3,800 元，未達 10,000 元，請列經常門。",
         "請將經/資門改為經常門；教學資訊設備改列教學資訊物品。", "B24"),
        ([(3, "item", "教學軟體")], f"{NAME}之「教學軟體」單價 110,000 元，10,000 元以上，請列資本門。",
         "請將經/資門改為資本門；教學資訊物品改列教學資訊設備。", "B23"),
        ([(4, "item", "行動載具")], f"{NAME}之行動載具補助合計 38,000 元，資本門 38,000 元，至多 19,000 元。",
         "請調降行動載具（經、資門合併計算），或改以自籌支應。", "F24"),
        ([(5, "price", 21_111), (5, "amount", 21_111)], f"{NAME}之自籌合計 21,111 元，應自籌 21,112 元。", "請增列自籌經費。", "H4"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_facts(changed, sentence, remedy, cell):
    """G1_ACCOUNT, G1_AMOUNT, G1_ITEM, G1_CEILING, G2_CURRENT, G2_CAPITAL, G3_DEVICES, G4_OWN"""
    found = judged(changed=changed)
    assert said(found)[0] == (sentence, remedy, cell)
    assert set(owners(found)) == {OWNER}


def test_a_sum_says_what_it_is_and_what_it_should_be():
    """G1_TOTAL, G1_HEAD"""
    found = judged(changed=[(3, "price", 100_000), (3, "amount", 100_000)], head={"capital": 40_000})
    assert said(found) == [
        (f"{NAME}之「核定補助資本門」填 40,000，本部核定為 38,000。", "請改填 38,000。", "G4"),
        (f"{NAME}經常門之補助合計為 142,000 元，核定為 152,000 元。", "請調整各列，使經常門之補助合計等於核定數。", "F4"),
    ]  # fmt: skip


def test_every_figure_of_a_head_is_held_against_the_award():
    """G1_HEAD: one class more, one dollar less."""
    found = judged(head={"approved": 3, "current": 151_999, "own_share": 21_111})
    assert said(found) == [
        (f"{NAME}之「核定數」填 3，本部核定為 2。", "請改填 2。", "E4"),
        (f"{NAME}之「應自籌經費」填 21,111，本部核定為 21,112。", "請改填 21,112。", "H4"),
        (f"{NAME}之「核定補助經常門」填 151,999，本部核定為 152,000。", "請改填 152,000。", "F4"),
    ]  # fmt: skip


def test_what_is_lacking_is_told_at_the_code_or_the_county():
    """G5_LACKS, G5_COUNTY_LACKS"""
    (found,) = judged(changed=[(0, "item", "出席費")])
    cost, items = next(
        (cost, any_of) for cost, any_of in PLAN.items.of_school.items() if "輔導費/諮詢費" in any_of
    )
    assert (found.sentence, found.at.cell) == (f"{NAME}未編列{cost}（{'、'.join(items)}）。", "A4")
    assert found.remedy == "請確認是否編列；不編列者請於說明敘明。"
    rows = [OF_COUNTY[0], ("出席費", *OF_COUNTY[1][1:]), OF_COUNTY[2]]
    (found,) = judged(county_rows=rows)
    cost, items = next(
        (cost, any_of) for cost, any_of in PLAN.items.of_county.items() if "國內旅運費" in any_of
    )
    assert found.sentence == f"「南投縣」未編列{cost}（{'、'.join(items)}）。"
    assert owners([found]) == [OF_THE_COUNTY]


def test_of_a_cost_that_several_items_serve_all_are_named():
    """G5_LACKS"""
    (found,) = judged(changed=[(1, "item", "國內旅運費")])
    items = "講座鐘點費、出席費、膳費、場地布置費、代課鐘點費"
    assert found.sentence == f"{NAME}未編列研習活動費用（{items}）。"


def test_an_empty_budget_lacks_nothing_in_particular():
    """G5: that nothing at all is listed is told by the form and the sums."""
    made = given()
    made = made.put(budget_lines=made["budget_lines"].iloc[:0])
    ids = [(one.kind.id, one.at.cell) for one in check(made, PLAN, AS_OF)[1]]
    assert ids == [("G1-total", "F4"), ("G1-total", "G4"), ("G4-own", "H4")]


# Devices, and a county's one account ----------------------------------------------------------------


def test_devices_of_own_funds_do_not_count_among_those_of_the_grant():
    """G3: 19,000 of the grant are allowed, and 12,000 are used."""
    rows = [*RIGHT[:4], ("行動載具", "資本門", 12_000, 1, "補助"), ("教學資訊設備", "資本門", 26_000, 1, "補助"),
            ("行動載具", "資本門", 10_556, 2, "自籌")]  # fmt: skip
    assert judged(rows=rows) == []


def test_half_of_an_odd_capital_is_said_in_whole_dollars():
    """G3: half of 38,001 is 19,000.5; 19,000 are allowed and 19,001 are not."""
    school = {**SCHOOL, "capital": 38_001}
    for price, told in ((19_000, False), (19_001, True)):
        rows = [
            *RIGHT[:4],
            ("行動載具", "資本門", price, 1, "補助"),
            ("教學資訊設備", "資本門", 38_001 - price, 1, "補助"),
            RIGHT[5],
        ]
        found = judged(school=school, rows=rows)
        sentence = f"{NAME}之行動載具補助合計 19,001 元，資本門 38,001 元，至多 19,000 元。"
        assert [one.sentence for one in found] == [sentence] * told


def test_a_county_has_nothing_to_spend_on_capital_or_devices():
    """柒.二, G3: told at what it has, its current account."""
    rows = [*OF_COUNTY[1:], ("行動載具", "資本門", 41_800, 1, "補助")]
    assert [(one.sentence, one.at.cell) for one in judged(county_rows=rows)] == [
        ("「南投縣」經常門之補助合計為 15,000 元，核定為 56,800 元。", "F4"),
        ("「南投縣」資本門之補助合計為 41,800 元，核定為 0 元。", "F4"),
        ("「南投縣」之行動載具補助合計 41,800 元，資本門 0 元，至多 0 元。", "F22"),
    ]
    one_dollar = [
        (OF_COUNTY[0][0], "經常門", 41_799, 1, "補助"),
        *OF_COUNTY[1:],
        ("行動載具", "經常門", 1, 1, "補助"),
    ]
    assert [one.kind.id for one in judged(county_rows=one_dollar)] == ["G3-devices"]


# Sundries ------------------------------------------------------------------------------------------


def sundries(*priced):
    """The right budget with lines of sundries, and devices for the rest of the own funds."""
    rest = 21_112 - sum(priced)
    return [
        *RIGHT[:5],
        *(("雜支", "經常門", price, 1, "自籌") for price in priced),
        ("行動載具", "資本門", rest, 1, "自籌"),
    ]


def test_sundries_of_several_lines_count_together_and_are_told_at_the_last():
    """G1_SUNDRIES: 6 % of 152,000 is 9,120."""
    assert judged(SUNDRIES, rows=sundries(5_000, 4_120)) == []
    found = judged(SUNDRIES, rows=sundries(5_000, 4_121))
    sentence = f"{NAME}之雜支合計 9,121 元，上限為 9,120 元（經常門其他各列之 6%）。"
    assert said(found) == [(sentence, "請調降雜支。", "F26")]


def test_sundries_are_current_account():
    """G1_ACCOUNT: also where the office allows them."""
    found = judged(SUNDRIES, rows=sundries(1_000), changed=[(5, "account", "資本門")])
    assert said(found) == [
        (f"{NAME}之「雜支」應列經常門，填列「資本門」。", "請將經/資門改為經常門。", "B25")
    ]


def test_sundries_that_cannot_be_read_wait():
    assert judged(SUNDRIES, rows=sundries(10_000), changed=[(5, "amount", pd.NA)]) == []


# What cannot be read is the form's to tell -----------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        [(0, "account", "")],
        [(4, "account", "")],
        [(4, "price", pd.NA)],
        [(5, "price", pd.NA)],
        [(5, "quantity", pd.NA)],
        [(4, "fund", "")],
        [(4, "amount", pd.NA)],
        [(5, "amount", pd.NA)],
    ],
)
def test_a_blank_is_not_told_again(changed):
    assert judged(changed=changed) == []


def test_a_price_at_the_ceiling_is_not_above_it():
    """G1_CEILING: spending.ceilings, 2,000 for a lecture."""
    assert PLAN.spending.ceilings["講座鐘點費"] == 2_000
    assert judged(changed=[(1, "price", 2_000)]) == []
    ids = [one.kind.id for one in judged(changed=[(1, "price", 2_001), (1, "amount", 8_004)])]
    assert ids == ["G1-ceiling", "G1-total"]
