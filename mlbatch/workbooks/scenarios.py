"""情境比較: what each school and county gains or loses under other settings, and where each school turns.

Numbers of classes are what each scenario's rules decided; sums, differences and turning points are live
formulas. Rates stand in a column of 參數 for each scenario.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import ne
from typing import NamedTuple, Protocol

import pandas as pd

from mlbatch import rubbish
from mlbatch.breakeven import Point
from mlbatch.columns import HEADER, Column, begin, body, listing
from mlbatch.ledger import school_grant, unclosed
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page, column_letter
from mlbatch.tables import APPROVED, PARTLY, WAITING, Tables, records
from mlbatch.workbooks.parameters import parameters

SUMMARY, SCHOOLS, COUNTIES, FLIPS, POINTS, RATES = "摘要", "學校", "縣市", "變動", "損益點", "情境參數"
NATIONAL = "國立"
AREAS = {"一般": "rates.fee", "偏遠、花東及屏東": "rates.fee_few_resources", "離島": "rates.fee_island"}
PER_CLASS = "每班經費"
FIRST_OF_SCHOOL, FIRST_OF_COUNTY = 6, 1  # the first column of the first scenario
GAINED, LOST, MORE, FEWER = "新增", "落選", "增班", "減班"
CHANGE_STYLE = {GAINED: "good", MORE: "good", LOST: "bad", FEWER: "warn"}
GRANT = ("county_grant.base", "county_grant.per_school", "county_grant.max", "county_grant.reduction_percent")
BOUNDS = ("bounds.more_class_min", "bounds.more_class_max")
WORKSHOPS = "$D$3"  # the cell of the workshops' sum on 損益點
OUTCOME_STYLE = {APPROVED: "good", PARTLY: "warn"}


class Scenario(Protocol):
    """What this workbook needs of a scenario (see `mlbatch.scenario`)."""

    name: str
    plan: Plan
    tables: Tables
    changes: Mapping[str, tuple[str, str]]


@rubbish.seldom_sought()
def comparison(scenarios: Sequence[Scenario], points: Sequence[Point]) -> bytes:
    """The workbook: the first of `scenarios` is the present, whose turning points are `points`."""
    book = Book("情境比較")
    pages = [book.page(title) for title in (SUMMARY, SCHOOLS, COUNTIES, FLIPS, POINTS)]
    under = f"{scenarios[0].plan.title}　比較批次建議，不含裁示；單位：新臺幣元"
    rates = _rates(book.page(RATES), scenarios)
    schools = _ranked(scenarios)
    end = _schools(pages[1], scenarios, schools, rates, under)
    _counties(pages[2], scenarios, schools, end, under)
    _summary(pages[0], scenarios, schools, end, under)
    _flips(pages[3], scenarios, schools, under)
    names = parameters(book, scenarios[0].plan, ("budget.total", *GRANT, *BOUNDS))
    _points(
        pages[4],
        scenarios[0],
        points,
        _Cells(names, rates, unclosed(scenarios[0].tables, scenarios[0].plan)),
        under,
    )
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


class _Schools(NamedTuple):
    """Every school that is ranked in some scenario, by its present rank; its classes and grants in each scenario.

    `rows` are the present's; `classes[n]` and `grants[n]` stand beside them.
    """

    rows: list[dict]
    classes: list[list[int]]
    grants: list[list[int]]

    def column(self, name: str) -> list:
        """One column of the rows."""
        return [row[name] for row in self.rows]


def _ranked(scenarios: Sequence[Scenario]) -> _Schools:
    columns = [_outcomes(scenario.tables["schools"]) for scenario in scenarios]
    keys = columns[0].keys
    columns = [own if own.keys == keys else own.of(keys) for own in columns]
    in_some = list(map(any, zip(*(own.ranks for own in columns), strict=True)))
    rows = [
        {
            **row, "number": number, "place": "離島" if row["island"] else "偏遠、花東及屏東" if row["few_resources"] else "一般",
            "owner_county": NATIONAL if row["national"] else row["county"],
        }
        for number, row in enumerate(records(scenarios[0].tables["schools"]))
        if in_some[number]
    ]  # fmt: skip
    rows.sort(key=lambda row: (_whole(row["rank"]) or len(rows) + 1, row["code"], row["level"]))
    order = [row["number"] for row in rows]
    classes = [list(map(own.classes.__getitem__, order)) for own in columns]
    grants = [list(map(own.grants.__getitem__, order)) for own in columns]
    return _Schools(rows, classes, grants)


class _Outcomes(NamedTuple):
    """What a scenario makes of each school of its table: rank (0 without one), classes and grant."""

    keys: list[tuple[str, str]]
    ranks: list[int]
    classes: list[int]
    grants: list[int]

    def of(self, keys: Sequence[tuple[str, str]]) -> _Outcomes:
        """The same for schools in another order."""
        place = {key: number for number, key in enumerate(self.keys)}
        order = [place[key] for key in keys]
        return _Outcomes(list(keys), *(list(map(column.__getitem__, order)) for column in self[1:]))


def _outcomes(schools: pd.DataFrame) -> _Outcomes:
    keys = list(zip(schools["code"].tolist(), schools["level"].tolist(), strict=True))
    names = ("rank", "proposed", "fee", "per_class")
    ranks, classes, fees, per_class = (schools[name].fillna(0).tolist() for name in names)
    return _Outcomes(keys, ranks, classes, list(map(school_grant, fees, per_class, classes)))


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _change(before: int, now: int) -> str:
    if before == now:
        return ""
    if not before or not now:
        return GAINED if now else LOST
    return MORE if now > before else FEWER


def _schools(
    page: Page,
    scenarios: Sequence[Scenario],
    schools: _Schools,
    rates: Mapping[tuple[int, str], str],
    under: str,
) -> int:
    """One row a school; for each scenario its classes, its grant, and the change. Returns the last row.

    A row has three cells for each scenario, all numbers in their own formats: they are written by column.
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
    known = list(columns)
    for scenario in scenarios:
        columns += [
            Column(f"{scenario.name}\n班級數", "", "total", "柒.三", width=9),
            Column(f"{scenario.name}\n補助", "", "money", "柒.三(一)", width=11),
            Column(f"{scenario.name}\n增減", "", "money", "柒.三", width=11),
        ]
    top = HEADER + 1
    listing(page, columns, [], freeze=4)
    body(page, top, known, schools.rows, [column.width for column in known])
    for number in range(len(scenarios)):
        _of_scenario(page, number, schools, rates)
    last = max(top, HEADER + len(schools.rows))
    page.table(HEADER, last, len(columns) - 1, 4)
    page.wide(max(1, len(scenarios) // 2), 4)
    return last + 1


def _of_scenario(page: Page, number: int, schools: _Schools, rates: Mapping[tuple[int, str], str]) -> None:
    """The three columns of one scenario; formulas are joined by the number of their row."""
    place = FIRST_OF_SCHOOL + 3 * number
    classes, grant, present = (column_letter(one) for one in (place, place + 1, FIRST_OF_SCHOOL + 1))
    general, few, island = (rates[number, area] for area in AREAS)
    granted = (
        f"=IF({classes}", '>0,IF(F', f'="離島",{island},IF(F', f'="一般",{general},{few}))+{classes}',
        f"*{rates[number, PER_CLASS]},0)",
    )  # fmt: skip
    more = f"={grant}", f"-{present}", ""
    total, money = page.book.format("total"), page.book.format("money")
    figure, formula = page.figure, page.worksheet.write_formula
    rows = zip(schools.classes[number], schools.grants[number], schools.grants[0], strict=True)
    for at, (own_classes, own, before) in enumerate(rows, HEADER + 1):
        row = str(at + 1)
        figure(at, place, float(own_classes), total)
        formula(at, place + 1, row.join(granted), money, float(own))
        formula(at, place + 2, row.join(more), money, float(own - before))


# Counties -----------------------------------------------------------------------------------------


def _counties(page: Page, scenarios: Sequence[Scenario], schools: _Schools, end: int, under: str) -> None:
    """One row a county, and one for the national schools."""
    plan = scenarios[0].plan
    owners = schools.column("owner_county")
    names = [*sorted({*owners} - {NATIONAL}, key=plan.county_order), NATIONAL]
    rows = {name: {"county": name, "schools": [], "classes": [], "grants": []} for name in names}
    for classes, grants in zip(schools.classes, schools.grants, strict=True):
        sums = {name: [0, 0, 0] for name in names}
        for owner, number, grant in zip(owners, classes, grants, strict=True):
            own = sums[owner]
            own[0] += number > 0
            own[1] += number
            own[2] += grant
        for name, row in rows.items():
            for what, value in zip(("schools", "classes", "grants"), sums[name], strict=True):
                row[what].append(value)
    begin(page, "縣市", f"{under}　每情境四欄：校數、班級數、學校補助、較現行增減")
    columns = [Column("縣市", "county", "center", width=10)]
    for number, scenario in enumerate(scenarios):
        columns += _of_county(number, scenario.name, end)
    listing(page, columns, list(rows.values()), freeze=1)
    page.wide(max(1, len(scenarios) // 2), 1)


def _of_county(number: int, name: str, end: int) -> list[Column]:
    classes, grants = (_area(FIRST_OF_SCHOOL + 3 * number + n, end) for n in (0, 1))
    counties = _area(1, end)
    own, present = (column_letter(FIRST_OF_COUNTY + 4 * n + 2) for n in (number, 0))
    return [
        Column(f"{name}\n校數", lambda row: row["schools"][number], "whole", "肆.五",
               lambda row: f'=COUNTIFS({counties},A{row},{classes},">0")', width=8),
        Column(f"{name}\n班級數", lambda row: row["classes"][number], "whole", "肆.六",
               lambda row: f"=SUMIFS({classes},{counties},A{row})", width=9),
        Column(f"{name}\n學校補助", lambda row: row["grants"][number], "money", "柒.三(一)",
               lambda row: f"=SUMIFS({grants},{counties},A{row})", width=13),
        Column(f"{name}\n增減", lambda row: row["grants"][number] - row["grants"][0], "money", "柒.三",
               lambda row: f"={own}{row}-{present}{row}", width=12),
    ]  # fmt: skip


def _area(column: int, end: int) -> str:
    letter = column_letter(column)
    return f"{SCHOOLS}!${letter}${HEADER + 2}:${letter}${end}"


# Summary and flips --------------------------------------------------------------------------------


def _summary(page: Page, scenarios: Sequence[Scenario], schools: _Schools, end: int, under: str) -> None:
    """One row a scenario: what is paid, what is left, and what changes against the first row."""
    rows = [_summed(number, scenario, schools) for number, scenario in enumerate(scenarios)]
    rows = [{**row, "more_granted": row["granted"] - rows[0]["granted"]} for row in rows]
    first = HEADER + 2
    flips = HEADER + 1 + sum(_flips_in(number, schools) for number in range(len(scenarios)))
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


def _flips_in(number: int, schools: _Schools) -> int:
    return sum(map(ne, schools.classes[0], schools.classes[number]))


def _flipped(change: str, last: int) -> Callable[[int], str]:
    """How many rows of 變動 a scenario has with this change; `last` is the last row there."""
    own, kind = (f"{FLIPS}!${letter}${HEADER + 1}:${letter}${max(last, HEADER + 2)}" for letter in "AB")
    return lambda row: f'=COUNTIFS({own},A{row},{kind},"{change}")'


def _against(letter: str, first: int) -> Callable[[int], str]:
    return lambda row: f"={letter}{row}-{letter}${first}"


def _summed(number: int, scenario: Scenario, schools: _Schools) -> dict:
    present = _sums(0, schools)
    own = _sums(number, schools)
    others = _others(scenario.tables)
    changes = list(map(_change, schools.classes[0], schools.classes[number]))
    return {
        "name": scenario.name, "budget": scenario.plan.budget.total, **own, "others": others,
        "granted": own["grants"] + others, "left": scenario.plan.budget.total - own["grants"] - others,
        "gained": changes.count(GAINED), "lost": changes.count(LOST), "changed": _changed(scenario),
        "more_schools": own["schools"] - present["schools"], "more_classes": own["classes"] - present["classes"],
    }  # fmt: skip


def _sums(number: int, schools: _Schools) -> dict[str, int]:
    classes = schools.classes[number]
    return {
        "schools": sum(one > 0 for one in classes),
        "classes": sum(classes),
        "grants": sum(schools.grants[number]),
    }


def _others(tables: Tables) -> int:
    totals = tables["totals"].iloc[0]
    return int(totals["coaches"] + totals["counties"] - totals["reductions"] + totals["workshops"])


def _flips(page: Page, scenarios: Sequence[Scenario], schools: _Schools, under: str) -> None:
    """One row a scenario and school whose classes change."""
    rows = [
        {**row, "scenario": scenario.name, "before": before, "now": now, "change": _change(before, now)}
        for number, scenario in enumerate(scenarios)
        if schools.classes[number] != schools.classes[0]
        for row, before, now in zip(schools.rows, schools.classes[0], schools.classes[number], strict=True)
        if before != now
    ]
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
    rows = [{**row, "more": row["now"] - row["before"]} for row in rows]
    begin(page, "變動", f"{under}　班級數與現行不同者，共 {len(rows)} 列")
    listing(page, columns, rows, freeze=2)


# Turning points -----------------------------------------------------------------------------------


class _Cells(NamedTuple):
    """Where the turning points' formulas find what they need; `reduced` are the counties that closed late."""

    names: Mapping[str, str]
    rates: Mapping[tuple[int, str], str]
    reduced: frozenset[str]


def _points(page: Page, present: Scenario, points: Sequence[Point], cells: _Cells, under: str) -> None:
    """One row a school in the order of allotment: the budget and the amount a class at which it turns."""
    known = {(row["code"], row["level"]): row for row in records(present.tables["schools"])}
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
    page.number(2, 3, int(present.tables["totals"]["workshops"].iloc[0]), "money")
    listing(page, _point_columns(cells), rows, freeze=5)
    page.wide(2, 5)


def _point(place: int, one: Point, school: Mapping, reduced: frozenset[str], plan: Plan) -> dict:
    claim, budget = one.claim, plan.budget.total
    dear = one.per_class(1, budget)
    needs = one.budget(1), one.budget(claim.allowed)
    return {
        **school, "place": place, "owner_county": claim.county or NATIONAL, "allowed": claim.allowed,
        "area": "離島" if school["island"] else "偏遠、花東及屏東" if school["few_resources"] else "一般",
        "fee": claim.fee, "coach": claim.coach, "county_more": one.county, "fixed": one.fixed, "before": one.classes,
        "reduced": "是" if claim.county in reduced else "", "enters": needs[0], "whole": needs[1],
        "dearest": dear, "dearest_whole": one.per_class(claim.allowed, budget),
        "now": APPROVED if budget >= needs[1] else PARTLY if budget >= needs[0] else WAITING,
        "outside": "" if plan.bounds.more_class_min <= dear <= plan.bounds.more_class_max else "逾計畫區間",
    }  # fmt: skip


def _point_columns(cells: _Cells) -> list[Column]:
    names = cells.names
    budget, each = names["budget.total"], cells.rates[0, PER_CLASS]
    general, few, island = (cells.rates[0, area] for area in AREAS)
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
               lambda r: f'=IF(G{r}="離島",{island},IF(G{r}="一般",{general},{few}))', width=10),
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
