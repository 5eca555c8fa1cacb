"""The fields of the letters of the closing (結案): what is asked for, what is wanting, that it is closed (柒.九)."""

from __future__ import annotations

from dataclasses import dataclass

from mlbatch.letters.head import Head, named


@dataclass(frozen=True, kw_only=True)
class OpenRow:
    """One thing that is still open (未結事項)."""

    number: str = named("序號", "自1起")
    school: str = named("學校", "校名；縣市自身之事項為受文者")
    item: str = named("事項", "結算表、繳回款、應繳資料等")
    why: str = named("情形", "未送、待修正、尚缺件數等")
    clause: str = named("依據", "計畫條次")


@dataclass(frozen=True, kw_only=True)
class SettledRow:
    """One account as it was settled (結算)."""

    account: str = named("科目", "經常門、資本門或合計")
    planned: str = named("計畫金額", "核定計畫金額，加千分位之元")
    granted: str = named("核定金額", "核定補助，加千分位之元")
    spent: str = named("實支金額", "加千分位之元")
    balance: str = named("結餘", "加千分位之元")
    refund: str = named("繳回金額", "加千分位之元")


@dataclass(frozen=True, kw_only=True)
class ClosingReminder(Head):
    """結案催送函: the settlement has not come (柒.九)."""

    items: tuple[OpenRow, ...] = named("未結事項", "一項一列，含結算表")
    due: str = named("結案期限", "例：108年2月28日")
    data_due: str = named("資料繳交期限", "例：107年12月31日")
    barred_year: str = named("不得申請年度", "例：109")
    about: str = named("對象", "縣市為「貴府及所屬學校」等，國立學校為「貴校」")
    open_count: str = named("未結件數", "含結算表之未結事項數")


@dataclass(frozen=True, kw_only=True)
class Wanting(Head):
    """結案補件通知: the settlement came, other things are still open (柒.九(一))."""

    items: tuple[OpenRow, ...] = named("未結事項", "一項一列")
    open_count: str = named("件數", "列出之件數")
    days: str = named("補件日數", "文到後幾日內，只有數字")
    due: str = named("結案期限", "例：108年2月28日")
    about: str = named("對象", "縣市為「貴府及所屬學校」等，國立學校為「貴校」")


@dataclass(frozen=True, kw_only=True)
class Closed(Head):
    """結案函: closed, with what was settled (柒.九)."""

    lines: tuple[SettledRow, ...] = named("結算", "一科目一列，末列為合計")
    granted: str = named("補助總額", "例：204萬3,295元")
    refund: str = named("繳回總額", "例：3萬元；無者為0元")
    closed_on: str = named("結案日期", "最後一項完成之日，例：108年2月20日")
    about: str = named("對象", "縣市為「貴府及所屬學校」等，國立學校為「貴校」")


CLOSING_KINDS: dict[str, type[Head]] = {
    "結案催送函": ClosingReminder,
    "結案補件通知": Wanting,
    "結案函": Closed,
}
