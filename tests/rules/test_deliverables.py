"""T1–T3: what is handed in, for which class, by when (附件1)."""

from datetime import date

from mlbatch.rules.deliverables import hand_ins
from tests.rules.year_tables import FIRST, PLAN, SECOND, states, tables, told

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
    assert "請改填核定之班級：5年1班、6年1班" in findings[0].remedy
    assert [one[4] for one in states(done, "教師心得")[:2]] == [1, 0]


def test_an_item_by_class_without_a_class():
    """T3_NO_CLASS"""
    _, findings = run(entries=[{"class_": ""}])
    assert told(findings) == [("T3-no-class", "繳交紀錄", "C5")]


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


def test_a_day_of_another_semester_is_told_and_counts():
    """T1_SEMESTER"""
    entry = {"semester": SECOND, "known_on": date(2018, 4, 30)}
    done, findings = run(entries=[entry])
    assert told(findings) == [("T1-semester", "繳交紀錄", "B5")]
    assert [one[4] for one in states(done, "教師心得")] == [0, 0, 1, 0]


def test_the_education_cloud_is_counted_for_the_school():
    """deliverables.cloud, T7"""
    plans = [{"item": "教案", "resource": "教育大市集"}, {"item": "教案", "class_": "6年1班"}]
    done, _ = run(entries=plans)
    assert states(done, "教案（使用教育雲資源）") == [("", "", date(2018, 10, 31), 2, 1, "未到期")]
    assert [one[4] for one in states(done, "教案")[:2]] == [1, 1]


def test_a_national_schools_finding_belongs_to_no_county():
    _, findings = run(national=True, entries=[{"class_": ""}])
    assert findings[0].county == ""
    assert run(entries=[{"class_": ""}])[1][0].county == "南投縣"


def test_a_school_without_classes_owes_nothing():
    assert run(names=())[0]["duties"].empty
