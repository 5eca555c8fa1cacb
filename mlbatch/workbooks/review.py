"""審查總表 for the ministry, and one workbook of results for each county (肆.五).

Each school shows its marks, its four parts, weights and points as live formulas, so that the sum can
be done again by hand. Schools that are not ranked stand at the foot with their verdict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from mlbatch.again import kept
from mlbatch.columns import HEADER, Column, begin, listing, waivers
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page, column_letter
from mlbatch.tables import APPROVED, KEY, PARTLY, QUALIFIED, WAITING, Tables, records
from mlbatch.workbooks.parameters import parameters

TABLES = ("schools", "marks", "assignments", "reviewers")  # all that these workbooks are made of
PARTS = ("content", "record", "resources", "cooperation")
SUMMED = {10: "approved", 14: "grant", 15: "current", 16: "capital", 17: "coach", 19: "own_share"}
SPLIT = ("account.capital_percent", "account.capital_unit")
OUTCOME_STYLE = {APPROVED: "good", PARTLY: "warn", WAITING: "info"}
SETTINGS = (
    "review.weights", "review.criteria", "review.reviewers", "review.gap", "review.correct_severity",
    "record.award_points", "record.closed_bonus", "record.note_penalty",
)  # fmt: skip


def outcome_style(row: Mapping) -> str:
    """The style of what a school gets: word and colour together."""
    return OUTCOME_STYLE.get(row.get("outcome"), "bad")


@kept
def national_review(tables: Tables, plan: Plan) -> bytes:
    """審查總表: ranking with live sums, marks by reviewer, ties, reviewers and parameters."""
    book = Book("審查總表")
    page, marks_page = book.page("排序"), book.page("評分")
    ties, panel = book.page("同分"), book.page("委員", landscape=False)
    names = parameters(book, plan, SETTINGS)
    begin(page, "審查總表", f"{plan.title}　依總分排序；加權與總分均為公式，權重在「參數」")
    schools = _in_order(tables["schools"])
    listing(page, [*_ranking(plan, names), *waivers(schools)], schools, freeze=4)
    page.wide(2, 4)
    _marks(marks_page, tables, plan)
    _ties(ties, tables, plan)
    _panel(panel, tables, plan)
    return book.save()


def _in_order(schools: pd.DataFrame) -> list[dict]:
    """Ranked schools by rank, then all others in the order of the table."""
    return records(schools.sort_values("rank", kind="stable", na_position="last"))


def _ranking(plan: Plan, names: Mapping[str, str]) -> list[Column]:
    used = "G" if plan.review.correct_severity else "F"  # the columns of the content and its correction
    sources = zip(plan.review.weights, PARTS, (used, "H", "I", "J"), strict=True)
    return [
        Column("名次", "rank", "whole", "肆.五", width=6),
        Column("縣市", "county", "center", width=8),
        Column("學校代碼", "code", "code", width=9),
        Column("學校名稱", "name", width=18),
        Column("學制", "level", "center", width=6),
        Column("校正前\n計畫內容", "content", "score", "肆.五(一)", width=9),
        Column("校正後\n計畫內容", "corrected_content", "score", "肆.五(一)", width=9),
        Column("執行成果", "record", "score", "肆.五(二)", width=9),
        Column("資源不足", "resources", "score", "肆.五(三)", width=9),
        Column("縣市配合", "cooperation", "score", "肆.五(四)", width=9),
        *(_points(label, part, at, names[f"review.weights:{label}"], plan) for label, part, at in sources),
        Column(
            "總分", "total", "score", "肆.五", formula=lambda r: f'=IF(F{r}="","",SUM(K{r}:N{r}))', width=8
        ),
        Column("同分定序", "tie_break", "center", "肆.五", width=10),
        Column(
            f"無{plan.schools.record_year}年\n紀錄",
            lambda r: "中位數" if r["record_absent"] is True else "",
            "center",
            width=8,
        ),
        Column("班級數\n上限", "allowed", "whole", "肆.六", width=8),
        Column("資格", "verdict", lambda r: "good" if r["verdict"] == QUALIFIED else "bad", width=12),
        Column("說明", "why", width=26),
        Column("依據", "clause", "center", width=11),
    ]


def _points(label: str, part: str, source: str, weight: str, plan: Plan) -> Column:
    share = plan.review.weights[label]
    return Column(
        f"{label}\n×{share}%", f"{part}_points", "score", plan.cite("review.weights"), width=9,
        formula=lambda r: f'=IF({source}{r}="","",ROUND({source}{r}*{weight}/100,2))',
    )  # fmt: skip


def _marks(page: Page, tables: Tables, plan: Plan) -> None:
    """One row a mark, with its criteria and a live sum."""
    schools = tables["schools"][[*KEY, "name", "county"]]
    rows = records(tables["marks"].merge(schools, on=KEY, how="left"))
    criteria = list(plan.review.criteria.items())
    first, last = column_letter(5), column_letter(4 + len(criteria))
    columns = (
        Column("縣市", "county", "center", width=9),
        Column("學校代碼", "code", "code", width=10),
        Column("學校名稱", "name", width=22),
        Column("學制", "level", "center", width=7),
        Column("委員", "reviewer", "center", width=8),
        *(
            Column(f"{label}\n（{most}分）", f"criterion_{n}", "whole", "肆.五(一)", width=12)
            for n, (label, most) in enumerate(criteria, 1)
        ),
        Column(
            "總分", "total", "total", "肆.五(一)", formula=lambda r: f"=SUM({first}{r}:{last}{r})", width=8
        ),
        Column("意見", "comment", width=44),
    )
    begin(page, "評分", f"{plan.title}　每一採計之評分一列；委員以代號表示")
    listing(page, columns, rows, freeze=3)


def _ties(page: Page, tables: Tables, plan: Plan) -> None:
    schools = tables["schools"]
    rows = records(schools[schools["tied"].fillna(False).astype(bool)].sort_values("rank"))
    columns = (
        Column("總分", "total", "score", "肆.五", width=10),
        Column("名次", "rank", "whole", width=8),
        Column("縣市", "county", "center", width=10),
        Column("學校代碼", "code", "code", width=10),
        Column("學校名稱", "name", width=26),
        Column("推薦序", "county_rank", "whole", "肆.四(一)2", width=9),
        Column("計畫內容", "content", "score", "肆.五(一)", width=10),
        Column("資源不足", "resources", "score", "肆.五(三)", width=10),
        Column("定序依據", "tie_break", "warn", width=14),
    )
    note = "同分者依縣市推薦序（全數同縣市時）、計畫內容、資源不足、學校代碼定序，請審查會議確認"
    begin(page, "同分", note if rows else "本次排序沒有同分")
    listing(page, columns, rows)


def _panel(page: Page, tables: Tables, plan: Plan) -> None:
    assigned = tables["assignments"]["reviewer"].value_counts()
    totals: dict[str, list[int]] = defaultdict(list)
    for reviewer, total in tables["marks"][["reviewer", "total"]].itertuples(index=False):
        totals[reviewer].append(total)
    rows = [
        {
            "reviewer": name,
            "load": int(assigned.get(name, 0)),
            "marks": len(totals[name]),
            "mean": _mean(totals[name]),
        }
        for name in sorted(tables["reviewers"]["reviewer"])
    ]
    columns = (
        Column("委員", "reviewer", "center", width=12),
        Column("分派校數", "load", "whole", "肆.五(一)", width=12),
        Column("採計評分", "marks", "whole", "肆.五(一)", width=12),
        Column("平均分數", "mean", "score", width=12),
    )
    begin(page, "委員", f"{plan.title}　分派與評分情形")
    listing(page, columns, rows)


def _mean(marks: Sequence[int]) -> float | None:
    """For reading only; what counts is computed by the rules."""
    return sum(marks) / len(marks) if marks else None


# One workbook for each county ----------------------------------------------------------------------


@kept
def county_review(tables: Tables, plan: Plan, county: str) -> bytes:
    """審查結果 of one county or national school: what was asked, judged and granted, school by school.

    The money is computed in the sheet, from classes, rates and the parameters beside it (柒).
    """
    book = Book("審查結果")
    page = book.page("審查結果")
    names = parameters(book, plan, SPLIT)
    begin(page, f"審查結果　{county}", f"{plan.title}　名次為全國名次；金額單位為新臺幣元")
    rows = _in_order(tables["schools"])
    listing(page, [*_county_columns(names), *waivers(rows)], rows, freeze=3)
    page.wide(2, 3)
    _sums(page, rows)
    return book.save()


def _county_columns(names: Mapping[str, str]) -> list[Column]:
    percent, unit = (names[name] for name in SPLIT)
    return [
        Column("學校代碼", "code", "code", width=10),
        Column("學校名稱", "name", width=20),
        Column("學制", "level", "center", width=7),
        Column("推薦序", "county_rank", "whole", "肆.四(一)2", width=8),
        Column("申請\n班級數", "requested", "whole", "肆.四(四)3", width=9),
        Column("班級數\n上限", "allowed", "whole", "肆.六", width=9),
        Column(
            "資格審查", "verdict", lambda r: "good" if r["verdict"] == QUALIFIED else "bad", "肆.一", width=12
        ),
        Column("計畫內容", "content", "score", "肆.五(一)", width=9),
        Column("總分", "total", "score", "肆.五", width=8),
        Column("全國\n名次", "rank", "whole", "肆.五", width=7),
        Column("核定\n班級數", "approved", "whole", "肆.六", width=9),
        Column("核定結果", "outcome", outcome_style, "肆.五", width=11),
        Column("差旅\n輔導費", _if_paid("fee"), "money", "柒.三(一)", width=9),
        Column("每班經費", _if_paid("per_class"), "money", "柒.三(一)", width=9),
        Column("補助", "grant", "money", "柒.三(一)", lambda r: f"=IF(K{r}>0,M{r}+K{r}*N{r},0)", width=11),
        Column("經常門", "current", "money", "肆.四(四)1", lambda r: f"=O{r}-Q{r}", width=11),
        Column("資本門", "capital", "money", "肆.四(四)1",
               lambda r: f"=ROUNDDOWN(O{r}*{percent}/(100*{unit}),0)*{unit}", width=11),
        Column("教練補助", "coach", "money", "附件3.三", width=10),
        Column("補助\n比率", _if_paid("percent"), "percent", "柒.一", width=7),
        Column("自籌", "own_share", "money", "柒.一", lambda r: (
            f"=IF(O{r}+R{r}=0,0,ROUNDUP((O{r}+R{r})*100/S{r},0)-O{r}-R{r})"), width=11),
        Column("說明", _reason, width=30),
        Column("依據", lambda row: row["outcome_clause"] or row["clause"], "center", width=11),
    ]  # fmt: skip


def _if_paid(name: str) -> Callable[[Mapping], object]:
    """A rate of those that get something; nothing beside the others."""
    return lambda row: row[name] if row["grant"] else None


def _reason(row: Mapping) -> str:
    return row["reason"] if row["decided"] is True else row["outcome_why"] or row["why"]


def _sums(page: Page, rows: Sequence[Mapping]) -> None:
    """Live sums above the header; they follow the filter, and stay in sight."""
    page.text(2, 9, "合計", "total_text")
    for column, name in SUMMED.items():
        letter = column_letter(column)
        total = sum(int(row[name]) for row in rows if not pd.isna(row[name]))
        formula = f"=SUBTOTAL(109,{letter}{HEADER + 2}:{letter}{HEADER + 1 + len(rows)})"
        page.formula(2, column, formula, total, "total")
