"""Which version of a form counts that is sent at any time after the call (採認版本): the last one uploaded.

The upload register says when; where it does not tell two versions of one document apart none counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mlbatch.tables import NOT_YET, SUPERSEDED, Tables, missing, records

Owner = tuple[tuple[str, str], str]  # the school that a finding concerns, and the county that it is told to


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it came: its head, whose document it is, and when it was uploaded if that is known."""

    head: Mapping[str, object]
    key: Hashable
    at: datetime | None

    @property
    def file(self) -> str:
        """The file that holds it."""
        return self.head["file"]


@dataclass(frozen=True)
class Sorted:
    """Versions sorted out: those that count by key, file → (bucket, why) of the others, and groups in doubt."""

    last: Mapping[Hashable, Version]
    ends: Mapping[str, tuple[str, str]]
    doubtful: Mapping[Hashable, Sequence[Version]]


def versions(
    tables: Tables, name: str, key_of: Callable[[Mapping[str, object], str], Hashable], after: datetime
) -> list[Version]:
    """Every version in the head table `name`, by file name, at the last time after `after` in the register.

    `key_of` gives a head's document; it gets the recipient of the file's stamp as well.
    """
    if name not in tables:
        return []
    files = tables["files"]
    stamps = dict(zip(files["file"], files["recipient"], strict=True))
    heads = records(tables[name])
    times = _times([head["file"] for head in heads], tables, after)
    return [Version(head, key_of(head, stamps[head["file"]]), times.get(head["file"])) for head in heads]


def school_of(head: Mapping[str, object], stamp: str) -> tuple[str, str]:
    """The school that a head names; without code or level the one for which its template was made."""
    if head["code"] and head["level"]:
        return head["code"], head["level"]
    code, _, level = stamp.partition("-")
    return code, level


def county_of(head: Mapping[str, object], stamp: str) -> str:
    """The county that a head names, or for which its template was made."""
    return head["county"] or stamp


def sort_out(came: Sequence[Version], end: datetime) -> Sorted:
    """Of each document the version uploaded last up to `end`."""
    groups: dict[Hashable, list[Version]] = defaultdict(list)
    last, ends, doubtful = {}, {}, {}
    for one in came:
        if one.at and one.at > end:
            ends[one.file] = NOT_YET, "上傳時間在基準日之後。"
        else:
            groups[one.key].append(one)
    for key, group in groups.items():
        group = sorted(group, key=lambda one: (one.at or datetime.min, one.file))
        if _told_apart(group):
            last[key] = group[-1]
            why = f"有較新之版本（{group[-1].file}）。"
            ends |= {one.file: (SUPERSEDED, why) for one in group[:-1]}
        else:
            doubtful[key] = group
    return Sorted(last, ends, doubtful)


def _told_apart(group: Sequence[Version]) -> bool:
    times = [one.at for one in group]
    return len(group) == 1 or (None not in times and times[-1] != times[-2])


def _times(names: Sequence[str], tables: Tables, after: datetime) -> dict[str, datetime]:
    """File → its last time in the register: by its path, else by a bare name of its own."""
    known: dict[str, datetime] = {}
    whole, bare = set(names), Counter(map(_bare, names))
    alone = {_bare(name): name for name in names if bare[_bare(name)] == 1}
    columns = ("upload_name", "uploaded_at") if "uploads" in tables else ()
    for name, at in zip(*(tables["uploads"][column] for column in columns), strict=True):
        path = name.replace("\\", "/")
        own = path if path in whole else alone.get(path)
        if own and not missing(at) and at > after:
            known[own] = max(at, known.get(own, at))
    return known


def _bare(path: str) -> str:
    return path.rpartition("/")[2]


def others(one: Version, group: Sequence[Version]) -> str:
    """The files of the other versions of a group, in words."""
    return "、".join(version.file for version in group if version is not one)


# What it leaves in the tables ----------------------------------------------------------------------


def concerning(tables: Tables, came: Sequence[Version], whose: Mapping[Hashable, Owner]) -> Tables:
    """The reader's findings in these files, each with the school that it concerns and its county."""
    owner = {one.file: whose[one.key] for one in came if one.key in whose}
    told = tuple(
        replace(one, school=owner[one.at.file][0], county=owner[one.at.file][1])
        if one.at.file in owner
        else one
        for one in tables.findings
    )
    return replace(tables, findings=told)


def current(tables: Tables, ends: Mapping[str, tuple[str, str]]) -> Tables:
    """The tables without what the reader found in versions that a newer one replaced, or that came later than the run.

    For forms that hold everything anew each time: what is still wrong is found in the version that counts.
    """
    past = {file for file, (bucket, _) in ends.items() if bucket in (SUPERSEDED, NOT_YET)}
    return replace(tables, findings=tuple(one for one in tables.findings if one.at.file not in past))


def filed(
    tables: Tables, came: Sequence[Version], ends: Mapping[str, tuple[str, str]], document: str
) -> Tables:
    """`files` with the document of each version, its time, and where it ended."""
    import pandas as pd  # here, so that a single file is checked without it

    files, known = tables["files"], {one.file: one for one in came}
    said = {name: files[name].tolist() for name in ("bucket", "why", "uploaded", "document")}
    for place, file in enumerate(files["file"]):
        if one := known.get(file):
            said["uploaded"][place], said["document"][place] = one.at, _document(document, one)
            if file in ends:
                said["bucket"][place], said["why"][place] = ends[file]
    columns = {name: pd.Series(values, files.index, dtype=object) for name, values in said.items()}
    return tables.put(files=files.assign(**columns)) if known else tables


def _document(form: str, one: Version) -> str:
    key = one.key[:2] if isinstance(one.key, tuple) else (one.key,)
    return "-".join((form, *key))
