"""What is handed in, and when (繳交情形): the logbook's entries beside what 附件1 asks for (T1–T3).

An entry counts from the day on which it was first handed in, for the semester and class that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from mlbatch import catalogue, roc
from mlbatch.classroom import Classes, running
from mlbatch.finding import Finding, Kind
from mlbatch.obligation import Act, Asked, cloud, semester_of, settle
from mlbatch.owed import Owner, of_school, owners, with_duties
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables

UNUSED = "未使用"


def hand_ins(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """T1–T3: the rows of `duties` for what is handed in, and what is wrong with an entry.

    Needs `running` (see classroom), `profiles`, and `entries` with `school` and `known_on`, the day on
    which an entry was first handed in. An entry whose class the school does not run, or that lacks one where
    one is asked for, counts for nothing.
    """
    classes, entries, profiles = running(tables), of_school(tables, "entries"), of_school(tables, "profiles")
    asked, settled, findings = Asked(plan), [], []
    for owner in owners(tables):
        own = classes[owner.key]
        counted, faults = _counted(entries.get(owner.key, ()), own, owner, plan)
        findings += faults
        acts = [*_acts(counted, plan), *_profiles(profiles.get(owner.key, ()), plan)]
        settled.append((owner, settle(asked.of(own), acts, as_of)))
    return with_duties(tables, settled), findings


def _profiles(rows: Iterable[Mapping[str, object]], plan: Plan) -> Iterator[Act]:
    label = plan.sources["deliverables.profile"].label
    return (Act(label, row["known_on"], row["semester"]) for row in rows)


def _counted(
    entries: Iterable[dict], classes: Classes, owner: Owner, plan: Plan
) -> tuple[list[dict], list[Finding]]:
    """The entries that count, by the name of the class as approved; findings for the others."""
    counted, findings = [], []
    for entry in entries:
        if not entry["item"] or not entry["day"]:
            continue  # told as blank by the form
        by_class = entry["item"] in plan.deliverables.classes
        name = _class(entry, classes) if by_class else ""
        if fault := _fault(entry, by_class and not name, classes, plan):
            kind, field, facts = fault
            findings.append(owner.finding(kind, entry["place"], field, item=entry["item"], **facts))
        if name or not by_class:
            counted.append({**entry, "class_": name})
    return counted, findings


def _class(entry: Mapping[str, object], classes: Classes) -> str:
    """The class that an entry names, by its name now, however it is written; empty if there is none."""
    own = (one for one in classes if one.semester == entry["semester"])
    return next((one.name for one in own if entry["class_"] and one.called(entry["class_"])), "")


def _fault(
    entry: Mapping[str, object], lost: bool, classes: Classes, plan: Plan
) -> tuple[Kind, str, dict[str, object]] | None:
    """What is wrong with an entry, at which field, with which facts; `lost`: its class is not known."""
    if lost:
        kind = catalogue.T3_UNKNOWN_CLASS if entry["class_"] else catalogue.T3_NO_CLASS
        own = "、".join(one.name for one in classes if one.semester == entry["semester"]) or "（無）"
        return kind, "class_", {"read": entry["class_"], "classes": own}
    if entry["day"] > entry["known_on"]:
        facts = {"read": roc.short(entry["day"]), "known": roc.short(entry["known_on"])}
        return catalogue.T1_NOT_YET, "day", facts
    if semester_of(entry["day"], plan) != entry["semester"]:
        facts = {"read": entry["semester"], "day": roc.short(entry["day"])}
        return catalogue.T1_SEMESTER, "semester", facts
    return None


def _acts(entries: Iterable[Mapping[str, object]], plan: Plan) -> Iterator[Act]:
    """What the entries do: each its item, and the item with the education cloud where it used it."""
    for entry in entries:
        yield Act(entry["item"], entry["known_on"], entry["semester"], entry["class_"])
        if entry["item"] in plan.deliverables.cloud and entry["resource"] not in ("", UNUSED):
            yield Act(cloud(entry["item"]), entry["known_on"])
