"""What the checklists say of the papers (請款文件檢核表): received, signed, in time (肆.七(一)2, P1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mlbatch import catalogue, roc
from mlbatch.finding import Finding, Kind
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import TO_REVISE, UNRECEIVED, Tables, records

Payee = tuple[str, str, str]  # county, code, level
Paper = tuple[str, str, str]  # school_code, school_level, paper
PAYEE, PAPER = ("county", "code", "level"), ("school_code", "school_level", "paper")
WHOLE_PLAN = "修正後教學實施計畫書"
UNSENT, UNCLEAR, NO_FILE, MONEY = "未收", "無從認定", "查無檔案", "經費待修正"
STATE = ("said_received", "said_signed", "received_on", "note", "received", "signed", "late", "gap", "place")
TYPES = {"said_received": "boolean", "said_signed": "boolean", "received": bool, "signed": bool, "late": bool}
Row = dict[str, object]


@dataclass(frozen=True)
class _List:
    """One checklist: its head and its rows."""

    head: Row
    rows: Sequence[Row]

    @property
    def payee(self) -> Payee:
        return tuple(self.head[name] for name in PAYEE)

    @property
    def said(self) -> set[tuple]:
        """What it says, whatever the order of its rows."""
        told = (*PAPER, "received", "signed", "received_on", "note")
        head = tuple(_plain(self.head[name]) for name in ("paid_on", "paid"))
        return {head, *(tuple(_plain(row[name]) for name in told) for row in self.rows)}

    def finding(self, kind: Kind, **facts: object) -> Finding:
        """A finding about the whole list, at the payee's name."""
        facts = {"read": self.head["payee"], **facts}
        school = self.payee[1:] if self.payee[1] else ("", "")
        return Finding(kind, self.head["place"].at("payee"), facts, school, self.payee[0])


def recorded(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """P1: what the checklists say, in columns of `papers_due` and `payees`.

    papers_due: said_received, said_signed, received_on, note (as recorded), received, signed, late,
    gap (what is wanting, "" for nothing) and place. payees: list_file, unclear, paid_on, paid. A day
    after `as_of` is not yet; a revised plan in the inbox counts as received; two different lists of
    one payee count for nothing.
    """
    lists, findings = _lists(tables)
    revised = _revised(tables["schools"])
    papers, known = records(tables["papers_due"]), {one.payee: one for one in lists.values() if one}
    said = {payee: _by_paper(one, findings) for payee, one in known.items()}
    findings += _not_due(known, papers)
    for row in papers:
        payee = tuple(row[name] for name in PAYEE)
        row |= _state(row, said.get(payee, {}), revised, plan, as_of)
        if payee in lists and lists[payee] is None:
            row["gap"] = UNCLEAR
        findings += _told(row, as_of)
    due = tables["papers_due"]
    tables = tables.put(
        papers_due=_papers(papers, due.columns), payees=_payees(tables["payees"], lists, as_of)
    )
    return tables, findings


# The lists -----------------------------------------------------------------------------------------


def _lists(tables: Tables) -> tuple[dict[Payee, _List | None], list[Finding]]:
    """Payee → its list; None where two differ. Lists of nobody who is paid are told."""
    payees = set(tables["payees"][list(PAYEE)].itertuples(index=False, name=None))
    groups: dict[Payee, list[_List]] = defaultdict(list)
    findings = []
    for one in _read(tables):
        if one.payee in payees:
            groups[one.payee].append(one)
        else:
            findings.append(one.finding(catalogue.P1_UNKNOWN_PAYEE))
    for group in groups.values():
        if len(group) > 1 and any(one.said != group[0].said for one in group):
            for one in group:
                other = "、".join(each.head["file"] for each in group if each is not one)
                findings.append(one.finding(catalogue.P1_TWO_LISTS, other=other))
    same = {payee: all(one.said == group[0].said for one in group) for payee, group in groups.items()}
    return {payee: group[0] if same[payee] else None for payee, group in groups.items()}, findings


def _read(tables: Tables) -> Iterator[_List]:
    if "claims" not in tables:
        return
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in records(tables["claim_rows"]):
        rows[row["file"]].append(row)
    for head in records(tables["claims"]):
        yield _List(head, rows[head["file"]])


def _plain(value: object) -> object:
    return None if value is None or value is pd.NA else value


def _by_paper(one: _List, findings: list[Finding]) -> dict[Paper, Row]:
    """The rows by paper; of one that is listed twice and differs, none but the place."""
    groups: dict[Paper, list[Row]] = defaultdict(list)
    for row in one.rows:
        if row["paper"]:
            groups[tuple(row[name] for name in PAPER)].append(row)
    found = {}
    for paper, rows in groups.items():
        if (
            len({tuple(_plain(row[name]) for name in ("received", "signed", "received_on")) for row in rows})
            == 1
        ):
            found[paper] = rows[0]
            continue
        for row in rows:
            other = "、".join(str(each["place"].row) for each in rows if each is not row)
            facts = {"name": row["school_name"] or one.head["payee"], "read": row["paper"], "other": other}
            findings.append(_finding(catalogue.P1_TWICE, {**row, **_who(one)}, "paper", **facts))
    return found


def _who(one: _List) -> Row:
    return dict(zip(PAYEE, one.payee, strict=True))


def _not_due(lists: Mapping[Payee, _List], papers: Iterable[Row]) -> Iterator[Finding]:
    """Rows of papers that are not due, and due ones that a list says are not."""
    due = {(tuple(row[name] for name in PAYEE), tuple(row[name] for name in PAPER)) for row in papers}
    for payee, one in lists.items():
        for row in one.rows:
            facts = {"name": row["school_name"] or one.head["payee"], "paper": row["paper"]}
            named = {**row, **_who(one)}
            if row["paper"] and (payee, tuple(row[name] for name in PAPER)) not in due:
                yield _finding(catalogue.P1_NOT_DUE, named, "paper", read=row["paper"], **facts)
            elif row["paper"] and row["due"] is False:
                yield _finding(catalogue.P1_DUE_DIFFERS, named, "due", read="否", **facts)


# The papers ----------------------------------------------------------------------------------------


def _revised(schools: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str]]:
    """School → (state of its revised plan, state of its budget form where there is one)."""
    budget = schools["budget_state"] if "budget_state" in schools else [""] * len(schools)
    states = zip(schools["revised_state"], budget, strict=True)
    return dict(zip(zip(schools["code"], schools["level"], strict=True), states, strict=True))


