"""The rules of payment, at a glance and in run order (請款與撥款).

They need what AWARD made, with the ministry's decisions in; checklists and revised plans are read if
they came.
"""

from mlbatch.rules import claim, papers, payable, revision
from mlbatch.rules.rule import Rule

PAYMENT = (
    Rule("P3", "修正後教學實施計畫書", "肆.七(二)", revision.check, ("schools", "files")),
    Rule("P1", "受款單位與應備文件", "肆.七(一)2", papers.due, ("schools", "counties")),
    Rule("P1", "請款文件之收件與簽章", "肆.七(一)2", claim.recorded, ("papers_due",)),
    Rule("P1", "請款情形", "肆.七(一)2", payable.conclude, ("papers_due", "payees")),
)

__all__ = ["PAYMENT"]
