"""The rules of the closing, at a glance and in run order (結案). They need what PAYMENT made; `duties` is read if it is there."""

from mlbatch.rules import accounting, closing, coach_award, merit, settlement
from mlbatch.rules.rule import Rule

CLOSING = (
    Rule("Z2", "應結算之經費與退出班級", "柒.九(三)", settlement.lines, ("schools", "payees")),
    Rule("Z2", "經費收支結算表", "柒.九(三)", accounting.check, ("settling", "files")),
    Rule("Z1", "結案事項", "柒.九(一)", closing.items, ("settling", "payees")),
    Rule("Z1", "結案認定", "柒.九", closing.conclude, ("closing_items",)),
    Rule("Z3", "未繳齊資料之學校", "玖.二", closing.barred, ("closing_items",)),
    Rule("Z4", "年度紀錄", "玖.三", merit.record, ("closing_items",)),
    Rule("Z5", "優良候選", "捌.一", merit.candidates, ("year_record",)),
    Rule("K4", "輔導績優與續任", "捌.三", coach_award.conclude, ("coach_candidates",)),
)

__all__ = ["CLOSING"]
