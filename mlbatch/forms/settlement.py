"""經費收支結算表: what was spent of a grant, by school and account, and what is returned (柒.九, Z1, Z2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mlbatch import refund
from mlbatch.forms.form import MAX_AMOUNT, Field, Form, Kind, Sheet
from mlbatch.forms.settlement_checks import ROWS, checks
from mlbatch.plan import Plan
from mlbatch.withdrawal import CHANGES

CURRENT, CAPITAL = "經常門", "資本門"
LEAVING = tuple(change for change in CHANGES if change != "減班")
SHOWN = (
    "school_code", "school_name", "school_level", "account", "planned", "granted", "paid", "left", "classes_due",
)  # fmt: skip
Row = Mapping[str, object]


def form(plan: Plan) -> Form:
    """The settlement of one county, or of one national school; its recipient is the county, or code-level."""
    return Form(
        id="settlement",
        title="經費收支結算表",
        filled_by="縣市政府、國立學校",
        purpose="計畫結束後結算各校與縣市之經費，一校一科目一列；結餘、應繳回金額由表單計算。",
        cite="柒.九",
        due="closing.settlement_due",
        how="縣市彙整所屬學校後，連同成果報告及繳回款函送本部；電子檔上傳，以最後上傳者為準。",
        checks=checks(),
        sheets=(Sheet("經費收支結算表", head_table="settlements", head=_head(plan), rows_table=ROWS, rows=_rows(plan)),),
    )  # fmt: skip


def _head(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("payee", "受款單位", help="縣市政府（局）或國立學校。", limit=60, prefilled=True),
        Field("county", "縣市", Kind.CHOICE, "國立學校空白。", required=False, choices=tuple(plan.counties), prefilled=True),
        Field("code", "國立學校代碼", Kind.CODE, "國立學校填六碼學校代碼；縣市空白。", required=False, prefilled=True),
        Field("level", "國立學校學制", Kind.CHOICE, "國立學校填國小或國中；縣市空白。", required=False, choices=plan.schools.levels, prefilled=True),
        Field("letter_number", "結案公文文號", help="檢送結案資料之公文文號。", limit=60),
        Field("letter_date", "結案公文日期", Kind.DATE, "檢送結案資料之公文日期。"),
        Field("officer", "承辦人", help="承辦人姓名。", limit=30),
        Field("telephone", "電話", Kind.PHONE, "承辦人電話，含區碼與分機。", limit=30),
    )  # fmt: skip


def _rows(plan: Plan) -> tuple[Field, ...]:
    by = plan.cite("closing.settlement_due")
    limit = plan.settling.exempt_surplus
    return (
        Field("school_code", "學校代碼", Kind.CODE, "學校代碼；縣市自身之經費空白。", required=False, prefilled=True, width=9),
        Field("school_name", "學校名稱", help="校名；縣市自身之經費空白。", required=False, limit=60, prefilled=True, width=18),
        Field("school_level", "學制", Kind.CHOICE, "國小或國中。", required=False, choices=plan.schools.levels, prefilled=True, width=6),
        Field("account", "經/資門", Kind.CHOICE, "經常門或資本門。", choices=(CURRENT, CAPITAL), prefilled=True, width=8),
        _money("planned", "核定計畫金額", "補助與自籌合計。", by),
        _money("granted", "核定金額", "本部核定之補助。", by),
        _money("paid", "撥付金額", "本部已撥付之補助。", by),
        _money("spent", "實支金額", "實際支用總額，含自籌。", by, prefilled=False),
        Field("balance", "結餘", Kind.MONEY, "核定計畫金額減實支金額，由表單計算。", required=False, low=-MAX_AMOUNT, unit="元", width=11,
              formula='IF({spent}="","",{planned}-{spent})', compute=_balance),
        Field("left", "異動事由", Kind.CHOICE, "全校退出者之事由。", required=False, choices=LEAVING, prefilled=True, width=9),
        Field("withdrawn", "退出班級數", Kind.WHOLE, "執行期間退出之班級數；無者填 0。", low=0, high=99, unit="班", width=10),
        _money("classes_due", "退班應繳回", "退出班級應繳回之補助，由本部計算。", "柒.九(三)"),
        Field("owed", "應繳回金額", Kind.MONEY, "依補助比率計算，由表單計算。", required=False, unit="元", width=11, cite="柒.九(三)",
              formula=_owed_formula(limit), compute=lambda row, rows: _owed(row, rows, limit)),
        _money("refund", "繳回金額", "實際繳回本部之金額；無者填 0 或空白。", "柒.九(一)", prefilled=False, required=False),
        Field("refunded_on", "繳回日期", Kind.DATE, "繳回款匯款日期。", required=False, width=11, cite="柒.九(一)"),
        Field("reason", "原因", Kind.LONG, "退出學校、退出班級之原因；有者必填。", required=False, limit=300, width=24, cite="柒.九(三)"),
    )  # fmt: skip


def _money(
    name: str, label: str, help: str, cite: str, *, prefilled: bool = True, required: bool = True
) -> Field:
    return Field(
        name, label, Kind.MONEY, help, required=required, low=0, high=MAX_AMOUNT, unit="元", width=11,
        prefilled=prefilled, cite=cite,
    )  # fmt: skip


# What the sheet computes (A–F) --------------------------------------------------------------------


def _owed_formula(limit: int) -> str:
    """The formula of `refund.Line.owed`, whose exemption looks at the surplus of all rows that stay."""
    kept = (
        'SUMPRODUCT(({all_left}="")*ISNUMBER({all_spent})*({all_planned}>{all_spent}),{all_planned})'
        '-SUMPRODUCT(({all_left}="")*ISNUMBER({all_spent})*({all_planned}>{all_spent}),{all_spent})'
    )
    share = f'IF(AND({{left}}="",{kept}<={limit}),0,IF({{planned}}>{{spent}},ROUNDDOWN(({{planned}}-{{spent}})*{{granted}}/{{planned}},0),0))'
    due = f"MAX(0,MIN({{paid}},MAX({{classes_due}},{share})-({{granted}}-{{paid}})))"
    return f'IF(COUNT({{planned}},{{granted}},{{paid}},{{spent}})<4,"",IF({{left}}="{refund.ALL_BACK}",{{paid}},{due}))'


def _balance(row: Row, rows: Sequence[Row]) -> object:
    line = refund.line(row)
    return line.balance if line else ""


def _owed(row: Row, rows: Sequence[Row], limit: int) -> object:
    line = refund.line(row)
    others = (one for one in map(refund.line, rows) if one)
    return line.owed(refund.surplus(others) <= limit) if line else ""


def values(payee: Row, lines: Iterable[Row], said: Row | None = None) -> dict[str, list[dict]]:
    """What is prefilled for a row of `payees` and its rows of `settling`, with what was said before.

    A value that is missing must be None or an empty text. `said`: the head that came last.
    """
    head = {name: payee[name] for name in ("payee", "county", "code", "level")}
    again = ("letter_number", "letter_date", "officer", "telephone")
    head |= {name: said[name] for name in again} if said else {}
    return {"settlements": [head], ROWS: [_row(one) for one in lines]}


def _row(line: Row) -> dict[str, object]:
    own = {name: line[name] for name in SHOWN}
    came = {name: line.get(name) for name in ("spent", "refund", "refunded_on", "reason")}
    return {**own, **came, "withdrawn": line["withdrawn"]}
