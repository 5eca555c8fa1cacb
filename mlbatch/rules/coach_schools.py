"""Who may be a coach school (教練學校資格), of those that the ministry listed and those that applied (附件3.二, K1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mlbatch import catalogue
from mlbatch.directory import name_key
from mlbatch.finding import Finding, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables, records

Key = tuple[str, str]
Row = Mapping[str, object]
COLUMNS = (
    "code",
    "level",
    "name",
    "county",
    "national",
    "listed",
    "applied",
    "funded",
    "qualified",
    "basis",
    "again",
    "why",
    "wishes",
)
TYPES = {**dict.fromkeys(("national", "listed", "applied", "funded", "qualified"), bool), "again": "Int64"}


def qualification(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """K1: `coach_schools`, one row a school that is listed in 教練學校 or applied, the listed ones with a finding if they do not qualify.

    `basis` is the clause by which a school qualifies, `again` the years for which it has stayed on (續任), `why` the
    reason for which it does not. The ministry's list stands all the same: it says who is paid (附件3.三).
    """
    schools = {(row["code"], row["level"]): row for row in records(tables["schools"])}
    known, applied, wishes = _Known.of(tables, plan), _by_key(tables, "coach_applications"), _wishes(tables)
    listed = {(row["code"], row["level"]): row for row in records(tables["coaches"])[::-1]}
    rows, findings = [], []
    for key in sorted({*listed, *applied}, key=lambda key: _order(key, schools, listed, plan)):
        school = schools.get(key) or {**listed[key], "national": False, "approved": pd.NA}
        funded = not pd.isna(school["approved"]) and school["approved"] > 0
        basis, again, why = known.basis(key, plan) if funded else ("", 0, f"未獲{plan.year}年補助")
        row = {
            "code": key[0], "level": key[1], **{name: school[name] for name in ("name", "county", "national")},
            "listed": key in listed, "applied": key in applied, "funded": funded, "qualified": bool(basis), "basis": basis,
            "again": again, "why": why, "wishes": wishes.get(applied[key]["file"], ()) if key in applied else (),
        }  # fmt: skip
        rows.append(row)
        findings += _told(row, listed.get(key), applied.get(key))
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object).astype(TYPES)
    return tables.put(coach_schools=frame), findings


def _order(key: Key, schools: Mapping[Key, Row], listed: Mapping[Key, Row], plan: Plan) -> tuple:
    county = (schools.get(key) or listed[key])["county"]
    return plan.county_order(county), key


def _by_key(tables: Tables, name: str) -> dict[Key, Row]:
    """The rows that count by the school whose they are."""
    return {row["school"]: row for row in records(tables[name])} if name in tables else {}


def _wishes(tables: Tables) -> dict[str, tuple[Key, ...]]:
    """File → (county, code of a school or "") of each wish, in their order."""
    found: dict[str, list[tuple]] = {}
    for row in records(tables["coach_wishes"]) if "coach_wishes" in tables else ():
        place = 99 if pd.isna(row["wish"]) else row["wish"]
        found.setdefault(row["file"], []).append((place, row["county"], row["code"]))
    return {file: tuple((county, code) for _, county, code in sorted(own)) for file, own in found.items()}


def _told(row: Row, listed: Row | None, applied: Row | None) -> Iterable[Finding]:
    """What a school that does not qualify is told by; that a listed one is not funded is told already (B3)."""
    if row["qualified"] or (listed and not row["funded"]):
        return
    facts = {"name": row["name"], "read": row["code"], "why": row["why"]}
    place: Place = (listed or applied)["place"]
    county = "" if listed or row["national"] else row["county"]
    yield Finding(catalogue.K1_NOT_QUALIFIED, place.at("code"), facts, (row["code"], row["level"]), county)


# What the registers say ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Known:
    """School → the groups in which it won, and its rows as a coach of the qualifying year."""

    groups: Mapping[Key, set[str]]
    coached: Mapping[Key, list[Row]]

    @staticmethod
    def of(tables: Tables, plan: Plan) -> _Known:
        groups: dict[Key, set[str]] = {}
        coached: dict[Key, list[Row]] = {}
        for row in records(tables["winners"]) if "winners" in tables else ():
            groups.setdefault((row["code"], row["level"]), set()).add(row["group"])
        for row in records(tables["former_coaches"]) if "former_coaches" in tables else ():
            coached.setdefault((row["code"], row["level"]), []).append(row)
        return _Known(groups, coached)

    def basis(self, key: Key, plan: Plan) -> tuple[str, int, str]:
        """(clause by which it qualifies, years that it stays on, why it does not)."""
        terms, year = plan.coaching, plan.coaching.qualifying_year
        won = {name_key(group) for group in self.groups.get(key, ())}
        if name_key(terms.group) in won:
            return plan.cite("coaching.group"), 0, ""
        own = self.coached.get(key, [])
        if not own:
            groups = "、".join(sorted(self.groups.get(key, ())))
            other = f"獲{year}年優良學校{groups}" if groups else f"未獲{year}年優良學校"
            return (
                "",
                0,
                f"{other}而非{terms.group}，亦非{year}年教練學校"
                if groups
                else f"{other}，亦非{year}年教練學校",
            )
        again = 1 + max(0 if pd.isna(row["again"]) else int(row["again"]) for row in own)
        if wanting := self._wanting(own, again, plan):
            return "", 0, f"為{year}年教練學校，惟{'、'.join(wanting)}"
        return "附件3.二(二)", again, ""

    def _wanting(self, own: Iterable[Row], again: int, plan: Plan) -> list[str]:
        """What a coach of the qualifying year lacks: a school that won, its report, its duties, a year to stay on."""
        own, year, most = list(own), plan.coaching.qualifying_year, plan.coaching.again_most
        facts = {
            f"所輔導學校未獲選{year}年優良學校": any((row["coached_code"], row["coached_level"]) in self.groups for row in own),
            "未繳輔導成果報告": all(row["report"] is True for row in own),
            "未完成計畫執行配合度相關項目": all(row["complete"] is True for row in own),
            f"續任已逾 {most} 年": again <= most,
        }  # fmt: skip
        return [words for words, met in facts.items() if not met]
