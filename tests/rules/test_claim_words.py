"""P1: what is told of one paper in words and to whom, and what the tables keep of it (肆.七(一)2)."""

from datetime import date, timedelta

import pandas as pd
import pytest

from mlbatch.tables import Tables
from tests.rules.payment_tables import (
    AFTER,
    COUNTY,
    DAY,
    HILL,
    LAKE,
    NAMES,
    NOBODY,
    OF_COUNTY,
    OF_SEA,
    ON_THE_DAY,
    SEA,
    UNSENT,
    changed,
    checklist,
    due,
    found,
    national,
    paid,
    revised,
    row,
    school,
    state,
    tables,
    told,
)

LATE = ON_THE_DAY + timedelta(days=1)

# One row ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("differs", "kind", "sentence", "remedy", "column"),
    [
        ({"received": pd.NA}, "P1-not-received", "填有簽章或收件日期，但「已收」未填「是」。", "請確認是否已收；已收者填「是」。", "G"),
        ({"received": False, "received_on": None}, "P1-not-received", "填有簽章或收件日期，但「已收」未填「是」。", "請確認是否已收；已收者填「是」。", "G"),
        ({"received": False, "signed": pd.NA}, "P1-not-received", "填有簽章或收件日期，但「已收」未填「是」。", "請確認是否已收；已收者填「是」。", "G"),
        ({"received_on": None}, "P1-no-date", "已收，未填收件日期，無從認定是否逾期。", "請補填收件日期。", "I"),
        ({"received_on": AFTER + timedelta(days=1)}, "P1-future-date", "收件日期填 107.02.11，晚於基準日 107.02.10，視為未收。",
         "請核對日期；屆期重新執行即採計。", "I"),
        ({"due": False}, "P1-due-differs", "應備填「否」，依計畫為應備文件。", "以計畫規定為準；請改填「是」。", "F"),
    ],
)  # fmt: skip
def test_a_row_that_says_amiss_is_said_with_its_paper_and_to_whom_it_concerns(
    differs, kind, sentence, remedy, column
):
    """The county's own paper, one of a school of it, and one of a national school."""
    made = paid(tables(lists=[changed(2, 7, **differs), national(3, **differs)]))
    note, intent = "計畫經費說明表", "輔導學者專家合作意向書"
    memo = [paper for _, paper in due("", SEA)][3]
    assert sorted(told(made, kind)) == sorted([
        (f"「南投縣政府」之「{note}」{sentence}", remedy, f"{column}15", NOBODY, COUNTY),
        (f"「{NAMES[HILL]}」之「{intent}」{sentence}", remedy, f"{column}20", HILL, COUNTY),
        (f"「{NAMES[SEA]}」之「{memo}」{sentence}", remedy, f"{column}16", SEA, ""),
    ])  # fmt: skip


def test_nothing_is_told_of_a_row_that_says_no_and_no_more():
    made = paid(tables(lists=[changed(2, **UNSENT), national()]), ON_THE_DAY)
    assert found(made) == []
    no = {"received": False, "signed": False, "received_on": None}
    assert found(paid(tables(lists=[changed(2, **no), national()]), ON_THE_DAY)) == []


def test_a_paper_that_is_not_due_is_named():
    """P1_NOT_DUE: of another level, or one that the plan does not know."""
    made = paid(tables(lists=[changed(7, school_level="國中"), national(0, paper="切結書")]))
    assert told(made, "P1-not-due") == [
        (f"「{NAMES[HILL]}」之「輔導學者專家合作意向書」不是應備文件，或該校未獲核定。", "本列不採；請查明後刪除。", "D20", (HILL[0], "國中"), COUNTY),
        (f"「{NAMES[SEA]}」之「切結書」不是應備文件，或該校未獲核定。", "本列不採；請查明後刪除。", "D13", SEA, ""),
    ]  # fmt: skip


def test_a_row_without_a_paper_is_no_paper():
    assert told(paid(tables(lists=[changed(2, paper="", due=False)])), "P1-not-due") == []
    assert told(paid(tables(lists=[changed(2, paper="", due=False)])), "P1-due-differs") == []


def test_what_is_not_signed_says_seal_or_signature():
    """P1_UNSIGNED"""
    made = paid(tables(lists=[changed(1, 6, signed=False)]))
    assert told(made, "P1-unsigned") == [
        ("「南投縣政府」之「縣市經費申請表」已收，但未核章。", "請補核章後重新函送；補正後於檢核表填已簽章。", "H14", NOBODY, COUNTY),
        (f"「{NAMES[HILL]}」之「合作備忘錄」已收，但未簽名。", "請補簽名後重新函送；補正後於檢核表填已簽章。", "H19", HILL, COUNTY),
    ]  # fmt: skip
    assert state(made) == ("待補件", "未核章 1 件、未簽名 1 件。")
    assert made["payees"][["unsigned", "gaps", "missing", "late"]].iloc[0].tolist() == [2, 2, 0, 0]
    assert state(paid(tables(lists=[changed(6, signed=pd.NA)]))) == ("待補件", "未簽名 1 件。")


