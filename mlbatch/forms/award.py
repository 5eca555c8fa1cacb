"""核定清冊: goes out with the batch's proposal, comes back with the decision (肆.五, R8)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mlbatch import catalogue, roc
from mlbatch.forms.across import Across, Refs, Seen, flat_text, number
from mlbatch.forms.form import MAX_AMOUNT, Field, Form, Kind, Sheet
from mlbatch.plan import Plan

if TYPE_CHECKING:  # a reading worker declares forms and needs no pandas
    import pandas as pd

OUT = ("rank", "county", "code", "name", "level", "requested", "allowed", "proposed", "proposed_grant", "verdict",
       "clause", "decided", "reason", "authority",
       "current", "capital")  # fmt: skip


def form(plan: Plan) -> Form:
    """The award list of the whole programme."""
    return Form(
        id="award",
        title="核定清冊",
        filled_by="本部",
        purpose="批次之建議與本部之裁示並列；裁示與建議不同者，填核定班級數並敘明理由。",
        cite="肆.五",
        checks=(
            Across(
                "decisions",
                "reason",
                catalogue.R8_NO_REASON,
                "裁示與建議不同，請填裁示理由",
                _unreasoned,
                _is_unreasoned,
            ),
            Across("decisions", "decided", catalogue.R8_OVER_CAP, "核定班級數逾上限", _over, _is_over),
        ),
        sheets=(Sheet("核定清冊", rows_table="decisions", rows=_rows(plan), rows_required=False),),
    )


def _rows(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("rank", "名次", Kind.WHOLE, "審查名次。", prefilled=True, required=False, low=1, high=99999, width=8),
        Field("county", "縣市", help="學校所在縣市。", prefilled=True, width=10),
        Field("code", "學校代碼", Kind.CODE, "六碼學校代碼。", prefilled=True, width=10),
        Field("name", "學校名稱", help="學校名稱。", prefilled=True, width=24),
        Field("level", "學制", Kind.CHOICE, "國小或國中。", choices=plan.schools.levels, prefilled=True, width=8),
        Field("requested", "申請班級數", Kind.WHOLE, "學校申請之班級數。", prefilled=True, required=False, low=0, high=99, unit="班", width=12),
        Field("allowed", "班級數上限", Kind.WHOLE, "依核定原則至多之班級數。", prefilled=True, required=False, low=0, high=99, unit="班", width=12),
        Field("proposed", "核定建議班級數", Kind.WHOLE, "批次建議之班級數。", prefilled=True, required=False, low=0, high=99, unit="班", width=16),
        Field("proposed_grant", "補助建議", Kind.MONEY, "批次建議之補助金額。", prefilled=True, required=False, low=0, high=MAX_AMOUNT, unit="元", width=14),
        Field("verdict", "審查結果", help="批次之結果。", prefilled=True, required=False, width=12),
        Field("clause", "依據", help="計畫條次。", prefilled=True, required=False, width=14),
        Field("decided", "核定班級數", Kind.WHOLE, "本部核定之班級數；同建議者可空白。", required=False, low=0, high=99, unit="班", width=12),
        Field("reason", "裁示理由", Kind.LONG, "核定與建議不同時必填。", required=False, limit=300, width=40),
        Field("authority", "裁示依據", help=f"作成裁示之會議或簽文，例如 {_some_day(plan)} 部務會議。", required=False, limit=100, width=28),
        Field("current", "經常門", Kind.MONEY, "補助之經常門。", prefilled=True, required=False, low=0, high=MAX_AMOUNT, unit="元", width=14),
        Field("capital", "資本門", Kind.MONEY, "補助之資本門。", prefilled=True, required=False, low=0, high=MAX_AMOUNT, unit="元", width=14),
    )  # fmt: skip


def _some_day(plan: Plan) -> str:
    """A day on which the ministry may decide: in the first week of the plan."""
    return roc.short(plan.calendar.start + timedelta(days=4))


def values(schools: pd.DataFrame) -> dict[str, list[dict]]:
    """What is prefilled in the award list: every ranked school, best first.

    A decision that was accepted is shown again, so that the list can go on being edited.
    """
    ranked = schools[schools["rank"].notna()].sort_values("rank")
    rows = ranked.assign(
        proposed_grant=_grant(ranked),
        verdict=ranked["proposed_outcome"],
        clause=ranked["outcome_clause"],
        decided=ranked["approved"].where(ranked["decided"]),
    )[list(OUT)]
    return {"decisions": rows.astype(object).where(rows.notna(), None).to_dict("records")}


def _grant(ranked: pd.DataFrame) -> pd.Series:
    """The grant of the proposed classes: fee + classes × per class, nothing for none (柒.三(一))."""
    grant = ranked["fee"] + ranked["proposed"] * ranked["per_class"]
    return grant.where(ranked["proposed"] > 0, 0)


# What the list shows of itself (R8) ---------------------------------------------------------------


def _unreasoned(refs: Refs) -> str:
    decided, proposed, reason = (refs.row[name] for name in ("decided", "proposed", "reason"))
    return f'AND(ISNUMBER({decided}),ISNUMBER({proposed}),{decided}<>{proposed},TRIM({reason})="")'


def _is_unreasoned(seen: Seen, index: int) -> bool:
    row = seen.row("decisions", index)
    decided, proposed = number(row.get("decided")), number(row.get("proposed"))
    apart = None not in (decided, proposed) and decided != proposed
    return apart and not flat_text(row.get("reason"))


def _over(refs: Refs) -> str:
    decided, allowed = refs.row["decided"], refs.row["allowed"]
    return f"AND(ISNUMBER({decided}),ISNUMBER({allowed}),{decided}>{allowed})"


def _is_over(seen: Seen, index: int) -> bool:
    row = seen.row("decisions", index)
    decided, allowed = number(row.get("decided")), number(row.get("allowed"))
    return None not in (decided, allowed) and decided > allowed
