"""Small tables for the rules of the closing: one county of two schools, one national school, all paid."""

from datetime import date, datetime

import pandas as pd

from mlbatch.finding import Place
from mlbatch.forms import all_forms
from mlbatch.plan import load_plan
from mlbatch.rules.rule import run_rules
from mlbatch.rules.yearend import CLOSING
from mlbatch.tables import PAID, Tables
from tests.rules.whole import whole

PLAN = load_plan()
IN_TIME, AFTER = date(2019, 2, 27), date(2019, 3, 10)
UPLOADED = datetime(2019, 2, 20, 10)
LEVEL = "國小"
HILL, LAKE, SEA = ("084601", LEVEL), ("084602", LEVEL), ("080601", LEVEL)
NAMES = {HILL: "縣立雲海國小", LAKE: "縣立松湖國小", SEA: "國立示範附小"}
COUNTY = ("南投縣", "", "")
FIELDS = [field.name for field in all_forms(PLAN)["settlement"].sheets[0].rows]
HEAD = [field.name for field in all_forms(PLAN)["settlement"].sheets[0].head]
CURRENT, CAPITAL = "經常門", "資本門"
LINES = (("", CURRENT), (HILL, CURRENT), (HILL, CAPITAL), (LAKE, CURRENT), (LAKE, CAPITAL))
PLANNED = {CURRENT: 160_000, CAPITAL: 40_000}  # of a school: 180,000 at 90 %
OWN = 60_000  # the county's: 54,000 at 90 %
TOP = 15  # the first row of a form's table, as people count


def school(key, **more):
    """A school of two classes with 180,000 of 200,000, of which 36,000 capital."""
    national = key == SEA
    return {
        "code": key[0], "level": key[1], "name": NAMES[key], "county": "南投縣", "national": national, "approved": 2,
        "grant": 180_000, "coach": 0, "current": 144_000, "capital": 36_000, "percent": 90, "plan_total": 200_000,
        "own_share": 20_000, "per_class": 60_000, "revised_file": f"{key[0]}.xlsx", **more,
    }  # fmt: skip


def payee(key=COUNTY, **more):
    """A payee that was paid in full."""
    granted = 414_000 if key == COUNTY else 180_000
    return {
        "payee": NAMES.get(key[1:], "南投縣政府"), "county": key[0], "code": key[1], "level": key[2],
        "schools": 2 if key == COUNTY else 1, "classes": 4, "current": 0, "capital": 0, "granted": granted,
        "paid_on": date(2018, 3, 1), "paid": None, "state": PAID, **more,
    }  # fmt: skip


def row(key, account, planned=None, **differs):
    """A line as it should be: everything spent, nothing returned."""
    code, level = key or ("", "")
    planned = planned or (PLANNED[account] if code else OWN)
    granted = planned * 9 // 10
    return {
        "school_code": code, "school_name": NAMES.get(key, ""), "school_level": level, "account": account,
        "planned": planned, "granted": granted, "paid": granted, "spent": planned, "left": "", "withdrawn": 0,
        "classes_due": 0, "refund": 0, "refunded_on": None, "reason": "", **differs,
    }  # fmt: skip


def form(rows=None, key=COUNTY, file="結算表.xlsx", **head):
    """A settlement; `rows` replace those that are right."""
    own = [row(*one) for one in (LINES if key == COUNTY else ((SEA, CURRENT), (SEA, CAPITAL)))]
    made = {
        "payee": NAMES.get(key[1:], "南投縣政府"), "county": key[0], "code": key[1], "level": key[2], "letter_number": "投府1號",
        "letter_date": date(2019, 2, 19), "officer": "林甲", "telephone": "049", "file": file, **head,
    }  # fmt: skip
    cells = {name: ("B", 4 + number) for number, name in enumerate(HEAD)}
    return {**made, "place": Place(file, "經費收支結算表", 4, cells)}, own if rows is None else rows


