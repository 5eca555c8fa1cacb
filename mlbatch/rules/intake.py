"""The rules of intake, at a glance and in run order (受理檢核).

`SINGLE` serves `check`, which looks at single files before they are sent: its first four rules need
no register. `schools`, on which the others work, is made by the roster from the directory.
"""

from mlbatch.rules import (
    classes,
    eligibility,
    filing,
    identity,
    letter,
    listing,
    pairing,
    roster,
    sender,
    standing,
    verdict,
    waiver,
)  # fmt: skip
from mlbatch.rules.budgeting import SENT
from mlbatch.rules.rule import Rule

LETTERS = ("directory", "letters_received")

RANKS = Rule("S6", "推薦序與重複推薦", "肆.四(一)2", listing.check)
GRADES = Rule("E1", "實施年級", "肆.一", eligibility.grades)
EQUIPMENT = Rule("E3", "行動載具與無線網路", "肆.二(一)", eligibility.equipment)
SEMESTERS = Rule("E4", "兩學期之實施班級", "肆.二(二)", eligibility.semesters)
ROSTER = Rule("S2", "送件與學校名錄對照", "肆.四(一)2", roster.join, ("directory",))
LEVEL = Rule("E1", "學制", "肆.一", identity.level, ("directory",))
IDENTITY = Rule("E7", "代碼、校名與縣市", "肆.一", identity.agree, ("directory",))
ONE_COUNTY = Rule("S6", "一校一縣市", "肆.四(一)2", identity.one_county, ("directory",))
NATIONAL = Rule("S3", "國立學校", "肆.四(三)", pairing.national, ("directory",))
STANDING = Rule(
    "C3", "新申請與偏遠之認定", "肆.四(四)3", standing.judge, ("directory", "subsidised", "remote")
)
INCOMPLETE = Rule("E2", "未完成資料繳交之學校", "肆.一", eligibility.incomplete, ("directory", "incomplete"))
DEEPENING = Rule("E5", "深耕計畫獲選學校", "肆.四(四)2", eligibility.deepening, ("directory", "deepening"))
CAPS = Rule("C1", "班級數上限", "肆.六", classes.caps, ("directory", "subsidised", "remote"))

INTAKE = (
    Rule("S1", "截止前最後版本", "肆.四(四)4", filing.last_in_time, ("files", "uploads")),
    Rule("I1", "無法讀取檔案之送件者", "肆.四(四)4", sender.name_senders, ("uploads", "directory")),
    RANKS,
    GRADES,
    EQUIPMENT,
    SEMESTERS,
    ROSTER,
    Rule("S2", "名單與計畫書相符", "肆.四(一)2", pairing.complete, ("directory", "uploads")),
    NATIONAL,
    LEVEL,
    IDENTITY,
    ONE_COUNTY,
    STANDING,
    INCOMPLETE,
    DEEPENING,
    Rule("E6", "填寫不實", "肆.四(四)6", eligibility.false_statements, ("directory", "false_statements")),
    CAPS,
    Rule("C4", "配合度酌減與核計班級數", "肆.六(三)", classes.allow, ("directory", "school_record")),
    Rule("W1", "豁免與裁示", "肆.四(四)4", waiver.apply, ("waivers", "directory", "subsidised", "remote")),
    Rule("S5", "申請公文", "肆.四(四)5", letter.check, LETTERS),
    Rule("S4", "資格審查結果", "肆.四(四)4", verdict.conclude, ("directory", "uploads")),
)

SINGLE = (
    RANKS,
    GRADES,
    EQUIPMENT,
    SEMESTERS,
    ROSTER,
    NATIONAL,
    LEVEL,
    IDENTITY,
    ONE_COUNTY,
    STANDING,
    INCOMPLETE,
    DEEPENING,
    CAPS,
    SENT,
)

__all__ = ["INTAKE", "SINGLE"]
