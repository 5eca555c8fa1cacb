"""P3: revised plans hold the approved classes and money, and the last version counts (肆.七(二))."""

from datetime import datetime, timedelta

import pandas as pd
import pytest

from mlbatch.catalogue import F1_BLANK
from mlbatch.finding import At, Finding
from tests.rules.payment_tables import (
    AFTER,
    HILL,
    LAKE,
    MOMENT,
    NAMES,
    PLAN,
    SEA,
    found,
    paid,
    revised,
    school,
    tables,
    told,
)


def states(made):
    return made["schools"]["revised_state"].tolist()


def revisions(made):
    """The findings of P3 and of grades."""
    return [one for one in found(made) if one[0].startswith(("P3", "E1"))]


def test_a_plan_as_approved_agrees():
    made = paid(tables())
    assert states(made) == ["相符"] * 3
    assert revisions(made) == []


def test_what_did_not_come_is_not_received_and_no_grant_asks_for_none():
    schools = [school(HILL), school(LAKE, approved=0), school(SEA)]
    made = paid(tables(schools=schools, plans=[revised(SEA)]))
    assert states(made) == ["未收到", "", "相符"]


@pytest.mark.parametrize(
    ("differs", "faults"),
    [
        ({"classes": (2, 1)}, [("P3-classes", "E4")]),
        ({"classes": (3, 3)}, [("P3-classes", "E4"), ("P3-classes", "E4")]),
        ({"classes": (0, 2)}, [("P3-classes", "E4")]),
        ({"current": 143_999}, [("P3-budget", "F4")]),
        ({"capital": 36_001}, [("P3-budget", "G4")]),
        ({"current": 150_000, "capital": 30_000}, [("P3-budget", "F4"), ("P3-budget", "G4")]),
        ({"approved": 3}, [("P3-approved", "E4")]),
        ({"capital": 36_000, "grade": 2}, [("E1-grade", f"B{row}") for row in range(6, 10)]),
    ],
)
def test_what_differs_from_what_was_approved_is_told_at_its_cell(differs, faults):
    made = paid(tables(plans=[revised(HILL, **differs), revised(LAKE), revised(SEA)]))
    assert revisions(made) == faults
    assert states(made) == ["待修正", "相符", "相符"]


def test_own_money_is_not_counted_as_subsidy():
    made, listed, costs = revised(HILL)
    costs = [*costs, {**costs[0], "fund": "自籌"}]
    assert states(paid(tables(plans=[(made, listed, costs)])))[0] == "相符"


def test_nothing_is_counted_while_a_cell_cannot_be_read():
    made, listed, costs = revised(HILL, classes=(1, 1), current=1)
    listed[0]["semester"], costs[0]["account"] = "", ""
    assert revisions(paid(tables(plans=[(made, listed, costs)]))) == []


def test_a_fault_of_the_form_itself_keeps_a_plan_from_agreeing():
    made = tables()
    fault = Finding(
        F1_BLANK,
        At("084601.xlsx", "基本資料", "B", 8),
        {"label": "校長", "help": "校長姓名。"},
        county="南投縣",
    )
    after = paid(made.found([fault]))
    assert states(after) == ["待修正", "相符", "相符"]
    assert after.findings[0].school == HILL


def test_a_national_schools_faults_are_told_to_no_county():
    fault = Finding(F1_BLANK, At("080601.xlsx"), {"label": "校長", "help": "校長姓名。"}, county="南投縣")
    after = paid(tables(plans=[revised(SEA, classes=(1, 2))]).found([fault]))
    own = [one for one in after.findings if one.at.file == "080601.xlsx"]
    assert {(one.school, one.county) for one in own} == {(SEA, "")}
    assert len(own) == 2


def test_a_plan_of_a_school_without_a_grant_is_refused():
    made = paid(tables(schools=[school(HILL), school(LAKE, approved=0), school(SEA)]))
    assert revisions(made) == [("P3-not-approved", "A4")]
    assert states(made) == ["相符", "", "相符"]


