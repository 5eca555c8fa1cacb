"""Single files, before they are sent (送件前檢核): what a county sees before the ministry does.

Most senders check one form, without the ministry's registers: that needs no frame and no child, and answers at once.
Where a register is among the files, the rules that need it run as they do in a month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mlbatch.finding import Finding
from mlbatch.forms import all_forms, inbox, plain
from mlbatch.plan import Plan
from mlbatch.rules.rule import run_rules
from mlbatch.rules.sent import ALONE, NEED_REGISTERS
from mlbatch.tables import Tables


@dataclass(frozen=True)
class Checked:
    """What was found in some files, and the titles of the rules that need the ministry's registers."""

    findings: tuple[Finding, ...]
    left_out: Sequence[str]


def check(paths: Sequence[Path], plan: Plan) -> Checked:
    """Check single files as a county would before it sends them; raises CannotRun if none is there."""
    came = inbox.gather_files(paths, plan)
    if any(reading.form.register for reading in came.readings):
        from mlbatch import batch  # with registers it is a small month

        tables = batch.checked(came, plan)
        return Checked(tables.findings, batch.left_out(tables))
    tables = Tables(findings=came.findings).put(**plain.rows(came.readings, all_forms(plan)))
    tables, _ = run_rules(ALONE, tables, plan, plan.calendar.call)
    return Checked(tables.findings, NEED_REGISTERS)
