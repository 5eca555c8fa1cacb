"""Invented schools: what the registers say of them, and what their plans hold."""

from __future__ import annotations

from datetime import date

from mlbatch.plan import Plan

# In a form that is filled for many, these words stand for a school's own (`filling`).
CODE, NAME, TELEPHONE, MAIL = "987654", "示範樣本", "(02)5999-9999", "sample@school.example"
FEW, OF_A_LEVEL = 99, {"國中": "12345", "國小": "67890"}
ESSAY = "以學習者為中心，運用教育雲資源與行動載具進行跨領域教學，逐步建立教師社群。" * 4


def school(plan: Plan, counties: list[str], number: int) -> dict:
    """School `number`: its county in turn, one in five a junior high, some remote, some new."""
    county, serial = plan.counties[counties[number % len(counties)]], number // len(counties)
    level = "國中" if serial % 5 == 4 else "國小"
    own = f"示範{number:04d}"
    return {
        "number": number,
        "code": _code(county.prefixes, level, serial // 5 if level == "國中" else serial - serial // 5),
        "level": level,
        "own": own,
        "name": f"{own}{level}",
        "county": county.name,
        "rank": serial + 1,
        "requested": 1 + number % plan.classes.cap[level],
        "remote": number % 3 == 0,
        "new": number % 4 == 1,
        "grades": plan.schools.grades[level],
        "telephone": f"(02)5{number // 10_000 % 900:03d}-{number % 10_000:04d}",
        "email": f"s{number}@school.example",
    }


def _code(prefixes: tuple[str, ...], level: str, place: int) -> str:
    """Six digits that no other school of the level and county has: 4,455 for each prefix."""
    place, last = divmod(place, FEW)
    place, kind = divmod(place, len(OF_A_LEVEL[level]))
    prefix, third = divmod(place, 9)
    return f"{prefixes[prefix]}{third + 1}{OF_A_LEVEL[level][kind]}{last + 1:02d}"


def registers(plan: Plan, counties: list[str], rows: list[dict], reviewers: int) -> dict[str, list[dict]]:
    """The rows of every register that the jobs need."""
    named = [{k: r[k] for k in ("county", "code", "name", "level")} for r in rows]
    told = list(zip(rows, named, strict=True))
    day, early = date(2017, 10, 3), date(2017, 2, 20)
    return {
        "directory": [{**s, "owner": "公立", "township": "示範區", "classes_in_grades": 12} for s in named],
        "remote": [{**s, "area_class": "偏遠"} for r, s in told if r["remote"]],
        "subsidised": [{**s, "classes": 1} for r, s in told if not r["new"]],
        "school_record": [
            {**s, "score": 60 + r["number"] % 40, "grade": "甲乙丙丁"[r["number"] % 4], "awards": r["number"] % 3}
            for r, s in told
        ],
        "incomplete": [], "deepening": [], "false_statements": [], "coaches": [], "workshops": [],
        "county_record": [
            {"county": c, "call": 90, "payment": 80 + i % 20, "closing": 85, "closed_105": early, "closed_all": early}
            for i, c in enumerate(counties)
        ],
        "letters_received": [
            {
                "sender": c, "letter_number": f"示範字第106{i:07d}號", "letter_date": day, "received_on": day,
                "codes": "、".join(s["code"] for s in named if s["county"] == c),
            }
            for i, c in enumerate(counties)
        ],
        "reviewers": [
            {"reviewer": f"R{i:02d}", "name": f"委員{i:02d}", "institution": f"示範大學{i:02d}",
             "county": counties[i % len(counties)]}
            for i in range(reviewers)
        ],
        "fiscal": [
            {"county": c, "grade": 3, "central_percent": 85, "from_year": 106, "to_year": 108} for c in counties
        ],
        "settings": [
            {"label": plan.sources["budget.total"].label, "value": f"{BUDGET}", "decided_by": "示範單位",
             "decided_on": date(2017, 8, 1), "why": "示範"}
        ],
    }  # fmt: skip


BUDGET = 10**9  # enough for some 4,000 schools


def plan_values(plan: Plan, row: dict, fault: str = "") -> dict[str, list[dict]]:
    """What a plan of that county, level and request holds, with words in place of the school's own."""
    source = plan.schools.sources[0]
    classes = [
        {
            "semester": semester, "grade": row["grades"][i % len(row["grades"])], "section": f"{i + 1}班",
            "area": "數學", "teacher": f"示範師{i}", "pupils": 24,
        }
        for semester in plan.schools.semesters
        for i in range(row["requested"])
    ]  # fmt: skip
    if fault == "a grade that is not in the plan":
        classes[0]["grade"] = 1
    return {
        "plans": [
            {
                "code": CODE, "name": f"{NAME}{row['level']}", "county": row["county"], "level": row["level"],
                "requested": row["requested"], "principal": "" if fault == "no principal" else "林示範",
                "officer": "陳示範", "telephone": TELEPHONE, "email": MAIL, "core_team": 6, "coverage": "全校",
                "network_source": source,
            }
        ],
        "devices": [{"device": "平板電腦", "count": 0 if fault == "no devices" else 30, "source": source}],
        "classes": classes[1:] if fault == "a class too few" else classes,
        "teaching": [dict.fromkeys(("goals", "design", "community", "assessment", "results"), ESSAY)],
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