def test_of_several_versions_the_last_by_the_upload_register_counts():
    first, second = revised(HILL, "a/計畫.xlsx", classes=(1, 1)), revised(HILL, "b/計畫.xlsx")
    uploads = [("b/計畫.xlsx", MOMENT + timedelta(hours=1)), ("a/計畫.xlsx", MOMENT)]
    made = paid(tables(plans=[first, second], uploads=uploads))
    assert states(made)[0] == "相符"
    files = made["files"].set_index("file")
    assert files.loc["a/計畫.xlsx", "bucket"] == "被取代"
    assert "b/計畫.xlsx" in files.loc["a/計畫.xlsx", "why"]
    assert files.loc["b/計畫.xlsx", "document"] == "revised_plan-084601-國小"


@pytest.mark.parametrize("uploads", [[], [("a/計畫.xlsx", MOMENT)], [("計畫.xlsx", MOMENT)],
                                     [("a/計畫.xlsx", MOMENT), ("b/計畫.xlsx", MOMENT)]])  # fmt: skip
def test_versions_that_cannot_be_told_apart_do_not_count(uploads):
    plans = [revised(HILL, "a/計畫.xlsx"), revised(HILL, "b/計畫.xlsx")]
    made = paid(tables(plans=plans, uploads=uploads))
    assert revisions(made) == [("P3-two-plans", "A4")] * 2
    assert states(made)[0] == "待修正"


def test_what_was_uploaded_after_the_day_is_not_yet():
    late = datetime(AFTER.year, AFTER.month, AFTER.day) + timedelta(days=1)
    made = paid(tables(plans=[revised(HILL)], uploads=[("084601.xlsx", late)]))
    assert states(made)[0] == "未收到"
    assert made["files"]["bucket"].tolist() == ["基準日後"]


def test_an_upload_of_the_call_under_the_same_name_is_not_the_revised_plans():
    made = paid(tables(plans=[revised(HILL)], uploads=[("084601.xlsx", datetime(2017, 9, 28, 9))]))
    assert made["files"]["uploaded"].tolist() == [None]


def test_a_plan_without_its_code_is_its_stamps():
    plan = revised(HILL, "匿名.xlsx", code="")
    made = tables(plans=[plan])
    files = made["files"].assign(recipient="084601-國小")
    assert states(paid(made.put(files=files)))[0] == "相符"
    assert NAMES[HILL] in made["schools"]["name"].tolist()


# In words ------------------------------------------------------------------------------------------------

COUNTY, NAME = "南投縣", f"「{NAMES[HILL]}」"


@pytest.mark.parametrize(
    ("differs", "kind", "said"),
    [
        ({"classes": (2, 1)}, "P3-classes", [(f"{NAME}{{1}}列 1 班，本部核定 2 班。", "請使兩學期之實施班級數皆為 2 班。", "E4")]),
        ({"classes": (3, 2)}, "P3-classes", [(f"{NAME}{{0}}列 3 班，本部核定 2 班。", "請使兩學期之實施班級數皆為 2 班。", "E4")]),
        ({"current": 143_999, "capital": 36_001}, "P3-budget", [
            (f"{NAME}之補助經常門列 143,999 元，本部核定 144,000 元。", "請修正經費需求，使補助之和等於核定數。", "F4"),
            (f"{NAME}之補助資本門列 36,001 元，本部核定 36,000 元。", "請修正經費需求，使補助之和等於核定數。", "G4")]),
        ({"current": 144_000, "head": {"approved": 3, "current": 143_000, "capital": 37_000}}, "P3-approved", [
            ("「核定班級數」填 3，本部核定為 2。", "請改填 2，並依核定數修正計畫書。", "E4"),
            ("「核定補助經常門」填 143,000，本部核定為 144,000。", "請改填 144,000，並依核定數修正計畫書。", "F4"),
            ("「核定補助資本門」填 37,000，本部核定為 36,000。", "請改填 36,000，並依核定數修正計畫書。", "G4")]),
    ],
)  # fmt: skip
def test_what_differs_is_said_with_both_figures_and_to_the_school_and_its_county(differs, kind, said):
    head = differs.get("head", {})
    made, listed, costs = revised(HILL, **{name: value for name, value in differs.items() if name != "head"})
    after = paid(tables(plans=[({**made, **head}, listed, costs), revised(LAKE), revised(SEA)]))
    semesters = PLAN.schools.semesters
    assert told(after, kind) == [
        (sentence.format(*semesters), remedy, cell, HILL, COUNTY) for sentence, remedy, cell in said
    ]