def _state(row: Row, said: Mapping[Paper, Row], revised: Mapping, plan: Plan, as_of: date) -> Row:
    """What is known of one paper that is due."""
    own = said.get(tuple(row[name] for name in PAPER), {})
    day = _plain(own.get("received_on"))
    ticked = own.get("received") is True and not (day and day > as_of)
    state, money = revised.get((row["school_code"], row["school_level"]), (UNRECEIVED, ""))
    of_plan = row["paper"] == WHOLE_PLAN
    received = ticked or (of_plan and state != UNRECEIVED)
    signed = ticked and own.get("signed") is True
    gap = _gap(row, received, signed) or (_gap_of_plan(state, money) if of_plan else "")
    return {
        "said_received": own.get("received"), "said_signed": own.get("signed"), "received_on": day,
        "note": own.get("note") or "", "received": received, "signed": signed,
        "late": bool(ticked and day and day > plan.office.papers_due), "gap": gap, "place": own.get("place"),
    }  # fmt: skip


def _gap(row: Row, received: bool, signed: bool) -> str:
    if not received:
        return UNSENT
    return f"未{row['needs']}" if row["needs"] and not signed else ""


def _gap_of_plan(state: str, money: str) -> str:
    """A revised plan is looked at, not only received (P3); so is the budget form that goes with it."""
    if state == UNRECEIVED:
        return NO_FILE
    return state if state == TO_REVISE else MONEY if money == TO_REVISE else ""


# What is told of a paper ---------------------------------------------------------------------------


def _told(row: Row, as_of: date) -> Iterator[Finding]:
    """The findings at the row of one paper; none where no list has it."""
    if row["place"] is None:
        return
    day, name = row["received_on"], row["school_name"] or row["payee"]
    facts = {"name": name, "paper": row["paper"]}
    said = row["said_received"] is True
    if day and day > as_of:
        yield _finding(
            catalogue.P1_FUTURE_DATE, row, "received_on", read=roc.short(day), as_of=roc.short(as_of), **facts
        )
    elif not said and (day or row["said_signed"] is True):
        yield _finding(catalogue.P1_NOT_RECEIVED, row, "received", **facts)
    elif said and not day:
        yield _finding(catalogue.P1_NO_DATE, row, "received_on", **facts)
    if row["gap"] == f"未{row['needs']}":
        yield _finding(catalogue.P1_UNSIGNED, row, "signed", needs=row["needs"], **facts)
    if row["gap"] == NO_FILE:
        yield _finding(catalogue.P3_NO_FILE, row, "received", **facts)


def _finding(kind: Kind, row: Row, field: str, **facts: object) -> Finding:
    """A finding at a cell of a paper's row: it concerns the school of the paper, or the payee."""
    school = (row["school_code"], row["school_level"]) if row["school_code"] else (row["code"], row["level"])
    return Finding(kind, row["place"].at(field), facts, school, row["county"])


# Tables --------------------------------------------------------------------------------------------


def _papers(rows: Sequence[Row], due: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*due, *STATE], dtype=object).astype(TYPES)


def _payees(payees: pd.DataFrame, lists: Mapping[Payee, _List | None], as_of: date) -> pd.DataFrame:
    found = [lists.get(key) for key in payees[list(PAYEE)].itertuples(index=False, name=None)]
    unclear = [
        key in lists and lists[key] is None for key in payees[list(PAYEE)].itertuples(index=False, name=None)
    ]
    days = [_plain(one.head["paid_on"]) if one else None for one in found]
    paid_on = [day if day and day <= as_of else None for day in days]
    return payees.assign(
        list_file=pd.Series([one.head["file"] if one else "" for one in found], payees.index, dtype=object),
        list_place=pd.Series([one.head["place"] if one else None for one in found], payees.index, dtype=object),
        unclear=pd.Series(unclear, payees.index, dtype=bool),
        paid_on=pd.Series(paid_on, payees.index, dtype=object),
        paid=pd.Series([_plain(one.head["paid"]) if one else None for one in found], payees.index, dtype="Int64"),
    )  # fmt: skip
