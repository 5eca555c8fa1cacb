"""Two plan years side by side (年度計畫比較): which values changed, whose they are, what follows in the forms.

What follows from a value is found by trying: the forms of the year before are made once more with that value alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mlbatch import batch, catalogue, output, record, rules
from mlbatch.forms import Form, all_forms
from mlbatch.forms.form_changes import form_changes
from mlbatch.output import Paper
from mlbatch.plan import Plan
from mlbatch.plan.changes import REMOVED, Change, changes, clause_changes
from mlbatch.workbooks import plan_years as book

TITLE = "年度計畫比較"
Row = dict[str, object]


def compare(old: int | Path, new: int | Path, out: Path) -> tuple[list[Row], list[Row], list[Row]]:
    """Publish 年度計畫比較 of two plan years in `out`; the rows of its sheets: values, forms, clauses.

    Raises CannotRun for a plan year that cannot be used, and output.OutputError if `out` holds something else.
    """
    before, now = batch.load_plan(old), batch.load_plan(new)
    with output.reserved(out) as place:
        rows = list(values(before, now)), list(forms(before, now)), list(clauses(before, now))
        paper = Paper(f"{TITLE}.xlsx", book.comparison(before, now, *rows), TITLE)
        place.publish([paper], record.record_of_templates(now, [paper]))
    return rows


def values(before: Plan, now: Plan) -> Iterator[Row]:
    """One row for each value that differs, with what follows from it alone in the forms of the year before."""
    present = all_forms(before)
    for change in changes(before, now):
        yield {
            "name": change.name, "part": change.part, "kind": change.kind, "label": change.source.label,
            "cite": change.source.cite, "old": book.said(change.old), "new": book.said(change.new),
            "ours": change.source.ours, "by": change.source.decided_by, "on": change.source.on, "says": change.source.says,
            "follows": _follows(change, before, present),
        }  # fmt: skip


def _follows(change: Change, before: Plan, present: dict[str, Form]) -> str:
    """What follows from one value: the day by which forms are due, drop-downs, limits and help, and in which forms."""
    places: dict[str, list[str]] = {}
    for form in present.values():
        if form.due == change.name:
            places.setdefault(f"期限改為 {book.said(change.new)}", []).append(form.title)
    for one in form_changes(present, all_forms(change.alone(before))):
        places.setdefault(one.happened, []).append(one.form)
    return "；".join(f"{what}（{'、'.join(dict.fromkeys(forms))}）" for what, forms in places.items())


def forms(before: Plan, now: Plan) -> Iterator[Row]:
    """One row for each difference between the forms of the two years."""
    yield from (one._asdict() for one in form_changes(all_forms(before), all_forms(now)))


def clauses(before: Plan, now: Plan) -> Iterator[Row]:
    """One row for each clause that differs; of one that is gone, what in the program still cites it."""
    for kind, cite, old, new in clause_changes(before, now):
        cited = "、".join(_citing(cite)) if kind == REMOVED else ""
        yield {"kind": kind, "cite": cite, "old": old, "new": new, "cited": cited}


def _citing(cite: str) -> Iterator[str]:
    """The findings and rules that cite a clause."""
    yield from (kind.id for kind in catalogue.ALL if kind.cite == cite)
    selections = (
        rules.INTAKE,
        rules.REVIEW,
        rules.AWARD,
        rules.BUDGET,
        rules.PAYMENT,
        rules.TRACKING,
        rules.CLOSING,
    )
    cited = {rule.id for selection in selections for rule in selection if rule.cite == cite}
    yield from (f"規則 {name}" for name in sorted(cited))
