"""What went out (發文紀錄): the register's rows as letters, and letters as the register's rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from mlbatch.outbox import Sent
from mlbatch.tables import Tables, records

REGISTER = "發文紀錄.xlsx"
LETTER = re.compile(r"受文者/[^/]+/[^/]+\.docx")


def sent(tables: Tables, as_of: date) -> dict[str, Sent]:
    """Every letter that had gone out by `as_of`, by path; of a path told twice the later row counts."""
    if "dispatched" not in tables:
        return {}
    units: dict[str, list[tuple[int, str]]] = {}
    for row in records(tables["dispatched_text"]):
        units.setdefault(row["letter"], []).append((row["place"].row, row["text"]))
    rows = (
        row
        for row in records(tables["dispatched"])
        if LETTER.fullmatch(row["letter"]) and not (row["day"] and row["day"] > as_of)
    )
    return {
        row["letter"]: Sent(
            path=row["letter"], recipient=row["recipient"], kind=row["kind"], day=row["day"],
            number=row["letter_number"], sha256=row["sha256"], draft=row["draft"],
            units=tuple(text for _, text in sorted(units.get(row["letter"], []))),
        )
        for row in sorted(rows, key=lambda row: (row["day"] or date.min, row["letter_number"]))
    }  # fmt: skip


def values(letters: Iterable[Sent]) -> dict[str, list[dict[str, object]]]:
    """The rows of the register, as `blank` takes them: by day, number and path."""
    ordered = sorted(letters, key=lambda one: (one.day or date.min, one.number, one.path))
    rows = [
        {
            "letter": one.path, "recipient": one.recipient, "kind": one.kind, "day": one.day,
            "letter_number": one.number, "sha256": one.sha256, "draft": one.draft,
        }
        for one in ordered
    ]  # fmt: skip
    text = [
        {"letter": one.path, "unit": number, "text": unit}
        for one in ordered
        for number, unit in enumerate(one.units, 1)
    ]
    return {"dispatched": rows, "dispatched_text": text}
