"""One plan year: its groups of parameters, and where each value comes from.

Its files say what the plan says, each value under its clause, and what the office decided, each with who,
when and why (see `files`). Unknown and missing keys are refused, so that a misspelt setting cannot pass unseen.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

from mlbatch.plan import groups as g
from mlbatch.plan.files import PlanError, read_year
from mlbatch.plan.timing import timely

PLAN_KEYS = {"value", "cite", "label", "says"}
OFFICE_KEYS = {"value", "cite", "label", "decided_by", "on", "why"}


@dataclass(frozen=True)
class Source:
    """Where a value comes from: its clause, its Chinese name, and who says so.

    `ours` tells the office's choice from the plan's word.
    """

    cite: str
    label: str
    says: str
    ours: bool
    decided_by: str = ""
    on: str = ""


@dataclass(frozen=True)
class County:
    """A county (縣市): its place in ministry papers, its code prefixes and how it is addressed."""

    name: str
    order: int
    prefixes: tuple[str, ...]
    government: str
    municipality: bool

    @property
    def polite(self) -> str:
        """How a letter speaks to it: 貴局 to a municipality's bureau, 貴府 to a government."""
        return "貴局" if self.municipality else "貴府"


@dataclass(frozen=True)
class Plan:
    """A plan year. `sources` maps `group.name` to where the value comes from, `clauses` each clause to what it
    says in our own words, `hashes` the files that it was read from to their sha256.
    """

    year: int
    title: str
    calendar: g.Calendar
    schools: g.Schools
    classes: g.Classes
    areas: g.Areas
    bounds: g.Bounds
    items: g.Items
    papers: g.Papers
    deliverables: g.Deliverables
    visits: g.Visits
    events: g.Events
    meetings: g.Meetings
    county_work: g.CountyWork
    coaching: g.Coaching
    closing: g.Closing
    reduction: g.Reduction
    review: g.Review
    record: g.Record
    islands: g.Islands
    rates: g.Rates
    county_grant: g.CountyGrant
    budget: g.Budget
    account: g.Account
    spending: g.Spending
    trials: g.Trials
    office: g.Office
    claim: g.Claim
    opendata: g.OpenData
    tracking: g.Tracking
    coach_terms: g.CoachTerms
    settling: g.Settling
    counties: Mapping[str, County]
    sources: Mapping[str, Source]
    clauses: Mapping[str, str]
    hashes: Mapping[str, str]

    def cite(self, name: str) -> str:
        """The clause of `group.name` (肆.六(二)); raises KeyError for a name that is not there."""
        return self.sources[name].cite

    def value(self, name: str) -> object:
        """The value of `group.name`."""
        group, key = name.split(".")
        return getattr(getattr(self, group), key)

    def county_order(self, name: str) -> tuple[int, str]:
        """Sort key of a county's name in ministry papers; unknown names come last."""
        county = self.counties.get(name)
        return (county.order if county else len(self.counties) + 1, name)

    def county_of_code(self, code: str) -> str:
        """The county to whose prefixes a school's code belongs, or an empty text."""
        found = (county.name for county in self.counties.values() if code[:2] in county.prefixes)
        return next(found, "")

    def settings(self) -> dict[str, str]:
        """The settings that a clerk may change in 辦理設定: Chinese name → `group.name`."""
        return {s.label: name for name, s in self.sources.items() if s.ours}

    def with_settings(self, changes: Mapping[str, tuple[object, Source]]) -> Plan:
        """This plan with office settings replaced: `group.name` → (value, source).

        Raises PlanError for a name that is not an office setting, for a value of another type,
        and where the result leaves the plan's bounds.
        """
        plan, sources = self, dict(self.sources)
        for name, (value, source) in changes.items():
            if name not in sources or not sources[name].ours:
                raise PlanError(f"「{name}」不是可以調整的設定。")
            group, key = name.split(".")
            typed = _typed(value, _hints(g.OFFICE_GROUPS[group])[key], name)
            plan = replace(plan, **{group: replace(getattr(plan, group), **{key: typed})})
            sources[name] = source
        return within_bounds(replace(plan, sources=sources))


