"""經費編列檢核 for the ministry, and 縣市經費彙整表 for each county: budgets beside the award (柒.四–八).

The lines that came are inputs on 明細; every sum and difference is a formula over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from mlbatch.again import kept
from mlbatch.columns import HEADER, Column, begin, listing, totals
from mlbatch.finding import Finding
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page
from mlbatch.tables import AS_APPROVED, TO_REVISE, Tables, records
from mlbatch.workbooks.parameters import parameters

LINES, SCHOOLS, COUNTIES, FOUND, ITEMS = "明細", "學校", "縣市", "不符事項", "項目"
CURRENT, CAPITAL, GRANTED, OWN = "經常門", "資本門", "補助", "自籌"
STATES = {AS_APPROVED: "good", TO_REVISE: "warn"}
DEVICES = ("items.devices_divisor",)
TABLES = ("budgeted", "schools", "counties")  # all that these workbooks are made of
Row = Mapping[str, object]


@kept
def national(tables: Tables, plan: Plan) -> bytes:
    """經費編列檢核.xlsx: every school and county, what it budgeted beside what was approved."""
    book = Book("經費編列檢核")
    pages = {name: book.page(name) for name in (SCHOOLS, COUNTIES, LINES, FOUND)}
    names = parameters(book, plan, DEVICES)
    rows = _lines(tables)
    last = _listed_lines(pages[LINES], rows, plan.title)
    _owners(pages[SCHOOLS], _schools(tables), rows, last, plan, names)
    _owners(pages[COUNTIES], _counties(tables), rows, last, plan, None)
    _found(pages[FOUND], tables.findings, plan)
    return book.save()


@kept
def county(own: Tables, plan: Plan, who: str) -> bytes:
    """縣市經費彙整表.xlsx: one county's schools and its own budget, by school and by item."""
    book = Book("縣市經費彙整表")
    pages = {name: book.page(name) for name in (SCHOOLS, ITEMS, LINES)}
    names = parameters(book, plan, DEVICES)
    rows = _lines(own)
    last = _listed_lines(pages[LINES], rows, f"{plan.title}　{who}")
    _owners(pages[SCHOOLS], [*_schools(own), *_counties(own)], rows, last, plan, names)
    _items(pages[ITEMS], rows, last, plan, who)
    return book.save()


# The lines -----------------------------------------------------------------------------------------


def _lines(tables: Tables) -> list[dict]:
    return [{**row, "key": _key(row)} for row in records(tables["budgeted"])]


def _key(row: Row) -> str:
    """The one word by which the sheets know who budgets: code and level, or the county."""
    return f"{row['code']}{row['level']}" if row["code"] else str(row["county"])


def _listed_lines(page: Page, rows: Sequence[Row], under: str) -> int:
    """The sheet 明細; returns its last row as people count."""
    begin(page, "經費明細", f"{under}　各單位經費申請表所填；總價為單價乘以數量；單位：新臺幣元")
    columns = [
        Column("代號", "key", "center", width=11),
        Column("單位", "name", width=24),
        Column("經費項目", "item", "text", "柒.五", width=20),
        Column("經/資門", "account", "center", "柒.五", width=9),
        Column("單價", "price", "money", "柒.四", width=11),
        Column("數量", "quantity", "whole", "柒.四", width=8),
        Column("單位量", "measure", "center", width=8),
        Column("總價", "amount", "money", "柒.四", width=12),
        Column("來源", "fund", "center", "柒.一", width=8),
        Column("說明", "note", width=30),
    ]
    return listing(page, columns, rows, freeze=2) + 1


# Who budgets ---------------------------------------------------------------------------------------


def _schools(tables: Tables) -> list[dict]:
    rows = records(tables["schools"][tables["schools"]["budget_state"] != ""])
    return [
        {**row, "place": "國立" if row["national"] else row["county"], "who": row["name"], "key": _key(row),
         "granted_current": row["current"] + row["coach"], "granted_capital": row["capital"], "own": row["own_share"]}
        for row in rows
    ]  # fmt: skip


def _counties(tables: Tables) -> list[dict]:
    counties = tables["counties"]
    schools = tables["schools"][~tables["schools"]["national"].astype(bool)]
    sums = schools.groupby("county")["own_share"].sum()
    return [
        {**row, "place": row["county"], "who": f"{row['county']}（縣市補助）", "level": "", "code": "", "key": row["county"],
         "granted_current": row["county_grant"] - row["reduction"] + row["workshop"], "granted_capital": 0,
         "own": row["own_share"] - int(sums.get(row["county"], 0))}
        for row in records(counties[counties["budget_state"] != ""])
    ]  # fmt: skip


def _owners(
    page: Page,
    owners: Sequence[Row],
    lines: Sequence[Row],
    last: int,
    plan: Plan,
    names: Mapping[str, str] | None,
) -> None:
    """One row a school or county: approved, budgeted, difference, by account; own funds; devices."""
    begin(
        page,
        f"經費編列（{page.worksheet.get_name()}）",
        f"{plan.title}　核定與編列並列；編列數取自「{LINES}」；單位：新臺幣元",
    )
    columns = _columns(lines, last, plan, names)
    totals(page, columns, owners, listing(page, columns, owners, freeze=4))


