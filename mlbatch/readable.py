"""Readable JSON (可讀之 JSON): what auditors open a year later, the same bytes for the same value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO, TextIOWrapper
from json.encoder import encode_basestring as _quoted


def to_json(value: object) -> bytes:
    """A value as JSON in UTF-8, one thing a line. An iterator is a list that is told one after the other."""
    content = BytesIO()
    with TextIOWrapper(content, "utf-8", newline="") as spelt:
        _spell(value, "\n", spelt.write)
        spelt.write("\n")
        spelt.flush()
        return content.getvalue()


def _spell(value: object, line: str, say: Callable[[str], object]) -> None:
    """What `json.dumps(value, ensure_ascii=False, indent=1)` gives, which the library does not do in C."""
    if isinstance(value, str):
        say(_quoted(value))
    elif isinstance(value, dict):
        pairs = (
            (f"{_quoted(one if isinstance(one, str) else json.dumps(one))}: ", value[one]) for one in value
        )
        _spell_all("{}", pairs, line, say)
    elif isinstance(value, list | tuple | Iterator):
        _spell_all("[]", (("", one) for one in value), line, say)
    else:
        say(json.dumps(value, ensure_ascii=False))


def _spell_all(
    braces: str, members: Iterable[tuple[str, object]], line: str, say: Callable[[str], object]
) -> None:
    """Members between braces, each on a line with its name before it."""
    within = line + " "
    begins = empty = f"{braces[0]}{within}"
    for name, one in members:
        say(begins + name)
        _spell(one, within, say)
        begins = f",{within}"
    say(braces if begins is empty else line + braces[1])
