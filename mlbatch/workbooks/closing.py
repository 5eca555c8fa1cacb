"""結案總表: who is closed, what is returned and how it was reckoned, the year's record (柒.九, 玖).

What came in is an input on 結算 and 結案事項; every sum, amount to return, state, score and grade is a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pandas as pd

from mlbatch import refund, roc, workday
from mlbatch.again import kept
from mlbatch.columns import HEADER, LINE, Column, begin, listing
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page, column_letter
from mlbatch.tables import (
    AS_APPROVED,
    CLOSED,
    CLOSED_LATE,
    CLOSINGS,
    NOT_CLOSED,
    STILL_OPEN,
    TO_REVISE,
    Tables,
    plain_records,
    records,
)
from mlbatch.workbooks.award import lowered
from mlbatch.workbooks.parameters import parameters

OVERVIEW, LINES, ITEMS, GONE, SCHOOLS, COUNTIES = (
    "結案情形",
    "結算",
    "結案事項",
    "退出",
    "學校紀錄",
    "縣市紀錄",
)
POINTS, GRADES = "settling.points", "settling.grades"
RATES = (
    "settling.exempt_surplus",
    "rates.per_class",
    "account.capital_percent",
    "account.capital_unit",
    POINTS,
    GRADES,
)
STYLES = dict(zip(CLOSINGS, ("good", "warn", "info", "bad"), strict=True))
STATES = {AS_APPROVED: "good", TO_REVISE: "warn"}
OPEN, DONE = "未結", "完成"
COUNTED = ("undone", "late", "missed", "papers_late", "closing_late")
TOP = HEADER + 2  # the first row of a listing, as people count
TABLES = (
    "schools",
    "departures",
    "settling",
    "closing_items",
    "payees",
    "year_record",
    "school_closing",
    "county_year",
)  # all that this workbook is made of
Row = Mapping[str, object]


@kept
def closing_workbook(tables: Tables, plan: Plan, as_of: date) -> bytes:
    """The workbook of the whole programme."""
    book = Book("結案總表")
    pages = {name: book.page(name) for name in (OVERVIEW, LINES, ITEMS, GONE, SCHOOLS, COUNTIES)}
    names = parameters(book, plan, RATES, lowered(tables, plan))
    due = workday.due(plan.closing.settlement_due, plan)
    under = f"{plan.title}　基準日 {roc.short(as_of)}　結案期限 {roc.short(due)}"
    gone, lines, items = (_keyed(tables[name]) for name in ("departures", "settling", "closing_items"))
    left = _gone(pages[GONE], gone, names, plan, under)
    _lines(pages[LINES], lines, names, left, f"{under}　單位：新臺幣元")
    _items(pages[ITEMS], items, under)
    ends = {LINES: TOP + len(lines) - 1, ITEMS: TOP + len(items) - 1}
    _payees(
        pages[OVERVIEW],
        _with_rest(_keyed(tables["payees"]), lines),
        ends,
        due,
        as_of,
        f"{under}　單位：新臺幣元",
    )
    _record(
        pages[SCHOOLS], "學校年度紀錄", _school_columns(names, plan, ends[ITEMS]), _schools(tables), under
    )
    _record(
        pages[COUNTIES],
        "縣市年度紀錄",
        _county_columns(names, plan),
        plain_records(tables["county_year"]),
        under,
    )
    return book.save()


def _keyed(table: pd.DataFrame) -> list[dict]:
    """The rows with the one word by which the sheets know a payee: the county, or code and level."""
    return [
        {**row, "key": row.get("county") or f"{row['code']}{row['level']}"} for row in plain_records(table)
    ]


def _day(day: date | None) -> str:
    return roc.short(day) if day else ""


# What left, and what is returned ---------------------------------------------------------------------


def _gone(page: Page, rows: list[dict], names: Mapping[str, str], plan: Plan, under: str) -> str:
    """The sheet 退出; returns the formula's range-pair of keys and amounts."""
    begin(page, "執行期間退出之班級與學校", f"{under}　全校退出者依實支結算；減班者依每班經費與剩餘學期")
    semesters = len(plan.schools.semesters)
    columns = [
        Column("代號", "key", "center", width=11),
        Column("學校名稱", "name", width=26),
        Column("異動事由", "change", "center", "柒.九(三)", width=14),
        Column("退出\n班級數", "number", "whole", "柒.九(三)", width=8),
        Column("日期", lambda r: _day(r["day"]), "center", width=11),
        Column("剩餘\n學期數", "remaining", "whole", "柒.九(三)", width=8),
        Column("退班應繳回", "amount", "money", "柒.九(三)", width=12, formula=lambda n: (
            f'=IF(C{n}="減班",ROUNDDOWN({names["rates.per_class"]}*D{n}*F{n}/{semesters},0),0)')),
        Column("原因", "reason", width=40),
    ]  # fmt: skip
    end = listing(page, columns, rows, freeze=2) + 1
    last = max(end, TOP)
    return f"SUMIFS({GONE}!$G${TOP}:$G${last},{GONE}!$A${TOP}:$A${last},C{{n}}&E{{n}})"


