"""One more review (加請委員): for a reviewer who keeps out, and where two lie far apart (肆.五(一), R2).

Whom the batch asks follows from what came back, so that asking again next month asks the same
people: a score that came back from someone else has served, and a sheet that came back with the
school in it shows that its reviewer was asked before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import Finding, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables, under_review

Key = tuple[str, str]  # (code, level)

RECUSED = "迴避"
NOBODY = "待增聘委員"  # stands for the reviewer whom a school lacks altogether


@dataclass
class Review:
    """How far the review of one school came; `marks` maps reviewers to their marks."""

    key: Key
    name: str
    assigned: list[str] = field(default_factory=list)
    barred: set[str] = field(default_factory=set)
    marks: dict[str, int] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    recused: dict[str, Place] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)

    def apart(self, gap: int) -> bool:
        """Whether its marks lie further apart than `gap` and no further one has come."""
        marks = self.marks.values()
        return len(marks) == len(self.assigned) > 0 and max(marks) - min(marks) > gap

    def missing(self, gap: int) -> int:
        """How many marks are still to come."""
        return max(0, len(self.assigned) - len(self.marks)) + self.apart(gap)

    def pending(self, gap: int) -> list[str]:
        """Those assigned who are still to give one."""
        still = [one for one in self.assigned if one not in self.marks and one not in self.recused]
        return still[: self.missing(gap)]

    def free(self, panel: Sequence[str], load: Mapping[str, int]) -> list[str]:
        """Who may be asked: first those who were asked before, then the least loaded."""
        out = {*self.assigned, *self.barred, *self.recused, *self.marks}
        able = [one for one in panel if one not in out]
        return sorted(able, key=lambda one: (one not in self.listed, load[one], one))


def ask(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R2: extra rows of `assignments`, tables `owed` and `outstanding`, column `reviews_due`.

    A school whose reviewer keeps out gets another; one whose marks lie further apart than
    `review.gap` gets one more, once. Nobody left to ask: a finding, and the school keeps the marks
    that it has; a school without any mark waits for a new reviewer.
    """
    reviews, gap = _reviews(tables), plan.review.gap
    asked = _asked(reviews, sorted(set(tables["reviewers"]["reviewer"]) - {""}), gap)
    owing = {r.key: sorted([*r.pending(gap), *asked[r.key]]) for r in reviews}
    owed = [(*key, who) for key, people in owing.items() for who in people]
    due = {r.key: len(owing[r.key]) if r.marks else max(1, len(owing[r.key])) for r in reviews}
    schools = tables["schools"]
    keys = zip(schools["code"], schools["level"], strict=True)
    schools = schools.assign(reviews_due=pd.array([due.get(key) for key in keys], dtype="Int64"))
    findings = [one for r in reviews for one in _findings(r, len(asked[r.key]), gap)]
    tables = tables.put(
        schools=schools,
        assignments=_assignments(reviews, asked),
        owed=pd.DataFrame(owed, columns=[*KEY, "reviewer"], dtype=object),
        outstanding=_outstanding(owed, sum(due.values()) - len(owed)),
    )
    return tables, findings


def _reviews(tables: Tables) -> list[Review]:
    schools = tables["schools"]
    rows = schools.loc[under_review(schools), [*KEY, "name"]].itertuples(index=False)
    reviews = {(code, level): Review((code, level), name) for code, level, name in rows}
    for code, level, reviewer in _pairs(tables["assignments"]):
        reviews[code, level].assigned.append(reviewer)
    for code, level, reviewer in _pairs(tables["conflicts"]):
        reviews[code, level].barred.add(reviewer)
    for code, level, reviewer, total, place in _pairs(tables["marks"], "total", "place"):
        reviews[code, level].marks[reviewer] = int(total)
        reviews[code, level].places[reviewer] = place
    for code, level, reviewer, fate, place in _pairs(tables["returned"], "fate", "place"):
        if review := reviews.get((code, level)):
            review.listed.add(reviewer)
            if fate == RECUSED:
                review.recused.setdefault(reviewer, place)
    return list(reviews.values())


def _pairs(frame: pd.DataFrame, *more: str) -> Iterator[tuple]:
    return frame[[*KEY, "reviewer", *more]].itertuples(index=False, name=None)


def _asked(reviews: Sequence[Review], panel: Sequence[str], gap: int) -> dict[Key, list[str]]:
    """Whom to ask besides, school by school in their order; each adds to its reviewer's load."""
    load = Counter(one for review in reviews for one in {*review.assigned, *review.marks})
    asked: dict[Key, list[str]] = defaultdict(list)
    for review in reviews:
        if wanted := review.missing(gap) - len(review.pending(gap)):
            asked[review.key] = review.free(panel, load)[:wanted]
            load.update(asked[review.key])
    return asked


def _findings(review: Review, asked: int, gap: int) -> Iterator[Finding]:
    """R2-gap at the highest mark; R2-too-few-reviewers where one kept out and nobody is left."""
    if review.apart(gap):
        highest = max(sorted(review.marks), key=lambda one: review.marks[one])
        marks = sorted(review.marks.values(), reverse=True)
        facts = {"name": review.name, "read": "、".join(map(str, marks)), "gap": gap}
        yield Finding(catalogue.R2_GAP, review.places[highest].at("total"), facts, review.key)
        return
    have, wanted = len(review.marks) + len(review.pending(gap)) + asked, len(review.assigned)
    if review.recused and have < wanted:
        facts = {"name": review.name, "wanted": wanted, "read": have}
        place = review.recused[min(review.recused)]
        yield Finding(catalogue.R2_TOO_FEW_REVIEWERS, place.at("recused"), facts, review.key)


def _assignments(reviews: Sequence[Review], asked: Mapping[Key, Sequence[str]]) -> pd.DataFrame:
    """Those assigned, then the extra ones, who have served or are asked; schools in their order."""
    rows = []
    for review in reviews:
        extra = sorted({*review.marks, *asked[review.key]} - set(review.assigned))
        rows += [(*review.key, one, False) for one in review.assigned]
        rows += [(*review.key, one, True) for one in extra]
    return pd.DataFrame(rows, columns=[*KEY, "reviewer", "extra"]).astype({"extra": bool})


def _outstanding(owed: Sequence[tuple[str, str, str]], nobody: int) -> pd.DataFrame:
    counts = sorted(Counter(reviewer for *_, reviewer in owed).items())
    counts += [(NOBODY, nobody)] if nobody else []
    return pd.DataFrame(counts, columns=["reviewer", "schools"]).astype({"schools": "Int64"})