def _columns(lines: Sequence[Row], last: int, plan: Plan, names: Mapping[str, str] | None) -> list[Column]:
    def added(**wanted: str) -> tuple[Callable[[Row], int], Callable[[int], str]]:
        places = {"account": "D", "fund": "I", "item": "C"}
        more = "".join(f',{_of(places[name], last)},"{word}"' for name, word in wanted.items())
        return (
            lambda row: _added(lines, row["key"], **wanted),
            lambda n: f"=SUMIFS({_of('H', last)},{_of('A', last)},E{n}{more})",
        )

    current, capital = added(fund=GRANTED, account=CURRENT), added(fund=GRANTED, account=CAPITAL)
    own = added(fund=OWN)
    columns = [
        Column("縣市", "place", "center", width=8),
        Column("學校代碼", "code", "code", width=9),
        Column("單位", "who", width=24),
        Column("學制", "level", "center", width=6),
        Column("代號", "key", "center", width=11),
        Column("核定\n經常門", "granted_current", "money", "肆.四(四)1", width=11),
        Column("編列\n經常門", current[0], "money", "柒.四", current[1], width=11),
        Column("差異", lambda r: current[0](r) - r["granted_current"], "money", "柒.四", lambda n: f"=G{n}-F{n}", width=10),
        Column("核定\n資本門", "granted_capital", "money", "肆.四(四)1", width=11),
        Column("編列\n資本門", capital[0], "money", "柒.四", capital[1], width=11),
        Column("差異", lambda r: capital[0](r) - r["granted_capital"], "money", "柒.四", lambda n: f"=J{n}-I{n}", width=10),
        Column("應自籌", "own", "money", "柒.一", width=11),
        Column("編列自籌", own[0], "money", "柒.一", own[1], width=11),
        Column("自籌不足", lambda r: max(0, r["own"] - own[0](r)), "money", "柒.一", lambda n: f"=MAX(0,L{n}-M{n})", width=10),
    ]  # fmt: skip
    if names:
        columns += _device_columns(lines, last, plan, names)
    return [
        *columns,
        Column("情形", "budget_state", lambda r: STATES.get(r["budget_state"], "bad"), "柒.四", width=9),
    ]


def _device_columns(lines: Sequence[Row], last: int, plan: Plan, names: Mapping[str, str]) -> list[Column]:
    items, by = plan.items.devices, names[DEVICES[0]]

    def spent(row: Row) -> int:
        return sum(_added(lines, row["key"], fund=GRANTED, item=item) for item in items)

    def formula(n: int) -> str:
        one = [f'SUMIFS({_of("H", last)},{_of("A", last)},E{n},{_of("I", last)},"{GRANTED}",{_of("C", last)},"{item}")'
               for item in items]  # fmt: skip
        return "=" + "+".join(one)

    return [
        Column("行動載具", spent, "money", "柒.六", formula, width=10),
        Column("載具上限", lambda r: r["granted_capital"] // plan.items.devices_divisor, "money", "柒.六",
               lambda n: f"=ROUNDDOWN(I{n}/{by},0)", width=10),
    ]  # fmt: skip


def _of(letter: str, last: int) -> str:
    return f"{LINES}!${letter}${HEADER + 2}:${letter}${max(last, HEADER + 2)}"


def _added(lines: Sequence[Row], key: str, **wanted: str) -> int:
    return sum(int(line["amount"] or 0) for line in lines
               if line["key"] == key and all(line[name] == word for name, word in wanted.items()))  # fmt: skip


# By item, and what was found -------------------------------------------------------------------------


def _items(page: Page, lines: Sequence[Row], last: int, plan: Plan, who: str) -> None:
    """The sheet 項目: each item of the plan, by account and by who pays."""
    begin(page, "依項目彙整", f"{plan.title}　{who}　各校與縣市經費申請表之合計；單位：新臺幣元")
    used = {line["item"] for line in lines}
    rows = [{"item": item} for item in (*plan.items.accounts, *sorted(used - set(plan.items.accounts)))]

    def sums(account: str, fund: str) -> Column:
        def value(row: Row) -> int:
            wanted = {"item": row["item"], "account": account, "fund": fund}
            return sum(
                int(x["amount"] or 0) for x in lines if all(x[name] == word for name, word in wanted.items())
            )

        return Column(
            f"{account}\n{fund}",
            value,
            "money",
            "柒.五",
            lambda n: (
                f'=SUMIFS({_of("H", last)},{_of("C", last)},A{n},{_of("D", last)},"{account}",{_of("I", last)},"{fund}")'
            ),
            width=13,
        )

    columns = [
        Column("經費項目", "item", "text", "柒.五", width=24),
        *(sums(account, fund) for account in (CURRENT, CAPITAL) for fund in (GRANTED, OWN)),
    ]
    total = lambda row: sum(column.of(row) for column in columns[1:5])  # noqa: E731
    columns.append(Column("合計", total, "money", "柒.五", lambda n: f"=SUM(B{n}:E{n})", width=13))
    totals(page, columns, rows, listing(page, columns, rows, freeze=1))


def _found(page: Page, findings: Iterable[Finding], plan: Plan) -> None:
    """The sheet 不符事項: what the budgets have to correct, with cells."""
    own = sorted((one for one in findings if one.kind.rule.startswith("G")), key=lambda one: one.order)
    rows = [
        {"number": n, "weight": one.kind.severity.value, "file": one.at.file.rpartition("/")[2], "cell": one.at.cell,
         "said": one.sentence, "remedy": one.remedy, "cite": one.kind.cite}
        for n, one in enumerate(own, 1)
    ]  # fmt: skip
    begin(page, "不符事項", f"{plan.title}　共 {len(rows)} 件；各單位之更正檔在其「待修正」資料夾")
    columns = [
        Column("序號", "number", "whole", width=6),
        Column("性質", "weight", lambda r: "warn" if r["weight"] == "提醒" else "bad", width=8),
        Column("檔案", "file", width=28),
        Column("儲存格", "cell", "center", width=8),
        Column("不符情形", "said", width=48),
        Column("請如何處理", "remedy", width=36),
        Column("依據", "cite", "center", width=9),
    ]
    listing(page, columns, rows, freeze=3)
