"""情境比較: what each school and county gains or loses under other settings, and where each school turns.

Numbers of classes are what each scenario's rules decided; sums, differences and turning points are live
formulas. Rates stand in a row of 情境參數 for each scenario. `compared` has the numbers, `turning_points` 損益點.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from mlbatch import figures, rubbish
from mlbatch.breakeven import Point
from mlbatch.columns import HEADER, Column, begin, listing
from mlbatch.ledger import unclosed
from mlbatch.repeated import ROW, Repeated
from mlbatch.sheet import Book, Page, column_letter
from mlbatch.workbooks import turning_points
from mlbatch.workbooks.compared import (
    FEW,
    FEWER,
    GAINED,
    GENERAL,
    ISLAND,
    LOST,
    MORE,
    NATIONAL,
    Compared,
    Scenario,
    change,
    compared,
)  # fmt: skip
from mlbatch.workbooks.parameters import parameters

SUMMARY, SCHOOLS, COUNTIES, FLIPS, POINTS, RATES = "摘要", "學校", "縣市", "變動", "損益點", "情境參數"
AREAS = {GENERAL: "rates.fee", FEW: "rates.fee_few_resources", ISLAND: "rates.fee_island"}
PER_CLASS = "每班經費"
FIRST_OF_SCHOOL, FIRST_OF_COUNTY = 6, 1  # the first column of the first scenario
CHANGE_STYLE = {GAINED: "good", MORE: "good", LOST: "bad", FEWER: "warn"}


@rubbish.seldom_sought()
def comparison(scenarios: Sequence[Scenario], points: Sequence[Point]) -> bytes:
    """The workbook: the first of `scenarios` is the present, whose turning points are `points`."""
    book = Book("情境比較")
    pages = [book.page(title) for title in (SUMMARY, SCHOOLS, COUNTIES, FLIPS, POINTS)]
    under = f"{scenarios[0].plan.title}　比較批次建議，不含裁示；單位：新臺幣元"
    rates = _rates(book.page(RATES), scenarios)
    schools = compared(scenarios)
    end = _schools(pages[1], scenarios, schools, rates, under)
    _counties(pages[2], scenarios, schools, end, under)
    _summary(pages[0], scenarios, schools, end, under)
    _flips(pages[3], scenarios, schools, under)
    present = scenarios[0]
    names = parameters(book, present.plan, ("budget.total", *turning_points.SETTINGS))
    cells = turning_points.Cells(
        names, {label: rates[0, label] for label in AREAS}, rates[0, PER_CLASS], unclosed(present.decided, present.plan)
    )  # fmt: skip
    turning_points.write(pages[4], present, points, cells, under)
    return book.save()


# Rates of each scenario ----------------------------------------------------------------------------


def _rates(page: Page, scenarios: Sequence[Scenario]) -> dict[tuple[int, str], str]:
    """Write the rates that each scenario pays; returns (number of the scenario, label) → its cell."""
    begin(page, RATES, "各情境之補助基準與所變更之設定；學校之補助以此計算（柒.三）")
    labels = [*AREAS, PER_CLASS]
    page.header(HEADER, ["情境", *(f"差旅輔導費\n（{area}）" for area in AREAS), PER_CLASS, "變更之設定"])
    cells = {}
    for number, scenario in enumerate(scenarios):
        row = HEADER + 1 + number
        page.text(row, 0, scenario.name, "label")
        for column, (label, amount) in enumerate(zip(labels, _amounts(scenario), strict=True), 1):
            page.number(row, column, amount, "money")
            cells[number, label] = f"{RATES}!${column_letter(column)}${row + 1}"
        page.text(row, len(labels) + 1, _changed(scenario))
    page.widths([18, 16, 18, 16, 14, 60])
    page.table(HEADER, HEADER + len(scenarios), len(labels) + 1, 1)
    return cells


def _amounts(scenario: Scenario) -> list[int]:
    """The fees and the amount a class; at the plan's lower bounds where the budget was cut (柒.三※)."""
    plan = scenario.plan
    if plan.rates.cut:
        lowest = plan.bounds.one_class_min - plan.bounds.more_class_min
        return [lowest] * len(AREAS) + [plan.bounds.more_class_min]
    return [*(plan.value(name) for name in AREAS.values()), plan.rates.per_class]


def _changed(scenario: Scenario) -> str:
    said = (f"{label}：{before} → {now}" for label, (before, now) in scenario.changes.items())
    return "；".join(said) or "（現行設定）"


# Schools ------------------------------------------------------------------------------------------


