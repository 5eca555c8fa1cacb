"""Who coaches whom (教練配對): what the ministry decided, checked, and a proposal for what is still wanting (附件3.四2, K2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import Finding, Kind
from mlbatch.matching import Coach, Cost, Novice, match
from mlbatch.plan import Plan
from mlbatch.plan.nearness import far, steps
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables, records

DECIDED, PROPOSED = "核定", "建議"
COACHED = (
    "coach_code",
    "coach_level",
    "coach_name",
    "coach_county",
    "coach_national",
    "code",
    "level",
    "name",
    "county",
    "national",
    "steps",
    "abroad",
    "state",
)
NEEDS = (
    "code",
    "level",
    "name",
    "county",
    "national",
    "wanted",
    "got",
    "decided",
    "counted",
    "abroad",
    "why",
)
UNPAIRED = ("code", "level", "name", "county", "national")
TYPES = {
    **dict.fromkeys(("national", "coach_national", "abroad"), bool),
    **dict.fromkeys(("steps", "wanted", "got", "decided", "counted"), "Int64"),
}
Key = tuple[str, str]
Row = Mapping[str, object]


def pairing(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """K2: `coached`, one row a pair, `state` 核定 (register `coach_pairs`) or 建議; `coach_needs`, one row a coach; `unpaired`.

    Coaches are the funded schools of the ministry's list. A row of the register that does not hold counts for
    nothing and is told. `why` of a coach says why it has too few schools, or none of another county.
    """
    table = _Table.of(tables, plan)
    decided, findings = _decided(tables, table, plan, as_of)
    proposed = _proposed(table, decided, plan)
    order = {key: number for number, key in enumerate(table.novices)}
    rows = [
        _pair(table, coach, key, state)
        for coach in table.coaches
        for state, own in ((DECIDED, decided), (PROPOSED, proposed))
        for key in sorted(own.get(coach, ()), key=order.__getitem__)
    ]
    given = {(row["code"], row["level"]) for row in rows}
    by_register = bool(decided) or any(f.at.file for f in findings)
    needs = [_need(table, coach, rows, plan, by_register) for coach in table.coaches]
    left = [row for key, row in table.novices.items() if key not in given]
    places = {(row["code"], row["level"]): row["place"] for row in records(tables["coaches"])}
    findings += [one for row in needs for one in _wanting(row, places, plan)]
    return tables.put(
        coached=_frame(rows, COACHED), coach_needs=_frame(needs, NEEDS), unpaired=_frame(left, UNPAIRED)
    ), findings


def _frame(rows: Sequence[Row], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return frame.astype({name: kind for name, kind in TYPES.items() if name in columns})


@dataclass(frozen=True)
class _Table:
    """Coaches in the order in which they are served, new schools by county and code, and who wishes for whom."""

    coaches: Mapping[Key, Row]
    novices: Mapping[Key, Row]
    wishes: Mapping[Key, Sequence[tuple[str, str]]] = field(default_factory=dict)

    @staticmethod
    def of(tables: Tables, plan: Plan) -> _Table:
        """Coaches that qualify come first, then by rank of the review, county and code; national schools are where they lie."""
        known = records(tables["coach_schools"])
        schools = {(row["code"], row["level"]): row for row in records(tables["schools"])}
        own = {(row["code"], row["level"]): row for row in known if row["listed"] and row["funded"]}
        qualified = {key for key, row in own.items() if row["qualified"]}

        def turn(key: Key) -> tuple:
            rank = schools[key].get("rank")
            return (
                key not in qualified,
                pd.isna(rank),
                0 if pd.isna(rank) else rank,
                plan.county_order(own[key]["county"]),
                key,
            )

        def by_place(key: Key) -> tuple:
            return plan.county_order(schools[key]["county"]), key

        new = [key for key, row in schools.items() if row["new"] and _funded(row) and key not in own]
        return _Table(
            {key: schools[key] for key in sorted(own, key=turn)},
            {key: schools[key] for key in sorted(new, key=by_place)},
            {(row["code"], row["level"]): row["wishes"] for row in known},
        )

    def steps(self, coach: Key, novice: Key) -> int:
        """How near they are; over the sea everything is far (離島)."""
        one, other = self.coaches[coach], self.novices[novice]
        if one["county"] != other["county"] and (one.get("island") or other.get("island")):
            return far()
        return steps(one["county"], other["county"])

    def abroad(self, coach: Key, novice: Key) -> bool:
        """Whether the new school lies in another county (外縣市)."""
        return self.coaches[coach]["county"] != self.novices[novice]["county"]

    def cost(self, coach: Coach, novice: Novice) -> Cost:
        """Steps, then whether the coach did not wish for it."""
        wished = any(code == novice.key[0] or (not code and county == novice.county)
                     for county, code in self.wishes.get(coach.key, ()))  # fmt: skip
        return self.steps(coach.key, novice.key), int(not wished)


def _funded(row: Row) -> bool:
    return not pd.isna(row["approved"]) and row["approved"] > 0


# What the ministry decided -------------------------------------------------------------------------


def _decided(
    tables: Tables, table: _Table, plan: Plan, as_of: date
) -> tuple[dict[Key, list[Key]], list[Finding]]:
    """Coach → its schools of the register; findings for the rows that do not hold."""
    decided: dict[Key, list[Key]] = {}
    by: dict[Key, Key] = {}
    findings = []
    schools = {(row["code"], row["level"]): row for row in records(tables["schools"])}
    for row in records(tables["coach_pairs"]) if "coach_pairs" in tables else ():
        if not row["code"] or not row["coached_code"] or not row["decided_on"] or row["decided_on"] > as_of:
            continue  # a blank is told by the form; what is decided later holds later
        coach, key = (row["code"], row["level"]), (row["coached_code"], row["coached_level"])
        if fault := _fault(row, coach, key, table, schools, decided, by, plan):
            kind, at, facts = fault
            findings.append(Finding(kind, row["place"].at(at), facts, key if at == "coached_code" else coach))
        elif key not in by:
            decided.setdefault(coach, []).append(key)
            by[key] = coach
    return decided, findings


def _fault(
    row: Row, coach: Key, key: Key, table: _Table, schools: Mapping[Key, Row], decided: Mapping[Key, list],
    by: Mapping[Key, Key], plan: Plan,
) -> tuple[Kind, str, dict[str, object]] | None:  # fmt: skip
    """Why a row of the register does not hold, at which field; a row that stands twice is once right."""
    if coach not in table.coaches:
        return catalogue.K2_NOT_A_COACH, "code", {"name": row["name"], "read": row["code"]}
    facts = {"name": row["coached_name"], "read": row["coached_code"]}
    if key not in table.novices:
        school = schools.get(key)
        if school is None or not _funded(school):
            why = "未獲核定補助"
        else:
            why = "為教練學校" if key in table.coaches else "非本年度新申請"
        return catalogue.K2_NOT_NEW, "coached_code", {**facts, "why": why}
    if key in by and by[key] != coach:
        return catalogue.K2_TWO_COACHES, "coached_code", {**facts, "other": table.coaches[by[key]]["name"]}
    if key not in by and len(decided.get(coach, ())) >= plan.coaching.schools:
        facts = {"name": table.coaches[coach]["name"], "wanted": plan.coaching.schools, "read": key[0]}
        return catalogue.K2_TOO_MANY, "coached_code", facts
    return None


# What is proposed ----------------------------------------------------------------------------------


def _proposed(table: _Table, decided: Mapping[Key, Sequence[Key]], plan: Plan) -> dict[Key, list[Key]]:
    """Coach → the schools that are proposed besides those that were decided."""
    taken = {key for own in decided.values() for key in own}
    coaches = []
    for coach, row in table.coaches.items():
        own = decided.get(coach, ())
        wants = plan.coaching.schools - len(own)
        abroad = max(0, plan.coaching.other_county - sum(table.abroad(coach, key) for key in own))
        coaches.append(Coach(coach, row["county"], wants, min(wants, abroad)))
    novices = [Novice(key, row["county"]) for key, row in table.novices.items() if key not in taken]
    return match(coaches, novices, table.cost)


def _pair(table: _Table, coach: Key, key: Key, state: str) -> Row:
    one, other = table.coaches[coach], table.novices[key]
    names = ("code", "level", "name", "county", "national")
    return {
        **{f"coach_{name}": one[name] for name in names}, **{name: other[name] for name in names},
        "steps": table.steps(coach, key), "abroad": table.abroad(coach, key), "state": state,
    }  # fmt: skip


# Who has too few -----------------------------------------------------------------------------------


def _need(table: _Table, coach: Key, rows: Iterable[Row], plan: Plan, by_register: bool) -> Row:
    """What one coach has, and why it is too little; once the ministry decides, what it decided is what counts."""
    own = [row for row in rows if (row["coach_code"], row["coach_level"]) == coach]
    decided = [row for row in own if row["state"] == DECIDED]
    counted = decided if by_register else own
    abroad = sum(row["abroad"] for row in counted) >= plan.coaching.other_county
    row = table.coaches[coach]
    return {
        **{name: row[name] for name in UNPAIRED}, "wanted": plan.coaching.schools, "got": len(own), "decided": len(decided),
        "counted": len(counted), "abroad": abroad, "why": _why(table, coach, len(counted), abroad, plan, by_register),
    }  # fmt: skip


def _why(table: _Table, coach: Key, counted: int, abroad: bool, plan: Plan, by_register: bool) -> str:
    county, novices = table.coaches[coach]["county"], table.novices.values()
    if counted >= plan.coaching.schools and abroad:
        return ""
    if by_register:
        return (
            "教練配對所列不足，建議見教練學校工作簿"
            if counted < plan.coaching.schools
            else "教練配對均列同縣市學校"
        )
    if counted < plan.coaching.schools:
        wanted = plan.coaching.schools * len(table.coaches)
        return f"新手學校 {len(novices)} 所，教練學校 {len(table.coaches)} 所共需 {wanted} 所"
    others = sum(row["county"] != county for row in novices)
    return f"外縣市之新手學校 {others} 所，不敷各教練學校分配"


def _wanting(row: Row, places: Mapping[Key, object], plan: Plan) -> Iterator[Finding]:
    """The shortfall, at the coach's row of the ministry's list."""
    key = row["code"], row["level"]
    facts = {"name": row["name"], "why": row["why"]}
    if row["counted"] < row["wanted"]:
        told = {**facts, "read": row["counted"], "wanted": row["wanted"]}
        yield Finding(catalogue.K2_TOO_FEW, places[key].at("code"), told, key)
    elif not row["abroad"]:
        told = {**facts, "read": row["county"], "wanted": plan.coaching.other_county}
        yield Finding(catalogue.K2_SAME_COUNTY, places[key].at("code"), told, key)
