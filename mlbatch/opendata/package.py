"""The bytes of open data (開放資料檔案): CSV, JSON, and the Data Package that describes them.

CSV is UTF-8 with a byte order mark and CRLF, since Excel in Taiwan takes a file without the mark for Big5;
JSON is UTF-8 without one (RFC 8259). Both hold the same values. The descriptor follows the Frictionless
Data Package with a Table Schema for each table.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

from mlbatch.opendata.codes import code_lists
from mlbatch.opendata.fields import TABLES, TEXT, Field, Table
from mlbatch.plan import Plan

Row = Mapping[str, object]
ZONE = "時間為臺灣時間（UTC+8）；金額為新臺幣元之整數；沒有值者為空。"


def to_csv(table: Table, rows: Iterable[Row]) -> bytes:
    """The table as CSV, a header of the fields' names first."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(field.name for field in table.fields)
    writer.writerows([_word(row[field.name]) for field in table.fields] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _word(value: object) -> str:
    """A value as CSV has it: true and false, ISO dates, two decimals, nothing for what is missing."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date() | datetime():
            return value.isoformat()
    return str(value)


def to_json(rows: Sequence[Row]) -> bytes:
    """The rows as a JSON array of objects, null for what is missing."""
    return (json.dumps(list(rows), ensure_ascii=False, indent=1, default=_json) + "\n").encode()


def _json(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in open data")


def descriptor(plan: Plan, as_of: date) -> bytes:
    """datapackage.json: the package, and the schema of each table."""
    terms = plan.opendata
    package = {
        "profile": "tabular-data-package",
        "name": f"mobile-learning-{plan.year}",
        "title": f"{plan.title}　核定結果",
        "description": f"各校、各縣市之審查與核定結果及撥款情形，不含個人資料。{ZONE}欄位與代碼之說明見「代碼簿.xlsx」。",
        "version": as_of.isoformat(),
        "licenses": [{"name": terms.licence, "title": terms.licence_title, "path": terms.licence_url}],
        "sources": [{"title": plan.office.agency}],
        "resources": [_resource(table, plan) for table in TABLES],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(table: Table, plan: Plan) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name.replace("_", "-"),
        "title": table.title,
        "description": f"{table.note}同一內容之 JSON 為「{table.title}.json」。",
        "path": f"{table.title}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
        "schema": schema(table, plan),
    }


def schema(table: Table, plan: Plan) -> dict[str, object]:
    """The Table Schema of one table."""
    found = {
        "fields": [_field(field, plan) for field in table.fields],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if foreign := [_foreign(field) for field in table.fields if field.refers]:
        found["foreignKeys"] = foreign
    return found


def _field(field: Field, plan: Plan) -> dict[str, object]:
    rules: dict[str, object] = {"required": field.required}
    if field.low is not None:
        rules["minimum"] = getattr(plan, field.low) if isinstance(field.low, str) else field.low
    if field.pattern:
        rules["pattern"] = field.pattern
    if field.codes:
        rules["enum"] = list(code_lists(plan)[field.codes].meanings)
    about = field.note + (f"（{field.cite}）" if field.cite else "")
    found = {"name": field.name, "title": field.title, "type": field.type, "description": about}
    unit = {"unit": field.unit} if field.unit else {}
    shape = {"format": "default"} if field.type != TEXT else {}
    return {**found, **shape, **unit, "constraints": rules}


def _foreign(field: Field) -> dict[str, object]:
    table, target = field.refers
    return {"fields": [field.name], "reference": {"resource": table.replace("_", "-"), "fields": [target]}}
