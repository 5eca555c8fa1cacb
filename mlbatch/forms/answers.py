"""One cell of one field (欄位判讀): the value that is understood, and what is wrong with it.

A value that cannot be read, or that lies outside its field's range, is not used: it becomes a
blank (`""` or None), and the fault says what was read. A text that is too long is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from mlbatch import catalogue, finding, roc
from mlbatch.forms import cells, days, hint, suggest
from mlbatch.forms.form import MAX_AMOUNT, Field, Kind
from mlbatch.forms.limits import YES_NO

EDGES = frozenset(cells.EDGES)  # a cell that begins with none of them is not blank


class Fault(NamedTuple):
    """What is wrong with a cell: the kind of finding, and its facts."""

    kind: finding.Kind
    facts: dict[str, object]


Answer = tuple[object, Fault | None]
Read = Callable[[cells.Raw], Answer]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A field, made ready for reading many cells.

    `blank` is the value of an empty cell (None for what is no text), `unanswered` the fault that
    an empty cell is, `read` what reads a cell that is not empty.
    """

    name: str
    field: Field
    blank: object
    unanswered: Fault | None
    read: Read

    def answer(self, raw: cells.Raw) -> Answer:
        """What the cell says, and the fault if there is one (F1–F7, F11, F13–F15, F18, E7)."""
        if raw == "" or is_blank(raw):
            return self.blank, self.unanswered
        return self.read(raw)


def question(field: Field) -> Question:
    """The question that a field asks."""
    make, blank = READERS.get(field.kind, (_text, ""))
    asked = field.required and not field.formula
    unanswered = _fault(catalogue.F1_BLANK, field, help=field.help or f"{field.label}。")
    return Question(field.name, field, blank, unanswered if asked else None, make(field))


def is_blank(raw: cells.Raw) -> bool:
    """Whether a cell holds nothing that a person could see."""
    if isinstance(raw, str):
        return not raw or (raw[0] in EDGES and not raw.strip(cells.EDGES))
    return raw is None


def _fault(kind: finding.Kind, field: Field, **facts: object) -> Fault:
    return Fault(kind, {"label": field.label, **facts})


def _text(field: Field) -> Read:
    def read(raw: cells.Raw) -> Answer:
        value = cells.text(raw)
        if len(value) > field.limit:
            return value, _fault(catalogue.F7_TOO_LONG, field, read=len(value), limit=field.limit)
        if cells.LOST.search(value):
            return value, _fault(catalogue.F18_LOST_CHARACTER, field, read=value)
        return value, None

    return read


def _choice(field: Field) -> Read:
    choices = {words: choice for choice in field.choices for words in (cells.key(choice), choice)}

    def read(raw: cells.Raw) -> Answer:
        value, understood = cells.choice(raw, choices)
        return value, None if understood else _no_choice(field, raw, field.choices)

    return read


def _yes_no(field: Field) -> Read:
    def read(raw: cells.Raw) -> Answer:
        value, understood = cells.yes_no(raw)
        if not understood:
            return value, _no_choice(field, raw, YES_NO)
        said = YES_NO[not value]
        return value, None if cells.key(cells.text(raw)) == said else _told(field, raw, said)

    return read


def _no_choice(field: Field, raw: cells.Raw, choices: tuple[str, ...]) -> Fault:
    words = cells.text(raw)
    facts = {"choices": "、".join(choices), "hint": suggest.hint(suggest.nearest(words, choices))}
    return _fault(catalogue.F4_NOT_A_CHOICE, field, read=words, **facts)


def _code(field: Field) -> Read:
    def read(raw: cells.Raw) -> Answer:
        value, understood = cells.code(raw)
        if not understood:
            facts = {"read": cells.text(raw), "hint": suggest.hint(cells.like_code(raw))}
            return "", _fault(catalogue.F5_NOT_A_CODE, field, **facts)
        if cells.lost_zero(raw, value):
            return value, Fault(catalogue.E7_LOST_ZERO, {"read": cells.text(raw), "code": value})
        return value, None

    return read


def _whole(field: Field) -> Read:
    low = 0 if field.low is None else field.low
    high = MAX_AMOUNT if field.high is None else field.high

    def read(raw: cells.Raw) -> Answer:
        meaning = cells.number(raw)
        value, understood = meaning.only
        if not understood:
            return None, _unclear(field, raw, meaning, catalogue.F2_NOT_WHOLE, "12000")
        if low <= value <= high:
            return value, None if meaning.plain else _told(field, raw, value)
        return None, _fault(catalogue.F6_OUT_OF_RANGE, field, read=value, low=low, high=high)

    return read


def _when(
    reader: Callable[[cells.Raw], cells.Meaning], shown: Callable[[object], str]
) -> Callable[[Field], Read]:
    def make(field: Field) -> Read:
        def read(raw: cells.Raw) -> Answer:
            meaning = reader(raw)
            value, understood = meaning.only
            if not understood:
                meaning = cells.Meaning(tuple(map(shown, meaning.values)))
                return None, _unclear(field, raw, meaning, catalogue.F3_NOT_DATE, hint.day_example(field))
            return value, None if meaning.plain else _told(field, raw, shown(value))

        return read

    return make


def _unclear(field: Field, raw: cells.Raw, meaning: cells.Meaning, none: finding.Kind, example: str) -> Fault:
    """`none` for a cell that means nothing; F14 for one with several meanings, which are asked about."""
    if not meaning.values:
        shown = {"example": example} if none is catalogue.F3_NOT_DATE else {}
        return _fault(none, field, read=cells.text(raw), **shown)
    said = "或".join(f"「{value}」" for value in meaning.values)
    return _fault(catalogue.F14_TWO_READINGS, field, read=cells.text(raw), readings=said, example=example)


def _told(field: Field, raw: cells.Raw, value: object) -> Fault:
    """F13: what was understood, where it is not what stands there."""
    return _fault(catalogue.F13_UNDERSTOOD, field, read=cells.text(raw), value=value)


def _telephone(field: Field) -> Read:
    text = _text(field)

    def read(raw: cells.Raw) -> Answer:
        meaning = cells.telephone(raw)
        if meaning.plain:
            return text(raw)
        value = meaning.values[0]
        if len(meaning.values) == 1:
            return value, _told(field, raw, value)
        return value, _fault(catalogue.F15_TELEPHONE, field, read=cells.text(raw))

    return read


def _email(field: Field) -> Read:
    text = _text(field)

    def read(raw: cells.Raw) -> Answer:
        value, understood = cells.email(raw)
        return text(value) if understood else ("", _no_address(field, raw))

    return read


def _no_address(field: Field, raw: cells.Raw) -> Fault:
    return _fault(catalogue.F11_NOT_AN_ADDRESS, field, read=cells.text(raw))


# What reads a kind, and the value of an empty cell; kinds that are not here are text.
READERS: dict[Kind, tuple[Callable[[Field], Read], object]] = {
    Kind.CODE: (_code, ""),
    Kind.WHOLE: (_whole, None),
    Kind.MONEY: (_whole, None),
    Kind.DATE: (_when(days.days, roc.short), None),
    Kind.MOMENT: (_when(days.moments, roc.minute), None),
    Kind.CHOICE: (_choice, ""),
    Kind.YES_NO: (_yes_no, None),
    Kind.PHONE: (_telephone, ""),
    Kind.EMAIL: (_email, ""),
}
