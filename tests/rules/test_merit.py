"""Z4, Z5: the year's record of schools and counties, and who is put forward (玖.三, 捌)."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from mlbatch.rules.merit import grade
from mlbatch.tables import NOT_SENT
from tests.rules.closing_tables import (
    AFTER,
    COUNTY,
    HILL,
    LAKE,
    LEVEL,
    PLAN,
    SEA,
    closed,
    departure,
    duty,
    form,
    payee,
    tables,
)

NOVEMBER, OCTOBER = date(2018, 11, 30), date(2018, 10, 31)
NATIONAL = ("", *SEA)


def overdue(item, due=NOVEMBER, key=HILL, **more):
    return {**duty(item, due, key, done=0, state="逾期"), "day": None, **more}


def record(made, key=HILL):
    rows = made["year_record"]
    return rows[(rows["code"] == key[0]) & (rows["level"] == key[1])].iloc[0]


def county(made):
    return made["county_year"].iloc[0]


def test_nothing_amiss_is_full_marks():
    made = closed(tables(form(), duties=[duty("進度表", OCTOBER)]), AFTER)
    assert record(made)[["score", "grade", "undone", "late", "missed"]].tolist() == [100, "甲", 0, 0, 0]


def test_each_sort_of_failing_takes_its_points():
    """玖.三(一) to (四): settling.points."""
    duties = [
        overdue("成果報告書"), overdue("教授輔導", OCTOBER), duty("進度表", OCTOBER, day=NOVEMBER, state="逾期完成"),
        overdue("期末成果發表會", date(2018, 12, 31)),
    ]  # fmt: skip
    late = pd.DataFrame([{"county": "南投縣", "code": "", "level": "", "school_code": HILL[0], "school_level": HILL[1],
                          "late": True, "received_on": date(2018, 2, day)} for day in (5, 5, 6)])  # fmt: skip
    made = closed(tables(form(), duties=duties).put(papers_due=late), AFTER)
    row = record(made)
    assert row[["undone", "late", "missed", "papers_late", "closing_late"]].tolist() == [2, 1, 1, 2, 0]
    assert row["score"] == 100 - 2 * 5 - 2 - 5 - 2 * 5
    assert record(made, LAKE)["score"] == 100
    assert county(made)["payment"] == 90


def test_papers_of_a_national_school_that_were_late_are_its_own():
    """Once a day, whether they were for the school or, as one that is paid itself, for its payment."""
    late = pd.DataFrame([{"county": "", "code": SEA[0], "level": SEA[1], "school_code": "", "school_level": "",
                          "late": True, "received_on": date(2018, 2, day)} for day in (5, 5, 6)])  # fmt: skip
    made = closed(tables(form()).put(papers_due=late))
    assert record(made, SEA)[["papers_late", "score"]].tolist() == [2, 90]
    assert record(made)["papers_late"] == 0


def test_what_falls_due_after_a_school_left_is_not_held_against_it():
    """柒.九(三): what falls due on the day itself is, and all that is due from one that gave back a class only."""
    day = date(2018, 10, 1)
    gone = [departure(HILL, "放棄補助", day), departure(LAKE, "減班", day, 1)]
    duties = [overdue("成果報告書"), overdue("進度表", day), overdue("成果報告書", key=LAKE)]
    made = closed(tables(form(), duties=duties, gone=gone))
    assert record(made)["undone"] == 1
    assert record(made, LAKE)["undone"] == 1


def test_prizes_are_counted_by_school():
    prizes = pd.DataFrame([{"code": HILL[0], "level": HILL[1]}] * 2)
    made = closed(tables(form(), prizes=prizes))
    assert (record(made)["awards"], record(made, LAKE)["awards"]) == (2, 0)


def test_one_item_of_one_day_counts_once_however_many_classes_owe_it():
    duties = [overdue("進度表", OCTOBER, class_=name) for name in ("5年1班", "6年1班")]
    duties += [
        duty("進度表", OCTOBER, class_="4年1班", day=NOVEMBER, state="逾期完成"),
        overdue("進度表", date(2018, 5, 31)),
    ]
    assert record(closed(tables(form(), duties=duties)))[["undone", "late"]].tolist() == [2, 0]


def test_what_is_only_recommended_and_what_is_not_due_takes_none():
    duties = [
        duty("工作會議", OCTOBER, done=0, state="未達建議"),
        duty("成果簡報", AFTER, done=0, state="未到期"),
    ]
    assert record(closed(tables(form(), duties=duties)))["score"] == 100


def test_a_late_closing_is_the_payees_own():
    made = closed(tables(form()), AFTER)  # the national school has sent nothing
    assert record(made)["closing_late"] == 0
    assert record(made, SEA)[["closing_late", "score"]].tolist() == [1, 90]
    assert county(made)[["closing_late", "closing"]].tolist() == [0, 100]
    assert county(closed(tables(), AFTER))[["closing_late", "closing"]].tolist() == [1, 0]


def test_a_countys_own_duties_and_notes_count_for_it():
    duties = [
        overdue("啟動會議", date(2018, 1, 31), ("", "")),
        overdue("縣市計畫書", date(2018, 1, 31), ("", "")),
    ]
    made = tables(form(), duties=duties)
    made = made.put(counties=made["counties"].assign(notes=2))
    row = county(closed(made, AFTER))
    assert row[["undone", "missed", "call"]].tolist() == [1, 1, 90]
    assert row["closing"] == 0  # its plan is still owed after the day


def test_what_its_schools_owe_is_not_the_countys():
    row = county(closed(tables(form(), duties=[overdue("成果報告書"), overdue("教授輔導")])))
    assert row[["undone", "missed", "late"]].tolist() == [0, 0, 0]


def test_without_notes_on_its_letter_a_county_has_full_marks_for_the_call():
    made = tables(form())
    assert county(closed(made.put(counties=made["counties"].drop(columns="notes"))))["call"] == 100
    unknown = made["counties"].assign(notes=pd.array([pd.NA], "Int64"))
    assert county(closed(made.put(counties=unknown)))["call"] == 100


def test_when_a_county_had_closed_everything():
    earlier = pd.DataFrame([{"county": "南投縣", "closed_all": date(2017, 6, 1)}])
    made = closed(tables(form(), county_record=earlier))
    assert county(made)[["closed_on", "closed_all"]].tolist() == [date(2019, 2, 20), date(2019, 2, 20)]
    assert county(closed(tables(form(), county_record=earlier.assign(closed_all=None))))["closed_all"] is None
    assert county(closed(tables(county_record=earlier)))["closed_all"] is None


@pytest.mark.parametrize(
    ("score", "wanted"),
    [(100, "甲"), (80, "甲"), (79, "乙"), (70, "乙"), (69, "丙"), (60, "丙"), (59, "丁"), (0, "丁")],
)
def test_the_grade_is_the_highest_whose_score_is_reached(score, wanted):
    """settling.grades; C4 of the next year reads it."""
    assert grade(score, PLAN) == wanted


def test_who_reaches_no_grade_gets_the_lowest():
    plan = replace(PLAN, settling=replace(PLAN.settling, grades={"甲": 80, "乙": 70}))
    assert [grade(score, plan) for score in (80, 70, 69)] == ["甲", "乙", "乙"]


# Z5 ------------------------------------------------------------------------------------------------


def test_candidates_are_complete_have_the_points_and_are_no_coaches():
    duties = [duty("進度表", OCTOBER, key) for key in (HILL, LAKE, SEA)]
    coaches = pd.DataFrame([{"code": SEA[0], "level": SEA[1]}])
    made = tables(form(), form(key=NATIONAL, file="國立.xlsx"), duties=duties, coaches=coaches)
    done = closed(made)
    assert done["school_candidates"]["code"].tolist() == [HILL[0], LAKE[0]]
    assert done["coach_candidates"][["code", "complete", "coaching"]].to_numpy().tolist() == [
        [SEA[0], True, "尚待輔導紀錄"]
    ]
    poor = closed(
        made.put(
            duties=pd.DataFrame(
                [*duties, *(overdue("教授輔導", day) for day in (OCTOBER, NOVEMBER, date(2018, 5, 1)))]
            )
        )
    )
    assert poor["school_candidates"]["code"].tolist() == [LAKE[0]]
    open_ = closed(made.put(duties=pd.DataFrame([*duties, overdue("成果報告書")])))
    assert open_["school_candidates"]["code"].tolist() == [LAKE[0]]


def test_teachers_are_those_of_the_classes_once_each():
    taught = [{"file": f"{HILL[0]}.xlsx", "teacher": name, "area": area, "grade": 5, "section": "1班"}
              for name, area in (("王甲", "數學"), ("王甲", "數學"), ("李乙", "國語文"), ("", "數學"))]  # fmt: skip
    made = closed(tables(form(), revised_classes=pd.DataFrame(taught)))
    own = {"county": "南投縣", "code": HILL[0], "level": LEVEL, "name": "縣立雲海國小"}
    assert made["teacher_candidates"].to_dict("records") == [
        {**own, "teacher": "王甲", "subjects": "數學", "classes": 1},
        {**own, "teacher": "李乙", "subjects": "國語文", "classes": 1},
    ]


@pytest.mark.parametrize(
    ("done", "words"),
    [((1, 0, 0), "輔導事項尚缺 2 項"), ((1, 2, 1), "輔導事項齊備")],
    ids=["open", "complete"],
)
def test_what_a_coach_still_owes_is_counted(done, words):
    owed = [
        {"code": SEA[0], "level": SEA[1], "item": "輔導", "number": number, "done": count}
        for number, count in zip((1, 2, 1), done, strict=True)
    ]
    other = {"code": HILL[0], "level": HILL[1], "item": "輔導", "number": 1, "done": 0}
    coaches = pd.DataFrame([{"code": SEA[0], "level": SEA[1]}])
    made = closed(tables(form(), coaches=coaches, coach_duties=pd.DataFrame([*owed, other])))
    assert made["coach_candidates"]["coaching"].tolist() == [words]


def test_a_payee_that_was_never_paid_is_not_closed():
    made = closed(tables(form(), payees=[payee(state=NOT_SENT, paid_on=None), payee(NATIONAL)]), AFTER)
    assert not made["payees"]["closed"].any()
    assert COUNTY[0] in made["county_year"]["county"].tolist()
