"""What the office changes within a year (辦理設定): rows of a register become settings of the plan.

A value that cannot be used is a finding, and the default stays; a value outside the plan's bounds
is refused by the plan itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

from mlbatch import catalogue, roc
from mlbatch.finding import Finding, Place
from mlbatch.forms import cells, days
from mlbatch.plan import Plan, Source

Changes = dict[str, tuple[object, Source]]
BETWEEN = re.compile(r"[、,;，；\n]+")
PAIR = re.compile(r"\s*(?P<name>.+?)\s*[=:＝：\s]\s*(?P<value>\S+)\s*")
ONE_VALUE = "一列，不重複"
NONE = "無"  # an empty list
KNOWN = {"trials.kinds": frozenset(kind.id for kind in catalogue.SPARABLE)}  # setting → the words it takes


class _Row(NamedTuple):
    label: str
    value: str
    decided_by: str
    decided_on: date | None
    why: str
    place: Place


def settings_from(frame: pd.DataFrame | None, plan: Plan) -> tuple[Changes, list[Finding]]:
    """The changes for `Plan.with_settings`, and what could not be used.

    `frame` is the table `settings`, or None if none came. Text becomes the type of the present
    value: whole number, yes/no, date, text, a list (`、`), or name=number pairs.
    """
    changes: Changes = {}
    findings: list[Finding] = []
    if frame is None:
        return changes, findings
    names = plan.settings()
    for row in map(_Row._make, frame[list(_Row._fields)].itertuples(index=False)):
        if not row.label:  # said already: no such setting
            continue
        name = names[row.label]
        value, wanted = (None, ONE_VALUE) if name in changes else _usable(row.value, name, plan)
        if value is None:
            findings.append(_unusable(row, wanted))
        else:
            changes[name] = value, _source(row, plan.cite(name))
    return changes, findings


def _unusable(row: _Row, wanted: str) -> Finding:
    facts = {"label": row.label, "read": row.value, "wanted": wanted}
    return Finding(catalogue.F12_SETTING, row.place.at("value"), facts)


def _source(row: _Row, cite: str) -> Source:
    on = row.decided_on.isoformat() if row.decided_on else ""
    return Source(cite, row.label, row.why, ours=True, decided_by=row.decided_by, on=on)


def _usable(words: str, name: str, plan: Plan) -> tuple[object, str]:
    """The value of setting `name`, or None; and what is wanted, in words."""
    value, wanted = _typed(words, plan.value(name))
    known = KNOWN.get(name)
    if known and value and not known.issuperset(value):
        return None, "「" + "、".join(sorted(known)) + "」之中，以頓號分隔"
    return value, wanted


def _typed(words: str, present: object) -> tuple[object, str]:
    """`words` as the type of `present`, or None; and what is wanted, in words."""
    match present:
        case bool():
            return cells.yes_no(words)[0], "是或否"
        case int():
            return cells.whole(words)[0], "整數"
        case date():
            return days.day(words)[0], "民國日期"
        case tuple():
            return _list(words), "以頓號分隔之名稱，或「無」"
        case Mapping():
            return _pairs(words, present), "「名稱=整數」，以頓號分隔，例如 " + said(present)
    return words or None, "文字"


def _list(words: str) -> list[str] | None:
    if words.strip(cells.EDGES) == NONE:
        return []
    return [part.strip(cells.EDGES) for part in BETWEEN.split(words) if part.strip(cells.EDGES)] or None


def _pairs(words: str, present: Mapping[str, int]) -> dict[str, int] | None:
    """The present pairs with those changed that `words` names; None if one cannot be read."""
    known = {cells.key(name): name for name in present}
    changed = {}
    for part in _list(words) or ():
        found = PAIR.fullmatch(part)
        name = known.get(cells.key(found["name"])) if found else None
        value = cells.whole(found["value"])[0] if found else None
        if name is None or value is None:
            return None
        changed[name] = value
    return {**present, **changed} if changed else None


def said(value: object) -> str:
    """A setting's value as a clerk writes it in 辦理設定."""
    match value:
        case bool():
            return "是" if value else "否"
        case int():
            return f"{value:,}"
        case date():
            return roc.short(value)
        case tuple():
            return "、".join(value) or NONE
        case Mapping():
            return "、".join(f"{name}={one}" for name, one in value.items())
    return str(value)