def load_plan(which: int | Path = 107) -> Plan:
    """Read a plan year: one that is shipped, or the latest in a folder of the office's own.

    Raises PlanError for a year that is not there, an unknown or missing key, a value of the wrong type, a
    citation of no clause, a rate outside the plan's bounds, and days that are not of the year.
    """
    came = read_year(which)
    sources: dict[str, Source] = {}
    values = _groups(came.plan, g.PLAN_GROUPS, PLAN_KEYS, sources)
    values |= _groups(came.office, g.OFFICE_GROUPS, OFFICE_KEYS, sources)
    clauses = {cite: _worded(entry, "says", cite) for cite, entry in came.clauses.items()}
    _cited(sources, clauses)
    plan = Plan(
        year=came.year, title=came.title, counties=_counties(came.counties), sources=sources, clauses=clauses,
        hashes=came.hashes, **values,
    )  # fmt: skip
    return timely(within_bounds(_named(plan)))


def successor(plan: Plan) -> Plan:
    """The plan of the year after, as far as registers written at this year's end need it (玖.二, 玖.三).

    What that year's plan really says is its own file's to say; its record is this year's.
    """
    schools = plan.schools
    later = replace(
        schools,
        incomplete_years=tuple(year + 1 for year in schools.incomplete_years),
        subsidised_year=schools.subsidised_year + 1,
        record_year=plan.year,
    )
    coaching = replace(plan.coaching, qualifying_year=plan.year)
    return replace(plan, year=plan.year + 1, schools=later, coaching=coaching)


def within_bounds(plan: Plan) -> Plan:
    """Return `plan`; raise PlanError where a setting leaves what the plan allows (柒.二, 柒.三)."""
    rates, bounds, grant = plan.rates, plan.bounds, plan.county_grant
    for fee in (rates.fee, rates.fee_few_resources, rates.fee_island):
        one = fee + rates.per_class
        _bound(one, bounds.one_class_min, bounds.one_class_max, "執行1班之學校補助", "柒.三(二)")
    _bound(rates.per_class, bounds.more_class_min, bounds.more_class_max, "每班經費", "柒.三(二)")
    _bound(grant.base, bounds.county_min, bounds.county_max, "縣市補助基數", "柒.二")
    _bound(grant.max, grant.base, bounds.county_max, "縣市補助上限", "柒.二")
    _bound(grant.per_school, 0, bounds.county_max, "縣市補助每校加給", "柒.二")
    _bound(grant.reduction_percent, 0, 100, "縣市補助扣減百分比", "肆.五")
    _bound(grant.central_percent_max, 1, 100, "中央補助比率上限", "柒.一")
    _bound(plan.account.capital_percent, 0, 100, "資本門百分比", "肆.四(四)1")
    _bound(plan.budget.reserve_percent, 0, 100, "保留予資源較不足地區之百分比", "肆.五(三)")
    _bound(plan.spending.sundries_percent, 0, 100, "雜支百分比", "柒.五")
    _bound(plan.account.capital_unit, 1, 10**6, "資本門進位單位", "肆.四(四)1")
    for schools in (plan.budget.min_schools, plan.budget.max_schools):
        _bound(schools, 0, 10**4, "每縣市核定校數", "肆.五")
    _bound(plan.budget.total, 0, 10**9, "本年度預算", "柒.三")
    _bound(plan.claim.supply_days, 1, 365, "請款補件日數", "肆.七(一)2")
    _bound(plan.settling.exempt_surplus, 0, plan.closing.exempt_most, "免繳回之結餘", "柒.九(三)")
    if plan.coaching.group not in plan.coach_terms.groups:
        raise PlanError(f"優良學校之組別須含「{plan.coaching.group}」（附件3.二）。")
    _bound(plan.coach_terms.acts, 0, 99, "每學期輔導每校次數", "附件3.四2")
    _days((*plan.settling.holidays, *plan.settling.workdays))
    if sum(plan.review.weights.values()) != 100:
        raise PlanError("審查權重合計須為 100（肆.五）。")
    if sum(plan.review.criteria.values()) != 100:
        raise PlanError("計畫內容評分項目之配分合計須為 100（肆.五(一)）。")
    return plan


