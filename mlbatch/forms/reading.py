"""What was read of one file: its stamp, its tables and what could not be read (讀檔結果)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlbatch.finding import Finding
from mlbatch.forms.form import Form


@dataclass(frozen=True)
class Stamp:
    """The stamp (戳記) of a workbook: form, plan year, version, and for whom it was made."""

    form: str
    year: int
    version: int
    recipient: str = ""


@dataclass(frozen=True)
class Reading:
    """One file, read. `records` maps a table's name to its rows: field → value, and `place`.

    A head is a table of one row. `part` are the schools (code, level) of a list that is only a part
    of its register; empty for a whole one.
    """

    file: str
    form: Form
    stamp: Stamp
    records: Mapping[str, list[dict]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    part: frozenset[tuple[str, str]] = frozenset()
