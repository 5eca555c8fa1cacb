"""A letter that a hand edited, held against what the program would now write (新舊稿之比對).

Units are paragraphs and rows of tables (wording.py). The hashes of what the program wrote when the
hand began tell for each difference whose it is: the hand's, or the facts'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from mlbatch.wording import hashed

BY_HAND, BY_FACTS, BY_BOTH, MOVED = "手改", "內容更新", "手改且內容更新", "次序不同"


@dataclass(frozen=True)
class Difference:
    """One unit that differs: its number in the letter that stands (0 if it is not there), what
    stands, what the program would write, and whose the difference is (may be empty)."""

    number: int
    stands: str
    new: str
    whose: str = ""


def reflects(own: Sequence[str], new: Sequence[str], base: Sequence[str]) -> bool:
    """Whether an edited letter says all that changed since its base: hashes of units each.

    True if nothing changed; a unit that both the hand and the facts changed is never taken for it.
    """
    has, now, was = Counter(own), Counter(new), Counter(base)
    return all(has[unit] >= now[unit] for unit in now - was) and all(
        has[unit] <= now[unit] for unit in was - now
    )


def differences(
    stands: Sequence[str], new: Sequence[str], base: Sequence[str] | None = None
) -> tuple[Difference, ...]:
    """What differs between the letter that stands and the new draft, in the order of the letter."""
    found = []
    matcher = SequenceMatcher(None, [_plain(u) for u in stands], [_plain(u) for u in new], autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind != "equal":
            pairs = zip_longest(range(first, last), new[begin:end])
            for at, theirs in pairs:
                own = None if at is None else stands[at]
                found.append(
                    Difference(
                        0 if at is None else at + 1, own or "", theirs or "", _whose(own, theirs, base)
                    )
                )
    return tuple(found)


def _plain(unit: str) -> str:
    """A unit as it is compared: a register that came back may have other blanks."""
    return "".join(unit.split())


def _whose(own: str | None, theirs: str | None, base: Sequence[str] | None) -> str:
    if base is None:
        return ""
    was_own = own is not None and hashed(own) in base
    was_theirs = theirs is not None and hashed(theirs) in base
    if was_own and was_theirs:
        return MOVED
    if own is None:
        return BY_HAND if was_theirs else BY_FACTS
    if theirs is None:
        return BY_FACTS if was_own else BY_HAND
    return BY_FACTS if was_own else BY_HAND if was_theirs else BY_BOTH
