"""One cell of one field (欄位判讀): the value that is understood, and what is wrong with it.

A value that cannot be read, or that lies outside its field's range, is not used: it becomes a
blank (`""` or None), and the fault says what was read. A text that is too long is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mlbatch import catalogue, finding
from mlbatch.forms import cells, days
from mlbatch.forms.form import MAX_AMOUNT, Field, Kind

READERS: dict[Kind, tuple[Callable[[cells.Raw], tuple], finding.Kind]] = {
    Kind.CODE: (cells.code, catalogue.F5_NOT_A_CODE),
    Kind.WHOLE: (cells.whole, catalogue.F2_NOT_WHOLE),
    Kind.MONEY: (cells.whole, catalogue.F2_NOT_WHOLE),
    Kind.DATE: (days.day, catalogue.F3_NOT_DATE),
    Kind.MOMENT: (days.moment, catalogue.F3_NOT_DATE),
    Kind.YES_NO: (cells.yes_no, catalogue.F4_NOT_A_CHOICE),
    Kind.EMAIL: (cells.email, catalogue.F11_NOT_AN_ADDRESS),
}
VALUELESS = frozenset({Kind.WHOLE, Kind.MONEY, Kind.DATE, Kind.MOMENT, Kind.YES_NO})  # a blank is None


class Fault(NamedTuple):
    """What is wrong with a cell: the kind of finding, and its facts."""

    kind: finding.Kind
    facts: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Question:
    """A field, made ready for reading many cells: `choices` are its choices by their keys."""

    field: Field
    choices: Mapping[str, str]

    @classmethod
    def of(cls, field: Field) -> Question:
        """The question that a field asks."""
        return cls(field, {cells.key(choice): choice for choice in field.choices})

    @property
    def blank(self) -> object:
        """The value of an empty cell: None for what is no text."""
        return None if self.field.kind in VALUELESS else ""

    def answer(self, raw: cells.Raw) -> tuple[object, Fault | None]:
        """What the cell says, and the fault if there is one (F1–F7, F11, E7)."""
        if is_blank(raw):
            return self.blank, self._unanswered()
        value, fault = self._read(raw)
        return value, fault or self._too_long(value)

    def _unanswered(self) -> Fault | None:
        field = self.field
        if not field.required or field.formula:
            return None
        return self._fault(catalogue.F1_BLANK, help=field.help or f"{field.label}。")

    def _read(self, raw: cells.Raw) -> tuple[object, Fault | None]:
        kind = self.field.kind
        if kind is Kind.CHOICE:
            value, understood = cells.choice(raw, self.choices)
            return value, None if understood else self._no_choice(raw, self.field.choices)
        if kind not in READERS:
            return cells.text(raw), None
        read, otherwise = READERS[kind]
        value, understood = read(raw)
        if understood:
            return self._checked(raw, value)
        if kind is Kind.YES_NO:
            return None, self._no_choice(raw, ("是", "否"))
        return self.blank, self._fault(otherwise, read=cells.text(raw))

    def _checked(self, raw: cells.Raw, value: object) -> tuple[object, Fault | None]:
        field = self.field
        if field.kind is Kind.CODE and cells.lost_zero(raw, str(value)):
            return value, Fault(catalogue.E7_LOST_ZERO, {"read": cells.text(raw), "code": value})
        low, high = field.low if field.low is not None else 0, field.high or MAX_AMOUNT
        if field.kind.numeric and not low <= value <= high:
            return None, self._fault(catalogue.F6_OUT_OF_RANGE, read=value, low=low, high=high)
        return value, None

    def _no_choice(self, raw: cells.Raw, choices: tuple[str, ...]) -> Fault:
        return self._fault(catalogue.F4_NOT_A_CHOICE, read=cells.text(raw), choices="、".join(choices))

    def _too_long(self, value: object) -> Fault | None:
        limit = self.field.limit
        if not isinstance(value, str) or len(value) <= limit:
            return None
        return self._fault(catalogue.F7_TOO_LONG, read=len(value), limit=limit)

    def _fault(self, kind: finding.Kind, **facts: object) -> Fault:
        return Fault(kind, {"label": self.field.label, **facts})


def is_blank(raw: cells.Raw) -> bool:
    """Whether a cell holds nothing that a person could see."""
    return raw is None or (isinstance(raw, str) and not raw.strip(cells.EDGES))
