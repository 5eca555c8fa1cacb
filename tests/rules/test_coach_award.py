"""K4: the award for coaching, and who may stay on (捌.三)."""

from datetime import date

import pandas as pd
import pytest

from mlbatch.forms.next_year import VALUES
from mlbatch.obligation import COACH_MEETING, COACH_REPORT
from mlbatch.rules import coach_award
from mlbatch.tables import Tables
from tests.rules.coach_tables import LEVEL, PLAN, SCHOOL_COLUMNS, coach, code, frame, won

NEW = {"code": code(12), "level": LEVEL, "name": "第12國小", "county": "臺中市", "national": False}
COACH = {f"coach_{name}": value for name, value in zip(("code", "level", "name", "county", "national"),
                                                       (code(1), LEVEL, "第1國小", "南投縣", False), strict=True)}  # fmt: skip


def concluded(prizes=(12,), lacking=(), complete=True, again=0, state="核定"):
    """K4 for one coach of one school; `lacking`: items of its duties that are not done, `prizes` None: not known."""
    schools = pd.DataFrame([coach(1, "南投縣")])
    items = [COACH_REPORT, COACH_MEETING]
    duties = [
        {"code": code(1), "level": LEVEL, "item": item, "number": 1, "done": int(item not in lacking)}
        for item in items
    ]
    made = Tables().put(
        schools=schools,
        coaches=frame("coaches", [{"county": "南投縣", "code": code(1), "name": "第1國小", "level": LEVEL}]),
        coach_candidates=pd.DataFrame([{"county": "南投縣", "code": code(1), "level": LEVEL, "name": "第1國小", "score": 90,
                                        "complete": complete, "coaching": ""}]),
        coach_duties=pd.DataFrame(duties), coached=pd.DataFrame([{**COACH, **NEW, "state": state}]),
        coach_schools=pd.DataFrame([{"code": code(1), "level": LEVEL, "again": again}]),
    )  # fmt: skip
    if prizes is not None:
        made = made.put(prizes=frame("prizes", [won(n) for n in prizes]))
    made, findings = coach_award.conclude(made, PLAN, date(2019, 3, 10))
    return made, made["coach_candidates"].iloc[0], findings


def test_a_school_that_won_and_everything_complete_earns_the_award_and_a_year():
    _, row, findings = concluded()
    assert (row["winners"], row["award"], row["may_again"]) == ("臺中市第12國小", "頒發", True)
    assert findings == []


def test_no_school_won():
    _, row, findings = concluded(prizes=(99,))
    assert (row["winners"], row["award"], row["may_again"]) == ("", "不頒發", False)
    assert findings == []


def test_before_the_winners_are_known_nothing_is_concluded():
    _, row, findings = concluded(prizes=None)
    assert (row["award"], row["may_again"], findings) == ("尚待評選", False, [])


def test_a_proposed_pair_is_no_coaching():
    _, row, _ = concluded(state="建議")
    assert (row["coached"], row["award"]) == ("", "不頒發")


@pytest.mark.parametrize(
    ("lacking", "complete", "why"),
    [
        ((COACH_REPORT,), True, "輔導成果報告"),
        ((COACH_MEETING,), True, "教練學校會議"),
        ((), False, "計畫應繳資料"),
        ((COACH_REPORT,), False, "輔導成果報告、計畫應繳資料"),
    ],
)
def test_what_is_wanting_is_named_at_the_ministrys_list_and_to_the_county(lacking, complete, why):
    _, row, findings = concluded(lacking=lacking, complete=complete)
    assert (row["award"], row["may_again"], row["lacking"]) == ("不頒發", False, why)
    assert [(one.kind.id, one.at.file, one.at.cell, one.county) for one in findings] == [
        ("K4-lacks", "教練學校.xlsx", "B6", "南投縣")
    ]
    assert findings[0].sentence == f"「第1國小」所輔導之學校獲選優良學校，惟尚缺：{why}。"


def test_who_has_stayed_on_already_gets_the_award_but_no_further_year():
    """coaching.again_most"""
    _, row, _ = concluded(again=1)
    assert (row["award"], row["may_again"]) == ("頒發", False)


# What next year reads ------------------------------------------------------------------------------


def test_next_year_reads_coach_and_school_with_what_was_completed():
    made, _, _ = concluded(lacking=(COACH_MEETING,))
    assert VALUES["former_coaches"](made, PLAN) == [
        {"code": code(1), "name": "第1國小", "level": LEVEL, "county": "南投縣", "coached_code": code(12), "coached_name": "第12國小",
         "coached_level": LEVEL, "report": True, "complete": False, "again": 0}
    ]  # fmt: skip


def test_a_pair_that_was_never_decided_is_not_handed_on():
    made, _, _ = concluded(state="建議")
    assert VALUES["former_coaches"](made, PLAN) == []


def test_next_year_reads_the_winners_with_their_group():
    made, _, _ = concluded()
    assert VALUES["winners"](made, PLAN) == [
        {**{name: won(12)[name] for name in SCHOOL_COLUMNS}, "group": "一般組"}
    ]
