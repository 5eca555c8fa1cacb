"""計畫經費說明表 of one county: each school's classes and money, and the county's own, with the clauses (肆.七(一)2(3)).

It is a paper that the county hands in, so it can edit it; every figure is a formula over the rates on 參數.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlbatch.again import kept
from mlbatch.columns import HEADER, Column, begin, listing
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page
from mlbatch.tables import Tables, records
from mlbatch.workbooks.award import COUNTY, RATES, area, lowered
from mlbatch.workbooks.parameters import parameters

LINE = 20  # points of a line below the schools
TITLE = "計畫經費說明表"
ACCOUNT = ("account.capital_percent", "account.capital_unit")
SUMMED = dict(
    zip(
        "EHIJKLNO",
        ("approved", "grant", "coach", "all_current", "capital", "together", "plan_total", "own_share"),
        strict=True,
    )
)
SIGNATURES = (
    "承辦人：　　　　　　　　　科（課）長：　　　　　　　　　局（處）長：　　　　　　　　　機關首長："
)
TABLES = ("schools", "counties")  # all that this workbook is made of
Names = Mapping[str, str]
Row = Mapping[str, object]


@kept
def statement(own: Tables, plan: Plan) -> bytes:
    """The statement of the county whose tables these are (see `recipient.only`)."""
    book = Book(TITLE)
    page = book.page(TITLE)
    names = parameters(book, plan, (*RATES, *COUNTY, *ACCOUNT), lowered(own, plan))
    county = records(own["counties"])[0]
    rows = [_school(row) for row in records(own["schools"]) if row["approved"]]
    begin(
        page,
        f"{plan.title}　{TITLE}（{county['county']}）",
        "單位：新臺幣元；金額依本部核定，公式所用費率見「參數」",
    )
    last = listing(page, _columns(names), rows, freeze=3) + 1
    end = _county(page, county, rows, names, last)
    page.worksheet.set_row(end + 2, LINE)
    page.text(end + 2, 0, SIGNATURES, "subtitle")
    page.worksheet.print_area(0, 0, end + 2, 15)
    return book.save()


def _school(row: Row) -> dict:
    coach = "；含教練學校補助" if row["coach"] else ""
    return {
        **row, "area": area(row), "together": row["grant"] + row["coach"],
        "all_current": row["current"] + row["coach"], "note": f"{row['approved']}班{coach}",
    }  # fmt: skip


def _columns(names: Names) -> list[Column]:
    fee, few, island, each = (names[name] for name in RATES)
    capital, unit = (names[name] for name in ACCOUNT)
    return [
        Column("學校代碼", "code", "code", width=9),
        Column("學校名稱", "name", width=20),
        Column("學制", "level", "center", width=6),
        Column("地區", "area", "center", "肆.五(三)", width=16),
        Column("核定\n班級數", "approved", "total", "肆.六", width=7),
        _money("差旅\n輔導費", "fee", "柒.三(一)", lambda r: f'=IF(D{r}="離島",{island},IF(D{r}="一般",{fee},{few}))'),
        _money("每班經費", "per_class", "柒.三(一)", lambda r: f"={each}"),
        _money("補助經費", "grant", "柒.三(一)", lambda r: f"=F{r}+E{r}*G{r}"),
        _money("教練補助", "coach", "附件3.三", None),
        _money("經常門\n（含教練）", "all_current", "肆.四(四)1", lambda r: f"=L{r}-K{r}"),
        _money("資本門", "capital", "肆.四(四)1", lambda r: f"=ROUNDDOWN(H{r}*{capital}/(100*{unit}),0)*{unit}"),
        _money("補助合計", "together", "柒.三", lambda r: f"=H{r}+I{r}"),
        Column("補助\n比率", "percent", "percent", "柒.一", width=6),
        _money("計畫總額", "plan_total", "柒.一", lambda r: f"=ROUNDUP(L{r}*100/M{r},0)"),
        _money("自籌", "own_share", "柒.一", lambda r: f"=N{r}-L{r}"),
        Column("說明", "note", width=18),
    ]  # fmt: skip


def _money(label: str, name: str, cite: str, formula: Callable[[int], str] | None) -> Column:
    return Column(label, name, "money", cite, formula, width=10)


def _county(page: Page, county: Row, rows: list[dict], names: Names, last: int) -> int:
    """The lines below the schools: their sum, the county's own, and the total; returns the last row, from 0."""
    sums = {letter: sum(int(row[name]) for row in rows) for letter, name in SUMMED.items()}
    _sum(
        page,
        last,
        "學校小計",
        {k: (f"=SUM({k}{HEADER + 2}:{k}{last})", v) for k, v in sums.items()},
        f"{len(rows)}校",
    )
    first = row = last + 1
    for label, amounts, note in _lines(county, sums, names, HEADER + 2, last, first + 1):
        _line(page, row, label, amounts, note)
        row += 1
    totals = {"J": county["granted"] - sums["K"], "K": sums["K"], "L": county["granted"],
              "N": county["plan_total"] + county["workshop"], "O": county["own_share"]}  # fmt: skip
    cells = {k: (f"=SUM({k}{last + 1}:{k}{row})", int(v)) for k, v in totals.items()}
    _sum(page, row, "總計", cells, "")
    return row


