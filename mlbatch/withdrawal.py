"""What changed after the award (核定後異動): schools that give their classes back, wholly or in part.

What they give back goes down the line (依序遞補, 肆.五) while a school that follows can still run both
semesters; later it is returned at the closing (柒.九(三)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mlbatch import catalogue, roc
from mlbatch.finding import Finding, Kind, Place
from mlbatch.plan import Plan

Key = tuple[str, str]  # (code, level)
FEWER = "減班"
CHANGES = {  # 異動事由 → the clause that it rests on
    "放棄補助": "柒.九(三)",
    FEWER: "柒.九(三)",
    "改列深耕計畫": "肆.四(四)2",
    "取消資格": "肆.四(四)6",
}


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One school gives back `classes` of its approved ones, or all (None)."""

    key: Key
    name: str
    change: str
    classes: int | None
    day: date
    letter_number: str
    reason: str
    place: Place

    @property
    def clause(self) -> str:
        """The clause of the plan."""
        return CHANGES[self.change]

    def kept(self, awarded: int) -> int:
        """What it keeps of so many classes."""
        return 0 if self.classes is None else awarded - self.classes

    def words(self, awarded: int) -> str:
        """What happened, of which day, under which document and why."""
        rest = f"，保留 {self.kept(awarded)} 班" if self.kept(awarded) else ""
        said = f"原核定 {awarded} 班，{roc.short(self.day)} {self.change}{rest}"
        return f"{said}（{self.letter_number}）：{self.reason.rstrip('。')}。"

    def finding(self, kind: Kind, field: str, **facts: object) -> Finding:
        """A finding in the ministry's own register: it names no county."""
        return Finding(kind, self.place.at(field), {"name": self.name, **facts}, self.key)


def withdrawals(
    rows: Iterable[Mapping[str, object]], awarded: Mapping[Key, int], plan: Plan, as_of: date
) -> tuple[dict[Key, Withdrawal], list[Finding]]:
    """School → what it gives back by the day `as_of`, and what is to be said of rows that count for nothing.

    `rows`: of the register 核定後異動; `awarded`: the classes of each school before anything was given back. Of several rows of one school
    the first by day counts.
    """
    counted: dict[Key, Withdrawal] = {}
    findings = []
    for one in sorted(_readable(rows), key=lambda one: (one.day, one.place.row)):
        if fault := _fault(one, awarded.get(one.key, 0), counted, plan, as_of):
            findings.append(fault)
        else:
            counted[one.key] = one
    return counted, findings


def _readable(rows: Iterable[Mapping[str, object]]) -> list[Withdrawal]:
    """The rows that can be read; what is blank is told by the form."""
    return [
        Withdrawal(
            (row["code"], row["level"]), row["name"], row["change"],
            row["classes"] if row["change"] == FEWER else None, row["day"], row["letter_number"], row["reason"],
            row["place"],
        )
        for row in rows
        if row["change"] in CHANGES and row["day"]
    ]  # fmt: skip


def _fault(
    one: Withdrawal, awarded: int, before: Mapping[Key, Withdrawal], plan: Plan, as_of: date
) -> Finding | None:
    """Why a row counts for nothing, or not yet."""
    day = roc.short(one.day)
    if not awarded:
        return one.finding(catalogue.W2_NOT_FUNDED, "code", read=one.key[0])
    if one.day > as_of:
        return one.finding(catalogue.W2_NOT_YET, "day", read=day, as_of=roc.short(as_of))
    if one.day > plan.budget.succession_until:
        until = roc.short(plan.budget.succession_until)
        return one.finding(catalogue.W2_TOO_LATE, "day", read=day, until=until)
    if one.key in before:
        return one.finding(catalogue.W2_TWICE, "code", read=one.key[0])
    if one.change == FEWER and not 0 < _number(one.classes) < awarded:
        read = "" if _number(one.classes) < 0 else one.classes
        return one.finding(catalogue.W2_CLASSES, "classes", read=read, awarded=awarded)
    return None


def _number(classes: object) -> int:
    """A number of classes; −1 for a blank."""
    return classes if isinstance(classes, int) else -1
