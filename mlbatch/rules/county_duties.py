"""What a county does itself (推動縣市): events, meetings, results shown, networks looked into, its plan (伍.二, T8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from mlbatch import calendar
from mlbatch.directory import name_key
from mlbatch.obligation import COUNTY_PLAN, GATHERING, RESULTS, Act, Duty, month_end, semester_of, settle
from mlbatch.owed import Owner, counties, of_school, owners, with_duties
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables, records

NETWORKS = "無線網路檢視"
Row = Mapping[str, object]


def of_counties(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """T8: rows of `duties` of counties (no code), from `county_work`, `county_networks` and `delegates`.

    A results event counts if other counties were invited, the county's plan if it has the list of advisors; the plan also
    counts from the day on which it came with the papers of payment.
    """
    work, networks, sent = (
        of_school(tables, name) for name in ("county_work", "county_networks", "delegates")
    )
    schools, papers, sessions = owners(tables), _papers(tables), calendar.sessions(tables)
    days = {one.event: one.day for one in sessions.values()}
    settled = []
    for owner in counties(tables):
        own = [
            one for one in schools if one.county == owner.county and not one.national and _stays(one, plan)
        ]
        acts = [*_worked(work.get(owner.name, ()), plan), *_looked(networks.get(owner.name, ()), own),
                *_sent(sent.get(owner.name, ()), sessions, plan), *papers.get(owner.name, ())]  # fmt: skip
        settled.append((owner, settle(_duties(plan, len(own), days), acts, as_of)))
    return with_duties(tables, settled), []


def _stays(school: Owner, plan: Plan) -> bool:
    """Whether a school still took part when its network was due to be looked into."""
    return school.until is None or plan.tracking.wireless_by < school.until


def _duties(plan: Plan, schools: int, days: Mapping[str, date]) -> Iterator[Duty]:
    cite, asked = plan.cite, plan.tracking
    first, second = plan.schools.semesters
    for event in plan.county_work.events:
        yield Duty(event, days.get(event, month_end(plan.events.large[event])), cite("county_work.events"))
    ends = ((first, plan.deliverables.second_semester_from - timedelta(days=1)), (second, plan.calendar.end))
    for semester, due in ends:
        yield Duty(GATHERING, due, cite("tracking.county_meetings"), semester, count=asked.county_meetings)
    yield Duty(
        RESULTS, plan.calendar.end, cite("county_work.results_events"), count=plan.county_work.results_events
    )
    if schools:
        yield Duty(NETWORKS, asked.wireless_by, cite("tracking.wireless_by"), count=schools)
    yield Duty(COUNTY_PLAN, asked.county_plan_by, cite("tracking.county_plan_by"))


def _worked(rows: Iterable[Row], plan: Plan) -> Iterator[Act]:
    for row in rows:
        if not row["day"] or not row["item"]:
            continue
        semester = semester_of(row["day"], plan) if row["item"] == GATHERING else ""
        lacks = (row["item"] == RESULTS and not row["invited"]) or (
            row["item"] == COUNTY_PLAN and row["advisors"] is not True
        )
        if not lacks:
            yield Act(row["item"], row["known_on"], semester)


def _looked(rows: Iterable[Row], schools: Iterable[Owner]) -> Iterator[Act]:
    """One act a school of the county, however often it was looked into."""
    own, seen = {one.key for one in schools}, set()
    for row in sorted((row for row in rows if row["day"]), key=lambda row: row["known_on"]):
        key = row["code"], row["level"]
        if key in own and key not in seen:
            seen.add(key)
            yield Act(NETWORKS, row["known_on"])


def _sent(rows: Iterable[Row], sessions: Mapping[str, calendar.Session], plan: Plan) -> Iterator[Act]:
    """One act an event to which somebody went, on the day itself; the event by its session's code or by its name."""
    large = {name_key(event): event for event in plan.events.large}
    days: dict[str, date] = {}
    for row in (row for row in rows if row["day"] and row["event"]):
        session = calendar.meant(row, sessions)
        event = session.event if session else large.get(name_key(row["event"]))
        if event in plan.events.large:
            days[event] = min(row["day"], days.get(event, row["day"]))
    return (Act(event, day) for event, day in days.items())


def _papers(tables: Tables) -> dict[str, list[Act]]:
    """The county's plan as it came with the papers of payment."""
    rows = records(tables["papers_due"]) if "papers_due" in tables else ()
    return {row["county"]: [Act(COUNTY_PLAN, row["received_on"])] for row in rows
            if row["paper"] == COUNTY_PLAN and row["county"] and row["received"] is True and row["received_on"]}  # fmt: skip
