"""The year's record (年度紀錄) and who is put forward (優良候選): what next year's review reads (玖.三, 捌; Z4, Z5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from mlbatch.attending import is_meeting
from mlbatch.obligation import LATE as DONE_LATE
from mlbatch.obligation import OVERDUE
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import CLOSED, NOT_CLOSED, STILL_OPEN, Tables, records

UNDONE, LATE, MISSED, PAPERS, CLOSING = "未執行", "遲交", "缺席會議", "請款逾期", "結案逾期"
COUNTS = {"undone": UNDONE, "late": LATE, "missed": MISSED, "papers_late": PAPERS, "closing_late": CLOSING}
FULL = 100
Key = tuple[str, str]
Row = Mapping[str, object]


def record(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """Z4: tables `year_record` (schools with a grant) and `county_year` (counties), with score and grade.

    year_record: undone, late, missed, papers_late, closing_late (Int64 occurrences), awards, score (100 less
    `settling.points` for each, at least 0), grade. One item of one due day counts once, however many classes
    owe it; papers that came late on one day count once; the closing is the payee's, so only a national
    school's own. county_year: the same counts, call, payment and closing (0 to 100), closed_on, closed_all.
    """
    duties = [row for row in records(tables["duties"]) if row["due"] < as_of] if "duties" in tables else []
    gone = {
        (row["code"], row["level"]): row["day"]
        for row in records(tables["departures"])
        if row["change"] != "減班"
    }
    asked = [
        row
        for row in duties
        if not (gone.get((row["code"], row["level"])) and row["due"] > gone[row["code"], row["level"]])
    ]
    late = _late_papers(records(tables["papers_due"]))
    awards = _awards(tables)
    schools = [
        _school(row, asked, late, awards, tables, plan, as_of) for row in records(tables["school_closing"])
    ]
    counties = [
        _county(row, asked, late, tables, plan, as_of) for row in records(tables["payees"]) if row["county"]
    ]
    return tables.put(year_record=_frame(schools, SCHOOL), county_year=_frame(counties, COUNTY)), []


SCHOOL = ("county", "code", "level", "name", "national", *COUNTS, "awards", "score", "grade")
COUNTY = ("county", *COUNTS, "call", "payment", "closing", "closed_on", "closed_all")
TYPES = {
    **dict.fromkeys((*COUNTS, "awards", "score", "call", "payment", "closing"), "Int64"),
    "national": bool,
}


def _frame(rows: Sequence[Row], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return frame.astype({name: kind for name, kind in TYPES.items() if name in columns})


def _counts(own: Iterable[Row], plan: Plan) -> dict[str, int]:
    """How often something was not done, came late or was missed: one item of one day once."""
    found: dict[str, set] = {name: set() for name in ("undone", "late", "missed")}
    for row in own:
        over = "missed" if is_meeting(row["item"], plan) else "undone"
        sort = {OVERDUE: over, DONE_LATE: "late"}.get(row["state"], "")
        if sort:
            found[sort].add((row["item"], row["due"]))
    found["late"] -= found["undone"]
    return {name: len(pairs) for name, pairs in found.items()}


def _score(counts: Mapping[str, int], plan: Plan) -> int:
    return max(0, FULL - sum(plan.settling.points[COUNTS[name]] * number for name, number in counts.items()))


def grade(score: int, plan: Plan) -> str:
    """The grade whose lowest score is the highest that `score` reaches (配合等第)."""
    reached = [(low, name) for name, low in plan.settling.grades.items() if score >= low]
    return max(reached, default=(0, min(plan.settling.grades, key=plan.settling.grades.get)))[1]


# Schools -------------------------------------------------------------------------------------------


def _school(
    row: Row,
    duties: Sequence[Row],
    late: Mapping,
    awards: Mapping[Key, int],
    tables: Tables,
    plan: Plan,
    as_of: date,
) -> Row:
    key = row["code"], row["level"]
    counts = _counts((one for one in duties if (one["code"], one["level"]) == key), plan)
    counts["papers_late"] = len(late["school", *key])
    counts["closing_late"] = int(row["national"] and _is_late(tables, ("", *key)))
    score = _score(counts, plan)
    own = {name: row[name] for name in ("county", "code", "level", "name", "national")}
    return {**own, **counts, "awards": awards.get(key, 0), "score": score, "grade": grade(score, plan)}


def _late_papers(papers: Iterable[Row]) -> Mapping[tuple, set[date]]:
    """Whose papers came late on which days: by school, and by payee for all of its papers."""
    found: dict[tuple, set[date]] = defaultdict(set)
    for row in papers:
        if row["late"]:
            found["school", row["school_code"], row["school_level"]].add(row["received_on"])
            found["payee", row["county"], row["code"], row["level"]].add(row["received_on"])
            if row["code"]:
                found["school", row["code"], row["level"]].add(row["received_on"])
    return found


def _is_late(tables: Tables, payee: tuple[str, str, str]) -> bool:
    rows = tables["payees"]
    own = rows[(rows["county"] == payee[0]) & (rows["code"] == payee[1]) & (rows["level"] == payee[2])]
    return bool(len(own)) and own["closing_state"].iloc[0] not in (CLOSED, NOT_CLOSED)


def _awards(tables: Tables) -> dict[Key, int]:
    """School → how often it won in this year (register `prizes`, if it is there)."""
    found: dict[Key, int] = defaultdict(int)
    for row in records(tables["prizes"]) if "prizes" in tables else ():
        found[row["code"], row["level"]] += 1
    return found


# Counties ------------------------------------------------------------------------------------------


def _county(payee: Row, duties: Sequence[Row], late: Mapping, tables: Tables, plan: Plan, as_of: date) -> Row:
    """call: less the notes on its letter; payment: less papers that were late; closing: nothing while it is open."""
    name = payee["county"]
    counts = _counts((one for one in duties if not one["code"] and one["county"] == name), plan)
    counts["papers_late"] = len(late["payee", name, "", ""])
    counts["closing_late"] = int(_is_late(tables, (name, "", "")))
    rows = tables["counties"]
    notes = rows.loc[rows["county"] == name, "notes"] if "notes" in rows else []
    noted = int(notes.iloc[0]) if len(notes) and pd.notna(notes.iloc[0]) else 0
    of_closing = {key: counts[key] for key in ("undone", "late", "missed", "closing_late")}
    return {
        "county": name, **counts, "call": max(0, FULL - plan.record.note_penalty * noted),
        "payment": _score({"papers_late": counts["papers_late"]}, plan),
        "closing": 0 if payee["closing_state"] == STILL_OPEN else _score(of_closing, plan),
        "closed_on": payee["closed_on"], "closed_all": _closed_all(payee, tables),
    }  # fmt: skip


def _closed_all(payee: Row, tables: Tables) -> date | None:
    """The day on which the county had closed this year's and all earlier plans; None while one is open."""
    known = (
        tables["county_record"]
        if "county_record" in tables
        else pd.DataFrame(columns=["county", "closed_all"])
    )
    before = known.loc[known["county"] == payee["county"], "closed_all"]
    earlier = before.iloc[0] if len(before) else None
    return max(payee["closed_on"], earlier) if payee["closed_on"] and earlier else None