def _schools(
    page: Page,
    scenarios: Sequence[Scenario],
    schools: Compared,
    rates: Mapping[tuple[int, str], str],
    under: str,
) -> int:
    """One row a school; for each scenario its classes, its grant, and the change. Returns the last row.

    A row has three cells for each scenario, which repeat from row to row.
    """
    begin(page, "學校", f"{under}　每情境三欄：班級數、補助、較現行增減")
    columns = [
        Column("名次", "rank", "whole", "肆.五", width=6),
        Column("縣市", "owner_county", "center", width=8),
        Column("學校代碼", "code", "code", width=9),
        Column("學校名稱", "name", width=20),
        Column("學制", "level", "center", width=6),
        Column("地區", "place", "center", "肆.五(三)", width=16),
    ]
    beside = []
    for number, scenario in enumerate(scenarios):
        columns += [
            Column(f"{scenario.name}\n班級數", "", "total", "柒.三", width=9),
            Column(f"{scenario.name}\n補助", "", "money", "柒.三(一)", width=11),
            Column(f"{scenario.name}\n增減", "", "money", "柒.三", width=11),
        ]
        beside += _of_scenario(page, number, schools, rates)
    last = listing(page, columns, schools.rows, 4, beside)
    page.wide(max(1, len(scenarios) // 2), 4)
    return last + 1


def _of_scenario(
    page: Page, number: int, schools: Compared, rates: Mapping[tuple[int, str], str]
) -> list[Repeated]:
    """The three columns of one scenario."""
    place = FIRST_OF_SCHOOL + 3 * number
    classes, grant, present = (column_letter(one) + ROW for one in (place, place + 1, FIRST_OF_SCHOOL + 1))
    general, few, island = (rates[number, area] for area in AREAS)
    fee = f'IF(F{ROW}="{ISLAND}",{island},IF(F{ROW}="{GENERAL}",{general},{few}))'
    granted = f"=IF({classes}>0,{fee}+{classes}*{rates[number, PER_CLASS]},0)"
    total, money = page.book.format("total"), page.book.format("money")
    own = schools.grants[number]
    return [
        Repeated(schools.classes[number].tolist(), total),
        Repeated(own.tolist(), money, granted),
        Repeated((own - schools.grants[0]).tolist(), money, f"={grant}-{present}"),
    ]


# Counties -----------------------------------------------------------------------------------------


def _counties(page: Page, scenarios: Sequence[Scenario], schools: Compared, end: int, under: str) -> None:
    """One row a county, and one for the national schools."""
    owners = {row["owner_county"] for row in schools.rows}
    names = [*sorted(owners - {NATIONAL}, key=scenarios[0].plan.county_order), NATIONAL]
    sums = schools.by_owner(names)
    begin(page, "縣市", f"{under}　每情境四欄：校數、班級數、學校補助、較現行增減")
    columns, beside = [Column("縣市", "county", "center", width=10)], []
    for number, scenario in enumerate(scenarios):
        columns += [
            Column(f"{scenario.name}\n校數", "", "whole", "肆.五", width=8),
            Column(f"{scenario.name}\n班級數", "", "whole", "肆.六", width=9),
            Column(f"{scenario.name}\n學校補助", "", "money", "柒.三(一)", width=13),
            Column(f"{scenario.name}\n增減", "", "money", "柒.三", width=12),
        ]
        beside += _of_county(page, number, sums, end)
    listing(page, columns, [{"county": name} for name in names], 1, beside)
    page.wide(max(1, len(scenarios) // 2), 1)


def _of_county(page: Page, number: int, sums: Mapping[str, np.ndarray], end: int) -> list[Repeated]:
    """The four columns of one scenario."""
    classes, grants = (_area(FIRST_OF_SCHOOL + 3 * number + n, end) for n in (0, 1))
    counties = _area(1, end)
    own, present = (column_letter(FIRST_OF_COUNTY + 4 * n + 2) + ROW for n in (number, 0))
    whole, money = page.book.format("whole"), page.book.format("money")
    granted = sums["grants"][number]
    return [
        Repeated(sums["schools"][number].tolist(), whole, f'=COUNTIFS({counties},A{ROW},{classes},">0")'),
        Repeated(sums["classes"][number].tolist(), whole, f"=SUMIFS({classes},{counties},A{ROW})"),
        Repeated(granted.tolist(), money, f"=SUMIFS({grants},{counties},A{ROW})"),
        Repeated((granted - sums["grants"][0]).tolist(), money, f"={own}-{present}"),
    ]


def _area(column: int, end: int) -> str:
    letter = column_letter(column)
    return f"{SCHOOLS}!${letter}${HEADER + 2}:${letter}${end}"


# Summary and flips --------------------------------------------------------------------------------


def _summary(page: Page, scenarios: Sequence[Scenario], schools: Compared, end: int, under: str) -> None:
    """One row a scenario: what is paid, what is left, and what changes against the first row."""
    rows = [_summed(number, scenario, schools) for number, scenario in enumerate(scenarios)]
    rows = [{**row, "more_granted": row["granted"] - rows[0]["granted"]} for row in rows]
    first = HEADER + 2
    flips = HEADER + 1 + sum(len(schools.changed(number)) for number in range(len(scenarios)))
    columns = [
        Column("情境", "name", "label", width=18),
        Column("年度預算", "budget", "money", "柒.三", width=14),
        Column("核定\n校數", "schools", "whole", "肆.五", _over(0, end, 'COUNTIF({area},">0")'), width=8),
        Column("核定\n班級數", "classes", "whole", "肆.六", _over(0, end, "SUM({area})"), width=8),
        Column("學校補助", "grants", "money", "柒.三(一)", _over(1, end, "SUM({area})"), width=14),
        Column("教練、縣市、\n工作坊，減扣減", "others", "money", "柒", width=15),
        Column("補助總計", "granted", "money", "柒.三", lambda row: f"=E{row}+F{row}", width=14),
        Column("預算餘額", "left", "money", "柒.三", lambda row: f"=B{row}-G{row}", width=13),
        *(
            Column(f"較現行\n{label}", f"more_{name}", style, "柒.三※", _against(letter, first), width=12)
            for label, name, style, letter in (
                ("校數", "schools", "whole", "C"), ("班級數", "classes", "whole", "D"), ("總計", "granted", "money", "G"),
            )
        ),
        Column("新增校數", "gained", "whole", "柒.三※", _flipped(GAINED, flips), width=8),
        Column("落選校數", "lost", "whole", "柒.三※", _flipped(LOST, flips), width=8),
        Column("變更之設定", "changed", width=50),
    ]  # fmt: skip
    begin(page, "情境比較", under)
    listing(page, columns, rows, freeze=1)


def _over(offset: int, end: int, formula: str) -> Callable[[int], str]:
    """The formula of a scenario's row over its own column of 學校."""

    def of(row: int) -> str:
        return "=" + formula.format(area=_area(FIRST_OF_SCHOOL + 3 * (row - HEADER - 2) + offset, end))

    return of


def _flipped(change: str, last: int) -> Callable[[int], str]:
    """How many rows of 變動 a scenario has with this change; `last` is the last row there."""
    own, kind = (f"{FLIPS}!${letter}${HEADER + 1}:${letter}${max(last, HEADER + 2)}" for letter in "AB")
    return lambda row: f'=COUNTIFS({own},A{row},{kind},"{change}")'


def _against(letter: str, first: int) -> Callable[[int], str]:
    return lambda row: f"={letter}{row}-{letter}${first}"


def _summed(number: int, scenario: Scenario, schools: Compared) -> dict:
    present, own, budget = schools.sums(0), schools.sums(number), scenario.plan.budget.total
    totals = figures.totals(scenario.decided)
    others = totals["coaches"] + totals["counties"] - totals["reductions"] + totals["workshops"]
    return {
        "name": scenario.name, "budget": budget, **own, "others": others,
        "granted": own["grants"] + others, "left": budget - own["grants"] - others,
        "gained": schools.gained(number), "lost": schools.lost(number), "changed": _changed(scenario),
        "more_schools": own["schools"] - present["schools"], "more_classes": own["classes"] - present["classes"],
    }  # fmt: skip


def _flips(page: Page, scenarios: Sequence[Scenario], schools: Compared, under: str) -> None:
    """One row a scenario and school whose classes change."""
    rows = [_flip(place, number, scenario, schools) for number, scenario in enumerate(scenarios)
            for place in schools.changed(number).tolist()]  # fmt: skip
    columns = (
        Column("情境", "scenario", "label", width=18),
        Column("變動", "change", lambda row: CHANGE_STYLE[row["change"]], "柒.三※", width=8),
        Column("現行\n名次", "rank", "whole", "肆.五", width=7),
        Column("縣市", "owner_county", "center", width=9),
        Column("學校代碼", "code", "code", width=10),
        Column("學校名稱", "name", width=24),
        Column("學制", "level", "center", width=7),
        Column("現行\n班級數", "before", "whole", "柒.三", width=8),
        Column("情境\n班級數", "now", "whole", "柒.三", width=8),
        Column("增減班", "more", "whole", "柒.三※", lambda row: f"=I{row}-H{row}", width=8),
    )
    begin(page, "變動", f"{under}　班級數與現行不同者，共 {len(rows)} 列")
    listing(page, columns, rows, freeze=2)


def _flip(place: int, number: int, scenario: Scenario, schools: Compared) -> dict:
    before, now = (int(schools.classes[of, place]) for of in (0, number))
    return {**schools.rows[place], "scenario": scenario.name, "before": before, "now": now,
            "change": change(before, now), "more": now - before}  # fmt: skip
