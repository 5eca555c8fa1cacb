"""教練輔導紀錄: one cumulative workbook per coach school for the whole year, handed in again each month (附件3.四)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlbatch import catalogue
from mlbatch.forms.across import Across, Refs, Seen, flat, flat_text, number
from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.obligation import COACH_MEETING, COACH_REPORT, SHARING
from mlbatch.plan import Plan

FORM = "coach_record"
SHOWN = ("公開觀課", "教學演示", "其他")
ONLINE = "線上諮詢"
WAYS = ("實地參訪", "研習工作坊", "教學演示", "跨校交流", ONLINE)


def form(plan: Plan) -> Form:
    """The record of one coach school; its recipient is code-level."""
    return Form(
        id=FORM,
        title="教練輔導紀錄",
        filled_by="教練學校",
        purpose="教練學校填寫，全年一份，逐月累積；每月底前送件，已送之紀錄請保留。",
        cite="附件3.四",
        how="縣市所屬學校由縣市彙送；國立學校自行送件。",
        sheets=(
            Sheet("基本資料", head_table="coach_records", head=_head(plan)),
            Sheet("受輔導學校", rows_table="coach_own", rows=_own(plan), rows_required=False, capacity=4),
            Sheet("示範觀摩", rows_table="coach_shown", rows=_shown(plan), rows_required=False, capacity=6),
            Sheet("輔導紀錄", rows_table="coach_acts", rows=_acts(plan), rows_required=False, capacity=40),
            Sheet(
                "會議與分享", rows_table="coach_events", rows=_events(plan), rows_required=False, capacity=20
            ),
            Sheet(
                "輔導成果報告",
                rows_table="coach_reports",
                rows=_reports(plan),
                rows_required=False,
                capacity=3,
            ),
        ),
        checks=(_foreign_school(), _few_outsiders()),
    )


def _head(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("code", "學校代碼", Kind.CODE, "六碼學校代碼。", prefilled=True),
        Field("name", "學校名稱", help="學校名錄所載之校名。", limit=60, width=24, prefilled=True),
        Field("county", "縣市", Kind.CHOICE, "學校所在縣市。", choices=tuple(plan.counties), prefilled=True),
        Field("level", "學制", Kind.CHOICE, "國小或國中。", choices=plan.schools.levels, prefilled=True),
        Field("officer", "承辦人", help="承辦教練學校業務者之姓名。", limit=30),
        Field("telephone", "電話", Kind.PHONE, "學校電話，含區碼與分機。", limit=30),
        Field("email", "電子郵件", Kind.EMAIL, "承辦人電子郵件。", limit=80, width=24),
    )


def _own(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("coaching.schools")
    return (
        Field("code", "學校代碼", Kind.CODE, "受輔導學校代碼。", prefilled=True, cite=by),
        Field("name", "學校名稱", help="受輔導學校名稱。", limit=60, width=28, prefilled=True),
        Field("level", "學制", Kind.CHOICE, "國小或國中。", choices=plan.schools.levels, width=8, prefilled=True),
        Field("county", "縣市", Kind.CHOICE, "所在縣市。", choices=tuple(plan.counties), width=10, prefilled=True, cite=by),
    )  # fmt: skip


def _shown(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("coaching.demonstrations")
    return (
        Field("day", "日期", Kind.DATE, "辦理日期。", width=12, cite=by),
        Field("title", "名稱", help="示範觀摩之名稱。", limit=100, width=32),
        Field("way", "形式", Kind.CHOICE, "辦理形式。", choices=SHOWN, width=12, cite=by),
        Field("venue", "地點", help="辦理地點。", limit=60, width=20),
        Field("schools", "參加校數", Kind.WHOLE, "參加之學校數。", low=0, high=999, unit="校", width=10),
        Field("outsiders", "非行動學習校數", Kind.WHOLE, "其中非行動學習學校之校數；觀摩以此類學校為主。", low=0, high=999,
              unit="校", width=14, cite=by),
    )  # fmt: skip


def _acts(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("coaching.schools")
    return (
        Field("semester", "學期", Kind.CHOICE, "所屬學期。", choices=plan.schools.semesters, width=16, cite=by),
        Field("day", "日期", Kind.DATE, "輔導日期。", width=12),
        Field("code", "受輔導學校代碼", Kind.CODE, "「受輔導學校」所列之代碼。", width=16, cite=by),
        Field("level", "受輔導學校學制", Kind.CHOICE, "國小或國中。", choices=plan.schools.levels, width=14),
        Field("way", "方式", Kind.CHOICE, "輔導方式；以實地交流為主，線上諮詢為輔。", choices=WAYS, width=12, cite=by),
        Field("about", "輔導內容", Kind.LONG, "輔導內容與建議。", limit=500, width=44),
    )  # fmt: skip


def _events(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("event", "活動", Kind.CHOICE, "教練學校會議，或於成果發表會分享。", choices=(COACH_MEETING, SHARING), width=16,
              cite="附件3.四3"),
        Field("day", "日期", Kind.DATE, "參加或分享之日期。", width=12),
        Field("person", "參與人員", help="參與人員姓名，一人一列。", limit=30, width=12),
        Field("about", "重點", help="討論或分享之重點。", required=False, limit=300, width=44),
    )  # fmt: skip


def _reports(plan: Plan) -> tuple[Field, ...]:
    by, licence = plan.cite("coach_terms.report_by"), plan.deliverables.licence
    return (
        Field("item", "項目", Kind.CHOICE, "繳交之項目。", choices=(COACH_REPORT,), width=16, cite=by),
        Field("day", "日期", Kind.DATE, "完成之日期。", width=12, cite=by),
        Field("title", "名稱", help="報告之名稱。", limit=100, width=36),
        Field("licence", "授權", Kind.CHOICE, "繳交資料之授權。", choices=(licence,), width=44,
              cite=plan.cite("deliverables.licence")),
    )  # fmt: skip


# What the sheet tells ------------------------------------------------------------------------------


def _foreign_school() -> Across:
    """An act names a school that is not among those coached."""

    def formula(refs: Refs) -> str:
        own, code = refs.columns["coach_own", "code"], refs.row["code"]
        same = f'SUMPRODUCT(({flat(own)}={flat(code)})*({flat(code)}<>""))'
        return f'AND({flat(code)}<>"",{same}=0,{refs.filled("coach_own")}>0)'

    def broken(seen: Seen, index: int) -> bool:
        code = flat_text(seen.row("coach_acts", index).get("code"))
        own = [flat_text(row.get("code")) for row in seen.rows("coach_own")]
        return bool(code and own) and code not in own

    words = "不在「受輔導學校」所列"
    return Across("coach_acts", "code", catalogue.K3_NOT_COACHED, words, formula, broken)


def _few_outsiders() -> Across:
    """A demonstration to which fewer schools came from without the programme than from within."""

    def formula(refs: Refs) -> str:
        came, others = f"({refs.row['schools']}+0)", f"({refs.row['outsiders']}+0)"
        return f"AND({came}>0,{others}*2<{came})"

    def broken(seen: Seen, index: int) -> bool:
        row = seen.row("coach_shown", index)
        came, others = number(row.get("schools")), number(row.get("outsiders"))
        return bool(came) and came > 0 and (others or 0) * 2 < came

    words = "示範觀摩應以非行動學習學校為主"
    return Across(
        "coach_shown", "outsiders", catalogue.K3_FEW_OUTSIDERS, words, formula, broken, reminder=True
    )


def values(coach: Mapping[str, object], coached: Iterable[Mapping[str, object]]) -> dict[str, list[dict]]:
    """What is prefilled for one coach school (code, name, level, county) and the schools that it coaches."""
    names = ("code", "name", "level", "county")
    return {
        "coach_records": [{name: coach[name] for name in names}],
        "coach_own": [{name: one[name] for name in names} for one in coached],
    }
