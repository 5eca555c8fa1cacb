"""實施班級異動申請: another class, subject or teacher in the place of one that was approved (伍.三(一)※)."""

from __future__ import annotations

from collections.abc import Mapping

from mlbatch.forms.application import AREAS
from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.plan import Plan

BY = "伍.三(一)"


def form(plan: Plan) -> Form:
    """The request of one school; its recipient is code-level."""
    return Form(
        id="change",
        title="實施班級異動申請",
        filled_by="學校",
        purpose="獲核定學校調整實施班級、領域或教師時填寫；各學期之班級數不得減少。",
        cite=BY,
        how="縣市所屬學校由縣市彙送；國立學校自行送件。每次異動送一份，已送者無須重填。",
        sheets=(
            Sheet(
                "異動申請",
                head_table="changes",
                head=_head(plan),
                rows_table="change_rows",
                rows=_rows(plan),
                capacity=20,
            ),
        ),
    )


def _head(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("code", "學校代碼", Kind.CODE, "六碼學校代碼。", prefilled=True),
        Field("name", "學校名稱", help="學校名錄所載之校名。", limit=60, width=24, prefilled=True),
        Field("county", "縣市", Kind.CHOICE, "學校所在縣市。", choices=tuple(plan.counties), prefilled=True),
        Field("level", "學制", Kind.CHOICE, "國小或國中。", choices=plan.schools.levels, prefilled=True),
        Field("officer", "承辦人", help="承辦人姓名。", limit=30),
        Field("telephone", "電話", Kind.PHONE, "承辦人電話，含區碼與分機。", limit=30),
    )


def _rows(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("semester", "學期", Kind.CHOICE, "異動之學期。", choices=plan.schools.semesters, width=16, cite=BY),
        Field("day", "日期", Kind.DATE, "異動生效之日期。", width=12),
        Field("old", "原班級", help="原核定之班級，例如 5年1班。", limit=20, width=10, cite=BY),
        Field("new", "新班級", help="異動後之班級；僅調整領域或教師者填原班級。", required=False, limit=20, width=10, cite=BY),
        Field("area", "領域", Kind.CHOICE, "異動後之學習領域。", choices=AREAS, width=14),
        Field("teacher", "教師", help="異動後之授課教師姓名。", limit=30, width=12),
        Field("reason", "原因", Kind.LONG, "異動之原因。", limit=300, width=40),
    )  # fmt: skip


def values(school: Mapping[str, object]) -> dict[str, list[dict]]:
    """What is prefilled for one approved school (code, name, level, county)."""
    return {"changes": [{name: school[name] for name in ("code", "name", "level", "county")}]}
