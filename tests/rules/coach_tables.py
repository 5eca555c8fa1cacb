"""Small tables for the rules of coach schools: schools by number, coaches, new schools, and what a record holds."""

from datetime import date

import pandas as pd

from mlbatch.classroom import COLUMNS
from mlbatch.finding import Place
from mlbatch.plan import load_plan
from mlbatch.rules import coach_duties, coach_pairs, coach_schools
from mlbatch.tables import Tables
from tests.rules.whole import whole

PLAN = load_plan()
FIRST, SECOND = PLAN.schools.semesters
LEVEL = "國小"
END = date(2018, 12, 31)
SCHOOL_COLUMNS = ("county", "code", "name", "level")
CELLS = {
    "coaches": SCHOOL_COLUMNS, "winners": (*SCHOOL_COLUMNS, "group"), "prizes": (*SCHOOL_COLUMNS, "group"), "entrants": SCHOOL_COLUMNS,
    "former_coaches": (*SCHOOL_COLUMNS, "coached_code", "coached_name", "coached_level", "report", "complete", "again"),
    "coach_pairs": ("code", "name", "level", "coached_county", "coached_code", "coached_name", "coached_level", "decided_on", "reason"),
    "coach_wishes": ("wish", "county", "code", "reason"),
    "coach_shown": ("day", "title", "way", "venue", "schools", "outsiders"),
    "coach_acts": ("semester", "day", "code", "level", "way", "about"),
    "coach_events": ("event", "day", "person", "about"),
    "coach_reports": ("item", "day", "title", "licence"),
    "sessions": ("session", "event", "day"), "signed_in": ("session", "code", "name", "level", "person"),
}  # fmt: skip
FILES = {
    "coaches": "教練學校.xlsx",
    "coach_pairs": "教練配對.xlsx",
    "prizes": "優良學校.xlsx",
    "entrants": "報名.xlsx",
}


def code(number):
    return f"{number:06d}"


def key(number):
    return code(number), LEVEL


def school(number, county, *, new=False, approved=2, national=False, island=False, rank=None):
    """One school; `approved` 0 is one that gets nothing."""
    return {
        "code": code(number), "level": LEVEL, "name": f"第{number}國小", "county": county, "national": national, "new": new,
        "island": island, "approved": approved, "rank": number if rank is None else rank,
    }  # fmt: skip


def coach(number, county, **more):
    return school(number, county, **more)


def novice(number, county, **more):
    return school(number, county, new=True, **more)


def tables(schools, *, coaches=(), applied=None, **rows) -> Tables:
    """Schools, the numbers of those listed as coaches, applications by number → wishes, and rows of other tables."""
    made = pd.DataFrame(schools).astype({"approved": "Int64", "rank": "Int64"})
    by = {row["code"]: row for row in schools}
    listed = [
        {name: by[code(n)][name] if code(n) in by else dict(county="", code=code(n), name=f"第{n}國小", level=LEVEL)[name]
         for name in SCHOOL_COLUMNS} for n in coaches
    ]  # fmt: skip
    running = [
        {"code": row["code"], "level": LEVEL, "semester": s, "class_": "5年1班", "names": (), "until": None}
        for row in schools if row["approved"] for s in (FIRST, SECOND)
    ]  # fmt: skip
    known = {"coaches": listed, **rows}
    found = Tables().put(
        schools=made,
        running=pd.DataFrame(running, columns=list(COLUMNS)),
        **{name: frame(name, own) for name, own in known.items()},
    )
    return found.put(**_applications(applied)) if applied is not None else found


def frame(name, rows):
    """Rows of a table, each with the place where a workbook has it: from row 6 on, column A first."""
    columns = CELLS[name]
    whole = dict.fromkeys({"again", "wish", "schools", "outsiders"} & set(columns), "Int64")
    file = FILES.get(name, "紀錄.xlsx")
    made = [
        {**dict.fromkeys(columns), **row,
         "place": Place(file, name, number, {field: (chr(65 + n), number) for n, field in enumerate(columns)})}
        for number, row in enumerate(rows, 6)
    ]  # fmt: skip
    extra = ["file"] if name == "coach_wishes" else ["school", "known_on"]
    return pd.DataFrame(made, columns=[*columns, *extra, "place"], dtype=object).astype(whole)


def _applications(applied):
    heads = [
        {
            "school": key(n),
            "file": f"{n}.xlsx",
            "place": Place(f"{n}.xlsx", "申請資料", 4, {"code": ("B", 4)}),
        }
        for n in applied
    ]
    wishes = [
        {"wish": place, "county": county, "code": wanted, "file": f"{n}.xlsx"}
        for n, own in applied.items()
        for place, (county, wanted) in enumerate(own, 1)
    ]
    return {
        "coach_applications": pd.DataFrame(heads, columns=["school", "file", "place"], dtype=object),
        "coach_wishes": frame("coach_wishes", wishes),
    }


def won(number, group="一般組"):
    return {"code": code(number), "level": LEVEL, "name": f"第{number}國小", "county": "", "group": group}


def former(number, coached, *, report=True, complete=True, again=0):
    """A row of last year's coaches."""
    return {
        "code": code(number), "level": LEVEL, "coached_code": code(coached), "coached_level": LEVEL, "report": report,
        "complete": complete, "again": again,
    }  # fmt: skip


def pair(number, coached, decided_on=date(2018, 3, 1)):
    """A row of the ministry's pairs."""
    return {
        "code": code(number), "name": f"第{number}國小", "level": LEVEL, "coached_code": code(coached),
        "coached_name": f"第{coached}國小", "coached_level": LEVEL, "decided_on": decided_on,
    }  # fmt: skip


def entry(number, day, known_on=None, **fields):
    """A row of a record, by default handed in at the end of its month."""
    return {
        "school": key(number),
        "day": day,
        "known_on": known_on or max(day, date(day.year, day.month, 28)),
        **fields,
    }


def qualified(made, as_of=END):
    return coach_schools.qualification(made, PLAN, as_of)


def paired(made, as_of=END, plan=PLAN):
    """After K1 and K2: the tables, and the findings of K2."""
    made, _ = coach_schools.qualification(made, plan, as_of)
    return coach_pairs.pairing(made, plan, as_of)


def tracked(made, as_of=END, plan=PLAN):
    """After K1 to K3: the tables, and the findings of K3."""
    made, _ = paired(made, as_of, plan)
    return coach_duties.of_coaches(made, plan, as_of)


def told(findings):
    """(id, file, cell) of each finding."""
    return [(one.kind.id, one.at.file, one.at.cell) for one in whole(findings)]


def pairs(made):
    """(coach, school, state) of each pair, in the order of their numbers."""
    rows = made["coached"][["coach_code", "code", "state"]]
    return sorted((int(one), int(other), state) for one, other, state in rows.itertuples(index=False))
