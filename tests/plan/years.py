"""Plan years in folders, for tests: the invented 108 with some of its lines changed, and years after it."""

import shutil
from pathlib import Path

from mlbatch.plan import load_plan

INVENTED = Path(__file__).parents[2] / "input_samples" / "plan-108"


def folder(to, *edits):
    """A copy of the invented 108 in `to`; each edit is (file, old words, new words)."""
    shutil.copytree(INVENTED, to)
    for name, old, new in edits:
        path = to / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} has no {old}"
        path.write_text(text.replace(old, new), "utf-8")
    return to


def without(to, file, group_key):
    """A copy of the invented 108 without the entry `group.key` of a file."""
    copy = folder(to)
    path = copy / file
    head, *entries = path.read_text("utf-8").split("\n[")
    kept = [entry for entry in entries if not entry.startswith(f"{group_key}]")]
    assert len(kept) == len(entries) - 1
    path.write_text("\n[".join([head, *kept]), "utf-8")
    return copy


def load(*edits, to):
    """The plan of `folder(to, *edits)`."""
    return load_plan(folder(to, *edits))
