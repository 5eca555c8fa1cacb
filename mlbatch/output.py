"""What goes out is published whole or not at all (發布).

Papers are written into a staging folder beside the output, each flushed to disk, the manifest
last; then one rename puts the folder in place. An interrupted run leaves the former output as it
was and a staging folder that the next run sweeps.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mlbatch.stop import CannotRun

MANIFEST = "run.json"
STAGING, FORMER = ".staging", ".former"


class OutputError(CannotRun):
    """The output folder cannot be used; the text is for the clerk."""


@dataclass(frozen=True)
class Paper:
    """One file that goes out: its path in the output (with `/`), its bytes, its Chinese title.

    `recipient` is the folder of the one who gets it, empty for the ministry's own papers.
    """

    path: str
    content: bytes
    title: str
    recipient: str = ""


def publish(papers: Iterable[Paper], manifest: bytes, out: Path) -> None:
    """Replace folder `out` by the papers and their manifest.

    Raises OutputError if `out` holds something that is not an output of this program.
    """
    refuse_foreign(out)
    staging, former = _beside(out, STAGING), _beside(out, FORMER)
    _recover(out, staging, former)
    out.parent.mkdir(parents=True, exist_ok=True)
    staging.mkdir()
    for paper in papers:
        _write(staging / paper.path, paper.content)
    _write(staging / MANIFEST, manifest)
    _swap(staging, out, former)


def refuse_foreign(out: Path) -> None:
    """Raise OutputError unless `out` is absent, empty or an earlier output of this program."""
    if out.exists() and not out.is_dir():
        raise OutputError(f"輸出位置「{out}」是檔案，請指定資料夾。")
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise OutputError(f"輸出資料夾「{out}」內有其他檔案，請指定空的或新的資料夾。")


def _beside(out: Path, suffix: str) -> Path:
    return out.parent / f".{out.name}{suffix}"


def _recover(out: Path, staging: Path, former: Path) -> None:
    """Sweep what a killed run left; put the former output back if the swap was cut in two."""
    shutil.rmtree(staging, ignore_errors=True)
    if former.exists() and not out.exists():
        former.rename(out)
    shutil.rmtree(former, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _swap(staging: Path, out: Path, former: Path) -> None:
    if out.exists():
        out.rename(former)
    staging.rename(out)
    shutil.rmtree(former, ignore_errors=True)
