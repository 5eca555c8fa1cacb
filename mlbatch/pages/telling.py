"""`mlbatch explain`: find one school's story in an output folder and tell it (說明)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from mlbatch.stop import CannotRun

STORIES = "decisions.json"
SHOWN = 5  # schools that are named where none was found


def find(folder: Path, wanted: str) -> dict:
    """The story of the school `wanted`: a code, `code-level` or a name.

    Raises CannotRun if the folder is no output, or if no school or more than one is meant.
    """
    try:
        stories = json.loads((folder / STORIES).read_text("utf-8"))["schools"]
    except (OSError, ValueError, KeyError):
        raise CannotRun(f"「{folder}」不是輸出資料夾，找不到 {STORIES}。") from None
    found = [story for story in stories if wanted in _names(story)]
    if not found:
        raise CannotRun(f"查無學校「{wanted}」，請填六碼代碼或完整校名。{_like(wanted, stories)}")
    if len(found) > 1:
        raise CannotRun(f"「{wanted}」有 {len(found)} 校，請指明其一：{_listed(found)}。")
    return found[0]


def _like(wanted: str, stories: Sequence[dict]) -> str:
    """Which schools may be meant: those whose code or name holds what was asked for, else the names most like it."""
    held = [story for story in stories if wanted and any(wanted in name for name in _names(story))]
    near = set() if held else set(get_close_matches(wanted, {story["name"] for story in stories}, SHOWN))
    meant = held or [story for story in stories if story["name"] in near]
    more = f"等 {len(meant)} 校" if len(meant) > SHOWN else ""
    return f"可能為：{_listed(meant[:SHOWN])}{more}。" if meant else ""


def _listed(stories: Sequence[dict]) -> str:
    return "、".join(f"{s['code']}-{s['level']}（{s['county']}{s['name']}）" for s in stories)


def tell(story: dict) -> str:
    """The story as lines of text, each with its clause."""
    lines = [f"{story['county']}　{story['name']}（{story['code']}，{story['level']}）"]
    lines += [f"　{s['事項']}：{s['說明']}（{s['依據']}）" for s in story["steps"]]
    return "\n".join(lines) + "\n"


def _names(story: dict) -> tuple[str, ...]:
    return story["code"], f"{story['code']}-{story['level']}", story["name"]
