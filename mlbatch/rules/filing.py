"""What was filed, and when (送件): the last version before closing counts (S1, 肆.四(四)4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

import pandas as pd

from mlbatch import catalogue, roc
from mlbatch.finding import At, Finding
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import ACCEPTED, LATE, NOT_YET, SUPERSEDED, Tables

FILED = ("recommendation", "application")
READ_FROM = ("lists", "listed", "plans", "devices", "classes", "teaching", "advisors", "costs")


@dataclass(frozen=True, order=True)
class Upload:
    """One file of a document: when it was uploaded, and whether the register says so."""

    at: datetime
    file: str
    registered: bool


def last_in_time(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S1: give every file of a list or plan its bucket, and keep only the rows of those that count.

    Of several uploads of one document the last before closing counts, that second included; two of
    the same second stand in the order of their names. Uploads after the as-of day are not judged.
    """
    judged: dict[str, tuple[str, list[Finding]]] = {}
    for document, uploads in sorted(_documents(tables).items()):
        judged |= _judge(uploads, _owner(document), plan, as_of)
    files = _with_buckets(tables["files"], judged)
    counted = {file for file, (bucket, _) in judged.items() if bucket == ACCEPTED}
    kept = {name: _of(tables[name], counted) for name in READ_FROM if name in tables}
    findings = [finding for file in sorted(judged) for finding in judged[file][1]]
    return tables.put(files=files, **kept), findings


def _judge(
    uploads: list[Upload], owner: Mapping[str, object], plan: Plan, as_of: date
) -> dict[str, tuple[str, list[Finding]]]:
    """The bucket of each file of one document, and what to say of it."""
    told = {upload.file: _unregistered(upload, owner) for upload in uploads}
    known = [upload for upload in uploads if upload.at <= datetime.combine(as_of, time.max)]
    in_time = [upload for upload in known if upload.at <= plan.calendar.closing]
    judged = {}
    for upload in uploads:
        bucket = NOT_YET if upload not in known else LATE
        if upload in in_time:
            bucket = ACCEPTED if upload is in_time[-1] else SUPERSEDED
        judged[upload.file] = (bucket, told[upload.file] + _said(upload, bucket, in_time, owner, plan))
    return judged


def _said(upload, bucket, in_time, owner, plan) -> list[Finding]:
    if bucket == LATE:
        facts = {"read": roc.minute(upload.at), "closing": roc.minute(plan.calendar.closing)}
        return [Finding(catalogue.S1_LATE, At(upload.file), facts, **owner)]
    if bucket == SUPERSEDED:
        return [Finding(catalogue.S1_SUPERSEDED, At(upload.file), {"newer": in_time[-1].file}, **owner)]
    return []


def _unregistered(upload: Upload, owner: Mapping[str, object]) -> list[Finding]:
    if upload.registered:
        return []
    return [Finding(catalogue.S1_NOT_REGISTERED, At(upload.file), {"read": roc.minute(upload.at)}, **owner)]


Document = tuple[str, str, str]  # form, county or code, level


def _documents(tables: Tables) -> dict[Document, list[Upload]]:
    """Each document's uploads, oldest first."""
    files, heads = tables["files"], dict(_heads(tables))
    times = _times(tables["uploads"])
    documents: dict[Document, list[Upload]] = defaultdict(list)
    chosen = files[files["form"].isin(FILED) & (files["bucket"] == "")]
    for file, modified in chosen[["file", "modified"]].itertuples(index=False):
        told = times.get(file) or times.get(file.rpartition("/")[2])
        documents[heads[file]].append(Upload(told or modified, file, told is not None))
    return {document: sorted(uploads) for document, uploads in documents.items()}


def _heads(tables: Tables) -> Iterator[tuple[str, Document]]:
    """The document that each file is: a county's list, a school's plan, or else itself."""
    if "lists" in tables:
        for file, county in tables["lists"][["file", "county"]].itertuples(index=False):
            yield file, ("recommendation", county or file, "")
    if "plans" in tables:
        for file, code, level in tables["plans"][["file", "code", "level"]].itertuples(index=False):
            yield file, ("application", code or file, level)


def _times(register: pd.DataFrame) -> dict[str, datetime]:
    """The last upload of each name in the register."""
    rows = register[register["uploaded_at"].notna()].sort_values("uploaded_at", kind="stable")
    return dict(zip(rows["upload_name"], rows["uploaded_at"], strict=True))


def _owner(document: Document) -> dict[str, object]:
    form, first, level = document
    return {"county": first} if form == "recommendation" else {"school": (first, level)}


def _with_buckets(files: pd.DataFrame, judged: Mapping[str, tuple[str, list[Finding]]]) -> pd.DataFrame:
    rows = zip(files["file"], files["bucket"], files["why"], strict=True)
    ends = [(judged[f][0], _why(judged[f][1])) if f in judged else (b, w) for f, b, w in rows]
    return files.assign(bucket=[bucket for bucket, _ in ends], why=[why for _, why in ends])


def _why(findings: list[Finding]) -> str:
    return findings[-1].sentence if findings else ""


def _of(frame: pd.DataFrame, files: set[str]) -> pd.DataFrame:
    return frame[frame["file"].isin(files)].reset_index(drop=True)
