"""審查評分表: written for each reviewer, with the assigned schools, and read back (肆.五(一))."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlbatch import catalogue
from mlbatch.forms import cells
from mlbatch.forms.across import Across, Refs, Seen, flat, flat_text, words
from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.plan import Plan

if TYPE_CHECKING:  # a reading worker declares forms and needs no pandas
    import pandas as pd


def criterion(index: int) -> str:
    """The field's identifier of the criterion at `index` (from 1)."""
    return f"criterion_{index}"


def form(plan: Plan) -> Form:
    """The score sheet of one reviewer; its recipient is the reviewer's number (委員代號)."""
    return Form(
        id="score",
        title="審查評分表",
        filled_by="審查委員",
        purpose="委員就分派之學校逐項評分；應迴避者於迴避欄填「是」，無須評分。",
        cite="肆.五(一)",
        checks=tuple(
            _unmarked(index, label, len(plan.review.criteria))
            for index, label in enumerate(plan.review.criteria, 1)
        ),
        sheets=(
            Sheet(
                title="審查評分表",
                head_table="score_sheets",
                head=(Field("reviewer", "委員代號", help="委員代號。", prefilled=True, limit=20),),
                rows_table="scores",
                rows=_rows(plan),
            ),
        ),
    )


def _sum(count: int) -> str:
    """The sum of the criteria of a row, empty while none is filled."""
    cells = ",".join("{" + criterion(index) + "}" for index in range(1, count + 1))
    return f'IF(COUNT({cells})=0,"",SUM({cells}))'


def _rows(plan: Plan) -> tuple[Field, ...]:
    criteria = plan.review.criteria.items()
    return (
        Field("code", "學校代碼", Kind.CODE, "六碼學校代碼。", prefilled=True, width=10),
        Field("name", "學校名稱", help="學校名稱。", prefilled=True, width=24),
        Field("level", "學制", Kind.CHOICE, "國小或國中。", choices=plan.schools.levels, prefilled=True, width=8),
        Field("county", "縣市", help="學校所在縣市。", prefilled=True, width=10),
        *(
            Field(criterion(i), label, Kind.WHOLE, f"0 至 {most} 分。", required=False, low=0, high=most, unit="分", width=12)
            for i, (label, most) in enumerate(criteria, 1)
        ),
        Field("total", "總分", Kind.WHOLE, "各項合計，由表單計算。", required=False, low=0, high=100, unit="分", width=8,
              formula=_sum(len(criteria))),
        Field("comment", "意見", Kind.LONG, "給學校之意見。", required=False, limit=500, width=48),
        Field("recused", "迴避", Kind.YES_NO, "應迴避者填「是」。", required=False, width=8),
    )  # fmt: skip


def values(reviewer: str, schools: pd.DataFrame) -> dict[str, list[dict]]:
    """What is prefilled in the score sheet of `reviewer` for `schools` (code, level, name, county)."""
    columns = ["code", "name", "level", "county"]
    return {"score_sheets": [{"reviewer": reviewer}], "scores": schools[columns].to_dict("records")}


def _unmarked(index: int, label: str, criteria: int) -> Across:
    """R2: a criterion without a mark, of a school from which the reviewer does not keep out."""
    name = criterion(index)
    yes = sorted(one for one in cells.YES if one.isprintable())

    def formula(refs: Refs) -> str:
        recused = f"SUMPRODUCT(--({flat(refs.row['recused'])}={words(*yes)}))"
        return f'AND({flat(refs.row[name])}="",{recused}=0)'

    def broken(seen: Seen, number: int) -> bool:
        row = seen.row("scores", number)
        return flat_text(row.get(name)) == "" and flat_text(row.get("recused")) not in yes

    return Across("scores", name, catalogue.R2_INCOMPLETE, f"未評{label}", formula, broken)
