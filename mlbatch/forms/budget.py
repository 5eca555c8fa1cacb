"""經費申請表: what a school, and a county, spend the grant on, line by line (柒.四–八)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mlbatch.forms import application
from mlbatch.forms.budget_checks import checks
from mlbatch.forms.form import MAX_AMOUNT, Field, Form, Kind, Sheet
from mlbatch.plan import Plan

SIGNED = {"學校": "承辦人、主任、校長", "縣市政府": "承辦人、科（課）長、局（處）長"}


def form(plan: Plan) -> Form:
    """The budget of one school; its recipient is code-level."""
    purpose = "獲核定學校依核定之補助與應自籌數編列；項目以計畫所列者為限。"
    return _form("budget", "經費申請表", "學校", purpose, _school(plan), plan)


def county_form(plan: Plan) -> Form:
    """The budget of one county's own grant."""
    purpose = "縣市編列成果發表會、督導與出席會議之費用；各校經費由各校編列，彙整表由批次寫出。"
    return _form("county_budget", "縣市經費申請表", "縣市政府", purpose, _county(plan), plan)


def _form(name: str, title: str, filled_by: str, purpose: str, head: tuple[Field, ...], plan: Plan) -> Form:
    lines = Sheet(
        title, head_table=f"{name}s", head=head, rows_table=f"{name}_lines", rows=_lines(plan), capacity=40
    )
    return Form(
        id=name, title=title, filled_by=filled_by, purpose=purpose, cite="柒.五",
        how=f"紙本由{SIGNED[filled_by]}核章；電子檔送本部，可於修正後重送，以最後上傳者為準。",
        checks=checks(f"{name}s", f"{name}_lines", plan, capital=name == "budget"),
        sheets=(lines,),
    )  # fmt: skip


def _lines(plan: Plan) -> tuple[Field, ...]:
    """The columns of the application's budget; whether sundries are allowed is for the rules to say."""
    item, *others = application.costs(plan)
    return (replace(item, choices=(*item.choices, plan.spending.sundries)), *others)


def _money(name: str, label: str, help: str, cite: str) -> Field:
    return Field(
        name, label, Kind.MONEY, help, low=0, high=MAX_AMOUNT, unit="元", prefilled=True, cite=cite, width=14
    )


def _contact() -> tuple[Field, ...]:
    return (
        Field("officer", "承辦人", help="承辦人姓名。", limit=30),
        Field("telephone", "電話", Kind.PHONE, "承辦人電話，含區碼與分機。", limit=30),
    )


def _school(plan: Plan) -> tuple[Field, ...]:
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
        _money("current", "核定補助經常門", "本部核定之經常門；教練學校補助含於此。", "肆.四(四)1"),
        _money("capital", "核定補助資本門", "本部核定之資本門。", "肆.四(四)1"),
        _money("own_share", "應自籌經費", "至少應自籌之數。", "柒.一"),
        *_contact(),
    )


def _county(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("county", "縣市", Kind.CHOICE, "縣市名稱。", choices=tuple(plan.counties), prefilled=True),
        Field(
            "approved", "核定校數", Kind.WHOLE, "本部核定之校數。", low=0, high=999, unit="校", prefilled=True
        ),
        _money("current", "核定補助經常門", "縣市補助扣減後之數，與工作坊補助；全數為經常門。", "柒.二"),
        _money("own_share", "應自籌經費", "縣市補助至少應自籌之數；各校自籌另計。", "柒.一"),
        *_contact(),
    )


def school_values(school: Mapping[str, object]) -> dict[str, list[dict]]:
    """What is prefilled for a row of `schools`."""
    head = {
        name: school[name] for name in ("code", "name", "county", "level", "approved", "capital", "own_share")
    }
    return {"budgets": [{**head, "current": school["current"] + school["coach"]}]}


def county_values(county: Mapping[str, object], own_share: int) -> dict[str, list[dict]]:
    """What is prefilled for a row of `counties`; `own_share`: of its own grant, without its schools'."""
    current = county["county_grant"] - county["reduction"] + county["workshop"]
    head = {
        "county": county["county"],
        "approved": county["approved_schools"],
        "current": current,
        "own_share": own_share,
    }
    return {"county_budgets": [head]}
