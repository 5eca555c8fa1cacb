"""The shape of a plan year: one dataclass for each group of parameters.

A group of `107.toml` is what the plan says; a group of `107.office.toml` is what the office
decided where the plan is silent. The names here are the only names that those files may use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Calendar:
    """The plan's days (作業時程)."""

    call: date
    closing: datetime
    letter_due: date
    review_from: date
    award_from: date
    award_until: date
    start: date
    end: date
    encouraged_closing: date
    county_closing: date

    def closed(self, as_of: date) -> bool:
        """Whether the call has closed by the end of the day `as_of` (肆.四(四)4)."""
        return as_of >= self.closing.date()


@dataclass(frozen=True)
class Schools:
    """Who may apply (實施對象、申請條件)."""

    grades: Mapping[str, list[int]]
    semesters: tuple[str, ...]
    sources: tuple[str, ...]
    incomplete_years: tuple[int, ...]
    subsidised_year: int
    record_year: int
    closing_since: int

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels (學制) in the plan's order."""
        return tuple(self.grades)


@dataclass(frozen=True)
class Classes:
    """How many classes (班級數核定原則)."""

    cap: Mapping[str, int]
    new_remote: int
    new_other: int


@dataclass(frozen=True)
class Areas:
    """Areas with few resources (資源較不足地區)."""

    counties: tuple[str, ...]


@dataclass(frozen=True)
class Bounds:
    """The plan's bounds on money (經費補助), in NT$ and whole percent."""

    one_class_min: int
    one_class_max: int
    more_class_min: int
    more_class_max: int
    county_min: int
    county_max: int
    coach: int
    national_own_percent: int


@dataclass(frozen=True)
class Items:
    """What may be budgeted (補助項目): item → account (經常門, 資本門, 經資門).

    Items `by_price` are capital from the unit price `capital_from` on (NT$); `devices` may cost at most the
    capital account divided by `devices_divisor`. `of_school` and `of_county`: cost → items of which one is expected.
    """

    accounts: Mapping[str, str]
    by_price: tuple[str, ...]
    capital_from: int
    devices: tuple[str, ...]
    devices_divisor: int
    of_school: Mapping[str, list[str]]
    of_county: Mapping[str, list[str]]

    def account(self, item: str, price: int) -> str:
        """The account of an item at a unit price; empty for an item that is not the plan's."""
        current, capital = "經常門", "資本門"
        if item in self.by_price:
            return capital if price >= self.capital_from else current
        return self.accounts.get(item, "")


@dataclass(frozen=True)
class Papers:
    """Papers due before money is paid (請款文件): paper → 核章, 簽名 or empty."""

    county: Mapping[str, str]
    school: Mapping[str, str]
    website: tuple[str, ...]
    national: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """Every paper once, in the plan's order."""
        return tuple(dict.fromkeys((*self.county, *self.national, *self.school, *self.website)))


@dataclass(frozen=True)
class Deliverables:
    """What is handed in during the year (應繳項目): item → months as YYYY-MM, one at each, per school or class.

    `profile` and `visits` are the months of forms of their own; of the `cloud` items a class makes at
    least one a year with the education cloud.
    """

    second_semester_from: date
    school: Mapping[str, list[str]]
    classes: Mapping[str, list[str]]
    profile: tuple[str, ...]
    visits: tuple[str, ...]
    cloud: tuple[str, ...]
    licence: str
    resources: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """The items that stand in a logbook, those of a school first."""
        return (*self.school, *self.classes)


@dataclass(frozen=True)
class Visits:
    """How often advisors come (學者專家輔導)."""

    per_semester: int
    professors: int
    on_site: int
    first_by: date


@dataclass(frozen=True)
class Events:
    """What must be attended (會議活動): large ones → month; one in `core_share` of the core team."""

    large: Mapping[str, str]
    regional: int
    regional_due: str
    core_share: int
    principal: int


@dataclass(frozen=True)
class Meetings:
    """What is recommended for a school's own meetings (工作會議)."""

    principal: int
    each_month: int


@dataclass(frozen=True)
class CountyWork:
    """What a county does itself (推動縣市): results events with other counties invited."""

    results_events: int
    events: tuple[str, ...]


@dataclass(frozen=True)
class Tracking:
    """What the plan leaves open of the running year (年度執行): meetings of a county per semester, days by which, days to supply."""

    county_meetings: int
    wireless_by: date
    county_plan_by: date
    reminder_days: int


@dataclass(frozen=True)
class Coaching:
    """Coach schools (教練學校): from which year they qualify, how many schools they coach, what they do once."""

    qualifying_year: int
    group: str
    schools: int
    other_county: int
    demonstrations: int
    sharing_at: str
    again_most: int


@dataclass(frozen=True)
class CoachTerms:
    """What the plan leaves open of coach schools: groups of the contest, acts per school and semester, days by which."""

    groups: tuple[str, ...]
    demonstration_by: date
    acts: int
    report_by: date


