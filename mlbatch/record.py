"""run.json: what went in, what it was judged by, what came out (執行紀錄).

An auditor who has the output folder and the inbox can tell a year later which files, which plan
and which templates a figure came from. The record holds no personal data and no moment of time:
the same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pandas as pd

from mlbatch import __version__
from mlbatch.outbox import Outbox
from mlbatch.output import Paper
from mlbatch.plan import Plan
from mlbatch.published import PROGRAM
from mlbatch.readable import to_json
from mlbatch.tables import BUCKETS, VERDICTS, Tables
from mlbatch.templates import folder


def record(
    tables: Tables,
    plan: Plan,
    as_of: date,
    until: str,
    stage: str,
    counts: dict,
    papers: Iterable[Paper],
    letters: Outbox | None = None,
    listed: list[dict] | None = None,
    twins: dict | None = None,
) -> bytes:
    """The bytes of run.json: all that `verify` needs, with the inbox, to derive the month again.

    `until` is the job after which the run was told to stop, or empty. `letters` says what
    the program wrote of each letter, so that a hand's work is known later;
    `listed` are the rows of the outbox: path, recipient, kind and state of each letter. `twins` says
    what made the twins in open formats, if they were asked for.
    """
    columns = ["file", "sha256", "size", "form", "bucket", "why"]
    return to_json(
        {
            "program": _program(),
            "plan": {"year": plan.year, "sha256": dict(plan.hashes)},
            "templates": _template_hashes(),
            "as_of": as_of.isoformat(),
            "until": until,
            "stage": stage,
            "counts": counts,
            "settings": {n: str(plan.value(n)) for n, s in sorted(plan.sources.items()) if s.ours},
            "inputs": tables["files"][columns].to_dict("records"),
            "letters": listed or [],
            **_twins(twins),
            "outputs": _outputs(papers, letters),
        }
    )


def record_of_templates(plan: Plan, papers: Iterable[Paper], twins: dict | None = None) -> bytes:
    """The bytes of run.json for a folder of templates."""
    plan_of = {"year": plan.year, "sha256": dict(plan.hashes)}
    return to_json({"program": _program(), "plan": plan_of, **_twins(twins), "outputs": _outputs(papers)})


def _twins(said: dict | None) -> dict[str, object]:
    return {"twins": said} if said else {}


def _program() -> dict[str, str]:
    return {"name": PROGRAM, "version": __version__}


def _outputs(papers: Iterable[Paper], letters: Outbox | None = None) -> list[dict[str, object]]:
    return [
        {
            "path": p.path, "title": p.title, "size": p.size, "sha256": p.sha256,
            **({"twin_of": p.twin_of} if p.twin_of else {}),
            **(_written(p.path, letters) if letters else {}),
        }
        for p in sorted(papers, key=lambda paper: paper.path)
    ]  # fmt: skip


def _written(path: str, letters: Outbox) -> dict[str, object]:
    """What the program wrote of a letter, or of a new draft of one."""
    said = {"letter": letters.bases, "draft": letters.drafts}
    return {key: bases[path] for key, bases in said.items() if path in bases}


def counts(read: Tables, tables: Tables) -> dict[str, dict[str, int]]:
    """Where every file, every row that was handed in and every school ended.

    `read` are the tables as they came from the inbox, before any file was superseded. Each group
    ends with its sum under 合計, which equals the number that came in.
    """
    return {
        "檔案": _tally(tables["files"]["bucket"], BUCKETS),
        "推薦列": _rows(read, tables, "listed", "list_place"),
        "計畫書": _rows(read, tables, "plans", "plan_place"),
        "學校": _tally(tables["schools"]["verdict"], VERDICTS),
    }


def _rows(read: Tables, tables: Tables, name: str, place: str) -> dict[str, int]:
    """Rows of table `name` by verdict of their school, or by bucket of a file that did not count."""
    if name not in read:
        return {"合計": 0}
    bucket = dict(zip(tables["files"]["file"], tables["files"]["bucket"], strict=True))
    verdict = {
        (p.file, p.row): v
        for p, v in zip(tables["schools"][place], tables["schools"]["verdict"], strict=True)
        if p is not None
    }
    ends = [
        verdict.get((p.file, p.row)) or (bucket[p.file] if bucket[p.file] != BUCKETS[0] else "重複")
        for p in read[name]["place"]
    ]
    return _tally(pd.Series(ends, dtype=object), (*VERDICTS, *BUCKETS, "重複"))


def _tally(values: pd.Series, order: Iterable[str]) -> dict[str, int]:
    found = values.value_counts()
    tally = {name: int(found[name]) for name in order if name in found}
    return {**tally, "合計": len(values)}


def sha256(content: bytes) -> str:
    """The sha256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _template_hashes() -> dict[str, str]:
    root = folder()
    used: list[Path] = sorted([*root.glob("letters/*.docx"), *root.glob("pages/*.html")])
    return {path.relative_to(root).as_posix(): sha256(path.read_bytes()) for path in used}
