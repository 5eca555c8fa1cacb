"""K3: what a coach school owes, what counts of its record, what is wrong in it (附件3.四)."""

from datetime import date

import pandas as pd
import pytest

from mlbatch.attending import is_data, is_meeting
from mlbatch.obligation import COACH_MEETING, COACH_REPORT, COACHING, DEMONSTRATION, SHARING
from tests.rules.coach_tables import (
    END,
    FIRST,
    LEVEL,
    PLAN,
    SECOND,
    coach,
    code,
    entry,
    key,
    novice,
    pair,
    tables,
    told,
    tracked,
    won,
)

SCHOOLS = [
    coach(1, "南投縣"),
    coach(2, "新北市"),
    novice(11, "南投縣"),
    novice(12, "臺中市"),
    novice(13, "桃園市"),
]
PAIRS = [pair(1, 11), pair(1, 12)]
MARCH, MAY, OCTOBER = date(2018, 3, 20), date(2018, 5, 10), date(2018, 10, 10)
FINAL = date(2018, 12, 5)
SESSIONS = [
    {"session": "C01", "event": COACH_MEETING, "day": MARCH}, {"session": "C02", "event": COACH_MEETING, "day": date(2018, 9, 14)},
    {"session": "S03", "event": "期末成果發表會", "day": FINAL},
]  # fmt: skip


def act(school, day, semester=FIRST, way="實地參訪", number=1, **more):
    return entry(number, day, code=code(school), level=LEVEL, semester=semester, way=way, **more)


def shown(day=MAY, schools=20, outsiders=12, **more):
    return entry(1, day, title="觀摩", way="公開觀課", schools=schools, outsiders=outsiders, **more)


def event(name, day, person="林甲", **more):
    return entry(1, day, event=name, person=person, **more)


def report(day=date(2018, 12, 20), **more):
    return entry(1, day, item=COACH_REPORT, title="報告", **more)


def made(pairs=PAIRS, sessions=SESSIONS, **rows):
    return tables(SCHOOLS, coaches=[1], winners=[won(1)], coach_pairs=pairs, sessions=sessions, **rows)


def duties(tables, item):
    rows = tables["coach_duties"]
    columns = ["semester", "class_", "due", "number", "done", "state"]
    return [tuple(row) for row in rows.loc[rows["item"] == item, columns].to_numpy().tolist()]


def state(tables, item):
    return [(number, done, state) for *_, number, done, state in duties(tables, item)]


def test_what_a_coach_owes_and_by_when():
    """coaching.demonstrations, coaching.sharing_at, coach_terms.demonstration_by, coach_terms.report_by, coach_terms.acts"""
    done, findings = tracked(made(), date(2018, 1, 15))
    owed = done["coach_duties"].set_index(["item", "semester", "class_"])[["due", "number"]]
    assert owed.to_dict("index") == {
        (DEMONSTRATION, "", ""): {"due": date(2018, 11, 30), "number": 1},
        (COACH_MEETING, "", "C01"): {"due": MARCH, "number": 1},
        (COACH_MEETING, "", "C02"): {"due": date(2018, 9, 14), "number": 1},
        (SHARING, "", ""): {"due": FINAL, "number": 1},
        (COACH_REPORT, "", ""): {"due": date(2018, 12, 31), "number": 1},
    }
    assert findings == []
    cites = done["duties"].set_index("item")["cite"].to_dict()
    assert cites == {
        DEMONSTRATION: PLAN.cite("coaching.demonstrations"),
        COACH_MEETING: "附件3.四3",
        SHARING: PLAN.cite("coaching.sharing_at"),
        COACH_REPORT: PLAN.cite("coach_terms.report_by"),
    }


def test_the_schools_of_which_the_ministry_decided_are_owed_in_each_semester():
    done, _ = tracked(made())
    assert [row[:4] for row in duties(done, COACHING)] == [
        (FIRST, "", date(2018, 7, 31), 2),
        (SECOND, "", END, 2),
    ]
    assert duties(tracked(made(pairs=[]))[0], COACHING) == []


def test_sharing_without_a_session_is_due_at_the_end_of_the_events_month():
    assert duties(tracked(made(sessions=[]))[0], SHARING)[0][2] == END


def test_they_stand_among_all_duties_and_are_told_apart():
    done, _ = tracked(made())
    rows = done["duties"]
    assert set(rows["code"]) == {code(1)}
    assert rows["required"].all()
    assert is_meeting(COACH_MEETING, PLAN)
    assert is_meeting(SHARING, PLAN)
    assert is_data(COACH_REPORT, PLAN)
    assert not any(is_data(item, PLAN) or is_meeting(item, PLAN) for item in (DEMONSTRATION, COACHING))


