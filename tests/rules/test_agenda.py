"""What the month asks for, and what the clerk does next: every sentence, on its day and the day before."""

from datetime import date

import pandas as pd
import pytest

from mlbatch.plan import load_plan
from mlbatch.rules import agenda
from mlbatch.tables import QUALIFIED, TO_CORRECT, Tables

PLAN = load_plan()
CALLED, CLOSED = date(2017, 9, 28), date(2017, 9, 29)
BEFORE_AWARD, AWARD = date(2017, 11, 30), date(2017, 12, 1)


def owing(*rows):
    """The table of those who owe scores: (reviewer, schools)."""
    return Tables().put(outstanding=pd.DataFrame(rows, columns=["reviewer", "schools"]))


def test_intake_waits_for_nothing():
    assert agenda.no_wait(Tables(), PLAN, CALLED) == ""


def test_the_review_waits_for_the_day_of_closing():
    words = "徵件至 106.09.29 12:00:00 截止，截止後始進行審查。"
    assert agenda.until_closing(Tables(), PLAN, CALLED) == words
    assert agenda.until_closing(Tables(), PLAN, CLOSED) == ""


def test_the_ranking_waits_for_every_score_and_names_who_owes_them():
    words = "等候評分：尚有 2 位委員未交齊評分表：R01（3 校）、R02（1 校）。"
    assert agenda.until_scored(owing(("R01", 3), ("R02", 1)), PLAN, AWARD) == words
    assert agenda.until_scored(owing(), PLAN, AWARD) == ""


def test_the_award_waits_for_the_scores_and_then_for_december():
    assert agenda.until_award(owing(("R01", 3)), PLAN, AWARD).startswith("等候評分：")
    assert agenda.until_award(owing(), PLAN, BEFORE_AWARD) == "排序已完成；核定作業自 106.12.01 起辦理。"
    assert agenda.until_award(owing(), PLAN, AWARD) == ""


def test_the_registers_that_a_job_needs():
    due = PLAN.calendar.letter_due
    of_intake = (
        "directory", "remote", "subsidised", "incomplete", "deepening", "false_statements", "school_record", "uploads",
    )  # fmt: skip
    assert agenda.needed_registers("intake", PLAN, due) == of_intake
    assert agenda.needed_registers("intake", PLAN, date(2017, 10, 7)) == (*of_intake, "letters_received")
    assert agenda.needed_registers("review", PLAN, due) == ("reviewers", "county_record")
    assert agenda.needed_registers("award", PLAN, due) == ("fiscal", "coaches", "workshops")
    assert agenda.needed_registers("letters", PLAN, due) == ()


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ((QUALIFIED, TO_CORRECT), "請將「受文者」各資料夾（補正通知、檢核結果、待修正）寄送縣市與國立學校，於 106.09.29 12:00:00 前更正上傳。"),
        ((QUALIFIED,), "目前無待補正之學校；106.09.29 12:00:00 截止後重新執行，開始審查。"),
    ],
)  # fmt: skip
def test_the_next_step_before_closing(verdicts, words):
    made = Tables().put(schools=pd.DataFrame({"verdict": verdicts}))
    assert agenda.next_step(made, PLAN, CALLED) == words


def test_the_next_step_after_closing_follows_what_was_done():
    done = Tables()
    assert agenda.next_step(done, PLAN, CLOSED) == "受理檢核已完成；請接著執行 review 或 run 進行審查。"
    words = "請將「審查/評分表」內之評分表寄送各委員；收回後放入收件資料夾，重新執行。"
    assert agenda.next_step(owing(("R01", 1)), PLAN, CLOSED) == words
    done = owing()
    words = "請確認「審查總表」之排序與同分；106.12.01 起重新執行以核定經費。"
    assert agenda.next_step(done, PLAN, CLOSED) == words
    done = done.put(totals=pd.DataFrame())
    assert agenda.next_step(done, PLAN, AWARD) == (
        "請於「核定/核定清冊.xlsx」填核定班級數與裁示理由，放入收件資料夾後重新執行；公文為依建議所擬之草稿。"
    )
    done = done.put(decisions=pd.DataFrame())
    assert agenda.next_step(done, PLAN, AWARD) == (
        "請核對「核定與經費表」，於 Word 編修各「受文者」資料夾內之公文；各函狀態見「發文清單」，發文時執行 release。"
    )


def test_the_closing_waits_for_the_decision_and_for_its_month():
    """Z1: settling.begin."""
    decided = Tables().put(decisions=pd.DataFrame())
    assert "核定清冊" in agenda.until_year_end(Tables(), PLAN, date(2018, 12, 1))
    assert "107.12.01" in agenda.until_year_end(decided, PLAN, date(2018, 11, 30))
    assert agenda.until_year_end(decided, PLAN, date(2018, 12, 1)) == ""


def test_the_closing_says_who_is_closed_and_what_to_send():
    payees = pd.DataFrame(
        {"closing_state": ["已結案", "逾期未結案", "逾期未結案"], "closed": [True, False, False]}
    )
    said = agenda._closing(Tables().put(payees=payees), PLAN)
    assert "已結案 1 單位、逾期未結案 2 單位" in said
    assert "寄送結案函予已結案者；" in said
    assert "結算表" not in agenda._closing(Tables().put(payees=payees[:1]), PLAN)