@dataclass(frozen=True)
class Closing:
    """The end of the year (結案)."""

    settlement_due: date
    data_due: date
    barred_year: int
    exempt_most: int


@dataclass(frozen=True)
class Reduction:
    """Fewer classes for poor cooperation (酌減班級數): grade → classes."""

    by_grade: Mapping[str, int]


@dataclass(frozen=True)
class Review:
    """How plans are reviewed (審查)."""

    weights: Mapping[str, int]
    criteria: Mapping[str, int]
    reviewers: int
    gap: int
    correct_severity: bool
    second_call_last: bool


@dataclass(frozen=True)
class Record:
    """What earlier years count (105年配合度、縣市行政配合)."""

    award_points: int
    closed_bonus: int
    note_penalty: int
    letter_corrected_by: date
    rank_slip_waives: bool


@dataclass(frozen=True)
class Islands:
    """Outlying islands (離島): whole counties, and townships as 縣市+鄉鎮市."""

    counties: tuple[str, ...]
    townships: tuple[str, ...]


@dataclass(frozen=True)
class Rates:
    """What a school gets (補助基準), in NT$."""

    fee: int
    fee_few_resources: int
    fee_island: int
    per_class: int
    cut: bool


@dataclass(frozen=True)
class CountyGrant:
    """What a county gets (縣市補助), in NT$ and whole percent."""

    base: int
    per_school: int
    max: int
    reduction_percent: int
    central_percent_max: int


@dataclass(frozen=True)
class Budget:
    """The year's money and how it is shared out (預算與分配)."""

    total: int
    min_schools: int
    max_schools: int
    reserve_percent: int
    succession_until: date


@dataclass(frozen=True)
class Account:
    """How a grant is split into accounts (經資門)."""

    capital_percent: int
    capital_unit: int


@dataclass(frozen=True)
class Spending:
    """How budgets are looked at (經費編列): sundries in percent of the other current lines (0: none), and
    unit prices beyond which a line is told, in NT$."""

    sundries: str
    sundries_percent: int
    ceilings: Mapping[str, int]


@dataclass(frozen=True)
class Trials:
    """New checks that only remind until a day (試行): ids of findings."""

    kinds: tuple[str, ...]
    until: date


@dataclass(frozen=True)
class Office:
    """The office itself, as its letters name it (機關資料)."""

    agency: str
    address: str
    officer: str
    telephone: str
    fax: str
    email: str
    number_prefix: str
    signatory: str
    papers_due: date


@dataclass(frozen=True)
class Claim:
    """How papers for payment are taken (請款): which must bear a seal besides, days to supply what lacks."""

    also_sealed: tuple[str, ...]
    workshop_papers: tuple[str, ...]
    supply_days: int


@dataclass(frozen=True)
class OpenData:
    """How results are published (開放資料): the licence, and whether scores and ranks of schools that get nothing are."""

    licence: str
    licence_title: str
    licence_url: str
    scores: bool


@dataclass(frozen=True)
class Settling:
    """How the year is closed (結案): from when, what need not be returned (NT$), which days count, what the record takes off.

    `holidays` and `workdays` (make-up days) are ISO dates; `points` are taken off 100 for each occurrence;
    `grades`: grade → the lowest score that gets it; candidates need a score of `candidate_from`.
    """

    begin: date
    exempt_surplus: int
    running_semester_remains: bool
    to_working_day: bool
    holidays: tuple[str, ...]
    workdays: tuple[str, ...]
    points: Mapping[str, int]
    grades: Mapping[str, int]
    candidate_from: int


# Values by name whose names are the program's own: another year may change the numbers, not the names.
NAMES = {
    "review.weights": ("計畫內容", "執行成果", "資源不足", "縣市配合"),
    "settling.points": ("未執行", "遲交", "缺席會議", "請款逾期", "結案逾期"),
    "settling.grades": ("甲", "乙", "丙", "丁"),
    "schools.grades": ("國小", "國中"),
    "classes.cap": ("國小", "國中"),
}
PLAN_GROUPS = {
    "calendar": Calendar,
    "schools": Schools,
    "classes": Classes,
    "areas": Areas,
    "bounds": Bounds,
    "items": Items,
    "papers": Papers,
    "deliverables": Deliverables,
    "visits": Visits,
    "events": Events,
    "meetings": Meetings,
    "county_work": CountyWork,
    "coaching": Coaching,
    "closing": Closing,
}
OFFICE_GROUPS = {
    "reduction": Reduction,
    "review": Review,
    "record": Record,
    "islands": Islands,
    "rates": Rates,
    "county_grant": CountyGrant,
    "budget": Budget,
    "account": Account,
    "spending": Spending,
    "trials": Trials,
    "office": Office,
    "claim": Claim,
    "opendata": OpenData,
    "tracking": Tracking,
    "coach_terms": CoachTerms,
    "settling": Settling,
}
