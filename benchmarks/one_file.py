"""Filled forms, looked at, read and checked: mlbatch beside bare calamine and beside frictionless.

    python -m benchmarks.one_file FOLDER

frictionless (`pip install mlbatch[bench]`) is told the same of each field: its kind, whether it must be filled, its
choices, bounds and length; it is told where each table begins, and looks at nothing beforehand.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import is_zipfile

from python_calamine import CalamineWorkbook

from mlbatch.forms import Field, Form, Kind, all_forms, plain
from mlbatch.forms.one_file import read_of
from mlbatch.forms.spots import TOP, Spots
from mlbatch.plan import load_plan
from mlbatch.rules.rule import run_rules
from mlbatch.rules.sent import ALONE
from mlbatch.tables import Tables

PLAN = load_plan()
FORMS = all_forms(PLAN)
TYPES = {Kind.WHOLE: "integer", Kind.MONEY: "integer", Kind.DATE: "date", Kind.MOMENT: "datetime"}
TIMES, FEWER = 40, 5


def calamine(path: Path) -> int:
    """Every cell of every sheet."""
    book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def ours(path: Path) -> int:
    """What `check` finds."""
    read = read_of(path.read_bytes(), path.name, FORMS, PLAN)
    tables = Tables(findings=read.outcome.findings).put(**plain.rows([read.outcome], FORMS))
    return len(run_rules(ALONE, tables, PLAN, PLAN.calendar.call)[0].findings)


def frictionless(path: Path) -> int:
    """What frictionless finds."""
    return sum(resource.validate().stats["errors"] for resource in _resources(path, FORMS["application"]))


def _resources(path: Path, form: Form) -> Iterator:
    from frictionless import Detector, Dialect, Resource, Schema
    from frictionless.formats import ExcelControl

    for sheet in form.sheets:
        tables = [(TOP, sheet.head)] if sheet.head else []
        tables += [(Spots(sheet, 0).header + 1, sheet.rows)] if sheet.rows else []
        for header, fields in tables:
            dialect = Dialect(header_rows=[header], controls=[ExcelControl(sheet=sheet.title)])
            head = fields is sheet.head
            described = {"fields": [] if head else [_field(one) for one in fields]}
            yield Resource(
                path=path.name, basepath=str(path.parent), dialect=dialect, detector=Detector(schema_sync=True),
                schema=Schema.from_descriptor(described),
            )  # fmt: skip


def _field(field: Field) -> dict[str, object]:
    limits = {"required": field.required, "enum": list(field.choices), "minimum": field.low, "maximum": field.high,
              "maxLength": field.limit}  # fmt: skip
    kind = TYPES.get(field.kind, "string")
    if kind != "string":
        limits.pop("maxLength")
    else:
        limits.pop("minimum"), limits.pop("maximum")
    return {
        "name": field.label,
        "type": kind,
        "constraints": {key: one for key, one in limits.items() if one},
    }


def milliseconds(way: Callable[[Path], int], first: Path, paths: Sequence[Path]) -> float:
    """The median of the files, each looked at once, after a first one that is not counted."""
    way(first)
    found = []
    for path in paths:
        began = time.process_time()
        way(path)
        found.append(1000 * (time.process_time() - began))
    return statistics.median(found)


def main() -> None:
    """Print milliseconds of the processor by way, as JSON."""
    plans = sorted(Path(sys.argv[1]).glob("*/計畫書/*.xlsx"))
    first, *paths = [path for path in plans[: 2 * TIMES] if is_zipfile(path)][: TIMES + 1]
    found = {
        "bare calamine": milliseconds(calamine, first, paths),
        "mlbatch: looked at, read and checked": milliseconds(ours, first, paths),
    }
    try:
        found["frictionless: read and checked"] = milliseconds(frictionless, first, paths[:FEWER])
    except ImportError:
        print("frictionless is not installed: pip install mlbatch[bench]")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
