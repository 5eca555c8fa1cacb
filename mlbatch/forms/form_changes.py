"""What differs between the forms of two plan years (表件差異): titles, fields, drop-downs, limits, help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mlbatch.forms.form import Field, Form

Place = tuple[str, str, str]  # form, sheet, field


class FormChange(NamedTuple):
    """One difference: the names of form, sheet and field now, what differs, what was there and what is."""

    form: str
    sheet: str
    field: str
    what: str
    old: str
    new: str

    @property
    def happened(self) -> str:
        """What happened to which field, in few words: 項目選單新增「學生作品」."""
        if self.old and self.new:
            return f"{self.field}{self.what}由「{self.old}」改為「{self.new}」"
        return f"{self.field}{self.what}「{self.new or self.old}」"


def form_changes(old: Mapping[str, Form], new: Mapping[str, Form]) -> Iterator[FormChange]:
    """What differs, in the order of the forms. Examples are left out: they are dates of the year."""
    for name in {**old, **new}:
        if name not in old or name not in new:
            title = (old.get(name) or new[name]).title
            yield FormChange(title, "", "", "新增表件" if name in new else "刪除表件", "", title)
        else:
            yield from _of_form(old[name], new[name])


def _of_form(old: Form, new: Form) -> Iterator[FormChange]:
    title = new.title
    yield from _differs((title, "", ""), "名稱", old.title, new.title)
    yield from _differs((title, "", ""), "用途", old.purpose, new.purpose)
    before, now = _fields(old), _fields(new)
    for key in {**before, **now}:
        if key not in before or key not in now:
            sheet, field = before.get(key) or now[key]
            yield FormChange(title, sheet, "", "新增欄位" if key in now else "刪除欄位", "", field.label)
        else:
            sheet, field = now[key]
            yield from _of_field((title, sheet, field.label), before[key][1], field)


def _fields(form: Form) -> dict[tuple[str, str], tuple[str, Field]]:
    """Table and name → the title of its sheet as it is shown, and the field."""
    return {
        (table, field.name): (sheet.title, field)
        for sheet in form.sheets
        for table, fields in ((sheet.head_table, sheet.head), (sheet.rows_table, sheet.rows))
        for field in fields
    }


def _of_field(at: Place, old: Field, new: Field) -> Iterator[FormChange]:
    yield from _differs(at, "欄位名稱", old.label, new.label)
    gone = "、".join(one for one in old.choices if one not in new.choices)
    come = "、".join(one for one in new.choices if one not in old.choices)
    if gone or come:
        what = "選單" if gone and come else "選單新增" if come else "選單刪除"
        yield FormChange(*at, what, gone, come)
    if (old.low, old.high) != (new.low, new.high):
        yield FormChange(*at, "範圍", _range(old), _range(new))
    yield from _differs(at, "說明", old.help, new.help)
    yield from _differs(at, "計算式", old.formula, new.formula)
    yield from _differs(at, "依據", old.cite, new.cite)


def _differs(at: Place, what: str, old: str, new: str) -> Iterator[FormChange]:
    if old != new:
        yield FormChange(*at, what, old, new)


def _range(field: Field) -> str:
    return f"{field.low} 至 {field.high}{field.unit}"
