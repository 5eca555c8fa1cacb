"""What a sheet says of its own cells (檢核欄): one message a row, or a value of the head, and their number.

A message names what is missing, then what is wrong, then what is only to be known. Each is a formula
with a name (檢核_實施班級), which a spreadsheet works out from the row in which it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mlbatch.forms.across import Across, Refs, Seen, flat, flat_text, is_idle
from mlbatch.forms.form import Field, Form, Sheet
from mlbatch.forms.layout import lay_out
from mlbatch.forms.live import tests
from mlbatch.forms.spots import VALUE, Spots

NO_ROWS = "請至少填寫一列。"
ERROR = "儲存格含錯誤值。"
REMINDER = "提醒："


@dataclass(frozen=True)
class Part:
    """One sentence of a message: the formula that is true where it is said, and the same in Python."""

    field: str
    words: str
    formula: str
    said: Callable[[Seen, int], bool]

    @property
    def is_reminder(self) -> bool:
        """Whether nothing need be corrected."""
        return self.words.startswith(REMINDER)

    @property
    def text(self) -> str:
        """The formula that gives the sentence, or nothing."""
        return f'IF({self.formula},"{self.words}。","")'


@dataclass(frozen=True)
class Message:
    """What is told in a column, or in a cell: the name of its formula, and its value at a row's index.

    A name is written once for all rows, each of which sees it from its own place.
    """

    name: str
    words: Callable[[Seen, int], str]


class Telling:
    """The messages of all workbooks whose cells stand `where`: what they hold, a message is told.

    `names` are the formulas that have a name: a cell's text (填_…), what is wrong with it and with its
    row (檢核_…). No formula is longer than a spreadsheet takes, since each stands upon the others' names.
    """

    def __init__(self, form: Form, where: Mapping[str, Spots]) -> None:
        self.form, self.where, self.telling = form, where, telling_fields(form)
        self.names: dict[str, str] = {}
        self._heads = dict(_heads(where.values()))
        self._columns = dict(_columns(where.values()))
        self.heads: dict[str, list[Message]] = {}  # by title of the sheet
        self.rows: dict[str, Message] = {}
        for sheet in form.sheets:
            self.heads[sheet.title] = [self._head(sheet, index) for index in range(len(sheet.head))]
            if sheet.rows:
                self.rows[sheet.title] = self._rows(sheet)

    def _head(self, sheet: Sheet, index: int) -> Message:
        """The message beside the head's field at `index`."""
        field, table = sheet.head[index], sheet.head_table
        row = {field.name: self._heads[table, field.name]}
        text = self._texts(sheet, [field], row)
        parts = self._parts(table, [field], row, text)
        told = "&".join([_missing([field], text), *(part.text for part in parts)])
        name = self._name("檢核", f'IFERROR({told},"{ERROR}")', sheet.title, field.label)
        return Message(name, lambda seen, _: _lacks([field], seen.row(table, 0)) + _said(parts, seen, 0))

    def _rows(self, sheet: Sheet) -> Message:
        """The message of each row of a table."""
        table, title, telling = sheet.rows_table, sheet.title, self.telling[sheet.rows_table]
        own = {f.name: f"'{title}'!${xl_col_to_name(column)}1" for column, f in enumerate(sheet.rows)}
        fields = [field for field in sheet.rows if not field.formula]
        text = self._texts(sheet, fields, own)
        parts = self._parts(table, fields, own, text)
        told = self._told(sheet, fields, text, parts)
        held = self._name("列", "&".join(text[name] for name in telling), title)
        none = '""'
        if sheet.rows_required:
            first = f"ROW({own[sheet.rows[0].name]})={self.where[title].first + 1}"
            none = f'IF({first},IF({self._refs(own).filled(table)}=0,"{NO_ROWS}",""),"")'

        def words(seen: Seen, index: int) -> str:
            record = seen.row(table, index)
            if not record or not seen.is_filled(table, record):
                return NO_ROWS if index == 0 and sheet.rows_required and not seen.rows(table) else ""
            return _lacks(fields, record) + _said(parts, seen, index)

        formula = f'IFERROR(IF({is_idle(held)},{none},{told}),"{ERROR}")'
        return Message(self._name("檢核", formula, title), words)

    def _told(
        self, sheet: Sheet, fields: Sequence[Field], text: Mapping[str, str], parts: Sequence[Part]
    ) -> str:
        """What is missing in a row, then what is wrong, then the reminders: each field under a name."""
        told = [_missing(fields, text)]
        for reminder in (False, True):
            for field in fields:
                own = [p.text for p in parts if p.field == field.name and p.is_reminder is reminder]
                if own:
                    kind = "提醒" if reminder else "檢核"
                    told.append(self._name(kind, "&".join(own), sheet.title, field.label))
        return "&".join(told)

    def _texts(self, sheet: Sheet, fields: Sequence[Field], row: Mapping[str, str]) -> dict[str, str]:
        """Field → the name of its cell's text without blanks."""
        return {f.name: self._name("填", flat(row[f.name]), sheet.title, f.label) for f in fields}

    def _name(self, kind: str, formula: str, *words: str) -> str:
        name = "_".join([kind, *map(_word, words)])
        self.names[name] = f"={formula}"
        return name

    def _refs(self, row: Mapping[str, str]) -> Refs:
        return Refs(self._heads, self._columns, self.telling, row)

    def _parts(
        self, table: str, fields: Sequence[Field], row: Mapping[str, str], text: Mapping[str, str]
    ) -> list[Part]:
        """What may be said of a row, in the order in which it is said."""
        refs, order = self._refs(row), [field.name for field in fields]
        alone = [part for field in fields for part in self._alone(table, field, row, text)]
        rules = [rule for rule in self.form.checks if rule.table == table and rule.field in order]
        parts = [*alone, *(self._across(rule, refs) for rule in rules)]
        return sorted(parts, key=lambda part: (part.is_reminder, order.index(part.field)))

    def _alone(
        self, table: str, field: Field, row: Mapping[str, str], text: Mapping[str, str]
    ) -> Iterator[Part]:
        for test in tests(field):
            formula = test.formula.replace("{c}", row[field.name]).replace("{v}", text[field.name])
            yield Part(
                field.name,
                REMINDER + test.words if test.reminder else test.words,
                formula,
                lambda seen, index, test=test: test.wrong(seen.row(table, index).get(field.name, "")),
            )

    def _across(self, rule: Across, refs: Refs) -> Part:
        words = REMINDER + rule.words if rule.reminder else rule.words
        formula = f"IFERROR({rule.formula(refs)},FALSE)"
        return Part(rule.field, words, formula, rule.broken)


