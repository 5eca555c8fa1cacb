"""核定與經費表: the money, every figure of it a live formula, and 未獲補助 (柒).

Rates stand in named cells on 參數, the clause above each column, the running total against the
budget, and a line where the money ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from mlbatch.again import kept
from mlbatch.columns import HEADER, Column, begin, listing, totals, waivers
from mlbatch.ledger import coach_grants
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page
from mlbatch.tables import QUALIFIED, WAITING, Tables, records
from mlbatch.workbooks import changes
from mlbatch.workbooks.parameters import parameters
from mlbatch.workbooks.review import outcome_style

# All that these workbooks are made of.
TABLES = ("schools", "counties", "totals", "workshops", "coaches", "county_record", "decisions")
RATES = ("rates.fee", "rates.fee_few_resources", "rates.fee_island", "rates.per_class")
COUNTY = (
    "county_grant.base",
    "county_grant.per_school",
    "county_grant.max",
    "county_grant.reduction_percent",
)
OTHERS = ("bounds.coach", "account.capital_percent", "account.capital_unit", "budget.total")
SCHOOLS, COUNTIES = "學校", "縣市"
NATIONAL = "國立"
Names = Mapping[str, str]


@kept
def award_workbook(tables: Tables, plan: Plan, final: bool) -> bytes:
    """The workbook, of the ministry's decision if `final`, else of the batch's proposal."""
    book = Book("核定與經費表")
    state = "本部裁示後" if final else "批次建議，未經裁示"
    pages = [book.page("預算", landscape=False), book.page(SCHOOLS), book.page(COUNTIES)]
    side_by_side = [book.page(name) for name in (changes.TITLE, changes.BY_COUNTY)]
    names = parameters(book, plan, (*RATES, *COUNTY, *OTHERS), lowered(tables, plan))
    rows = _funded(tables, plan)
    last = _schools(pages[1], rows, names, f"{plan.title}　{state}　單位：新臺幣元")
    counties = _county_rows(tables, plan)
    end = _counties(pages[2], counties, names, last, f"{plan.title}　{state}　單位：新臺幣元")
    _budget(pages[0], tables, plan, names, end, state)
    changes.changes(side_by_side[0], rows, plan, SCHOOLS)
    changes.by_county(side_by_side[1], rows, plan)
    return book.save()


def lowered(tables: Tables, plan: Plan) -> dict[str, int]:
    """The rates that were used where the legislature's cut lowered them (柒.三); none are, where there is no school."""
    if not plan.rates.cut or tables["schools"].empty:
        return {}
    used = tables["schools"].iloc[0]
    return {**dict.fromkeys(RATES[:3], int(used["fee"])), RATES[3]: int(used["per_class"])}


def _funded(tables: Tables, plan: Plan) -> list[dict]:
    """Every ranked school by rank, with the name of its area and what the budget has paid so far."""
    schools = tables["schools"]
    ranked = schools[schools["rank"].notna()].sort_values("rank")
    rows, listed = records(ranked), coach_grants(tables, plan)
    paid = 0
    for row in rows:
        row["listed_coach"] = (row["code"], row["level"]) in listed
        row["area"] = area(row)
        row["together"] = row["grant"] + row["coach"]
        paid += row["together"]
        row["paid"] = paid
        row["line"] = ""
    _draw_line(rows)
    return rows


def area(row: Mapping) -> str:
    """The name of a school's area, by which its fee goes."""
    if row["island"]:
        return "離島"
    return "偏遠、花東及屏東" if row["few_resources"] else "一般"


def _draw_line(rows: list[dict]) -> None:
    """Mark the last school that the money reached."""
    reached = [row for row in rows if row["approved"] > 0]
    if reached and len(reached) < len(rows):
        reached[-1]["line"] = "▲核定線"


def _schools(page: Page, rows: list[dict], names: Names, under: str) -> int:
    """The sheet 學校; returns its last row as people count."""
    begin(page, "核定與經費表（學校）", under)
    last = listing(page, [*_school_columns(names, rows), *waivers(rows)], rows, freeze=4)
    for number, row in enumerate(rows, HEADER + 1):
        if row["line"]:
            _line_below(page, number)
    page.wide(2, 4)
    return last + 1


def _line_below(page: Page, row: int) -> None:
    """Draw the line where the money ends: a thick border under the whole row."""
    thick = page.book.workbook.add_format({"bottom": 5, "bottom_color": "#7F1D1D"})
    page.worksheet.conditional_format(row, 0, row, 24, {"type": "no_errors", "format": thick})


