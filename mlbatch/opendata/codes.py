"""The codes that open data uses (代碼): what each value of a closed list means, and its clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlbatch import tables
from mlbatch.finding import Severity
from mlbatch.plan import Plan
from mlbatch.withdrawal import CHANGES

Meaning = tuple[str, str]  # what a code means, and its clause or ""

OWNERS = ("公立", "私立", "國立")
NATIONAL = "國立學校"  # stands for a county where national schools are counted: they belong to none


@dataclass(frozen=True)
class Codes:
    """One closed list: its Chinese title, and its codes with their meanings, in their order."""

    title: str
    meanings: Mapping[str, Meaning]


VERDICTS: dict[str, Meaning] = {
    tables.QUALIFIED: ("資格與文件相符，進入審查。", "肆.一"),
    tables.TO_CORRECT: ("再次徵件尚未截止，仍可補正。", "肆.五"),
    tables.WAIVED: ("逾時、資料不全或格式不符，視同放棄。", "肆.四(四)4"),
    tables.INELIGIBLE: ("不符申請資格。", "肆.一"),
    tables.DEEPENING: ("獲選中小學數位學習深耕計畫，不重複補助。", "肆.四(四)2"),
    tables.DISQUALIFIED: ("填寫不實，取消資格。", "肆.四(四)6"),
    tables.NOT_CONSIDERED: ("未列於縣市之推薦學校名單。", "肆.四(一)2"),
}
OUTCOMES: dict[str, Meaning] = {
    tables.APPROVED: ("依核計之班級數補助。", "柒.三"),
    tables.PARTLY: ("補助，班級數少於核計之數。", "柒.三"),
    tables.WAITING: ("經費用罄，列入備取，依序遞補。", "柒.三"),
    tables.REFUSED: ("不予補助。", "肆.五"),
    tables.WITHDRAWN: ("核定後退出，不再補助。", "柒.九(三)"),
}
STATES: dict[str, Meaning] = {
    tables.UNRECEIVED: ("尚未收到。", "肆.七(二)"),
    tables.TO_REVISE: ("已收到，與核定不符，待修正。", "肆.七(二)"),
    tables.AS_APPROVED: ("已收到，與核定相符。", "肆.七(二)"),
}
CLAIMS: dict[str, Meaning] = {
    tables.PAYABLE: ("請款文件齊備，可以撥款。", "肆.七"),
    tables.TO_SUPPLY: ("請款文件缺漏，待補件。", "肆.七"),
    tables.NOT_SENT: ("尚未送任何請款文件。", "肆.七"),
    tables.PAID: ("已撥款。", "肆.七"),
}
MEANT = {
    "放棄補助": "學校放棄全部補助。", "減班": "學校減少班級數。",
    "改列深耕計畫": "核定後改列深耕計畫。", "取消資格": "填寫不實，取消資格。",
}  # fmt: skip
SEVERITIES: dict[str, Meaning] = {
    Severity.REJECT: ("不符規定，不予受理。", "肆.四(四)4"),
    Severity.CORRECT: ("截止前應補正；截止後視同放棄。", "肆.四(四)4"),
    Severity.NOTICE: ("提醒，對學校無影響。", ""),
    Severity.UNDERSTOOD: ("說明讀取時之認定，無須處理。", ""),
}


def code_lists(plan: Plan) -> dict[str, Codes]:
    """Every closed list by name; those of the plan year come from the plan."""
    counties = {name: (county.government, "") for name, county in plan.counties.items()}
    return {
        "level": Codes("學制", {name: ("", "肆.一") for name in plan.schools.levels}),
        "county": Codes("縣市", counties),
        "group": Codes("縣市或國立學校", {**counties, NATIONAL: ("國立學校不隸屬縣市，合併計列。", "肆.四(三)")}),
        "owner": Codes("公私立", {name: ("", "肆.一") for name in OWNERS}),
        "verdict": Codes("資格審查結果", VERDICTS),
        "outcome": Codes("核定結果", OUTCOMES),
        "state": Codes("文件情形", STATES),
        "claim": Codes("請款情形", CLAIMS),
        "change": Codes("異動事由", {name: (MEANT[name], cite) for name, cite in CHANGES.items()}),
        "severity": Codes("發現之性質", SEVERITIES),
    }  # fmt: skip
