"""What cells must agree on (跨欄檢核): the rules of one workbook that look at more than one cell.

Each is declared beside its form, twice: as a formula, which the sender sees at work, and in Python, which
gives the value that the formula has when the workbook is written. Formulas are of the kind that
Excel 2007 and LibreOffice both know; what is an array stands in SUMPRODUCT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mlbatch.finding import Kind

Row = Mapping[str, object]
BLANK, WIDE_BLANK = " ", "\u3000"
TOTALS = "合計|總計|小計|共計|總和"  # how a row begins that is no record


@dataclass(frozen=True)
class Across:
    """One rule: at which field of which table it is told, in which words.

    `formula` gives the formula that is true where the rule is broken, `broken` says the same of the row
    at an index. A `reminder` needs no correction and is not counted.
    """

    table: str
    field: str
    kind: Kind
    words: str
    formula: Callable[[Refs], str]
    broken: Callable[[Seen, int], bool]
    reminder: bool = False


@dataclass(frozen=True)
class Refs:
    """The cells of a workbook as a formula names them, told for one row.

    `heads` and `columns` are the absolute cell, or range, of (table, field); `row` is field → cell of
    the row itself; `telling` are the fields by which a row of a table counts as filled.
    """

    heads: Mapping[tuple[str, str], str]
    columns: Mapping[tuple[str, str], str]
    telling: Mapping[str, Sequence[str]]
    row: Mapping[str, str]

    def filled(self, table: str) -> str:
        """How many rows of `table` are filled."""
        return how_many(self.columns[table, name] for name in self.telling[table])

    def is_first(self, table: str) -> str:
        """Whether this row, which is filled, is the first such row."""
        places = [self.columns[table, name] for name in self.telling[table]]
        above = f"(ROW({places[0]})<ROW({self.row[self.telling[table][0]]}))"
        return f"{how_many(places, above)}=0"


@dataclass(frozen=True)
class Seen:
    """What stands in the cells of a workbook: rows by table, field → value as shown."""

    tables: Mapping[str, Sequence[Row]]
    telling: Mapping[str, Sequence[str]]
    _filled: dict[str, list[Row]] = field(default_factory=dict, repr=False, compare=False)
    _alike: dict[tuple, dict[object, list[Row]]] = field(default_factory=dict, repr=False, compare=False)

    def head(self, table: str, field: str) -> object:
        """A head's value; an empty text if there is none."""
        return self.row(table, 0).get(field, "")

    def row(self, table: str, index: int) -> Row:
        """A row; an empty one beyond those that came filled."""
        rows = self.tables.get(table, ())
        return rows[index] if index < len(rows) else {}

    def is_filled(self, table: str, row: Row) -> bool:
        """Whether a row holds something, and is no total."""
        words = "".join(flat_text(row.get(name)) for name in self.telling[table])
        return words != "" and words[:2] not in TOTALS

    def rows(self, table: str) -> Sequence[Row]:
        """The rows that are filled."""
        if table not in self._filled:
            rows = self.tables.get(table, ())
            self._filled[table] = [row for row in rows if self.is_filled(table, row)]
        return self._filled[table]

    def alike(self, table: str, key: Callable[[Row], object]) -> Mapping[object, Sequence[Row]]:
        """The rows that are filled by what `key` says of them; worked out once, so that rows can be held against all others."""
        if (table, key) not in self._alike:
            found = self._alike[table, key] = {}
            for row in self.rows(table):
                found.setdefault(key(row), []).append(row)
        return self._alike[table, key]

    def column(self, table: str, field: str) -> list[object]:
        """The values of a field in the rows that are filled."""
        return [row.get(field, "") for row in self.rows(table)]

    def is_first(self, table: str, index: int) -> bool:
        """Whether the row at `index`, which is filled, is the first such row."""
        rows = self.tables.get(table, ())[: index + 1]
        return sum(self.is_filled(table, row) for row in rows) == 1


# Formulas ----------------------------------------------------------------------------------------


def flat(cell: str) -> str:
    """The text of a cell, or of each cell of a range, without blanks."""
    return f'SUBSTITUTE(SUBSTITUTE({cell}," ",""),"{WIDE_BLANK}","")'


def words(*choices: object) -> str:
    """An array of texts, or of numbers, within a formula."""
    return "{" + ",".join(f'"{one}"' if isinstance(one, str) else str(one) for one in choices) + "}"


def count(place: str, choice: str) -> str:
    """How many cells of a range hold a text."""
    return f'SUMPRODUCT(--({flat(place)}="{choice}"))'


def how_many(places: Iterable[str], which: str = "1") -> str:
    """How many rows of some ranges side by side hold something, and are no total, of those of `which`."""
    held = flat("&".join(places))
    return f'SUMPRODUCT({which}*({held}<>"")*ISERROR(FIND(LEFT({held},2),"{TOTALS}")))'


def is_idle(held: str) -> str:
    """Whether a row, whose texts one after the other are `held`, holds nothing, or a total."""
    return f'IF({held}="",TRUE,ISNUMBER(FIND(LEFT({held},2),"{TOTALS}")))'


# The same of a value -----------------------------------------------------------------------------


def flat_text(value: object) -> str:
    """A value as the text that a formula takes it for, without blanks."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).replace(BLANK, "").replace(WIDE_BLANK, "")


def number(value: object) -> float | None:
    """A number, or a text that a spreadsheet adds up as one; None for what it does not."""
    try:
        return float(value) if flat_text(value) else None
    except (TypeError, ValueError):
        return None
