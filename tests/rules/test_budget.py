"""G1–G5: a school's and a county's budget, by line and by sum (柒.一, 柒.四–八)."""

from datetime import date, datetime

import pandas as pd
import pytest

from mlbatch.finding import Place
from mlbatch.plan import Source, load_plan
from mlbatch.rules.budget import check, lines
from mlbatch.tables import Tables

PLAN = load_plan()
AS_OF = date(2018, 2, 10)
SENT = datetime(2018, 2, 6, 9)
COLUMNS = ("item", "account", "price", "quantity", "measure", "amount", "fund", "note")
HEAD = (
    "code",
    "name",
    "county",
    "level",
    "approved",
    "current",
    "capital",
    "own_share",
    "officer",
    "telephone",
)
WHOLE = ("price", "quantity", "amount")
# 152,000 current and 38,000 capital were granted, 21,112 are to be own funds.
SCHOOL = {"code": "084601", "level": "國小", "name": "縣立第1國小", "county": "南投縣", "national": False, "approved": 2,
          "current": 152_000, "capital": 38_000, "coach": 0, "own_share": 21_112}  # fmt: skip
COUNTY = {"county": "南投縣", "approved_schools": 1, "county_grant": 52_000, "reduction": 5_200, "workshop": 10_000,
          "granted": 246_800, "own_share": 26_312}  # fmt: skip
RIGHT = [
    ("輔導費/諮詢費", "經常門", 2000, 8, "補助"),
    ("講座鐘點費", "經常門", 2000, 4, "補助"),
    ("國內旅運費", "經常門", 1500, 12, "補助"),
    ("教學資訊軟硬體租金", "經常門", 110_000, 1, "補助"),
    ("教學資訊設備", "資本門", 38_000, 1, "補助"),
    ("設備維護費", "經常門", 21_112, 1, "自籌"),
]
OF_COUNTY = [
    ("場地布置費", "經常門", 56_800 - 15_000, 1, "補助"),
    ("國內旅運費", "經常門", 1500, 10, "補助"),
    ("膳費", "經常門", 80, 65, "自籌"),
]


def place(file, row, names):
    return Place(file, "經費申請表", row, {name: (chr(ord("A") + i), row) for i, name in enumerate(names)})


def table(file, rows):
    made = [
        {**dict(zip(("item", "account", "price", "quantity", "fund"), row, strict=True)), "measure": "式", "note": "",
         "amount": row[2] * row[3], "file": file, "place": place(file, 20 + number, COLUMNS)}
        for number, row in enumerate(rows)
    ]  # fmt: skip
    return pd.DataFrame(made).astype(dict.fromkeys(WHOLE, "Int64"))


def given(rows=RIGHT, *, school=SCHOOL, changed=(), head=None, county_rows=OF_COUNTY):
    """A school and a county, each with its budget; `changed`: (line from 0, field, value)."""
    of_school = table("學校.xlsx", rows)
    for line, field, value in changed:
        of_school.loc[line, field] = value
    known = {
        **school,
        "current": school["current"] + school["coach"],
        "officer": "",
        "telephone": "",
        **(head or {}),
    }
    heads = pd.DataFrame(
        [{**{n: known[n] for n in HEAD}, "file": "學校.xlsx", "place": place("學校.xlsx", 4, HEAD)}]
    )
    county = {"county": "南投縣", "approved": 1, "current": 56_800, "own_share": 5_200, "file": "縣市.xlsx",
              "place": place("縣市.xlsx", 4, HEAD)}  # fmt: skip
    files = pd.DataFrame(
        [
            {"file": name, "recipient": "", "bucket": "收回", "why": "", "uploaded": None, "document": ""}
            for name in ("學校.xlsx", "縣市.xlsx")
        ]
    )
    uploads = pd.DataFrame([("學校.xlsx", SENT)], columns=["upload_name", "uploaded_at"])
    whole = {"current": "Int64", "capital": "Int64", "own_share": "Int64", "approved": "Int64"}
    return Tables().put(
        schools=pd.DataFrame([school]).astype(whole), counties=pd.DataFrame([COUNTY]), files=files, uploads=uploads,
        budgets=heads.astype(whole), budget_lines=of_school,
        county_budgets=pd.DataFrame([county]), county_budget_lines=table("縣市.xlsx", county_rows),
    )  # fmt: skip


def told(findings):
    return [(one.kind.id, one.at.cell) for one in findings]


def test_a_right_budget_agrees():
    """G1, G2, G3, G4, G5"""
    done, findings = check(given(), PLAN, AS_OF)
    assert findings == []
    assert done["schools"]["budget_state"].tolist() == done["counties"]["budget_state"].tolist() == ["相符"]
    assert done["budgeted"]["amount"].sum() == 190_000 + 21_112 + 56_800 + 5_200
    assert done["files"]["document"].tolist() == ["budget-084601-國小", "county_budget-南投縣"]


