"""Templates prefilled for those who fill them (預填範本): a county's list, a school's plan."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mlbatch.forms.blank import blank
from mlbatch.forms.form import Form
from mlbatch.plan import Plan


def county_list(form: Form, plan: Plan, county: str, schools: pd.DataFrame) -> bytes:
    """The recommendation list of one county, with its schools to choose from (肆.四(一)2).

    `schools`: code, name, level, new, remote (bool) and cap (the most classes) of that county only.
    Choosing a code fills in name, level, 新申請 and 偏遠; a request above the cap is warned of.
    """
    return blank(
        form,
        plan,
        recipient=county,
        values={"lists": [{"county": county}]},
        lists={"listed": choices(schools)},
    )


def school_plan(form: Form, plan: Plan, school: Mapping[str, object]) -> bytes:
    """The plan of one school, with its code, name, county and level (肆.三)."""
    known = {name: school[name] for name in ("code", "name", "county", "level")}
    return blank(form, plan, recipient=f"{school['code']}-{school['level']}", values={"plans": [known]})


def choices(schools: pd.DataFrame) -> list[dict]:
    """The rows among which a county chooses in its list (see `county_list`)."""
    return [
        {
            "code": row["code"], "name": row["name"], "level": row["level"], "claimed_new": row["new"],
            "claimed_remote": row["remote"], "requested": row["cap"],
        }
        for row in schools.sort_values(["level", "code"]).to_dict("records")
    ]  # fmt: skip
