"""A fault is a value: what kind it is, where it stands, and the facts of the case.

Nothing here raises: a `Finding` is appended to a list and returned. Its sentence is made last,
from the catalogue's words and the finding's facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """How much a finding weighs (嚴重程度)."""

    REJECT = "退件"  # the school or file is out, whatever is corrected
    CORRECT = "補正"  # to be corrected before closing; after closing the school is waived
    NOTICE = "提醒"  # told, with no consequence for the school
    UNDERSTOOD = "說明"  # what was understood, where it is not what stands there; nothing to be done

    @property
    def weighs(self) -> bool:
        """Whether a school must do something about it, or is out."""
        return self in (Severity.REJECT, Severity.CORRECT)


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the catalogue: everything about a finding but its place and its facts.

    `sentence` and `remedy` are `str.format_map` templates over the finding's facts.
    """

    id: str
    rule: str
    severity: Severity
    headline: str
    sentence: str
    remedy: str
    cite: str


@dataclass(frozen=True, slots=True, order=True)
class At:
    """A place: file, sheet, column letter and row number; what is not known stays empty."""

    file: str = ""
    sheet: str = ""
    column: str = ""
    row: int = 0

    @property
    def cell(self) -> str:
        """The cell's address as a spreadsheet shows it (`E7`), or an empty text."""
        return f"{self.column}{self.row}" if self.column and self.row else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one record stands in a file: gives the `At` of each of its fields.

    `columns` maps a field's identifier to the letter of its column, which all rows of a sheet share, or, for a record
    that does not stand in one row, to (column letter, row number).
    """

    file: str
    sheet: str
    row: int
    columns: Mapping[str, str | tuple[str, int]]

    def at(self, name: str = "") -> At:
        """The place of field `name`; without a name, or for a column that is missing, the row."""
        found = self.columns.get(name, "")
        column, row = (found, self.row) if found.__class__ is str else found
        return At(self.file, self.sheet, column, row)

    @property
    def cells(self) -> Mapping[str, tuple[str, int]]:
        """Field → (column letter, row number)."""
        return {name: (one, self.row) if one.__class__ is str else one for name, one in self.columns.items()}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding (檢核發現).

    `school` is the key `(code, level)` of the school that it concerns, `county` the county's
    name; either may be empty. `facts` fill the sentence; `read` among them is what was read, and
    `hint`, where there is one, asks whether something else was meant.
    """

    kind: Kind
    at: At
    facts: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    school: tuple[str, str] = ("", "")
    county: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong, in Traditional Chinese, with the facts of the case."""
        return self.kind.sentence.format_map({"hint": "", **self.facts})

    @property
    def remedy(self) -> str:
        """What the sender should do about it."""
        return self.kind.remedy.format_map(self.facts)

    @property
    def read(self) -> str:
        """What was read in the cell, as text."""
        value = self.facts.get("read")
        return "" if value is None else str(value)

    def spared(self, note: str, remedy: str) -> Finding:
        """This finding without its consequence: a notice (提醒) whose sentence ends in `note`."""
        kind = replace(
            self.kind,
            severity=Severity.NOTICE,
            sentence=self.kind.sentence + _literal(note),
            remedy=_literal(remedy),
        )
        return replace(self, kind=kind)

    @property
    def order(self) -> tuple:
        """The stated order of findings: severity, file, sheet, row, column, kind, facts."""
        weight = list(Severity).index(self.kind.severity)
        at = self.at
        column = (len(at.column), at.column)
        return (
            weight,
            at.file,
            at.sheet,
            at.row,
            column,
            self.kind.id,
            sorted(map(str, self.facts.items())),
        )


def _literal(words: str) -> str:
    """Words in which `str.format_map` finds nothing to fill."""
    return words.replace("{", "{{").replace("}", "}}")