def test_what_did_not_come_is_not_unsigned_too():
    made = paid(tables(lists=[changed(6, **UNSENT)]))
    assert told(made, "P1-unsigned") == []
    assert made["payees"][["unsigned", "missing", "gaps"]].iloc[0].tolist() == [0, 1, 1]


def test_a_plan_that_was_ticked_and_is_not_there_is_told():
    """P3_NO_FILE"""
    made = paid(tables(lists=[checklist()], plans=[revised(LAKE), revised(SEA)]))
    assert told(made, "P3-no-file") == [
        (f"「{NAMES[HILL]}」之修正後教學實施計畫書已收，但收件資料夾查無該檔，無從核對。", "請將光碟內之檔案放入收件資料夾。", "G18", HILL, COUNTY)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("states", "why"), [(["待修正", "相符"], "經費待修正 1 件。"), (["未收到", "相符"], ""), (["", ""], "")]
)
def test_a_budget_holds_the_payment_only_while_it_is_to_be_revised(states, why):
    made = tables(lists=[checklist()])
    made = made.put(schools=made["schools"].assign(budget_state=[*states, "相符"]))
    assert state(paid(made)) == (("待補件", why) if why else ("可撥款", "文件齊備。"))


def test_a_plan_to_be_revised_holds_the_payment_before_its_budget():
    plans = [revised(HILL, classes=(1, 2)), revised(LAKE), revised(SEA)]
    made = tables(lists=[checklist()], plans=plans)
    assert state(paid(made)) == ("待補件", "待修正 1 件。")
    made = made.put(schools=made["schools"].assign(budget_state=["待修正", "相符", "相符"]))
    assert state(paid(made)) == ("待補件", "待修正 1 件。")


# Twice -----------------------------------------------------------------------------------------------


def test_a_paper_listed_three_times_names_the_other_rows():
    """P1_TWICE"""
    head, rows = checklist()
    made = paid(
        tables(lists=[(head, [*rows, {**rows[2], "received_on": None}, {**rows[2], "signed": False}])])
    )
    first, second, third = 15, 13 + len(rows), 14 + len(rows)
    assert told(made, "P1-twice") == [
        (f"「南投縣政府」之「計畫經費說明表」在檢核表列於兩列（另見第 {others} 列），所填不同，視為未收。", "請刪除重複之一列。", f"D{row}", NOBODY, COUNTY)
        for row, others in ((first, f"{second}、{third}"), (second, f"{first}、{third}"), (third, f"{first}、{second}"))
    ]  # fmt: skip
    assert state(made) == ("待補件", "未收 1 件。")


@pytest.mark.parametrize(
    "differs", [{"received": False}, {"signed": False}, {"received_on": DAY + timedelta(days=1)}]
)
def test_a_school_paper_listed_twice_differs_by_what_was_recorded(differs):
    head, rows = checklist()
    made = paid(tables(lists=[(head, [*rows, {**rows[6], **differs}])]))
    assert [(one[2], one[3], one[4]) for one in told(made, "P1-twice")] == [
        ("D19", HILL, COUNTY), (f"D{13 + len(rows)}", HILL, COUNTY),
    ]  # fmt: skip
    assert told(made, "P1-twice")[0][0].startswith(f"「{NAMES[HILL]}」之「合作備忘錄」")


def test_a_note_alone_makes_no_difference():
    head, rows = checklist()
    assert state(paid(tables(lists=[(head, [*rows, {**rows[6], "note": "補送"}])])))[0] == "可撥款"


@pytest.mark.parametrize(
    "other",
    [changed(2, note="另一份"), changed(3, received=False), changed(3, signed=False), changed(3, received_on=None),
     changed(3, paper="切結書"), checklist(paid_on=date(2018, 2, 8)), checklist(paid=1)],
)  # fmt: skip
def test_two_lists_that_differ_name_each_other(other):
    """P1_TWO_LISTS"""
    head, rows = other
    made = paid(
        tables(
            lists=[
                checklist("甲.xlsx"),
                ({**head, "file": "乙.xlsx"}, rows),
                checklist("丙.xlsx"),
                national(),
            ]
        )
    )
    remedy = "請只留一份檢核表，重新執行。"
    assert sorted(told(made, "P1-two-lists")) == sorted([
        (f"「南投縣政府」另有一份內容不同之檢核表（{others}），兩份皆不採。", remedy, "A4", NOBODY, COUNTY)
        for others in ("乙.xlsx、丙.xlsx", "甲.xlsx、丙.xlsx", "甲.xlsx、乙.xlsx")
    ])  # fmt: skip
    papers, payee = made["papers_due"], made["payees"].iloc[0]
    assert set(papers.loc[papers["county"] == COUNTY, "gap"]) == {"無從認定"}
    assert payee[["list_file", "unclear", "state", "remind", "pay_now"]].tolist() == [
        "",
        True,
        "待補件",
        False,
        0,
    ]
    assert made["payees"]["state"].iloc[1] == "可撥款"