def test_a_coach_that_has_done_everything():
    rows = {
        "coach_shown": [shown()],
        "coach_acts": [act(11, MARCH), act(12, MAY), act(11, OCTOBER, SECOND), act(12, OCTOBER, SECOND)],
        "coach_events": [
            event(COACH_MEETING, MARCH),
            event(COACH_MEETING, date(2018, 9, 14)),
            event(SHARING, FINAL),
        ],
        "coach_reports": [report()],
    }
    done, findings = tracked(made(**rows))
    assert set(done["coach_duties"]["state"]) == {"已完成"}
    assert findings == []


def test_two_acts_at_one_school_are_not_one_at_each():
    done, _ = tracked(made(coach_acts=[act(11, MARCH), act(11, MAY)]))
    assert state(done, COACHING)[0] == (2, 1, "逾期")


def test_a_school_that_is_not_its_own_does_not_count_and_is_told():
    done, findings = tracked(made(coach_acts=[act(13, MARCH), act(12, MAY)]))
    assert state(done, COACHING)[0] == (2, 1, "逾期")
    assert told(findings) == [("K3-not-coached", "紀錄.xlsx", "C6")]
    assert findings[0].remedy == (
        "請改填受輔導學校之代碼與學制：第12國小（000012，國小）、第11國小（000011，國小）。"
    )
    assert findings[0].county == "南投縣"


def test_a_proposal_is_not_yet_a_school_to_be_coached():
    done, findings = tracked(made(pairs=[], coach_acts=[act(12, MARCH)]))
    assert told(findings) == [("K3-not-coached", "紀錄.xlsx", "C6")]
    assert "配對尚未核定" in findings[0].remedy
    assert duties(done, COACHING) == []


def test_a_day_after_the_hand_in_does_not_count():
    done, findings = tracked(made(coach_acts=[act(12, MAY, known_on=MARCH)]))
    assert told(findings) == [("T1-not-yet", "紀錄.xlsx", "B6")]
    assert state(done, COACHING)[0][1] == 0


def test_a_day_of_the_other_semester_counts_as_said_and_is_told():
    done, findings = tracked(made(coach_acts=[act(12, OCTOBER, FIRST)]))
    assert told(findings) == [("T1-semester", "紀錄.xlsx", "A6")]
    assert state(done, COACHING)[0][1] == 1


def test_acts_count_from_their_hand_in_and_meetings_from_their_day():
    late = date(2018, 12, 27)
    rows = {"coach_acts": [act(11, MARCH, known_on=late), act(12, MARCH, known_on=late)],
            "coach_events": [event(COACH_MEETING, MARCH, known_on=late)], "coach_shown": [shown(known_on=late)]}  # fmt: skip
    done, _ = tracked(made(**rows))
    assert duties(done, COACHING)[0][-1] == "逾期完成"
    assert duties(done, COACH_MEETING)[0][-1] == "已完成"
    assert duties(done, DEMONSTRATION)[0][-1] == "逾期完成"


@pytest.mark.parametrize(
    ("ways", "fault"), [(("線上諮詢", "線上諮詢", "實地參訪"), True), (("線上諮詢", "實地參訪"), False)]
)
def test_more_online_than_on_the_spot_is_told_at_the_last_online_act(ways, fault):
    days = [MARCH, MAY, date(2018, 6, 1)]
    rows = [act(12, day, way=way) for day, way in zip(days, ways, strict=False)]
    _, findings = tracked(made(coach_acts=rows))
    assert told(findings) == ([("K3-mostly-online", "紀錄.xlsx", "E7")] if fault else [])


@pytest.mark.parametrize(("outsiders", "fault"), [(10, False), (9, True), (None, True)])
def test_a_demonstration_is_meant_for_others_and_counts_all_the_same(outsiders, fault):
    done, findings = tracked(made(coach_shown=[shown(outsiders=outsiders)]))
    assert told(findings) == ([("K3-few-outsiders", "紀錄.xlsx", "F6")] if fault else [])
    assert state(done, DEMONSTRATION) == [(1, 1, "已完成")]


def test_who_came_to_a_demonstration_is_nobody_where_it_is_not_said():
    assert tracked(made(coach_shown=[shown(schools=None, outsiders=0)]))[1] == []
    (fault,) = tracked(made(coach_shown=[shown(schools=2, outsiders=None)]))[1]
    assert (fault.kind.id, fault.facts["schools"], fault.read) == ("K3-few-outsiders", 2, "0")


# Meetings and sharing (T11) ------------------------------------------------------------------------


