"""The rules of the running year, at a glance and in run order (年度追蹤).

They need what AWARD made, with the ministry's decisions in; logbooks, profiles, requests and the organisers' lists are
read if they came.
"""

from mlbatch.rules import (
    attendance,
    coach_duties,
    coach_pairs,
    coach_schools,
    county_duties,
    deliverables,
    logbooks,
    meetings,
    running,
    visits,
)
from mlbatch.rules.rule import Rule

RUNNING, COACHES, EACH_TIME = (
    "running",
    "coaches",
    "",
)  # units: logbooks, and what follows from them, change in each run

TRACKING = (
    Rule("T6", "實施班級與異動", "伍.三(一)", running.classes, ("schools", "files"), unit=RUNNING),
    Rule("T1", "執行紀錄之版本", "附件1", logbooks.read, ("running", "schools", "files"), unit=EACH_TIME),
    Rule("T3", "繳交項目", "附件1", deliverables.hand_ins, ("running",), unit=EACH_TIME),
    Rule("T4", "學者專家輔導", "伍.三(七)", visits.advice, ("running",), unit=EACH_TIME),
    Rule("T11", "活動參與", "伍.三(十一)", attendance.presence, ("running",), unit=EACH_TIME),
    Rule("T2", "建議辦理事項", "伍.三(三)", meetings.recommended, ("running",), unit=EACH_TIME),
    Rule("T8", "推動縣市", "伍.二", county_duties.of_counties, ("running", "counties"), unit=EACH_TIME),
    Rule("K1", "教練學校資格", "附件3.二", coach_schools.qualification, ("schools", "coaches"), unit=COACHES),
    Rule("K2", "教練配對", "附件3.四2", coach_pairs.pairing, ("coach_schools", "coaches"), unit=COACHES),
    Rule(
        "K3", "教練學校工作事項", "附件3.四", coach_duties.of_coaches, ("running", "coach_needs", "coached"),
        unit=EACH_TIME,
    ),
)  # fmt: skip

__all__ = ["TRACKING"]
