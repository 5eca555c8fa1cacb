"""T6: which classes run, after changes and after classes that were given back (伍.三(一)※, 柒.九(三))."""

from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given as supposing
from hypothesis import strategies as st

from mlbatch.classroom import Classroom, class_name, of, running
from mlbatch.finding import Place
from mlbatch.obligation import month_end, school_duties
from mlbatch.rules.running import classes
from mlbatch.tables import Tables
from tests.rules.laws import law_of
from tests.rules.year_tables import FIRST, KEY, PLAN, SECOND

AS_OF = date(2018, 6, 30)
HEADS = ["file", "code", "level", "name", "county", "officer", "telephone"]
ROWS = ["semester", "day", "old", "new", "area", "teacher", "reason"]


def given(*changes, awarded=2, approved=2, withdrawn=(), plan_classes=("1班", "2班"), national=False):
    """A school with classes 5年1班 and 5年2班; `changes`: what differs from a request for 5年1班 → 5年3班 on 5 March."""
    code, level = KEY
    school = {"code": code, "level": level, "name": "縣立第1國小", "county": "南投縣", "national": national,
              "awarded": awarded, "approved": approved, "plan_file": "計畫.xlsx", "revised_file": ""}  # fmt: skip
    taught = [
        {"file": "計畫.xlsx", "semester": s, "grade": 5, "section": name}
        for s in (FIRST, SECOND)
        for name in plan_classes
    ]
    asked, heads, files = [], [], []
    for number, change in enumerate(changes, 1):
        file = f"異動{number}.xlsx"
        row = {
            "semester": FIRST,
            "day": date(2018, 3, 5),
            "old": "5年1班",
            "new": "5年3班",
            "area": "數學",
            "teacher": "甲",
            "reason": "調整",
        }
        cells = {name: (chr(ord("A") + index), 9) for index, name in enumerate(ROWS)}
        asked.append(
            {
                **row,
                **{k: v for k, v in change.items() if k in ROWS},
                "file": file,
                "place": Place(file, "異動申請", 9, cells),
            }
        )
        heads.append(
            {
                **dict.fromkeys(HEADS, ""),
                "file": file,
                "code": change.get("code", code),
                "level": level,
                "place": Place(file, "異動申請", 4, {}),
            }
        )
        files.append(
            {"file": file, "recipient": "", "bucket": "", "why": "", "uploaded": None, "document": ""}
        )
    uploads = [(f"異動{n}.xlsx", c.get("at", datetime(2018, 3, 1 + n))) for n, c in enumerate(changes, 1)]
    rows = [
        {"code": code, "level": level, "change": change, "classes": number, "day": day}
        for change, number, day in withdrawn
    ]
    return Tables().put(
        schools=pd.DataFrame([school]).astype({"awarded": "Int64", "approved": "Int64"}),
        classes=pd.DataFrame(taught), changes=pd.DataFrame(heads, columns=[*HEADS, "place"]),
        change_rows=pd.DataFrame(asked, columns=[*ROWS, "file", "place"]),
        files=pd.DataFrame(files, columns=["file", "recipient", "bucket", "why", "uploaded", "document"]),
        uploads=pd.DataFrame(uploads, columns=["upload_name", "uploaded_at"]),
        withdrawals=pd.DataFrame(rows, columns=["code", "level", "change", "classes", "day"]),
    )  # fmt: skip


def names(made, semester=FIRST):
    return [one.name for one in running(made)[KEY] if one.semester == semester]


def told(findings):
    return [(one.kind.id, one.at.cell) for one in findings]


def test_the_classes_are_those_of_the_plan():
    made, findings = classes(given(), PLAN, AS_OF)
    assert names(made) == names(made, SECOND) == ["5年1班", "5年2班"]
    assert findings == []


def test_as_many_as_were_approved_and_none_that_the_plan_does_not_name_is_lost():
    assert names(classes(given(awarded=1, approved=1), PLAN, AS_OF)[0]) == ["5年1班"]
    assert names(classes(given(awarded=3, approved=3), PLAN, AS_OF)[0]) == ["5年1班", "5年2班", "第3班"]


@pytest.mark.parametrize(
    ("section", "name"), [("1", "5年1班"), ("1班", "5年1班"), ("甲班", "5年甲班"), ("5年1班", "5年1班")]
)
def test_the_name_of_a_class(section, name):
    assert class_name(5, section) == name


