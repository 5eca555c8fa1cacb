"""The tables that go from room to room: what was read, and what was decided about it.

Text columns hold `str` and never a missing value (a blank is `""`); whole numbers are `Int64`
and yes/no `boolean`, both with `pd.NA`; dates and moments are Python objects or `None`; scores
are `Decimal` objects with two places or `None`. Every table has a stated order and a fresh index.

Read (one table for each table of a form, columns as the form's fields, and besides):

    file    the file's path in the inbox, with `/`
    place   a `Place`: `row.place.at("requested")` gives the cell

    files   one row a file: file, sha256, size, modified, form, title (the form's), version,
            year, recipient, bucket, why (see BUCKETS)

Intake adds to what was read:

    listed  school (the key of the school in which the row ends), county (the list's)
    plans   school
    late    one row a school in a document of which only late versions came: form, code, level,
            name, county, file, place, school

Decided, one row a school and level in the order of counties and codes; rules add their columns
and no row ever drops out:

    schools
      roster      code, level, name, county (the directory's, where known), owner, national,
                  township, classes_in_grades (Int64), known (in the directory), listed, call (Int64: 1, or 2 if
                  recommended in a second call), county_rank (Int64),
                  list_place, planned, plan_file, plan_place,
                  listed_requested, requested (Int64; the plan's number counts),
                  claimed_new, claimed_remote (boolean),
                  officer, telephone, email
      eligibility new, remote, island, few_resources (bool)
      classes     level_cap, new_cap (Int64, NA if not new), cut_to_have (Int64, NA if not cut),
                  grade (配合等第 or ""), reduction, allowed (Int64: approved before the budget)
      waiver      waived (the waivers that touched the school, in words; "" for none)
      verdict     verdict (see VERDICTS), clause, why, closes (moment), closed (bool) of the call of the school
      review      reviews_due (Int64: marks still to come)
      ranking     content, corrected_content, record, resources, cooperation (Decimal),
                  content_points, record_points, resources_points, cooperation_points, total
                  (weighted, Decimal), record_absent (bool), rank (Int64), tied (bool), tie_break
      subsidy     fee, per_class (Int64), proposed (Int64 classes), proposed_outcome,
                  waiting (Int64 number on the waiting list), outcome_clause, outcome_why
      decision    awarded (Int64: the decision if one stands, else the proposal, and who followed),
                  approved (Int64: the same after what schools gave back), decided
                  (boolean: a decision was accepted), reason, authority (who took it), outcome (see OUTCOMES),
                  grant, coach, current, capital, percent, plan_total, own_share (Int64)

    counties (one row a county that has a school in `schools`, in ministry order)
      county, listed, plans, accepted, notes (S5 notes), cooperation (Decimal or None),
      approved_schools, approved_classes, school_grants, county_grant, reduction (B8), coach,
      workshop, granted (all together), percent, plan_total, own_share (Int64)

      payment     revised_state (see REVISED; "" for a school without grant), revised_file

    payees (one row a county or national school with a grant, in ministry order)
      payee (in full), county ("" for a national school), code, level (of a national school),
      schools, classes, current, capital, granted (Int64), list_file, list_place, unclear (bool: two
      different lists), paid_on (date), paid (Int64), due, received, unsigned, missing, late,
      gaps (Int64 papers), state (see CLAIMS), why, remind (bool), pay_now (Int64)
    papers_due (one row a paper that is due: the payee's own, then its schools')
      payee, county, code, level (of the payee), school_code, school_name, school_level ("" for the
      payee's own), paper, clause, needs (核章, 簽名 or ""), said_received, said_signed (boolean, as
      recorded), received_on (date), note, received, signed, late (bool), gap (what is wanting or ""),
      place (its row in the list, or None)

      budget      budget_state, budget_file, of schools and counties (see REVISED; "" for who gets nothing)

      closing     settlement_state (see REVISED), settlement_file, settlement_place, settlement_on, owed, refund
                  (Int64, NA while no settlement counts), open_items (Int64), closed (bool), closed_on, closing_state
                  (see CLOSINGS), of payees

    settling     one row a payee's own account and each school's account: county, code, level, payee, school_code,
                 school_name, school_level, account, planned, granted, paid, withdrawn, classes_due, left; as settled
                 spent, balance, share, owed, refund (Int64), refunded_on, reason, exempt (bool), formula
    departures   one row a departure after the last day of succession: code, level, name, change, number, day, reason,
                 remaining (semesters), amount
    closing_items one row a thing that the closing needs: the payee, school_code, school_name, school_level, item,
                 cite, due, done_on, open (bool), why
    school_closing one row a school with a grant: county, code, level, name, national, open_items, complete, open_words
    barred       one row a school that is barred: county, code, level, name, national, missing, late, items
    year_record, county_year one row a school with a grant, a county: see `rules.merit`
    school_candidates, teacher_candidates, coach_candidates: who is put forward, see `rules.merit`
    budgeted     one row a line of a budget that counts: county, code, level ("" for a county's own), name,
                 national (bool), item, account, price, quantity (Int64), measure, amount (Int64), fund, note
    coach_schools one row a school that is listed as coach or applied: code, level, name, county, national, listed, applied, funded,
                 qualified (bool), basis (clause), again (Int64 years), why, wishes (pairs of county and code)
    coached      one row a pair: coach_code, coach_level, coach_name, coach_county, coach_national, code, level, name, county,
                 national, steps (Int64), abroad (bool), state (DECIDED or PROPOSED)
    coach_needs  one row a coach that is funded, in the order in which they are served: code, level, name, county, national, wanted,
                 got, decided, counted (Int64), abroad (bool), why (too few, or "")
    unpaired     new schools without a coach; coach_duties: the rows of `duties` that coach schools owe as such (附件3.四)
    waived       one row a waiver that was applied: code, level, name, county, rule, authority,
                 letter_number, reason, decided_on
    assignments  one row a school and reviewer: code, level, reviewer, extra (bool)
    conflicts    one row a school and reviewer who keeps out of it: code, level, reviewer, why
    returned     one row a row of a score sheet: code, level, reviewer, fate (評分去向), place
    marks        one row a score that counts: code, level, reviewer, criterion_1…, total (Int64),
                 comment, place
    owed         one row a mark that is still to come: code, level, reviewer
    outstanding  one row a reviewer who owes marks: reviewer, schools (Int64)
    rule_reports one row a rule in run order: id, title, cite, result, found (Int64), skipped
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mlbatch.finding import Finding

if TYPE_CHECKING:  # a reading worker, and `check`, need no pandas
    import pandas as pd

KEY = ["code", "level"]


def records(frame: pd.DataFrame | Rows) -> list[dict[str, object]]:
    """The rows as dicts with Python's own values; many times faster than `to_dict`."""
    if isinstance(frame, Rows):
        return [dict(zip(frame.columns, row, strict=True)) for row in frame]
    names = list(frame.columns)
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*(frame[name].tolist() for name in names), strict=True)
    ]