def _days(words: tuple[str, ...]) -> None:
    for one in words:
        try:
            date.fromisoformat(one)
        except ValueError:
            raise PlanError(f"假日或補行上班日「{one}」不是西元年-月-日。") from None


def _bound(value: int, low: int, high: int, label: str, cite: str) -> None:
    if not low <= value <= high:
        raise PlanError(f"{label} {value:,} 不在 {low:,} 至 {high:,} 之間（{cite}）。")


def _groups(data, shapes, keys, sources) -> dict[str, object]:
    _same_keys(set(data), set(shapes), "")
    built = {}
    for name, shape in shapes.items():
        hints = _hints(shape)
        _same_keys(set(data[name]), set(hints), f"{name}.")
        values = {}
        for key, entry in data[name].items():
            _same_keys(set(entry), keys, f"{name}.{key}.")
            values[key] = _typed(entry["value"], hints[key], f"{name}.{key}")
            sources[f"{name}.{key}"] = _source(entry, f"{name}.{key}")
        built[name] = shape(**values)
    return built


def _source(entry: Mapping, name: str) -> Source:
    cite, label = (_worded(entry, key, name) for key in ("cite", "label"))
    if "why" not in entry:
        return Source(cite, label, _worded(entry, "says", name), ours=False)
    why, by = (_worded(entry, key, name) for key in ("why", "decided_by"))
    return Source(cite, label, why, True, by, _as(entry["on"], date, f"{name}.on").isoformat())


def _worded(entry: Mapping, key: str, name: str) -> str:
    """The words under `key` of an entry."""
    if not isinstance(words := entry.get(key), str) or not words:
        raise PlanError(f"「{name}」之 {key} 應為文字。")
    return words


def _cited(sources: Mapping[str, Source], clauses: Mapping[str, str]) -> None:
    """Refuse a citation of no clause, and a name (label) that two values share: a clerk sets values by it."""
    labels: dict[str, str] = {}
    for name, source in sources.items():
        if source.cite not in clauses:
            raise PlanError(f"「{source.label}」（{name}）引用之「{source.cite}」不在條次索引。")
        if (other := labels.setdefault(source.label, name)) != name:
            raise PlanError(f"「{source.label}」用於 {other} 與 {name}，名稱應各不相同。")


def _same_keys(found: set[str], wanted: set[str], prefix: str) -> None:
    if unknown := sorted(found - wanted):
        raise PlanError(f"計畫資料有不認得的項目：{prefix}{unknown[0]}。")
    if missing := sorted(wanted - found):
        raise PlanError(f"計畫資料缺少項目：{prefix}{missing[0]}。")


def _hints(shape: type) -> dict[str, object]:
    hints = typing.get_type_hints(shape)
    return {field.name: hints[field.name] for field in fields(shape)}


def _typed(value: object, hint: object, name: str) -> object:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return tuple(_typed(item, args[0], name) for item in _as(value, list, name))
    if origin is list:
        return [_typed(item, args[0], name) for item in _as(value, list, name)]
    if origin is not None:
        items = _as(value, dict, name).items()
        return {key: _typed(item, args[1], name) for key, item in items}
    return _as(value, hint, name)


def _as(value: object, wanted: type, name: str) -> object:
    """`value` if it is exactly of type `wanted`: no bool for an int, no datetime for a date."""
    if type(value) is not wanted:
        raise PlanError(f"設定 {name} 的值「{value}」種類不符。")
    return value


def _named(plan: Plan) -> Plan:
    """Return `plan`; raise PlanError where a value names what no rule knows, or in another order."""
    for name, wanted in g.NAMES.items():
        if tuple(plan.value(name)) != wanted:
            raise PlanError(f"「{plan.sources[name].label}」應依序為：{'、'.join(wanted)}。")
    return plan


def _counties(data: Mapping) -> dict[str, County]:
    return {
        row["name"]: County(
            row["name"], order, tuple(row["prefixes"]), row["government"], row["municipality"]
        )
        for order, row in enumerate(data["county"], 1)
    }
