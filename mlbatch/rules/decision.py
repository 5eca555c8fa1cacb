"""What the ministry decided (本部裁示): the award list read back wins over the proposal (肆.五※).

A decision is a number of classes other than the proposed one, or any number with a reason. A blank,
or the proposed number without a reason, leaves the proposal as it is. A decision that cannot stand
is refused with a finding, and the school keeps its proposal until the list is corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from mlbatch import catalogue, figures
from mlbatch.finding import Finding, Kind, Place
from mlbatch.ledger import Asking, Claim, Key, Ledger, asking, keys_of, open_ledger
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import APPROVED, KEY, PARTLY, REFUSED, WITHDRAWN, Tables, records
from mlbatch.withdrawal import Withdrawal, withdrawals

SETTLED = "settled"  # what R8 makes ready
DECIDED_CITE = "肆.五"
Each = TypeVar("Each", int, np.ndarray)  # one, or a column of them
DECIDED = {  # the columns of R8 and their types
    "awarded": "Int64",
    "approved": "Int64",
    "decided": "boolean",
    "reason": object,
    "authority": object,
    "outcome": object,
    "outcome_clause": object,
    "outcome_why": object,
}

PROPOSED = {  # what they are of where nothing was decided: a column of B4, or a value
    "awarded": "proposed",
    "approved": "proposed",
    "outcome": "proposed_outcome",
    "outcome_clause": "outcome_clause",
    "outcome_why": "outcome_why",
}
UNDECIDED = {"decided": False, "reason": "", "authority": ""}


@dataclass(frozen=True, slots=True)
class Decision:
    """What one row of the award list decides for a school, beside what was proposed."""

    key: Key
    name: str
    claim: Claim | None
    proposed: int
    classes: int
    reason: str
    authority: str
    place: Place

    @property
    def stands_apart(self) -> bool:
        """Whether it says more than the proposal does."""
        return self.classes != self.proposed or self.reason != ""

    @property
    def words(self) -> str:
        """What was decided, why, and by whom."""
        by = f"（{self.authority}）" if self.authority else ""
        return f"本部裁示核定 {self.classes} 班：{self.reason}{by}"

    def finding(self, kind: Kind, field: str = "decided", **facts: object) -> Finding:
        """A finding about it: the ministry's own affair, so it names no county."""
        facts = {"name": self.name, "read": self.classes, "proposed": self.proposed, **facts}
        return Finding(kind, self.place.at(field), facts, self.key)


