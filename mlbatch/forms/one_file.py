"""One file of the inbox, opened and read (讀取一檔): by what it is, never by what it is called.

Runs in a reading worker (workers.py), so that the parent never holds a file's bytes.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.forms.form import Form
from mlbatch.forms.guard import OLE, ZIP
from mlbatch.forms.reader import read_workbook, why
from mlbatch.forms.reading import Reading
from mlbatch.forms.register_csv import read_csv
from mlbatch.plan import Plan

MOST_COLUMNS = 1_000  # of a register that came as text
MOST_BYTES = 50_000_000  # no workbook of the programme comes near it
# A link is not followed, and nothing that is no regular file is waited for.
FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True)
class Read:
    """What reading one file gave; `sha256` is empty for a file that was not read."""

    outcome: Reading | Finding
    sha256: str = ""


def read_file(path: Path, name: str, forms: Mapping[str, Form], plan: Plan) -> Read:
    """Read the file at `path` that is shown as `name`. Never raises for what it holds."""
    try:
        content = content_of(path)
    except (OSError, ValueError):
        return set_aside(name, "檔案無法讀取")
    return read_of(content, name, forms, plan)


def read_of(content: bytes | None, name: str, forms: Mapping[str, Form], plan: Plan) -> Read:
    """Read the bytes of a file that is shown as `name`; None for one that is too large."""
    if content is None:
        return set_aside(name, f"檔案大於 {MOST_BYTES // 10**6} MB")
    return Read(read_content(content, name, forms, plan), hashlib.sha256(content).hexdigest())


def set_aside(name: str, reason: str) -> Read:
    """What stands for a file that could not be read."""
    return Read(Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": reason}))


def _is_no_text(content: bytes) -> bool:
    """Whether bytes are too wide for a register, or hold what text does not."""
    first = content[:100_000].lstrip().partition(b"\n")[0]
    wide = max(first.count(b","), first.count(b"\t")) > MOST_COLUMNS
    return wide or (b"\0" in first and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)))


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A regular file, open to be read. Raises OSError for anything else."""
    with open(os.open(path, FLAGS), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("not a regular file")
        yield file


def content_of(path: Path) -> bytes | None:
    """The bytes of a regular file; None if it is too large. Raises OSError for anything else."""
    with opened(path) as file:
        content = file.read(MOST_BYTES + 1)
    return content if len(content) <= MOST_BYTES else None


def read_content(content: bytes, name: str, forms: Mapping[str, Form], plan: Plan) -> Reading | Finding:
    """Read bytes that came as `name`: a workbook by its first ones; all else is taken for a register's text."""
    if content.startswith((ZIP, OLE)):
        return read_workbook(content, name, forms, plan)
    if _is_no_text(content):
        return Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": why(content)})
    outcome = read_csv(content, name, forms, plan)
    if isinstance(outcome, Finding) and not name.lower().endswith(".csv"):
        return Finding(catalogue.I1_NOT_A_WORKBOOK, At(name), {"why": why(content)})
    return outcome
