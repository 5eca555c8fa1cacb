"""The rules of intake, at a glance and in run order (受理檢核). SINGLE are those of one file alone."""

from mlbatch.rules import classes, eligibility, filing, letter, roster, standing, verdict
from mlbatch.rules.rule import Rule

_PLAN = ("plans", "classes")
_SCHOOLS = ("schools",)

GRADES = Rule("E1", "實施年級", "肆.一", eligibility.grades, _PLAN)
DEVICES = Rule("E3", "行動載具", "肆.二(一)", eligibility.devices, ("plans", "devices"))
NETWORK = Rule("E3", "無線網路", "肆.二(一)", eligibility.network, ("plans",))
SEMESTERS = Rule("E4", "兩學期實施", "肆.二(二)", eligibility.semesters, _PLAN)
RANKS = Rule("S6", "推薦序", "肆.四(一)2", roster.ranked, ("listed",))

SINGLE = (GRADES, DEVICES, NETWORK, SEMESTERS, RANKS)

INTAKE = (
    Rule("S1", "截止前最後版本", "肆.四(四)4", filing.last_in_time, ("files", "uploads")),
    Rule("E7", "名單、計畫書與名錄併表", "肆.一", roster.join, ("directory",)),
    Rule("E7", "學校代碼", "肆.一", roster.known, _SCHOOLS),
    Rule("E7", "校名與縣市", "肆.四(二)", roster.agrees, _SCHOOLS),
    RANKS,
    Rule("S6", "一校一縣市", "肆.四(一)2", roster.once, ("listed",)),
    Rule("S2", "名單與計畫書對應", "肆.四(一)2", roster.paired, _SCHOOLS),
    GRADES,
    Rule("E2", "未完成資料繳交", "肆.一", eligibility.incomplete, ("schools", "incomplete")),
    DEVICES,
    NETWORK,
    SEMESTERS,
    Rule("E5", "深耕計畫", "肆.四(四)2", eligibility.deepening, ("schools", "deepening")),
    Rule("E6", "填寫不實", "肆.四(四)6", eligibility.false_statements, ("schools", "false_statements")),
    Rule("C3", "新申請與偏遠", "肆.四(四)3", standing.stand, ("directory", "subsidised", "remote")),
    Rule("C2", "新申請與偏遠之填寫", "肆.六(二)", classes.areas, ("schools", "standing")),
    Rule("C1", "申請班級數", "肆.四(四)3", classes.requested, _SCHOOLS),
    Rule("C1", "班級數上限", "肆.六(一)", classes.caps, _SCHOOLS),
    Rule("C4", "配合度酌減", "肆.六(三)", classes.allowed, ("schools", "school_record")),
    Rule("S5", "申請公文", "肆.四(四)5", letter.letters, ("schools", "letters_received")),
    Rule("S5", "名單含不具資格之學校", "肆.四(四)5", letter.ineligible, _SCHOOLS),
    Rule("S5", "縣市配合情形", "肆.五(四)", letter.noted, _SCHOOLS),
    Rule("S4", "資格審查結果", "肆.四(四)4", verdict.conclude, ("schools", "counties")),
)

__all__ = ["INTAKE", "SINGLE"]