def _lines(page: Page, rows: list[dict], names: Mapping[str, str], left: str, under: str) -> None:
    begin(page, "經費結算（A–F）", under)
    listing(page, _line_columns(names, left, TOP + len(rows) - 1), rows, freeze=6)
    page.wide(2, 6)


def _line_columns(names: Mapping[str, str], left: str, last: int) -> list[Column]:
    limit, percent, unit = (names[name] for name in ("settling.exempt_surplus", *RATES[2:4]))
    kept = f"SUMIFS($V${TOP}:$V${last},$A${TOP}:$A${last},A{{n}})"

    def classes(n: int) -> str:
        whole = left.format(n=n)
        capital = f"ROUNDDOWN({whole}*{percent}/(100*{unit}),0)*{unit}"
        return f'=IF(OR(C{n}="",P{n}<>""),0,MIN(H{n},IF(F{n}="資本門",{capital},{whole}-{capital})))'

    def owed(n: int) -> str:
        share = f'IF(AND(P{n}="",{kept.format(n=n)}<={limit}),0,M{n})'
        rest = f"MAX(0,MIN(J{n},MAX(O{n},{share})-(H{n}-J{n})))"
        return f'=IF(K{n}="","",IF(P{n}="{refund.ALL_BACK}",J{n},{rest}))'

    by, back = "柒.九(一)", "柒.九(三)"
    return [
        Column("代號", "key", "center", width=11),
        Column("受款單位", "payee", width=18),
        Column("學校代碼", "school_code", "code", width=9),
        Column("學校名稱", lambda r: r["school_name"] or "（縣市經費）", width=22),
        Column("學制", "school_level", "center", width=6),
        Column("科目", "account", "center", width=8),
        Column("核定計畫\n金額 A", "planned", "money", by, width=11),
        Column("核定金額\nB", "granted", "money", by, width=11),
        Column("補助比率\nC＝B÷A（%）", _ratio, "score", by, lambda n: f"=IF(G{n}=0,0,ROUND(H{n}*100/G{n},2))", width=12),
        Column("撥付金額", "paid", "money", by, width=11),
        Column("實支金額\nD", "spent", "money", by, width=11),
        Column("結餘\nE＝A−D", "balance", "money", by, lambda n: f'=IF(K{n}="","",G{n}-K{n})', width=11),
        Column("結餘之補助\nF＝E×C", "share", "money", back,
               lambda n: f'=IF(K{n}="","",IF(L{n}>0,ROUNDDOWN(L{n}*H{n}/G{n},0),0))', width=11),
        Column("退出\n班級數", "withdrawn", "whole", back, width=7),
        Column("退班\n應繳回", "classes_due", "money", back, classes, width=10),
        Column("異動事由", "left", "center", back, width=10),
        Column("應繳回", "owed", "total", back, owed, width=11),
        Column("已繳回", "refund", "money", by, width=11),
        Column("尚應繳回", _rest, "money", by, lambda n: f'=IF(K{n}="","",MAX(0,Q{n}-R{n}))', width=11),
        Column("繳回日期", lambda r: _day(r["refunded_on"]), "center", by, width=11),
        Column("原因", "reason", "text", back, width=24),
        Column("計入免繳\n之結餘", _kept, "money", back, lambda n: f'=IF(OR(K{n}="",P{n}<>""),0,MAX(0,L{n}))', width=11),
    ]  # fmt: skip


