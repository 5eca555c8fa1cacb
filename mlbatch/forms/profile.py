"""學校基本資料表: a school's staff, core team and equipment, each semester (附件1, 肆.七(二)5)."""

from __future__ import annotations

from collections.abc import Mapping

from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.plan import Plan


def form(plan: Plan) -> Form:
    """The profile of one school for one semester; its recipient is code-level."""
    by = plan.cite("deliverables.profile")
    return Form(
        id="profile",
        title="學校基本資料表",
        filled_by="學校",
        purpose="獲核定學校每學期填寫一次，一校一份。",
        cite=by,
        how="縣市所屬學校由縣市彙送；國立學校自行送件。",
        sheets=(
            Sheet("基本資料", head_table="profiles", head=_head(plan)),
            Sheet("核心教師", rows_table="core_team", rows=_core(plan), capacity=40),
        ),
    )


def _head(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("deliverables.profile")
    return (
        Field("code", "學校代碼", Kind.CODE, "六碼學校代碼。", prefilled=True),
        Field("name", "學校名稱", help="學校名錄所載之校名。", limit=60, width=24, prefilled=True),
        Field("county", "縣市", Kind.CHOICE, "學校所在縣市。", choices=tuple(plan.counties), prefilled=True),
        Field("level", "學制", Kind.CHOICE, "國小或國中。", choices=plan.schools.levels, prefilled=True),
        Field("semester", "學期", Kind.CHOICE, "所填之學期。", choices=plan.schools.semesters, prefilled=True, cite=by),
        Field("principal", "校長", help="校長姓名。", limit=30),
        Field("trained", "校長曾參加科技領導工作坊", Kind.YES_NO, "往年已參加者填「是」，本年得免參加。",
              width=24, cite=plan.cite("events.principal")),
        Field("officer", "承辦人", help="現任承辦人姓名；異動時請改填。", limit=30, cite="玖.一"),
        Field("telephone", "電話", Kind.PHONE, "學校電話，含區碼與分機。", limit=30),
        Field("email", "電子郵件", Kind.EMAIL, "承辦人電子郵件。", limit=80, width=24),
        Field("teachers", "教師人數", Kind.WHOLE, "全校教師人數。", low=1, high=500, unit="人"),
        Field("classes", "全校班級數", Kind.WHOLE, "全校班級數。", low=1, high=200, unit="班"),
        Field("devices", "行動載具數", Kind.WHOLE, "可用於教學之行動載具數。", low=0, high=9999, unit="臺"),
    )  # fmt: skip


def _core(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("events.core_share")
    return (
        Field("person", "姓名", help="核心教師姓名，一人一列。", limit=30, width=14, cite=by),
        Field("newcomer", "新加入", Kind.YES_NO, "本年新加入計畫團隊者填「是」。", width=10, cite=by),
    )


def values(school: Mapping[str, object], semester: str) -> dict[str, list[dict]]:
    """What is prefilled for one approved school (code, name, level, county) and semester."""
    return {
        "profiles": [
            {name: school[name] for name in ("code", "name", "level", "county")} | {"semester": semester}
        ]
    }
