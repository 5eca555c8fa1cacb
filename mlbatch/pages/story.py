"""One school's whole story (各校決定之經過): each step with its clause and its sum.

The same steps stand in decisions.json, are printed by `mlbatch explain`, and repeat what the
workbooks show; an auditor needs the output folder only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from mlbatch.again import kept
from mlbatch.finding import Finding
from mlbatch.plan import Plan
from mlbatch.readable import to_json
from mlbatch.tables import QUALIFIED, WAITING, Tables, records

TABLES = ("schools", "marks")
Step = dict[str, str]  # 事項, 說明, 依據


@kept
def told(tables: Tables, plan: Plan) -> bytes:
    """decisions.json: the stories of all schools of `tables` (see `TABLES`), in the order of the table `schools`."""
    return to_json({"plan": plan.title, "schools": stories(tables, plan)})


def stories(tables: Tables, plan: Plan) -> Iterator[dict[str, object]]:
    """The story of each school: its code, level, name and county, and its steps."""
    told, marks = _by_school(tables), _marks(tables)
    for row in records(tables["schools"]):
        key = row["code"], row["level"]
        own = {name: row[name] for name in ("code", "level", "name", "county")}
        yield {**own, "steps": list(_steps(row, told[key], marks[key], plan))}


def _by_school(tables: Tables) -> dict[tuple[str, str], list[Finding]]:
    told: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in sorted(tables.findings, key=lambda finding: finding.order):
        told[finding.school].append(finding)
    return told


def _marks(tables: Tables) -> dict[tuple[str, str], list[str]]:
    marks: dict[tuple[str, str], list[str]] = defaultdict(list)
    if "marks" in tables:
        frame = tables["marks"].sort_values(["code", "level", "reviewer"])
        for code, level, reviewer, total in frame[["code", "level", "reviewer", "total"]].itertuples(
            index=False
        ):
            marks[code, level].append(f"{reviewer}：{total} 分")
    return marks


def _steps(row: dict, findings: list[Finding], marks: list[str], plan: Plan) -> Iterator[Step]:
    yield _step("送件", _filed(row), "肆.四")
    for finding in findings:
        place = "，".join(part for part in (finding.at.file, finding.at.sheet, finding.at.cell) if part)
        yield _step(
            f"檢核發現（{finding.kind.severity}）", f"{finding.sentence}［{place}］", finding.kind.cite
        )
    if row["waived"]:
        yield _step("豁免與裁示", f"{row['waived']}。", "肆.四(四)4")
    yield _step("資格審查", f"{row['verdict']}。{row['why']}", row["clause"] or "肆.一")
    if row["verdict"] != QUALIFIED:
        return
    yield _step("班級數上限", _allowed(row), "肆.六")
    if _has(row, "rank"):
        yield from _ranking(row, marks, plan)
    if _has(row, "outcome"):
        yield from _award(row, plan)


def _filed(row: dict) -> str:
    listed = f"推薦序第 {row['county_rank']}" if _has(row, "county_rank") else "未列於推薦名單"
    listed = "國立學校，自行送件" if row["national"] else listed
    plan = f"計畫書 {row['plan_file']}" if row["plan_file"] else "無計畫書"
    return f"{listed}；{plan}。"


def _allowed(row: dict) -> str:
    """The minimum of what binds, less the reduction, as it can be said on the telephone."""
    limits = [f"申請 {row['requested']} 班", f"{row['level']}上限 {row['level_cap']} 班"]
    if _has(row, "new_cap"):
        limits.append(f"新申請{'偏遠' if row['remote'] else '非偏遠'}上限 {row['new_cap']} 班")
    if _has(row, "cut_to_have"):
        limits.append(f"現有 {row['cut_to_have']} 班")
    less = f"，配合度{row['grade']}等減 {row['reduction']} 班（至少留 1 班）" if row["reduction"] else ""
    return f"{'、'.join(limits)}，取最小{less}，核計 {row['allowed']} 班。"


def _ranking(row: dict, marks: list[str], plan: Plan) -> Iterator[Step]:
    used = "corrected_content" if plan.review.correct_severity else "content"
    both = f"（未校正平均 {row['content']}）" if used != "content" else ""
    yield _step("委員評分", f"{'；'.join(marks)}；平均 {row[used]} 分{both}。", "肆.五(一)")
    parts = zip(plan.review.weights.items(), ("content", "record", "resources", "cooperation"), strict=True)
    sums = [
        f"{label} {row[used if name == 'content' else name]}×{weight}%＝{row[name + '_points']}"
        for (label, weight), name in parts
    ]
    absent = f"（無{plan.schools.record_year}年紀錄，執行成果以中位數計）" if row["record_absent"] else ""
    yield _step("總分", f"{'；'.join(sums)}；合計 {row['total']} 分{absent}。", "肆.五")
    tie = f"同分，依{row['tie_break']}定序。" if row["tied"] else ""
    yield _step("名次", f"第 {row['rank']} 名。{tie}", "肆.五")


def _award(row: dict, plan: Plan) -> Iterator[Step]:
    waiting = f"第 {row['waiting']} 位" if row["proposed_outcome"] == WAITING and _has(row, "waiting") else ""
    why = "" if row["decided"] else row["outcome_why"]  # a decision gives its own reason below
    why = why if row["approved"] == row["awarded"] else ""  # a change does so as well
    words = f"{row['proposed_outcome']}{waiting}，{row['proposed']} 班。{why}"
    yield _step("核定建議", words, (row["outcome_clause"] if why else "") or "柒.三")
    if row["decided"]:
        by = f"（{row['authority']}）" if row["authority"] else ""
        yield _step("本部裁示", f"核定 {row['awarded']} 班。理由：{row['reason']}{by}", "肆.五")
    if row["approved"] != row["awarded"]:
        yield _step("核定後異動", row["outcome_why"], row["outcome_clause"])
    if row["approved"]:
        yield _step("補助經費", _grant(row), "柒.三(一)")
        yield _step("經資門", f"經常門 {row['current']:,} 元，資本門 {row['capital']:,} 元。", "肆.四(四)1")
        share = (
            f"補助比率 {row['percent']}%，計畫總額 {row['plan_total']:,} 元，自籌 {row['own_share']:,} 元。"
        )
        yield _step("自籌", share, "柒.一")
        if row.get("revised_state"):
            yield _step("修正計畫書", f"{row['revised_state']}。", "肆.七(二)")


def _grant(row: dict) -> str:
    words = f"差旅輔導費 {row['fee']:,}＋{row['approved']} 班×{row['per_class']:,}＝{row['grant']:,} 元。"
    return words + (f"另教練學校補助 {row['coach']:,} 元。" if row["coach"] else "")


def _has(row: dict, name: str) -> bool:
    """Whether the row has a value there: neither missing column, None nor NA."""
    value = row.get(name)
    return not pd.isna(value) and value != ""


def _step(topic: str, words: str, cite: str) -> Step:
    return {"事項": topic, "說明": words, "依據": cite}
