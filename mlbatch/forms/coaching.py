"""The ministry's lists about coach schools (教練學校): who won, who coached, who entered the contest, who coaches whom (附件3)."""

from __future__ import annotations

from mlbatch.forms.form import Field, Form, Kind
from mlbatch.forms.register import register, school_columns
from mlbatch.plan import Plan


def registers(plan: Plan) -> tuple[Form, ...]:
    """The registers of coach schools; those of the qualifying year are needed once a coach is listed."""
    return (
        *qualifying(plan),
        _winners(
            plan, "prizes", plan.year, "本年度獲選之優良學校；據以認定輔導績優，並供下年度認定教練學校資格。"
        ),
        _entrants(plan),
        _pairs(plan),
    )


def qualifying(plan: Plan) -> tuple[Form, Form]:
    """The two registers by which a coach school qualifies: of the year before (附件3.二)."""
    year = plan.coaching.qualifying_year
    winners = _winners(
        plan, "winners", year, f"{year}年優良學校選拔獲獎學校；據以認定{year + 1}年教練學校資格。"
    )
    return winners, _former_coaches(plan)


def _winners(plan: Plan, name: str, year: int, purpose: str) -> Form:
    group = Field("group", "組別", Kind.CHOICE, "獲獎之組別。", choices=plan.coach_terms.groups, width=10)
    return register(
        name, f"{year}年優良學校", purpose, "附件3.二(一)", (*school_columns(plan), group), needed=False
    )


def _former_coaches(plan: Plan) -> Form:
    year = plan.coaching.qualifying_year
    rows = (
        *school_columns(plan),
        Field("coached_code", "受輔導學校代碼", Kind.CODE, "該校當年所輔導之學校；一校一列。", width=14),
        Field("coached_name", "受輔導學校名稱", help="受輔導學校名稱。", limit=60, width=28),
        Field("coached_level", "受輔導學校學制", Kind.TEXT, "國小或國中。", limit=10, width=14),
        Field("report", "已繳輔導成果報告", Kind.YES_NO, "已繳者填「是」。", width=16),
        Field("complete", "已完成配合事項", Kind.YES_NO, "計畫執行配合度相關項目已完成者填「是」。", width=14),
        Field("again", "已續任年數", Kind.WHOLE, "當年為首次擔任者填 0。", low=0, high=9, unit="年", width=10),
    )  # fmt: skip
    purpose = f"{year}年之教練學校及其受輔導學校；一所受輔導學校一列。"
    return register("former_coaches", f"{year}年教練學校", purpose, "附件3.二(二)", rows, needed=False)


def _entrants(plan: Plan) -> Form:
    purpose = "報名本年度優良學校選拔之學校；教練學校不參加。"
    title = f"{plan.year}年優良學校選拔報名學校"
    return register("entrants", title, purpose, "附件3.四3", school_columns(plan), needed=False)


def _pairs(plan: Plan) -> Form:
    by = plan.cite("coaching.schools")
    rows = (
        *school_columns(plan, with_county=False),
        Field("coached_county", "受輔導學校縣市", Kind.CHOICE, "受輔導學校所在縣市。", choices=tuple(plan.counties), width=14),
        Field("coached_code", "受輔導學校代碼", Kind.CODE, "本年度新申請且獲核定之學校。", width=14, cite=by),
        Field("coached_name", "受輔導學校名稱", help="受輔導學校名稱。", limit=60, width=28),
        Field("coached_level", "受輔導學校學制", Kind.TEXT, "國小或國中。", limit=10, width=14),
        Field("decided_on", "核定日期", Kind.DATE, "本部核定配對之日期；自該日起適用。"),
        Field("reason", "理由", help="未採建議者，其理由。", required=False, limit=200, width=32),
    )  # fmt: skip
    purpose = "本部核定之教練學校與受輔導學校；未列之教練學校依建議，尚未核定。"
    return register("coach_pairs", "教練配對", purpose, by, rows, needed=False)