def changed(**by_line):
    """The county's lines, some changed: `changed(_1={...})` the second one."""
    rows = [row(*one) for one in LINES]
    for name, differs in by_line.items():
        rows[int(name[1:])] |= differs
    return rows


def duty(item, due, key=HILL, number=1, done=1, day=None, state="已完成", **more):
    """A duty of a school, or with key ("", "") of the county."""
    return {
        "code": key[0], "level": key[1], "name": NAMES.get(key, "南投縣"), "county": "南投縣", "national": key == SEA,
        "item": item, "cite": "附件1", "semester": "", "class_": "", "due": due, "number": number, "done": done,
        "day": day or due, "state": state, **more,
    }  # fmt: skip


def departure(key, change, day, classes=None, **more):
    """A row of 核定後異動."""
    return {
        "code": key[0], "level": key[1], "name": NAMES[key], "change": change, "classes": classes, "day": day,
        "reason": "教師異動", "letter_number": "投府2號", "place": Place("異動.xlsx", "核定後異動", 5, {}), **more,
    }  # fmt: skip


def tables(*forms, uploads=None, duties=None, gone=(), payees=None, schools=None, **more) -> Tables:
    """What CLOSING needs; each form was uploaded in time unless `uploads` says otherwise."""
    made_schools = pd.DataFrame([school(key) for key in (HILL, LAKE, SEA)] if schools is None else schools)
    made_payees = pd.DataFrame([payee(), payee(("", *SEA))] if payees is None else payees)
    files = [head["file"] for head, _ in forms]
    uploads = {name: UPLOADED for name in files} if uploads is None else uploads
    columns = ["file", "form", "recipient", "bucket", "why", "uploaded", "document"]
    made = Tables().put(
        schools=made_schools.astype({"approved": "Int64"}),
        payees=made_payees.astype({"paid": "Int64", "granted": "Int64", "paid_on": object}),
        counties=pd.DataFrame([{"county": "南投縣", "county_grant": 54_000, "reduction": 0, "workshop": 0,
                                "plan_total": 460_000, "notes": 0}]),
        papers_due=pd.DataFrame(columns=["county", "code", "level", "school_code", "school_level", "late", "received_on"]),
        files=pd.DataFrame([[name, "settlement", "", "收回", "", None, ""] for name in files], columns=columns, dtype=object),
        uploads=pd.DataFrame(list(uploads.items()), columns=["upload_name", "uploaded_at"], dtype=object), **more,
    )  # fmt: skip
    if duties is not None:
        made = made.put(duties=pd.DataFrame(duties))
    if gone:
        made = made.put(withdrawals=pd.DataFrame(gone, dtype=object).astype({"classes": "Int64"}))
    return made.put(**_forms(forms)) if forms else made


def _forms(forms) -> dict:
    rows = []
    for head, own in forms:
        for number, one in enumerate(own):
            cells = {name: (chr(65 + n), TOP + number) for n, name in enumerate(FIELDS)}
            rows.append(
                {
                    **one,
                    "file": head["file"],
                    "place": Place(head["file"], "經費收支結算表", TOP + number, cells),
                }
            )
    whole = dict.fromkeys(
        ("planned", "granted", "paid", "spent", "withdrawn", "classes_due", "refund"), "Int64"
    )
    columns = [name for name in FIELDS if name not in ("balance", "owed")]
    table = pd.DataFrame(rows, columns=[*columns, "file", "place"], dtype=object).astype(whole)
    return {"settlements": pd.DataFrame([head for head, _ in forms], dtype=object), "settlement_rows": table}


def closed(made, as_of=IN_TIME, plan=PLAN) -> Tables:
    """The tables after CLOSING."""
    return run_rules(CLOSING, made, plan, as_of)[0]


def found(made):
    """(id, cell) of each finding."""
    return [(one.kind.id, one.at.cell) for one in whole(made.findings)]


def state(made, key=COUNTY):
    """The row of a payee."""
    rows = made["payees"]
    own = rows[(rows["county"] == key[0]) & (rows["code"] == key[1]) & (rows["level"] == key[2])]
    return own.iloc[0]
