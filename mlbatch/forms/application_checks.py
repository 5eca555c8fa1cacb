"""What a school's plan shows of itself while it is filled (計畫書即時檢核): E1, E3 and E4 (肆.一, 肆.二)."""

from __future__ import annotations

from mlbatch import catalogue
from mlbatch.forms.across import Across, Refs, Seen, count, flat, flat_text, number, words
from mlbatch.plan import Plan

NO_NETWORK = "無"


def checks(plan: Plan) -> tuple[Across, ...]:
    """The rules of the plan that need no register."""
    semesters = plan.schools.semesters
    return (
        *(grade_check(level, grades) for level, grades in plan.schools.grades.items()),
        Across(
            "devices", "count", catalogue.E3_NO_DEVICES, "載具數量合計應為1以上", _no_devices, _none_counted
        ),
        Across(
            "plans", "coverage", catalogue.E3_NO_NETWORK, "實施班級須有無線網路",
            lambda refs: f'{flat(refs.row["coverage"])}="{NO_NETWORK}"',
            lambda seen, index: flat_text(seen.head("plans", "coverage")) == NO_NETWORK,
        ),
        *(_semester(one, semesters) for one in semesters),
        *(_number(one, semesters) for one in semesters),
    )  # fmt: skip


def grade_check(level: str, grades: tuple[int, ...], own: str = "") -> Across:
    """E1 for schools of `level`; `own` stands before the names of the tables."""
    plans, classes = f"{own}plans", f"{own}classes"

    def formula(refs: Refs) -> str:
        grade = refs.row["grade"]
        meant = f'{flat(refs.heads[plans, "level"])}="{level}"'
        return f"AND({meant},{grade}+0>0,SUMPRODUCT(--({grade}+0={words(*grades)}))=0)"

    def broken(seen: Seen, index: int) -> bool:
        grade = number(seen.row(classes, index).get("grade"))
        return flat_text(seen.head(plans, "level")) == level and bool(grade) and grade not in grades

    said = f"{level}應為{min(grades)}至{max(grades)}年級"
    return Across(classes, "grade", catalogue.E1_GRADE, said, formula, broken)


def _no_devices(refs: Refs) -> str:
    counts = refs.columns["devices", "count"]
    return f"AND({refs.is_first('devices')},SUM({counts})=0,COUNT({counts})={refs.filled('devices')})"


def _none_counted(seen: Seen, index: int) -> bool:
    counts = seen.column("devices", "count")
    return seen.is_first("devices", index) and all(
        isinstance(one, int | float) and one == 0 for one in counts
    )


def all_known(refs: Refs, semesters: tuple[str, ...], classes: str = "classes") -> str:
    """Whether every class that is listed has a semester that can be read."""
    column = refs.columns[classes, "semester"]
    known = "+".join(count(column, one) for one in semesters)
    return f"{known}={refs.filled(classes)}"


def held(seen: Seen, semester: str, semesters: tuple[str, ...], classes: str = "classes") -> int | None:
    """How many classes a semester has; None if a row's semester cannot be read."""
    column = [flat_text(one) for one in seen.column(classes, "semester")]
    return column.count(semester) if set(column) <= set(semesters) else None


def _semester(semester: str, semesters: tuple[str, ...]) -> Across:
    def formula(refs: Refs) -> str:
        none = f"{count(refs.columns['classes', 'semester'], semester)}=0"
        return f"AND({none},{all_known(refs, semesters)},{refs.is_first('classes')})"

    def broken(seen: Seen, index: int) -> bool:
        return held(seen, semester, semesters) == 0 and seen.is_first("classes", index)

    return Across("classes", "semester", catalogue.E4_SEMESTER, f"未列{semester}之班級", formula, broken)


def _number(semester: str, semesters: tuple[str, ...]) -> Across:
    def formula(refs: Refs) -> str:
        listed = count(refs.columns["classes", "semester"], semester)
        asked = f"{refs.row['requested']}+0"
        return f"AND({listed}>0,{asked}>0,{listed}<>{asked},{all_known(refs, semesters)})"

    def broken(seen: Seen, index: int) -> bool:
        listed, asked = held(seen, semester, semesters), number(seen.head("plans", "requested"))
        return bool(listed) and bool(asked) and listed != asked

    said = f"{semester}之實施班級數與申請班級數不同"
    return Across("plans", "requested", catalogue.E4_COUNT, said, formula, broken)
