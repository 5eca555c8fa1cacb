"""The fields that a letter's template may use (公文欄位): the shape of what each letter says.

Every field has an identifier for the code and a Chinese name, which is what a clerk writes in
Word: `{{ 受文者 }}`. A list holds rows: `{%tr for 校 in 學校 %}` … `{{ 校.學校名稱 }}` …
`{%tr endfor %}`. All values are text, already formatted; amounts are in 新臺幣元.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import get_args, get_type_hints

from mlbatch.letters.closing_fields import CLOSING_KINDS
from mlbatch.letters.head import Head, LetterError
from mlbatch.letters.head import named as _named

WAIVERS = "對上列學校之豁免與裁示，一項一列；多數公文沒有"


@dataclass(frozen=True, kw_only=True)
class WaiverRow:
    """What was waived for a school of the letter (豁免與裁示)."""

    name: str = _named("學校名稱", "學校名錄之校名")
    item: str = _named("事項", "所豁免之檢核")
    authority: str = _named("裁示機關", "作成裁示之機關")
    day: str = _named("日期", "例：106年10月12日")
    letter_number: str = _named("公文文號", "裁示之文號")
    reason: str = _named("理由", "不含句末之句號")


@dataclass(frozen=True, kw_only=True)
class FundedRow:
    """One funded school (獲核定學校)."""

    number: str = _named("序號", "自1起")
    code: str = _named("學校代碼", "六碼")
    name: str = _named("學校名稱", "學校名錄之校名")
    level: str = _named("學制", "國小或國中")
    requested: str = _named("申請班級數", "計畫書所填")
    classes: str = _named("核定班級數", "本部核定")
    current: str = _named("經常門", "補助經費之經常門")
    capital: str = _named("資本門", "補助經費之資本門")
    coach: str = _named("教練學校", "教練學校補助，全數為經常門（附件3.三）")
    grant: str = _named("補助合計", "經常門、資本門與教練學校補助之和")
    own_share: str = _named("自籌", "相對自籌經費（柒.一）")


@dataclass(frozen=True, kw_only=True)
class LineRow:
    """A county's own line below its schools (縣市項目): its grant, a reduction, a workshop."""

    item: str = _named("項目", "縣市補助、扣減或工作坊補助")
    clause: str = _named("依據", "計畫條次")
    amount: str = _named("金額", "扣減為負數")
    own_share: str = _named("自籌", "縣市補助扣減後應自籌之數；無者為「－」")


@dataclass(frozen=True, kw_only=True)
class Award(Head):
    """核定函 to a national school (肆.七(三))."""

    schools: tuple[FundedRow, ...] = _named("學校", "獲核定之學校，一校一列")
    waivers: tuple[WaiverRow, ...] = _named("豁免", WAIVERS, blank=True)
    class_count: str = _named("班級數", "核定班級數合計")
    total: str = _named("補助總額", "例：204萬3,295元")
    own_total: str = _named("自籌總額", "例：22萬7,033元")
    percent: str = _named("補助比率", "本部補助之百分比，只有數字")
    papers_due: str = _named("領款期限", "例：107年1月31日")


@dataclass(frozen=True, kw_only=True)
class CountyAward(Award):
    """核定函 to a county (肆.七(一)1)."""

    lines: tuple[LineRow, ...] = _named("縣市項目", "縣市補助、扣減、工作坊，一項一列")
    county: str = _named("縣市", "例：南投縣")
    school_count: str = _named("校數", "獲核定之校數")
    current_sum: str = _named("經常門小計", "各校經常門之和")
    capital_sum: str = _named("資本門小計", "各校資本門之和")
    coach_sum: str = _named("教練學校小計", "各校教練學校補助之和")
    grant_sum: str = _named("補助小計", "各校補助合計之和")
    own_sum: str = _named("自籌小計", "各校自籌之和")
    total_figures: str = _named("補助總額數字", "例：2,043,295")
    own_total_figures: str = _named("自籌總額數字", "例：227,033")


@dataclass(frozen=True, kw_only=True)
class WorkshopAward(Head):
    """核定函 to a county that holds a workshop and has no funded school (陸.三)."""

    total: str = _named("補助總額", "例：30萬元")
    papers_due: str = _named("領款期限", "例：107年1月31日")


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """One school that gets nothing, or waits (未獲補助及備取學校)."""

    number: str = _named("序號", "自1起")
    code: str = _named("學校代碼", "六碼")
    name: str = _named("學校名稱", "學校名錄之校名")
    level: str = _named("學制", "國小或國中")
    result: str = _named("結果", "備取第n名、未獲補助、視同放棄、不具申請資格等")
    why: str = _named("理由", "不含句末之句號")
    clause: str = _named("依據", "計畫條次")


