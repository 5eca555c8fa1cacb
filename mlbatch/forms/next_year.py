"""Next year's registers (下年度清冊), written at this year's closing: the very workbooks that its run reads (玖.二, 玖.三).

Each is the register of the plan year that reads it: the record and the subsidised schools of the next one,
the schools that are barred of the year from which they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlbatch.forms import all_forms
from mlbatch.forms.blank import blank
from mlbatch.plan import Plan, successor

if TYPE_CHECKING:  # a reading worker declares forms and needs no pandas
    from mlbatch.tables import Tables

RECIPIENT = "本部"


def next_registers(tables: Tables, plan: Plan) -> Iterator[tuple[str, Plan, bytes]]:
    """Each register: its file name, the plan of the year that reads it, and the workbook."""
    following = successor(plan)
    barring = following
    while barring.year < plan.closing.barred_year:
        barring = successor(barring)
    for reader, names in (
        (following, ("subsidised", "school_record", "county_record", "winners", "former_coaches")),
        (barring, ("incomplete",)),
    ):
        forms = all_forms(reader)
        for name in names:
            if name == "winners" and "prizes" not in tables:
                continue  # nobody knows yet who won: an empty list would say that nobody did
            rows = VALUES[name](tables, plan)
            content = blank(forms[name], reader, recipient=RECIPIENT, values={name: rows})
            yield f"{forms[name].title}.xlsx", reader, content


def _rows(tables: Tables, table: str, columns: dict[str, str]) -> list[dict[str, object]]:
    """The rows of a table: field of the register → column; None for what is missing."""
    frame = tables[table][list(columns.values())].astype(object)
    frame = frame.where(frame.notna(), None)
    return [dict(zip(columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


SCHOOL = {name: name for name in ("county", "code", "name", "level")}


def _subsidised(tables: Tables, plan: Plan) -> list[dict[str, object]]:
    """The schools with a grant, and their classes (肆.六(二))."""
    rows = _rows(tables, "schools", {**SCHOOL, "classes": "approved"})
    return [row for row in rows if row["classes"]]


def _school_record(tables: Tables, plan: Plan) -> list[dict[str, object]]:
    """Score, grade and awards of each school (肆.五(二), 肆.六(三))."""
    return _rows(tables, "year_record", {**SCHOOL, **{name: name for name in ("score", "grade", "awards")}})


def _county_record(tables: Tables, plan: Plan) -> list[dict[str, object]]:
    """How each county did at the call, the payment and the closing, and when it closed (肆.五(四))."""
    names = ("county", "call", "payment", "closing", "closed_all")
    return _rows(tables, "county_year", {**{name: name for name in names}, "closed_105": "closed_on"})


def _incomplete(tables: Tables, plan: Plan) -> list[dict[str, object]]:
    """The schools that are barred (玖.二)."""
    return [{"year": plan.year, **row} for row in _rows(tables, "barred", SCHOOL)]


def _winners(tables: Tables, plan: Plan) -> list[dict[str, object]]:
    """The year's excellent schools, by which next year's coaches qualify (附件3.二(一))."""
    return _rows(tables, "prizes", {**SCHOOL, "group": "group"})


def _former_coaches(tables: Tables, plan: Plan) -> list[dict[str, object]]:
    """The year's coaches and whom they coached, with what they completed (附件3.二(二), 捌.三)."""
    if "coached" not in tables:
        return []
    names = ("code", "name", "level", "county")
    pairs = _rows(tables, "coached", {**{name: f"coach_{name}" for name in names}, "state": "state",
                                      **{f"coached_{name}": name for name in names[:3]}})  # fmt: skip
    said = _rows(
        tables,
        "coach_candidates",
        {name: name for name in ("code", "level", "report", "cooperative", "again")},
    )
    known = {(row["code"], row["level"]): row for row in said}
    rows = []
    for pair in pairs:
        if pair.pop("state") == "核定" and (own := known.get((pair["code"], pair["level"]))):
            done = {"report": own["report"], "complete": own["cooperative"], "again": own["again"]}
            rows.append({**pair, **done})
    return rows


VALUES = {
    "subsidised": _subsidised, "school_record": _school_record, "county_record": _county_record, "incomplete": _incomplete,
    "winners": _winners, "former_coaches": _former_coaches,
}  # fmt: skip