def _lines(county: Row, sums: Mapping[str, int], names: Names, first: int, last: int, row: int):
    """The county's own lines: (label, column → (formula or None, value), note); `row` is the first, as people count."""
    base, more, most, percent = (names[name] for name in COUNTY)
    grant, taken = int(county["county_grant"]), int(county["reduction"])
    formula = f"=IF(COUNT(E{first}:E{last})=0,0,MIN({most},{base}+{more}*COUNT(E{first}:E{last})))"
    net = grant - taken
    total = int(county["plan_total"]) - sums["N"]
    taking = f"+L{row + 1}" if taken else ""
    rate = county["percent"]
    share = {
        "M": (None, rate), "N": (f"=ROUNDUP((L{row}{taking})*100/M{row},0)", total),
        "O": (f"=N{row}-L{row}{taking.replace('+', '-')}", total - net),
    } if net and rate == rate and rate is not None else {"N": (None, 0), "O": (None, 0)}  # fmt: skip
    yield (
        "縣市補助（成果發表會、會議及督導）",
        {"J": (f"=L{row}", grant), "L": (formula, grant), **share},
        "柒.二；經常門",
    )
    if taken:
        amount = -taken
        yield (
            "扣減（以前年度計畫未如期結案）",
            {"J": (f"=L{row + 1}", amount), "L": (f"=-ROUNDDOWN(L{row}*{percent}/100,0)", amount)},
            "肆.五",
        )
    if county["workshop"]:
        number, own = row + 1 + bool(taken), int(county["workshop"])
        yield (
            "校長科技領導暨教師增能工作坊",
            {
                "J": (f"=L{number}", own),
                "L": (None, own),
                "N": (f"=L{number}", own),
                "O": (f"=N{number}-L{number}", 0),
            },
            "陸.三；經常門",
        )


def _line(page: Page, row: int, label: str, amounts: Mapping, note: str) -> None:
    page.worksheet.set_row(row, LINE)
    page.span(row, 0, 3, "text")
    page.text(row, 0, label)
    _cells(page, row, amounts, "text", "money")
    page.text(row, 15, note)


def _sum(page: Page, row: int, label: str, amounts: Mapping, note: str) -> None:
    page.worksheet.set_row(row, LINE)
    page.span(row, 0, 3, "total_text")
    page.text(row, 0, label, "total_text")
    _cells(page, row, amounts, "total_text", "total")
    page.text(row, 15, note, "total_text")


def _cells(page: Page, row: int, amounts: Mapping, blank: str, style: str) -> None:
    for number in range(4, 15):
        letter = chr(ord("A") + number)
        formula, value = amounts.get(letter, (None, None))
        shown = "percent" if letter == "M" and value is not None else style
        if formula:
            page.formula(row, number, formula, value, shown)
        elif value is None:
            page.text(row, number, "", blank)
        else:
            page.number(row, number, int(value), shown)
