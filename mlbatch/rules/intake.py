"""The rules of intake, at a glance and in run order (受理檢核).

`SINGLE` serves `check` where registers are at hand; those of its rules that need none stand in `sent.py`. `schools`,
on which the others work, is made by the roster from the directory.
"""

from mlbatch.rules import (
    classes,
    eligibility,
    filing,
    identity,
    letter,
    pairing,
    roster,
    sender,
    standing,
    verdict,
    waiver,
)  # fmt: skip
from mlbatch.rules.rule import Rule
from mlbatch.rules.sent import EQUIPMENT, GRADES, RANKS, SEMESTERS, SENT

LETTERS = ("directory", "letters_received")

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
