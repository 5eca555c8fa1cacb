"""The sheet 損益點: at which budget, and at which amount a class, each school turns (柒.三※; see `mlbatch.breakeven`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mlbatch import figures
from mlbatch.breakeven import Point
from mlbatch.columns import HEADER, Column, begin, listing
from mlbatch.plan import Plan
from mlbatch.sheet import Page
from mlbatch.tables import APPROVED, PARTLY, WAITING, records
from mlbatch.workbooks.compared import FEW, GENERAL, ISLAND, NATIONAL, SHOWN, Scenario, area

GRANT = ("county_grant.base", "county_grant.per_school", "county_grant.max", "county_grant.reduction_percent")
BOUNDS = ("bounds.more_class_min", "bounds.more_class_max")
SETTINGS = (*GRANT, *BOUNDS)  # whose cells its formulas name, besides the budget
WORKSHOPS = "$D$3"  # the cell of the workshops' sum
OUTCOME_STYLE = {APPROVED: "good", PARTLY: "warn"}


class Cells(NamedTuple):
    """Where the turning points' formulas find what they need; `reduced` are the counties that closed late.

    `names` are the cells of settings, `fees` those of the present fees by area, `per_class` is the cell of the amount.
    """

    names: Mapping[str, str]
    fees: Mapping[str, str]
    per_class: str
    reduced: frozenset[str]


def write(page: Page, present: Scenario, points: Sequence[Point], cells: Cells, under: str) -> None:
    """One row a school in the order of allotment: the budget and the amount a class at which it turns."""
    known = {(row["code"], row["level"]): row for row in records(present.decided["schools"][SHOWN])}
    seen: Counter[str] = Counter()
    rows = []
    for place, one in enumerate(points, 1):
        seen[one.claim.county] += 1
        row = _point(place, one, known[one.key], cells.reduced, present.plan)
        rows.append({**row, "nth": seen[one.claim.county]})
    begin(
        page,
        "損益點",
        f"{under}；依現行核定順序，他項設定不變。保留資源不足地區比率者，每班經費改變時順序可能不同。",
    )
    page.span(2, 0, 2, "label")
    page.text(2, 0, "工作坊補助合計", "label")
    page.number(2, 3, figures.totals(present.decided)["workshops"], "money")
    listing(page, _point_columns(cells), rows, freeze=5)
    page.wide(2, 5)


def _point(place: int, one: Point, school: Mapping, reduced: frozenset[str], plan: Plan) -> dict:
    claim, budget = one.claim, plan.budget.total
    dear = one.per_class(1, budget)
    needs = one.budget(1), one.budget(claim.allowed)
    return {
        **school, "place": place, "owner_county": claim.county or NATIONAL, "allowed": claim.allowed,
        "area": area(school),
        "fee": claim.fee, "coach": claim.coach, "county_more": one.county, "fixed": one.fixed, "before": one.classes,
        "reduced": "是" if claim.county in reduced else "", "enters": needs[0], "whole": needs[1],
        "dearest": dear, "dearest_whole": one.per_class(claim.allowed, budget),
        "now": APPROVED if budget >= needs[1] else PARTLY if budget >= needs[0] else WAITING,
        "outside": "" if plan.bounds.more_class_min <= dear <= plan.bounds.more_class_max else "逾計畫區間",
    }  # fmt: skip


def _point_columns(cells: Cells) -> list[Column]:
    names = cells.names
    budget, each = names["budget.total"], cells.per_class
    general, few, island = (cells.fees[name] for name in (GENERAL, FEW, ISLAND))
    low, high = (names[name] for name in BOUNDS)
    top = HEADER + 2

    def before(row: int, letter: str, first: str) -> str:
        return first if row == top else f"{letter}{row - 1}"

    return [
        Column("核定\n順序", "place", "whole", "肆.五", width=6),
        Column("縣市", "owner_county", "center", width=8),
        Column("學校代碼", "code", "code", width=9),
        Column("學校名稱", "name", width=20),
        Column("學制", "level", "center", width=6),
        Column("核計\n班級數", "allowed", "whole", "肆.六", width=8),
        Column("地區", "area", "center", "肆.五(三)", width=18),
        Column("差旅\n輔導費", "fee", "money", "柒.三(一)",
               lambda r: f'=IF(G{r}="{ISLAND}",{island},IF(G{r}="{GENERAL}",{general},{few}))', width=10),
        Column("教練補助", "coach", "money", "附件3.三", width=10),
        Column("逾期\n結案", "reduced", "center", "肆.五", width=6),
        Column("縣市內\n序", "nth", "whole", "柒.二", lambda r: f"=COUNTIF(B${top}:B{r},B{r})", width=7),
        Column("縣市補助\n增額", "county_more", "money", "柒.二", _county_more(names), width=11),
        Column("至本校之\n固定額", "fixed", "money", "柒.三",
               lambda r: f"={before(r, 'M', WORKSHOPS)}+H{r}+I{r}+L{r}", width=13),
        Column("前列\n班級數", "before", "whole", "柒.三",
               lambda r: "=0" if r == top else f"=N{r - 1}+F{r - 1}", width=9),
        Column("核定1班\n所需預算", "enters", "money", "柒.三", lambda r: f"=M{r}+{each}*(N{r}+1)", width=14),
        Column("全數核定\n所需預算", "whole", "money", "柒.三", lambda r: f"=M{r}+{each}*(N{r}+F{r})", width=14),
        Column("核定1班之\n每班經費上限", "dearest", "money", "柒.三(一)",
               lambda r: f"=INT(({budget}-M{r})/(N{r}+1))", width=13),
        Column("全數核定之\n每班經費上限", "dearest_whole", "money", "柒.三(一)",
               lambda r: f"=INT(({budget}-M{r})/(N{r}+F{r}))", width=13),
        Column("現行結果", "now", lambda row: OUTCOME_STYLE.get(row["now"], "info"), "柒.三",
               lambda r: f'=IF({budget}>=P{r},"{APPROVED}",IF({budget}>=O{r},"{PARTLY}","{WAITING}"))', width=10),
        Column("每班經費\n是否可行", "outside", "center", "柒.三(二)",
               lambda r: f'=IF(AND(Q{r}>={low},Q{r}<={high}),"","逾計畫區間")', width=12),
    ]  # fmt: skip


def _county_more(names: Mapping[str, str]) -> Callable[[int], str]:
    """By how much this school makes its county's net grant grow."""
    base, more, most, percent = (names[name] for name in GRANT)

    def net(row: int, schools: str) -> str:
        grant = f"MIN({most},{base}+{more}*{schools})"
        return f'({grant}-IF(J{row}="是",ROUNDDOWN({grant}*{percent}/100,0),0))'

    def of(row: int) -> str:
        former = net(row, f"(K{row}-1)")
        return f'=IF(B{row}="{NATIONAL}",0,{net(row, f"K{row}")}-IF(K{row}=1,0,{former}))'

    return of
