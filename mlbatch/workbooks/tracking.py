"""繳交追蹤表: what every school and county owes by when, what came, what is late (附件1, 伍.二, T9).

The acts that came are inputs on 明細; every state, count and share is a formula over them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from mlbatch import roc
from mlbatch.again import kept
from mlbatch.columns import HEADER, Column, begin, listing, totals
from mlbatch.obligation import DONE, LACKING, LATE, LATER, OVERDUE, STATES, THIS_MONTH
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page
from mlbatch.tables import Tables, records

PROGRESS, SCHOOLS, COUNTIES, LATE_ITEMS, ROWS, CHANGES, OFFICERS = (
    "進度", "學校", "縣市", "逾期", "明細", "班級異動", "承辦人異動",
)  # fmt: skip
STYLES = {DONE: "good", LATE: "good", THIS_MONTH: "info", OVERDUE: "bad", LATER: "center", LACKING: "warn"}
DUE, ADVISED = "應辦", "建議"
TODAY = "基準日"
NATION = "國立學校"
LEFT = "N"  # the column of 明細 that says how much is owing
TABLES = ("duties", "class_changes", "officers")  # all that this workbook is made of
Row = Mapping[str, object]


@kept
def tracking_workbook(tables: Tables, plan: Plan, as_of: date, who: str = "") -> bytes:
    """The workbook of the whole programme, or of one recipient `who` from its own tables."""
    book = Book("繳交追蹤表")
    rows = _rows(tables, plan)
    names = [PROGRESS, SCHOOLS, COUNTIES, LATE_ITEMS, ROWS, CHANGES, OFFICERS]
    shown = {SCHOOLS: any(row["code"] for row in rows), COUNTIES: any(not row["code"] for row in rows)}
    pages = {name: book.page(name) for name in names if shown.get(name, True)}
    under = f"{plan.title}　{who + '　' if who else ''}基準日 {roc.short(as_of)}"
    last = _listed(pages[ROWS], rows, under)
    _progress(pages[PROGRESS], rows, last, under, as_of)
    for name in (SCHOOLS, COUNTIES):
        if name in pages:
            _matrix(
                pages[name], [row for row in rows if bool(row["code"]) == (name == SCHOOLS)], under, as_of
            )
    _overdue(pages[LATE_ITEMS], rows, under, as_of)
    _changes(pages[CHANGES], tables, under)
    _officers(pages[OFFICERS], tables, under)
    return book.save()


# What is owed, one row a duty ----------------------------------------------------------------------


def _rows(tables: Tables, plan: Plan) -> list[dict]:
    """The duties, those of one owner together, counties before their schools; `at`: the row on 明細."""
    rows = records(tables["duties"])
    for row in rows:  # which are this function's own; a national year has some 150,000
        row |= {
            "place": NATION if row["national"] else row["county"], "who": row["name"],
            "key": f"{row['code']}{row['level']}" if row["code"] else row["county"],
            "kind": DUE if row["required"] else ADVISED, "due_day": roc.short(row["due"]),
            "done_day": roc.short(row["day"]) if row["day"] else "", "left": row["number"] - row["done"],
        }  # fmt: skip
    rows.sort(key=lambda row: (_order(row, plan), row["code"], row["level"], not row["required"], row["due"], row["item"],
                               row["semester"], row["class_"]))  # fmt: skip
    for number, row in enumerate(rows):
        row["at"] = HEADER + 2 + number
    return rows


def _order(row: Row, plan: Plan) -> tuple:
    return (len(plan.counties) + 2, "") if row["national"] else plan.county_order(str(row["county"]))


def _listed(page: Page, rows: Sequence[Row], under: str) -> int:
    """The sheet 明細; returns its last row as people count."""
    begin(
        page,
        "應辦事項明細",
        f"{under}　已辦件數與完成日期取自執行紀錄簿、基本資料表與簽到清冊；日期為送件日（活動為參加日）",
    )
    return listing(page, _detail_columns(), rows, freeze=4) + 1


def _detail_columns() -> list[Column]:
    state = (
        f'=IF(L{{n}}>=K{{n}},IF(AND(O{{n}}="{DUE}",M{{n}}>J{{n}}),"{LATE}","{DONE}"),IF({TODAY}>J{{n}},IF(O{{n}}="{DUE}","{OVERDUE}","{LACKING}"),'
        f'IF(LEFT({TODAY},6)=LEFT(J{{n}},6),"{THIS_MONTH}","{LATER}")))'
    )
    return [
        Column("縣市", "place", "center", width=9),
        Column("學校代碼", "code", "code", width=9),
        Column("名稱", "who", width=22),
        Column("學制", "level", "center", width=6),
        Column("代號", "key", "center", width=11),
        Column("項目", "item", width=26),
        Column("依據", "cite", "center", width=12),
        Column("學期", "semester", "center", width=17),
        Column("班級", "class_", "center", width=9),
        Column("期限", "due_day", "center", "附件1", width=11),
        Column("應辦", "number", "whole", "附件1", width=6),
        Column("已辦", "done", "whole", "附件1", width=6),
        Column("完成日期", "done_day", "center", width=11),
        Column("尚欠", "left", "whole", "伍.二(四)", lambda n: f"=MAX(0,K{n}-L{n})", width=6),
        Column("性質", "kind", "center", width=6),
        Column(
            "情形", "state", lambda r: STYLES[r["state"]], "伍.二(四)", lambda n: state.format(n=n), width=10
        ),
        Column("上月情形", "before", lambda r: STYLES[r["before"]], width=10),
    ]


# Progress by county, with last month beside it ---------------------------------------------------------


def _progress(page: Page, rows: Sequence[Row], last: int, under: str, as_of: date) -> None:
    """The sheet 進度: required duties of each county by state, now and a month ago, with a chart."""
    begin(page, "辦理進度", f"{under}　僅計應辦事項；完成率為已到期者中已完成之比率")
    page.text(2, 0, TODAY, "label")
    page.text(2, 1, roc.short(as_of), "center")
    page.book.name(TODAY, f"'{PROGRESS}'!$B$3")
    owners = [{"place": place} for place in dict.fromkeys(row["place"] for row in rows)]
    columns = _progress_columns(rows, last)
    end = listing(page, columns, owners, freeze=1)
    totals(page, columns, owners, end, ("whole",))
    if owners:
        rows = page.bars(end + 3, "各縣市已到期應辦事項之情形", "A", "BCE", HEADER, end)
        page.worksheet.print_area(0, 0, end + 3 + rows, len(columns) - 1)


def _progress_columns(rows: Sequence[Row], last: int) -> list[Column]:
    now, then = (
        Counter((r["place"], r[name]) for r in rows if r["required"]) for name in ("state", "before")
    )

    def counted(state: str, letter: str, counts: Counter) -> Column:
        label = f"上月\n{state}" if letter == "Q" else state
        return Column(label, lambda r: counts[r["place"], state], "whole", "伍.二(四)", lambda n: (
            f'=COUNTIFS({_of("A", last)},A{n},{_of("O", last)},"{DUE}",{_of(letter, last)},"{state}")'), width=9)  # fmt: skip

    def share(counts: Counter):
        def value(row: Row) -> float:
            done, late = (
                sum(counts[row["place"], s] for s in states) for states in ((DONE, LATE), (OVERDUE,))
            )
            return 100 if done + late == 0 else 100 * done / (done + late)

        return value

    states = [state for state in STATES if state != LACKING]
    made = [Column("縣市", "place", "center", width=10)]
    made += [counted(state, "P", now) for state in states]
    made.append(
        Column(
            "完成率",
            share(now),
            "percent",
            "伍.二(四)",
            lambda n: f"=IF(B{n}+C{n}+E{n}=0,100,100*(B{n}+C{n})/(B{n}+C{n}+E{n}))",
            width=8,
        )
    )
    made += [counted(state, "Q", then) for state in (DONE, LATE, OVERDUE)]
    made.append(
        Column(
            "上月\n完成率",
            share(then),
            "percent",
            "伍.二(四)",
            lambda n: f"=IF(H{n}+I{n}+J{n}=0,100,100*(H{n}+I{n})/(H{n}+I{n}+J{n}))",
            width=8,
        )
    )
    made.append(
        Column(
            "逾期\n增減",
            lambda r: now[r["place"], OVERDUE] - then[r["place"], OVERDUE],
            "whole",
            "伍.二(四)",
            lambda n: f"=E{n}-J{n}",
            width=8,
        )
    )
    return made


def _of(letter: str, last: int) -> str:
    return f"{ROWS}!${letter}${HEADER + 2}:${letter}${max(last, HEADER + 2)}"


# Schools, or counties, by items and months -----------------------------------------------------------------


def _matrix(page: Page, rows: Sequence[Row], under: str, as_of: date) -> None:
    """One row an owner, one column an item and its day: how much of it is owing; ✓ where nothing is."""
    begin(page, "應辦事項與期限", f"{under}　✓ 已辦齊；數字為尚欠件數，期限已過者標色；空白為無此項")
    rows = [row for row in rows if row["required"]]
    heads = sorted({(row["due"], row["item"]) for row in rows})
    owners: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        owners[row["key"]].append(row)
    listed = [{**own[0], "own": own, "items": _by_item(own)} for own in owners.values()]
    cites = {(row["due"], row["item"]): row["cite"] for row in reversed(rows)}
    of_school = [Column("學校代碼", "code", "code", width=9), Column("名稱", "who", width=20)]
    columns = [
        Column("縣市", "place", "center", width=9),
        *(of_school if any(row["code"] for row in rows) else ()),
        Column("逾期件數", lambda r: sum(x["left"] for x in r["own"] if x["state"] == OVERDUE), "whole", "伍.二(四)", width=8,
               formula=lambda n: _late(listed[n - HEADER - 2]["own"])),
    ]  # fmt: skip
    fixed = len(columns)
    columns += [_item(head, listed, cites[head], as_of) for head in heads]
    listing(page, columns, listed, freeze=fixed)
    page.wide(-(-len(columns) // 22), fixed)


def _late(own: Sequence[Row]) -> str:
    first, last = own[0]["at"], own[-1]["at"]
    spans = [f"{ROWS}!${letter}${first}:${letter}${last}" for letter in (LEFT, "P")]
    return f'=SUMIFS({spans[0]},{spans[1]},"{OVERDUE}")'


def _by_item(own: Sequence[Row]) -> dict[tuple[date, str], list[Row]]:
    """An owner's duties by day and item."""
    found: dict[tuple[date, str], list[Row]] = defaultdict(list)
    for row in own:
        found[row["due"], row["item"]].append(row)
    return dict(found)


