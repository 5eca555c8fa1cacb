"""The ministry's lists of the running year (年度執行): events, who signed in, who may advise."""

from __future__ import annotations

from mlbatch.forms.form import Field, Form, Kind
from mlbatch.forms.register import register, school_columns
from mlbatch.obligation import COACH_MEETING, PRINCIPALS, REGIONAL
from mlbatch.plan import Plan


def registers(plan: Plan) -> tuple[Form, ...]:
    """The registers that tracking reads; none of them stops a job when it is missing."""
    return (_sessions(plan), _signed_in(plan), _advisors_confirmed(plan))


def _sessions(plan: Plan) -> Form:
    kinds = (*plan.events.large, *REGIONAL, PRINCIPALS, COACH_MEETING)
    rows = (
        Field("session", "場次代號", help="不重複之代號，例如 W03。", limit=20, width=10),
        Field(
            "event",
            "活動",
            Kind.CHOICE,
            "活動名稱。",
            choices=kinds,
            width=28,
            cite=plan.cite("events.large"),
        ),
        Field("day", "日期", Kind.DATE, "辦理日期；連續多日者填首日。"),
        Field("venue", "地點", help="辦理地點。", required=False, limit=60, width=24),
        Field("organiser", "主辦單位", help="主辦單位。", required=False, limit=60, width=24),
    )
    purpose = "計畫團隊之活動場次；各校活動參與據以核對。"
    return register("sessions", "活動場次", purpose, plan.cite("events.large"), rows, needed=False)


def _signed_in(plan: Plan) -> Form:
    rows = (
        Field("session", "場次代號", help="活動場次之代號。", limit=20, width=10),
        *school_columns(plan, with_county=False),
        Field("person", "姓名", help="簽到者姓名，一人一列。", limit=30, width=12),
    )
    purpose = "各場次之簽到；列有任一人之場次，以本清冊為準。"
    return register("signed_in", "活動簽到", purpose, plan.cite("events.large"), rows, needed=False)


def _advisors_confirmed(plan: Plan) -> Form:
    rows = (
        Field("advisor", "姓名", help="學者專家姓名。", limit=30, width=12),
        Field("institution", "服務單位", help="任職學校或機關。", limit=60, width=28),
        Field("professor", "大專校院教授", Kind.YES_NO, "任教於大專校院者填「是」。", width=14),
        Field("confirmed_on", "確認日期", Kind.DATE, "本部確認之日期。", width=12),
    )
    purpose = "經本部確認之輔導學者專家；未列名者之輔導不計。"
    return register(
        "advisors_confirmed", "確認之學者專家", purpose, plan.cite("visits.professors"), rows, needed=False
    )
