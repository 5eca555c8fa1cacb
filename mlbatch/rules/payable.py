"""Who can be paid (請款情形): papers complete, to be supplied, not sent, or paid already (肆.七(一)2, P1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from mlbatch import catalogue, roc
from mlbatch.finding import At, Finding
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import NOT_SENT, PAID, PAYABLE, TO_SUPPLY, Tables, records

PAYEE = ("county", "code", "level")
UNSENT = "未收"
COUNTS = ("due", "received", "unsigned", "missing", "late", "gaps")
Row = Mapping[str, object]


def conclude(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """P1: columns `state` (see CLAIMS), `why`, `remind`, `pay_now` of `payees`, and how many papers.

    due, received, unsigned, missing, late are numbers of papers. `remind`: after the day
    `office.papers_due`, or once something came, whoever lacks a paper is reminded; not while two lists
    differ, nor who was paid. pay_now is the grant of those that can be paid, else 0.
    """
    papers: dict[tuple, list[Row]] = defaultdict(list)
    for row in records(tables["papers_due"]):
        papers[tuple(row[name] for name in PAYEE)].append(row)
    overdue = as_of > plan.office.papers_due
    concluded, findings = [], []
    for payee in records(tables["payees"]):
        own = papers[tuple(payee[name] for name in PAYEE)]
        row = _concluded(payee, own, overdue)
        concluded.append(row)
        findings += _told(payee, row, own, plan, overdue)
    return tables.put(payees=_with(tables["payees"], concluded)), findings


def _concluded(payee: Row, papers: Sequence[Row], overdue: bool) -> dict[str, object]:
    gaps = [row for row in papers if row["gap"]]
    received = sum(row["received"] for row in papers)
    state = _state(payee, received, gaps)
    return {
        "due": len(papers), "received": received,
        "missing": sum(not row["received"] for row in papers),
        "unsigned": sum(bool(row["received"] and row["needs"] and not row["signed"]) for row in papers),
        "late": sum(row["late"] for row in papers), "gaps": len(gaps), "state": state, "why": _why(payee, gaps, received),
        "remind": bool(gaps and not payee["unclear"] and state != PAID and (overdue or received)),
        "pay_now": payee["granted"] if state == PAYABLE else 0,
    }  # fmt: skip


def _state(payee: Row, received: int, gaps: Sequence[Row]) -> str:
    if payee["paid_on"]:
        return PAID
    if not gaps:
        return PAYABLE
    return TO_SUPPLY if received or payee["unclear"] else NOT_SENT


def _why(payee: Row, gaps: Sequence[Row], received: int) -> str:
    """What is wanting, in few words: how many papers of each gap."""
    if payee["unclear"]:
        return "檢核表有兩份且不同，無從認定。"
    if payee["paid_on"] or not gaps:
        return f"{roc.short(payee['paid_on'])} 已撥款。" if payee["paid_on"] else "文件齊備。"
    if not received:
        return "未送任何文件。"
    kinds: dict[str, int] = {}
    for row in gaps:
        kinds[row["gap"]] = kinds.get(row["gap"], 0) + 1
    return "、".join(f"{gap} {count} 件" for gap, count in kinds.items()) + "。"


def _told(payee: Row, row: Row, papers: Iterable[Row], plan: Plan, overdue: bool) -> Iterator[Finding]:
    """What is overdue, and what was paid that is not what was granted."""
    if pd.notna(payee["paid"]) and row["state"] == PAID and payee["paid"] != payee["granted"]:
        facts = {"read": f"{payee['paid']:,}", "granted": f"{payee['granted']:,}"}
        yield _of_payee(catalogue.P1_PAID_DIFFERS, payee, "paid", **facts)
    due = roc.short(plan.office.papers_due)
    yield from _late(payee, [paper for paper in papers if paper["late"]], due)
    if not overdue or payee["unclear"] or row["state"] == PAID:
        return
    if row["state"] == NOT_SENT:
        yield _of_payee(catalogue.P1_NOT_SENT, payee, "payee", due=due, count=row["due"])
        return
    for paper in papers:
        if paper["gap"] == UNSENT:
            yield _missing(paper, payee, due)


def _late(payee: Row, papers: Sequence[Row], due: str) -> Iterator[Finding]:
    """One finding for all that came late, at the first of them: they come in one parcel."""
    if papers:
        first, last = papers[0], max(paper["received_on"] for paper in papers)
        facts = {"paper": first["paper"], "count": len(papers), "read": roc.short(last), "due": due}
        at = first["place"].at("received_on")
        yield Finding(
            catalogue.P1_LATE, at, {"name": payee["payee"], **facts}, _school(payee), payee["county"]
        )


def _missing(paper: Row, payee: Row, due: str) -> Finding:
    """A paper that did not come: at its row in the list, else at the list, else nowhere."""
    at = paper["place"].at("received") if paper["place"] else _at(payee, "payee")
    school = paper["school_code"], paper["school_level"]
    facts = {"name": paper["school_name"] or payee["payee"], "paper": paper["paper"], "due": due}
    return Finding(catalogue.P1_MISSING, at, facts, school if school[0] else _school(payee), payee["county"])


def _of_payee(kind, payee: Row, field: str, **facts: object) -> Finding:
    return Finding(
        kind, _at(payee, field), {"name": payee["payee"], **facts}, _school(payee), payee["county"]
    )


def _at(payee: Row, field: str) -> At:
    return payee["list_place"].at(field) if payee["list_place"] else At()


def _school(payee: Row) -> tuple[str, str]:
    return payee["code"], payee["level"]


def _with(payees: pd.DataFrame, rows: Sequence[Row]) -> pd.DataFrame:
    names = (*COUNTS, "state", "why", "remind", "pay_now")
    types = {**dict.fromkeys((*COUNTS, "pay_now"), "Int64"), "remind": bool}
    added = pd.DataFrame(rows, columns=list(names), dtype=object).astype(types)
    return payees.assign(**{name: added[name].set_axis(payees.index) for name in names})