def plain_records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows as dicts, with None for what is missing."""
    return records(frame.astype(object).where(frame.notna(), None))


def missing(value: object) -> bool:
    """Whether a cell of a table holds nothing: None, or what pandas has instead."""
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value


class Rows:
    """A small table without pandas, for the rules that look at one file: named columns, rows in their order.

    It answers what those rules ask a frame; what is missing is None.
    """

    def __init__(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """`rows` have a value for each column."""
        self.columns = tuple(columns)
        self._row = namedtuple("Row", self.columns)
        self._rows = [self._row._make(row) for row in rows]

    def __iter__(self) -> Iterator[Sequence[object]]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, name: str) -> list[object]:
        return [getattr(row, name) for row in self._rows]

    def itertuples(self, index: bool = False) -> Iterator[Sequence[object]]:
        """The rows, as a frame gives them."""
        return iter(self._rows)


# Where a file ends (檔案去向): each file in exactly one.
ACCEPTED = "採認"
SUPERSEDED = "被取代"
LATE = "逾時"
SET_ASIDE = "擱置"
NOT_YET = "基準日後"
REGISTER = "清冊"
RETURNED = "收回"  # score sheets and award lists that came back
SKIPPED = "略過"  # lock files of an open workbook and other files that hold no submission
BUCKETS = (ACCEPTED, SUPERSEDED, LATE, SET_ASIDE, NOT_YET, REGISTER, RETURNED, SKIPPED)

# What a school is after intake (資格審查結果): each school in exactly one.
QUALIFIED = "受理"
TO_CORRECT = "待補正"
WAIVED = "視同放棄"
INELIGIBLE = "不具申請資格"
DEEPENING = "改列深耕計畫"
DISQUALIFIED = "取消申請資格"
NOT_CONSIDERED = "未經推薦"
VERDICTS = (QUALIFIED, TO_CORRECT, WAIVED, INELIGIBLE, DEEPENING, DISQUALIFIED, NOT_CONSIDERED)

# What a school gets (核定結果).
APPROVED = "核定"
PARTLY = "減班核定"
WAITING = "備取"
REFUSED = "未獲補助"
WITHDRAWN = "退出"
OUTCOMES = (APPROVED, PARTLY, WAITING, REFUSED, WITHDRAWN)


def under_review(schools: pd.DataFrame) -> pd.Series:
    """Which schools are reviewed: accepted, in a call that has closed."""
    return (schools["verdict"] == QUALIFIED) & schools["closed"].astype(bool)


def still_open(schools: pd.DataFrame) -> bool:
    """Whether some school can still be corrected."""
    return not schools["closed"].astype(bool).all()


# What became of a paper that follows the decision (修正計畫書), and of a payee (請款情形).
UNRECEIVED = "未收到"
TO_REVISE = "待修正"
AS_APPROVED = "相符"
REVISED = (UNRECEIVED, TO_REVISE, AS_APPROVED)
PAYABLE = "可撥款"
TO_SUPPLY = "待補件"
NOT_SENT = "未送件"
PAID = "已撥款"
CLAIMS = (PAYABLE, TO_SUPPLY, NOT_SENT, PAID)

# Who says that a school coaches another (教練配對): the ministry, or only the batch.
DECIDED, PROPOSED = "核定", "建議"

# How far a payee is with closing the year (結案情形).
CLOSED = "已結案"
CLOSED_LATE = "逾期結案"
NOT_CLOSED = "未結案"
STILL_OPEN = "逾期未結案"
CLOSINGS = (CLOSED, CLOSED_LATE, NOT_CLOSED, STILL_OPEN)


class Later:
    """A table that is made when it is first looked into.

    `known_by` is what it is known by, where that can be told before it is made: two that are known by the same are equal.
    """

    def __init__(self, make: Callable[[], pd.DataFrame], known_by: str = "") -> None:
        self._make: Callable[[], pd.DataFrame] | None = make
        self._made: pd.DataFrame | None = None
        self.known_by = known_by

    def __call__(self) -> pd.DataFrame:
        """The table, made once."""
        if self._make:
            self._made, self._make = self._make(), None
        return self._made


class Frames(Mapping[str, "pd.DataFrame"]):
    """Tables by name, of which some may still be to be made."""

    def __init__(self, of: Mapping[str, pd.DataFrame | Later] | None = None) -> None:
        self._of = dict(of._of if isinstance(of, Frames) else of or {})

    def __getitem__(self, name: str) -> pd.DataFrame:
        one = self._of[name]
        return one() if isinstance(one, Later) else one

    def __contains__(self, name: object) -> bool:
        return name in self._of

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)

    def __reduce__(self) -> tuple:
        return Frames, (dict(self.items()),)  # to be sent, they are made

    def held(self, name: str) -> pd.DataFrame | Later | None:
        """A table as it stands, made or not; None if it is not there."""
        return self._of.get(name)

    def put(self, more: Mapping[str, pd.DataFrame | Later]) -> Frames:
        """These with some added or replaced."""
        return Frames({**self._of, **more})

    def keep(self, names: Iterable[str]) -> Frames:
        """Those called `names`, as far as they are there."""
        return Frames({name: self._of[name] for name in names if name in self._of})


@dataclass(frozen=True)
class Tables:
    """All tables by name, with the findings so far. Nothing is changed in place.

    `ready` is what a part of a rule has made ready for the parts after it (see `rules.rule.Part`): no table, and
    empty once rules have run.
    """

    frames: Mapping[str, pd.DataFrame] = field(default_factory=Frames)
    findings: tuple[Finding, ...] = ()
    ready: Mapping[str, object] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The table `name`; KeyError if no file of that kind was read."""
        return self.frames[name]

    def __contains__(self, name: str) -> bool:
        return name in self.frames

    def __iter__(self) -> Iterator[str]:
        return iter(self.frames)

    def put(self, **frames: pd.DataFrame | Later) -> Tables:
        """These tables with some added or replaced."""
        return replace(self, frames=self._frames.put(frames))

    def keep(self, *names: str) -> Tables:
        """Of these tables those called `names`, as far as they are there; all findings."""
        return replace(self, frames=self._frames.keep(names))

    def take(self, *names: str) -> Tables:
        """Of these tables those called `names`, as far as they are there; no finding."""
        return replace(self, frames=self._frames.keep(names), findings=())

    @property
    def _frames(self) -> Frames:
        return self.frames if isinstance(self.frames, Frames) else Frames(self.frames)

    def make_ready(self, name: str, what: object) -> Tables:
        """These tables with something ready for the next parts of the rules."""
        return replace(self, ready={**self.ready, name: what})

    def put_away(self) -> Tables:
        """These tables with nothing ready."""
        return replace(self, ready={})

    def found(self, findings: list[Finding]) -> Tables:
        """These tables with findings appended."""
        return replace(self, findings=(*self.findings, *findings))
