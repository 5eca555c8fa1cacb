"""When two names mean the same (同名): spaces, widths and 台/臺 do not count (E7).

Names keep the characters they came with; this is for comparing only.
"""

from __future__ import annotations

import re
import unicodedata

SPACES = re.compile(r"\s+")
VARIANTS = str.maketrans({"台": "臺"})
GOVERNMENT = ("政府教育局", "政府教育處", "政府", "教育局", "教育處")


def name_key(name: str) -> str:
    """The form of a name by which names are compared."""
    return SPACES.sub("", unicodedata.normalize("NFKC", name)).translate(VARIANTS)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same school's or county's."""
    return name_key(one) == name_key(other)


def county_key(sender: str) -> str:
    """A county's name from how it signs its letters: 屏東縣政府 → 屏東縣."""
    key = name_key(sender)
    for ending in GOVERNMENT:
        key = key.removesuffix(ending)
    return key
