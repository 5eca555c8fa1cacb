"""Advisors' visits (學者專家輔導): how often, by whom, how, and the first by when (伍.三(七), T4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from mlbatch import catalogue, roc
from mlbatch.directory import name_key
from mlbatch.finding import Finding, Kind
from mlbatch.obligation import Act, Duty, month_end, semester_of, settle
from mlbatch.owed import Owner, of_school, owners, with_duties
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables

FIRST, PROFESSOR, ON_SITE = "首次輔導", "教授輔導", "到校輔導"
COMES = "到校"  # the way of a visit that is on site


def advice(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """T4: the rows of `duties` for visits, and what is wrong with a visit.

    Needs `visits` with `school` and `known_on`. A visit by somebody whom the ministry has not confirmed
    (register `advisors_confirmed`, if it is there) is told and does not count; two on one day are one.
    """
    confirmed, visits, asked = _confirmed(tables), of_school(tables, "visits"), list(_duties(plan))
    settled, findings = [], []
    for owner in owners(tables):
        counted, faults = _counted(visits.get(owner.key, ()), owner, confirmed, plan)
        findings += faults
        settled.append((owner, settle(owner.owing(asked), _acts(counted, plan), as_of)))
    return with_duties(tables, settled), findings


def _duties(plan: Plan) -> Iterator[Duty]:
    """The first visit by its day, the visits by month, and of each semester by a professor and on site."""
    asked, cite, label = plan.visits, plan.cite, plan.sources["deliverables.visits"].label
    yield Duty(FIRST, asked.first_by, cite("visits.first_by"))
    last: dict[str, date] = {}
    for month in plan.deliverables.visits:
        day = month_end(month)
        last[semester_of(day, plan)] = day
        yield Duty(label, day, cite("deliverables.visits"), semester_of(day, plan))
    for semester, day in last.items():
        yield Duty(PROFESSOR, day, cite("visits.professors"), semester, count=asked.professors)
        yield Duty(ON_SITE, day, cite("visits.on_site"), semester, count=asked.on_site)


def _confirmed(tables: Tables) -> set[str] | None:
    """The keys of the advisors whom the ministry has confirmed; None without the register."""
    if "advisors_confirmed" not in tables:
        return None
    return {name_key(name) for name in tables["advisors_confirmed"]["advisor"]}


def _counted(
    visits: Sequence[dict], owner: Owner, confirmed: set[str] | None, plan: Plan
) -> tuple[list[dict], list[Finding]]:
    counted, findings, days = [], [], set()
    dated = [one for one in visits if one["day"] and one["semester"]]  # others are told as blank by the form
    for visit in sorted(dated, key=lambda one: (one["day"], one["place"].row)):
        void = _void(visit, days, confirmed)
        if fault := void or _doubt(visit, plan):
            kind, field, facts = fault
            findings.append(owner.finding(kind, visit["place"], field, item="學者專家輔導", **facts))
        if not void:
            days.add(visit["day"])
            counted.append(visit)
    return counted, findings


def _void(
    visit: Mapping[str, object], days: set[date], confirmed: set[str] | None
) -> tuple[Kind, str, dict[str, object]] | None:
    """Why a visit does not count."""
    if confirmed is not None and name_key(visit["advisor"]) not in confirmed:
        return catalogue.T4_NOT_CONFIRMED, "advisor", {"read": visit["advisor"]}
    if visit["day"] in days:
        return catalogue.T4_SAME_DAY, "day", {"read": roc.short(visit["day"])}
    if visit["day"] > visit["known_on"]:
        facts = {"read": roc.short(visit["day"]), "known": roc.short(visit["known_on"])}
        return catalogue.T1_NOT_YET, "day", facts
    return None


def _doubt(visit: Mapping[str, object], plan: Plan) -> tuple[Kind, str, dict[str, object]] | None:
    """What is told of a visit that counts."""
    if semester_of(visit["day"], plan) != visit["semester"]:
        return catalogue.T1_SEMESTER, "semester", {"read": visit["semester"], "day": roc.short(visit["day"])}
    return None


def _acts(visits: Iterable[Mapping[str, object]], plan: Plan) -> Iterator[Act]:
    """The first visit counts by its own day, as the plan asks for a day; the others by their hand-in."""
    label = plan.sources["deliverables.visits"].label
    for visit in visits:
        yield Act(FIRST, visit["day"])
        yield Act(label, visit["known_on"], visit["semester"])
        if visit["professor"] is True:
            yield Act(PROFESSOR, visit["known_on"], visit["semester"])
        if visit["way"] == COMES:
            yield Act(ON_SITE, visit["known_on"], visit["semester"])