def _item(head: tuple[date, str], listed: Sequence[Row], cite: str, as_of: date) -> Column:
    """The column of one item and its day."""
    due, item = head

    def value(owner: Row) -> int | None:
        own = owner["items"].get(head)
        return sum(row["left"] for row in own) if own else None

    def style(owner: Row) -> str:
        owing = value(owner)
        if owing is None:
            return "none"
        return "none" if owing == 0 else "owing_late" if as_of > due else "owing"

    def formula(n: int) -> str:
        own = listed[n - HEADER - 2]["items"].get(head, ())
        return "=" + "+".join(f"{ROWS}!${LEFT}${row['at']}" for row in own) if own else ""

    return Column(f"{item}\n{roc.short(due)}", value, style, cite, formula, width=9)


# What is overdue, what changed ---------------------------------------------------------------------------


def _overdue(page: Page, rows: Sequence[Row], under: str, as_of: date) -> None:
    late = [row for row in rows if row["state"] == OVERDUE]
    late = [{**row, "n": number, "days": (as_of - row["due"]).days} for number, row in enumerate(late, 1)]
    begin(page, "逾期一覽", f"{under}　共 {len(late)} 項")
    columns = [
        Column("序號", "n", "whole", width=6),
        Column("縣市", "place", "center", width=9),
        Column("名稱", "who", width=22),
        Column("項目", "item", width=28),
        Column("學期", "semester", "center", width=17),
        Column("班級", "class_", "center", width=9),
        Column("期限", "due_day", "center", "附件1", width=11),
        Column(
            "尚欠件數",
            "left",
            "whole",
            "伍.二(四)",
            lambda n: f"={ROWS}!${LEFT}${late[n - HEADER - 2]['at']}",
            width=9,
        ),
        Column("逾期日數", "days", "whole", "伍.二(四)", width=9),
        Column("上月情形", "before", lambda r: STYLES[r["before"]], width=10),
        Column("依據", "cite", "center", width=12),
    ]
    listing(page, columns, late, freeze=3)


