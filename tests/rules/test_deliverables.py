"""T1–T3: what is handed in, for which class, by when (附件1)."""

from datetime import date

import pandas as pd

from mlbatch.rules.deliverables import hand_ins
from tests.rules.year_tables import FIRST, KEY, PLAN, SECOND, states, tables, told

APRIL, MAY = date(2018, 4, 30), date(2018, 5, 15)


def run(as_of=MAY, **rows):
    return hand_ins(tables(**rows), PLAN, as_of)


def test_an_entry_settles_its_class_and_month():
    """T3"""
    done, findings = run(entries=[{}])
    assert findings == []
    assert states(done, "教師心得")[:2] == [
        (FIRST, "5年1班", APRIL, 1, 1, "已完成"),
        (FIRST, "6年1班", APRIL, 1, 0, "逾期"),
    ]


def test_a_class_is_known_however_its_name_is_typed():
    done, findings = run(entries=[{"class_": "５年 1班"}])
    assert findings == []
    assert states(done, "教師心得")[0][4] == 1


def test_a_class_that_is_not_run_is_named_with_those_that_are():
    """T3_UNKNOWN_CLASS"""
    done, findings = run(entries=[{}, {"class_": "5年9班"}])
    assert told(findings) == [("T3-unknown-class", "繳交紀錄", "C6")]
    assert findings[0].sentence == "「縣立第1國小」之「教師心得」班級填「5年9班」，不是該學期核定之班級。"
    assert "請改填核定之班級：5年1班、6年1班" in findings[0].remedy
    assert [one[4] for one in states(done, "教師心得")[:2]] == [1, 0]


def test_an_item_by_class_without_a_class():
    """T3_NO_CLASS"""
    _, findings = run(entries=[{"class_": ""}])
    assert told(findings) == [("T3-no-class", "繳交紀錄", "C5")]
    assert findings[0].sentence == "「縣立第1國小」之「教師心得」以班為單位，未填班級。"
    assert findings[0].remedy == "請填該學期核定之班級：5年1班、6年1班。"


def test_a_class_of_the_other_semester_only_is_not_run_in_this_one():
    """T3_UNKNOWN_CLASS"""
    made = tables(names=("5年1班",), entries=[{"class_": "5年2班"}])
    running = made["running"].assign(class_=["5年1班", "5年2班"])  # a row a semester
    done, findings = hand_ins(made.put(running=running), PLAN, MAY)
    assert told(findings) == [("T3-unknown-class", "繳交紀錄", "C5")]
    assert findings[0].remedy.startswith("請改填核定之班級：5年1班；")
    assert [one[4] for one in states(done, "教師心得")] == [0, 0]


def test_an_entry_without_an_item_or_a_day_counts_for_nothing_and_is_told_by_the_form():
    done, findings = run(entries=[{"item": ""}, {"day": None}])
    assert findings == []
    assert [one[4] for one in states(done, "教師心得")[:2]] == [0, 0]


def test_who_handed_in_nothing_owes_all():
    done, findings = run()
    assert findings == []
    assert [one[5] for one in states(done, "教師心得")] == ["逾期", "逾期", "未到期", "未到期"]


def test_the_schools_profile_is_handed_in_each_semester():
    """deliverables.profile"""
    profiles = pd.DataFrame([{"school": KEY, "known_on": date(2018, 1, 20), "semester": FIRST}])
    done, _ = hand_ins(tables().put(profiles=profiles), PLAN, MAY)
    assert states(done, "學校基本資料表") == [
        (FIRST, "", date(2018, 1, 31), 1, 1, "已完成"),
        (SECOND, "", date(2018, 8, 31), 1, 0, "未到期"),
    ]


def test_an_item_of_the_school_needs_no_class():
    """T2"""
    done, findings = run(
        entries=[{"item": "校內研習", "class_": "", "known_on": date(2018, 3, 31), "day": date(2018, 3, 2)}]
    )
    assert findings == []
    assert states(done, "校內研習") == [
        (FIRST, "", date(2018, 3, 31), 1, 1, "已完成"),
        (SECOND, "", date(2018, 9, 30), 1, 0, "未到期"),
    ]


def test_what_came_after_its_day_is_late():
    done, _ = run(entries=[{"known_on": date(2018, 5, 3)}])
    assert states(done, "教師心得")[0][5] == "逾期完成"


def test_what_came_after_the_day_of_the_run_is_not_known_yet():
    done, _ = run(as_of=date(2018, 5, 2), entries=[{"known_on": date(2018, 5, 3)}])
    assert states(done, "教師心得")[0][5] == "逾期"


def test_a_day_after_the_hand_in_cannot_be():
    """T1_NOT_YET"""
    _, findings = run(entries=[{"day": date(2018, 5, 1)}])
    assert told(findings) == [("T1-not-yet", "繳交紀錄", "E5")]
    assert findings[0].sentence == "「縣立第1國小」之「教師心得」日期填 107.05.01，晚於送件日 107.04.30。"


def test_a_day_of_another_semester_is_told_and_counts():
    """T1_SEMESTER"""
    entry = {"semester": SECOND, "known_on": date(2018, 4, 30)}
    done, findings = run(entries=[entry])
    assert told(findings) == [("T1-semester", "繳交紀錄", "B5")]
    words = f"「縣立第1國小」之「教師心得」學期填「{SECOND}」，日期 107.04.10 不在該學期。"
    assert findings[0].sentence == words
    assert [one[4] for one in states(done, "教師心得")] == [0, 0, 1, 0]


def test_the_education_cloud_is_counted_for_the_school():
    """deliverables.cloud, T7"""
    plans = [{"item": "教案", "resource": "教育大市集"}, {"item": "教案", "class_": "6年1班"}]
    done, _ = run(entries=plans)
    assert states(done, "教案（使用教育雲資源）") == [("", "", date(2018, 10, 31), 2, 1, "未到期")]
    assert [one[4] for one in states(done, "教案")[:2]] == [1, 1]


def test_a_teaching_plan_that_leaves_its_resource_blank_used_none():
    """deliverables.cloud, T7"""
    done, _ = run(entries=[{"item": "教案", "resource": ""}])
    assert states(done, "教案（使用教育雲資源）")[0][4] == 0


def test_a_national_schools_finding_belongs_to_no_county():
    _, findings = run(national=True, entries=[{"class_": ""}])
    assert findings[0].county == ""
    assert run(entries=[{"class_": ""}])[1][0].county == "南投縣"


def test_a_school_without_classes_owes_nothing():
    assert run(names=())[0]["duties"].empty