@pytest.mark.parametrize(
    ("changed", "findings"),
    [
        ([(0, "account", "資本門")], [("G1-account", "B20"), ("G1-total", "F4"), ("G1-total", "G4")]),
        ([(5, "amount", 21_113)], [("G1-amount", "F25")]),
        ([(3, "price", 100_000), (3, "amount", 100_000)], [("G1-total", "F4")]),
        ([(5, "item", "雜支")], [("G1-item", "A25")]),
        ([(5, "item", "講座鐘點費")], [("G1-ceiling", "C25")]),
        ([(4, "price", 3_800), (4, "quantity", 10)], [("G2-current", "B24")]),
        ([(3, "item", "教學軟體")], [("G2-capital", "B23")]),
        ([(4, "item", "行動載具")], [("G3-devices", "F24")]),
        ([(5, "price", 21_111), (5, "amount", 21_111)], [("G4-own", "H4")]),
        ([(0, "item", "出席費")], [("G5-lacks", "A4")]),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(changed, findings):
    done, found = check(given(changed=changed), PLAN, AS_OF)
    assert told(found) == findings
    weighs = any(one.kind.severity.weighs for one in found)
    assert done["schools"]["budget_state"].item() == ("待修正" if weighs else "相符")


def test_a_county_is_told_by_its_own_clause():
    """G5: items.of_county"""
    rows = [OF_COUNTY[0], ("出席費", *OF_COUNTY[1][1:]), OF_COUNTY[2]]
    (one,) = check(given(county_rows=rows), PLAN, AS_OF)[1]
    assert (one.kind.id, one.kind.cite, one.at.cell, one.county) == (
        "G5-county-lacks",
        "柒.七",
        "C4",
        "南投縣",
    )


@pytest.mark.parametrize(("price", "account"), [(9_999, "經常門"), (10_000, "資本門")])
def test_ten_thousand_is_the_line(price, account):
    """G2: items.capital_from, items.by_price"""
    assert PLAN.items.account("教學軟體", price) == account
    assert PLAN.items.account("講座鐘點費", price) == "經常門"
    assert PLAN.items.account("不知何物", price) == ""


@pytest.mark.parametrize(("price", "count"), [(9_500, 0), (9_501, 2)])
def test_devices_of_both_accounts_count_together(price, count):
    """G3: items.devices, items.devices_divisor: capital 38,000 allows 19,000, wherever booked."""
    rows = [*RIGHT[:3], ("教學資訊軟硬體租金", "經常門", 110_000 - price, 1, "補助"), ("行動載具", "經常門", price, 1, "補助"),
            ("行動載具", "經常門", 9_500, 1, "補助"), *RIGHT[4:]]  # fmt: skip
    found = [one for one in told(check(given(rows), PLAN, AS_OF)[1]) if one[0] == "G3-devices"]
    assert len(found) == count


def test_own_funds_may_buy_devices():
    rows = [*RIGHT[:5], ("行動載具", "經常門", 9_000, 3, "自籌")]
    assert check(given(rows), PLAN, AS_OF)[1] == []


def test_a_coach_schools_grant_is_current_account():
    school = {**SCHOOL, "coach": 150_000}
    rows = [*RIGHT, ("工作費/工讀費", "經常門", 150_000, 1, "補助")]
    assert check(given(rows, school=school), PLAN, AS_OF)[1] == []
    assert told(check(given(school=school), PLAN, AS_OF)[1]) == [("G1-total", "F4")]


def test_a_head_that_says_something_else_is_told_and_the_award_counts():
    """G1_HEAD"""
    assert told(check(given(head={"capital": 40_000}), PLAN, AS_OF)[1]) == [("G1-head", "G4")]


def test_sundries_up_to_a_share_where_the_office_allows_them():
    """G1_SUNDRIES: spending.sundries_percent: 6 % of 152,000 is 9,120."""
    source = Source("柒.五", "試", "試", True, "本部", "2018-02-01")
    plan = PLAN.with_settings({"spending.sundries_percent": (6, source)})
    for price, ids in ((9_120, []), (9_121, ["G1-sundries"])):
        rows = [
            *RIGHT[:5],
            ("雜支", "經常門", price, 1, "自籌"),
            ("行動載具", "資本門", 21_112 - price, 1, "自籌"),
        ]
        assert [one.kind.id for one in check(given(rows), plan, AS_OF)[1]] == ids


def test_a_county_has_no_capital_account():
    rows = [*OF_COUNTY[1:], ("教學資訊設備", "資本門", 41_800, 1, "補助")]
    assert [one.kind.id for one in check(given(county_rows=rows), PLAN, AS_OF)[1]] == ["G1-total", "G1-total"]


def test_sums_wait_until_every_amount_can_be_read():
    found = check(given(changed=[(3, "amount", pd.NA)]), PLAN, AS_OF)[1]
    assert found == []  # the blank is told by the form


def test_a_single_file_is_held_against_its_own_head():
    """G1, before it is sent"""
    assert lines(given(), PLAN, AS_OF)[1] == []
    assert told(lines(given(head={"current": 150_000}), PLAN, AS_OF)[1]) == [("G1-total", "F4")]


def test_who_was_not_approved_is_told():
    """G1_NOT_APPROVED"""
    done, found = check(given(school={**SCHOOL, "approved": 0}), PLAN, AS_OF)
    assert told(found) == [("G1-not-approved", "A4")]
    assert done["schools"]["budget_state"].tolist() == [""]


def test_of_two_versions_the_later_counts_and_without_times_none():
    """G1_TWO_FORMS"""
    made = given()
    again = {name: made[name].assign(file="新.xlsx") for name in ("budgets", "budget_lines")}
    both = {name: pd.concat([made[name], again[name]], ignore_index=True) for name in again}
    files = pd.concat([made["files"], made["files"].iloc[:1].assign(file="新.xlsx")], ignore_index=True)
    made = made.put(**both, files=files)
    assert [one.kind.id for one in check(made, PLAN, AS_OF)[1]] == ["G1-two-forms", "G1-two-forms"]
    later = pd.DataFrame([("新.xlsx", datetime(2018, 2, 7))], columns=["upload_name", "uploaded_at"])
    done, found = check(made.put(uploads=pd.concat([made["uploads"], later])), PLAN, AS_OF)
    assert found == []
    assert done["schools"]["budget_file"].tolist() == ["新.xlsx"]
    assert done["files"]["bucket"].tolist() == ["被取代", "收回", "收回"]
