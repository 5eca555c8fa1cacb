"""Small tables for the rules of payment: one county of two schools, one national school, all funded."""

from datetime import date, datetime

import pandas as pd

from mlbatch.finding import Place
from mlbatch.plan import load_plan
from mlbatch.rules.payment import PAYMENT
from mlbatch.rules.rule import run_rules
from mlbatch.tables import Tables
from tests.rules.whole import whole

PLAN = load_plan()
BEFORE, AFTER = date(2018, 1, 20), date(2018, 2, 10)  # of the papers' last day, 2018-01-31
DAY = date(2018, 1, 25)
LEVEL = "國小"
HILL, LAKE, SEA = ("084601", LEVEL), ("084602", LEVEL), ("080601", LEVEL)
NAMES = {HILL: "縣立雲海國小", LAKE: "縣立松湖國小", SEA: "國立示範附小"}
SEMESTERS = PLAN.schools.semesters
LIST_FIELDS = ("payee", "county", "code", "level", "paid_on", "paid")
ROW_FIELDS = (
    "school_code", "school_name", "school_level", "paper", "needs", "due", "received", "signed", "received_on", "note",
)  # fmt: skip
HEAD_FIELDS = ("code", "level", "name", "county", "approved", "current", "capital")


def school(key, approved=2, **more):
    """A school with a grant of 180,000, 36,000 of it capital."""
    grant = 180_000 if approved else 0
    return {
        "code": key[0], "level": key[1], "name": NAMES[key], "county": "南投縣", "national": key == SEA,
        "approved": approved, "grant": grant, "coach": 0, "current": 144_000 if approved else 0,
        "capital": 36_000 if approved else 0, **more,
    }  # fmt: skip


def place(file, sheet, row, fields):
    """Columns A, B, … in the order of `fields`."""
    return Place(file, sheet, row, {name: (chr(65 + n), row) for n, name in enumerate(fields)})


def checklist(file="檢核表.xlsx", county="南投縣", key=("", ""), rows=None, **head):
    """A checklist in which all papers that are due came on DAY and are signed; `rows` changes them."""
    made = {"payee": "南投縣政府" if county else NAMES[key], "county": county, "code": key[0], "level": key[1],
            "paid_on": None, "paid": None, **head}  # fmt: skip
    made["place"], made["file"] = place(file, "請款文件檢核表", 4, LIST_FIELDS), file
    return made, (rows if rows is not None else [row(*one) for one in due(county, key)])


def due(county, key):
    """(school, paper) of all that is due."""
    own = PLAN.papers.county if county else PLAN.papers.national
    keys = (HILL, LAKE) if county else (key,)
    yield from ((None, paper) for paper in own)
    yield from ((one, paper) for one in keys for paper in (*PLAN.papers.school, *PLAN.papers.website))


def row(key, paper, **differs):
    """One paper as it should be: received on DAY and signed."""
    code, level = key or ("", "")
    return {
        "school_code": code, "school_name": NAMES.get(key, ""), "school_level": level, "paper": paper,
        "needs": "", "due": True, "received": True, "signed": True, "received_on": DAY, "note": "", **differs,
    }  # fmt: skip


def revised(key, file=None, classes=(2, 2), current=144_000, capital=36_000, grade=4, **head):
    """A revised plan; as approved unless told otherwise."""
    file = file or f"{key[0]}.xlsx"
    made = {"code": key[0], "level": key[1], "name": NAMES[key], "county": "南投縣", "approved": 2,
            "current": 144_000, "capital": 36_000, **head}  # fmt: skip
    made |= {"file": file, "place": place(file, "基本資料", 4, HEAD_FIELDS)}
    listed = [
        {"semester": one, "grade": grade, "file": file, "place": place(file, "實施班級", 6 + n, ("semester", "grade"))}
        for n, one in enumerate(s for s, count in zip(SEMESTERS, classes, strict=True) for _ in range(count))
    ]  # fmt: skip
    costs = [
        {"account": account, "fund": fund, "amount": amount, "file": file, "place": None}
        for account, fund, amount in (("經常門", "補助", current), ("資本門", "補助", capital), ("經常門", "自籌", 9_999))
    ]  # fmt: skip
    return made, listed, costs


