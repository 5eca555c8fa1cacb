"""T2: a school's own meetings are recommended: told, never overdue (伍.三(三))."""

from datetime import date

import pandas as pd

from mlbatch.rules.meetings import recommended
from tests.rules.year_tables import FIRST, KEY, PLAN, states, tables


def run(as_of, *days, principal=True, director=True):
    rows = [
        {"day": day, "principal": principal, "director": director, "school": KEY, "known_on": day}
        for day in days
    ]
    columns = ["day", "principal", "director", "school", "known_on"]
    return recommended(tables().put(meetings=pd.DataFrame(rows, columns=columns)), PLAN, as_of)[0]


def test_what_is_recommended_and_not_done_is_never_overdue():
    """T2: meetings.each_month, meetings.principal"""
    made = run(date(2018, 8, 1), date(2018, 1, 10), date(2018, 2, 10))
    assert states(made, "校內工作會議")[0] == (FIRST, "", date(2018, 7, 31), 7, 2, "未達建議")
    assert states(made, "校長參與會議")[0][3:] == (2, 2, "已完成")
    assert not made["duties"]["required"].any()


def test_who_was_not_there_did_not_take_part():
    made = run(date(2018, 8, 1), date(2018, 1, 10), principal=False, director=None)
    assert [states(made, item)[0][4] for item in ("校內工作會議", "校長參與會議", "教務主任參與會議")] == [
        1,
        0,
        0,
    ]


def test_the_second_semester_has_five_months():
    assert [one[3] for one in states(run(date(2018, 1, 31)), "校內工作會議")] == [7, 5]
