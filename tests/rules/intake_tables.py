"""Small tables for the rules of intake: what counties and schools handed in, and the registers.

Every list, plan and register is faultless unless a test says otherwise; all were uploaded in time.
"""

from datetime import date, datetime

import pandas as pd

from mlbatch.finding import At, Finding, Place
from mlbatch.plan import load_plan
from mlbatch.rules.intake import INTAKE
from mlbatch.rules.rule import run_rules
from mlbatch.tables import Tables
from tests.rules.whole import whole

BEFORE, AFTER = date(2017, 9, 20), date(2017, 12, 15)
SENT = datetime(2017, 9, 15, 10)
PLAN = load_plan()
COUNTY = "南投縣"
LIST_FILE = "南投縣.xlsx"
LIST, BASICS, DEVICES, CLASSES = "推薦學校名單", "基本資料", "行動載具", "實施班級"

HEAD = {"county": "B", "officer": "B"}
ROW = {"county_rank": "A", "code": "B", "name": "C", "level": "D", "requested": "E", "claimed_new": "F",
       "claimed_remote": "G", "reason": "H"}  # fmt: skip
PLAN_ROWS = {"code": 4, "name": 5, "county": 6, "level": 7, "principal": 8, "officer": 9, "telephone": 10,
             "email": 11, "core_team": 12, "requested": 13, "coverage": 14, "network_source": 15}  # fmt: skip
TYPES = {"county_rank": "Int64", "requested": "Int64", "count": "Int64", "year": "Int64",
         "classes_in_grades": "Int64", "claimed_new": "boolean", "claimed_remote": "boolean"}  # fmt: skip
REGISTERS = {
    "directory": "county code name level owner township classes_in_grades",
    "remote": "county code name level",
    "subsidised": "county code name level",
    "incomplete": "year county code name level",
    "deepening": "county code name level",
    "false_statements": "county code name level found_on why",
    "school_record": "code level grade",
    "uploads": "upload_name uploaded_at uploaded_by",
    "letters_received": "sender received_on codes corrected_on",
    "waivers": "rule code level authority letter_number reason decided_on",
}
NOT_NEEDED = {"second_calls": "county announced closing letter_number reason"}
COLUMNS = {
    "lists": "county officer",
    "listed": " ".join(ROW),
    "plans": " ".join(PLAN_ROWS),
    "devices": "device count source",
    "classes": "semester grade",
}


def school(number: int, county=COUNTY, level="國小", **more) -> dict:
    """One school of the directory; its code follows its number, its prefix its county."""
    kind = "6" if level == "國小" else "5"
    code = f"{PLAN.counties[county].prefixes[0]}4{kind}{number:02d}"
    return {
        "county": county, "code": code, "name": f"縣立第{number}{level}", "level": level, "owner": "公立",
        "township": "示範鄉", "classes_in_grades": 8, **more,
    }  # fmt: skip


def row(of: dict, rank=1, requested=2, **more) -> dict:
    """A school's row of its county's list."""
    same = {name: of[name] for name in ("code", "name", "level")}
    return {
        "county_rank": rank, **same, "requested": requested, "claimed_new": None, "claimed_remote": None,
        "reason": "課程具特色。", **more,
    }  # fmt: skip


def listing(*rows, county=COUNTY, file="", recipient="") -> dict:
    """A county's list."""
    return {"file": file or f"{county}.xlsx", "county": county, "rows": rows, "recipient": recipient}


def application(of: dict, requested=2, *, file="", recipient="", counts=(30,), classes=None, **head) -> dict:
    """A school's plan: `counts` of devices, `classes` as (semester, grade); both as asked for unless given."""
    grade = PLAN.schools.grades.get(of["level"], [3])[0]
    if classes is None:
        classes = [(semester, grade) for semester in PLAN.schools.semesters for _ in range(requested or 0)]
    same = {name: of[name] for name in ("code", "name", "county", "level")}
    said = {
        **dict.fromkeys(PLAN_ROWS, ""), **same, "officer": "陳示範", "requested": requested, "coverage": "全校", **head,
    }  # fmt: skip
    return {
        "file": file or f"{of['code']}-{of['level']}.xlsx", "head": said, "counts": counts, "classes": classes,
        "recipient": recipient,
    }  # fmt: skip


def letter(sender=COUNTY, codes="", received_on=date(2017, 10, 3), corrected_on=None) -> dict:
    """A letter that the ministry received."""
    return {"sender": sender, "codes": codes, "received_on": received_on, "corrected_on": corrected_on}


def upload(file: str, at: datetime | None, by="") -> dict:
    """A row of the upload register."""
    return {"upload_name": file, "uploaded_at": at, "uploaded_by": by}


def tables(lists=(), plans=(), *, findings=(), order=None, **registers) -> Tables:
    """Tables as the reader gives them; without a register `uploads` each file was uploaded in time.

    `order` shuffles the rows of every table, any number.
    """
    made = _files(lists, plans) | _lists(lists) | _plans(plans)
    files = made["files"]["file"]
    rows = {"uploads": [upload(file, SENT) for file in files], **registers}
    made |= {name: register(name, rows.get(name, ())) for name in REGISTERS}
    made |= {name: register(name, rows[name]) for name in NOT_NEEDED if name in rows}
    if order is not None:
        made = {name: one.sample(frac=1, random_state=order, ignore_index=True) for name, one in made.items()}
    return Tables(findings=tuple(findings)).put(**made)


