"""What a form is: one declaration, from which the blank, the reader and the checks follow.

A form module declares `form(plan) -> Form`; limits and choices come from the plan, so no number
of the plan stands in a declaration. Every thing has two names: an identifier for code and a
label (欄位名稱) that people see and that must not change within a plan year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mlbatch.forms.across import Across

STAMP_SHEET = "mlbatch"  # the hidden sheet by which a returning file is known
REMARKS = ("檢核", "待修正")  # headers of columns that the program writes, and never reads
STAMP_KEYS = ("form", "year", "version", "recipient")
MAX_AMOUNT = 10**9
LONGEST_TEXT = 2000


class Kind(StrEnum):
    """What a field holds; decides its cell format, its drop-down and how it is read."""

    TEXT = "文字"
    LONG = "長文"
    CODE = "學校代碼"
    WHOLE = "整數"
    MONEY = "金額"
    DATE = "日期"
    MOMENT = "日期時間"
    CHOICE = "選項"
    YES_NO = "是否"
    PHONE = "電話"
    EMAIL = "電子郵件"

    @property
    def numeric(self) -> bool:
        """Whether a cell of this kind holds a whole number."""
        return self in (Kind.WHOLE, Kind.MONEY)

    @property
    def dated(self) -> bool:
        """Whether a cell of this kind holds a day or a moment."""
        return self in (Kind.DATE, Kind.MOMENT)


@dataclass(frozen=True)
class Field:
    """One field (欄位).

    `low` and `high` bound whole numbers; `limit` bounds the length of text; `choices` are the
    allowed values of a CHOICE. `prefilled` fields come filled from the registers, in grey.
    `formula` fields are computed in the sheet and not read back: a template over `{field}`, whose
    value, unless one is given, is what `compute` says of the row and of all rows, else the total of the
    fields that it names; `{all_field}` is the range of a field in all rows. `example` is for the help sheet.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    required: bool = True
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    limit: int = LONGEST_TEXT
    unit: str = ""
    width: int = 12
    prefilled: bool = False
    formula: str = ""
    cite: str = ""
    aliases: tuple[str, ...] = ()
    example: str = ""
    compute: Callable[[Mapping[str, object], Sequence[Mapping[str, object]]], object] | None = None

    def __hash__(self) -> int:
        """By its names, which tell it from all others: what is prepared of a field is kept by it."""
        return hash((self.name, self.label))


@dataclass(frozen=True)
class Sheet:
    """One sheet: an optional head (one value a row) above an optional table of rows.

    `head_table` and `rows_table` are the names under which `Tables` holds what was read. A sheet
    may be left without rows only if `rows_required` is false. `capacity` rows are drawn in a
    blank. A row counts as filled when a field that is not prefilled has a value, or when every
    field is prefilled, or when its code is given, unless the rows are filled `bit_by_bit` in the course of the year.
    """

    title: str
    head_table: str = ""
    head: tuple[Field, ...] = ()
    rows_table: str = ""
    rows: tuple[Field, ...] = ()
    rows_required: bool = True
    bit_by_bit: bool = False
    capacity: int = 40

    def __hash__(self) -> int:
        """By its names; see `Field`."""
        return hash((self.title, self.head_table, self.rows_table))


@dataclass(frozen=True)
class Form:
    """One form (表件): identifier, title, who fills it, its version and its sheets.

    `due` names the plan's value that is its closing time (`calendar.closing`), where it has one;
    `how` says how it is handed in; `checks` are told in its sheets while it is filled.
    """

    id: str
    title: str
    filled_by: str
    purpose: str
    cite: str
    sheets: tuple[Sheet, ...]
    version: int = 1
    register: bool = False
    required_register: bool = True
    due: str = ""
    how: str = ""
    checks: tuple[Across, ...] = ()

    def tables(self) -> Iterator[tuple[str, tuple[Field, ...]]]:
        """The names of the form's tables, heads first, each with its fields."""
        for sheet in self.sheets:
            if sheet.head:
                yield sheet.head_table, sheet.head
            if sheet.rows:
                yield sheet.rows_table, sheet.rows