ALL_REVISED = tuple(map(revised, (HILL, LAKE, SEA)))


def tables(*, schools=None, lists=(), plans=ALL_REVISED, uploads=()) -> Tables:
    """What PAYMENT needs; `uploads` are (name, moment)."""
    rows = pd.DataFrame([school(key) for key in (HILL, LAKE, SEA)] if schools is None else list(schools))
    own = rows[~rows["national"]]
    granted = int(own["grant"].sum() + own["coach"].sum()) + 54_000
    counties = pd.DataFrame(
        [{"county": "南投縣", "approved_schools": int((own["approved"] > 0).sum()), "approved_classes": int(own["approved"].sum()),
          "county_grant": 54_000, "reduction": 0, "workshop": 0, "granted": granted}]
    )  # fmt: skip
    names = [one[0]["file"] for one in (*plans, *lists)]
    made = Tables().put(
        schools=rows, counties=counties,
        files=pd.DataFrame([{"file": n, "form": "x", "recipient": "", "bucket": "收回", "why": "", "uploaded": None, "document": ""} for n in names],
                           columns=["file", "form", "recipient", "bucket", "why", "uploaded", "document"], dtype=object),
        uploads=pd.DataFrame(list(uploads), columns=["upload_name", "uploaded_at"], dtype=object),
    )  # fmt: skip
    if plans:
        made = made.put(
            revised_plans=pd.DataFrame([one[0] for one in plans]),
            revised_classes=pd.DataFrame([each for one in plans for each in one[1]], columns=["semester", "grade", "file", "place"]),
            revised_costs=pd.DataFrame([each for one in plans for each in one[2]], columns=["account", "fund", "amount", "file", "place"]),
        )  # fmt: skip
    if lists:
        rows = [
            {**each, "file": head["file"], "place": place(head["file"], "請款文件檢核表", 13 + n, ROW_FIELDS)}
            for head, own in lists for n, each in enumerate(own)
        ]  # fmt: skip
        made = made.put(
            claims=pd.DataFrame([head for head, _ in lists]).astype({"paid": "Int64", "paid_on": object}),
            claim_rows=pd.DataFrame(rows, columns=[*ROW_FIELDS, "file", "place"]).astype({"due": "boolean", "received": "boolean", "signed": "boolean", "received_on": object}),
        )  # fmt: skip
    return made


def paid(made, as_of=AFTER) -> Tables:
    """The tables after PAYMENT, each of whose rules has run."""
    done, reports = run_rules(PAYMENT, made, PLAN, as_of)
    assert not [report.rule.title for report in reports if report.missing]
    whole(done.findings)
    return done


def found(made):
    """(id, cell) of each finding."""
    return [(one.kind.id, one.at.cell) for one in made.findings]


def told(made, kind):
    """(sentence, remedy, cell, school, county) of each finding of the kind `kind`."""
    own = [one for one in made.findings if one.kind.id == kind]
    return [(one.sentence, one.remedy, one.at.cell, one.school, one.county) for one in own]


def state(made, key=("南投縣", "")):
    """(state, why) of a payee, by county and code."""
    rows = made["payees"]
    one = rows[(rows["county"] == key[0]) & (rows["code"] == key[1])].iloc[0]
    return one["state"], one["why"]


NATIONAL = ("", SEA[0])
MOMENT = datetime(2018, 1, 24, 10)
COUNTY, NOBODY = "南投縣", ("", "")
OF_COUNTY, OF_SEA = len(list(due(COUNTY, NOBODY))), len(list(due("", SEA)))  # papers
UNSENT = {"received": pd.NA, "signed": pd.NA, "received_on": None}
ON_THE_DAY = PLAN.office.papers_due


def changed(*numbers, **differs):
    """The county's checklist with some rows changed, counted from 0."""
    head, rows = checklist()
    return head, [{**one, **(differs if n in numbers else {})} for n, one in enumerate(rows)]


def national(*numbers, **differs):
    """The national school's checklist with some rows changed."""
    head, rows = checklist("國立.xlsx", "", SEA)
    return head, [{**one, **(differs if n in numbers else {})} for n, one in enumerate(rows)]
