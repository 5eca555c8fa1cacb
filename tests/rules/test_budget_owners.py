"""G1–G5: whose a budget is, which version counts, and what the tables keep of it (柒.一, 柒.四)."""

import pandas as pd
import pytest

from mlbatch.rules.budget import LINE, WHO, check, lines
from mlbatch.tables import Rows, Tables
from tests.rules.test_budget import AS_OF, COUNTY, OF_COUNTY, PLAN, RIGHT, SCHOOL, given
from tests.rules.test_budget_words import CODE, NAME, OF_THE_COUNTY, OWNER, judged, owners, said

# Who is told, and which versions count -----------------------------------------------------------------


def test_a_national_schools_budget_is_told_to_no_county():
    found = judged(school={**SCHOOL, "national": True}, changed=[(5, "amount", 21_113)])
    assert owners(found) == [
        (OWNER[0], ""),
        OF_THE_COUNTY,
        OF_THE_COUNTY,
    ]  # whose own share is all the county's now


def test_a_county_knows_its_own_schools_share_only():
    """柒.一: 26,312 less 21,112 of its school; other counties', national and unfunded schools do not count."""
    made = given()
    more = [
        {**SCHOOL, "code": "080601", "national": True, "own_share": 7_000},
        {**SCHOOL, "code": "084699", "approved": 0, "own_share": pd.NA},
        {**SCHOOL, "code": "134601", "county": "屏東縣", "own_share": 9_000},
    ]
    made = made.put(schools=pd.concat([made["schools"], pd.DataFrame(more)], ignore_index=True))
    found = check(made, PLAN, AS_OF)[1]
    assert found == []
    head = made["county_budgets"].assign(own_share=5_201)
    (one,) = check(made.put(county_budgets=head), PLAN, AS_OF)[1]
    assert one.sentence == "「南投縣」之「應自籌經費」填 5,201，本部核定為 5,200。"


def test_who_got_nothing_and_budgets_is_told():
    """G1_NOT_APPROVED: a school at its code, a county at its name; nobody's paper, so that nobody is told it."""
    nothing = pd.DataFrame([{**COUNTY, "granted": 0}])
    found = check(given(school={**SCHOOL, "approved": 0}).put(counties=nothing), PLAN, AS_OF)[1]
    remedy = "請查明代碼、學制或縣市。"
    assert said(found) == [
        (f"{NAME}{CODE}未獲核定，其經費申請表不採。", remedy, "A4"),
        ("「南投縣」（南投縣）未獲核定，其經費申請表不採。", remedy, "C4"),
    ]


def test_every_budget_of_a_sort_is_told_its_own_faults():
    """Two schools of one county, one dollar too much in a line of each."""
    made, more = given(changed=[(5, "amount", 21_113)]), given(changed=[(2, "amount", 18_001)])
    names = {"code": "084602", "name": "縣立第2國小"}
    heads = more["budgets"].assign(file="二.xlsx", **names)
    made = made.put(
        schools=pd.concat([made["schools"], made["schools"].assign(own_share=0, **names)], ignore_index=True),
        budgets=pd.concat([made["budgets"], heads], ignore_index=True),
        budget_lines=pd.concat(
            [made["budget_lines"], more["budget_lines"].assign(file="二.xlsx")], ignore_index=True
        ),
        files=pd.concat([made["files"], made["files"].iloc[:1].assign(file="二.xlsx")], ignore_index=True),
    )
    found = [one for one in check(made, PLAN, AS_OF)[1] if one.kind.id == "G1-amount"]
    assert [(one.school[0], one.sentence.partition("總價")[0]) for one in found] == [
        ("084601", f"{NAME}之「設備維護費」"), ("084602", "「縣立第2國小」之「國內旅運費」"),
    ]  # fmt: skip


def twice(form):
    """Two budgets of one owner, uploaded nobody knows when."""
    made = given()
    names = (f"{form}s", f"{form}_lines")
    again = {
        name: pd.concat([made[name], made[name].assign(file="新.xlsx")], ignore_index=True) for name in names
    }
    old = "學校.xlsx" if form == "budget" else "縣市.xlsx"
    files = pd.concat([made["files"], made["files"][made["files"]["file"] == old].assign(file="新.xlsx")])
    heads = again[names[0]]
    places = [
        type(one)(file, one.sheet, one.row, one.cells)
        for one, file in zip(heads["place"], heads["file"], strict=True)
    ]
    return made.put(**again, files=files.reset_index(drop=True)).put(
        **{names[0]: heads.assign(place=places)}
    ), old


@pytest.mark.parametrize(
    ("form", "name", "cell", "owner", "state"),
    [
        ("budget", "縣立第1國小", "A4", OWNER, "schools"),
        ("county_budget", "南投縣", "C4", OF_THE_COUNTY, "counties"),
    ],
)
def test_two_versions_name_each_other(form, name, cell, owner, state):
    """G1_TWO_FORMS"""
    made, old = twice(form)
    done, found = check(made, PLAN, AS_OF)
    assert {one.at.file: said([one])[0] for one in found} == {
        mine: (f"「{name}」有兩份經費申請表（另見 {other}），上傳紀錄無從認定先後。", "請僅留一份，或補登上傳紀錄。", cell)
        for mine, other in ((old, "新.xlsx"), ("新.xlsx", old))
    }  # fmt: skip
    assert owners(found) == [owner, owner]
    assert done[state]["budget_state"].tolist() == ["待修正"]
    assert done[state]["budget_file"].tolist() == [""]
    assert len(done["budgeted"]) == (len(OF_COUNTY) if form == "budget" else len(RIGHT))


