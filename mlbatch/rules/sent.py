"""The rules of a file before it is sent, which need no register (送件前檢核).

They work on what one file holds, in frames or in plain rows, so that `check` answers without pandas.
"""

from mlbatch.rules import budget, eligibility, listing
from mlbatch.rules.rule import Rule

RANKS = Rule("S6", "推薦序與重複推薦", "肆.四(一)2", listing.check)
GRADES = Rule("E1", "實施年級", "肆.一", eligibility.grades)
EQUIPMENT = Rule("E3", "行動載具與無線網路", "肆.二(一)", eligibility.equipment)
SEMESTERS = Rule("E4", "兩學期之實施班級", "肆.二(二)", eligibility.semesters)
SENT = Rule("G1", "經費申請表之各列", "柒.五", budget.lines)

ALONE = (RANKS, GRADES, EQUIPMENT, SEMESTERS, SENT)
# What the others are called, so that it can be said that they were left out.
NEED_REGISTERS = (
    "送件與學校名錄對照",
    "國立學校",
    "學制",
    "代碼、校名與縣市",
    "一校一縣市",
    "新申請與偏遠之認定",
    "未完成資料繳交之學校",
    "深耕計畫獲選學校",
    "班級數上限",
)

__all__ = ["ALONE", "NEED_REGISTERS"]
