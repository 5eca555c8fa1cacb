"""A small January: two counties and two national schools, some funded, some waiting, some out."""

from datetime import date

import pandas as pd

from mlbatch.catalogue import E2_INCOMPLETE, E4_COUNT, S1_NOT_REGISTERED, S6_RANK_GAP
from mlbatch.finding import At, Finding
from mlbatch.money import accounts, total_for_grant
from mlbatch.plan import load_plan
from mlbatch.tables import APPROVED, QUALIFIED, REFUSED, WAITING, WAIVED, Tables

PLAN = load_plan()
OPEN = {"closed": False, "closes": PLAN.calendar.closing}
BEFORE, AFTER = date(2017, 9, 20), date(2018, 1, 15)
WHOLE = (
    "requested", "approved", "waiting", "grant", "coach", "current", "capital", "percent", "plan_total",
    "own_share",
)  # fmt: skip
SUMS = {"approved": "approved_classes", "grant": "school_grants", "coach": "coach", "own_share": "own_share"}


def funded(code, name, county, classes, *, grant, coach=0, percent=88, national=False, **more) -> dict:
    """A school that gets `classes`, its grant split and its own share reckoned as the rules do."""
    current, capital = accounts(grant, 20, 1000)
    total = total_for_grant(grant + coach, percent)
    return {
        "code": code, "level": "國小", "name": name, "county": county, "national": national,
        "verdict": QUALIFIED, **OPEN, "requested": classes + 1, "approved": classes, "waiting": None,
        "outcome": APPROVED, "outcome_clause": "柒.三", "outcome_why": "核定順序第 1，在經費額度內。",
        "grant": grant, "coach": coach, "current": current, "capital": capital, "percent": percent,
        "plan_total": total, "own_share": total - grant - coach, **more,
    }  # fmt: skip


def out(code, name, county, outcome, clause, why, *, verdict=QUALIFIED, waiting=None, national=False) -> dict:
    """A school that gets nothing."""
    none = dict.fromkeys(("approved", "grant", "coach", "current", "capital", "plan_total", "own_share"), 0)
    return {
        "code": code, "level": "國小", "name": name, "county": county, "national": national,
        "verdict": verdict, **OPEN, "requested": 2, "waiting": waiting, "outcome": outcome, "percent": None,
        "outcome_clause": clause, "outcome_why": why, **none,
    }  # fmt: skip


SCHOOLS = (
    out("313601", "臺北市市立河岸國小", "臺北市", REFUSED, "肆.四(四)4", "計畫書未於截止前補正。", verdict=WAIVED),
    funded("313602", "臺北市市立晨光國小", "臺北市", 2, grant=180_000, percent=70),
    funded("084601", "南投縣縣立雲海國小", "南投縣", 2, grant=190_000, coach=150_000),
    funded("084602", "南投縣縣立松林國小", "南投縣", 1, grant=130_001),
    out("084603", "南投縣縣立竹坑國小", "南投縣", WAITING, "柒.三", "經費分配至前列學校用罄。", waiting=3),
    out("084604", "南投縣縣立梅嶺國小", "南投縣", REFUSED, "肆.五", "本部裁示核定 0 班：課程未具體。"),
    funded("080601", "國立示範大學附設實驗國小", "新竹市", 3, grant=240_000, percent=90, national=True),
    out("080602", "國立範例大學附設實驗國小", "新竹市", WAITING, "柒.三", "經費用罄。", waiting=4, national=True),
)  # fmt: skip
OWN_LINES = {  # county: grant, reduction, workshop, its own share of the net grant, rate
    "臺北市": (52_000, 0, 0, 22_286, 70),
    "南投縣": (54_000, 5_400, 300_000, 6_628, 88),
}


def month(schools=SCHOOLS, findings=()) -> Tables:
    """The tables of January; counties are summed from `schools`, national schools in none of them."""
    rows = pd.DataFrame(list(schools)).astype(dict.fromkeys(WHOLE, "Int64") | {"national": bool})
    return Tables(findings=tuple(findings)).put(schools=rows, counties=_counties(rows))


def _counties(schools: pd.DataFrame) -> pd.DataFrame:
    sums = schools[~schools["national"]].groupby("county")[list(SUMS)].sum().rename(columns=SUMS)
    rows = []
    for county, (grant, reduction, workshop, own, percent) in OWN_LINES.items():
        known = sums.loc[county].to_dict()
        granted = known["school_grants"] + known["coach"] + grant - reduction + workshop
        known["own_share"] += own
        rows.append(
            {"county": county, **known, "county_grant": grant, "reduction": reduction, "workshop": workshop,
             "granted": granted, "percent": percent}
        )  # fmt: skip
    frame = pd.DataFrame(rows)
    return frame.astype({name: "Int64" for name in frame if name != "county"})


def faults() -> list[Finding]:
    """September's findings: 南投縣 has three to act on and a notice, a national school has one."""
    bamboo, pine = ("084603", "國小"), ("084602", "國小")
    return [
        Finding(
            E4_COUNT, At("南投縣/竹坑國小.xlsx", "實施班級", "B", 9),
            {"semester": "106學年度下學期", "read": 1, "requested": 2}, bamboo, "南投縣",
        ),
        Finding(
            S6_RANK_GAP, At("南投縣/名單.xlsx", "推薦名單", "A", 12),
            {"read": 5, "count": 4, "missing": 4}, county="南投縣",
        ),
        Finding(
            E2_INCOMPLETE, At("南投縣/名單.xlsx", "推薦名單", "C", 8),
            {"name": "南投縣縣立松林國小", "read": 104}, pine, "南投縣",
        ),
        Finding(
            S1_NOT_REGISTERED, At("南投縣/竹坑國小.xlsx"), {"read": "106.09.20 08:00:00"}, bamboo, "南投縣",
        ),
        Finding(
            E4_COUNT, At("國立範例/計畫書.xlsx", "實施班級", "B", 9),
            {"semester": "107學年度上學期", "read": "", "requested": 2}, ("080602", "國小"), "新竹市",
        ),
    ]  # fmt: skip
