"""What a school is before it asks for anything (學校身分): new, remote, and where it lies.

The ministry's lists decide, not what a school says of itself (肆.四(四)3, 肆.六(二)). The same
standing is printed on the templates before the call and judged after it.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables


def standing(
    directory: pd.DataFrame, subsidised: pd.DataFrame, remote: pd.DataFrame, plan: Plan
) -> pd.DataFrame:
    """Columns code, level, new, remote, island, few_resources (bool) and cap (int), by directory row.

    `new`: not on the list of the year before (C2). `remote`: on the list as it stood on the day
    of the call (C3). `few_resources`: remote, 花東, 屏東 or an island (肆.五(三)). `cap`: the most
    classes that the school may get by level and by being new (肆.六).
    """
    schools = directory[KEY].copy()
    schools["new"] = ~_listed(schools, subsidised)
    schools["remote"] = _listed(schools, remote)
    schools["island"] = _island(directory, plan)
    schools["few_resources"] = (
        schools["remote"] | schools["island"] | directory["county"].isin(plan.areas.counties)
    )
    schools["cap"] = [
        cap(level, new, far, plan)
        for level, new, far in zip(schools["level"], schools["new"], schools["remote"], strict=True)
    ]
    return schools


def cap(level: str, new: bool, remote: bool, plan: Plan) -> int:
    """The most classes by level (肆.六(一)) and, for a new school, by where it lies (肆.六(二))."""
    most = plan.classes.cap.get(level, 0)
    return min(most, new_cap(remote, plan)) if new else most


def new_cap(remote: bool, plan: Plan) -> int:
    """The most classes of a new school (肆.六(二))."""
    return plan.classes.new_remote if remote else plan.classes.new_other


def _listed(schools: pd.DataFrame, register: pd.DataFrame) -> pd.Series:
    listed = set(zip(register["code"], register["level"], strict=True))
    return pd.Series(
        [key in listed for key in zip(schools["code"], schools["level"], strict=True)], schools.index, bool
    )


def _island(directory: pd.DataFrame, plan: Plan) -> pd.Series:
    townships = directory["county"] + directory["township"]
    return directory["county"].isin(plan.islands.counties) | townships.isin(plan.islands.townships)


def stand(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """C2, C3: the table `standing`, one row a school of the directory."""
    registers = (tables[name] for name in ("directory", "subsidised", "remote"))
    return tables.put(standing=standing(*registers, plan)), []
