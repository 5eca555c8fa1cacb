"""What a coach school does (教練學校工作事項): demonstration, coaching, meetings, sharing, report; no contest (附件3.四, K3).

An entry counts from the day on which it was first handed in, a meeting and the sharing on their own day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from mlbatch import calendar, catalogue, roc
from mlbatch.directory import name_key
from mlbatch.finding import Finding, Kind
from mlbatch.obligation import (
    COACH_MEETING,
    COACH_REPORT,
    COACHING,
    DEMONSTRATION,
    SHARING,
    Act,
    Duty,
    month_end,
    semester_of,
    settle,
)
from mlbatch.owed import Owner, of_school, owners, with_duties
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables, records

DECIDED = "核定"
ONLINE = "線上諮詢"
OWED = (
    "code", "level", "name", "county", "national", "item", "semester", "class_", "due", "number", "done", "day", "state",
)  # fmt: skip
Key = tuple[str, str]
Row = Mapping[str, object]
Sessions = Mapping[str, calendar.Session]
Fault = (
    tuple[Kind, str, dict[str, object]] | None
)  # what is wrong with a row, at which field, with which facts


def of_coaches(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """K3: rows of `duties` of coach schools and, of these alone, `coach_duties`; what is wrong with a record.

    Needs `coach_needs`, `coached`, and the rows of `coach_records` with `school` and `known_on` as far as they came. A
    coach owes the schools of which the ministry decided; each meeting that stands in 活動場次; the sharing at its event.
    """
    coaches, run = _coaches(tables), {owner.key: owner for owner in owners(tables)}
    sessions, signed = calendar.sessions(tables), _signed_in(tables)
    rows = {name: of_school(tables, f"coach_{name}") for name in ("shown", "acts", "events", "reports")}
    settled, findings = [], [*_strangers(tables, coaches, run), *_competing(tables, coaches, plan)]
    for key, own in coaches.items():
        if owner := run.get(key):
            record = _Record(owner, own, sessions, signed.get(key, set()), plan)
            faults, acts = record.read({name: found.get(key, ()) for name, found in rows.items()})
            findings += faults
            settled.append((owner, settle(owner.owing(_duties(plan, len(own), sessions)), acts, as_of)))
    before = len(tables["duties"]) if "duties" in tables else 0
    tables = with_duties(tables, settled)
    made = tables["duties"].iloc[before:][list(OWED)].reset_index(drop=True)
    return tables.put(coach_duties=made), findings


def _coaches(tables: Tables) -> dict[Key, list[Row]]:
    """Coach → the schools of which the ministry decided that it coaches them."""
    found: dict[Key, list[Row]] = {(row["code"], row["level"]): [] for row in records(tables["coach_needs"])}
    for row in records(tables["coached"]):
        if row["state"] == DECIDED:
            found[row["coach_code"], row["coach_level"]].append(row)
    return found


def _signed_in(tables: Tables) -> dict[Key, set[str]]:
    """School → the keys of the sessions in whose list somebody of it stands."""
    found: dict[Key, set[str]] = {}
    for row in records(tables["signed_in"]) if "signed_in" in tables else ():
        found.setdefault((row["code"], row["level"]), set()).add(name_key(row["session"]))
    return found


def _duties(plan: Plan, schools: int, sessions: Sessions) -> Iterator[Duty]:
    """What one coach owes; a meeting by the code of its session."""
    cite, asked, terms = plan.cite, plan.coaching, plan.coach_terms
    first, second = plan.schools.semesters
    ends = ((first, plan.deliverables.second_semester_from - timedelta(days=1)), (second, plan.calendar.end))
    for semester, due in ends if schools and terms.acts else ():
        yield Duty(COACHING, due, cite("coaching.schools"), semester, count=schools * terms.acts)
    demonstrated = terms.demonstration_by
    yield Duty(DEMONSTRATION, demonstrated, cite("coaching.demonstrations"), count=asked.demonstrations)
    for session in sessions.values():
        if session.event == COACH_MEETING:
            yield Duty(COACH_MEETING, session.day, "附件3.四3", class_=session.code)
    shared = [one.day for one in sessions.values() if one.event == asked.sharing_at]
    last = month_end(plan.events.large[asked.sharing_at])
    yield Duty(SHARING, min(shared, default=last), cite("coaching.sharing_at"))
    yield Duty(COACH_REPORT, terms.report_by, cite("coach_terms.report_by"))


# What a record says --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Record:
    """One coach, the schools that it coaches, and the sessions that it signed in to."""

    owner: Owner
    own: Sequence[Row]
    sessions: Sessions
    signed: set[str]
    plan: Plan

    def read(self, rows: Mapping[str, Sequence[Row]]) -> tuple[list[Finding], list[Act]]:
        """What is wrong with its rows, and what it did."""
        rows = {
            name: [row for row in own if row["day"]] for name, own in rows.items()
        }  # blanks: the form tells
        voids = {"acts": self._foreign, "events": self._elsewhere}
        doubts = {"acts": self._semester, "shown": _few_outsiders}
        counted, findings = {}, []
        for name, own in rows.items():
            counted[name] = []
            for row in own:
                void = _not_yet(row) or (voids[name](row) if name in voids else None)
                doubt = doubts[name](row) if name in doubts and not void else None
                if told := void or doubt:
                    kind, field, facts = told
                    findings.append(self.owner.finding(kind, row["place"], field, **facts))
                if not void:
                    counted[name].append(row)
        findings += self._mostly_online(counted["acts"])
        return findings, [*self._handed_in(counted), *self._present(counted["events"])]

    def _foreign(self, row: Row) -> Fault:
        """A school that it does not coach."""
        if (row["code"], row["level"]) in {(one["code"], one["level"]) for one in self.own}:
            return None
        named = (f"{one['name']}（{one['code']}，{one['level']}）" for one in self.own)
        facts = {"read": row["code"], "schools": "、".join(named) or "配對尚未核定"}
        return catalogue.K3_NOT_COACHED, "code", facts

    def _semester(self, row: Row) -> Fault:
        if not row["semester"] or semester_of(row["day"], self.plan) == row["semester"]:
            return None
        facts = {"item": COACHING, "read": row["semester"], "day": roc.short(row["day"])}
        return catalogue.T1_SEMESTER, "semester", facts

    def _meant(self, row: Row) -> calendar.Session | None:
        """The session of a meeting, or that at which it shared."""
        event = self.plan.coaching.sharing_at if row["event"] == SHARING else row["event"]
        return calendar.meant({**row, "event": event}, self.sessions)

    def _elsewhere(self, row: Row) -> Fault:
        """A meeting or sharing on a day without such a session, or to which nobody signed in (T11).

        Sharing is not held against the calendar while its event does not stand there.
        """
        session = self._meant(row)
        of_event = self.plan.coaching.sharing_at if row["event"] == SHARING else COACH_MEETING
        known = [one for one in self.sessions.values() if one.event == of_event]
        if session is None and (known or row["event"] != SHARING):
            hint = "、".join(f"{one.code}（{roc.short(one.day)}）" for one in known) or "無此場次"
            facts = {"read": row["event"], "day": roc.short(row["day"]), "sessions": hint}
            return catalogue.T11_NO_SESSION, "event", facts
        if session and session.listed and name_key(session.code) not in self.signed:
            facts = {"read": row["person"], "event": row["event"], "session": session.code}
            return catalogue.T11_NOT_SIGNED_IN, "person", facts
        return None

    def _mostly_online(self, rows: Sequence[Row]) -> Iterator[Finding]:
        """Schools that were coached more often online than on the spot (以實地交流為主)."""
        for school in self.own:
            key = school["code"], school["level"]
            ways = [row for row in rows if (row["code"], row["level"]) == key]
            online = [row for row in ways if row["way"] == ONLINE]
            if len(online) * 2 > len(ways):
                facts = {"school": school["name"], "read": len(online), "onsite": len(ways) - len(online)}
                yield self.owner.finding(catalogue.K3_MOSTLY_ONLINE, online[-1]["place"], "way", **facts)

    def _handed_in(self, counted: Mapping[str, Sequence[Row]]) -> Iterator[Act]:
        """Demonstrations, reports and, of each school and semester as often as it is owed, coaching."""
        yield from (Act(DEMONSTRATION, row["known_on"]) for row in counted["shown"])
        yield from (Act(COACH_REPORT, row["known_on"]) for row in counted["reports"] if row["item"])
        seen: Counter = Counter()
        for row in sorted(counted["acts"], key=lambda row: row["known_on"]):
            seen[key := (row["semester"], row["code"], row["level"])] += 1
            if seen[key] <= self.plan.coach_terms.acts:
                yield Act(COACHING, row["known_on"], row["semester"])

    def _present(self, rows: Iterable[Row]) -> Iterator[Act]:
        """Meetings, by what it wrote or by the list of who signed in, and the sharing: on their day, each once."""
        met = {self._meant(row) for row in rows if row["event"] == COACH_MEETING}
        met |= {self.sessions[code] for code in self.signed if code in self.sessions}
        for session in sorted(met, key=lambda one: (one.day, one.code)):
            if session.event == COACH_MEETING:
                yield Act(COACH_MEETING, session.day, class_=session.code)
        yield from (Act(SHARING, row["day"]) for row in rows if row["event"] == SHARING)


def _not_yet(row: Row) -> Fault:
    if row["day"] <= row["known_on"]:
        return None
    facts = {"item": "輔導紀錄", "read": roc.short(row["day"]), "known": roc.short(row["known_on"])}
    return catalogue.T1_NOT_YET, "day", facts


def _few_outsiders(row: Row) -> Fault:
    """A demonstration is meant for schools that are not in the programme (附件3.四1)."""
    came, others = (0 if pd.isna(row[name]) else row[name] for name in ("schools", "outsiders"))
    if others * 2 >= came:
        return None
    return catalogue.K3_FEW_OUTSIDERS, "outsiders", {"schools": came, "read": others}


# Who should not stand there ------------------------------------------------------------------------


def _strangers(tables: Tables, coaches: Mapping[Key, object], run: Mapping[Key, Owner]) -> Iterator[Finding]:
    """Records of schools that are no coaches."""
    for row in records(tables["coach_records"]) if "coach_records" in tables else ():
        owner = run.get(row["school"])
        if owner and row["school"] not in coaches:
            yield owner.finding(catalogue.K3_NOT_A_COACH, row["place"], "code", read=row["school"][0])


def _competing(tables: Tables, coaches: Mapping[Key, object], plan: Plan) -> Iterator[Finding]:
    """Coaches in a list of the year's contest (附件3.四3)."""
    titles = {"entrants": f"{plan.year}年優良學校選拔報名學校", "prizes": f"{plan.year}年優良學校"}
    for table, title in titles.items():
        for row in records(tables[table]) if table in tables else ():
            key = row["code"], row["level"]
            if key in coaches:
                facts = {"name": row["name"], "read": row["code"], "register": title}
                yield Finding(catalogue.K3_COMPETES, row["place"].at("code"), facts, key)
