"""What stands in a published folder, held against its manifest (產出之核對).

The manifest `run.json` names every file with its sha256; a file that is changed, missing or extra
is named here. Nothing is opened but to be hashed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MANIFEST = "run.json"
PROGRAM = "mlbatch"
SYSTEM_FILES = {"thumbs.db", "desktop.ini", ".ds_store"}  # left by the system that shows the folder


class What(StrEnum):
    """What is wrong with a published file."""

    CHANGED = "已變更"
    MISSING = "缺少"
    EXTRA = "多出"


@dataclass(frozen=True)
class Fault:
    """A file that is not as the manifest says: its path in the folder (with `/`), and what is wrong."""

    path: str
    what: What


def manifest(out: Path) -> dict | None:
    """The manifest of a published folder; None if `out` was not published by this program."""
    try:
        found = parsed((out / MANIFEST).read_bytes())
        ours = found["program"]["name"] == PROGRAM
        {paper["path"]: paper["sha256"] for paper in found["outputs"]}
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return found if ours else None


def parsed(manifest: bytes) -> dict:
    """A manifest's bytes as a value; raises ValueError for what is no JSON."""
    return json.loads(manifest.decode())


def faults(out: Path, record: dict) -> list[Fault]:
    """Every file of `out` that is not as its manifest says, by path."""
    said = {paper["path"]: paper["sha256"] for paper in record["outputs"]}
    there = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if not path.is_dir()}
    there = {name: path for name, path in there.items() if not _passed_over(path, name)}
    found = [Fault(name, What.MISSING) for name in said.keys() - there.keys()]
    found += [Fault(name, What.EXTRA) for name in there.keys() - said.keys()]
    both = said.keys() & there.keys()
    found += [Fault(name, What.CHANGED) for name in both if sha256_of(there[name]) != said[name]]
    return sorted(found, key=lambda fault: fault.path)


def sha256_of(path: Path) -> str:
    """The sha256 of a file, or an empty text for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _passed_over(path: Path, name: str) -> bool:
    return name == MANIFEST or path.name.lower() in SYSTEM_FILES
