"""Which upload counts (採認版本): the last one of each document before closing (肆.四(四)4, S1).

A document is a county's list, or the plan of one school and level. A document whose key cannot be
read is known by the stamp of its template, and without one stands for itself.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

import pandas as pd

from mlbatch import catalogue, roc
from mlbatch.directory import name_key
from mlbatch.finding import At, Finding, Kind
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.second_call import AGAIN, FIRST, SECOND, SecondCall, second_calls
from mlbatch.tables import ACCEPTED, LATE, NOT_YET, SUPERSEDED, Tables, records

Key = tuple[str, str]  # (code, level)
LIST, PLAN, REVISED = "recommendation", "application", "revised_plan"
READ = ("lists", "listed", "plans", "devices", "classes", "teaching", "advisors", "costs")
LATE_COLUMNS = ["form", "code", "level", "name", "county", "file", "place"]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a document, and when it was uploaded; `names` are those of its sender."""

    file: str
    document: tuple[str, ...]
    at: datetime
    school: Key = ("", "")
    county: str = ""
    names: tuple[str, ...] = field(default=())
    registered: bool = True
    call: int = FIRST
    closing: datetime = datetime.max

    def finding(self, kind: Kind, **facts: object) -> Finding:
        """A finding about the file as a whole."""
        return Finding(kind, At(self.file), facts, self.school, self.county)


@dataclass(frozen=True, slots=True)
class Fate:
    """Where one upload ends (檔案去向), why, and what to tell."""

    upload: Upload
    bucket: str
    why: str = ""
    finding: Finding | None = None