def _changes(page: Page, tables: Tables, under: str) -> None:
    rows = [
        {**row, "n": n, "on": roc.short(row["day"])}
        for n, row in enumerate(records(tables["class_changes"]), 1)
    ]
    begin(page, "實施班級異動", f"{under}　共 {len(rows)} 件；各學期班級數不得減少")
    columns = [
        Column("序號", "n", "whole", width=6),
        Column("縣市", "county", "center", width=9),
        Column("學校名稱", "name", width=22),
        Column("學期", "semester", "center", "伍.三(一)", width=17),
        Column("原班級", "old", "center", "伍.三(一)", width=10),
        Column("新班級", "new", "center", "伍.三(一)", width=10),
        Column("日期", "on", "center", width=11),
        Column("採認", "state", lambda r: "bad" if r["why"] else "good", "伍.三(一)", width=8),
        Column("說明", "why", width=44),
    ]
    listing(page, columns, rows, freeze=3)


def _officers(page: Page, tables: Tables, under: str) -> None:
    rows = [{**row, "n": number} for number, row in enumerate(records(tables["officers"]), 1)]
    begin(page, "承辦人異動", f"{under}　共 {len(rows)} 件；請提醒辦理業務交接")
    columns = [
        Column("序號", "n", "whole", width=6),
        Column("縣市", "county", "center", width=9),
        Column("名稱", "name", width=24),
        Column("原承辦人", "before", "center", "玖.一", width=12),
        Column("現承辦人", "now", "center", "玖.一", width=12),
        Column("檔案", "file", width=40),
    ]
    listing(page, columns, rows, freeze=3)
