"""November: a county is called again (再次徵件), and recommends a school that had not applied."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from documents import FINAL, Document, Documents, register, year
from plans import filled_plan
from readable import APPLICATIONS, BY_KEY, FORMS

COUNTY = "嘉義市"
MODEL, SCHOOL = ("204698", "國小"), ("204696", "國小")  # whose plan it resembles, and the school
SENT = datetime(2017, 11, 8, 9, 20)
CALL = {
    "county": COUNTY, "announced": date(2017, 11, 1), "closing": datetime(2017, 11, 15, 17),
    "letter_number": "臺教資(三)字第1060001101號", "reason": "該市首次核列校數較少，為兼顧各縣市分布，請再行提報。",
}  # fmt: skip


def called_again() -> Documents:
    """The ministry's registers, what the county handed in first, and what it handed in again."""
    first = {
        key: one
        for key, one in year(FINAL).items()
        if key.startswith("register:") or one.by == COUNTY or one.recipient == COUNTY
    }
    return {**first, "register:second_calls": register("second_calls", [CALL]), **_again(first)}


def _again(first: Documents) -> Documents:
    number = next(i for i, row in enumerate(APPLICATIONS) if (row["code"], row["level"]) == MODEL)
    school = BY_KEY[SCHOOL]
    same = {name: school[name] for name in ("code", "name", "level")}
    values = filled_plan(APPLICATIONS[number])
    values["plans"] = [{**values["plans"][0], **same}]
    key = "-".join(SCHOOL)
    plan = Document(f"{COUNTY}/再次提報/{school['name']}.xlsx", FORMS["application"], key, values)
    model = first[f"list:{COUNTY}"]
    row = {
        **model.values["listed"][-1],
        **same,
        "county_rank": 1,
        "claimed_new": True,
        "claimed_remote": False,
    }
    rows = {"lists": model.values["lists"], "listed": [row]}
    listed = Document(f"{COUNTY}/再次提報/推薦學校名單.xlsx", FORMS["recommendation"], COUNTY, rows)
    return {
        f"list:{COUNTY} 再次": replace(listed, uploaded=SENT, by=COUNTY),
        f"plan:{key}": replace(plan, uploaded=SENT + timedelta(minutes=3), by=COUNTY),
    }
