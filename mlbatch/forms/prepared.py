"""Forms drawn once and filled many times (備妥之表件): the same bytes as if each copy had been drawn.

The first copy of a shape (`filling.py`) is drawn whole; of a second one its parts are known, and all others are these
parts with texts, numbers and what formulas show exchanged. A model must give again the very workbook that it was
taken from; where it does not, or where a copy holds what only drawing can put into cells, copies are drawn.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mlbatch.forms import guide
from mlbatch.forms.drawing import Told
from mlbatch.forms.filling import FORMULA_HERE, ITEM, Copy, Unfit
from mlbatch.forms.form import STAMP_SHEET, Form
from mlbatch.forms.spots import Values
from mlbatch.forms.unzipped import Archive, Packed
from mlbatch.plan import Plan

SHAPES = 160  # that are kept in a process
ALIKE = 12  # models of one shape
FILLINGS = 16  # of one sheet of a model
TEXTS, SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet"
CELL = re.compile(r'(<c r="([A-Z]+\d+)" s="\d+")(?: t="str")?>(?:<f>([^<]*)</f>)?<v>[^<]*</v></c>')
REFERENCE = re.compile(r'<c r="([A-Z]+\d+)" s="\d+" t="s"><v>(\d+)</v>')
TEXTS_END = "</sst>"

Drawn = tuple[bytes, Sequence[Told]]  # a workbook, and where its messages stand


@dataclass(frozen=True)
class Slot:
    """A cell in which a value stands: the XML before it, which of the spelt values it is, and its formula."""

    before: str
    index: int
    formula: str

    def filled(self, spelt: str) -> str:
        """The XML from the slot before this one to the end of this one."""
        if self.formula:
            spelt = spelt.replace(FORMULA_HERE, f"<f>{self.formula}</f>", 1)
        return self.before + spelt


class SheetModel:
    """The XML of a sheet, in which some values stand for those of other copies; `values` are their cells."""

    def __init__(self, xml: str, values: Mapping[str, int]) -> None:
        self._slots: list[Slot] = []
        end = 0
        for cell in CELL.finditer(xml):
            if (index := values.get(cell[2])) is not None:
                self._slots.append(Slot(xml[end : cell.end(1)], index, cell[3] or ""))
                end = cell.end()
        if len(self._slots) != len(values):
            raise Unfit
        self._after = xml[end:]
        self._packed = lru_cache(maxsize=FILLINGS)(self._pack)

    def filled(self, spelt: Sequence[str]) -> Packed:
        """The sheet with the values of a copy."""
        return self._packed(tuple(spelt[slot.index] for slot in self._slots))

    def _pack(self, values: tuple[str, ...]) -> Packed:
        filled = (slot.filled(one) for slot, one in zip(self._slots, values, strict=True))
        return Packed.of("".join([*filled, self._after]).encode())


class TextsModel:
    """The list of all texts of a workbook, in which some stand for those of other copies.

    `number` tells where each text of a copy stands in the list, `others` which places hold a word of the form.
    """

    def __init__(self, xml: str, number: Mapping[int, int], others: set[int]) -> None:
        self._head, *self._texts = xml.removesuffix(TEXTS_END).split(ITEM)
        self._number = number
        self.words = frozenset(self._texts[place] for place in others)

    def filled(self, texts: Sequence[str]) -> Packed:
        """The list with the texts of a copy."""
        found = list(self._texts)
        for text, place in self._number.items():
            found[place] = texts[text]
        return Packed.of((ITEM.join([self._head, *found]) + TEXTS_END).encode())


class Model:
    """A drawn copy taken apart: of its shape, and with its words in common with the form, all others are made from it."""

    def __init__(self, workbook: bytes, told: Sequence[Told], copy: Copy) -> None:
        self._archive, self._told = Archive(workbook), told
        xml = {
            name: part.content.decode()
            for name, part in self._archive.parts.items()
            if name == TEXTS or name.startswith(SHEET)
        }
        parts = _parts(copy.form, len(xml) - 1)
        texts, spelt = copy.places(told)
        self._sheets = {parts[sheet]: SheetModel(xml[parts[sheet]], cells) for sheet, cells in spelt.items()}
        cells = {parts[sheet]: cells for sheet, cells in texts.items()}
        self._texts = TextsModel(xml.pop(TEXTS), *_references(xml, cells))
        if self.filled(copy) != workbook:
            raise Unfit

    @property
    def words(self) -> frozenset[str]:
        """The texts that stand in each copy, as they stand in XML."""
        return self._texts.words

    def filled(self, copy: Copy) -> bytes:
        """The workbook that drawing would give for `copy`."""
        spelt = copy.spelt(self._told)
        changed = {part: sheet.filled(spelt) for part, sheet in self._sheets.items()}
        return self._archive.having(changed | {TEXTS: self._texts.filled(copy.texts)})


def _parts(form: Form, count: int) -> dict[str, str]:
    """Sheet → its part of a workbook of so many sheets: help, the form's own, perhaps lists, the stamp."""
    names = [guide.TITLE, *(sheet.title for sheet in form.sheets)]
    parts = {name: f"{SHEET}{number}.xml" for number, name in enumerate(names, 1)}
    return parts | {STAMP_SHEET: f"{SHEET}{count}.xml"}


def _references(
    xml: Mapping[str, str], texts: Mapping[str, Mapping[str, int]]
) -> tuple[dict[int, int], set[int]]:
    """Text of a copy → its place in the list of texts; and the places that other cells refer to."""
    found, others = {}, set()
    for part, content in xml.items():
        own = texts.get(part, {})
        for cell, place in REFERENCE.findall(content):
            if cell in own:
                found[own[cell]] = int(place)
            else:
                others.add(int(place))
    return found, others


class Family:
    """Copies of one shape: the first, and a model for each choice of words that they have in common with the form."""

    def __init__(self, plan: Plan, first: Drawn, copy: Copy) -> None:
        self.plan = plan  # that its id stays its own
        self._waiting: list[tuple[Drawn, Copy]] = [
            (first, copy)
        ]  # where there is but one, it is never taken apart
        self._words: frozenset[str] = frozenset()
        self._models: dict[tuple, Model] = {}
        self._tries = 0

    def filled(self, copy: Copy, draw: Callable[[], Drawn]) -> bytes:
        """The workbook of `copy`: from a model, or drawn."""
        while self._waiting:
            self._add(*self._waiting.pop())
        if model := self._models.get(copy.common(self._words)):
            try:
                return model.filled(copy)
            except Unfit:
                return draw()[0]
        drawn = draw()
        self._add(drawn, copy)
        return drawn[0]

    def _add(self, drawn: Drawn, copy: Copy) -> None:
        self._tries += 1
        if self._tries > ALIKE:
            return
        try:
            model = Model(*drawn, copy)
        except Unfit:
            return
        self._words = model.words  # the same in each copy of a shape
        self._models[copy.common(model.words)] = model


_families: OrderedDict[tuple, Family] = OrderedDict()  # the last used at the end


def workbook(form: Form, plan: Plan, recipient: str, values: Values, draw: Callable[[], Drawn]) -> bytes:
    """What `draw` gives, the workbook of `form` filled with `values`: from a model, if there is one for its shape."""
    try:
        copy = Copy.of(form, values, recipient)
    except Unfit:
        return draw()[0]
    key = id(plan), form, copy.shape
    if family := _families.get(key):
        _families.move_to_end(key)
        return family.filled(copy, draw)
    drawn = draw()
    _families[key] = Family(plan, drawn, copy)
    if len(_families) > SHAPES:
        _families.popitem(last=False)
    return drawn[0]