def test_a_grade_of_another_level_is_told_at_its_row():
    """E1_GRADE"""
    after = paid(tables(plans=[revised(HILL, grade=2), revised(LAKE), revised(SEA)]))
    first, *_ = told(after, "E1-grade")
    assert first[2:] == ("B6", HILL, COUNTY)
    assert "2" in first[0]
    assert "、".join(map(str, PLAN.schools.grades["國小"])) in first[0] + first[1]
    assert (
        paid(tables(plans=[revised(HILL, grade=pd.NA), revised(LAKE), revised(SEA)])).findings
        == paid(tables()).findings
    )


def test_a_head_that_is_blank_is_not_held_against_the_award():
    after = paid(tables(plans=[revised(HILL, approved=pd.NA), revised(LAKE), revised(SEA)]))
    assert revisions(after) == []


def test_who_is_not_approved_is_told_by_the_code_that_was_read():
    """P3_NOT_APPROVED: to that school, and to no county."""
    after = paid(tables(schools=[school(HILL), school(LAKE, approved=0), school(SEA)]))
    assert told(after, "P3-not-approved") == [
        (
            f"「{NAMES[LAKE]}」（{LAKE[0]}）未獲核定補助，修正後教學實施計畫書不採。",
            "無須修正計畫書；請查明學校代碼與學制。",
            "A4",
            LAKE,
            "",
        )
    ]


def test_two_plans_in_doubt_name_each_other():
    """P3_TWO_PLANS: of a county's school to the county, of a national school to it alone."""
    plans = [revised(key, f"{key[0]}{copy}.xlsx") for key in (HILL, SEA) for copy in "abc"]
    after = paid(tables(plans=[*plans, revised(LAKE)]))
    remedy = "請只留最後一版，或補登上傳紀錄。"
    assert sorted(told(after, "P3-two-plans")) == sorted(
        (
            f"「{NAMES[key]}」之修正計畫書另有一版（{others}），上傳紀錄看不出先後，皆不採。",
            remedy,
            "A4",
            key,
            county,
        )
        for key, county in ((HILL, COUNTY), (SEA, ""))
        for others in ("、".join(f"{key[0]}{one}.xlsx" for one in pair) for pair in ("bc", "ac", "ab"))
    )
    assert after["schools"]["revised_file"].tolist() == ["", f"{LAKE[0]}.xlsx", ""]


@pytest.mark.parametrize("field", ["amount", "account", "fund"])
def test_nothing_is_summed_while_one_line_cannot_be_read(field):
    made, listed, costs = revised(HILL, current=1)
    costs[0][field] = pd.NA if field == "amount" else ""
    assert revisions(paid(tables(plans=[(made, listed, costs), revised(LAKE), revised(SEA)]))) == []


def test_the_state_stands_beside_its_own_school_whatever_its_index():
    made = tables(plans=[revised(LAKE, classes=(1, 1)), revised(HILL)])
    made = made.put(schools=made["schools"].set_axis([7, 3, 5]))
    after = paid(made)["schools"]
    assert dict(zip(after["code"], after["revised_state"], strict=True)) == {
        HILL[0]: "相符",
        LAKE[0]: "待修正",
        SEA[0]: "未收到",
    }
    assert after["revised_file"].tolist() == [f"{HILL[0]}.xlsx", f"{LAKE[0]}.xlsx", ""]
