"""The four bases of the ranking (審查參考依據), each 0 to 100 with two places (肆.五(一)–(四)).

Schools that are not under review keep None in every column. Exact fractions inside; each figure
that is shown is rounded half up, and what follows is computed from the rounded one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables, under_review

Key = tuple[str, str]  # (code, level)

PLACES = Decimal("0.01")
FULL, NONE = Decimal("100.00"), Decimal("0.00")
GRADES = ("call", "payment", "closing")  # what a county is graded on


def content(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R2: columns `content` and `corrected_content`, the mean of the reviewers' marks (肆.五(一)).

    Corrected for severity: each mark less its reviewer's mean, plus the mean of all marks. Both
    are given, whichever counts; None for a school without marks.
    """
    marks = tables["marks"]
    rows = list(marks[[*KEY, "reviewer", "total"]].astype(object).itertuples(index=False, name=None))
    overall = _mean([total for *_, total in rows])
    severity = _means((reviewer, total) for *_, reviewer, total in rows)
    plain = _means(((code, level), total) for code, level, _, total in rows)
    corrected = _means(
        ((code, level), total - severity[reviewer] + overall) for code, level, reviewer, total in rows
    )
    schools = tables["schools"].assign(
        content=_column(tables, {key: _places(mean) for key, mean in plain.items()}),
        corrected_content=_column(tables, {key: _places(mean) for key, mean in corrected.items()}),
    )
    return tables.put(schools=schools), []


def record(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R3: columns `record` and `record_absent`: results of 105, awards added, up to 100 (肆.五(二)).

    A school without a record gets the median of all records in the register (0 if there is none)
    and is marked.
    """
    register, award = tables["school_record"], plan.record.award_points
    points: dict[Key, Decimal] = {}
    columns = [*KEY, "score", "awards"]
    for code, level, score, awards in register[columns].itertuples(index=False):
        if pd.notna(score):
            gained = 0 if pd.isna(awards) else int(awards) * award
            points.setdefault((code, level), _within(Decimal(int(score) + gained)))
    median = _median(points.values()) or NONE
    keys = _reviewed(tables)
    schools = tables["schools"].assign(
        record=_column(tables, {key: points.get(key, median) for key in keys}),
        record_absent=[key in keys and key not in points for key in _keys(tables["schools"])],
    )
    return tables.put(schools=schools), []


def resources(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R4: column `resources`: 100 for 偏遠、花東、屏東 or 離島, any one of them, else 0 (肆.五(三))."""
    schools = tables["schools"]
    few = (schools["few_resources"] | schools["remote"] | schools["island"]).astype(bool)
    given = {key: FULL if any_ else NONE for key, any_ in zip(_keys(schools), few, strict=True)}
    return tables.put(schools=schools.assign(resources=_column(tables, given))), []


def cooperation(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R5: column `cooperation` of `schools` and of `counties` (肆.五(四)).

    The mean of call, payment and closing; plus `record.closed_bonus` if 105 was closed by
    `calendar.encouraged_closing`; less `record.note_penalty` for each note on the letter (S5);
    from 0 to 100. A national school belongs to no county and gets the median of the counties in
    the register; so does a county that the register lacks, with a finding.
    """
    counties, schools = tables["counties"], tables["schools"]
    points = _county_points(tables, plan)
    median = _median(points.values())
    given = [
        median if national else points.get(county, median)
        for county, national in zip(schools["county"], schools["national"], strict=True)
    ]
    counties = counties.assign(
        cooperation=pd.Series([points.get(one, median) for one in counties["county"]], counties.index, object)
    )
    by_school = dict(zip(_keys(schools), given, strict=True))
    schools = schools.assign(cooperation=_column(tables, by_school))
    own = schools.loc[under_review(schools) & ~schools["national"].astype(bool), "county"]
    missing = sorted(set(own) - set(points), key=plan.county_order)
    findings = [_no_record(tables["county_record"], county, median) for county in missing]
    return tables.put(schools=schools, counties=counties), findings


# Counties ----------------------------------------------------------------------------------------


def _county_points(tables: Tables, plan: Plan) -> dict[str, Decimal]:
    """The points of each county whose grades are complete in the register."""
    counties = tables["counties"]
    notes = dict(zip(counties["county"], counties["notes"].fillna(0), strict=True))
    points: dict[str, Decimal] = {}
    register = tables["county_record"]
    for county, closed, *grades in register[["county", "closed_105", *GRADES]].itertuples(index=False):
        if any(pd.isna(grade) for grade in grades):
            continue
        mean = _places(_mean([int(grade) for grade in grades]))
        early = isinstance(closed, date) and closed <= plan.calendar.encouraged_closing
        bonus = plan.record.closed_bonus if early else 0
        penalty = plan.record.note_penalty * int(notes.get(county, 0))
        points.setdefault(county, _within(mean + bonus - penalty))
    return points


def _no_record(register: pd.DataFrame, county: str, median: Decimal | None) -> Finding:
    """R5-no-record: at the register's sheet, since there is no row to name."""
    first = register["place"].iloc[0].at() if len(register) else At()
    facts = {"read": county, "median": "（查無任何紀錄）" if median is None else median}
    return Finding(catalogue.R5_NO_RECORD, At(first.file, first.sheet), facts)


# Figures -----------------------------------------------------------------------------------------


def _places(value: Fraction) -> Decimal:
    """Two places, rounded half up (四捨五入)."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(PLACES, ROUND_HALF_UP)


def _within(points: Decimal) -> Decimal:
    return min(FULL, max(NONE, points)).quantize(PLACES)


def _mean(values: Collection[int | Fraction]) -> Fraction:
    """The exact mean; 0 of nothing, which nobody looks up."""
    return Fraction(sum(values), len(values)) if values else Fraction(0)


def _means(pairs: Iterable[tuple[Hashable, int | Fraction]]) -> dict[Hashable, Fraction]:
    groups: dict[Hashable, list[int | Fraction]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: _mean(values) for key, values in groups.items()}


def _median(values: Collection[Decimal]) -> Decimal | None:
    """The middle value, or the mean of the two in the middle; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return (sum(middle) / 2).quantize(PLACES, ROUND_HALF_UP)


# Columns -----------------------------------------------------------------------------------------


def _keys(schools: pd.DataFrame) -> list[Key]:
    return list(zip(schools["code"], schools["level"], strict=True))


def _reviewed(tables: Tables) -> set[Key]:
    schools = tables["schools"]
    return set(_keys(schools[under_review(schools)]))


def _column(tables: Tables, values: Mapping[Key, Decimal | None]) -> pd.Series:
    """A column of Decimal or None in the order of `schools`: None for who is not under review."""
    reviewed, schools = _reviewed(tables), tables["schools"]
    column = [values.get(key) if key in reviewed else None for key in _keys(schools)]
    return pd.Series(column, schools.index, dtype=object)
