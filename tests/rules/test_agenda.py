"""What the month asks for, and what the clerk does next: every sentence, on its day and the day before."""

from datetime import date

import pandas as pd
import pytest

from mlbatch.obligation import LATER, OVERDUE, THIS_MONTH
from mlbatch.plan import load_plan
from mlbatch.rules import agenda
from mlbatch.tables import NOT_SENT, PAID, PAYABLE, QUALIFIED, TO_CORRECT, TO_SUPPLY, Tables

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


@pytest.mark.parametrize("name", ["coaches", "coach_applications"])
def test_who_qualifies_as_a_coach_is_asked_once_one_is_listed_or_has_applied(name):
    some, none = pd.DataFrame({"code": ["080601"]}), pd.DataFrame({"code": []})
    assert agenda.coach_registers(Tables().put(**{name: some})) == ("winners", "former_coaches")
    assert agenda.coach_registers(Tables().put(**{name: none})) == ()
    assert agenda.coach_registers(Tables()) == ()


def test_letters_that_say_what_no_longer_holds_are_counted():
    assert agenda.letters_changed(2) == "另有 2 件公文之內容已變更，請先看「發文清單」。"
    assert agenda.letters_changed(0) == ""


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


def test_the_tracking_waits_for_the_decision_and_for_the_plans_first_day():
    decided = Tables().put(decisions=pd.DataFrame())
    assert agenda.until_running(Tables(), PLAN, date(2018, 1, 1)) == (
        "公文草稿已完成；等候本部裁示：收回核定清冊後，始辦理經費編列、請款與撥款。"
    )
    words = "計畫自 107.01.01 起執行，屆時始追蹤各項應辦事項。"
    assert agenda.until_running(decided, PLAN, date(2017, 12, 31)) == words
    assert agenda.until_running(decided, PLAN, date(2018, 1, 1)) == ""


# After the decision ------------------------------------------------------------------------------

LETTERS = "請核對「核定與經費表」，於 Word 編修各「受文者」資料夾內之公文；各函狀態見「發文清單」，發文時執行 release。"
REMIND = "寄送補件通知"
PAY = "就可撥款者辦理撥款，並於檢核表填撥款日期"
RECORD = "收到文件後登錄「請款/檢核表」，放入收件資料夾重新執行"


def decided(payees=None, duties=None, closing=None):
    """Payees as (state, papers received, whether reminded), states of duties, payees' closing states."""
    made = owing().put(totals=pd.DataFrame(), decisions=pd.DataFrame())
    if payees is not None:
        made = made.put(payees=pd.DataFrame(payees, columns=["state", "received", "remind"]))
    if duties is not None:
        made = made.put(duties=pd.DataFrame({"state": duties}))
    if closing is not None:
        states = pd.DataFrame({"closing_state": closing, "closed": [one == "已結案" for one in closing]})
        made = made.put(payees=states, closing_items=pd.DataFrame())
    return made


def test_while_nothing_came_and_nothing_is_overdue_payment_asks_for_nothing():
    assert agenda.next_step(decided([(NOT_SENT, 0, False)]), PLAN, AWARD) == LETTERS


@pytest.mark.parametrize(
    ("payees", "words"),
    [
        ([(NOT_SENT, 0, True)], f"請款情形：未送件 1 單位。請{REMIND}；{RECORD}。"),
        ([(NOT_SENT, 0, False), (TO_SUPPLY, 3, False)], f"請款情形：待補件 1 單位、未送件 1 單位。請{RECORD}。"),
        ([(TO_SUPPLY, 3, True), (PAYABLE, 12, False)], f"請款情形：可撥款 1 單位、待補件 1 單位。請{REMIND}；{PAY}；{RECORD}。"),
        ([(PAID, 12, False), (PAYABLE, 12, False), (PAID, 12, False)], f"請款情形：可撥款 1 單位、已撥款 2 單位。請{PAY}。"),
        ([(PAID, 12, False)], "請款情形：已撥款 1 單位。"),
    ],
)  # fmt: skip
def test_payment_says_how_many_stand_where_and_what_to_do(payees, words):
    assert agenda.next_step(decided(payees), PLAN, AWARD) == words


@pytest.mark.parametrize(
    ("duties", "words"),
    [
        ([LATER], ""),
        ([THIS_MONTH, LATER], "年度追蹤：本月到期 1 項、逾期 0 項。請收到執行紀錄簿後登錄上傳紀錄，放入收件資料夾，下月重新執行。"),
        ([OVERDUE, THIS_MONTH, OVERDUE],
         "年度追蹤：本月到期 1 項、逾期 2 項。請寄送催繳通知；收到執行紀錄簿後登錄上傳紀錄，放入收件資料夾，下月重新執行。"),
        ([OVERDUE], "年度追蹤：本月到期 0 項、逾期 1 項。請寄送催繳通知；收到執行紀錄簿後登錄上傳紀錄，放入收件資料夾，下月重新執行。"),
    ],
)  # fmt: skip
def test_the_running_year_says_what_falls_due_and_what_is_overdue(duties, words):
    assert agenda.next_step(decided(duties=duties), PLAN, AWARD) == LETTERS + words
    paying = decided([(PAID, 12, False)], duties)
    assert agenda.next_step(paying, PLAN, AWARD) == "請款情形：已撥款 1 單位。" + words


def test_in_the_plans_last_month_tracking_and_closing_are_asked_for_together():
    made = decided(duties=[OVERDUE], closing=["已結案", "未結案"])
    running = "年度追蹤：本月到期 0 項、逾期 1 項。請寄送催繳通知；收到執行紀錄簿後登錄上傳紀錄，放入收件資料夾，下月重新執行。"
    closing = (
        "結案情形：已結案 1 單位、未結案 1 單位；期限 108.02.28。"
        "請寄送結案函予已結案者；寄送結算表與催送或補件之函，收到結算表後放入收件資料夾重新執行。"
    )
    assert agenda.next_step(made, PLAN, date(2018, 12, 31)) == running + closing
    assert agenda.next_step(made, PLAN, date(2019, 1, 1)) == closing
    assert agenda.next_step(decided(closing=["已結案", "未結案"]), PLAN, date(2018, 12, 31)) == closing
