"""縣市執行紀錄簿: one cumulative workbook per county for the whole year, handed in again each month (伍.二)."""

from __future__ import annotations

from collections.abc import Mapping

from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.obligation import COUNTY_PLAN, GATHERING, RESULTS
from mlbatch.plan import Plan


def form(plan: Plan) -> Form:
    """The logbook of one county."""
    return Form(
        id="county_logbook",
        title="縣市執行紀錄簿",
        filled_by="縣市政府",
        purpose="有獲核定學校之縣市填寫，全年一份，逐月累積；每月底前送件，已送之紀錄請保留。",
        cite="伍.二",
        sheets=(
            Sheet("基本資料", head_table="county_logbooks", head=_head(plan)),
            Sheet("辦理紀錄", rows_table="county_work", rows=_work(plan), rows_required=False, capacity=30),
            Sheet(
                "網路檢視",
                rows_table="county_networks",
                rows=_networks(plan),
                rows_required=False,
                bit_by_bit=True,
                capacity=60,
            ),
            Sheet(
                "活動出席", rows_table="delegates", rows=_delegates(plan), rows_required=False, capacity=30
            ),
        ),
    )


def _head(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("county", "縣市", Kind.CHOICE, "縣市名稱。", choices=tuple(plan.counties), prefilled=True),
        Field("officer", "承辦人", help="現任承辦人姓名；異動時請改填。", limit=30, cite="玖.一"),
        Field("telephone", "電話", Kind.PHONE, "承辦人電話，含區碼與分機。", limit=30),
        Field("email", "電子郵件", Kind.EMAIL, "承辦人電子郵件。", limit=80, width=24),
    )


def _work(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("county_work.results_events")
    return (
        Field("item", "項目", Kind.CHOICE, "辦理之項目。", choices=(GATHERING, RESULTS, COUNTY_PLAN), width=22, cite="伍.二"),
        Field("day", "日期", Kind.DATE, "辦理或送出之日期。", width=12),
        Field("title", "名稱", help="會議、活動或文件之名稱。", limit=100, width=36),
        Field("invited", "受邀縣市", help="成果發表或交流會填受邀之其他縣市，以頓號分隔。", required=False, limit=100, width=24, cite=by),
        Field("advisors", "含輔導學者專家名單", Kind.YES_NO, "縣市計畫書填「是」或「否」，其他項目空白。", required=False,
              width=18, cite="肆.七(一)2"),
    )  # fmt: skip


def _networks(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("tracking.wireless_by")
    return (
        Field("code", "學校代碼", Kind.CODE, "六碼學校代碼。", prefilled=True),
        Field("name", "學校名稱", help="學校名稱。", limit=60, width=24, prefilled=True),
        Field(
            "level", "學制", Kind.CHOICE, "國小或國中。", choices=plan.schools.levels, width=8, prefilled=True
        ),
        Field("day", "日期", Kind.DATE, "實地瞭解或檢測之日期。", width=12, cite=by),
        Field(
            "result",
            "情形",
            Kind.LONG,
            "無線網路與數位學習環境之情形及所需資源。",
            limit=300,
            width=44,
            cite=by,
        ),
    )


def _delegates(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("events.large")
    return (
        Field("event", "活動", help="活動場次之代號或名稱。", limit=60, width=28, cite=by),
        Field("day", "日期", Kind.DATE, "出席日期。", width=12),
        Field("person", "出席人員", help="出席人員姓名，一人一列。", limit=30, width=12),
        Field("post", "職稱", help="職稱。", limit=30, width=14),
    )


def values(county: Mapping[str, object], schools: list[Mapping[str, object]]) -> dict[str, list[dict]]:
    """What is prefilled for a row of `counties` and its schools that run classes."""
    rows = [{name: school[name] for name in ("code", "name", "level")} for school in schools]
    return {"county_logbooks": [{"county": county["county"]}], "county_networks": rows}
