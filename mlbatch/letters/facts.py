"""What each letter says, as facts (公文要素): formatted, never computed.

One dataclass for each kind of letter; its fields are the names that a template may use, so a clerk
who edits a template in Word can look them up here or in the templates' README.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import pandas as pd

from mlbatch import money, roc
from mlbatch.finding import Severity
from mlbatch.plan import Plan
from mlbatch.recipient import Recipient
from mlbatch.tables import WAITING, Tables


@dataclass(frozen=True)
class Head:
    """The parts that every letter has: the office, the recipient, and the formal lines."""

    agency: str  # 發文機關全銜
    address: str  # 機關地址
    officer: str  # 承辦人
    telephone: str  # 電話
    fax: str  # 傳真
    email: str  # 電子信箱
    number_prefix: str  # 發文字，例如 臺教資(三)字第
    signatory: str  # 署名
    recipient: str  # 受文者
    polite: str  # 貴府、貴局或貴校
    title: str  # 計畫名稱
    year: str  # 年度
    copies: str  # 副本收受者


@dataclass(frozen=True)
class SchoolRow:
    """One school of a funding table; amounts with thousands, in 元."""

    number: str  # 序號
    code: str  # 學校代碼
    name: str  # 學校名稱
    level: str  # 學制
    classes: str  # 核定班級數
    current: str  # 經常門
    capital: str  # 資本門
    coach: str  # 教練學校補助（經常門）
    grant: str  # 補助合計
    own_share: str  # 自籌


@dataclass(frozen=True)
class SumRow:
    """One line below the schools: county grant, reduction, workshop."""

    label: str  # 項目
    amount: str  # 金額（元）
    cite: str  # 依據條次


@dataclass(frozen=True)
class AwardFacts(Head):
    """核定函: the schools that are funded, the county's own lines, the sum, and what is due by when."""

    schools: list[SchoolRow]  # 各校
    lines: list[SumRow]  # 縣市補助、扣減、工作坊
    school_count: str  # 核定校數
    class_count: str  # 核定班級數合計
    current_sum: str  # 經常門合計（各校）
    capital_sum: str  # 資本門合計（各校）
    coach_sum: str  # 教練學校補助合計
    grant_sum: str  # 各校補助合計
    own_sum: str  # 各校自籌合計
    total: str  # 補助總計，例如 204萬3,295元
    total_figures: str  # 補助總計，例如 2,043,295
    own_total: str  # 自籌總計，例如 22萬7,033元
    percent: str  # 中央補助比率（百分比之數字）
    papers_due: str  # 請款文件期限


@dataclass(frozen=True)
class RefusedRow:
    """One school that gets nothing: what became of it, and why."""

    number: str  # 序號
    code: str  # 學校代碼
    name: str  # 學校名稱
    level: str  # 學制
    result: str  # 結果，例如 備取第 2 位
    why: str  # 理由
    cite: str  # 依據條次


@dataclass(frozen=True)
class RefusalFacts(Head):
    """未獲補助函: the schools that get nothing, with reason and clause."""

    schools: list[RefusedRow]  # 各校
    school_count: str  # 校數


@dataclass(frozen=True)
class FaultRow:
    """One fault that must be corrected: where, what was read, what to do."""

    number: str  # 序號
    school: str  # 學校名稱
    place: str  # 檔案、工作表、儲存格
    read: str  # 填寫內容
    what: str  # 說明
    remedy: str  # 請如何處理
    cite: str  # 依據條次


@dataclass(frozen=True)
class CorrectionFacts(Head):
    """補正通知: what must be corrected before closing."""

    faults: list[FaultRow]  # 應補正事項
    fault_count: str  # 件數
    deadline: str  # 截止時間，例如 106年9月29日中午12時


def award_facts(tables: Tables, plan: Plan, who: Recipient) -> AwardFacts | None:
    """Facts of a 核定函 from a recipient's own tables; None if none of its schools is funded."""
    schools = tables["schools"]
    funded = schools[schools["approved"].fillna(0) > 0]
    if funded.empty:
        return None
    sums = {name: int(funded[name].sum()) for name in ("current", "capital", "coach", "grant", "own_share")}
    county = tables["counties"].iloc[0] if who.county else None
    total = int(county["granted"]) if who.county else sums["grant"] + sums["coach"]
    own = int(county["own_share"]) if who.county else sums["own_share"]
    return AwardFacts(
        **_head(plan, who, _copies(funded, who)),
        schools=[_school(n, row) for n, row in enumerate(funded.to_dict("records"), 1)],
        lines=list(_county_lines(county, plan)) if who.county else [],
        school_count=f"{len(funded)}",
        class_count=f"{int(funded['approved'].sum())}",
        current_sum=_comma(sums["current"]),
        capital_sum=_comma(sums["capital"]),
        coach_sum=_comma(sums["coach"]),
        grant_sum=_comma(sums["grant"] + sums["coach"]),
        own_sum=_comma(sums["own_share"]),
        total=money.colloquial(total),
        total_figures=_comma(total),
        own_total=money.colloquial(own),
        percent=f"{int(funded['percent'].iloc[0])}",
        papers_due=_day(plan.office.papers_due),
    )


