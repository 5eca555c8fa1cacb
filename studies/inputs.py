"""Which plain numbers stand in the workbooks of money, each with its source; all other figures are formulas."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from html import unescape
from io import BytesIO

from studies.cached import CELL, TYPE, parts

Input = tuple[str, str, str]  # workbook's title, sheet, column's label

HEADS = {"參數": 4, "預算": 4}  # rows in which the labels stand; of a listing the fifth
SCENARIO = re.compile(r"^(?:情境\d)(?=\w)")
SHEETS = re.compile(r"<sheet name=\"([^\"]+)\"")
STRING = re.compile(r"<si>(.*?)</si>|<si/>", re.DOTALL)
WORDS = re.compile(r"<t(?: [^>]*)?>(.*?)</t>", re.DOTALL)
TITLE = re.compile(r"<dc:title>(.*?)</dc:title>")

OF_REVIEW = "the review: ranks and marks (R6), shown with their sums in 審查總表"
OF_FORMS = "the school's plan and the county's list"
OF_CAPS = "the rules of classes (C5), before the budget"
OF_LINE = "the line (B4) or the ministry's decision in 核定清冊 (R8)"
OF_PROPOSAL = "the line as the batch drew it (B4)"
OF_DECISION = "the ministry's decision in 核定清冊 (R8), else the line (B4)"
OF_WAITING = "the waiting list (B4)"
OF_PLAN = "the plan or 辦理設定; clause, decider and day stand beside it"
OF_RATES = "參數 of 核定與經費表, where it is a formula"
OF_FISCAL = "register 財力分級; of national schools the plan's share (B7)"
OF_WORKSHOPS = "register 工作坊 (B9)"
OF_COACHES = "register 教練學校, at the plan's amount (B3)"
OF_AWARD = "核定與經費表, where it is a formula or has its source"
OF_BUDGETS = "the budget forms as they came; G1 holds each amount against price × quantity"
OF_NUMBERING = "a running number of rows, no figure"
OF_NO_GRANT = "0 in the line of a county grant of nothing"
OF_SCENARIO = "the rules under the scenario's settings (B5)"
DECLARED: dict[Input, str] = {
    ("核定與經費表", "參數", "數值"): OF_PLAN,
    ("核定與經費表", "學校", "名次"): OF_REVIEW,
    ("核定與經費表", "學校", "申請班級數"): OF_FORMS,
    ("核定與經費表", "學校", "班級數上限"): OF_CAPS,
    ("核定與經費表", "學校", "核定班級數"): OF_LINE,
    ("核定與經費表", "學校", "補助比率"): OF_FISCAL,
    ("核定與經費表", "學校", "備取順序"): OF_WAITING,
    ("核定與經費表", "縣市", "工作坊"): OF_WORKSHOPS,
    ("核定與經費表", "縣市", "補助比率"): OF_FISCAL,
    ("核定與經費表", "異動對照", "批次建議班級數"): OF_PROPOSAL,
    ("核定與經費表", "異動對照", "本部裁示班級數"): OF_DECISION,
    ("未獲補助", "未獲補助", "名次"): OF_REVIEW,
    ("未獲補助", "未獲補助", "備取順序"): OF_WAITING,
    ("審查結果", "參數", "數值"): OF_PLAN,
    ("審查結果", "審查結果", "推薦序"): OF_FORMS,
    ("審查結果", "審查結果", "申請班級數"): OF_FORMS,
    ("審查結果", "審查結果", "班級數上限"): OF_CAPS,
    ("審查結果", "審查結果", "計畫內容"): OF_REVIEW,
    ("審查結果", "審查結果", "總分"): OF_REVIEW,
    ("審查結果", "審查結果", "全國名次"): OF_REVIEW,
    ("審查結果", "審查結果", "核定班級數"): OF_LINE,
    ("審查結果", "審查結果", "差旅輔導費"): OF_RATES,
    ("審查結果", "審查結果", "每班經費"): OF_RATES,
    ("審查結果", "審查結果", "教練補助"): OF_COACHES,
    ("審查結果", "審查結果", "補助比率"): OF_FISCAL,
    ("撥款總覽", "參數", "數值"): OF_PLAN,
    ("撥款總覽", "總覽", "校數"): OF_AWARD,
    ("撥款總覽", "總覽", "班級數"): OF_AWARD,
    ("撥款總覽", "總覽", "經常門"): OF_AWARD,
    ("撥款總覽", "總覽", "資本門"): OF_AWARD,
    ("撥款總覽", "缺件", "序號"): OF_NUMBERING,
    ("計畫經費說明表", "參數", "數值"): OF_PLAN,
    ("計畫經費說明表", "計畫經費說明表", "核定班級數"): OF_LINE,
    ("計畫經費說明表", "計畫經費說明表", "教練補助"): OF_COACHES,
    ("計畫經費說明表", "計畫經費說明表", "補助合計"): OF_WORKSHOPS,
    ("計畫經費說明表", "計畫經費說明表", "補助比率"): OF_FISCAL,
    ("計畫經費說明表", "計畫經費說明表", "計畫總額"): OF_NO_GRANT,
    ("計畫經費說明表", "計畫經費說明表", "自籌"): OF_NO_GRANT,
    ("經費編列檢核", "參數", "數值"): OF_PLAN,
    ("經費編列檢核", "學校", "核定經常門"): OF_AWARD,
    ("經費編列檢核", "學校", "核定資本門"): OF_AWARD,
    ("經費編列檢核", "學校", "應自籌"): OF_AWARD,
    ("經費編列檢核", "縣市", "核定經常門"): OF_AWARD,
    ("經費編列檢核", "縣市", "核定資本門"): OF_AWARD,
    ("經費編列檢核", "縣市", "應自籌"): OF_AWARD,
    ("經費編列檢核", "明細", "單價"): OF_BUDGETS,
    ("經費編列檢核", "明細", "數量"): OF_BUDGETS,
    ("經費編列檢核", "明細", "總價"): OF_BUDGETS,
    ("縣市經費彙整表", "參數", "數值"): OF_PLAN,
    ("縣市經費彙整表", "學校", "核定經常門"): OF_AWARD,
    ("縣市經費彙整表", "學校", "核定資本門"): OF_AWARD,
    ("縣市經費彙整表", "學校", "應自籌"): OF_AWARD,
    ("縣市經費彙整表", "明細", "單價"): OF_BUDGETS,
    ("縣市經費彙整表", "明細", "數量"): OF_BUDGETS,
    ("縣市經費彙整表", "明細", "總價"): OF_BUDGETS,
    ("情境比較", "參數", "數值"): OF_PLAN,
    ("情境比較", "情境參數", "差旅輔導費（一般）"): OF_SCENARIO,
    ("情境比較", "情境參數", "差旅輔導費（偏遠、花東及屏東）"): OF_SCENARIO,
    ("情境比較", "情境參數", "差旅輔導費（離島）"): OF_SCENARIO,
    ("情境比較", "情境參數", "每班經費"): OF_SCENARIO,
    ("情境比較", "摘要", "年度預算"): OF_SCENARIO,
    ("情境比較", "摘要", "教練、縣市、工作坊，減扣減"): OF_SCENARIO,
    ("情境比較", "學校", "名次"): OF_REVIEW,
    ("情境比較", "學校", "班級數"): OF_SCENARIO,
    ("情境比較", "變動", "現行名次"): OF_REVIEW,
    ("情境比較", "變動", "現行班級數"): OF_SCENARIO,
    ("情境比較", "變動", "情境班級數"): OF_SCENARIO,
    ("情境比較", "損益點", "D3"): OF_WORKSHOPS,
    ("情境比較", "損益點", "核定順序"): OF_LINE,
    ("情境比較", "損益點", "核計班級數"): OF_CAPS,
    ("情境比較", "損益點", "教練補助"): OF_COACHES,
}


def inputs(content: bytes) -> Counter[Input]:
    """The plain numbers of a workbook: (title, sheet, label of the column) → how many."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        title = TITLE.search(package.read("docProps/core.xml").decode())[1]
        names = SHEETS.findall(package.read("xl/workbook.xml").decode())
        strings = _strings(package)
    found: Counter[Input] = Counter()
    for sheet, (_, xml) in zip(names, parts(content), strict=True):
        cells, head = CELL.findall(xml), HEADS.get(sheet, 5)
        labels = _labels(cells, strings, head)
        numbers = [cell for cell, kind, inner in cells if _plain(kind, inner)]
        found.update((title, sheet, labels[_column(cell)] if _row(cell) > head else cell) for cell in numbers)
    return found


def _plain(attributes: str, inner: str) -> bool:
    kind = TYPE.search(attributes)
    return "<v>" in inner and "<f" not in inner and (not kind or kind[1] == "n")


def _labels(cells: list[tuple[str, str, str]], strings: list[str], head: int) -> dict[str, str]:
    """Column's letter → its label; that of a scenario's column without the scenario's name."""
    return {
        _column(cell): SCENARIO.sub("", strings[int(inner[3:-4])])
        for cell, kind, inner in cells
        if _row(cell) == head and 't="s"' in kind
    }


def _row(cell: str) -> int:
    return int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _column(cell: str) -> str:
    return cell.rstrip("0123456789")


def _strings(package: zipfile.ZipFile) -> list[str]:
    xml = package.read("xl/sharedStrings.xml").decode()
    return [unescape("".join(WORDS.findall(one))).replace("\n", "") for one in STRING.findall(xml)]
