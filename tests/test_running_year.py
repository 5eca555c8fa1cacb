"""One inbox, month after month: what is missed appears when it falls due, stays, and is in its reminder (T9)."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from mlbatch import batch, rules
from mlbatch.letters import reminder_letters
from mlbatch.obligation import OVERDUE, PRINCIPALS, STATES, THIS_MONTH, month_end
from mlbatch.recipient import recipients
from mlbatch.rules.attendance import CORE
from tests.letters.docx_file import words

INBOX = Path(__file__).parent.parent / "input_samples" / "2018-06"
PLAN = batch.load_plan()
# Of 縣立檳影國小 in 屏東縣, which hands in nothing: items and the month in which each falls due.
MISSED = {
    "學校基本資料表": "2018-01", "校內研習": "2018-03", "進度表": "2018-03", "首次輔導": "2018-03", "學者專家輔導紀錄": "2018-03",
    "教師心得": "2018-04", "學生溫馨故事": "2018-05", "到校輔導": "2018-05", "教授輔導": "2018-05", "教案": "2018-06",
    "校外推廣": "2018-07", "教案（使用教育雲資源）": "2018-10", "成果報告書": "2018-11", "成果簡報": "2018-11", "成效評估": "2018-11",
}  # fmt: skip
SCHOOL = "134685"


@cache
def decided():
    """The inbox, read once, and what was decided before the running year is looked at."""
    return batch.decide(batch.read(INBOX, PLAN, date(2018, 6, 30)), until="payment")


@cache
def at(day):
    """The running year as it stands at the end of a day; what came later is not known yet."""
    return rules.run_rules(rules.TRACKING, decided().tables, decided().plan, day)[0]


def states(day, item):
    duties = at(day)["duties"]
    own = duties[(duties["code"] == SCHOOL) & (duties["item"] == item)]
    return own[own["due"] == own["due"].min()]


@pytest.mark.parametrize(("item", "month"), MISSED.items())
def test_a_missed_item_is_told_in_its_month_and_reminded_from_the_next(item, month):
    """T2, T3, T4, T5"""
    due = month_end(month)
    first = states(due, item)
    assert set(first["state"]) == {THIS_MONTH}
    assert set(first["due"]) == {due}
    after = due.replace(year=due.year + due.month // 12, month=due.month % 12 + 1, day=1)
    late = states(after, item)
    assert set(late["state"]) == {OVERDUE}
    assert set(late["before"]) == {THIS_MONTH}
    letter = next(one for one in reminder_letters(at(after), PLAN, after) if one.recipient.county == "屏東縣")
    assert item in words(letter.content)


def test_every_duty_of_every_month_has_one_state_and_none_is_lost():
    counts = set()
    for month in range(3, 13):
        duties = at(month_end(f"2018-{month:02d}"))["duties"]
        assert set(duties["state"]) <= set(STATES)
        assert not duties.duplicated(["code", "level", "county", "item", "semester", "class_", "due"]).any()
        counts.add((~duties["item"].isin((CORE, PRINCIPALS))).sum())  # these depend on the profile
    assert len(counts) == 1


def test_what_a_month_says_of_the_month_before_is_what_that_month_said():
    march, april = at(date(2018, 3, 31))["duties"], at(date(2018, 4, 30))["duties"]
    assert april["before"].tolist() == march["state"].tolist()


def test_a_version_that_came_later_changes_no_past_month():
    """澎湖縣 handed in on 3 July: June does not know it."""
    june, july = at(date(2018, 6, 30)), at(date(2018, 7, 31))
    late = {(day, OVERDUE): made["duties"].query("county == '澎湖縣' and state == @OVERDUE")["item"].count()
            for day, made in (("june", june), ("july", july))}  # fmt: skip
    assert late["june", OVERDUE] > late["july", OVERDUE]
    files = june["files"].set_index("file")["bucket"]
    assert {bucket for file, bucket in files.items() if "2018-07" in file} == {"基準日後"}


def test_the_school_that_left_owes_what_fell_due_before():
    """柒.九(三)"""
    duties, running = at(date(2018, 12, 31))["duties"], at(date(2018, 12, 31))["running"]
    left = running.groupby(["code", "level"])["until"].apply(
        lambda days: None if days.isna().any() else max(days)
    )
    for (code, level), day in left.dropna().items():
        own = duties[(duties["code"] == code) & (duties["level"] == level)]
        assert (own["due"] < day).all()
    assert left.notna().sum() >= 1


def test_who_owes_nothing_gets_no_reminder():
    """T9"""
    day = date(2018, 1, 25)
    letters, tables = reminder_letters(at(day), PLAN, day), at(day)
    late = tables["duties"].query("state == @OVERDUE")
    told = {one.recipient.county or one.recipient.school[0] for one in letters}
    assert told == set(late["county"].where(~late["national"], late["code"]))
    assert len(told) < len(recipients(tables, PLAN))
