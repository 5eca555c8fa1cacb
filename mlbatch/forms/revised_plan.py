"""修正後教學實施計畫書: a school's plan again, on the classes and the money that it got (肆.七(二), P3).

The sheets are those of 教學實施計畫書, from one declaration; only the head says what was approved
instead of what was asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from mlbatch import catalogue
from mlbatch.forms import application
from mlbatch.forms.across import Across, Refs, Seen, count, flat, flat_text, number
from mlbatch.forms.application_checks import all_known, grade_check, held
from mlbatch.forms.form import MAX_AMOUNT, Field, Form, Kind
from mlbatch.plan import Plan
from mlbatch.tables import Tables, missing, records

OWN = "revised_"  # what stands before the names of the application's tables
GRANTED = application.FUNDS[0]
ACCOUNTS = dict(zip(("current", "capital"), application.ACCOUNTS, strict=True))
TABLES = ("plans", "devices", "classes", "teaching", "advisors", "costs")


def form(plan: Plan) -> Form:
    """The revised plan of one school."""
    return Form(
        id="revised_plan",
        title="修正後教學實施計畫書",
        filled_by="學校",
        purpose="獲核定學校依核定班級數與補助經費修正計畫書，一校一份，列入請款文件。",
        cite="肆.七(二)",
        how="縣市所屬學校送縣市彙整於光碟；國立學校函送本部；另上傳計畫網站。",
        checks=_checks(plan),
        sheets=application.sheets(plan, _basics(plan), OWN),
    )


def _basics(plan: Plan) -> tuple[Field, ...]:
    """The application's head, with what was approved in the place of what was asked for."""
    asked = application.basics(plan)
    place = next(number for number, field in enumerate(asked) if field.name == "requested")
    return (*asked[:place], *_approved(), *asked[place + 1 :])


def _approved() -> tuple[Field, ...]:
    money = {"low": 0, "high": MAX_AMOUNT, "unit": "元", "prefilled": True, "cite": "肆.七(二)"}
    return (
        Field(
            "approved", "核定班級數", Kind.WHOLE, "本部核定之班級數；兩學期各須實施此數。",
            low=1, high=99, unit="班", prefilled=True, cite="肆.七(二)",
        ),
        Field("current", "核定補助經常門", Kind.MONEY, "本部核定之補助經常門，不含教練學校補助。", **money),
        Field("capital", "核定補助資本門", Kind.MONEY, "本部核定之補助資本門。", **money),
    )  # fmt: skip


def handed_in(tables: Tables) -> dict[str, dict[str, list[dict]]]:
    """Every plan as it was read: its rows by table and file, with None for what is missing."""
    found: dict[str, dict[str, list[dict]]] = {}
    for name in TABLES:
        files = found[name] = defaultdict(list)
        for row in records(tables[name].drop(columns="place")):
            files[row.pop("file")].append({key: None if missing(one) else one for key, one in row.items()})
    return found


def values(
    plans: Mapping[str, Mapping[str, list[dict]]], school: Mapping[str, object]
) -> dict[str, list[dict]]:
    """What is prefilled for a row of `schools`: its own plan as it was `handed_in`, and what was approved.

    Its classes and costs stand as it asked for them; which to drop is the school's choice, and the
    sheet says how many are too many.
    """
    filled = {f"{OWN}{name}": plans[name].get(school["plan_file"], []) for name in TABLES}
    known = {name: school[name] for name in ("code", "name", "county", "level", "approved", *ACCOUNTS)}
    head = next(iter(filled[f"{OWN}plans"]), {})
    return {**filled, f"{OWN}plans": [{**head, **known}]}


# What the sheet shows of itself (P3) ---------------------------------------------------------------


def _checks(plan: Plan) -> tuple[Across, ...]:
    semesters = plan.schools.semesters
    return (
        *(grade_check(level, grades, OWN) for level, grades in plan.schools.grades.items()),
        *(_number(one, semesters) for one in semesters),
        *(_budget(field, account) for field, account in ACCOUNTS.items()),
    )


def _number(semester: str, semesters: tuple[str, ...]) -> Across:
    classes, plans = f"{OWN}classes", f"{OWN}plans"

    def formula(refs: Refs) -> str:
        listed = count(refs.columns[classes, "semester"], semester)
        wanted = f"{refs.row['approved']}+0"
        return f"AND({wanted}>0,{listed}<>{wanted},{all_known(refs, semesters, classes)})"

    def broken(seen: Seen, index: int) -> bool:
        listed = held(seen, semester, semesters, classes)
        wanted = number(seen.head(plans, "approved"))
        return listed is not None and bool(wanted) and listed != wanted

    said = f"{semester}之實施班級數與核定班級數不同"
    return Across(plans, "approved", catalogue.P3_CLASSES, said, formula, broken)


def _budget(field: str, account: str) -> Across:
    costs, plans = f"{OWN}costs", f"{OWN}plans"

    def formula(refs: Refs) -> str:
        fund, booked, amount = (refs.columns[costs, name] for name in ("fund", "account", "amount"))
        own = f'SUMPRODUCT(({flat(fund)}="{GRANTED}")*({flat(booked)}="{account}"),{amount})'
        return (
            f"AND(ISNUMBER({refs.row[field]}),COUNT({amount})={refs.filled(costs)},{own}<>{refs.row[field]})"
        )

    def broken(seen: Seen, index: int) -> bool:
        wanted, rows = number(seen.head(plans, field)), seen.rows(costs)
        if wanted is None or not all(isinstance(row.get("amount"), int | float) for row in rows):
            return False
        own = sum(row["amount"] for row in rows if _booked(row) == (GRANTED, account))
        return own != wanted

    said = f"經費需求之補助{account}與核定數不同"
    return Across(plans, field, catalogue.P3_BUDGET, said, formula, broken)


def _booked(row: Mapping[str, object]) -> tuple[str, str]:
    return flat_text(row.get("fund")), flat_text(row.get("account"))
