"""Which scores count (採計委員評分), and who still owes one (肆.五(一), R2).

Every row of a returned score sheet has one fate, and what does not count is named. A missing score
is never taken for zero.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Kind, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables, under_review

Key = tuple[str, str]  # (code, level)

# What became of a row of a score sheet (評分去向): each in exactly one.
COUNTED = "採計"
RECUSED = "迴避"
BLANK = "未填"
NOT_COUNTED = "不採"
NOT_REVIEWED = "未受理"  # the school is not, or no longer, under review


class Score(NamedTuple):
    """One row of a returned score sheet; criteria in the plan's order, None where there is none."""

    key: Key
    reviewer: str
    name: str
    criteria: tuple[int | None, ...]
    total: int | None
    comment: str
    recused: bool
    place: Place

    @property
    def sum(self) -> int:
        """The mark: the sum of the criteria that have one."""
        return sum(one for one in self.criteria if one is not None)

    @property
    def blank(self) -> bool:
        """Whether the reviewer has written nothing yet; the sheet itself may say 0 in the total."""
        return not (any(one is not None for one in self.criteria) or self.total or self.comment)

    @property
    def words(self) -> str:
        """The mark and its parts, for people."""
        return f"{self.sum} 分（{'、'.join(str(one) for one in self.criteria)}）"

    def finding(self, kind: Kind, column: str, **facts: object) -> Finding:
        """A finding about this row, at one of its cells; without county, whom reviewers do not concern."""
        known = {"reviewer": self.reviewer, "name": self.name}
        return Finding(kind, self.place.at(column), known | facts, self.key)


Judged = tuple[str, Finding | None]  # fate, and what to tell


