"""What all of the ministry's own lists (清冊) have in common: one table, filled by a clerk of the ministry."""

from __future__ import annotations

from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.plan import Plan


def register(id, title, purpose, cite, rows, *, needed=True, may_be_empty=True) -> Form:
    """A register of one table: `needed` stops the job that misses it, a `may_be_empty` one may have no row."""
    sheet = Sheet(title, rows_table=id, rows=rows, rows_required=not may_be_empty, capacity=200)
    return Form(
        id=id, title=title, filled_by="本部", purpose=purpose, cite=cite, sheets=(sheet,),
        register=True, required_register=needed,
    )  # fmt: skip


def school_columns(plan: Plan, with_county: bool = True) -> tuple[Field, ...]:
    """The columns by which a register names a school (縣市, 學校代碼, 學校名稱, 學制)."""
    county = (Field("county", "縣市", Kind.CHOICE, "學校所在縣市。", choices=tuple(plan.counties), width=10),)
    return (
        *(county if with_county else ()),
        Field("code", "學校代碼", Kind.CODE, "六碼學校代碼。", width=10),
        Field("name", "學校名稱", help="學校名稱。", limit=60, width=28),
        Field("level", "學制", Kind.TEXT, "國小或國中。", limit=10, width=8),
    )
