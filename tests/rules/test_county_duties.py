"""T8: what a county does itself (伍.二)."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from mlbatch.rules.county_duties import of_counties
from tests.rules.year_tables import FIRST, KEY, PLAN, states, tables

AS_OF = date(2018, 7, 15)
MARCH = date(2018, 3, 31)


def run(work=(), networks=(), sent=(), papers=(), sessions=(), until=None, plan=PLAN):
    made = tables()
    made = made.put(
        running=made["running"].assign(until=pd.Series([until] * len(made["running"]), dtype=object)),
        counties=pd.DataFrame({"county": ["南投縣", "澎湖縣"]}),
        county_work=frame(work, "item day title invited advisors"),
        county_networks=frame(networks, "code level name day result"),
        delegates=frame(sent, "event day person post"),
    )
    if papers:
        made = made.put(papers_due=pd.DataFrame(papers))
    if sessions:
        made = made.put(sessions=pd.DataFrame(sessions))
    return of_counties(made, plan, AS_OF)[0]


def frame(rows, columns):
    made = [
        {**dict.fromkeys(columns.split(), ""), "school": "南投縣", "known_on": MARCH, **row} for row in rows
    ]
    return pd.DataFrame(made, columns=[*columns.split(), "school", "known_on"])


def done(made, item):
    return [(number, acts, state) for _, _, _, number, acts, state in states(made, item)]


def test_a_county_without_schools_owes_nothing():
    made = run()
    assert set(made["duties"]["county"]) == {"南投縣"}
    assert set(made["duties"]["code"]) == {""}


@pytest.mark.parametrize(("invited", "state"), [("彰化縣、雲林縣", "已完成"), ("", "未到期")])
def test_a_results_event_counts_if_other_counties_were_invited(invited, state):
    """T8: county_work.results_events"""
    made = run(work=[{"item": "成果發表或交流會", "day": date(2018, 3, 20), "invited": invited}])
    assert done(made, "成果發表或交流會")[0][2] == state


@pytest.mark.parametrize(("advisors", "count"), [(True, 1), (False, 0), (None, 0)])
def test_the_plan_counts_with_its_list_of_advisors(advisors, count):
    """T8: tracking.county_plan_by"""
    made = run(
        work=[
            {
                "item": "縣市計畫書",
                "day": date(2018, 1, 20),
                "advisors": advisors,
                "known_on": date(2018, 1, 25),
            }
        ]
    )
    assert done(made, "縣市計畫書") == [(1, count, "已完成" if count else "逾期")]


def test_the_plan_counts_from_the_day_it_came_with_the_papers_of_payment():
    paper = {"county": "南投縣", "paper": "縣市計畫書", "received": True, "received_on": date(2018, 2, 3)}
    assert done(run(papers=[paper]), "縣市計畫書") == [(1, 1, "逾期完成")]


@pytest.mark.parametrize("differs", [{"paper": "領據"}, {"received": False}, {"received_on": None}])
def test_another_paper_or_one_that_did_not_come_is_not_the_plan(differs):
    paper = {"county": "南投縣", "paper": "縣市計畫書", "received": True, "received_on": date(2018, 2, 3)}
    assert done(run(papers=[{**paper, **differs}]), "縣市計畫書") == [(1, 0, "逾期")]


def test_each_school_is_looked_into_once():
    """T8: tracking.wireless_by"""
    row = {"code": KEY[0], "level": KEY[1], "day": date(2018, 3, 2)}
    made = run(networks=[row, row, {**row, "code": "084699"}])
    assert done(made, "無線網路檢視") == [(1, 1, "已完成")]
    assert done(run(networks=[{**row, "day": None}]), "無線網路檢視") == [(1, 0, "逾期")]
    assert done(run(networks=[{**row, "code": "084699"}]), "無線網路檢視") == [(1, 0, "逾期")]


@pytest.mark.parametrize(("until", "owed"), [(date(2018, 6, 30), []), (date(2018, 7, 1), [(1, 0, "逾期")])])
def test_a_school_that_had_left_by_then_is_not_looked_into(until, owed):
    """T8: tracking.wireless_by"""
    assert done(run(until=until), "無線網路檢視") == owed


def test_a_meeting_counts_in_its_semester():
    """T8: tracking.county_meetings"""
    made = run(work=[{"item": "縣市討論會議", "day": date(2018, 4, 2)}])
    assert [(one[0], one[5]) for one in states(made, "縣市討論會議")] == [
        (FIRST, "已完成"),
        (PLAN.schools.semesters[1], "未到期"),
    ]


def test_the_setting_says_how_many_meetings_a_semester_has():
    """tracking.county_meetings"""
    plan = replace(PLAN, tracking=replace(PLAN.tracking, county_meetings=2))
    assert [number for _, _, _, number, _, _ in states(run(plan=plan), "縣市討論會議")] == [2, 2]


def test_an_event_that_is_not_in_the_calendar_is_known_by_its_name():
    made = run(sent=[{"event": "啟動會議", "day": date(2018, 1, 19)}])
    assert done(made, "啟動會議") == [(1, 1, "已完成")]


@pytest.mark.parametrize("event", ["S01", "啟動會議", "啟動會議 "])
def test_an_event_is_known_by_its_session_or_its_name(event):
    """T8: county_work.events"""
    sessions = [{"session": "S01", "event": "啟動會議", "day": date(2018, 1, 19)}]
    made = run(sent=[{"event": event, "day": date(2018, 1, 19)}], sessions=sessions)
    assert done(made, "啟動會議") == [(1, 1, "已完成")]
    assert done(made, "期中經驗分享與交流會議") == [(1, 0, "逾期")]
