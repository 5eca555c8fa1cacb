"""Who is paid, and which papers are due for it (受款單位與應備文件): 肆.七(一)2, 肆.七(三)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables, records

SEAL = "核章"
AMOUNTS = ("schools", "classes", "current", "capital", "granted")
PAYEES = ("payee", "county", "code", "level", *AMOUNTS)
PAPERS = (
    "payee",
    "county",
    "code",
    "level",
    "school_code",
    "school_name",
    "school_level",
    "paper",
    "clause",
    "needs",
)
Row = dict[str, object]


def due(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """P1: tables `payees`, one row a county or national school with a grant, and `papers_due`.

    A county's own money is current account all of it: its grant, what is taken off, its workshop and
    its coaches (柒.二, 附件3.三); capital is its schools' alone. current + capital = granted.
    """
    schools = [row for row in records(tables["schools"]) if row["approved"]]
    payees = [*_counties(tables, schools, plan), *_national(schools)]
    papers = [paper for payee in payees for paper in _papers(payee, schools, plan)]
    types = dict.fromkeys(AMOUNTS, "Int64")
    return tables.put(
        payees=pd.DataFrame(payees, columns=list(PAYEES), dtype=object).astype(types),
        papers_due=pd.DataFrame(papers, columns=list(PAPERS), dtype=object),
    ), []


def _counties(tables: Tables, schools: list[Row], plan: Plan) -> Iterator[Row]:
    for row in records(tables["counties"]):
        if not row["granted"] or row["granted"] < 0:
            continue
        name = row["county"]
        capital = sum(one["capital"] for one in schools if _county(one) == name)
        yield {
            "payee": plan.counties[name].government if name in plan.counties else name,
            "county": name, "code": "", "level": "", "schools": row["approved_schools"],
            "classes": row["approved_classes"], "current": row["granted"] - capital, "capital": capital,
            "granted": row["granted"],
        }  # fmt: skip


def _national(schools: list[Row]) -> Iterator[Row]:
    for row in sorted(
        (row for row in schools if row["national"]), key=lambda row: (row["code"], row["level"])
    ):
        current = row["current"] + row["coach"]
        yield {
            "payee": row["name"], "county": "", "code": row["code"], "level": row["level"], "schools": 1,
            "classes": row["approved"], "current": current, "capital": row["capital"],
            "granted": current + row["capital"],
        }  # fmt: skip


def _county(school: Row) -> str:
    return "" if school["national"] else school["county"]


def _papers(payee: Row, schools: list[Row], plan: Plan) -> Iterator[Row]:
    """The payee's own papers, then those of each of its schools, in the plan's order.

    A county that is paid for a workshop alone has no plan to hand in (陸.三).
    """
    own, name = (plan.papers.county, "county") if payee["county"] else (plan.papers.national, "national")
    for paper, needs in own.items():
        if payee["schools"] or paper in plan.claim.workshop_papers:
            yield _paper(payee, None, paper, needs, plan.cite(f"papers.{name}"), plan)
    for school in schools:
        if _county(school) == payee["county"] and (
            payee["county"] or (school["code"] == payee["code"] and school["level"] == payee["level"])
        ):
            yield from _of_school(payee, school, plan)


def _of_school(payee: Row, school: Row, plan: Plan) -> Iterator[Row]:
    cite = {
        name: plan.cite(f"papers.{name}" if payee["county"] else "papers.national")
        for name in ("school", "website")
    }
    for paper, needs in plan.papers.school.items():
        yield _paper(payee, school, paper, needs, cite["school"], plan)
    for paper in plan.papers.website:
        yield _paper(payee, school, paper, "", cite["website"], plan)


def _paper(payee: Row, school: Mapping | None, paper: str, needs: str, clause: str, plan: Plan) -> Row:
    who = {name: payee[name] for name in ("payee", "county", "code", "level")}
    of = {f"school_{name}": school[name] if school else "" for name in ("code", "name", "level")}
    sealed = needs or (SEAL if paper in plan.claim.also_sealed else "")
    return {**who, **of, "paper": paper, "clause": clause, "needs": sealed}
