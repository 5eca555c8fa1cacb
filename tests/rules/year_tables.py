"""Small tables for the rules of the running year: one school with two approved classes, and its logbook."""

from datetime import date

import pandas as pd

from mlbatch.classroom import COLUMNS
from mlbatch.finding import Place
from mlbatch.plan import load_plan
from mlbatch.tables import Tables

PLAN = load_plan()
FIRST, SECOND = PLAN.schools.semesters
KEY = ("084601", "國小")
FILE = "紀錄簿.xlsx"
CELLS = {
    "entries": "item semester class_ month day title resource licence",
    "visits": "semester day advisor professor way about",
    "attended": "event day person role",
}
SHEETS = {"entries": "繳交紀錄", "visits": "輔導紀錄", "attended": "活動參與"}
BLANK = {
    "entries": {"item": "教師心得", "semester": FIRST, "class_": "5年1班", "day": date(2018, 4, 10),
                "resource": "未使用", "known_on": date(2018, 4, 30)},
    "visits": {"semester": FIRST, "day": date(2018, 3, 10), "advisor": "林甲", "professor": True, "way": "到校",
               "known_on": date(2018, 3, 31)},
    "attended": {"event": "", "day": date(2018, 1, 19), "person": "王甲", "role": "核心教師",
                 "known_on": date(2018, 1, 31)},
}  # fmt: skip


def tables(names=("5年1班", "6年1班"), approved=2, national=False, **rows) -> Tables:
    """One school with classes of these names; `entries`, `visits`, `attended`: what differs from the usual row."""
    code, level = KEY
    school = {"code": code, "level": level, "name": "縣立第1國小", "county": "南投縣", "national": national,
              "approved": approved}  # fmt: skip
    running = [
        {"code": code, "level": level, "semester": s, "class_": n, "names": (), "until": None}
        for s in (FIRST, SECOND)
        for n in names
    ]
    schools = pd.DataFrame([school]).astype({"approved": "Int64"})
    known = {name: _table(name, rows.get(name, ())) for name in CELLS}
    return Tables().put(schools=schools, running=pd.DataFrame(running, columns=list(COLUMNS)), **known)


def _table(name: str, rows) -> pd.DataFrame:
    columns = CELLS[name].split()
    made = [
        {
            **dict.fromkeys(columns, ""),
            **BLANK[name],
            "school": KEY,
            **row,
            "place": _place(name, number, columns),
        }
        for number, row in enumerate(rows, 5)
    ]
    return pd.DataFrame(made, columns=[*columns, "known_on", "school", "place"])


def _place(name: str, number: int, columns) -> Place:
    cells = {field: (chr(ord("A") + index), number) for index, field in enumerate(columns)}
    return Place(FILE, SHEETS[name], number, cells)


def told(findings):
    """What a test looks at: (id, sheet, cell)."""
    return [(one.kind.id, one.at.sheet, one.at.cell) for one in findings]


def states(done: Tables, item: str) -> list[tuple]:
    """The duties of an item: (semester, class, due, number, done, state)."""
    rows = done["duties"]
    columns = ["semester", "class_", "due", "number", "done", "state"]
    return list(rows.loc[rows["item"] == item, columns].itertuples(index=False, name=None))
