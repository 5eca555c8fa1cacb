"""What was probably meant (您是不是要填…): one suggestion, and only where one stands out.

Pure functions over words; the sender decides. Words are compared by their keys, so width, spaces
and 台/臺 never count.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from mlbatch.forms.cells import key

ALIKE = 0.5  # of the characters agree; less is not alike
WITHIN = 0.9  # what stands whole within the other (臺北, 新北市政府)


def nearest(words: str, options: Iterable[str]) -> str:
    """The one option that is clearly most like `words`; empty if there is none, or two are."""
    wanted = key(words)
    ranked = sorted((-_likeness(wanted, key(option)), option) for option in dict.fromkeys(options))
    if not wanted or not ranked or -ranked[0][0] <= ALIKE:
        return ""
    return "" if len(ranked) > 1 and ranked[1][0] == ranked[0][0] else ranked[0][1]


def _likeness(one: str, other: str) -> float:
    """From 0 (nothing alike) to 1 (the same)."""
    if min(len(one), len(other)) > 1 and (one in other or other in one):
        return max(WITHIN, SequenceMatcher(None, one, other).ratio())
    return SequenceMatcher(None, one, other).ratio()


def hint(meant: str) -> str:
    """The question as a sentence; empty where nothing is suggested."""
    return f"您是不是要填「{meant}」？" if meant else ""
