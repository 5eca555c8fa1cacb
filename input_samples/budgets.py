"""Budgets of February (經費申請表): right ones, which the table `mistakes` changes.

The table `budgets` says who sent some: the day, how many of its schools, and whether the county's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from claims import cost, cost_lines
from documents import Document, Documents
from readable import FORMS, PLAN, Row, table
from returned import written

from mlbatch import batch
from mlbatch.forms import budget
from mlbatch.tables import Tables, records

AS_OF = date(2018, 2, 10)
BETWEEN = timedelta(minutes=3, seconds=5)
CONTACT = {"officer": "簡若水", "telephone": "(02)5550-0300 轉 7"}


def with_budgets(documents: Documents) -> Documents:
    """The documents and the budgets."""
    with TemporaryDirectory() as name:
        written(documents, Path(name))
        tables = batch.decide(batch.read(Path(name), PLAN, AS_OF), until="award").tables
    return {**documents, **dict(one for row in table("budgets") for one in _sent(row, tables))}


def _sent(row: Mapping[str, str], tables: Tables) -> Iterator[tuple[str, Document]]:
    at, payee = datetime.fromisoformat(row["uploaded"]), row["payee"]
    own = [one for one in records(tables["schools"]) if one["approved"] and payee == _payee(one)]
    folder = f"經費申請表/{own[0]['name'] if own[0]['national'] else payee}"
    for number, school in enumerate(own[: int(row["schools"])]):
        key = f"{school['code']}-{school['level']}"
        path = f"{folder}/{school['code']}_{school['name']}_{school['level']}.xlsx"
        one = Document(path, FORMS["budget"], key, _school(school))
        yield f"budget:{key}", replace(one, uploaded=at + number * BETWEEN, by=payee)
    if row["own"]:
        county = next(one for one in records(tables["counties"]) if one["county"] == payee)
        one = Document(f"{folder}/縣市經費申請表.xlsx", FORMS["county_budget"], payee, _county(county, own))
        yield f"county_budget:{payee}", replace(one, uploaded=at - BETWEEN, by=payee)


def _payee(school: Row) -> str:
    return f"{school['code']}-{school['level']}" if school["national"] else str(school["county"])


def _school(school: Row) -> dict[str, list[Row]]:
    values = budget.school_values(school)
    values["budgets"][0] |= CONTACT
    return {**values, "budget_lines": list(cost_lines(school, int(school["current"] + school["coach"])))}


def _county(county: Row, schools: list[Row]) -> dict[str, list[Row]]:
    share = int(county["own_share"]) - sum(int(one["own_share"]) for one in schools)
    values = budget.county_values(county, share)
    current = int(values["county_budgets"][0]["current"])
    values["county_budgets"][0] |= CONTACT
    lines = [
        cost("國內旅運費", "經常門", 1500, 10, "人次", "補助"),
        cost("膳費", "經常門", 80, 100, "人份", "補助"),
        cost("場地布置費", "經常門", current - 23_000, 1, "場", "補助"),
        cost("工作費/工讀費", "經常門", share, 1, "式", "自籌"),
    ]
    return {**values, "county_budget_lines": lines}
