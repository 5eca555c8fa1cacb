"""A small decided month: one funded school of each kind, one waived; built by hand."""

from decimal import Decimal

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Place
from mlbatch.tables import Tables

FUNDED = {
    "code": "130601", "level": "國小", "name": "海風國小", "county": "屏東縣", "owner": "公立", "national": False,
    "county_rank": 1, "plan_file": "屏東縣/海風.xlsx", "plan_place": Place("屏東縣/海風.xlsx", "基本資料", 4, {}),
    "list_place": Place("屏東縣/名單.xlsx", "推薦學校名單", 12, {}),
    "requested": 3, "level_cap": 4, "new_cap": pd.NA, "cut_to_have": pd.NA, "remote": True, "grade": "丙",
    "waived": "", "closed": True, "reduction": 1, "allowed": 2, "verdict": "受理", "clause": "", "why": "",
    "content": Decimal("81.50"), "corrected_content": Decimal("80.00"), "record": Decimal("75.00"),
    "resources": Decimal("100.00"), "cooperation": Decimal("90.00"), "content_points": Decimal("48.90"),
    "record_points": Decimal("15.00"), "resources_points": Decimal("10.00"), "cooperation_points": Decimal("9.00"),
    "total": Decimal("82.90"), "record_absent": False, "rank": 1, "tied": False, "tie_break": "",
    "fee": 80_000, "per_class": 60_000, "proposed": 2, "proposed_outcome": "核定", "waiting": pd.NA,
    "outcome_clause": "柒.三", "outcome_why": "", "awarded": 1, "approved": 1, "decided": True, "reason": "配合校舍整建", "authority": "",
    "outcome": "核定", "grant": 140_000, "coach": 0, "current": 112_000, "capital": 28_000, "percent": 90,
    "plan_total": 155_556, "own_share": 15_556,
}  # fmt: skip
WAIVED = {
    **{name: None for name in FUNDED}, "code": "130602", "level": "國小", "name": "山嵐<國小>", "county": "屏東縣",
    "owner": "公立", "national": False, "county_rank": 2, "plan_file": "", "waived": "", "closed": True, "verdict": "視同放棄",
    "clause": "肆.四(四)4", "why": "推薦名單列有「山嵐<國小>」，但查無該校之教學實施計畫書。", "awarded": 0, "approved": 0, "outcome": "未獲補助",
}  # fmt: skip


def small_month() -> Tables:
    """Tables as they are after AWARD, with one finding."""
    finding = Finding(
        catalogue.S2_NO_PLAN,
        At("屏東縣/名單.xlsx", "推薦學校名單", "B", 13),
        {"name": "山嵐<國小>", "read": "130602"},
        ("130602", "國小"),
        "屏東縣",
    )
    files = pd.DataFrame(
        [
            {"file": "屏東縣/名單.xlsx", "bucket": "採認", "why": ""},
            {"file": "壞檔.xlsx", "bucket": "擱置", "why": "檔案無法以試算表開啟（不是壓縮檔）。"},
        ]
    )
    marks = pd.DataFrame(
        [
            {"code": "130601", "level": "國小", "reviewer": "R02", "total": 83},
            {"code": "130601", "level": "國小", "reviewer": "R01", "total": 80},
        ]
    )
    reports = pd.DataFrame(
        [
            {
                "id": "S5",
                "title": "申請公文",
                "cite": "肆.四(四)5",
                "result": "未執行",
                "found": 0,
                "skipped": "缺少「公文收文紀錄」",
            }
        ]
    )
    return Tables(findings=(finding,)).put(
        schools=pd.DataFrame([FUNDED, WAIVED], dtype=object),
        files=files,
        marks=marks,
        rule_reports=reports,
        outstanding=pd.DataFrame({"reviewer": [], "schools": []}),
        totals=pd.DataFrame([{"granted": 192_000, "budget": 200_000, "left": 8_000}]),
    )
