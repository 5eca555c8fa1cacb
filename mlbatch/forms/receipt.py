"""What a file is receipted for (收件回執): what was understood of it, and what changed in it.

Both are told in the form's own words, from the tables that were read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from difflib import SequenceMatcher
from functools import partial

import pandas as pd

from mlbatch import again, roc
from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.tables import Tables, records

NOTHING = "（無）"
CHANGES = ["file", "former", "sheet", "label", "row", "before", "after"]
Row = Mapping[str, object]
Read = Mapping[str, Mapping[str, Sequence[Row]]]  # table → file → rows


def receipts(files: pd.DataFrame, read: Tables, forms: Mapping[str, Form]) -> Tables:
    """Tables `files` with a column `understood`, and `changes`, one row a changed cell.

    `files` needs file, form, uploaded and document; `read` has the tables of every file, also of
    those that do not count. `changes`: file, former (the version before it), sheet, label, row
    (of the newer file, or of the former for what is gone), before, after.
    """
    came: dict[str, list[str]] = {}
    for file, form in zip(files["file"], files["form"], strict=True):
        came.setdefault(form, []).append(file)
    told: dict[str, str] = {}
    for form in (form for form in forms.values() if form.id in came and not form.register):
        names = [name for name, _ in form.tables() if name in read]
        told |= again.of_tables(
            "understood",
            read,
            names,
            partial(_understood, form, came[form.id], read),
            "\n".join(came[form.id]),
        )
    pairs = list(_versions(files))
    named = {file for _, *both in pairs for file in both}
    rows = {
        name: _by_file(read[name][read[name]["file"].isin(named)])
        for form in {form for form, *_ in pairs}
        for name, _ in forms[form].tables()
        if name in read
    }
    changed = [change for pair in pairs for change in _changes(*pair, forms, rows)]
    return Tables().put(
        files=files.assign(
            understood=pd.Series([told.get(file, "") for file in files["file"]], files.index, dtype=object)
        ),
        changes=pd.DataFrame(changed, columns=CHANGES),
    )


def _understood(form: Form, files: Sequence[str], read: Tables) -> dict[str, str]:
    """What was read of each file of a form."""
    sheets = form.sheets
    heads = {
        s.head_table: _by_file(read[s.head_table][["file", *(f.name for f in s.head if _telling(f))]])
        for s in sheets
        if s.head and s.head_table in read
    }
    counts = {
        s.rows_table: Counter(read[s.rows_table]["file"]) for s in sheets if s.rows and s.rows_table in read
    }
    return {file: understood(form, file, heads, counts) for file in files}


def understood(form: Form, file: str, heads: Read, counts: Mapping[str, Mapping[str, int]]) -> str:
    """What was read of a file in few words: its marked head fields, and how many rows each table has."""
    parts = []
    for sheet in form.sheets:
        for row in heads.get(sheet.head_table, {}).get(file, ())[:1]:
            shown = [(f.label, show(f, row[f.name])) for f in sheet.head if _telling(f)]
            parts += [f"{label}：{words}" for label, words in shown if words]
        if sheet.rows:
            parts.append(f"{sheet.title} {counts.get(sheet.rows_table, {}).get(file, 0)} 列")
    return "；".join(parts)


def _telling(field: Field) -> bool:
    """Whether a head field is told on the receipt: who it is about, and what the plan asks for."""
    return field.prefilled or bool(field.cite and field.kind is not Kind.LONG)


def show(field: Field, value: object) -> str:
    """A value that was read, as people write it; empty for a blank."""
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, datetime):
        return roc.minute(value)
    if isinstance(value, date):
        return roc.short(value)
    if field.kind is Kind.YES_NO:
        return "是" if value else "否"
    return f"{value:,}" if field.kind is Kind.MONEY else str(value)


def _by_file(table: pd.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in records(table):
        found.setdefault(row["file"], []).append(row)
    return found


def _versions(files: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Each document's last two versions up to the as-of date: (form, former, newer)."""
    sent = files[files["uploaded"].notna() & (files["document"] != "")]
    sent = sent[sent["document"].duplicated(keep=False)]
    for _, group in sent.sort_values(["document", "uploaded", "file"]).groupby("document", sort=True):
        former, newer = group["file"].tolist()[-2:]
        yield group["form"].iloc[0], former, newer


def _changes(form: str, former: str, newer: str, forms: Mapping[str, Form], rows: Read) -> Iterator[tuple]:
    for sheet in forms[form].sheets:
        for table, fields in ((sheet.head_table, sheet.head), (sheet.rows_table, sheet.rows)):
            if fields:
                before, after = (rows.get(table, {}).get(file, []) for file in (former, newer))
                for change in _of_table(sheet, fields, before, after):
                    yield newer, former, *change


def _of_table(
    sheet: Sheet, fields: Sequence[Field], before: Sequence[Row], after: Sequence[Row]
) -> Iterator[tuple]:
    """The changed cells of one table: (sheet, label, row, before, after)."""
    old, new = ([tuple(show(f, row[f.name]) for f in fields) for row in rows] for rows in (before, after))
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        pairs = min(b - a, d - c)
        for n in range(pairs):
            for field, was, now in zip(fields, old[a + n], new[c + n], strict=True):
                if was != now:
                    at = after[c + n]["place"].at(field.name)
                    yield sheet.title, field.label, at.row, was or NOTHING, now or NOTHING
        for n in range(a + pairs, b):
            yield sheet.title, "整列", before[n]["place"].row, _line(old[n]), NOTHING
        for n in range(c + pairs, d):
            yield sheet.title, "整列", after[n]["place"].row, NOTHING, _line(new[n])


def _line(words: Sequence[str]) -> str:
    return "、".join(word for word in words if word)