def last_in_time(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S1: `bucket`, `why`, `uploaded` and `document` of every list and plan in `files`; table `late`.

    Of several uploads of one document the last one up to `calendar.closing`, that second included,
    counts; of two in one second the last by file name. What came after the day `as_of` is not
    judged yet, and its findings are left for that day. What a county that was called again (再次徵件) hands in
    up to its own closing stands beside its first documents: column `call` of `files`. Rows of other files that do not count leave
    the tables that were read; their findings stay. `late` has the schools of documents of which
    only late versions came.
    """
    end = datetime.combine(as_of, time.max)
    uploads = _dated(_submitted(tables, plan), _of_the_call(tables, plan), end)
    uploads = _called(uploads, tables, plan, as_of)
    documents: dict[tuple[str, ...], list[Upload]] = defaultdict(list)
    for upload in uploads:
        documents[upload.document].append(upload)
    fates = {f.upload.file: f for group in documents.values() for f in _fates(group, end)}
    unregistered = [
        upload.finding(catalogue.S1_NOT_REGISTERED, read=roc.minute(upload.at))
        for upload in uploads
        if not upload.registered and upload.at <= end
    ]
    findings = [fate.finding for fate in fates.values() if fate.finding]
    tables = tables.put(files=_ended(tables["files"], fates), late=_late(tables, documents, fates))
    not_yet = {file for file, fate in fates.items() if fate.bucket == NOT_YET}
    tables = replace(tables, findings=tuple(one for one in tables.findings if one.at.file not in not_yet))
    return tables.put(**_kept(tables, fates)), [*unregistered, *findings]


# The documents -----------------------------------------------------------------------------------


def _submitted(tables: Tables, plan: Plan) -> list[Upload]:
    """Every list and plan that could be read, by file name; at its modification time for now."""
    files = tables["files"]
    files = files[files["form"].isin([LIST, PLAN]) & (files["bucket"] == "")].sort_values("file")
    heads = _heads(tables)
    columns = ["file", "form", "recipient", "modified"]
    return [
        _list(file, recipient, modified, heads, plan) if form == LIST else _plan(file, recipient, modified, heads)
        for file, form, recipient, modified in files[columns].itertuples(index=False)
    ]  # fmt: skip


def _heads(tables: Tables) -> dict[str, dict]:
    """File → the head of its list or plan."""
    names = [name for name in ("lists", "plans") if name in tables]
    return {row["file"]: row for name in names for row in records(tables[name])}


def _list(file: str, recipient: str, at: datetime, heads: Mapping[str, dict], plan: Plan) -> Upload:
    county = heads[file]["county"] or (recipient if recipient in plan.counties else "")
    return Upload(file, (LIST, county or file), at, county=county, names=(county,))


def _plan(file: str, recipient: str, at: datetime, heads: Mapping[str, dict]) -> Upload:
    head = heads[file]
    school = head["code"], head["level"]
    if not all(school):
        code, _, level = recipient.partition("-")
        school = code, level
    names = head["county"], head["name"]
    if not all(school):
        return Upload(file, (PLAN, file), at, county=head["county"], names=names)
    return Upload(file, (PLAN, *school), at, school, head["county"], names)


def _of_the_call(tables: Tables, plan: Plan) -> pd.DataFrame:
    """The upload register without what was uploaded later under the name of a revised plan (肆.七(二))."""
    register, files = tables["uploads"], tables["files"]
    revised = {_name(_path(file)) for file in files.loc[files["form"] == REVISED, "file"]}
    names = [_name(_path(name)) for name in register["upload_name"]]
    later = [not pd.isna(at) and at > plan.calendar.closing for at in register["uploaded_at"]]
    kept = [not (late and name in revised) for late, name in zip(later, names, strict=True)]
    return register[pd.Series(kept, register.index, dtype=bool)]


# Their times -------------------------------------------------------------------------------------


def _dated(uploads: Sequence[Upload], register: pd.DataFrame, end: datetime) -> list[Upload]:
    """The uploads at the time that the register gives: the latest up to `end`, else the first after."""
    times = _times(uploads, register)
    dated = []
    for one in uploads:
        known = times[one.file]
        at = max((at for at in known if at <= end), default=min(known, default=one.at))
        dated.append(replace(one, at=at, registered=bool(known)))
    return dated


def _times(uploads: Sequence[Upload], register: pd.DataFrame) -> dict[str, list[datetime]]:
    """File → its times in the register: by its path, else by its bare name where that means one file."""
    times: dict[str, list[datetime]] = defaultdict(list)
    paths = {_path(upload.file): upload.file for upload in uploads}
    bare = []
    for name, at, by in register[["upload_name", "uploaded_at", "uploaded_by"]].itertuples(index=False):
        if pd.isna(at):
            continue
        if (path := _path(name)) in paths:
            times[paths[path]].append(at)
        else:
            bare.append((_name(path), at, name_key(by)))
    sharing: dict[str, list[Upload]] = defaultdict(list)
    for upload in uploads:
        if upload.file not in times:
            sharing[_name(_path(upload.file))].append(upload)
    for name, at, by in bare:
        if owner := _owner(sharing[name], by):
            times[owner.file].append(at)
    return times


def _owner(sharing: Sequence[Upload], by: str) -> Upload | None:
    """The one upload that a bare name means; of several, the one whose sender uploaded it."""
    if len(sharing) > 1:
        sharing = [u for u in sharing if any(one and by.startswith(name_key(one)) for one in u.names)]
    return sharing[0] if len(sharing) == 1 else None


def _path(name: str) -> str:
    return unicodedata.normalize("NFC", name).replace("\\", "/").removeprefix("./")


def _name(path: str) -> str:
    return path.rpartition("/")[2]


# The second call ---------------------------------------------------------------------------------


def _called(uploads: Sequence[Upload], tables: Tables, plan: Plan, as_of: date) -> list[Upload]:
    """The uploads with the call that they were made for, and its closing (肆.五※).

    A list counts for a second call by its time; a plan if that list has its school, and no plan of the
    school came up to the first closing.
    """
    first = plan.calendar.closing
    calls = second_calls(records(tables["second_calls"]) if "second_calls" in tables else (), as_of)
    uploads = [replace(one, closing=first) for one in uploads]
    if not calls:
        return uploads
    lists = {one.file for one in uploads if one.document[0] == LIST and _again(one, calls, first)}
    wanted = _listed_in(lists, tables) - {
        one.school for one in uploads if one.document[0] == PLAN and one.at <= first
    }
    return [
        _for_second(one, calls[one.county])
        if one.file in lists or (one.school in wanted and _again(one, calls, first))
        else one
        for one in uploads
    ]


def _again(one: Upload, calls: Mapping[str, SecondCall], first: datetime) -> bool:
    return one.county in calls and calls[one.county].takes(one.at, first)


def _for_second(one: Upload, call: SecondCall) -> Upload:
    return replace(one, call=SECOND, closing=call.closing, document=(*one.document, AGAIN))


def _listed_in(files: set[str], tables: Tables) -> set[Key]:
    if not files or "listed" not in tables:
        return set()
    rows = tables["listed"][["file", "code", "level"]].itertuples(index=False)
    return {(code, level) for file, code, level in rows if file in files and code and level}


# Their fates -------------------------------------------------------------------------------------


def _fates(group: Iterable[Upload], end: datetime) -> Iterator[Fate]:
    """The fate of each upload of one document."""
    group = sorted(group, key=lambda upload: (upload.at, upload.file))
    in_time = [upload for upload in group if upload.at <= min(upload.closing, end)]
    for upload in group:
        closing = upload.closing
        if upload.at > end:
            yield Fate(upload, NOT_YET, f"上傳時間為 {roc.minute(upload.at)}，在基準日之後。")
        elif upload.at > closing:
            facts = {"read": roc.minute(upload.at), "closing": roc.minute(closing)}
            yield _told(upload, LATE, upload.finding(catalogue.S1_LATE, **facts))
        elif upload is in_time[-1]:
            yield Fate(upload, ACCEPTED)
        else:
            newer = _newer(upload, in_time[-1])
            yield _told(upload, SUPERSEDED, upload.finding(catalogue.S1_SUPERSEDED, newer=newer))


def _told(upload: Upload, bucket: str, finding: Finding) -> Fate:
    return Fate(upload, bucket, finding.sentence, finding)


def _newer(upload: Upload, last: Upload) -> str:
    tied = "，上傳時間相同，以檔名在後者為準" if upload.at == last.at else ""
    return f"{last.file}{tied}"


def _ended(files: pd.DataFrame, fates: Mapping[str, Fate]) -> pd.DataFrame:
    rows = list(zip(files["file"], files["bucket"], files["why"], strict=True))
    ends = [(fates[f].bucket, fates[f].why) if f in fates else (bucket, why) for f, bucket, why in rows]
    buckets, whys = ([end[i] for end in ends] for i in (0, 1))
    uploads = [fates[file].upload if file in fates else None for file in files["file"]]
    columns = {
        "bucket": buckets,
        "why": whys,
        "uploaded": [one.at if one else None for one in uploads],
        "document": ["-".join(one.document) if one else "" for one in uploads],
    }
    called = pd.array([one.call if one else None for one in uploads], "Int64")
    return files.assign(
        **{name: pd.Series(said, files.index, dtype=object) for name, said in columns.items()}, call=called
    )


def _kept(tables: Tables, fates: Mapping[str, Fate]) -> dict[str, pd.DataFrame]:
    """The tables that were read which have rows of files that do not count, without these."""
    out = {file for file, fate in fates.items() if fate.bucket != ACCEPTED}
    read = {name: tables[name] for name in READ if out and name in tables}
    past = {name: rows["file"].isin(out) for name, rows in read.items()}
    return {name: rows[~past[name]].reset_index(drop=True) for name, rows in read.items() if past[name].any()}


def _late(
    tables: Tables, documents: Mapping[tuple[str, ...], Sequence[Upload]], fates: Mapping[str, Fate]
) -> pd.DataFrame:
    """The schools of each document's last late version, where no version counts."""
    files: dict[str, str] = {}
    for group in documents.values():
        ends = {fates[upload.file].bucket for upload in group}
        if ACCEPTED not in ends and LATE in ends:
            late = [upload for upload in group if fates[upload.file].bucket == LATE]
            last = max(late, key=lambda upload: (upload.at, upload.file))
            files[last.file] = last.county
    forms = {"listed": LIST, "plans": PLAN}
    rows = [
        (form, row["code"], row["level"], row["name"], files[row["file"]], row["file"], row["place"])
        for name, form in forms.items()
        if name in tables
        for row in records(tables[name][tables[name]["file"].isin(list(files))])
    ]
    rows.sort(key=lambda row: (row[-2], row[-1].row))
    return pd.DataFrame(rows, columns=LATE_COLUMNS, dtype=object)
