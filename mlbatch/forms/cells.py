"""What a cell means (儲存格判讀): a raw value, as people in Taiwan type it, becomes a typed one.

Each reader of a kind is a pure function from a raw cell to `(value, understood)`. A blank is
understood, and gives `""` or None. What has one meaning is accepted; what has two, or none, is not.
Matching uses keys; names keep the characters they came with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

Raw = str | int | float | bool | date | datetime | time | None

# Taken off at both ends: white space of all kinds, the full-width blank and what has no width.
EDGES = "".join(map(chr, (*range(0x21), 0x7F, 0x85, 0xA0, 0xAD, *range(0x2000, 0x2010), *range(0x2028, 0x2030),
                          *range(0x205F, 0x2070), 0x3000, 0x180E, 0xFEFF)))  # fmt: skip
# Full-width ASCII to ASCII, and nothing else: NFKC would turn 5² into 52.
HALF = {**{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}, 0x3000: " ", 0xA0: " "}
BLANKS = re.compile(f"[{re.escape(EDGES)}]+")

EXACT = 10**15  # above this a spreadsheet no longer holds every whole number
WHOLE = re.compile(
    r"(?:NT\$|NTD|\$|新[臺台]幣)?\s*(?P<sign>[+-]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<part>\.\d{1,6})?"
    r"\s*(?P<times>[萬億]?)\s*(?:元整?|圓整?|班|人次?|位|名|臺|台|部|件|分|校|個|級|年級?|月|日|%)?",
    re.ASCII,
)
TIMES = {"": 1, "萬": 10**4, "億": 10**8}
CODE = re.compile(r"(?P<digits>\d{5,6})(?P<branch>[A-Z]\d{1,2})?", re.ASCII)
CODE_DIGITS = 6
EMAIL = re.compile(r"[!-?A-~]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+")
YES = frozenset(["是", "有", "對", "✓", "✔", "☑", "√", "v", "○", "〇", "◯", "o", "y", "yes", "true", "1"])
NO = frozenset(["否", "無", "沒有", "不是", "✗", "✘", "☒", "x", "×", "n", "no", "false", "0"])


def text(raw: Raw) -> str:
    """The cell as text, trimmed at both ends; a whole number without `.0`, a day as ISO."""
    if isinstance(raw, str):
        return raw.strip(EDGES)
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    return str(raw)


@lru_cache(maxsize=16_384)
def key(words: str) -> str:
    """The key by which words are matched: no width, no spaces, no case; 台 is 臺."""
    return BLANKS.sub("", unicodedata.normalize("NFKC", words)).replace("台", "臺").casefold()


def half(raw: Raw) -> str:
    """The cell as trimmed text with full-width letters, digits and signs made half-width."""
    return text(raw).translate(HALF).strip(EDGES)


def whole(raw: Raw) -> tuple[int | None, bool]:
    """A whole number or an amount in NT$: `12萬`, `１２，０００`, `120,000元`, 12.0."""
    if isinstance(raw, str):
        return _whole_words(half(raw))
    if raw is None:
        return None, True
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) < EXACT:
        return None, False
    return (int(raw), True) if raw == int(raw) else (None, False)


def _whole_words(words: str) -> tuple[int | None, bool]:
    if not words:
        return None, True
    if not (found := WHOLE.fullmatch(words)):
        return None, False
    amount = Decimal(found["digits"].replace(",", "") + (found["part"] or "")) * TIMES[found["times"]]
    if amount != amount.to_integral_value() or amount >= EXACT:
        return None, False
    return int(amount) * (-1 if found["sign"] == "-" else 1), True


def code(raw: Raw) -> tuple[str, bool]:
    """A school code: six digits, with a branch where there is one (`014501A1`).

    A code of five digits lost the zero at its head, and gets it back.
    """
    words = BLANKS.sub("", half(raw)).upper().lstrip("'")
    if not words:
        return "", True
    if not (found := CODE.fullmatch(words)):
        return "", False
    return found["digits"].zfill(CODE_DIGITS) + (found["branch"] or ""), True


def lost_zero(raw: Raw, value: str) -> bool:
    """Whether the code `value` was read from a cell that had lost its zero."""
    return len(BLANKS.sub("", half(raw)).lstrip("'")) < len(value)


def yes_no(raw: Raw) -> tuple[bool | None, bool]:
    """Yes or no (是, ✓, V, ○ …; 否, ✗, 無 …)."""
    words = key(text(raw))
    if words in YES or words in NO:
        return words in YES, True
    return None, not words


def choice(raw: Raw, choices: Mapping[str, str]) -> tuple[str, bool]:
    """One of some choices, given by themselves and by their keys: no width, no spaces, 台 is 臺."""
    words = text(raw)
    found = choices.get(words) or choices.get(key(words), "")
    return found, bool(found) or not words


def email(raw: Raw) -> tuple[str, bool]:
    """An address of electronic mail, looked at lightly."""
    words = half(raw)
    understood = not words or EMAIL.fullmatch(words) is not None
    return words if understood else "", understood