def read(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R8: columns `approved`, `decided`, `reason`, `outcome`; clause and why follow the outcome.

    Decisions that lower a school count first, then those that raise one, by rank, as long as all
    that is paid stays within the budget. What is free then goes down the line (依序遞補): to the
    school at the line, then to the waiting list in order, each up to its allowed classes, and never
    past a school that cannot be paid in full. A school with a decision of its own is settled and
    passed by; one whose decision was refused holds the line. Without an award list, approved =
    proposed. Column `awarded` has the classes so far; what schools then give back (核定後異動) is taken
    first, the decisions stand, and the rest of the money goes down the line once more.
    """
    settled, findings = _decided(tables, plan, as_of)
    return spell(settled, plan).put_away(), findings


def settle(tables: Tables, plan: Plan, as_of: date) -> Tables:
    """R8 as figures, without what it tells."""
    return _decided(tables, plan, as_of)[0]


def spell(tables: Tables, plan: Plan) -> Tables:
    """The columns of R8."""
    return tables.put(schools=_with(tables["schools"], *tables.ready[SETTLED]))


def _decided(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """What R8 makes ready, and what it finds."""
    tables = figures.put(tables)
    line = _line(tables, plan)
    decisions = _decisions(tables, line.of()) if "decisions" in tables else []
    rows = records(tables["withdrawals"]) if "withdrawals" in tables else []
    if not (decisions or rows or len(line.open)):
        return _settled(tables, _Settled(NOTHING, NOTHING, {})), []
    sound, findings = _sound(decisions)
    case = _Case(tables, plan, line, sound, frozenset(decision.key for decision in decisions))
    before = case.result({})
    left, told = withdrawals(rows, before.classes, plan, as_of)
    after = case.result({key: one.kept(before.classes[key]) for key, one in left.items()}) if left else before
    found = [*findings, *after.over, *_without_authority(after), *told]
    return _settled(tables, _Settled(before, after, left)), found


def _settled(tables: Tables, settled: _Settled) -> Tables:
    """The classes awarded and approved: those proposed, but for the schools of which something was decided."""
    proposed, touched = figures.of(tables).whole("proposed"), settled.touched
    columns = {name: proposed.copy() for name in ("awarded", "approved")}
    if touched:
        keys = figures.of(tables).once("keys", keys_of)
        rows = [(row, key) for row, key in enumerate(keys) if key in touched]
        for column, result in zip(columns.values(), (settled.before, settled.after), strict=True):
            for row, key in rows:
                column[row] = result.classes.get(key, column[row])
    return figures.put(tables, **columns).make_ready(SETTLED, settled)


def _without_authority(result: _Result) -> Iterator[Finding]:
    """Accepted decisions of which it is not said who took them: told, since an auditor will ask."""
    for decision in result.accepted.values():
        if not decision.authority:
            yield decision.finding(catalogue.R8_NO_AUTHORITY, "authority")


@dataclass(frozen=True)
class _Line:
    """The claims by rank and the classes proposed for each; `open` are the places of those that ask for more, as they wait."""

    claims: Asking
    proposed: np.ndarray
    open: np.ndarray

    def of(self) -> dict[Key, tuple[Claim, int]]:
        """Each school's claim and proposed classes."""
        pairs = zip(self.claims.claims(), self.proposed.tolist(), strict=True)
        return {claim.key: (claim, number) for claim, number in pairs}

    def following(self, ledger: Ledger, plan: Plan) -> Iterator[Claim]:
        """Those that ask for more, as they wait, less those whose county is full; each is made as it is asked for."""
        schools = np.array([ledger.schools(name) for name in self.claims.counties], dtype=np.int64)
        out = _full(self.claims.of_county, schools[self.claims.county], plan) & (self.proposed == 0)
        return map(self.claims.claim, self.open[~out[self.open]].tolist())


@dataclass(frozen=True)
class _Result:
    """What became of the line: decisions accepted, schools that followed, classes, and what was refused."""

    accepted: Mapping[Key, Decision]
    followed: Mapping[Key, int]
    classes: Mapping[Key, int]
    over: Sequence[Finding]


NOTHING = _Result({}, {}, {}, ())  # where nobody decided and nobody asks for more


class _Settled(NamedTuple):
    """The line before schools gave classes back, and after; `left`: what each of these gave back."""

    before: _Result
    after: _Result
    left: Mapping[Key, Withdrawal]

    @property
    def touched(self) -> set[Key]:
        """The schools of which something was decided."""
        before, after, left = self
        return {*before.accepted, *after.accepted, *before.followed, *after.followed, *left}


@dataclass(frozen=True)
class _Case:
    """The line with its proposals, and what was decided about it; `decided`: also what was refused."""

    tables: Tables
    plan: Plan
    line: _Line
    sound: Sequence[Decision]
    decided: frozenset[Key]

    def result(self, left: Mapping[Key, int]) -> _Result:
        """The line after schools gave classes back; `left`: what each of them keeps."""
        ledger = open_ledger(self.tables, self.plan)
        ledger.pay_in_turn(self.line.claims, self.line.proposed)
        known = self.line.of() if left else {}
        for key, classes in left.items():
            ledger.pay(known[key][0], classes)
        accepted, over = _settle([one for one in self.sound if one.key not in left], ledger)
        refused = set(self.decided) - set(accepted) - set(left)
        followed = _follow(
            self.line.following(ledger, self.plan), ledger, set(accepted) | set(left), refused, self.plan
        )
        return _Result(accepted, followed, ledger.held(), over)


def _line(tables: Tables, plan: Plan) -> _Line:
    """The ranked schools with what is proposed; who asks for more: those with classes, then the waiting list."""
    asked, schools = asking(tables, plan), figures.of(tables)
    proposed, waiting = (schools.whole(name)[asked.rows] for name in ("proposed", "waiting"))
    wanting = np.flatnonzero(proposed < asked.allowed)
    return _Line(asked, proposed, wanting[np.argsort(waiting[wanting], kind="stable")])


def _decisions(tables: Tables, line: Mapping[Key, tuple[Claim, int]]) -> list[Decision]:
    """The rows that decide something, in the order of the list."""
    rows, schools = tables["decisions"], tables["schools"]
    names = {(code, level): name for code, level, name in _records(schools, [*KEY, "name"])}
    decisions = []
    columns = [*KEY, "decided", "reason", "authority", "place"]
    for code, level, classes, reason, authority, place in _records(rows, columns):
        if pd.isna(classes):
            continue
        key = (code, level)
        claim, proposed = line.get(key, (None, 0))
        name = names.get(key, code)
        said = (reason.strip(), authority.strip(), place)
        decisions.append(Decision(key, name, claim, proposed, classes, *said))
    return [row for row in decisions if row.claim is None or row.stands_apart]


def _sound(decisions: Sequence[Decision]) -> tuple[list[Decision], list[Finding]]:
    """Those that can stand by themselves, one a school and by rank; findings for the others."""
    by_school: dict[Key, list[Decision]] = {}
    for decision in decisions:
        by_school.setdefault(decision.key, []).append(decision)
    sound, findings = [], []
    for rows in by_school.values():
        faults = [fault for row in rows for fault in _faults(row, rows)]
        findings += faults
        if not faults:
            sound.append(rows[0])
    return sorted(sound, key=lambda decision: decision.claim.rank), findings


def _faults(row: Decision, rows: Sequence[Decision]) -> list[Finding]:
    if row.claim is None:
        return [row.finding(catalogue.R8_UNKNOWN_SCHOOL, "code", read=row.key[0])]
    faults = []
    if len({(other.classes, other.reason) for other in rows}) > 1:
        others = "、".join(str(other.place.row) for other in rows if other is not row)
        faults.append(row.finding(catalogue.R8_TWO_DECISIONS, other=others))
    if not row.reason:
        faults.append(row.finding(catalogue.R8_NO_REASON, "reason"))
    if row.classes > row.claim.allowed:
        faults.append(row.finding(catalogue.R8_OVER_CAP, cap=row.claim.allowed))
    return faults


def _settle(decisions: Sequence[Decision], ledger: Ledger) -> tuple[dict[Key, Decision], list[Finding]]:
    """Enter the decisions in the ledger, the lowering ones first; refuse what it cannot pay."""
    accepted, findings = {}, []
    for decision in sorted(decisions, key=lambda row: row.classes > row.proposed):
        total = ledger.spent_with(decision.claim, decision.classes)
        if decision.classes > decision.proposed and total > ledger.total:
            facts = {"total": f"{total:,}", "budget": f"{ledger.total:,}"}
            findings.append(decision.finding(catalogue.R8_OVER_BUDGET, **facts))
            continue
        ledger.pay(decision.claim, decision.classes)
        accepted[decision.key] = decision
    return accepted, findings


def _follow(
    line: Iterable[Claim], ledger: Ledger, settled: set[Key], refused: set[Key], plan: Plan
) -> dict[Key, int]:
    """The classes of schools that follow (依序遞補): those of `line` that get more than was proposed."""
    followed: dict[Key, int] = {}
    for claim in line:
        has = ledger.classes(claim)
        full = _full(claim.county != "", ledger.schools(claim.county), plan)
        if claim.key in settled or has >= claim.allowed or (full and not has):
            continue
        classes = has if claim.key in refused else ledger.most(claim)
        if classes > has:
            ledger.pay(claim, classes)
            followed[claim.key] = classes
        if classes < claim.allowed:
            break
    return followed


def _full(of_county: Each, schools: Each, plan: Plan) -> Each:
    """Whether a county has as many schools as it may; with columns, whether each one's has."""
    most = plan.budget.max_schools
    return of_county & (most > 0) & (schools >= most)


def _with(
    schools: pd.DataFrame, before: _Result, after: _Result, left: Mapping[Key, Withdrawal]
) -> pd.DataFrame:
    """The columns of R8: those of the proposal, but for the schools of which something was decided."""
    columns = {name: schools[own] for name, own in PROPOSED.items()} | {
        name: pd.Series(value, schools.index, dtype=DECIDED[name]) for name, value in UNDECIDED.items()
    }
    if touched := _Settled(before, after, left).touched:
        lists = {name: column.tolist() for name, column in columns.items()}
        for row, (key, allowed) in enumerate(_allowed(schools)):
            if key in touched:
                own = {name: values[row] for name, values in lists.items()}
                for name, value in _touched(key, allowed, own, (before, after), left.get(key)).items():
                    lists[name][row] = value
        columns = {
            name: pd.Series(lists[name], schools.index, dtype=dtype) for name, dtype in DECIDED.items()
        }
    return schools.assign(**{name: columns[name] for name in DECIDED})


def _allowed(schools: pd.DataFrame) -> Iterator[tuple[Key, int]]:
    return (((code, level), allowed) for code, level, allowed in _records(schools, [*KEY, "allowed"]))


def _touched(
    key: Key,
    allowed: int,
    own: Mapping[str, object],
    results: tuple[_Result, _Result],
    left: Withdrawal | None,
) -> dict[str, object]:
    """What R8 says of a school of which something was decided; `own` is what was proposed."""
    before, after = results
    awarded, approved = (result.classes.get(key, own["approved"]) for result in results)
    said = {**own, "awarded": awarded, "approved": approved}
    decision = before.accepted.get(key) or after.accepted.get(key)
    if decision:
        said |= {"decided": True, "reason": decision.reason, "authority": decision.authority}
        said |= _said(_outcome(decision.classes, allowed), DECIDED_CITE, decision.words)
    elif key in after.followed:
        who = "前列學校退出或減班" if approved > awarded else "前列學校經裁示核減"
        words = f"{who}，依序遞補，核定 {approved} 班。"
        said |= _said(_outcome(approved, allowed), DECIDED_CITE, words)
    if left:
        said |= _said(PARTLY if approved else WITHDRAWN, left.clause, left.words(awarded))
    return said


def _said(outcome: str, clause: str, why: str) -> dict[str, str]:
    return {"outcome": outcome, "outcome_clause": clause, "outcome_why": why}


def _records(table: pd.DataFrame, columns: list[str]) -> Iterator[tuple]:
    """The rows as tuples of plain Python values."""
    return zip(*(table[name].tolist() for name in columns), strict=True)


def _outcome(classes: int, allowed: int) -> str:
    if not classes:
        return REFUSED
    return PARTLY if classes < allowed else APPROVED
