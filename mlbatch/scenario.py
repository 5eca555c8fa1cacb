"""What if (情境比較): the same month under other settings, side by side (柒.三※, B4, B5).

A scenario is a workbook 辦理設定, on top of the inbox's own settings. What a setting cannot change is not
decided again: scenarios part where a part of a rule reads a setting in which they differ, and share all
before it. The ministry's decisions are left out, in the present too: what is compared are proposals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from mlbatch import batch, output, record, rubbish, rules
from mlbatch.breakeven import Point, points
from mlbatch.forms import all_forms, frames, inbox, settings
from mlbatch.ledger import claims, open_ledger
from mlbatch.output import Paper
from mlbatch.plan import Plan, PlanError
from mlbatch.rules import allotment, county, ranking
from mlbatch.rules.rule import Part, Rule
from mlbatch.stop import CannotRun
from mlbatch.tables import Tables
from mlbatch.workbooks import scenarios as book

PRESENT = "現行"
WEIGHING = next(number for number, rule in enumerate(rules.REVIEW) if rule.run is ranking.score)
STAGES: tuple[Sequence[Rule], ...] = (
    rules.INTAKE,
    rules.REVIEW[:WEIGHING],
    rules.REVIEW[WEIGHING:],
    rules.AWARD,
)
INTAKE, REVIEW, RANKING, AWARD = range(len(STAGES))
# The first stage that reads a setting, by its name or its group; all others begin anew. From RANKING on a
# setting counts where a part of a rule reads it (`Rule.parts`).
FIRST_READ = {
    "review.weights": RANKING, "review": REVIEW, "rates": AWARD, "budget": AWARD, "county_grant": AWARD,
    "account": AWARD, "office": AWARD,
}  # fmt: skip
# Rules whose columns no other rule and not the comparison reads; nor does it read what rules tell of schools.
ASIDE = (county.accounts, county.shares)


@dataclass(frozen=True)
class Scenario:
    """One scenario: its plan, what was decided, and what it changes: label → (before, now).

    `decided` are the tables before RANKING with the figures of all rules from there on; or whole tables.
    """

    name: str
    plan: Plan
    decided: Tables
    changes: Mapping[str, tuple[str, str]]

    @cached_property
    def tables(self) -> Tables:
        """The tables after AWARD (less `ASIDE`), spelt when they are first asked for."""
        if not self.decided.ready:
            return self.decided
        tables = self.decided
        for rule in _shared():
            tables = rule.spell(tables, self.plan)
        return tables.put_away()


def compare(
    folder: Path, files: Sequence[Path], out: Path, as_of: date, *, year: int | Path = 107
) -> list[Scenario]:
    """Decide the month of `folder` under each settings workbook of `files`, and publish 情境比較 in `out`.

    The first scenario returned is the present. Raises CannotRun if the month is not ranked yet, or
    for a file that is no settings workbook or holds a value that cannot be used.
    """
    if out.resolve().is_relative_to(folder.resolve()):
        raise CannotRun("輸出資料夾不可放在收件資料夾內，請另指定 --out。")
    with output.reserved(out) as place:
        found = scenarios(batch.read(folder, batch.load_plan(year), as_of), files)
        paper = Paper("情境比較.xlsx", book.comparison(found, turning_points(found[0])), "情境比較")
        place.publish([paper], record.record_of_templates(found[0].plan, [paper]))
    return found


def scenarios(month: batch.Month, files: Sequence[Path]) -> list[Scenario]:
    """The present, and the scenario of each file in the order given."""
    given = {PRESENT: month.plan} | _plans(files, month)
    return under(given, month.plan, before_stages(month), month.as_of)


def before_stages(month: batch.Month) -> list[Tables]:
    """The tables of the present before each of `STAGES`, and after all; without the ministry's decisions.

    Raises CannotRun if the month is not ranked yet.
    """
    month = replace(month, tables=_without(month.tables, "decisions"))
    ranked = batch.decide(month, "award")
    if not ranked.done or ranked.done[-1].id != "award":
        raise CannotRun(f"情境比較須先完成排序。{ranked.waiting}")
    before = [month.tables]
    for stage in STAGES:
        before.append(rules.run_rules(stage, before[-1], month.plan, month.as_of)[0])
    return before


def under(plans: Mapping[str, Plan], present: Plan, before: Sequence[Tables], as_of: date) -> list[Scenario]:
    """The scenario of each plan by its name; `before` is what `before_stages` gives of the plan `present`."""
    with rubbish.seldom_sought():
        decided = dict(_decided(plans, _steps(present, before), before[INTAKE], as_of))
    return [Scenario(name, plan, decided[name], _changes(plan, present)) for name, plan in plans.items()]


def turning_points(scenario: Scenario) -> list[Point]:
    """The turning points of the schools that have a turn, in the order of allotment."""
    turns = allotment.order(claims(scenario.decided, scenario.plan), scenario.plan.budget)
    asking = [turn.claim for turn in turns if not turn.beyond and turn.claim.allowed > 0]
    return points(asking, open_ledger(scenario.decided, scenario.plan))


def _plans(files: Sequence[Path], month: batch.Month) -> dict[str, Plan]:
    plans: dict[str, Plan] = {}
    for path in files:
        if path.stem in (PRESENT, *plans):
            raise CannotRun(f"有兩個情境同名為「{path.stem}」，請更改檔名。")
        plans[path.stem] = _plan(path, month.plan)
    return plans


def _plan(path: Path, present: Plan) -> Plan:
    """The present plan with the settings of one workbook."""
    came = inbox.gather_files([path], present)
    found = frames.frames(came.readings, all_forms(present))
    if "settings" not in found:
        raise CannotRun(f"「{path.name}」不是「辦理設定」，無法作為情境。")
    changes, findings = settings.settings_from(found["settings"], present)
    if faults := [one for one in (*came.findings, *findings) if one.kind.severity.weighs]:
        raise CannotRun(f"情境「{path.stem}」：{faults[0].sentence}")
    try:
        return present.with_settings(changes)
    except PlanError as problem:
        raise CannotRun(f"情境「{path.stem}」：{problem}") from None


@dataclass(frozen=True)
class _Step:
    """What is done once for all plans that agree in the settings `reads`."""

    run: Callable[[Tables, Plan, date], Tables]
    reads: tuple[str, ...]

    def read_of(self, plan: Plan) -> tuple[str, ...]:
        """What a plan says to it."""
        return tuple(repr(plan.value(name)) for name in self.reads)


def _decided(
    plans: Mapping[str, Plan], steps: Sequence[_Step], tables: Tables, as_of: date
) -> Iterator[tuple[str, Tables]]:
    """The name and the tables after `steps` of each plan; plans part where a step reads what they differ in."""
    if not steps:
        yield from ((name, tables) for name in plans)
        return
    step, *rest = steps
    agreed: dict[tuple[str, ...], dict[str, Plan]] = {}
    for name, plan in plans.items():
        agreed.setdefault(step.read_of(plan), {})[name] = plan
    for group in agreed.values():
        yield from _decided(group, rest, step.run(tables, next(iter(group.values())), as_of), as_of)


def _steps(present: Plan, before: Sequence[Tables]) -> list[_Step]:
    """The stages up to RANKING, whole, and the parts of all rules from there on."""
    names = present.settings().values()
    whole = [
        _stage(number, tuple(name for name in names if _first_read(name) == number), present, before)
        for number in range(RANKING)
    ]
    parts = (part for rule in _shared() for part in rule.parts)
    return [*whole, *(_Step(part.run, _settings_of(part, names)) for part in parts)]


def _shared() -> Iterator[Rule]:
    """The rules from RANKING on, whose parts scenarios share."""
    return (rule for stage in STAGES[RANKING:] for rule in stage if rule.run not in ASIDE)


def _stage(number: int, reads: tuple[str, ...], present: Plan, before: Sequence[Tables]) -> _Step:
    """A stage as one step, which was done already where nothing differs from the present."""

    def run(tables: Tables, plan: Plan, as_of: date) -> Tables:
        if tables is before[number] and step.read_of(plan) == step.read_of(present):
            return before[number + 1]
        return rules.run_rules(STAGES[number], tables, plan, as_of)[0]

    step = _Step(run, reads)
    return step


def _settings_of(part: Part, names: Iterable[str]) -> tuple[str, ...]:
    """The settings that a part reads, of which it may name a whole group."""
    return tuple(name for name in names if name in part.reads or name.partition(".")[0] in part.reads)


def _first_read(name: str) -> int:
    return FIRST_READ.get(name, FIRST_READ.get(name.partition(".")[0], INTAKE))


def _changes(plan: Plan, present: Plan) -> dict[str, tuple[str, str]]:
    names = plan.settings()
    values = {label: (present.value(name), plan.value(name)) for label, name in names.items()}
    return {
        label: (settings.said(before), settings.said(now))
        for label, (before, now) in values.items()
        if before != now
    }


def _without(tables: Tables, name: str) -> Tables:
    return replace(tables, frames={key: frame for key, frame in tables.frames.items() if key != name})
