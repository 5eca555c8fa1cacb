"""The readable tables of the sample year, and what a form's fields make of their values."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import datetime
from io import StringIO
from pathlib import Path

from mlbatch.forms import Kind, all_forms
from mlbatch.plan import load_plan

TABLES = Path(__file__).parent / "tables"
PLAN = load_plan()
FORMS = all_forms(PLAN)
Row = dict[str, object]


def table(name: str) -> list[dict[str, str]]:
    """The rows of a readable table; every value is text."""
    return list(csv.DictReader(StringIO((TABLES / f"{name}.csv").read_text("utf-8"))))


def typed(value: str, kind: Kind) -> object:
    """A value of a readable table as a form is filled with it; raises ValueError if it is none."""
    match kind:
        case _ if value == "":
            return None
        case Kind.WHOLE | Kind.MONEY:
            return int(value)
        case Kind.DATE:
            return datetime.fromisoformat(value).date()
        case Kind.MOMENT:
            return datetime.fromisoformat(value)
        case Kind.YES_NO:
            return {"是": True, "否": False}[value]
    return value


def fill(form: str, name: str, row: Mapping[str, str]) -> Row:
    """The values of one row of a form's table, taken by field from `row`."""
    fields = dict(FORMS[form].tables())[name]
    return {one.name: typed(row[one.name], one.kind) for one in fields}


SCHOOLS = table("schools")
BY_KEY = {(row["code"], row["level"]): row for row in SCHOOLS}
APPLICATIONS = table("applications")
