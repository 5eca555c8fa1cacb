"""T5, T11: events, what schools wrote beside the organisers' lists (伍.三(十一))."""

from datetime import date

import pandas as pd

from mlbatch.obligation import PRINCIPALS
from mlbatch.rules.attendance import CORE, SESSIONS, presence
from tests.rules.year_tables import KEY, PLAN, states, tables, told

NOVEMBER = date(2018, 11, 15)
PROGRAMME = [
    ("A1", "啟動會議", date(2018, 1, 19)),
    ("R1", "分區交流會", date(2018, 3, 10)),
    ("W1", "教師專業發展工作坊", date(2018, 4, 14)),
    ("P1", PRINCIPALS, date(2018, 6, 2)),
]
TEAM = ("王甲", "李乙", "張丙", "陳丁")


def run(attended=(), signed=(), team=(), trained=False, as_of=NOVEMBER):
    sessions = pd.DataFrame(PROGRAMME, columns=["session", "event", "day"])
    lists = pd.DataFrame([(*KEY, *one) for one in signed], columns=["code", "level", "session", "person"])
    core = pd.DataFrame([(KEY, name, False) for name in team], columns=["school", "person", "newcomer"])
    heads = pd.DataFrame([(KEY, trained)], columns=["school", "trained"])
    given = tables(attended=attended).put(sessions=sessions, signed_in=lists, core_team=core, profiles=heads)
    return presence(given, PLAN, as_of)


def state(done, item):
    ((_, _, due, number, count, said),) = states(done, item)
    return due, number, count, said


def test_an_event_is_due_on_its_day_and_done_by_the_list():
    """T5: events.large"""
    done, findings = run(signed=[("A1", "王甲")])
    assert findings == []
    assert state(done, "啟動會議") == (date(2018, 1, 19), 1, 1, "已完成")
    assert state(done, "期中經驗分享與交流會議") == (date(2018, 5, 31), 1, 0, "逾期")


def test_what_a_school_wrote_counts_until_the_list_has_come():
    """T11"""
    wrote = [{"event": "Ａ1", "day": date(2018, 1, 19)}]
    assert state(run(wrote)[0], "啟動會議")[2] == 1
    done, findings = run(wrote, signed=[("A1", "別人")])
    assert told(findings) == [("T11-not-signed-in", "活動參與", "C5")]
    assert state(done, "啟動會議")[2] == 1  # by the person who did sign in


def test_a_session_is_known_by_code_or_by_event_and_day():
    done, findings = run([{"event": "啟動會議", "day": date(2018, 1, 19)}])
    assert findings == []
    assert state(done, "啟動會議")[2] == 1


def test_a_session_that_is_not_in_the_programme():
    """T11_NO_SESSION"""
    done, findings = run(
        [{"event": "A1", "day": date(2018, 1, 20)}, {"event": "分區交流", "day": date(2018, 3, 10)}]
    )
    assert told(findings) == [("T11-no-session", "活動參與", "A5"), ("T11-no-session", "活動參與", "A6")]
    assert "同日之場次：R1" in findings[1].remedy
    assert state(done, "啟動會議")[2] == 0


def test_two_regional_sessions_on_different_days():
    """T5: events.regional, events.regional_due"""
    one = [("R1", "王甲"), ("R1", "李乙")]
    assert state(run(signed=one)[0], SESSIONS) == (date(2018, 10, 31), 2, 1, "逾期")
    assert state(run(signed=[*one, ("W1", "王甲")])[0], SESSIONS)[2:] == (2, "已完成")


def test_a_third_of_the_core_team_comes():
    """T5: events.core_share: of 4 members 2 must come."""
    signed = [("R1", "王甲"), ("W1", "王甲"), ("W1", "路人")]
    assert state(run(signed=signed, team=TEAM)[0], CORE)[1:3] == (2, 1)
    assert state(run(signed=[*signed, ("W1", "陳丁")], team=TEAM)[0], CORE)[1:3] == (2, 2)
    assert states(run(signed=signed)[0], CORE) == []


def test_the_principals_workshop_unless_attended_before():
    """T5: events.principal"""
    assert state(run()[0], PRINCIPALS)[1:] == (1, 0, "未到期")
    assert states(run(trained=True)[0], PRINCIPALS) == []
