"""T4: advisors' visits (伍.三(七))."""

from datetime import date

import pandas as pd
import pytest

from mlbatch.rules.visits import advice
from tests.rules.year_tables import FIRST, PLAN, SECOND, states, tables, told

JUNE = date(2018, 6, 15)
LABEL = "學者專家輔導紀錄"


def run(visits, as_of=JUNE, confirmed=("林甲", "陳乙")):
    given = tables(visits=visits)
    if confirmed is not None:
        given = given.put(advisors_confirmed=pd.DataFrame({"advisor": list(confirmed)}))
    return advice(given, PLAN, as_of)


def test_two_visits_by_a_professor_on_site_do_a_semester():
    """T4: visits.per_semester, visits.professors, visits.on_site, visits.first_by"""
    done, findings = run(
        [{}, {"day": date(2018, 5, 10), "known_on": date(2018, 5, 31), "professor": False, "way": "線上"}]
    )
    assert findings == []
    assert states(done, "首次輔導") == [("", "", date(2018, 3, 31), 1, 1, "已完成")]
    assert [one[5] for one in states(done, LABEL)] == ["已完成", "已完成", "未到期", "未到期"]
    assert states(done, "教授輔導")[0] == (FIRST, "", date(2018, 5, 31), 1, 1, "已完成")
    assert states(done, "到校輔導")[0] == (FIRST, "", date(2018, 5, 31), 1, 1, "已完成")
    assert states(done, "到校輔導")[1] == (SECOND, "", date(2018, 10, 31), 1, 0, "未到期")


def test_no_visit_by_the_end_of_march_is_overdue_in_april():
    assert states(run([], date(2018, 3, 31))[0], "首次輔導")[0][5] == "本月到期"
    assert states(run([], date(2018, 4, 1))[0], "首次輔導")[0][5] == "逾期"


def test_a_visit_in_march_that_was_handed_in_in_april_was_in_time():
    done, _ = run([{"known_on": date(2018, 4, 30)}])
    assert states(done, "首次輔導")[0][5] == "已完成"
    assert states(done, LABEL)[0][5] == "逾期完成"


def test_visits_without_a_professor_or_only_at_a_distance():
    done, _ = run([{"professor": False, "way": "視訊"}])
    assert states(done, "教授輔導")[0][5] == "逾期"
    assert states(done, "到校輔導")[0][5] == "逾期"


@pytest.mark.parametrize(
    ("visit", "finding"),
    [
        ({"advisor": "張丙"}, ("T4-not-confirmed", "輔導紀錄", "C5")),
        ({"day": date(2018, 4, 2)}, ("T1-not-yet", "輔導紀錄", "B5")),
    ],
)
def test_a_visit_that_does_not_count(visit, finding):
    """T4_NOT_CONFIRMED, T1_NOT_YET"""
    done, findings = run([visit])
    assert told(findings) == [finding]
    assert states(done, LABEL)[0][4] == 0


def test_two_visits_on_one_day_are_one():
    """T4_SAME_DAY"""
    done, findings = run([{}, {"advisor": "陳乙"}])
    assert told(findings) == [("T4-same-day", "輔導紀錄", "B6")]
    assert [one[4] for one in states(done, LABEL)[:2]] == [1, 0]


def test_a_visit_of_another_semester_than_its_day_is_told():
    """T1_SEMESTER"""
    done, findings = run([{"semester": SECOND}])
    assert told(findings) == [("T1-semester", "輔導紀錄", "A5")]
    assert [one[4] for one in states(done, LABEL)] == [0, 0, 1, 0]


def test_without_the_register_every_advisor_counts():
    assert run([{"advisor": "張丙"}], confirmed=None)[1] == []