def _missing(fields: Sequence[Field], text: Mapping[str, str]) -> str:
    """The formula that names what is missing."""
    required = [field for field in fields if field.required]
    if not required:
        return '""'
    blank = [f'{text[field.name]}=""' for field in required]
    names = "&".join(f'IF({one},"、{field.label}","")' for one, field in zip(blank, required, strict=True))
    return f'IF(OR({",".join(blank)}),"缺："&MID({names},2,200)&"。","")'


def _lacks(fields: Sequence[Field], record: Mapping) -> str:
    """The value of that formula."""
    words = "、".join(
        field.label for field in fields if field.required and not flat_text(record.get(field.name))
    )
    return f"缺：{words}。" if words else ""


def _said(parts: Sequence[Part], seen: Seen, index: int) -> str:
    return "".join(f"{part.words}。" for part in parts if part.said(seen, index))


def _heads(where):
    for spot in where:
        for index, field in enumerate(spot.sheet.head):
            cell = xl_rowcol_to_cell(spot.head_row(index), VALUE, True, True)
            yield (spot.sheet.head_table, field.name), f"'{spot.sheet.title}'!{cell}"


def _columns(where):
    for spot in where:
        for column, field in enumerate(spot.sheet.rows):
            letter = xl_col_to_name(column)
            area = f"${letter}${spot.first + 1}:${letter}${spot.last + 1}"
            yield (spot.sheet.rows_table, field.name), f"'{spot.sheet.title}'!{area}"


@lru_cache(maxsize=256)
def telling(form: Form, drawn: tuple[int, ...]) -> Telling:
    """What the sheets of `form` tell, made once for all workbooks in which so many rows are drawn on each sheet."""
    where = {sheet.title: Spots(sheet, count) for sheet, count in zip(form.sheets, drawn, strict=True)}
    return Telling(form, where)


def telling_fields(form: Form) -> dict[str, tuple[str, ...]]:
    """Table → the fields by which a row counts as filled, in their order."""
    return {
        sheet.rows_table: tuple(f.name for f in sheet.rows if f.name in lay_out(sheet).telling)
        for sheet in form.sheets
        if sheet.rows
    }


@cache
def _word(words: str) -> str:
    """Words as they may stand in a name: letters, digits and characters alone."""
    return re.sub(r"\W", "", words)