def test_a_change_is_accepted_and_the_class_is_known_by_both_names():
    """T6"""
    made, findings = classes(given({}), PLAN, AS_OF)
    assert findings == []
    assert (names(made), names(made, SECOND)) == (["5年3班", "5年2班"], ["5年1班", "5年2班"])
    changed = running(made)[KEY][0]
    assert changed.called("5年1班")
    assert changed.called("５年3班")
    assert not changed.called("5年2班")
    assert made["class_changes"][["state", "why"]].to_numpy().tolist() == [["採認", ""]]
    assert made["files"]["document"].tolist() == ["change-084601-國小"]


@pytest.mark.parametrize(
    ("change", "kind", "cell"),
    [
        ({"old": "6年1班"}, "T6-unknown-class", "C9"),
        ({"new": ""}, "T6-fewer", "D9"),
        ({"new": "5年2班"}, "T6-twice", "D9"),
    ],
)
def test_a_change_that_would_leave_fewer_classes_is_refused(change, kind, cell):
    """T6_UNKNOWN_CLASS, T6_FEWER, T6_TWICE"""
    made, findings = classes(given(change), PLAN, AS_OF)
    assert told(findings) == [(kind, cell)]
    assert (findings[0].school, findings[0].county) == (KEY, "南投縣")
    assert names(made) == ["5年1班", "5年2班"]
    assert made["class_changes"]["state"].item() == "不採"


@pytest.mark.parametrize(
    ("change", "sentence", "remedy"),
    [
        ({"old": "6年1班"}, f"申請異動{FIRST}之「6年1班」，不是實施中之班級，本列不採。", "請改填實施中之班級：5年1班、5年2班。"),
        ({"new": ""}, f"申請停止{FIRST}之「5年1班」而無新班級，班級數將減少，本列不採。", "請填接續之新班級；確須減班者請函報本部。"),
        ({"new": "5年2班"}, f"申請改為「5年2班」，該班於{FIRST}已在實施，班級數將減少，本列不採。",
         "請改填其他班級；實施中之班級：5年1班、5年2班。"),
    ],
)  # fmt: skip
def test_why_a_change_is_refused_is_said_with_its_facts(change, sentence, remedy):
    """T6_UNKNOWN_CLASS, T6_FEWER, T6_TWICE"""
    made, findings = classes(given(change), PLAN, AS_OF)
    assert (findings[0].sentence, findings[0].remedy) == (f"「縣立第1國小」{sentence}", remedy)
    assert made["class_changes"]["why"].tolist() == [findings[0].sentence]


def test_a_national_schools_request_is_told_to_no_county():
    made, findings = classes(given({"new": ""}, national=True), PLAN, AS_OF)
    assert findings[0].county == ""
    assert made["class_changes"][["county", "national"]].values.tolist() == [["南投縣", True]]


def test_only_the_teacher_may_change():
    made, findings = classes(given({"new": "5年1班"}), PLAN, AS_OF)
    assert (findings, names(made)) == ([], ["5年1班", "5年2班"])


def test_changes_follow_each_other_by_day():
    back = {"day": date(2018, 4, 9), "old": "5年3班", "new": "5年4班"}
    assert names(classes(given(back, {}), PLAN, AS_OF)[0]) == ["5年4班", "5年2班"]


def test_a_request_that_came_after_the_day_of_the_run_is_not_known_yet():
    made, _ = classes(given({"at": datetime(2018, 7, 1, 9)}), PLAN, AS_OF)
    assert names(made) == ["5年1班", "5年2班"]
    assert made["files"]["bucket"].item() == "基準日後"


def test_a_request_of_a_school_that_runs_nothing_is_refused():
    made, findings = classes(given({"code": "084699"}), PLAN, AS_OF)
    assert told(findings) == [("T6-unknown-class", "C9")]
    assert findings[0].county == ""
    assert findings[0].sentence.startswith("「084699、國小」申請異動")
    assert findings[0].remedy == "請改填實施中之班級：（無）。"
    who = made["class_changes"][["code", "level", "name", "county", "national", "state"]]
    assert who.values.tolist() == [["084699", "國小", "", "", False, "不採"]]


def test_what_was_given_back_early_is_no_duty_from_that_day():
    made, _ = classes(given(approved=1, withdrawn=[("減班", 1, date(2018, 2, 20))]), PLAN, AS_OF)
    kept, gone = running(made)[KEY][:2]
    assert (kept.until, gone.until) == (None, date(2018, 2, 20))
    assert gone.owes(date(2018, 2, 19))
    assert not gone.owes(date(2018, 2, 20))


