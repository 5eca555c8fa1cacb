"""What each letter says (公文內容): from one recipient's own tables, formatted and never decided.

Every function takes tables that `recipient.only` has narrowed down, so that no letter can name
another recipient's school. A value that the tables lack becomes None, which stops the letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import pandas as pd

from mlbatch import money, roc
from mlbatch.finding import Finding
from mlbatch.letters.fields import (
    Award,
    Correction,
    CountyAward,
    FaultRow,
    FundedRow,
    LetterError,
    LineRow,
    Refusal,
    RefusedRow,
    WaiverRow,
    WorkshopAward,
)
from mlbatch.plan import Plan
from mlbatch.recipient import Recipient
from mlbatch.tables import KEY, QUALIFIED, WAITING, Tables, records

OFFICE = ("agency", "address", "officer", "telephone", "fax", "email", "number_prefix", "signatory")
WORKSHOP, WORKSHOP_CITE = "校長科技領導暨教師增能工作坊", "陸.三"
NONE, EMPTY = "－", "（空白）"


# 核定函 ------------------------------------------------------------------------------------------


def award_facts(own: Tables, plan: Plan, who: Recipient) -> Award | None:
    """核定函 to a county or a national school; None if no school of its is funded (肆.七)."""
    schools = own["schools"]
    funded = schools[schools["approved"].fillna(0) > 0]
    if funded.empty:
        return None
    shared = {
        **head(plan, who, "請查照", "、".join(funded["name"]) if who.county else ""),
        "schools": tuple(_funded(number, row) for number, row in enumerate(records(funded), 1)),
        "waivers": tuple(_waivers(own, funded)),
        "class_count": figures(_sum(funded["approved"])),
        "papers_due": day(plan.office.papers_due),
    }
    return _county_award(own, plan, funded, shared) if who.county else _school_award(funded, shared)


def _school_award(funded: pd.DataFrame, shared: Mapping) -> Award:
    row = records(funded)[0]
    own = {"total": amount(_add(row["grant"], row["coach"])), "own_total": amount(row["own_share"])}
    return Award(**shared, **own, percent=figures(row["percent"]))


def _county_award(own: Tables, plan: Plan, funded: pd.DataFrame, shared: Mapping) -> CountyAward:
    county = records(own["counties"])[0]
    sums = {name: _sum(funded[name]) for name in ("current", "capital", "coach", "grant", "own_share")}
    _agree(county, sums)
    return CountyAward(
        **shared,
        lines=tuple(_lines(county, plan, _less(county["own_share"], sums["own_share"]))),
        county=county["county"],
        school_count=figures(len(funded)),
        current_sum=figures(sums["current"]),
        capital_sum=figures(sums["capital"]),
        coach_sum=figures(sums["coach"]),
        grant_sum=figures(_add(sums["grant"], sums["coach"])),
        own_sum=figures(sums["own_share"]),
        total=amount(county["granted"]),
        total_figures=figures(county["granted"]),
        own_total=amount(county["own_share"]),
        own_total_figures=figures(county["own_share"]),
        percent=figures(county["percent"]),
    )


def _agree(county: Mapping, sums: Mapping[str, int | None]) -> None:
    """No letter goes out whose figures do not add up: raises LetterError, naming the county."""
    parts = [county[name] for name in ("school_grants", "coach", "county_grant", "workshop")]
    if _missing(*sums.values(), *parts, county["reduction"], county["granted"]):
        return  # told as a missing value when the letter is written
    agree = (
        sum(parts) - county["reduction"] == county["granted"]
        and sums["grant"] == county["school_grants"]
        and sums["coach"] == county["coach"]
        and sums["current"] + sums["capital"] == sums["grant"]
    )
    if not agree:
        raise LetterError(f"{county['county']}之核定函：各校經費之和與縣市總額不符，請通報系統維護人員。")


def workshop_facts(own: Tables, plan: Plan, who: Recipient) -> WorkshopAward | None:
    """核定函 to a county whose workshop is all that it is paid for; None for everybody else (陸.三)."""
    counties = records(own["counties"]) if "counties" in own else []
    if (own["schools"]["approved"].fillna(0) > 0).any() or not any(row["workshop"] for row in counties):
        return None
    shared = head(plan, who, "請查照")
    return WorkshopAward(
        **shared, total=amount(counties[0]["granted"]), papers_due=day(plan.office.papers_due)
    )


def _funded(number: int, row: Mapping) -> FundedRow:
    return FundedRow(
        number=f"{number}", code=row["code"], name=row["name"], level=row["level"],
        requested=figures(row["requested"]), classes=figures(row["approved"]),
        current=figures(row["current"]), capital=figures(row["capital"]), coach=figures(row["coach"]),
        grant=figures(_add(row["grant"], row["coach"])), own_share=figures(row["own_share"]),
    )  # fmt: skip


def _lines(county: Mapping, plan: Plan, own_share: int | None) -> Iterator[LineRow]:
    """The county's own lines: its grant, then what is taken off and what a workshop adds, if any."""
    grant = figures(county["county_grant"])
    cite = plan.cite("bounds.county_min")
    yield LineRow(item="縣市補助（成果發表及督導）", clause=cite, amount=grant, own_share=figures(own_share))
    if taken := _value(county["reduction"], 0):
        cite = plan.cite("calendar.county_closing")
        yield LineRow(
            item="扣減（以前年度計畫未如期結案）", clause=cite, amount=figures(-taken), own_share=NONE
        )
    if workshop := _value(county["workshop"], 0):
        yield LineRow(item=WORKSHOP, clause=WORKSHOP_CITE, amount=figures(workshop), own_share=NONE)


