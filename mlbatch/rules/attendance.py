"""Who came (活動參與): what schools wrote beside the organisers' lists (伍.三(十一), T5, T11).

Of a session with an attendance list only those count who stand in it; of one whose list has not come,
those whom the school names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mlbatch import calendar, catalogue, roc
from mlbatch.directory import name_key
from mlbatch.finding import Finding
from mlbatch.obligation import PRINCIPALS, REGIONAL, Act, Duty, month_end, settle
from mlbatch.owed import Key, Owner, of_school, owners, with_duties
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables, records

SESSIONS, CORE = "分區活動", "核心教師參與分區活動"


@dataclass(frozen=True, slots=True)
class Presence:
    """One person of a school at one session."""

    session: calendar.Session
    person: str


def presence(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """T5, T11: the rows of `duties` for events, and what is wrong with what a school wrote of them.

    Needs `attended` with `school` and `known_on`, the registers `sessions` and `signed_in`, and
    `core_team` and `profiles` with `school` as far as they came.
    """
    sessions = calendar.sessions(tables)
    signed, teams, heads = (
        _signed(tables, sessions),
        of_school(tables, "core_team"),
        of_school(tables, "profiles"),
    )
    attended, settled, findings = of_school(tables, "attended"), [], []
    for owner in owners(tables):
        told, faults = _told(attended.get(owner.key, ()), owner, sessions, signed)
        findings += faults
        came = {*signed.get(owner.key, ()), *told}
        team = {name_key(row["person"]): row["newcomer"] is True for row in teams.get(owner.key, ())}
        trained = any(row["trained"] is True for row in heads.get(owner.key, ()))
        duties = _duties(plan, sessions.values(), len(team), trained)
        settled.append((owner, settle(owner.owing(duties), _acts(came, team), as_of)))
    return with_duties(tables, settled), findings


def _signed(tables: Tables, sessions: Mapping[str, calendar.Session]) -> Mapping[Key, list[Presence]]:
    found: dict[Key, list[Presence]] = defaultdict(list)
    for row in records(tables["signed_in"]) if "signed_in" in tables else ():
        if session := sessions.get(name_key(row["session"])):
            found[row["code"], row["level"]].append(Presence(session, name_key(row["person"])))
    return found


def _told(
    rows: Sequence[dict],
    owner: Owner,
    sessions: Mapping[str, calendar.Session],
    signed: Mapping[Key, list[Presence]],
) -> tuple[list[Presence], list[Finding]]:
    """What a school wrote and no list has to confirm; findings for what cannot be, or is not confirmed."""
    told, findings = [], []
    for row in rows:
        if not row["event"] or not row["day"]:
            continue  # told as blank by the form
        session = calendar.meant(row, sessions)
        if session is None:
            hint = "、".join(one.code for one in sessions.values() if one.day == row["day"]) or "無同日之場次"
            findings.append(owner.finding(catalogue.T11_NO_SESSION, row["place"], "event", read=row["event"],
                                          day=roc.short(row["day"]), sessions=hint))  # fmt: skip
            continue
        one = Presence(session, name_key(row["person"]))
        if not session.listed:
            told.append(one)
        elif one not in signed.get(owner.key, ()):
            facts = {"read": row["person"], "event": session.event, "session": session.code}
            findings.append(owner.finding(catalogue.T11_NOT_SIGNED_IN, row["place"], "person", **facts))
    return told, findings


def _duties(plan: Plan, sessions: Iterable[calendar.Session], team: int, trained: bool) -> Iterator[Duty]:
    """The large events on their day, or by their month; the regional ones; the principal's workshop."""
    events, cite = plan.events, plan.cite
    days = {session.event: session.day for session in sessions}
    for event, month in events.large.items():
        yield Duty(event, days.get(event, month_end(month)), cite("events.large"))
    last = month_end(events.regional_due)
    yield Duty(SESSIONS, last, cite("events.regional"), count=events.regional)
    if team:
        yield Duty(CORE, last, cite("events.core_share"), count=-(-team // events.core_share))
    if not trained:
        yield Duty(PRINCIPALS, plan.calendar.end, cite("events.principal"), count=events.principal)


def _acts(came: Iterable[Presence], team: Mapping[str, bool]) -> Iterator[Act]:
    """One act an event, a day of regional sessions, and a member of the core team; all on the session's day."""
    came = sorted(came, key=lambda one: (one.session.day, one.session.code, one.person))
    seen: set[tuple[str, object]] = set()
    for one in came:
        regional = one.session.event in REGIONAL
        acts = [(SESSIONS, one.session.day)] if regional else [(one.session.event, one.session.event)]
        if regional and one.person in team:
            acts.append((CORE, one.person))
        for act in acts:
            if act not in seen:
                seen.add(act)
                yield Act(act[0], one.session.day)