@dataclass(frozen=True, kw_only=True)
class Refusal(Head):
    """未獲補助函: the schools that get nothing or wait, each with reason and clause (肆.七)."""

    schools: tuple[RefusedRow, ...] = _named("學校", "未獲補助及備取之學校，一校一列")
    waivers: tuple[WaiverRow, ...] = _named("豁免", WAIVERS, blank=True)
    school_count: str = _named("校數", "列出之校數")


@dataclass(frozen=True, kw_only=True)
class FaultRow:
    """One thing to correct, or to know of (應補正事項)."""

    number: str = _named("序號", "自1起")
    weight: str = _named("性質", "補正或退件")
    school: str = _named("學校", "校名；與單一學校無關者為受文者")
    place: str = _named("檔案", "檔名")
    sheet: str = _named("工作表", "工作表名稱", blank=True)
    cell: str = _named("儲存格", "例：E7", blank=True)
    read: str = _named("讀到之內容", "儲存格所填；空白者為「（空白）」")
    what: str = _named("不符情形", "一句話")
    remedy: str = _named("請如何處理", "一句話")
    clause: str = _named("依據", "計畫條次")


@dataclass(frozen=True, kw_only=True)
class Correction(Head):
    """補正通知: what must be corrected before closing (肆.四(四)4)."""

    faults: tuple[FaultRow, ...] = _named("應補正事項", "一項一列")
    fault_count: str = _named("件數", "列出之件數")
    deadline: str = _named("補正期限", "例：106年9月29日中午12時")


@dataclass(frozen=True, kw_only=True)
class ReceiptRow:
    """One receipt (領款收據): each account has its own."""

    account: str = _named("科目", "經常門或資本門")
    formal: str = _named("國字金額", "例：壹拾貳萬元整")
    figures: str = _named("數字金額", "例：120,000")
    purpose: str = _named("用途", "校數、班級數與所含項目")


@dataclass(frozen=True, kw_only=True)
class Receipts(Head):
    """領款收據: one page an account (肆.七(一)2(1), 肆.七(三)1)."""

    receipts: tuple[ReceiptRow, ...] = _named("收據", "一科目一張；金額為0之科目不列")


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    """One known line of a request (經費申請表)."""

    item: str = _named("經費項目", "學校補助、縣市補助、工作坊補助")
    total: str = _named("總價", "計畫總額：補助與自籌之和")
    note: str = _named("說明", "校數、班級數、經資門與條次")
    planned: str = _named("計畫金額", "本部核定之計畫總額")
    granted: str = _named("補助金額", "本部核定之補助")


@dataclass(frozen=True, kw_only=True)
class Request(Head):
    """經費申請表 of a county, or of a national school (肆.七(一)2(2), 肆.七(三)2)."""

    form_title: str = _named("表名", "縣市經費申請表或經費申請表")
    period: str = _named("計畫期程", "例：107年1月1日至107年12月31日")
    lines: tuple[RequestRow, ...] = _named("項目", "已知之項目，一項一列；其餘由填表單位編列")
    planned_sum: str = _named("計畫總額", "加千分位之元")
    granted_sum: str = _named("補助總額", "加千分位之元")
    own_sum: str = _named("自籌總額", "加千分位之元")
    signatures: str = _named(
        "核章欄", "承辦人、科(課)長、局(處)長、機關首長；國立學校為承辦人、主任、主計、校長"
    )


@dataclass(frozen=True, kw_only=True)
class GapRow:
    """One paper that is wanting (缺件)."""

    number: str = _named("序號", "自1起")
    school: str = _named("學校", "校名；縣市文件為受文者")
    paper: str = _named("文件", "文件名稱")
    gap: str = _named("情形", "未收、未核章、未簽名、待修正等")
    clause: str = _named("依據", "計畫條次")


@dataclass(frozen=True, kw_only=True)
class Supply(Head):
    """請款補件通知: the papers that are wanting, each by name (肆.七)."""

    gaps: tuple[GapRow, ...] = _named("缺件", "一件一列")
    gap_count: str = _named("件數", "列出之件數")
    days: str = _named("補件日數", "文到後幾日內，只有數字")
    papers_due: str = _named("請款期限", "例：107年1月31日")
    clause: str = _named("條次", "縣市為肆.七(一)2，國立學校為肆.七(三)")
    about: str = _named("對象", "縣市為「貴府所屬學校」等，國立學校為「貴校」")


@dataclass(frozen=True, kw_only=True)
class OverdueRow:
    """One sort of duty that is overdue (逾期): an item of one school, or of the county itself, by one day."""

    number: str = _named("序號", "自1起")
    school: str = _named("學校", "校名；縣市之事項為受文者")
    item: str = _named("項目", "應辦項目，及以班為單位者之班級")
    due: str = _named("期限", "例：107.03.31")
    owing: str = _named("尚欠", "尚欠之件數或次數")
    clause: str = _named("依據", "計畫條次")