def collect(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R2: tables `marks` (scores that count) and `returned` (the fate of every row).

    A score counts if its reviewer is known and in no conflict, its criteria are complete, its total
    is their sum or empty, and it was assigned. One that was not assigned counts where the school
    needs it: while marks are missing, or those assigned lie further apart than `review.gap`.
    """
    scores, findings = _scores(tables, plan)
    reviewed = _reviewed(tables["schools"])
    judge = _judge(tables, plan, reviewed)
    judged = [judge.alone(score) for score in scores]
    judged = _twice(scores, _kept_out(scores, judged))
    judged = _unasked(scores, judged, tables["assignments"], plan.review.gap)
    counted = [score for score, (fate, _) in zip(scores, judged, strict=True) if fate == COUNTED]
    counted.sort(key=lambda score: (reviewed[score.key], score.reviewer))
    marks = _marks(counted, judge.labels)
    findings += _told(scores, judged, {(score.key, score.reviewer) for score in counted})
    return tables.put(marks=marks, returned=_returned(scores, judged)), findings


def owed(tables: Tables) -> pd.DataFrame:
    """Who is still asked for which mark: code, level, reviewer, in the order of `schools`."""
    return tables["owed"]


def outstanding(tables: Tables) -> pd.DataFrame:
    """How many marks each reviewer still owes: reviewer, schools, in the order of reviewers."""
    return tables["outstanding"]


def ready(tables: Tables) -> bool:
    """Whether every school under review has its marks."""
    schools = tables["schools"]
    return not (schools.loc[under_review(schools), "reviews_due"] > 0).any()


# Reading the tables ------------------------------------------------------------------------------


def _keys(schools: pd.DataFrame) -> list[Key]:
    return list(zip(schools["code"], schools["level"], strict=True))


def _reviewed(schools: pd.DataFrame) -> dict[Key, int]:
    """The schools under review, each with its place in the order of `schools`."""
    return {key: number for number, key in enumerate(_keys(schools[under_review(schools)]))}


def _criteria(labels: Sequence[str]) -> list[str]:
    return [f"criterion_{number}" for number in range(1, len(labels) + 1)]


def _scores(tables: Tables, plan: Plan) -> tuple[list[Score], list[Finding]]:
    """Every row of a sheet whose reviewer is in the register, by place; a finding for each other sheet."""
    if "scores" not in tables:
        return [], []
    sheets, panel = tables["score_sheets"], set(tables["reviewers"]["reviewer"]) - {""}
    reviewers, unknown = {}, []
    for file, reviewer, place in sheets[["file", "reviewer", "place"]].itertuples(index=False):
        if reviewer in panel:
            reviewers[file] = reviewer
        else:
            unknown.append(Finding(catalogue.R2_UNKNOWN_REVIEWER, place.at("reviewer"), {"read": reviewer}))
    rows = tables["scores"]
    rows = rows[rows["file"].isin(list(reviewers))]
    scores = _rows(rows, reviewers, _criteria(tuple(plan.review.criteria)))
    return sorted(scores, key=lambda score: score.place.at("code")), unknown


def _rows(rows: pd.DataFrame, reviewers: Mapping[str, str], criteria: Sequence[str]) -> Iterator[Score]:
    figures = rows[[*criteria, "total"]].itertuples(index=False, name=None)
    columns = ["code", "level", "name", "comment", "recused", "file", "place"]
    for row, numbers in zip(rows[columns].itertuples(index=False), figures, strict=True):
        *parts, total = (None if pd.isna(one) else int(one) for one in numbers)
        recused = row.recused is not pd.NA and bool(row.recused)
        yield Score(
            (row.code, row.level), reviewers[row.file], row.name, tuple(parts), total, row.comment,
            recused, row.place,
        )  # fmt: skip


# Judging -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Judge:
    """What must be known to judge a row: schools, conflicts, cells that could not be read, criteria."""

    schools: Collection[Key]
    reviewed: Collection[Key]
    conflicts: Collection[tuple[str, str, str]]
    unread: Collection[At]
    labels: Sequence[str]

    def alone(self, score: Score) -> Judged:
        """The fate of a row by itself, whatever else was returned."""
        if score.key not in self.reviewed:
            stray = score.key not in self.schools and not score.blank
            return NOT_REVIEWED, score.finding(catalogue.R2_NOT_ASSIGNED, "code") if stray else None
        if score.recused:
            return RECUSED, score.finding(catalogue.R2_RECUSED, "recused")
        if score.blank:
            return BLANK, None
        if (*score.key, score.reviewer) in self.conflicts:
            return NOT_COUNTED, score.finding(catalogue.R2_CONFLICT, "code")
        if None in score.criteria:
            return NOT_COUNTED, self._incomplete(score)
        if score.total not in (None, score.sum):
            facts = {"read": score.total, "sum": score.sum}
            return NOT_COUNTED, score.finding(catalogue.R2_TOTAL, "total", **facts)
        return COUNTED, None

    def _incomplete(self, score: Score) -> Finding | None:
        """The first criterion without a mark; none for a cell that was named when it was read."""
        for name, label, mark in zip(_criteria(self.labels), self.labels, score.criteria, strict=True):
            at = score.place.at(name)
            if mark is None and at.cell and at not in self.unread:
                return score.finding(catalogue.R2_INCOMPLETE, name, read=label)
        return None


def _judge(tables: Tables, plan: Plan, reviewed: Collection[Key]) -> _Judge:
    conflicts = tables["conflicts"][[*KEY, "reviewer"]]
    return _Judge(
        schools=frozenset(_keys(tables["schools"])),
        reviewed=reviewed,
        conflicts=frozenset(conflicts.itertuples(index=False, name=None)),
        unread=frozenset(finding.at for finding in tables.findings),
        labels=tuple(plan.review.criteria),
    )


def _kept_out(scores: Sequence[Score], judged: Sequence[Judged]) -> list[Judged]:
    """Who keeps out of a school in one sheet does not score it in another."""
    pairs = list(zip(scores, judged, strict=True))
    out = {(score.key, score.reviewer) for score, (fate, _) in pairs if fate == RECUSED}
    return [
        (NOT_COUNTED, None) if fate == COUNTED and (score.key, score.reviewer) in out else (fate, finding)
        for score, (fate, finding) in pairs
    ]


def _twice(scores: Sequence[Score], judged: Sequence[Judged]) -> list[Judged]:
    """A score returned twice counts once; two that differ count not at all, until one is withdrawn."""
    after = list(judged)
    first: dict[tuple[Key, str], int] = {}
    for number, (score, (fate, _)) in enumerate(zip(scores, judged, strict=True)):
        if fate != COUNTED:
            continue
        before = first.setdefault((score.key, score.reviewer), number)
        if before == number:
            continue
        after[number] = NOT_COUNTED, None
        if (other := scores[before]).criteria != score.criteria:
            after[before] = NOT_COUNTED, None
            after[number] = NOT_COUNTED, _differ(score, other)
    return after


def _differ(score: Score, other: Score) -> Finding:
    """R2-two-scores, at the first criterion that differs in the later one."""
    pairs = enumerate(zip(score.criteria, other.criteria, strict=True), 1)
    column = next(f"criterion_{number}" for number, (one, two) in pairs if one != two)
    return score.finding(catalogue.R2_TWO_SCORES, column, read=score.words, other=other.words)


def _unasked(
    scores: Sequence[Score], judged: Sequence[Judged], assignments: pd.DataFrame, gap: int
) -> list[Judged]:
    """What was not assigned counts only for a school whose assigned marks are short or far apart."""
    asked = _asked(assignments)
    own: dict[Key, list[int]] = {}
    for score, (fate, _) in zip(scores, judged, strict=True):
        if fate == COUNTED and score.reviewer in asked.get(score.key, ()):
            own.setdefault(score.key, []).append(score.sum)
    after = list(judged)
    for number, (score, (fate, _)) in enumerate(zip(scores, judged, strict=True)):
        team, marks = asked.get(score.key, set()), own.get(score.key, [])
        if fate != COUNTED or score.reviewer in team or len(marks) < len(team):
            continue
        if max(marks, default=0) - min(marks, default=0) <= gap:
            after[number] = NOT_COUNTED, score.finding(catalogue.R2_NOT_ASSIGNED, "code")
    return after


def _asked(assignments: pd.DataFrame) -> dict[Key, set[str]]:
    asked: dict[Key, set[str]] = {}
    for code, level, reviewer in assignments[[*KEY, "reviewer"]].itertuples(index=False):
        asked.setdefault((code, level), set()).add(reviewer)
    return asked


# Writing the tables ------------------------------------------------------------------------------


def _told(
    scores: Sequence[Score], judged: Sequence[Judged], counted: Collection[tuple[Key, str]]
) -> list[Finding]:
    """The findings; what a reviewer has since put right in another sheet is not told again."""
    righted = (catalogue.R2_INCOMPLETE, catalogue.R2_TOTAL)
    return [
        finding
        for score, (_, finding) in zip(scores, judged, strict=True)
        if finding and not (finding.kind in righted and (score.key, score.reviewer) in counted)
    ]


def _marks(scores: Sequence[Score], labels: Sequence[str]) -> pd.DataFrame:
    columns = _criteria(labels)
    rows = [(*s.key, s.reviewer, *s.criteria, s.sum, s.comment, s.place) for s in scores]
    names = [*KEY, "reviewer", *columns, "total", "comment", "place"]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return frame.astype(dict.fromkeys([*columns, "total"], "Int64"))


def _returned(scores: Sequence[Score], judged: Sequence[Judged]) -> pd.DataFrame:
    rows = [(*s.key, s.reviewer, fate, s.place) for s, (fate, _) in zip(scores, judged, strict=True)]
    return pd.DataFrame(rows, columns=[*KEY, "reviewer", "fate", "place"], dtype=object)
