"""A national month, made up: 22 counties, any number of schools, each with its plan workbook.

Everything is invented and derived from the school's number, so that the same arguments give the
same bytes. Score sheets are filled for the reviewers whom the batch itself assigned.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from mlbatch import batch
from mlbatch.forms import Form, all_forms, blank
from mlbatch.forms.score import criterion
from mlbatch.plan import Plan, load_plan
from mlbatch.rules import marks

AS_OF = date(2017, 12, 15)
UPLOADED = datetime(2017, 9, 28, 9)
REVIEWERS = 60


def make(folder: Path, schools: int, plan: Plan | None = None) -> int:
    """Write an inbox ready to award into `folder`; returns the number of files."""
    plan = plan or load_plan()
    forms = all_forms(plan)
    rows = [_school(plan, number) for number in range(schools)]
    files = {**_registers(plan, forms, rows), **dict(_submissions(plan, forms, rows))}
    files["清冊/上傳紀錄.xlsx"] = _register(forms, plan, "uploads", _uploads(files))
    _write(folder, files)
    files = dict(_scores(folder, plan, forms))
    _write(folder, files)
    return sum(path.is_file() for path in folder.rglob("*"))


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _school(plan: Plan, number: int) -> dict:
    """School `number`: its county in turn, one in five a junior high, some remote, some new."""
    counties = list(plan.counties.values())
    county = counties[number % len(counties)]
    serial = number // len(counties)
    level = "國中" if serial % 5 == 4 else "國小"
    prefix = county.prefixes[serial // 200 % len(county.prefixes)]
    kind = "5" if level == "國中" else "678"[serial // 100 % 3]
    return {
        "number": number,
        "code": f"{prefix}{'34'[serial // 300 % 2]}{kind}{serial % 100:02d}",
        "level": level,
        "name": f"示範{number:04d}{level}",
        "county": county.name,
        "rank": serial + 1,
        "requested": 1 + number % plan.classes.cap[level],
        "remote": number % 3 == 0,
        "new": number % 4 == 1,
        "grades": plan.schools.grades[level],
    }


def _registers(plan: Plan, forms: dict[str, Form], rows: list[dict]) -> dict[str, bytes]:
    """Every register the jobs need, as workbooks."""
    school = [{k: r[k] for k in ("county", "code", "name", "level")} for r in rows]
    told = list(zip(rows, school, strict=True))
    counties = list(plan.counties)
    day, early = date(2017, 10, 3), date(2017, 2, 20)
    data = {
        "directory": [{**s, "owner": "公立", "township": "示範區", "classes_in_grades": 12} for s in school],
        "remote": [{**s, "area_class": "偏遠"} for r, s in told if r["remote"]],
        "subsidised": [{**s, "classes": 1} for r, s in told if not r["new"]],
        "school_record": [
            {**s, "score": 60 + r["number"] % 40, "grade": "甲乙丙丁"[r["number"] % 4], "awards": r["number"] % 3}
            for r, s in told
        ],
        "incomplete": [],
        "deepening": [],
        "false_statements": [],
        "coaches": [],
        "workshops": [],
        "county_record": [
            {"county": c, "call": 90, "payment": 80 + i % 20, "closing": 85, "closed_105": early, "closed_all": early}
            for i, c in enumerate(counties)
        ],
        "letters_received": [
            {
                "sender": c, "letter_number": f"示範字第106{i:07d}號", "letter_date": day, "received_on": day,
                "codes": "、".join(s["code"] for s in school if s["county"] == c),
            }
            for i, c in enumerate(counties)
        ],
        "reviewers": [
            {"reviewer": f"R{i:02d}", "name": f"委員{i:02d}", "institution": f"示範大學{i:02d}", "county": counties[i % 22]}
            for i in range(REVIEWERS)
        ],
        "fiscal": [
            {"county": c, "grade": 3, "central_percent": 85, "from_year": 106, "to_year": 108} for c in counties
        ],
    }  # fmt: skip
    files = {
        f"清冊/{forms[name].title}.xlsx": _register(forms, plan, name, rows) for name, rows in data.items()
    }
    return files


def _register(forms: dict[str, Form], plan: Plan, name: str, rows: list[dict]) -> bytes:
    return blank.blank(forms[name], plan, recipient="本部", values={name: rows})


def _submissions(plan: Plan, forms: dict[str, Form], rows: list[dict]) -> Iterator[tuple[str, bytes]]:
    for county in plan.counties:
        own = [row for row in rows if row["county"] == county]
        if own:
            values = {"lists": [_list_head(county)], "listed": [_listed(row) for row in own]}
            yield (
                f"{county}/推薦學校名單_{county}.xlsx",
                blank.blank(forms["recommendation"], plan, recipient=county, values=values),
            )
        for row in own:
            content = blank.blank(
                forms["application"],
                plan,
                recipient=f"{row['code']}-{row['level']}",
                values=_plan_of(plan, row),
            )
            yield f"{county}/計畫書/{row['code']}_{row['name']}.xlsx", content


def _uploads(files: dict[str, bytes]) -> list[dict]:
    names = [name for name in files if not name.startswith("清冊/")]
    return [
        {"upload_name": name, "uploaded_at": UPLOADED, "uploaded_by": name.split("/")[0]} for name in names
    ]


def _list_head(county: str) -> dict:
    return {"county": county, "officer": "陳示範", "telephone": "(02)5550-0100", "email": "officer@example.tw",
            "letter_number": "", "letter_date": None}  # fmt: skip


def _listed(row: dict) -> dict:
    same = {k: row[k] for k in ("code", "name", "level", "requested")}
    return {
        **same,
        "county_rank": row["rank"],
        "claimed_new": row["new"],
        "claimed_remote": row["remote"],
        "reason": "設備完善，教師社群運作良好，推動成果豐碩。",
    }


def _plan_of(plan: Plan, row: dict) -> dict[str, list[dict]]:
    source = plan.schools.sources[0]
    essay = "以學習者為中心，運用教育雲資源與行動載具進行跨領域教學，逐步建立教師社群。" * 4
    basics = {k: row[k] for k in ("code", "name", "county", "level", "requested")}
    return {
        "plans": [
            {
                **basics, "principal": "林示範", "officer": "陳示範", "telephone": "(02)5550-0101",
                "email": "school@example.tw", "core_team": 6, "coverage": "全校", "network_source": source,
            }
        ],
        "devices": [{"device": "平板電腦", "count": 30, "source": source}],
        "classes": [
            {
                "semester": semester, "grade": row["grades"][i % len(row["grades"])], "section": f"{i + 1}班",
                "area": "數學", "teacher": f"示範師{i}", "pupils": 24,
            }
            for semester in plan.schools.semesters
            for i in range(row["requested"])
        ],
        "teaching": [dict.fromkeys(("goals", "design", "community", "assessment", "results"), essay)],
        "advisors": [
            {"advisor": "張示範", "institution": "示範大學", "post": "教授", "professor": True, "county": row["county"]}
        ],
        "costs": [
            {
                "item": "輔導費/諮詢費", "account": "經常門", "price": 2000, "quantity": 4, "measure": "人次",
                "amount": 8000, "fund": "補助", "note": "",
            }
            for _ in range(6)
        ],
    }  # fmt: skip


def _scores(folder: Path, plan: Plan, forms: dict[str, Form]) -> Iterator[tuple[str, bytes]]:
    """A filled score sheet for each reviewer, for the schools that the batch assigned."""
    month = batch.decide(batch.read(folder, plan, AS_OF), until="review")
    owed = marks.owed(month.tables).merge(month.tables["schools"][["code", "level", "name", "county"]])
    for reviewer, own in owed.groupby("reviewer", sort=True):
        rows = [{**row, **_marks_of(plan, row["code"])} for row in own.to_dict("records")]
        values = {"score_sheets": [{"reviewer": reviewer}], "scores": rows}
        yield f"評分表/{reviewer}.xlsx", blank.blank(forms["score"], plan, recipient=reviewer, values=values)


def _marks_of(plan: Plan, code: str) -> dict:
    """Both reviewers agree within the gap: every mark is the maximum less a little, by the code."""
    seed = int(code)
    return {
        criterion(i): most - (seed // 7**i) % (most // 4)
        for i, most in enumerate(plan.review.criteria.values(), 1)
    }
