"""教練學校申請表: a school that was selected asks once to become a coach school (附件3.二)."""

from __future__ import annotations

from collections.abc import Mapping

from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.plan import Plan

FORM = "coach_application"
BY_PRIZE, BY_COACHING = "優良學校選拔獲獎", "教練學校輔導績優"


def form(plan: Plan) -> Form:
    """The application of one school; its recipient is code-level."""
    return Form(
        id=FORM,
        title="教練學校申請表",
        filled_by="學校",
        purpose=f"獲選為{plan.year}年補助學校、擬擔任教練學校者填寫；資格由本部依{plan.coaching.qualifying_year}年清冊認定。",
        cite="附件3.二",
        how="縣市所屬學校由縣市彙送；國立學校自行送件。每校一份，更正者重送，以最後上傳者為準。",
        sheets=(
            Sheet("申請資料", head_table="coach_applications", head=_head(plan)),
            Sheet(
                "輔導意願", rows_table="coach_wishes", rows=_wishes(plan), rows_required=False, capacity=10
            ),
        ),
    )


def _head(plan: Plan) -> tuple[Field, ...]:
    year, terms = plan.coaching.qualifying_year, plan.coaching
    return (
        Field("code", "學校代碼", Kind.CODE, "六碼學校代碼。", prefilled=True),
        Field("name", "學校名稱", help="學校名錄所載之校名。", limit=60, width=24, prefilled=True),
        Field("county", "縣市", Kind.CHOICE, "學校所在縣市。", choices=tuple(plan.counties), prefilled=True),
        Field("level", "學制", Kind.CHOICE, "國小或國中。", choices=plan.schools.levels, prefilled=True),
        Field("basis", "申請資格", Kind.CHOICE, f"{year}年優良學校{terms.group}獲獎，或{year}年教練學校且所輔導學校獲獎。",
              choices=(BY_PRIZE, BY_COACHING), width=24, cite="附件3.二"),
        Field("officer", "承辦人", help="承辦教練學校業務者之姓名。", limit=30),
        Field("telephone", "電話", Kind.PHONE, "學校電話，含區碼與分機。", limit=30),
        Field("email", "電子郵件", Kind.EMAIL, "承辦人電子郵件。", limit=80, width=24),
        Field("demonstration", "示範觀摩規劃", Kind.LONG, "全國示範觀摩之時間、形式與邀請對象；以非行動學習學校為主。",
              limit=1000, width=48, cite="附件3.四1"),
        Field("plan", "輔導規劃", Kind.LONG, f"輔導{terms.schools}所新手學校之方式；以實地交流為主，線上諮詢為輔。",
              limit=1000, width=48, cite="附件3.四2"),
    )  # fmt: skip


def _wishes(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("coaching.schools")
    return (
        Field("wish", "志願序", Kind.WHOLE, "自 1 起。", low=1, high=10, width=8, cite=by),
        Field("county", "縣市", Kind.CHOICE, "希望輔導學校所在縣市。", choices=tuple(plan.counties), width=10, cite=by),
        Field("code", "希望輔導學校代碼", Kind.CODE, "已洽妥之新手學校代碼；未洽者空白。", required=False, width=16),
        Field("reason", "理由", help="希望輔導之理由。", required=False, limit=200, width=40),
    )  # fmt: skip


def values(school: Mapping[str, object]) -> dict[str, list[dict]]:
    """What is prefilled for one approved school (code, name, level, county)."""
    return {"coach_applications": [{name: school[name] for name in ("code", "name", "level", "county")}]}
