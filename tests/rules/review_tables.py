"""Small tables for the rules of review: schools under review, reviewers, and score sheets that came back."""

from datetime import date

import pandas as pd

from mlbatch.finding import Finding, Place
from mlbatch.plan import Plan, Source, load_plan
from mlbatch.rules.review import REVIEW
from mlbatch.rules.rule import run_rules
from mlbatch.tables import QUALIFIED, Tables
from tests.rules.laws import law_of
from tests.rules.whole import whole

AS_OF = date(2017, 11, 1)
LEVEL = "國小"
PLAN = load_plan()
SHEET = "審查評分表"
LETTERS = {"code": "A", "criterion_1": "E", "criterion_2": "F", "criterion_3": "G", "criterion_4": "H",
           "total": "I", "recused": "K"}  # fmt: skip
SHARES = (40, 20, 20, 20)  # of the four criteria
ALL_80 = (32, 16, 16, 16)

law = law_of(40)


def plan_with(**changes) -> Plan:
    """The plan of 107 with office settings changed: `plan_with(review__gap=5)`."""
    source = Source("肆.五", "試", "試", True, "本部", "2017-12-01")
    return PLAN.with_settings({name.replace("__", "."): (value, source) for name, value in changes.items()})


def school(number: int, county="南投縣", **more) -> dict:
    """One school under review; its code follows its number unless given."""
    file, row = f"{county}.xlsx", number + 7
    return {
        "code": f"{80000 + number:06d}", "level": LEVEL, "name": f"第{number}國小", "county": county,
        "national": False, "county_rank": number, "verdict": QUALIFIED, "closed": True, "call": 1, "clause": "", "why": "",
        "list_place": Place(file, "推薦學校名單", row, {"code": ("B", row)}),
        "plan_place": Place(f"{number}.xlsx", "基本資料", 4, {"code": ("B", 4)}),
        "remote": False, "island": False, "few_resources": False, **more,
    }  # fmt: skip


def reviewer(number: int, county="金門縣", institution="示範大學") -> dict:
    """One reviewer; serves in Kinmen, where no school of these tests is, unless given."""
    return {
        "reviewer": f"R{number:02d}",
        "name": f"委員{number}",
        "institution": institution,
        "county": county,
    }


def sheet(who: str, *rows: dict, file: str = "") -> tuple[str, str, list[dict]]:
    """A score sheet that came back from `who`."""
    return file or f"{who}.xlsx", who, list(rows)


def score(number: int, criteria=ALL_80, total=None, comment="", recused=None, **more) -> dict:
    """One row of a score sheet, for the school of that number."""
    names = [f"criterion_{i}" for i in range(1, 5)]
    return {
        "code": f"{80000 + number:06d}", "level": LEVEL, "name": f"第{number}國小",
        **dict(zip(names, criteria, strict=True)),
        "total": total, "comment": comment, "recused": recused, **more,
    }  # fmt: skip


def marked(number: int, mark: int) -> dict:
    """A row whose criteria add up to `mark` (0 to 100)."""
    parts, rest = [], mark
    for most in SHARES:
        parts.append(min(most, rest))
        rest -= parts[-1]
    return score(number, tuple(parts))


def tables(schools, reviewers, sheets=(), *, records=(), counties=None, notes=None) -> Tables:
    """Tables ready for REVIEW.

    `records` are (number, score, awards); `counties` county → (call, payment, closing, closed_105),
    all at 80 and not closed unless given; `notes` county → number of notes.
    """
    names = sorted({row["county"] for row in schools if not row["national"]}, key=PLAN.county_order)
    counties = {name: (80, 80, 80, None) for name in names} if counties is None else counties
    made = Tables().put(
        schools=_frame(schools, county_rank="Int64", national=bool, remote=bool, island=bool, few_resources=bool),
        reviewers=_placed(reviewers, "審查委員.xlsx", "審查委員", {"reviewer": "A"}),
        counties=pd.DataFrame(
            {"county": names, "notes": pd.array([(notes or {}).get(name, 0) for name in names], "Int64")}
        ),
        county_record=_placed([_graded(*item) for item in counties.items()], "縣市.xlsx", "縣市結案紀錄", {}),
        school_record=pd.DataFrame(
            [(f"{80000 + number:06d}", LEVEL, points, awards) for number, points, awards in records],
            columns=["code", "level", "score", "awards"],
        ).astype({"score": "Int64", "awards": "Int64"}),
    )  # fmt: skip
    return made.put(**_sheets(sheets)) if sheets else made


def reviewed(schools, reviewers, sheets=(), plan=PLAN, **more) -> Tables:
    """The tables after all rules of review."""
    made, _ = run_rules(REVIEW, tables(schools, reviewers, sheets, **more), plan, AS_OF)
    return made


def found(of: Tables) -> list[tuple[str, str, str, str]]:
    """The findings as (kind, file, sheet, cell)."""
    return [(one.kind.id, one.at.file, one.at.sheet, one.at.cell) for one in whole(of.findings)]


def first(of: Tables, kind: str) -> Finding:
    """The first finding of a kind."""
    return next(one for one in of.findings if one.kind.id == kind)


def pairs(of: Tables, name="assignments", **where) -> dict[str, list[str]]:
    """Code → reviewers, of the rows of a table in which `where` holds."""
    chosen: dict[str, list[str]] = {}
    for row in of[name].to_dict("records"):
        if all(row[column] == value for column, value in where.items()):
            chosen.setdefault(row["code"], []).append(row["reviewer"])
    return chosen


def column(of: Tables, name: str, table="schools") -> list:
    """One column as a list."""
    return list(of[table][name])


def _frame(rows, **types) -> pd.DataFrame:
    return pd.DataFrame(list(rows), dtype=object).astype(types)


def _graded(county, grades) -> dict:
    return dict(zip(("county", "call", "payment", "closing", "closed_105"), (county, *grades), strict=True))


def _placed(rows, file, title, letters) -> pd.DataFrame:
    places = [
        Place(file, title, at, {name: (letter, at) for name, letter in letters.items()})
        for at, _ in enumerate(rows, 5)
    ]
    return _frame(rows).assign(place=places)


def _sheets(sheets) -> dict[str, pd.DataFrame]:
    heads, rows = [], []
    for file, who, scores in sorted(sheets, key=lambda one: one[0]):
        heads.append({"reviewer": who, "file": file, "place": Place(file, SHEET, 4, {"reviewer": ("B", 4)})})
        for at, row in enumerate(scores, 8):
            cells = {name: (letter, at) for name, letter in LETTERS.items()}
            rows.append({**row, "file": file, "place": Place(file, SHEET, at, cells)})
    whole = dict.fromkeys([*(f"criterion_{i}" for i in range(1, 5)), "total"], "Int64")
    return {"score_sheets": pd.DataFrame(heads), "scores": _frame(rows, **whole, recused="boolean")}
