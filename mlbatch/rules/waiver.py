"""豁免與裁示: what the ministry waived for one school, by whose authority and under which document.

A waived finding stays where it is and says so, but has no consequence any more: every output that
shows the finding shows the waiver with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import pandas as pd

from mlbatch import catalogue, roc
from mlbatch.finding import Finding, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables
from mlbatch.weighing import weighing

Key = tuple[str, str]  # (code, level)
NO_SCHOOL = "送件學校中查無此代碼與學制"
NO_FINDING = "該校沒有這項發現"
NOT_COUNTABLE = "該校申請班級數無法認定，豁免後仍無從核計"
TWICE = "同一學校之同一規則已有豁免"
REMEDY = "已豁免，無須補正。"
COLUMNS = ("rule", "code", "level", "authority", "letter_number", "reason", "decided_on", "place")


class _Waiver(NamedTuple):
    rule: str
    code: str
    level: str
    authority: str
    letter_number: str
    reason: str
    decided_on: date | None
    place: Place

    @property
    def kind(self) -> str:
        """The id of the finding that is waived."""
        return self.rule.partition(" ")[0]

    @property
    def words(self) -> str:
        """By whose authority, under which document, of which day, and why."""
        day = roc.short(self.decided_on) if self.decided_on else "日期未填"
        return f"豁免：{self.authority} {day} {self.letter_number}，{self.reason.rstrip('。')}"


@dataclass(frozen=True)
class _Schools:
    """What the waivers may touch: the schools with their names, and those whose request is known."""

    names: Mapping[Key, str]
    countable: frozenset[Key]


def apply(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """Take the consequence from what was waived; table `waived`, and column `waived` of `schools`.

    `waived` has the columns of the register but for its place, one row a waiver that was applied.
    A waiver counts from its day on. One that meets no finding is told to the ministry.
    """
    granted, findings = _granted(tables, as_of)
    weighs, applied, kept = weighing(tables), {}, []
    for finding in tables.findings:
        for key in weighs.schools(finding) if finding.kind in catalogue.SPARABLE else ():
            if waiver := granted.get((finding.kind.id, key)):
                applied[finding.kind.id, key] = waiver
                finding = finding.spared(f"〔{waiver.words}〕", REMEDY)
        kept.append(finding)
    idle = [waiver for case, waiver in granted.items() if case not in applied]
    findings += [_no_effect(waiver, NO_FINDING) for waiver in idle]
    return _put(replace(tables, findings=tuple(kept)), list(applied.values())), findings


def _granted(tables: Tables, as_of: date) -> tuple[dict[tuple[str, Key], _Waiver], list[Finding]]:
    """(finding, school) → the waiver that counts; and what is to be said of the others."""
    schools, granted, findings = _schools(tables), {}, []
    for waiver in map(_Waiver._make, tables["waivers"][list(COLUMNS)].itertuples(index=False)):
        case = waiver.kind, (waiver.code, waiver.level)
        if waiver.decided_on and waiver.decided_on > as_of:
            facts = {"read": roc.short(waiver.decided_on), "as_of": roc.short(as_of)}
            findings.append(Finding(catalogue.W1_NOT_YET, waiver.place.at("decided_on"), facts))
        elif why := _refusal(case[1], schools) or (TWICE if case in granted else ""):
            findings.append(_no_effect(waiver, why))
        else:
            granted[case] = waiver
    return granted, findings


def _schools(tables: Tables) -> _Schools:
    schools = tables["schools"]
    keys = list(zip(schools["code"], schools["level"], strict=True))
    known = schools["requested"].notna() & schools["level_cap"].notna()
    countable = frozenset(key for key, usable in zip(keys, known, strict=True) if usable)
    return _Schools(dict(zip(keys, schools["name"], strict=True)), countable)


def _refusal(school: Key, schools: _Schools) -> str:
    if school not in schools.names:
        return NO_SCHOOL
    return "" if school in schools.countable else NOT_COUNTABLE


def _no_effect(waiver: _Waiver, why: str) -> Finding:
    facts = {"read": f"{waiver.rule}　{waiver.code}", "why": why}
    return Finding(catalogue.W1_NO_EFFECT, waiver.place.at("rule"), facts)


def _put(tables: Tables, applied: list[_Waiver]) -> Tables:
    schools = tables["schools"]
    words: dict[Key, list[str]] = {}
    for waiver in applied:
        words.setdefault((waiver.code, waiver.level), []).append(f"{waiver.rule}〔{waiver.words}〕")
    keys = zip(schools["code"], schools["level"], strict=True)
    column = pd.Series(["；".join(words.get(key, ())) for key in keys], schools.index, dtype=object)
    return tables.put(schools=schools.assign(waived=column), waived=_table(applied, schools))


def _table(applied: list[_Waiver], schools: pd.DataFrame) -> pd.DataFrame:
    """The waivers in the order of the schools."""
    rows = pd.DataFrame(applied, columns=list(COLUMNS), dtype=object).drop(columns="place")
    known = schools[[*KEY, "name", "county"]].astype(object)
    return known.merge(rows, on=KEY).reset_index(drop=True)
