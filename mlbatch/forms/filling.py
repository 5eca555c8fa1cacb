"""What differs between two copies of a form (表件之填入值): their texts, their numbers, and what formulas and messages show.

Copies are of one shape if the same cells hold a text, a number, a formula or nothing, and the same texts are equal.
A workbook has one list of texts, to whose places its cells refer. So copies of one shape whose texts are also the same words of the form
refer to the same places, and nothing differs in them but the values themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from math import isfinite

from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import CellFormulaTuple, CellNumberTuple

from mlbatch.forms import guide, verdict
from mlbatch.forms.across import Seen
from mlbatch.forms.drawing import Told
from mlbatch.forms.form import STAMP_KEYS, STAMP_SHEET, Form
from mlbatch.forms.putting import as_shown, computed, shown
from mlbatch.forms.spots import Key, Values, places, spots
from mlbatch.forms.telling import telling_fields
from mlbatch.sheet import clean
from mlbatch.workbook_xml import SPELLINGS

NONE, EMPTY, TEXT, NUMBER, FORMULA = "none", "empty", "text", "number", "formula"
FIGURES = frozenset({NUMBER, FORMULA})
RECIPIENT = STAMP_SHEET, xl_rowcol_to_cell(STAMP_KEYS.index("recipient"), 1)
ITEM = "<si>"
FORMULA_HERE = "<f></f>"

Cells = dict[str, dict[str, int]]  # sheet → cell → the number of what stands there


class Unfit(Exception):
    """A copy that holds what only drawing can put into cells."""


@dataclass(frozen=True)
class Copy:
    """What stands in the cells of one copy of a form.

    `texts` are its different texts in the order of its cells, as they stand in XML; `figures` its numbers and the values of
    its formulas.
    """

    form: Form
    values: Values
    recipient: str
    shape: tuple
    texts: tuple[str, ...]
    figures: tuple[object, ...]

    @classmethod
    def of(cls, form: Form, values: Values, recipient: str) -> Copy:
        """The copy that holds `values` and bears the stamp of `recipient`."""
        shape: list[object] = [tuple(map(bool, values.get(table, ()))) for table, _ in form.tables()]
        texts: dict[str, int] = {}
        figures = []
        for _, sort, value in _cells(form, values, recipient):
            if sort is TEXT:
                shape.append(texts.setdefault(value, len(texts)))
                continue
            shape.append(sort)
            if sort in FIGURES:
                figures.append(value)
        return cls(form, values, recipient, tuple(shape), tuple(map(_item, texts)), tuple(figures))

    def common(self, words: frozenset[str]) -> tuple[tuple[int, str], ...]:
        """Which of its texts are among `words`."""
        return tuple((index, text) for index, text in enumerate(self.texts) if text in words)

    def spelt(self, told: Sequence[Told]) -> list[str]:
        """Its figures, messages and their counts, in this order, as they stand in XML."""
        seen = Seen(shown(self.form, self.values), telling_fields(self.form))
        words = [one.words(seen, one.index) for one in told]
        left = dict.fromkeys((sheet.title for sheet in self.form.sheets), 0)
        for one, said in zip(told, words, strict=True):
            left[one.sheet] += verdict.counts(said)
        now = verdict.present(guide.TOP, list(left.values())).values()
        sorts = (sort for sort in self.shape if sort in FIGURES)
        return [*map(_spelt, self.figures, sorts), *(_spelt(one, FORMULA) for one in (*words, *now))]

    def places(self, told: Sequence[Told]) -> tuple[Cells, Cells]:
        """Where its texts stand, and where what is `spelt`."""
        texts, spelt = defaultdict(dict), defaultdict(dict)
        where = {None: RECIPIENT} | places(self.form, self.values)
        known: dict[object, int] = {}
        figures = []
        for key, sort, value in _cells(self.form, self.values, self.recipient):
            if sort in FIGURES:
                figures.append(where.get(key))
            elif sort is TEXT:
                number = known.setdefault(value, len(known))
                if key in where:
                    sheet, cell = where[key]
                    texts[sheet][cell] = number
        now = verdict.present(guide.TOP, [0] * len(self.form.sheets))
        counts = [(guide.TITLE, xl_rowcol_to_cell(*place)) for place in now]
        for number, place in enumerate([*figures, *((one.sheet, one.cell) for one in told), *counts]):
            if place:
                spelt[place[0]][place[1]] = number
        return texts, spelt


def _cells(form: Form, values: Values, recipient: str) -> Iterator[tuple[Key | None, str, object]]:
    """Every cell in which copies may differ: its key, the sort of what it holds, and that; the stamp's last, which has no key."""
    for sheet in form.sheets:
        for row, given in enumerate(values.get(sheet.head_table, ()) if sheet.head else ()):
            for field in sheet.head:
                yield (sheet.head_table, row, field.name), *_held(as_shown(field, given.get(field.name)))
        rows = values.get(sheet.rows_table, ()) if sheet.rows else ()
        for row, given in enumerate(rows):
            for field in sheet.rows:
                key, value = (sheet.rows_table, row, field.name), given.get(field.name)
                if field.formula and not isinstance(value, str):
                    yield key, FORMULA, computed(field, given, rows)
                else:
                    yield key, *_held(as_shown(field, value))
        for field in sheet.rows:
            for row in range(len(rows), spots(sheet, values).drawn if field.compute else 0):
                yield (sheet.rows_table, row, field.name), FORMULA, computed(field, {}, rows)
    yield None, *_held(str(recipient))


def _held(value: object) -> tuple[str, object]:
    if value is None:
        return NONE, None
    if isinstance(value, str):
        text = clean(value)
        return (TEXT, text) if text else (EMPTY, None)
    if not isfinite(value):
        raise Unfit
    return NUMBER, value


def _spelt(value: object, sort: str) -> str:
    """A number or the value of a formula as it stands in XML after the head of its cell."""
    cell = CellNumberTuple(value, None) if sort is NUMBER else CellFormulaTuple("", None, value)
    if not (found := SPELLINGS[cell.__class__](cell, "")):
        raise Unfit
    return found


def _item(text: str) -> str:
    """A text as it stands in the list of a workbook's texts, after the beginning of its item."""
    strings = SharedStrings()
    strings.fh = StringIO()
    strings._write_si(text)
    return strings.fh.getvalue().removeprefix(ITEM)