# Before it is sent -------------------------------------------------------------------------------------


def test_a_single_file_is_told_by_the_name_in_its_head():
    found = lines(given(changed=[(5, "amount", 21_113)]), PLAN, AS_OF)[1]
    assert said(found) == [
        (f"{NAME}之「設備維護費」總價填 21,113，單價乘以數量為 21,112。", "請更正單價、數量或總價。", "F25")
    ]
    assert owners(found) == [(("", ""), "")]


def plain(*frames):
    """Frames under each other, as the table that a single check makes without pandas."""
    one = pd.concat(frames, ignore_index=True).astype(object)
    return Rows(one.columns, one.where(one.notna(), None).itertuples(index=False, name=None))


def test_a_table_without_pandas_gives_each_file_its_own_lines():
    right, wrong = given(), given(changed=[(5, "amount", 21_113)])
    other = {"file": "二.xlsx", "name": "縣立第2國小"}
    made = Tables().put(
        budgets=plain(right["budgets"], wrong["budgets"].assign(**other)),
        budget_lines=plain(right["budget_lines"], wrong["budget_lines"].assign(file="二.xlsx")),
    )
    (found,) = lines(made, PLAN, AS_OF)[1]
    assert found.sentence == "「縣立第2國小」之「設備維護費」總價填 21,113，單價乘以數量為 21,112。"


def test_a_single_county_file_has_no_name_but_its_county():
    made = given(county_rows=[*OF_COUNTY[:2], ("膳費", "經常門", 80, 64, "自籌")])
    own = Tables().put(county_budgets=made["county_budgets"], county_budget_lines=made["county_budget_lines"])
    (found,) = lines(own, PLAN, AS_OF)[1]
    assert found.sentence == "「南投縣」之自籌合計 5,120 元，應自籌 5,200 元。"
    assert owners([found]) == [(("", ""), "")]


@pytest.mark.parametrize("figure", ["current", "capital", "own_share", "approved"])
def test_a_head_that_is_blank_is_not_held_against_anything(figure):
    made = given(
        rows=[
            *RIGHT[:4],
            ("行動載具", "資本門", 10_000, 1, "補助"),
            ("教學資訊設備", "資本門", 28_000, 1, "補助"),
            RIGHT[5],
        ]
    )
    blank = made["budgets"].assign(**{figure: pd.array([pd.NA], "Int64")})
    assert lines(made.put(budgets=blank), PLAN, AS_OF)[1] == []


# What the tables keep ----------------------------------------------------------------------------------


def test_the_lines_that_count_stand_in_one_table_with_their_owner():
    table = check(given(), PLAN, AS_OF)[0]["budgeted"]
    assert list(table.columns) == [*WHO, *LINE]
    first, last = table.iloc[0], table.iloc[-1]
    assert first.tolist() == [
        "南投縣", "084601", "國小", "縣立第1國小", False, "輔導費/諮詢費", "經常門", 2000, 8, "式", 16_000, "補助", "",
    ]  # fmt: skip
    assert last.tolist() == [
        "南投縣",
        "",
        "",
        "南投縣",
        False,
        "膳費",
        "經常門",
        80,
        65,
        "式",
        5_200,
        "自籌",
        "",
    ]
    assert len(table) == len(RIGHT) + len(OF_COUNTY)
    types = {name: str(table[name].dtype) for name in ("price", "quantity", "amount", "national")}
    assert types == {"price": "Int64", "quantity": "Int64", "amount": "Int64", "national": "bool"}
    words = [name for name in (*WHO, *LINE) if name not in types]
    assert {str(table[name].dtype) for name in words} == {"object"}


def test_what_became_of_a_budget_is_told_in_columns_of_objects():
    done = check(given(), PLAN, AS_OF)[0]
    for owner in ("schools", "counties"):
        assert [str(done[owner][name].dtype) for name in ("budget_state", "budget_file")] == ["object"] * 2


def test_a_national_schools_lines_say_so():
    table = check(given(school={**SCHOOL, "national": True}), PLAN, AS_OF)[0]["budgeted"]
    assert table.groupby("code")["national"].first().to_dict() == {"": False, "084601": True}


def test_the_state_stands_beside_its_own_row_whatever_its_index():
    made = given()
    waits = {**SCHOOL, "code": "084602", "name": "縣立第2國小"}
    none = {**SCHOOL, "code": "084603", "name": "縣立第3國小", "approved": 0}
    schools = pd.DataFrame([none, waits, SCHOOL], index=[7, 3, 5])
    done = check(made.put(schools=schools), PLAN, AS_OF)[0]["schools"]
    assert dict(zip(done["code"], done["budget_state"], strict=True)) == {
        "084601": "相符", "084602": "未收到", "084603": "",
    }  # fmt: skip
    assert dict(zip(done["code"], done["budget_file"], strict=True)) == {
        "084601": "學校.xlsx", "084602": "", "084603": "",
    }  # fmt: skip


def test_nobody_who_owes_a_budget_sent_one():
    done, found = check(given().put(schools=pd.DataFrame([{**SCHOOL, "code": "084602"}])), PLAN, AS_OF)
    assert [one.kind.id for one in found] == ["G1-not-approved"]
    assert done["schools"]["budget_state"].tolist() == ["未收到"]
    assert done["schools"]["budget_file"].tolist() == [""]
    assert set(done["budgeted"]["code"]) == {""}
