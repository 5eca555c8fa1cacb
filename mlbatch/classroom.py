"""Which classes a school runs in which semester (實施班級): as approved, after what it gave back, by every name.

A class that changed (伍.三(一)) keeps its duties under its new name, and is still known by the old one; a
class that was given back (柒.九(三)) has no duty that falls due from that day on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mlbatch.directory import name_key
from mlbatch.tables import Tables, records

Key = tuple[str, str]
COLUMNS = ("code", "level", "semester", "class_", "names", "until")


@dataclass(frozen=True, slots=True)
class Classroom:
    """One class of one semester: its name now, all names that it had, the day from which it is run no more."""

    semester: str
    name: str
    names: tuple[str, ...] = ()
    until: date | None = None

    def owes(self, due: date) -> bool:
        """Whether what falls due on that day is still its duty."""
        return self.until is None or due < self.until

    def called(self, name: str) -> bool:
        """Whether it is meant by a name, however that is typed."""
        return name_key(name) in {name_key(one) for one in (self.name, *self.names)}


Classes = Sequence[Classroom]


def class_name(grade: object, section: str) -> str:
    """5 and 「1班」 (or 「1」) → 5年1班; a section that says its grade itself stands as it is."""
    section = section.strip()
    if "年" in section:
        return section
    return f"{grade}年{section}{'' if section.endswith('班') else '班'}"


def running(tables: Tables) -> Mapping[Key, list[Classroom]]:
    """The classes of each school, from the table `running`."""
    found: dict[Key, list[Classroom]] = defaultdict(list)
    for row in records(tables["running"]):
        one = Classroom(row["semester"], row["class_"], row["names"], row["until"])
        found[row["code"], row["level"]].append(one)
    return found


def of(classes: Iterable[Classroom], semester: str, due: date) -> list[Classroom]:
    """The classes of a semester that owe what falls due on a day."""
    return [one for one in classes if one.semester == semester and one.owes(due)]


def most(classes: Classes, semesters: Iterable[str], due: date) -> int:
    """The greatest number of classes of a semester that owe what falls due on a day."""
    return max((len(of(classes, one, due)) for one in semesters), default=0)
