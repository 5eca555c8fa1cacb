"""What differs between two plan years (年度差異): value by value, and of a list or a table entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mlbatch.plan.plan import Plan, Source

CHANGED, ADDED, REMOVED, CITED = "變更", "新增", "刪除", "依據變更"


@dataclass(frozen=True)
class Change:
    """One difference: `group.name`, which entry of it (or nothing), what happened, the value before and now.

    Of what was not there before, or is no more, the value is None. `source` says where the value comes from
    now, or came from before.
    """

    name: str
    part: str
    kind: str
    old: object
    new: object
    source: Source

    def alone(self, plan: Plan) -> Plan:
        """`plan`, the year before, with this difference and no other."""
        group, key = self.name.split(".")
        value = _with(plan.value(self.name), self) if self.part else self.new
        return replace(plan, **{group: replace(getattr(plan, group), **{key: value})})


def changes(old: Plan, new: Plan) -> Iterator[Change]:
    """Every difference of value, in the order of the plan; what only cites another clause comes as such."""
    for name, source in new.sources.items():
        found = list(_entries(name, old.value(name), new.value(name), source))
        before = old.sources[name]
        if not found and before.cite != source.cite:
            yield Change(name, "", CITED, before.cite, source.cite, source)
        yield from found


def clause_changes(old: Plan, new: Plan) -> Iterator[tuple[str, str, str, str]]:
    """Of each clause that differs: what happened, the clause, our summary before and now."""
    for cite in {**old.clauses, **new.clauses}:
        then, now = old.clauses.get(cite, ""), new.clauses.get(cite, "")
        if then != now:
            yield _kind(then or None, now or None), cite, then, now


def _entries(name: str, old: object, new: object, source: Source) -> Iterator[Change]:
    """The differences of one value: by entry of a table, or of a list that only grew or shrank."""
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for part in {**old, **new}:
            if (then := old.get(part)) != (now := new.get(part)):
                yield Change(name, part, _kind(then, now), then, now, source)
    elif isinstance(old, tuple) and (set(old) < set(new) or set(new) < set(old)):
        for part in dict.fromkeys((*old, *new)):
            then, now = (part if part in value else None for value in (old, new))
            if then != now:
                yield Change(name, str(part), _kind(then, now), then, now, source)
    else:
        yield Change(name, "", CHANGED, old, new, source)


def _kind(old: object, new: object) -> str:
    return ADDED if old is None else REMOVED if new is None else CHANGED


def _with(value: object, change: Change) -> object:
    """A table or list with one entry changed."""
    if isinstance(value, Mapping):
        entries = {**value, change.part: change.new}
        return {part: one for part, one in entries.items() if one is not None}
    if change.new is None:
        return tuple(one for one in value if one != change.old)
    return (*value, change.new)