@dataclass(frozen=True, kw_only=True)
class Reminder(Head):
    """催繳通知: what is overdue, by school and item (伍.二(四))."""

    overdue: tuple[OverdueRow, ...] = _named("逾期", "一校一項一期限一列")
    count: str = _named("件數", "尚欠之件數合計")
    schools: str = _named("校數", "列出之校數，不含縣市之事項")
    days: str = _named("補正日數", "文到後幾日內，只有數字")
    until: str = _named("基準日", "例：107年3月31日")
    data_due: str = _named("資料繳交期限", "例：107年12月31日")
    barred_year: str = _named("不得申請年度", "例：109")
    about: str = _named("對象", "縣市為「貴府所屬學校」等，國立學校為「貴校」")


@dataclass(frozen=True, kw_only=True)
class PaidRow:
    """One account that is paid (撥款)."""

    account: str = _named("科目", "經常門、資本門或合計")
    amount: str = _named("金額", "加千分位之元")


@dataclass(frozen=True, kw_only=True)
class Transfer(Head):
    """撥款函: the papers are complete, the grant is paid (肆.七)."""

    lines: tuple[PaidRow, ...] = _named("撥款", "一科目一列，末列為合計")
    total: str = _named("撥款總額", "例：204萬3,295元")
    further: str = _named("續辦事項", "縣市為轉撥各校並督導，國立學校為依期程執行；不含句末之句號")
    clause: str = _named("條次", "縣市為肆.七(一)2，國立學校為肆.七(三)")
    about: str = _named("對象", "縣市為「貴府所屬學校」等，國立學校為「貴校」")


KINDS: dict[str, type[Head]] = {
    "核定函_縣市": CountyAward,
    "核定函_國立學校": Award,
    "核定函_工作坊": WorkshopAward,
    "未獲補助函": Refusal,
    "未獲補助函_國立學校": Refusal,
    "補正通知": Correction,
    "領款收據": Receipts,
    "經費申請表": Request,
    "請款補件通知": Supply,
    "撥款函": Transfer,
    "催繳通知": Reminder,
    **CLOSING_KINDS,
}

UNNUMBERED = ("領款收據", "經費申請表")  # papers that the payee fills in: without date and number of a letter

__all__ = ["KINDS", "UNNUMBERED", "Head", "LetterError"]


def names(kind: str) -> dict[str, dict[str, str]]:
    """The fields of template `kind`: name → the fields of its rows, empty unless it is a list."""
    return {label: {n: note for n, note, _ in _described(row)} if row else {}
            for label, _, row in _described(KINDS[kind])}  # fmt: skip


def documented(kind: str) -> list[tuple[str, str]]:
    """(field, what it holds) of template `kind` in order, `學校.學制` for a field of a row."""
    lines = []
    for label, note, row in _described(KINDS[kind]):
        lines.append((label, note))
        lines += [(f"{label}.{name}", own) for name, own, _ in _described(row)] if row else []
    return lines


def specimen(shape: type, *, full: bool) -> object:
    """A letter's facts for trying its template: each field says its own name, a list has two rows; only if
    `full` what may be blank is there."""
    hints = get_type_hints(shape)

    def value(one):
        if one.metadata["blank"] and not full:
            return () if get_args(hints[one.name]) else ""
        if rows := get_args(hints[one.name]):
            return (specimen(rows[0], full=full),) * 2
        return one.metadata["label"]

    return shape(**{one.name: value(one) for one in fields(shape)})


def values(facts: object) -> dict[str, object]:
    """The facts by the names that templates use; rows as dicts in a list."""
    return {label: [values(row) for row in value] if isinstance(value, tuple) else value
            for label, value, _ in _items(facts)}  # fmt: skip


def missing(facts: object) -> Iterator[str]:
    """The names of fields that have no value though they must; `學校第2列之理由` within a list."""
    for label, value, may_be_blank in _items(facts):
        if isinstance(value, tuple):
            for number, row in enumerate(value, 1):
                yield from (f"{label}第{number}列之{name}" for name in missing(row))
        if value is None or (not value and not may_be_blank):
            yield label


def _items(facts: object) -> Iterator[tuple[str, object, bool]]:
    for one in fields(facts):
        yield one.metadata["label"], getattr(facts, one.name), one.metadata["blank"]


def _described(shape: type) -> Iterator[tuple[str, str, type | None]]:
    hints = get_type_hints(shape)
    for one in fields(shape):
        row = next(iter(get_args(hints[one.name])), None)
        yield one.metadata["label"], one.metadata["note"], row
