"""Holds a folder of open data against its own datapackage.json: a small reader of the Table Schema.

Written from the specification of Frictionless Table Schema and not from the writer: types are read from the
words of the CSV, then constraints, keys and references. Returns what is wrong as sentences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pandas as pd

READ = {
    "string": str,
    "integer": lambda word: int(word) if re.fullmatch(r"-?\d+", word) else 1 / 0,
    "number": Decimal,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def words(content: bytes) -> pd.DataFrame:
    """A CSV as it stands: every cell its words, `""` for a blank."""
    return pd.read_csv(BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8-sig")


def descriptor(folder: Path) -> dict:
    """The package's descriptor."""
    return json.loads((folder / "datapackage.json").read_text("utf-8"))


def read(resource: dict, folder: Path) -> list[dict[str, object]]:
    """The rows of a resource as its schema types them; raises what a wrong word raises."""
    fields, blank = resource["schema"]["fields"], resource["schema"]["missingValues"]
    frame = words((folder / resource["path"]).read_bytes())
    assert list(frame.columns) == [field["name"] for field in fields], resource["name"]
    typed = {
        field["name"]: [None if word in blank else READ[field["type"]](word) for word in frame[field["name"]]]
        for field in fields
    }
    return [dict(zip(typed, row, strict=True)) for row in zip(*typed.values(), strict=True)]


def faults(folder: Path) -> list[str]:
    """Everything in which a folder is not what its descriptor says."""
    package = descriptor(folder)
    data = {one["name"]: read(one, folder) for one in package["resources"]}
    return [
        f"{one['name']}: {fault}"
        for one in package["resources"]
        for fault in (
            *_constraints(one["schema"], data[one["name"]]),
            *_keys(one["schema"], data[one["name"]]),
            *_references(one["schema"], data[one["name"]], data),
        )
    ]


def _constraints(schema: dict, rows: list[dict]) -> Iterator[str]:
    for field in schema["fields"]:
        rules, name = field["constraints"], field["name"]
        for value in (row[name] for row in rows):
            if value is None:
                if rules.get("required"):
                    yield f"{name} is blank"
                continue
            if "enum" in rules and value not in rules["enum"]:
                yield f"{name} {value!r} is not in the list"
            if "pattern" in rules and not re.fullmatch(rules["pattern"], value):
                yield f"{name} {value!r} does not fit {rules['pattern']}"
            if "minimum" in rules and value < rules["minimum"]:
                yield f"{name} {value!r} is below {rules['minimum']}"


def _keys(schema: dict, rows: list[dict]) -> Iterator[str]:
    keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
    yield from (f"key {key} stands twice" for key in {key for key in keys if keys.count(key) > 1})
    yield from (f"key {key} is blank" for key in keys if None in key)


def _references(schema: dict, rows: list[dict], data: dict[str, list[dict]]) -> Iterator[str]:
    for one in schema.get("foreignKeys", ()):
        there = one["reference"]
        known = {tuple(row[name] for name in there["fields"]) for row in data[there["resource"]]}
        for row in rows:
            key = tuple(row[name] for name in one["fields"])
            if None not in key and key not in known:
                yield f"{key} is not in {there['resource']}"