# 未獲補助函 --------------------------------------------------------------------------------------


def refusal_facts(own: Tables, plan: Plan, who: Recipient) -> Refusal | None:
    """未獲補助函 for the schools that get nothing or wait; None if there is none."""
    schools = own["schools"]
    refused = schools[schools["approved"].fillna(0) == 0]
    if refused.empty:
        return None
    rows = tuple(_refused(number, row) for number, row in enumerate(records(refused), 1))
    shared = head(plan, who, "請查照轉知" if who.county else "請查照")
    waivers = tuple(_waivers(own, refused))
    return Refusal(**shared, schools=rows, waivers=waivers, school_count=figures(len(rows)))


def _refused(number: int, row: Mapping) -> RefusedRow:
    return RefusedRow(
        number=f"{number}", code=row["code"], name=row["name"], level=row["level"],
        result=_result(row), why=row["outcome_why"].rstrip("。"), clause=row["outcome_clause"],
    )  # fmt: skip


def _result(row: Mapping) -> str | None:
    """What became of the school: its verdict, or its place on the waiting list, or nothing got."""
    if row["verdict"] != QUALIFIED:
        return row["verdict"]
    if row["outcome"] != WAITING:
        return row["outcome"]
    return None if _missing(row["waiting"]) else f"備取第{row['waiting']}名"


# 補正通知 ----------------------------------------------------------------------------------------


def correction_facts(own: Tables, plan: Plan, who: Recipient) -> Correction | None:
    """補正通知 with the recipient's findings that are more than a notice; None if there is none."""
    found = sorted(own.findings, key=lambda finding: finding.order)
    schools = own["schools"]
    faults = [finding for finding in found if finding.kind.severity.weighs and _correctable(finding, schools)]
    if not faults:
        return None
    keys = zip(schools["code"], schools["level"], strict=True)
    known = dict(zip(keys, schools["name"], strict=True))
    rows = (_fault(n, one, known.get(one.school) or who.name) for n, one in enumerate(faults, 1))
    shared = head(plan, who, "請查照轉知" if who.county else "請查照")
    open_ones = schools.loc[~schools["closed"].astype(bool), "closes"]
    deadline = _moment(max(open_ones, default=plan.calendar.closing))
    return Correction(**shared, faults=tuple(rows), fault_count=figures(len(faults)), deadline=deadline)


def _correctable(finding: Finding, schools: pd.DataFrame) -> bool:
    """Whether a fault can still be corrected: it stands in a call that is open, or in none by itself."""
    if not schools["closed"].any():
        return True
    keys = zip(schools["code"], schools["level"], strict=True)
    return not dict(zip(keys, schools["closed"], strict=True)).get(finding.school, True)


def _fault(number: int, finding: Finding, school: str) -> FaultRow:
    at = finding.at
    return FaultRow(
        number=f"{number}", weight=finding.kind.severity.value, school=school,
        place=at.file.rpartition("/")[2] or NONE, sheet=at.sheet, cell=at.cell,
        read=finding.read or EMPTY, what=finding.sentence, remedy=finding.remedy, clause=finding.kind.cite,
    )  # fmt: skip


def _waivers(own: Tables, schools: pd.DataFrame) -> Iterator[WaiverRow]:
    """What was waived for `schools`."""
    if "waived" not in own:
        return
    for row in records(own["waived"].merge(schools[KEY], on=KEY)):
        yield WaiverRow(
            name=row["name"], item=row["rule"].partition(" ")[2], authority=row["authority"],
            day=day(row["decided_on"]) if row["decided_on"] else None,
            letter_number=row["letter_number"], reason=row["reason"].rstrip("。"),
        )  # fmt: skip


# Words -------------------------------------------------------------------------------------------


def head(plan: Plan, who: Recipient, ending: str, copies: str = "") -> dict[str, str]:
    """What every letter has (see fields.Head)."""
    office = {name: getattr(plan.office, name) for name in OFFICE}
    own = {"recipient": who.name, "polite": who.polite, "title": plan.title}
    return {**office, **own, "ending": ending, "copies": copies}


def figures(amount: int | None) -> str | None:
    """2,043,295."""
    return None if _missing(amount) else f"{int(amount):,}"


def amount(amount: int | None) -> str | None:
    """204萬3,295元."""
    return None if _missing(amount) else money.colloquial(int(amount))


def _sum(column: pd.Series) -> int | None:
    return None if column.isna().any() else int(column.sum())


def _add(one: int | None, other: int | None) -> int | None:
    return None if _missing(one, other) else one + other


def _less(one: int | None, other: int | None) -> int | None:
    return None if _missing(one, other) else one - other


def _value(amount: int | None, otherwise: int) -> int:
    return otherwise if _missing(amount) else int(amount)


def _missing(*amounts: object) -> bool:
    return any(pd.isna(amount) for amount in amounts)


def day(day: date) -> str:
    """107年1月31日."""
    return roc.long(day).removeprefix("民國")


def _moment(moment: datetime) -> str:
    """106年9月29日中午12時."""
    part = "中午" if (moment.hour, moment.minute) == (12, 0) else "上午" if moment.hour < 12 else "下午"
    hour = moment.hour if moment.hour <= 12 else moment.hour - 12
    minute = f"{moment.minute}分" if moment.minute else ""
    return f"{day(moment.date())}{part}{hour}時{minute}"
