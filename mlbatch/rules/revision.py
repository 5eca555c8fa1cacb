"""Revised plans (修正後教學實施計畫書): the approved classes and money, and no others (肆.七(二), P3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import Finding, Kind, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import AS_APPROVED, NOT_YET, SUPERSEDED, TO_REVISE, UNRECEIVED, Tables, records

Key = tuple[str, str]  # (code, level)
GRANTED = "補助"
ACCOUNTS = {"current": "經常門", "capital": "資本門"}
LABELS = {"approved": "核定班級數", "current": "核定補助經常門", "capital": "核定補助資本門"}
DOCUMENT = "revised_plan"


@dataclass(frozen=True, slots=True)
class _Version:
    """One revised plan as it came: its head, whose it is, and when it was uploaded if that is known."""

    head: Mapping[str, object]
    key: Key
    at: datetime | None

    @property
    def file(self) -> str:
        return self.head["file"]


@dataclass(frozen=True)
class _Paper:
    """A revised plan that counts, beside the school's row as approved."""

    head: Mapping[str, object]
    school: Mapping[str, object]

    def finding(self, kind: Kind, name: str, place: Place | None = None, **facts: object) -> Finding:
        return _finding(kind, place or self.head["place"], name, self.school, **facts)


def check(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """P3: columns `revised_state` and `revised_file` of `schools`; versions that do not count, in `files`.

    Of several versions the one uploaded last by the day `as_of` counts; where the upload register does
    not tell them apart none does. A plan that has anything to correct is TO_REVISE.
    """
    schools = {(row["code"], row["level"]): row for row in records(tables["schools"]) if row["approved"]}
    versions = _versions(tables, plan)
    tables = _named(tables, versions)
    last, ends, findings = _last(versions, schools, datetime.combine(as_of, time.max))
    for key, version in last.items():
        findings += _faults(_Paper(version.head, schools[key]), tables, plan)
    states = {key: _state(version.file, tables, findings) for key, version in last.items()}
    doubtful = {one.school: TO_REVISE for one in findings if one.kind is catalogue.P3_TWO_PLANS}
    tables = tables.put(
        schools=_with(tables["schools"], schools, {**doubtful, **states}, last),
        files=_filed(tables["files"], versions, ends),
    )
    return tables, findings


def _state(file: str, tables: Tables, findings: Iterable[Finding]) -> str:
    own = (one for one in (*tables.findings, *findings) if one.at.file == file)
    return TO_REVISE if any(one.kind.severity.weighs for one in own) else AS_APPROVED


# Which version counts ------------------------------------------------------------------------------


def _versions(tables: Tables, plan: Plan) -> list[_Version]:
    """Every revised plan, by file name, at the time that the upload register gives after the call."""
    if "revised_plans" not in tables:
        return []
    files = tables["files"]
    stamps = dict(zip(files["file"], files["recipient"], strict=True))
    heads = records(tables["revised_plans"])
    times = _times([head["file"] for head in heads], tables, plan.calendar.closing)
    return [_Version(head, _key(head, stamps), times.get(head["file"])) for head in heads]


def _key(head: Mapping[str, object], stamps: Mapping[str, str]) -> Key:
    """The school that a plan names; without code or level the one for which its template was made."""
    if head["code"] and head["level"]:
        return head["code"], head["level"]
    code, _, level = stamps[head["file"]].partition("-")
    return code, level


def _times(names: Sequence[str], tables: Tables, closing: datetime) -> dict[str, datetime]:
    """File → its last time in the register after `closing`: by its path, else by a bare name of its own."""
    known: dict[str, datetime] = {}
    register = tables["uploads"][["upload_name", "uploaded_at"]] if "uploads" in tables else pd.DataFrame()
    for name, at in register.itertuples(index=False):
        if pd.isna(at) or at <= closing:
            continue
        path = name.replace("\\", "/")
        own = [one for one in names if one == path] or [one for one in names if _bare(one) == path]
        if len(own) == 1:
            known[own[0]] = max(at, known.get(own[0], at))
    return known


def _bare(path: str) -> str:
    return path.rpartition("/")[2]


def _last(
    versions: Sequence[_Version], schools: Mapping[Key, Mapping], end: datetime
) -> tuple[dict[Key, _Version], dict[str, tuple[str, str]], list[Finding]]:
    """School → the version that counts; file → (bucket, why) of those that do not; findings."""
    groups: dict[Key, list[_Version]] = defaultdict(list)
    last, ends, findings = {}, {}, []
    for one in versions:
        if one.at and one.at > end:
            ends[one.file] = NOT_YET, "上傳時間在基準日之後。"
        elif one.key in schools:
            groups[one.key].append(one)
        else:
            facts = {"name": one.head["name"], "read": one.head["code"]}
            findings.append(Finding(catalogue.P3_NOT_APPROVED, one.head["place"].at("code"), facts, one.key))
    for key, group in groups.items():
        group = sorted(group, key=lambda one: (one.at or datetime.min, one.file))
        if _told_apart(group):
            last[key] = group[-1]
            why = f"有較新之版本（{group[-1].file}）。"
            ends |= {one.file: (SUPERSEDED, why) for one in group[:-1]}
        else:
            findings += _doubts(group, schools[key])
    return last, ends, findings


def _told_apart(group: Sequence[_Version]) -> bool:
    times = [one.at for one in group]
    return len(group) == 1 or (None not in times and times[-1] != times[-2])


def _doubts(group: Sequence[_Version], school: Mapping) -> Iterator[Finding]:
    for one in group:
        other = "、".join(version.file for version in group if version is not one)
        yield _finding(catalogue.P3_TWO_PLANS, one.head["place"], "code", school, other=other)


# What is wrong with it -----------------------------------------------------------------------------


def _faults(paper: _Paper, tables: Tables, plan: Plan) -> list[Finding]:
    classes, costs = (_of(tables[name], paper.head["file"]) for name in ("revised_classes", "revised_costs"))
    return [
        *_head(paper),
        *_grades(paper, classes, plan),
        *_numbers(paper, classes, plan),
        *_budget(paper, costs),
    ]


def _of(table: pd.DataFrame, file: str) -> list[dict]:
    return records(table[table["file"] == file])


def _head(paper: _Paper) -> Iterator[Finding]:
    """What the head says was approved, where it was not."""
    for name, label in LABELS.items():
        read, wanted = paper.head[name], paper.school[name]
        if pd.notna(read) and read != wanted:
            facts = {"label": label, "read": f"{read:,}", "wanted": f"{wanted:,}"}
            yield paper.finding(catalogue.P3_APPROVED, name, **facts)


def _grades(paper: _Paper, classes: Sequence[Mapping], plan: Plan) -> Iterator[Finding]:
    """E1 once more: the classes of a revised plan are of the level's grades too (肆.一)."""
    level = paper.school["level"]
    allowed = plan.schools.grades.get(level, ())
    for row in classes:
        if pd.notna(row["grade"]) and row["grade"] not in allowed:
            facts = {"read": row["grade"], "level": level, "allowed": "、".join(map(str, allowed))}
            yield paper.finding(catalogue.E1_GRADE, "grade", row["place"], **facts)


def _numbers(paper: _Paper, classes: Sequence[Mapping], plan: Plan) -> Iterator[Finding]:
    """The classes of each semester; not counted while a semester cannot be read."""
    listed = [row["semester"] for row in classes]
    if not set(listed) <= set(plan.schools.semesters):
        return
    for semester in plan.schools.semesters:
        read, wanted = listed.count(semester), paper.school["approved"]
        if read != wanted:
            yield paper.finding(catalogue.P3_CLASSES, "approved", semester=semester, read=read, wanted=wanted)


def _budget(paper: _Paper, costs: Sequence[Mapping]) -> Iterator[Finding]:
    """The subsidy of each account; not summed while an amount, account or fund cannot be read."""
    if any(pd.isna(row["amount"]) or not row["account"] or not row["fund"] for row in costs):
        return
    for name, account in ACCOUNTS.items():
        own = (row["amount"] for row in costs if (row["fund"], row["account"]) == (GRANTED, account))
        read, wanted = sum(own), paper.school[name]
        if read != wanted:
            facts = {"account": account, "read": f"{read:,}", "wanted": f"{wanted:,}"}
            yield paper.finding(catalogue.P3_BUDGET, name, **facts)


def _finding(kind: Kind, place: Place, name: str, school: Mapping, **facts: object) -> Finding:
    county = "" if school["national"] else school["county"]
    facts = {"name": school["name"], **facts}
    return Finding(kind, place.at(name), facts, (school["code"], school["level"]), county)


# What it leaves in the tables ----------------------------------------------------------------------


def _named(tables: Tables, versions: Sequence[_Version]) -> Tables:
    """The reader's findings in revised plans, each with the school whose plan it is, and its county."""
    schools = {(row["code"], row["level"]): row for row in records(tables["schools"])}
    whose = {one.file: schools[one.key] for one in versions if one.key in schools}
    told = []
    for one in tables.findings:
        if school := whose.get(one.at.file):
            county = "" if school["national"] else school["county"]
            one = replace(one, school=(school["code"], school["level"]), county=county)
        told.append(one)
    return replace(tables, findings=tuple(told))


def _with(
    schools: pd.DataFrame,
    funded: Mapping[Key, object],
    states: Mapping[Key, str],
    last: Mapping[Key, _Version],
) -> pd.DataFrame:
    keys = list(zip(schools["code"], schools["level"], strict=True))
    state = [states.get(key, UNRECEIVED) if key in funded else "" for key in keys]
    file = [last[key].file if key in last else "" for key in keys]
    return schools.assign(
        revised_state=pd.Series(state, schools.index, dtype=object),
        revised_file=pd.Series(file, schools.index, dtype=object),
    )


def _filed(
    files: pd.DataFrame, versions: Sequence[_Version], ends: Mapping[str, tuple[str, str]]
) -> pd.DataFrame:
    """`files` with the document of each revised plan, its time, and where it ended."""
    known = {one.file: one for one in versions}
    rows = []
    for row in records(files):
        if one := known.get(row["file"]):
            bucket, why = ends.get(row["file"], (row["bucket"], row["why"]))
            row |= {
                "bucket": bucket,
                "why": why,
                "uploaded": one.at,
                "document": "-".join((DOCUMENT, *one.key)),
            }
        rows.append(row)
    return pd.DataFrame(rows, columns=files.columns).astype(files.dtypes)
