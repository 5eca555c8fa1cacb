"""What a rule is, and how a selection of rules is run.

A rule takes the tables, the plan and the as-of date, and returns the tables with its columns
added, and its findings. It opens no file, asks no clock and imports no other rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mlbatch import catalogue, roc
from mlbatch.finding import Finding
from mlbatch.plan import Plan
from mlbatch.tables import Tables

Outcome = tuple[Tables, list[Finding]]
Run = Callable[[Tables, Plan, date], Outcome]


@dataclass(frozen=True)
class Part:
    """A part of a rule's work, and the settings that it reads, each by name or by group (`budget.total`, `rates`).

    It returns the tables with what it makes ready for later parts, mostly figures (`mlbatch.figures`); it writes no
    column and tells nothing.
    """

    run: Callable[[Tables, Plan, date], Tables]
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule (規則): its id in the rulebook, its Chinese title, its clause and what it reads.

    `needs` names the tables without which the rule cannot run. Values of the plan may stand in a title
    (`{schools.record_year}`). `parts` are the same work in parts, for scenarios: what two plans agree in is
    done once (`mlbatch.scenario`). `spell` then writes the rule's columns from what they made ready. Rules of one `unit`
    that follow each other are taken over together if nothing changed that they look into; those of none are run each
    time (`mlbatch.decided`).
    """

    id: str
    title: str
    cite: str
    run: Run
    needs: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    spell: Callable[[Tables, Plan], Tables] | None = None
    unit: str = "all"

    def titled(self, plan: Plan) -> str:
        """Its title in a plan year."""
        return self.title.format_map(vars(plan))


@dataclass(frozen=True)
class Report:
    """How one rule fared: `found` findings, or not run for the tables `missing` (規則執行情形)."""

    rule: Rule
    found: int = 0
    missing: tuple[str, ...] = ()

    @property
    def result(self) -> str:
        """In words: 未執行 / 無發現 / 發現 n 件."""
        if self.missing:
            return "未執行"
        return f"發現 {self.found} 件" if self.found else "無發現"


def run_rules(rules: Sequence[Rule], tables: Tables, plan: Plan, as_of: date) -> tuple[Tables, list[Report]]:
    """Run `rules` in their order; the returned tables hold their findings.

    A rule whose tables are missing is skipped and says so: this serves `check`, which has no
    registers. A job makes sure beforehand that what it needs is there. What a rule on trial (試行) finds
    is a notice, whoever reads it afterwards.
    """
    reports = []
    tables = replace(tables, findings=tuple(_tried(tables.findings, plan, as_of)))
    for rule in rules:
        if missing := tuple(name for name in rule.needs if name not in tables):
            reports.append(Report(rule, missing=missing))
            continue
        tables, findings = rule.run(tables, plan, as_of)
        tables = tables.found(_tried(findings, plan, as_of))
        reports.append(Report(rule, len(findings)))
    return tables, reports


def _tried(findings: Iterable[Finding], plan: Plan, as_of: date) -> list[Finding]:
    """The findings, those of a kind on trial without their consequence."""
    if as_of > plan.trials.until:
        return list(findings)
    kinds = [catalogue.BY_ID[name] for name in plan.trials.kinds]
    note = f"〔試行至 {roc.short(plan.trials.until)}，僅為提醒〕"
    return [one.spared(note, one.remedy) if one.kind in kinds else one for one in findings]