@pytest.mark.parametrize(
    ("change", "number", "days"),
    [("減班", 1, [None, date(2018, 5, 7)]), ("放棄補助", None, [date(2018, 5, 7)] * 2)],
)
def test_what_is_given_back_after_the_succession_ends_its_duties_too(change, number, days):
    made, _ = classes(given(withdrawn=[(change, number, date(2018, 5, 7))]), PLAN, AS_OF)
    assert [one.until for one in running(made)[KEY] if one.semester == FIRST] == days


def test_what_is_given_back_after_the_day_of_the_run_is_not_known_yet():
    made, _ = classes(given(withdrawn=[("放棄補助", None, date(2018, 7, 7))]), PLAN, AS_OF)
    assert {one.until for one in running(made)[KEY]} == {None}


@pytest.mark.parametrize(
    ("awarded", "approved", "withdrawn", "days"),
    [
        (2, 0, [("放棄補助", None, date(2018, 2, 20))], [date(2018, 2, 20)] * 2),
        (0, 2, (), [None, None]),
        (pd.NA, 2, (), [None, None]),
        (0, 0, (), []),
    ],
)
def test_a_school_runs_what_it_was_awarded_or_what_it_followed_with(awarded, approved, withdrawn, days):
    made, _ = classes(given(awarded=awarded, approved=approved, withdrawn=withdrawn), PLAN, AS_OF)
    assert [one.until for one in running(made)[KEY] if one.semester == FIRST] == days


def test_a_row_that_the_award_did_not_follow_ends_no_class():
    """W2: a school cannot give back by 減班 all that it has; `approved` stayed as it was."""
    made, _ = classes(given(withdrawn=[("減班", 2, date(2018, 2, 20))]), PLAN, AS_OF)
    assert {one.until for one in running(made)[KEY]} == {None}


def test_without_the_register_nothing_was_given_back():
    made = given(withdrawn=[("放棄補助", None, date(2018, 5, 7))])
    made, _ = classes(made.keep(*(name for name in made if name != "withdrawals")), PLAN, AS_OF)
    assert {one.until for one in running(made)[KEY]} == {None}


def test_the_classes_of_the_revised_plan_count_before_those_of_the_first():
    made = given()
    revised = [
        {"file": "修正.xlsx", "semester": FIRST, "grade": 6, "section": name} for name in ("3班", "4班")
    ]
    made = made.put(
        schools=made["schools"].assign(revised_file="修正.xlsx"), revised_classes=pd.DataFrame(revised)
    )
    assert names(classes(made, PLAN, AS_OF)[0]) == ["6年3班", "6年4班"]


def test_a_classroom_without_an_end_owes_always():
    assert Classroom(FIRST, "5年1班").owes(date(2030, 1, 1))


# Laws ------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["5年1班", "5年2班", "5年3班", "6年1班", "6年9班", ""])
REQUESTS = st.lists(
    st.fixed_dictionaries({"old": NAMES, "new": NAMES, "day": st.dates(date(2018, 2, 1), date(2018, 6, 30)),
                           "semester": st.sampled_from([FIRST, SECOND])}),
    max_size=5,
)  # fmt: skip
GIVEN_BACK = st.lists(
    st.tuples(st.just("減班"), st.integers(1, 2), st.dates(date(2018, 4, 1), date(2018, 6, 30))), max_size=2
)


@law_of(60)
@supposing(st.integers(1, 5), REQUESTS, GIVEN_BACK)
def test_counts_follow_the_approved_classes_after_every_change(approved, requests, given_back):
    """T6, T1: whatever is asked, a semester runs as many classes as were approved, less those given back by then."""
    made, _ = classes(
        given(*requests, awarded=approved, approved=approved, withdrawn=given_back), PLAN, AS_OF
    )
    own = running(made)[KEY]
    duties = school_duties(PLAN, own)
    for item, months in PLAN.deliverables.classes.items():
        for due in map(month_end, months):
            left = max(0, approved - sum(number for _, number, day in given_back if day <= due))
            assert {len(of(own, semester, due)) for semester in (FIRST, SECOND)} == {left}
            assert sum(one.count for one in duties if (one.item, one.due) == (item, due)) == left


@law_of(60)
@supposing(st.integers(1, 5), REQUESTS)
def test_no_two_classes_of_a_semester_bear_one_name(approved, requests):
    """T6"""
    made, _ = classes(given(*requests, awarded=approved, approved=approved), PLAN, AS_OF)
    for semester in (FIRST, SECOND):
        assert len(set(names(made, semester))) == approved
