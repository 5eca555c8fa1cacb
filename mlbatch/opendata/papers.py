"""The papers of open data (開放資料之寫出): each table twice, the descriptor and the codebook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mlbatch import catalogue
from mlbatch.opendata.codes import code_lists
from mlbatch.opendata.fields import TABLES
from mlbatch.opendata.package import descriptor, to_csv, to_json
from mlbatch.opendata.results import results
from mlbatch.output import Paper
from mlbatch.plan import Plan
from mlbatch.tables import Tables
from mlbatch.workbooks.codebook import codebook

FOLDER = "開放資料"


def papers(tables: Tables, plan: Plan, as_of: date) -> Iterator[Paper]:
    """Every file of open data; none while a decision stands refused, for then a proposal would go out."""
    if _refused(tables):
        return
    rows = results(tables, plan, as_of)
    for table in TABLES:
        title = f"開放資料（{table.title}）"
        yield Paper(f"{FOLDER}/{table.title}.csv", to_csv(table, rows[table.name]), title)
        yield Paper(f"{FOLDER}/{table.title}.json", to_json(rows[table.name]), title)
    yield Paper(f"{FOLDER}/datapackage.json", descriptor(plan, as_of), "開放資料（欄位描述）")
    content = codebook(TABLES, code_lists(plan), rows["clauses"], plan, as_of)
    yield Paper(f"{FOLDER}/代碼簿.xlsx", content, "開放資料（代碼簿）")


def held_back(tables: Tables) -> list[tuple[str, list[str]]]:
    """What a clerk is to be told if open data is held back: (what, which); nothing otherwise."""
    return [("開放資料未寫出：裁示未採者更正後始寫出", found)] if (found := _refused(tables)) else []


def _refused(tables: Tables) -> list[str]:
    """The decisions that were refused; of one whose authority is not said the decision stands."""
    found = (
        one for one in tables.findings if one.kind.rule == "R8" and one.kind is not catalogue.R8_NO_AUTHORITY
    )
    return [one.sentence for one in sorted(found, key=lambda one: one.order)]
