"""The team's own calendar (活動場次): sessions of events, and which of them a row means (伍.一, T11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mlbatch.directory import name_key
from mlbatch.tables import Tables, records


@dataclass(frozen=True, slots=True)
class Session:
    """One session of an event; `listed`: its attendance list has come."""

    code: str
    event: str
    day: date
    listed: bool


def sessions(tables: Tables) -> dict[str, Session]:
    """The sessions by the key of their code."""
    listed = {name_key(code) for code in tables["signed_in"]["session"]} if "signed_in" in tables else set()
    rows = records(tables["sessions"]) if "sessions" in tables else ()
    found = {}
    for row in rows:
        if row["session"] and row["day"]:
            key = name_key(row["session"])
            found[key] = Session(row["session"], row["event"], row["day"], key in listed)
    return found


def meant(row: Mapping[str, object], sessions: Mapping[str, Session]) -> Session | None:
    """The session that a row means: by its code, or by the name of its event and the day."""
    if found := sessions.get(name_key(row["event"])):
        return found if found.day == row["day"] else None
    same = [
        s for s in sessions.values() if name_key(s.event) == name_key(row["event"]) and s.day == row["day"]
    ]
    return same[0] if len(same) == 1 else None
