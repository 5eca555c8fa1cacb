"""學校執行紀錄簿: one cumulative workbook per school for the whole year, handed in again each month (附件1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlbatch import roc
from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.obligation import Duty, semester_of
from mlbatch.plan import Plan

UNUSED = "未使用"
WAYS = ("到校", "線上", "視訊", "電子郵件", "其他")
ROLES = ("校長", "教務主任", "承辦人", "核心教師", "其他人員")


def form(plan: Plan) -> Form:
    """The logbook of one school; its recipient is code-level."""
    return Form(
        id="logbook",
        title="學校執行紀錄簿",
        filled_by="學校",
        purpose="獲核定學校填寫，全年一份，逐月累積；每月底前送件，已送之紀錄請保留。",
        cite="附件1",
        how="縣市所屬學校由縣市彙送；國立學校自行送件。",
        sheets=(
            Sheet("基本資料", head_table="logbooks", head=_head(plan)),
            Sheet("繳交紀錄", rows_table="entries", rows=_entries(plan), rows_required=False, capacity=80),
            Sheet("輔導紀錄", rows_table="visits", rows=_visits(plan), rows_required=False, capacity=20),
            Sheet("活動參與", rows_table="attended", rows=_attended(plan), rows_required=False, capacity=40),
            Sheet("工作會議", rows_table="meetings", rows=_meetings(plan), rows_required=False, capacity=24),
        ),
    )


def _head(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("code", "學校代碼", Kind.CODE, "六碼學校代碼。", prefilled=True),
        Field("name", "學校名稱", help="學校名錄所載之校名。", limit=60, width=24, prefilled=True),
        Field("county", "縣市", Kind.CHOICE, "學校所在縣市。", choices=tuple(plan.counties), prefilled=True),
        Field("level", "學制", Kind.CHOICE, "國小或國中。", choices=plan.schools.levels, prefilled=True),
        Field(
            "approved",
            "核定班級數",
            Kind.WHOLE,
            "本部核定之班級數。",
            low=1,
            high=99,
            unit="班",
            prefilled=True,
        ),
        Field("officer", "承辦人", help="現任承辦人姓名；異動時請改填。", limit=30, cite="玖.一"),
        Field("telephone", "電話", Kind.PHONE, "學校電話，含區碼與分機。", limit=30),
        Field("email", "電子郵件", Kind.EMAIL, "承辦人電子郵件。", limit=80, width=24),
    )


def _semester(plan: Plan, cite: str, *, prefilled: bool = False) -> Field:
    return Field(
        "semester", "學期", Kind.CHOICE, "所屬學期。", choices=plan.schools.semesters, width=16,
        cite=cite, prefilled=prefilled,
    )  # fmt: skip


def _entries(plan: Plan) -> tuple[Field, ...]:
    asked = plan.deliverables
    return (
        Field("item", "項目", Kind.CHOICE, "應繳項目。", choices=asked.items, width=14, prefilled=True,
              cite=plan.cite("deliverables.classes")),
        _semester(plan, plan.cite("deliverables.classes"), prefilled=True),
        Field("class_", "班級", help="以班為單位之項目填班級，例如 5年1班。", required=False, limit=20, width=10, prefilled=True),
        Field("month", "應繳月份", help="應繳之月份。", required=False, limit=10, width=10, prefilled=True),
        Field("day", "日期", Kind.DATE, "辦理或完成之日期。", width=12),
        Field("title", "名稱", help="教案、研習、報告等之名稱。", limit=100, width=36),
        Field("resource", "使用教育雲資源", Kind.CHOICE, "使用之教育雲服務；未使用者填「未使用」。",
              choices=(UNUSED, *asked.resources), width=16, cite=plan.cite("deliverables.resources")),
        Field("licence", "授權", Kind.CHOICE, "繳交資料之授權。", choices=(asked.licence,), width=44,
              cite=plan.cite("deliverables.licence")),
    )  # fmt: skip


def _visits(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("visits.per_semester")
    return (
        _semester(plan, by),
        Field("day", "日期", Kind.DATE, "輔導日期。", width=12, cite=by),
        Field("advisor", "姓名", help="輔導學者專家姓名。", limit=30, width=12),
        Field("professor", "大專校院教授", Kind.YES_NO, "任教於大專校院者填「是」。", width=14, cite=by),
        Field("way", "方式", Kind.CHOICE, "輔導方式；每學期至少一次到校。", choices=WAYS, width=12, cite=by),
        Field("about", "輔導重點", Kind.LONG, "輔導內容與建議。", limit=500, width=48),
    )


def _attended(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("events.large")
    return (
        Field("event", "活動", help="活動場次之代號或名稱。", limit=60, width=28, cite=by),
        Field("day", "日期", Kind.DATE, "參加日期。", width=12),
        Field("person", "參與人員", help="參與人員姓名，一人一列。", limit=30, width=12),
        Field("role", "身分", Kind.CHOICE, "參與人員之身分。", choices=ROLES, width=12, cite=by),
    )


def _meetings(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("meetings.each_month")
    return (
        Field("day", "日期", Kind.DATE, "會議日期。", width=12, cite=by),
        Field("principal", "校長出席", Kind.YES_NO, "校長出席者填「是」。", width=10, cite=by),
        Field("director", "教務主任出席", Kind.YES_NO, "教務主任出席者填「是」。", width=14, cite=by),
        Field("about", "討論重點", help="討論事項摘要。", required=False, limit=300, width=48),
    )


def values(school: Mapping[str, object], duties: Iterable[Duty], plan: Plan) -> dict[str, list[dict]]:
    """What is prefilled for one approved school (code, name, level, county, approved): its award and its duties.

    One row stands for each item that is due, by month; a class's own items name the class.
    """
    head = {name: school[name] for name in ("code", "name", "level", "county", "approved")}
    rows = [
        {"item": one.item, "semester": one.semester or semester_of(one.due, plan), "class_": one.class_,
         "month": roc.short(one.due)[:-3]}
        for one in duties
        if one.item in plan.deliverables.items
        for _ in range(one.count)
    ]  # fmt: skip
    return {"logbooks": [head], "entries": rows}