def _school_columns(names: Names, rows: Sequence[Mapping]) -> list[Column]:
    def of_coach(row: int) -> str:
        return f"=IF(I{row}>0,{coach},0)" if rows[row - HEADER - 2]["listed_coach"] else "=0"

    fee, few, island, each = (names[name] for name in RATES)
    coach = names["bounds.coach"]
    capital, unit = names["account.capital_percent"], names["account.capital_unit"]
    return [
        Column("名次", "rank", "whole", "肆.五", width=6),
        Column("縣市", lambda r: NATIONAL if r["national"] else r["county"], "center", width=8),
        Column("學校代碼", "code", "code", width=9),
        Column("學校名稱", "name", width=18),
        Column("學制", "level", "center", width=6),
        Column("地區", "area", "center", "肆.五(三)", width=16),
        Column("申請\n班級數", "requested", "whole", "肆.四(四)3", width=8),
        Column("班級數\n上限", "allowed", "whole", "肆.六", width=8),
        Column("核定\n班級數", "approved", "total", "肆.六", width=8),
        _money("差旅\n輔導費", "fee", "柒.三(一)",
               lambda r: f'=IF(F{r}="離島",{island},IF(F{r}="一般",{fee},{few}))'),
        _money("每班經費", "per_class", "柒.三(一)", lambda r: f"={each}"),
        _money("補助經費", "grant", "柒.三(一)", lambda r: f"=IF(I{r}>0,J{r}+I{r}*K{r},0)"),
        _money("教練補助", "coach", "附件3.三", of_coach),
        _money("補助合計", "together", "柒.三", lambda r: f"=L{r}+M{r}"),
        _money("經常門", "current", "肆.四(四)1", lambda r: f"=L{r}-P{r}"),
        _money("資本門", "capital", "肆.四(四)1",
               lambda r: f"=ROUNDDOWN(L{r}*{capital}/(100*{unit}),0)*{unit}"),
        Column("補助\n比率", "percent", "percent", "柒.一", width=7),
        _money("計畫總額", "plan_total", "柒.一", lambda r: f"=IF(N{r}=0,0,ROUNDUP(N{r}*100/Q{r},0))"),
        _money("自籌", "own_share", "柒.一", lambda r: f"=R{r}-N{r}"),
        _money("學校補助\n累計", "paid", "柒.三", lambda r: f"=SUM(N${HEADER + 2}:N{r})"),
        Column("核定結果", "outcome", outcome_style, "肆.五", width=10),
        Column("核定線", "line", lambda r: "warn" if r["line"] else "center", "柒.三", width=9),
        Column("備取\n順序", "waiting", "whole", "肆.五", width=7),
        Column("說明", _reason, width=28),
        Column("依據", "outcome_clause", "center", width=9),
    ]  # fmt: skip


def _money(label: str, name: str, cite: str, formula: Callable[[int], str] | None) -> Column:
    return Column(label, name, "money", cite, formula, width=11)


def _reason(row: Mapping) -> str:
    decided = row["decided"] is True and row["approved"] == row["awarded"]
    return f"裁示：{row['reason']}" if decided else row["outcome_why"]


def _county_rows(tables: Tables, plan: Plan) -> list[dict]:
    """Every county of the table, and the national schools as a line of their own."""
    schools = tables["schools"]
    national = schools[schools["national"] & (schools["approved"].fillna(0) > 0)]
    sums = {name: int(national[name].sum()) for name in ("grant", "coach", "plan_total", "own_share")}
    line = {
        "county": NATIONAL, "approved_schools": len(national), "approved_classes": int(national["approved"].sum()),
        "school_grants": sums["grant"], "coach": sums["coach"], "county_grant": 0, "reduction": 0, "workshop": 0,
        "granted": sums["grant"] + sums["coach"], "percent": 100 - plan.bounds.national_own_percent,
        "plan_total": sums["plan_total"], "own_share": sums["own_share"],
    }  # fmt: skip
    return [*records(tables["counties"]), line]


def _counties(page: Page, rows: list[dict], names: Names, last: int, under: str) -> int:
    """The sheet 縣市; returns its last row as people count."""
    begin(page, "核定與經費表（縣市）", f"{under}；自籌為各校與縣市補助分別計算後之合計")
    columns = _county_columns(names, last)
    return totals(page, columns, rows, listing(page, columns, rows, freeze=1), ("money", "whole"))