def refusal_facts(tables: Tables, plan: Plan, who: Recipient) -> RefusalFacts | None:
    """Facts of a 未獲補助函 from a recipient's own tables; None if nobody is refused."""
    schools = tables["schools"]
    refused = schools[schools["approved"].fillna(0) == 0]
    if refused.empty:
        return None
    rows = [_refused(n, row) for n, row in enumerate(refused.to_dict("records"), 1)]
    head = _head(plan, who, _copies(refused, who))
    return RefusalFacts(**head, schools=rows, school_count=f"{len(rows)}")


def correction_facts(tables: Tables, plan: Plan, who: Recipient) -> CorrectionFacts | None:
    """Facts of a 補正通知 from a recipient's own findings; None if nothing must be corrected."""
    faults = [f for f in sorted(tables.findings, key=lambda f: f.order) if f.kind.severity != Severity.NOTICE]
    if not faults:
        return None
    schools = tables["schools"]
    names = dict(zip(zip(schools["code"], schools["level"], strict=True), schools["name"], strict=True))
    rows = [
        FaultRow(
            f"{n}", names.get(f.school) or who.county or who.name,
            "　".join(part for part in (f.at.file.rpartition("/")[2], f.at.sheet, f.at.cell) if part),
            f.read, f.sentence, f.remedy, f.kind.cite,
        )
        for n, f in enumerate(faults, 1)
    ]  # fmt: skip
    closing = plan.calendar.closing
    deadline = f"{_day(closing.date())}{'中午' if closing.hour == 12 else ''}{closing.hour}時"
    head = _head(plan, who, "")
    return CorrectionFacts(**head, faults=rows, fault_count=f"{len(rows)}", deadline=deadline)


def documented(kind: type) -> Iterator[str]:
    """The names of the fields that a template of letter `kind` may use."""
    return (field.name for field in fields(kind))


def _head(plan: Plan, who: Recipient, copies: str) -> dict[str, str]:
    office = plan.office
    names = ("agency", "address", "officer", "telephone", "fax", "email", "number_prefix", "signatory")
    formal = {name: getattr(office, name) for name in names}
    own = {"recipient": who.name, "polite": who.polite, "title": plan.title, "year": f"{plan.year}"}
    return {**formal, **own, "copies": copies}


def _copies(schools: pd.DataFrame, who: Recipient) -> str:
    """A county's schools get a copy of its letter; a national school is the recipient itself."""
    return "、".join(schools["name"]) if who.county else ""


def _school(number: int, row: Mapping) -> SchoolRow:
    amounts = {name: _comma(row[name]) for name in ("current", "capital", "coach", "own_share")}
    return SchoolRow(
        number=f"{number}", code=row["code"], name=row["name"], level=row["level"],
        classes=f"{row['approved']}", grant=_comma(row["grant"] + row["coach"]), **amounts,
    )  # fmt: skip


def _county_lines(county: pd.Series, plan: Plan) -> Iterator[SumRow]:
    yield SumRow("縣市成果發表及督導費用", _comma(county["county_grant"]), plan.cite("bounds.county_min"))
    if county["reduction"]:
        cite = plan.cite("calendar.county_closing")
        yield SumRow("102至105年計畫逾期結案扣減", f"-{_comma(county['reduction'])}", cite)
    if county["workshop"]:
        yield SumRow("校長科技領導暨教師增能工作坊", _comma(county["workshop"]), "陸.三")


def _refused(number: int, row: Mapping) -> RefusedRow:
    waiting = (
        f"備取第 {row['waiting']} 位" if row["outcome"] == WAITING and not pd.isna(row["waiting"]) else ""
    )
    verdict = row["verdict"] if row["why"] else row["outcome"]
    why = row["reason"] if row["decided"] is True else row["outcome_why"]
    return RefusedRow(
        f"{number}", row["code"], row["name"], row["level"], waiting or verdict, why or row["why"],
        row["outcome_clause"] or row["clause"],
    )  # fmt: skip


def _comma(amount: int) -> str:
    return f"{int(amount):,}"


def _day(day) -> str:
    return roc.long(day).removeprefix("民國")


KINDS: Mapping[str, type] = {
    "核定函_縣市": AwardFacts,
    "核定函_國立學校": AwardFacts,
    "未獲補助函": RefusalFacts,
    "未獲補助函_國立學校": RefusalFacts,
    "補正通知": CorrectionFacts,
}
ROWS: Mapping[str, type] = {"schools": SchoolRow, "lines": SumRow, "faults": FaultRow}
REFUSED_ROWS: Mapping[str, type] = {"schools": RefusedRow}


def rows_of(kind: type) -> Mapping[str, type]:
    """The lists of a letter, with the shape of their rows."""
    lists = REFUSED_ROWS if kind is RefusalFacts else ROWS
    own: Sequence[str] = list(documented(kind))
    return {name: shape for name, shape in lists.items() if name in own}