def test_a_missed_meeting_is_not_made_up_by_another():
    done, _ = tracked(made(coach_events=[event(COACH_MEETING, date(2018, 9, 14))]))
    assert state(done, COACH_MEETING) == [(1, 0, "逾期"), (1, 1, "已完成")]


@pytest.mark.parametrize(
    ("name", "sessions"),
    [(COACH_MEETING, "C01（107.03.20）、C02（107.09.14）"), (SHARING, "S03（107.12.05）")],
)
def test_a_day_without_such_a_session_is_told(name, sessions):
    done, findings = tracked(made(coach_events=[event(name, date(2018, 4, 4))]))
    assert told(findings) == [("T11-no-session", "紀錄.xlsx", "A6")]
    assert findings[0].facts["sessions"] == sessions
    assert {one for _, one, _ in state(done, name)} == {0}


def test_a_meeting_while_none_stands_in_the_calendar_is_told_so():
    _, (fault,) = tracked(made(sessions=[], coach_events=[event(COACH_MEETING, MARCH)]))
    assert (fault.kind.id, fault.facts["sessions"]) == ("T11-no-session", "無此場次")


def test_of_a_session_with_a_list_only_those_who_signed_in_were_there():
    signed = [{"session": "C01", "code": code(2), "level": LEVEL, "person": "林乙"}]
    done, findings = tracked(made(coach_events=[event(COACH_MEETING, MARCH)], signed_in=signed))
    assert told(findings) == [("T11-not-signed-in", "紀錄.xlsx", "C6")]
    assert state(done, COACH_MEETING)[0] == (1, 0, "逾期")


def test_who_signed_in_was_there_without_writing_it():
    signed = [{"session": "c01 ", "code": code(1), "level": LEVEL, "person": "林甲"}]
    assert state(tracked(made(signed_in=signed))[0], COACH_MEETING)[0] == (1, 1, "已完成")


def test_sharing_needs_no_session_while_its_event_is_not_in_the_calendar():
    done, findings = tracked(made(sessions=[], coach_events=[event(SHARING, FINAL)]))
    assert state(done, SHARING) == [(1, 1, "已完成")]
    assert findings == []


# Who should not stand there ------------------------------------------------------------------------


def test_a_record_of_a_school_that_is_no_coach_is_told():
    head = tables(SCHOOLS, applied={2: []})["coach_applications"]
    done, findings = tracked(made().put(coach_records=head))
    assert told(findings) == [("K3-not-a-coach", "2.xlsx", "B4")]
    assert findings[0].read == code(2)
    assert set(done["coach_duties"]["code"]) == {code(1)}


@pytest.mark.parametrize(("table", "file", "title"), [("prizes", "優良學校.xlsx", "107年優良學校"),
                                                      ("entrants", "報名.xlsx", "107年優良學校選拔報名學校")])  # fmt: skip
def test_a_coach_in_a_list_of_the_contest_is_told(table, file, title):
    rows = (
        [won(12), won(1)]
        if table == "prizes"
        else [{name: won(n)[name] for name in ("county", "code", "name", "level")} for n in (12, 1)]
    )
    _, findings = tracked(made(**{table: rows}))
    assert told(findings) == [("K3-competes", file, "B7")]
    assert findings[0].facts["register"] == title


def test_who_gave_its_classes_back_owes_only_what_fell_due_before():
    """柒.九(三)"""
    given = made()
    running = given["running"].assign(until=[date(2018, 10, 1)] * 2 + [None] * (len(given["running"]) - 2))
    done, _ = tracked(given.put(running=running.astype({"until": object}).where(pd.notna(running), None)))
    assert set(done["coach_duties"]["item"]) == {COACH_MEETING, COACHING}


@pytest.mark.parametrize(
    ("day", "owed"),
    [(date(2018, 7, 31), [1, 1]), (date(2018, 8, 1), [2, 1]), (date(2018, 10, 1), [2, 1])],
)
def test_a_coached_school_that_left_is_coached_no_more(day, owed):
    """柒.九(三)"""
    given = made()
    left = given["running"]["code"] == code(12)
    running = given["running"].assign(until=[day if gone else None for gone in left])
    done, _ = tracked(given.put(running=running.astype({"until": object}).where(pd.notna(running), None)))
    assert [row[3] for row in duties(done, COACHING)] == owed


def test_no_coach_owes_nothing():
    done, findings = tracked(tables(SCHOOLS))
    assert len(done["coach_duties"]) == 0
    assert findings == []
    assert key(1) not in set(zip(done["duties"]["code"], done["duties"]["level"], strict=True))