def test_a_list_for_nobody_is_refused_at_its_payee():
    """P1_UNKNOWN_PAYEE: of a national school, to that school; of a county, to that county."""
    schools = [school(HILL), school(LAKE), school(SEA, approved=0)]
    made = paid(tables(schools=schools, lists=[checklist(), checklist("臺北.xlsx", "臺北市"), national()]))
    remedy = "請改用批次寫出之檢核表。"
    sentence = "請款文件檢核表之「{}」不是獲核定之縣市或國立學校，整份不採。".format
    assert told(made, "P1-unknown-payee") == [
        (sentence("南投縣政府"), remedy, "A4", NOBODY, "臺北市"),
        (sentence(NAMES[SEA]), remedy, "A4", SEA, ""),
    ]


# What the tables keep --------------------------------------------------------------------------------


def test_each_paper_keeps_what_was_recorded_of_it():
    made = paid(tables(lists=[changed(2, note="傳真", received_on=LATE), national(0, **UNSENT)]))
    names = ["said_received", "said_signed", "received_on", "note", "received", "signed", "late", "gap"]
    rows = made["papers_due"][names].to_numpy().tolist()
    assert rows[2] == [True, True, LATE, "傳真", True, True, True, ""]
    assert rows[0] == [True, True, DAY, "", True, True, False, ""]
    assert rows[OF_COUNTY] == [pd.NA, pd.NA, None, "", False, False, False, "未收"]
    assert rows[OF_COUNTY + 1] == [True, True, DAY, "", True, True, False, ""]
    types = {
        name: str(made["papers_due"][name].dtype)
        for name in ("said_received", "said_signed", "received", "signed", "late")
    }
    assert types == {
        "said_received": "boolean",
        "said_signed": "boolean",
        "received": "bool",
        "signed": "bool",
        "late": "bool",
    }
    assert made["papers_due"]["place"].iloc[2].row == 15


def test_a_paper_of_no_list_has_no_place_and_nothing_recorded():
    made = paid(tables(lists=[checklist()]))
    rows = made["papers_due"][made["papers_due"]["county"] == ""]
    assert rows["place"].tolist() == [None] * OF_SEA
    assert rows["said_received"].isna().all()
    assert rows["note"].tolist() == [""] * OF_SEA
    assert rows["received"].sum() == 1  # its revised plan is there


def test_a_paper_whose_day_is_still_to_come_is_kept_and_not_received():
    future = AFTER + timedelta(days=1)
    made = paid(tables(lists=[changed(2, received_on=future), national()]))
    names = ["said_received", "received_on", "received", "signed", "late", "gap"]
    assert made["papers_due"][names].iloc[2].tolist() == [True, future, False, False, False, "未收"]


def test_each_payee_keeps_its_list_and_what_was_paid():
    paid_later = checklist(paid_on=AFTER + timedelta(days=1), paid=414_000)
    made = paid(tables(lists=[paid_later, national()]))["payees"]
    assert made["list_file"].tolist() == ["檢核表.xlsx", "國立.xlsx"]
    assert [one.file for one in made["list_place"]] == ["檢核表.xlsx", "國立.xlsx"]
    assert made["paid_on"].tolist() == [None, None]
    assert made["paid"].tolist() == [414_000, pd.NA]
    assert made["unclear"].tolist() == [False, False]
    assert (str(made["paid"].dtype), str(made["unclear"].dtype)) == ("Int64", "bool")
    none = paid(tables())["payees"]
    assert none["list_file"].tolist() == ["", ""]
    assert none["list_place"].tolist() == [None, None]


def test_numbers_of_payees_are_whole_and_stand_beside_their_own_row():
    made = paid(tables(lists=[national()]))["payees"]
    whole = (
        "schools",
        "classes",
        "current",
        "capital",
        "granted",
        "due",
        "received",
        "missing",
        "unsigned",
        "late",
        "gaps",
        "pay_now",
    )
    assert {str(made[name].dtype) for name in whole} == {"Int64"}
    assert str(made["remind"].dtype) == "bool"
    assert made["pay_now"].tolist() == [0, 180_000]


def test_nobody_is_paid_where_nothing_was_granted():
    schools = [school(key, approved=0) for key in (HILL, LAKE, SEA)]
    made: Tables = tables(schools=schools, plans=[])
    made = made.put(counties=made["counties"].assign(granted=0))
    done = paid(made)
    assert (len(done["payees"]), len(done["papers_due"])) == (0, 0)
    assert {"gap", "received"} <= set(done["papers_due"].columns)
    assert {"state", "pay_now", "paid_on"} <= set(done["payees"].columns)
    assert row(None, "領款收據")["due"] is True
