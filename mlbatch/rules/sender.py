"""Whose file it is (送件者): a file that could not be read is told to the one who uploaded it.

A file without a readable head says nothing of its county; the upload register does (肆.四(四)4).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pandas as pd

from mlbatch.directory import NATIONAL, Key, name_key
from mlbatch.finding import Finding
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables

NOBODY: Key = ("", "")


def name_senders(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """The findings of whole files, with the county or the national school that uploaded the file.

    By the register's path, else by the bare name where it stands for one uploader only. A county is
    known by its name at the head of 上傳者, a national school by its name in the directory.
    """
    uploaders = _uploaders(tables["uploads"])
    national = _national(tables["directory"])
    named = []
    for finding in tables.findings:
        if finding.kind.rule.startswith("I") and not finding.county and finding.school == NOBODY:
            finding = _named(finding, uploaders, national, plan)
        named.append(finding)
    return replace(tables, findings=tuple(named)), []


def _named(finding: Finding, uploaders: dict[str, set[str]], national: dict[str, Key], plan: Plan) -> Finding:
    path = _path(finding.at.file)
    known = uploaders.get(path) or uploaders.get(path.rpartition("/")[2], set())
    if len(known) != 1:
        return finding
    (by,) = known
    county = next((name for name in plan.counties if by.startswith(name_key(name))), "")
    return replace(finding, county=county, school=NOBODY if county else national.get(by, NOBODY))


def _uploaders(register: pd.DataFrame) -> dict[str, set[str]]:
    """Path, and bare name, as registered → the keys of those who uploaded it."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, by in register[["upload_name", "uploaded_by"]].itertuples(index=False):
        path = _path(name)
        found[path].add(name_key(by))
        if "/" in path:
            found[path.rpartition("/")[2]].add(name_key(by))
    return found


def _path(name: str) -> str:
    return unicodedata.normalize("NFC", name).replace("\\", "/").removeprefix("./")


def _national(directory: pd.DataFrame) -> dict[str, Key]:
    own = directory[directory["owner"] == NATIONAL]
    keys = zip(own["code"], own["level"], strict=True)
    return dict(zip(map(name_key, own["name"]), keys, strict=True))
