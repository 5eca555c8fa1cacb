"""The ministry's own lists of schools (統計處名錄), read as they are: no stamp, other labels, other values.

The lists of elementary and junior high schools, with those attached to senior highs, make one
學校名錄 together; the list of remote schools is 偏遠地區學校名錄. They say `[01]新北市` and 附設國中,
leave the level, the township and the owner to be seen from name, address and code, and have no
number of classes by grade.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.forms import cells
from mlbatch.forms.cells import Raw
from mlbatch.forms.form import Form, Sheet
from mlbatch.forms.grid import read_grid
from mlbatch.forms.layout import HEADER_WITHIN, Grid, label_key, lay_out
from mlbatch.forms.reading import Reading, Stamp
from mlbatch.plan import Plan

DIRECTORY, REMOTE = "directory", "remote"
LABELS = {  # the lists' labels, by key → the register's
    "代碼": "學校代碼", "學校代碼": "學校代碼", "學校名稱": "學校名稱", "縣市名稱": "縣市", "公/私立": "公私立",
    "公私立": "公私立", "學生等級": "學制", "地區屬性": "地區屬性", "鄉鎮市區": "鄉鎮市區", "地址": "地址",
}  # fmt: skip
SHOWS = {
    REMOTE: {"學校代碼", "學校名稱", "縣市", "學制", "地區屬性"},
    DIRECTORY: {"學校代碼", "學校名稱", "縣市", "公私立"},
}
OURS = "縣市"  # the registers' own label, where the lists say 縣市名稱
PREFIX = re.compile(r"^\s*\[\d+\]")
TOWNSHIP = re.compile(r"^.{2}[縣市](?P<name>[^縣]{1,3}區|[^區鄉鎮市縣]{1,3}[鄉鎮市])")
ATTACHED = re.compile("附設.*(國小|國中)")
LEVEL_OF_DIGIT = {
    "5": "國中",
    "6": "國小",
    "7": "國小",
    "8": "國小",
}  # a code's fourth; attached ones have 3 or 4
NATIONAL_DIGIT = "0"  # a code's third
LACKING = "classes_in_grades"


def read_list(grid: Grid, file: str, sheet: str, forms: Mapping[str, Form], plan: Plan) -> Reading | None:
    """The register that a list of the ministry is; None for what is no such list.

    `sheet` is the name of the sheet, empty for a CSV. Places are those of the list's own cells.
    """
    header, columns = _header(grid)
    kind = next((kind for kind, labels in SHOWS.items() if labels <= columns.keys()), None)
    if kind is None or label_key(cells.text(grid[header][columns["縣市"]])) == OURS:
        return None
    form = forms[kind]
    read = [*grid[:header], *_translated(grid[header:], columns)]
    records, findings = read_grid(lay_out(_without(form.sheets[0])), read, file, sheet)
    findings = [
        one for one in findings if one.kind is not catalogue.F13_UNDERSTOOD or one.at.cell
    ]  # its name
    keys = (
        frozenset((row["code"], row["level"]) for row in records[kind]) if kind == DIRECTORY else frozenset()
    )
    told = _lacks(form, file) if kind == DIRECTORY else []
    stamp = Stamp(form.id, plan.year, form.version)
    return Reading(file, form, stamp, records, tuple([*told, *findings]), keys)


def _header(grid: Grid) -> tuple[int, dict[str, int]]:
    """The index of the row that shows most of the lists' labels, and the register's label → column."""
    best: tuple[int, dict[str, int]] = (0, {})
    for index, row in enumerate(grid[:HEADER_WITHIN]):
        words = {n: LABELS.get(label_key(cell)) for n, cell in enumerate(row) if isinstance(cell, str)}
        found = {label: n for n, label in reversed(words.items()) if label}
        if len(found) > len(best[1]):
            best = index, found
    return best


def _without(sheet: Sheet) -> Sheet:
    return replace(
        sheet, rows=tuple(replace(f, required=f.required and f.name != LACKING) for f in sheet.rows)
    )


def _translated(rows: Sequence[Sequence[Raw]], columns: Mapping[str, int]) -> list[list[Raw]]:
    """The header and the rows in the register's words; what is seen from other cells stands to the right."""
    width = max(map(len, rows))
    labels = {column: label for label, column in columns.items()}
    added = [label for label in ("學制", "鄉鎮市區") if label not in columns]
    header = [labels.get(n, cell) for n, cell in enumerate(rows[0])]
    body = [_row([*row, *[""] * (width - len(row))], columns, added) for row in rows[1:]]
    return [[*header, *[""] * (width - len(header)), *added], *body]


def _row(row: list[Raw], columns: Mapping[str, int], added: Sequence[str]) -> list[Raw]:
    if not any(map(cells.text, row)):
        return [*row, *[""] * len(added)]
    said = {label: cells.text(row[column]) for label, column in columns.items()}
    code = cells.code(row[columns["學校代碼"]])[0]
    row[columns["縣市"]] = PREFIX.sub("", said["縣市"])
    if "公私立" in said and code[2:3] == NATIONAL_DIGIT:
        row[columns["公私立"]] = "國立"
    if "學制" in said:
        row[columns["學制"]] = said["學制"].removeprefix("附設")
    seen = {"學制": _level(said["學校名稱"], code), "鄉鎮市區": _township(said.get("地址", ""))}
    return [*row, *(seen[label] for label in added)]


def _level(name: str, code: str) -> str:
    """By the name of an attached section, which bears another school's code; else by the code's fourth digit."""
    if found := ATTACHED.search(name):
        return found[1]
    return LEVEL_OF_DIGIT.get(code[3:4], "")


def _township(address: str) -> str:
    found = TOWNSHIP.match(PREFIX.sub("", address))
    return found["name"] if found else ""


def _lacks(form: Form, file: str) -> list[Finding]:
    label = next(f.label for f in form.sheets[0].rows if f.name == LACKING)
    return [Finding(catalogue.I9_LIST_LACKS, At(file), {"form": form.title, "label": label})]