def _ratio(row: Row) -> float:
    """B ÷ A in percent, two places, as ROUND gives it."""
    return int(row["granted"] * 20_000 // row["planned"] + 1) // 2 / 100 if row["planned"] else 0


def _rest(row: Row) -> int | None:
    return None if row["owed"] is None else max(0, row["owed"] - row["refund"])


def _kept(row: Row) -> int:
    return 0 if row["spent"] is None or row["left"] else max(0, row["balance"])


# Who is closed ---------------------------------------------------------------------------------------


def _items(page: Page, rows: list[dict], under: str) -> None:
    begin(page, "結案事項", f"{under}　一項一列；未結者須補齊始予結案")
    columns = [
        Column("代號", "key", "center", width=11),
        Column("受款單位", "payee", width=22),
        Column("學校代碼", "school_code", "code", width=10),
        Column("學校名稱", lambda r: r["school_name"] or "（單位自身）", width=26),
        Column("學制", "school_level", "center", width=6),
        Column("事項", "item", width=28),
        Column("依據", "cite", "center", width=12),
        Column("期限", lambda r: _day(r["due"]), "center", width=11),
        Column("完成日期", lambda r: _day(r["done_on"]), "center", width=11),
        Column("情形", lambda r: OPEN if r["open"] else DONE, lambda r: "warn" if r["open"] else "good", "柒.九(一)", width=8),
        Column("說明", "why", width=28),
    ]  # fmt: skip
    listing(page, columns, rows, freeze=4)


def _with_rest(payees: list[dict], lines: list[dict]) -> list[dict]:
    """The payees with what each has still to return."""
    return [
        {**row, "rest": sum(_rest(one) or 0 for one in lines if one["key"] == row["key"])} for row in payees
    ]


def _payees(
    page: Page, rows: list[dict], ends: Mapping[str, int], due: date, as_of: date, under: str
) -> None:
    """The sheet 結案情形 with its sums."""
    begin(page, "結案情形", under)
    columns = _payee_columns(ends, due, as_of)
    end = listing(page, columns, rows, freeze=2) + 1
    page.worksheet.set_row(end, LINE)
    for number, column in enumerate(columns):
        letter = column_letter(number)
        if letter not in "CDGHIJ":
            page.text(end, number, "合計" if number == 0 else "", "total_text")
            continue
        total = sum(int(column.of(row) or 0) for row in rows)
        page.formula(end, number, f"=SUM({letter}{TOP}:{letter}{max(end, TOP)})", total, "total")
    page.worksheet.print_area(0, 0, end, len(columns) - 1)


def _payee_columns(ends: Mapping[str, int], due: date, as_of: date) -> list[Column]:
    def total(letter: str) -> Callable[[int], str]:
        area = f"{LINES}!${letter}${TOP}:${letter}${ends[LINES]}"
        return lambda n: f"=SUMIFS({area},{LINES}!$A${TOP}:$A${ends[LINES]},A{n})"

    def still(n: int) -> str:
        keys, states = (f"{ITEMS}!${c}${TOP}:${c}${ends[ITEMS]}" for c in "AJ")
        return f'=COUNTIFS({keys},A{n},{states},"{OPEN}")'

    last = _day(due)
    over, past = (STILL_OPEN, last) if as_of > due else (NOT_CLOSED, last)
    return [
        Column("代號", "key", "center", width=11),
        Column("受款單位", "payee", width=22),
        Column("校數", "schools", "whole", width=6),
        Column("核定補助", "granted", "money", "柒", width=12),
        Column("結算表", "settlement_state", lambda r: STATES.get(r["settlement_state"], "bad"), "柒.九(一)", width=9),
        Column("收件日期", lambda r: _day(r["settlement_on"]), "center", width=11),
        Column("應繳回", lambda r: r["owed"] or 0, "money", "柒.九(三)", total("Q"), width=12),
        Column("已繳回", lambda r: r["refund"] or 0, "money", "柒.九(一)", total("R"), width=12),
        Column("尚應繳回", "rest", "money", "柒.九(一)", total("S"), width=12),
        Column("未結\n事項", "open_items", "whole", "柒.九(一)", still, width=7),
        Column("完成日期", lambda r: _day(r["closed_on"]), "center", width=11),
        Column("結案情形", "closing_state", lambda r: STYLES[r["closing_state"]], "柒.九", width=12, formula=lambda n: (
            f'=IF(J{n}>0,"{over}",IF(K{n}>"{past}","{CLOSED_LATE}","{CLOSED}"))')),
    ]  # fmt: skip


# The year's record -----------------------------------------------------------------------------------


def _schools(tables: Tables) -> list[dict]:
    open_ = {(row["code"], row["level"]): int(row["open_items"]) for row in records(tables["school_closing"])}
    return [
        {**row, "open_items": open_[row["code"], row["level"]]}
        for row in plain_records(tables["year_record"])
    ]


def _record(page: Page, title: str, columns: list[Column], rows: list[dict], under: str) -> None:
    begin(page, title, f"{under}　自 100 分起依「參數」扣分；列入下年度經費補助參考")
    listing(page, columns, rows, freeze=4 if len(columns) > 11 else 1)


def _points(names: Mapping[str, str], letters: Mapping[str, str]) -> str:
    """The points taken off: columns by what they count."""
    return "+".join(f"{letter}{{n}}*{names[f'{POINTS}:{word}']}" for word, letter in letters.items())


def _counts(plan: Plan) -> list[Column]:
    cites = ("玖.三(一)", "玖.三(二)", "玖.三(三)", "玖.三(四)", "玖.三(五)")
    labels = zip(plan.settling.points, COUNTED, cites, strict=True)
    return [Column(label, name, "whole", cite, width=8) for label, name, cite in labels]


def _school_columns(names: Mapping[str, str], plan: Plan, end: int) -> list[Column]:
    def area(letter: str) -> str:
        return f"{ITEMS}!${letter}${TOP}:${letter}${end}"

    taken = _points(names, dict(zip(plan.settling.points, "EFGHI", strict=True)))
    grades = sorted(plan.settling.grades.items(), key=lambda pair: -pair[1])

    def grade(n: int) -> str:
        *first, (lowest, _) = grades
        tests = "".join(f'IF(J{n}>={names[f"{GRADES}:{name}"]},"{name}",' for name, _ in first)
        return f'={tests}"{lowest}"{")" * len(first)}'

    return [
        Column("縣市", "county", "center", width=9),
        Column("學校代碼", "code", "code", width=9),
        Column("學校名稱", "name", width=22),
        Column("學制", "level", "center", width=6),
        *_counts(plan),
        Column("分數", "score", "total", "玖.三", lambda n: f"=MAX(0,100-({taken.format(n=n)}))", width=7),
        Column("配合\n等第", "grade", "center", "肆.六(三)", grade, width=6),
        Column("獲獎", "awards", "whole", "捌", width=6),
        Column("未結\n事項", "open_items", "whole", "柒.九(一)", width=7, formula=lambda n: (
            f'=COUNTIFS({area("C")},B{n},{area("E")},D{n},{area("J")},"{OPEN}")')),
    ]  # fmt: skip


def _county_columns(names: Mapping[str, str], plan: Plan) -> list[Column]:
    words = list(plan.settling.points)
    of_closing = {word: letter for word, letter in zip(words, "BCDEF", strict=True) if letter != "E"}
    payment = _points(names, {words[3]: "E"})
    return [
        Column("縣市", "county", "center", width=10),
        *_counts(plan),
        Column("徵件分數", "call", "whole", "肆.五(四)", width=10),
        Column("撥款分數", "payment", "total", "玖.三(四)", lambda n: f"=MAX(0,100-({payment.format(n=n)}))", width=10),
        Column("結案分數", "closing", "total", "玖.三(五)", width=10, formula=lambda n: (
            f'=IF(AND(J{n}="",F{n}>0),0,MAX(0,100-({_points(names, of_closing).format(n=n)})))')),
        Column("結案日期", lambda r: _day(r["closed_on"]), "center", "柒.九", width=12),
        Column("歷年全數\n結案日期", lambda r: _day(r["closed_all"]), "center", "肆.五", width=12),
    ]  # fmt: skip