# Who is put forward --------------------------------------------------------------------------------


def candidates(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """Z5: tables `school_candidates`, `teacher_candidates`, `coach_candidates`, the best record first.

    Schools that are no coaches, have nothing open and `settling.candidate_from` points; teachers of these
    schools whose lesson plans or reflections stand in the plan; each coach with what is known of its duties.
    """
    coaches = _keys(tables, "coaches")
    complete = {(row["code"], row["level"]) for row in records(tables["school_closing"]) if row["complete"]}
    rows = sorted(records(tables["year_record"]), key=lambda row: -row["score"])
    good = [
        row
        for row in rows
        if (row["code"], row["level"]) in complete and row["score"] >= plan.settling.candidate_from
    ]
    schools = [row for row in good if (row["code"], row["level"]) not in coaches]
    names = ("county", "code", "level", "name", "score", "grade", "awards")
    return tables.put(
        school_candidates=pd.DataFrame(
            [{n: row[n] for n in names} for row in schools], columns=list(names), dtype=object
        ),
        teacher_candidates=_teachers(good, tables),
        coach_candidates=_coaches(rows, complete, coaches, tables),
    ), []


def _keys(tables: Tables, name: str) -> set[Key]:
    return (
        set(tables[name][["code", "level"]].itertuples(index=False, name=None)) if name in tables else set()
    )


def _teachers(good: Sequence[Row], tables: Tables) -> pd.DataFrame:
    """The teachers of the classes of these schools' revised plans, once each."""
    columns = ["county", "code", "level", "name", "teacher", "subjects", "classes"]
    files = dict(
        zip(zip(tables["schools"]["code"], tables["schools"]["level"], strict=True), tables["schools"]["revised_file"], strict=True)
    )  # fmt: skip
    taught = records(tables["revised_classes"]) if "revised_classes" in tables else []
    rows = []
    for school in good:
        own: dict[str, list[Row]] = defaultdict(list)
        for one in taught:
            if one["file"] == files.get((school["code"], school["level"])) and one["teacher"]:
                own[one["teacher"]].append(one)
        for teacher, classes in own.items():
            rows.append({
                **{name: school[name] for name in ("county", "code", "level", "name")}, "teacher": teacher,
                "subjects": "、".join(dict.fromkeys(one["area"] for one in classes if one["area"])),
                "classes": len({(one["grade"], one["section"]) for one in classes}),
            })  # fmt: skip
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _coaches(rows: Sequence[Row], complete: set[Key], coaches: set[Key], tables: Tables) -> pd.DataFrame:
    """Each coach: whether what it hands in is complete, and what its coaching duties say, if they are there."""
    open_: dict[Key, int] = defaultdict(int)
    for row in records(tables["coach_duties"]) if "coach_duties" in tables else ():
        open_[row["code"], row["level"]] += int(row["done"] < row["number"])
    columns = ["county", "code", "level", "name", "score", "complete", "coaching"]
    found = []
    for row in rows:
        key = row["code"], row["level"]
        if key in coaches:
            known = "coach_duties" in tables
            coaching = (
                "尚待輔導紀錄"
                if not known
                else "輔導事項齊備"
                if not open_[key]
                else f"輔導事項尚缺 {open_[key]} 項"
            )
            found.append(
                {**{n: row[n] for n in columns[:5]}, "complete": key in complete, "coaching": coaching}
            )
    return pd.DataFrame(found, columns=columns, dtype=object)