def intake(of: Tables, as_of=AFTER, until="") -> Tables:
    """The tables after all rules of intake, or those up to and with the title `until`; all can be told."""
    titles = [rule.title for rule in INTAKE]
    rules = INTAKE[: titles.index(until) + 1] if until else INTAKE
    done, reports = run_rules(rules, of, PLAN, as_of)
    assert not [report.rule.title for report in reports if report.missing]
    whole(done.findings)
    return done


def found(of: Tables, *prefixes: str) -> list[tuple[str, str, str]]:
    """The findings as (kind, sheet, cell), in their stated order; of some rules only."""
    chosen = sorted(whole(of.findings), key=lambda one: (one.at.file, one.order))
    chosen = [one for one in chosen if not prefixes or one.kind.id.startswith(prefixes)]
    return [(one.kind.id, one.at.sheet, one.at.cell) for one in chosen]


def first(of: Tables, kind: str) -> Finding:
    """The first finding of a kind."""
    return next(one for one in of.findings if one.kind.id == kind)


def by_code(of: Tables, *columns: str) -> dict[str, object]:
    """Code → the value of a column of `schools`, or the values of several."""
    schools = of["schools"].astype(object)
    values = zip(*(schools[name] for name in columns), strict=True)
    return {
        code: value if len(columns) > 1 else value[0]
        for code, value in zip(schools["code"], values, strict=True)
    }


def register(name: str, rows) -> pd.DataFrame:
    """A register; its rows stand from row 6 on, its fields in columns A, B …"""
    columns = {**REGISTERS, **NOT_NEEDED}[name].split()
    letters = {column: chr(ord("A") + i) for i, column in enumerate(columns)}
    placed = [
        {
            **{column: one.get(column) for column in columns},
            "place": _place(f"{name}.xlsx", name, number, letters),
        }
        for number, one in enumerate(rows, 6)
    ]
    return _frame(placed, columns)


def at_list(row: int, field: str, file=LIST_FILE) -> At:
    """A cell of a list; its first school stands in row 12."""
    return At(file, LIST, ROW[field], row)


def _files(lists, plans) -> dict[str, pd.DataFrame]:
    forms = [(one, "recommendation") for one in lists] + [(one, "application") for one in plans]
    rows = [
        {
            "file": one["file"],
            "form": form,
            "recipient": one["recipient"],
            "modified": SENT,
            "bucket": "",
            "why": "",
        }
        for one, form in sorted(forms, key=lambda pair: pair[0]["file"])
    ]
    columns = ["file", "form", "recipient", "modified", "bucket", "why"]
    return {"files": pd.DataFrame(rows, columns=columns, dtype=object)}


def _lists(lists) -> dict[str, pd.DataFrame]:
    if not lists:
        return {}
    heads, rows = [], []
    for one in lists:
        place = Place(one["file"], LIST, 4, {"county": ("B", 4), "officer": ("B", 5)})
        heads.append({"county": one["county"], "officer": "林示範", "file": one["file"], "place": place})
        for number, school in enumerate(one["rows"], 12):
            rows.append({**school, "file": one["file"], "place": _place(one["file"], LIST, number, ROW)})
    return {"lists": _frame(heads, COLUMNS["lists"].split(), True), "listed": _frame(rows, list(ROW), True)}


def _plans(plans) -> dict[str, pd.DataFrame]:
    if not plans:
        return {}
    heads, devices, classes = [], [], []
    for one in plans:
        file = one["file"]
        cells = {name: ("B", number) for name, number in PLAN_ROWS.items()}
        heads.append({**one["head"], "file": file, "place": Place(file, BASICS, 4, cells)})
        for number, count in enumerate(one["counts"], 5):
            place = _place(file, DEVICES, number, {"device": "A", "count": "B", "source": "C"})
            devices.append(
                {"device": "平板電腦", "count": count, "source": "學校自籌", "file": file, "place": place}
            )
        for number, (semester, grade) in enumerate(one["classes"], 5):
            place = _place(file, CLASSES, number, {"semester": "A", "grade": "B"})
            classes.append({"semester": semester, "grade": grade, "file": file, "place": place})
    return {
        "plans": _frame(heads, list(PLAN_ROWS), True),
        "devices": _frame(devices, COLUMNS["devices"].split(), True),
        "classes": _frame(classes, COLUMNS["classes"].split(), True),
    }


def _place(file: str, sheet: str, number: int, letters: dict[str, str]) -> Place:
    return Place(file, sheet, number, {name: (letter, number) for name, letter in letters.items()})


def _frame(rows, columns: list[str], filed=False) -> pd.DataFrame:
    names = [*columns, *(["file"] if filed else []), "place"]
    types = TYPES | ({"grade": "Int64"} if filed else {})  # in a register it is 甲 to 丁
    return pd.DataFrame(
        {name: pd.Series([one[name] for one in rows], dtype=types.get(name, object)) for name in names}
    )