def _county_columns(names: Names, last: int) -> list[Column]:
    def of(letter: str) -> str:
        return f"{SCHOOLS}!${letter}${HEADER + 2}:${letter}${last}"

    base, more, most, percent = (names[name] for name in COUNTY)
    return [
        Column("縣市", "county", "center", width=10),
        Column("核定\n校數", "approved_schools", "whole", "肆.五",
               lambda r: f'=COUNTIFS({of("B")},A{r},{of("I")},">0")', width=8),
        Column("核定\n班級數", "approved_classes", "whole", "肆.六", lambda r: f"=SUMIFS({of('I')},{of('B')},A{r})", width=8),
        _money("學校補助", "school_grants", "柒.三(一)", lambda r: f"=SUMIFS({of('L')},{of('B')},A{r})"),
        _money("教練補助", "coach", "附件3.三", lambda r: f"=SUMIFS({of('M')},{of('B')},A{r})"),
        _money("縣市補助", "county_grant", "柒.二",
               lambda r: f'=IF(OR(A{r}="{NATIONAL}",B{r}=0),0,MIN({most},{base}+{more}*B{r}))'),
        Column("扣減", lambda row: "是" if row["reduction"] else "", "center", "肆.五", width=6),
        _money("扣減金額", lambda row: -row["reduction"], "肆.五",
               lambda r: f'=IF(G{r}="是",-ROUNDDOWN(F{r}*{percent}/100,0),0)'),
        _money("工作坊", "workshop", "陸.三", None),
        _money("補助總計", "granted", "柒", lambda r: f"=D{r}+E{r}+F{r}+H{r}+I{r}"),
        Column("補助\n比率", "percent", "percent", "柒.一", width=7),
        _money("計畫總額", "plan_total", "柒.一", lambda r: (
            f"=SUMIFS({of('R')},{of('B')},A{r})+IF(F{r}+H{r}=0,0,ROUNDUP((F{r}+H{r})*100/K{r},0))")),
        _money("自籌", "own_share", "柒.一", lambda r: f"=L{r}-J{r}+I{r}"),
    ]  # fmt: skip


def _budget(page: Page, tables: Tables, plan: Plan, names: Names, end: int, state: str) -> None:
    """The sheet 預算: what the budget pays, and what is left."""
    totals = {name: int(value) for name, value in tables["totals"].iloc[0].items()}
    begin(page, "核定與經費表", f"{plan.title}　{state}")
    page.header(3, ["項目", "金額（元）", "依據", "算法"])
    lines = [
        ("本年度預算", f"={names['budget.total']}", totals["budget"], "柒.三", "參數"),
        (
            "學校補助",
            f"={COUNTIES}!D{end + 1}",
            totals["schools"],
            "柒.三(一)",
            "差旅輔導費＋核定班級數×每班經費",
        ),
        ("教練補助", f"={COUNTIES}!E{end + 1}", totals["coaches"], "附件3.三", "每所教練學校定額"),
        ("縣市補助", f"={COUNTIES}!F{end + 1}", totals["counties"], "柒.二", "基數＋每校加給，至上限"),
        ("扣減金額", f"={COUNTIES}!H{end + 1}", -totals["reductions"], "肆.五", "逾期未結案縣市"),
        ("工作坊", f"={COUNTIES}!I{end + 1}", totals["workshops"], "陸.三", "本部核定之縣市"),
        ("補助總計", "=SUM(B6:B10)", totals["granted"], "柒.三", "以上各項"),
        ("預算餘額", "=B5-B11", totals["left"], "柒.三", "不足支應下一順位"),
    ]
    for row, (label, formula, value, cite, how) in enumerate(lines, 4):
        page.text(row, 0, label, "label")
        page.formula(row, 1, formula, value, "total" if row in (4, 10, 11) else "money")
        page.text(row, 2, cite, "center")
        page.text(row, 3, how)
    page.text(
        14,
        0,
        "「學校」依名次排列，核定線以下為備取；「縣市」為各縣市合計；「參數」為公式所用之數值。",
        "subtitle",
    )
    page.widths([16, 18, 14, 40])


@kept
def unfunded(tables: Tables, plan: Plan) -> bytes:
    """未獲補助: every school that gets nothing, those on the waiting list first, with the reason."""
    book = Book("未獲補助")
    page = book.page("未獲補助")
    schools = tables["schools"]
    rest = schools[schools["approved"].fillna(0) == 0]
    waiting = rest[rest["outcome"] == WAITING].sort_values("waiting")
    others = rest[rest["outcome"] != WAITING]
    rows = records(pd.concat([waiting, others]))
    columns = (
        Column("備取\n順序", "waiting", "whole", "肆.五", width=8),
        Column("縣市", lambda r: NATIONAL if r["national"] else r["county"], "center", width=9),
        Column("學校代碼", "code", "code", width=10),
        Column("學校名稱", "name", width=22),
        Column("學制", "level", "center", width=7),
        Column(
            "資格審查", "verdict", lambda r: "good" if r["verdict"] == QUALIFIED else "bad", "肆.一", width=14
        ),
        Column("名次", "rank", "whole", "肆.五", width=7),
        Column("結果", "outcome", outcome_style, "肆.五", width=12),
        Column("理由", lambda r: _reason(r) or r["why"], width=46),
        Column("依據", lambda r: r["outcome_clause"] or r["clause"], "center", width=13),
        *waivers(rows),
    )
    begin(page, "未獲補助學校", f"{plan.title}　備取依順序遞補；共 {len(rows)} 校")
    listing(page, columns, rows, freeze=4)
    return book.save()
