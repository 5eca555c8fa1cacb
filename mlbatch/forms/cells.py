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
from typing import NamedTuple

from mlbatch.forms import numerals

Raw = str | int | float | bool | date | datetime | time | None

# Taken off at both ends: white space of all kinds, the full-width blank and what has no width.
EDGES = "".join(map(chr, (*range(0x21), 0x7F, 0x85, 0xA0, 0xAD, *range(0x2000, 0x2010), *range(0x2028, 0x2030),
                          *range(0x205F, 0x2070), 0x3000, 0x180E, 0xFEFF)))  # fmt: skip
# Full-width ASCII to ASCII, and nothing else: NFKC would turn 5² into 52.
HALF = {**{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}, 0x3000: " ", 0xA0: " "}
BLANKS = re.compile(f"[{re.escape(EDGES)}]+")

EXACT = 10**15  # above this a spreadsheet no longer holds every whole number
CURRENCY = r"(?:NT\$|NTD|\$|新[臺台]幣)?\s*"
UNIT = r"\s*(?:元整?|圓整?|班|人次?|位|名|臺|台|部|件|分|校|個|級|年級?|月|日|%)?"
WHOLE = re.compile(
    CURRENCY + r"(?P<sign>[-+−]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<part>\.\d{1,6})?"
    r"\s*(?P<times>[萬億]?)" + UNIT,
    re.ASCII,
)
WRITTEN = re.compile(CURRENCY + r"(?P<number>\S+?)" + UNIT)
THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+", re.ASCII)  # as a continental European writes them
MINUS = {"-", "−"}
TIMES = {"": 1, "萬": 10**4, "億": 10**8}
CODE = re.compile(r"(?P<digits>\d{5,6})(?P<branch>[A-Z]\d{1,2})?", re.ASCII)
CODE_DIGITS = 6
WITHIN = re.compile(r"(?<!\d)\d{6}(?!\d)", re.ASCII)
LIKE_DIGITS = str.maketrans("OoQIl|SB", "00011158")
LOST = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")  # private use, or not decoded
NO_ZERO = re.compile(r"[2-9]\d{8}", re.ASCII)
MAY_LACK_ZERO = re.compile(r"[3-8]\d{7}", re.ASCII)
EMAIL = re.compile(r"[!-?A-~]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+")
YES = frozenset(["是", "有", "對", "✓", "✔", "☑", "√", "v", "○", "〇", "◯", "o", "y", "yes", "true", "1"])
NO = frozenset(["否", "無", "沒有", "不是", "✗", "✘", "☒", "x", "×", "n", "no", "false", "0"])
BOX, TICK = "[□☐]", "[■☑✓✔v√]"
TICKED = {True: re.compile(f"{TICK}是{BOX}否"), False: re.compile(f"{BOX}是{TICK}否")}


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


class Meaning(NamedTuple):
    """Every value that a cell that is not blank can have: none, one, or several.

    `plain` is whether a reader sees the value at once; where not, the sender is told what was understood.
    """

    values: tuple = ()
    plain: bool = True

    @property
    def only(self) -> tuple[object | None, bool]:
        """The one value and True; None and False if there is none, or more than one."""
        return (self.values[0], True) if len(self.values) == 1 else (None, False)


def whole(raw: Raw) -> tuple[int | None, bool]:
    """A whole number or an amount in NT$: `12萬`, `１２，０００`, `120,000元`, 12.0."""
    return (None, True) if raw is None or raw == "" or not half(raw) else number(raw).only


def number(raw: Raw) -> Meaning:
    """The whole numbers that a cell can mean; a point before three digits (1.234) may set off thousands."""
    if isinstance(raw, str):
        return _number_words(half(raw), raw)
    if raw is None or isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) < EXACT:
        return Meaning()
    return Meaning((int(raw),)) if raw == int(raw) else Meaning()


def _number_words(words: str, raw: str) -> Meaning:
    if not (found := WHOLE.fullmatch(words)):
        found = WRITTEN.fullmatch(words)
        values = numerals.readings(found["number"]) if found else ()
        return Meaning(values if max(values, default=0) < EXACT else (), False)
    amount = Decimal(found["digits"].replace(",", "") + (found["part"] or "")) * TIMES[found["times"]]
    whole = amount == amount.to_integral_value() and amount < EXACT
    values = (int(amount) * (-1 if found["sign"] in MINUS else 1),) if whole else ()
    if THOUSANDS.fullmatch(words):
        values = (int(words.replace(".", "")), f"{words}（小數）")
    return Meaning(values, not found["times"] and found["digits"] in raw)


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


def like_code(raw: Raw) -> str:
    """The one code that stands within a cell or that letters like digits (O, I, l) spell; or nothing."""
    words = half(raw)
    found = WITHIN.findall(words) or WITHIN.findall(words.translate(LIKE_DIGITS))
    return found[0] if len(found) == 1 else ""


def lost_zero(raw: Raw, value: str) -> bool:
    """Whether the code `value` was read from a cell that had lost its zero."""
    return len(BLANKS.sub("", half(raw)).lstrip("'")) < len(value)


def yes_no(raw: Raw) -> tuple[bool | None, bool]:
    """Yes or no (是, ✓, V, ○ …; 否, ✗, 無 …), or the box that is ticked (■是□否)."""
    words = key(text(raw))
    for said, value in ((YES, True), (NO, False)):
        if words in said or (words and TICKED[value].fullmatch(words)):
            return value, True
    return None, not words


def choice(raw: Raw, choices: Mapping[str, str]) -> tuple[str, bool]:
    """One of some choices, given by themselves and by their keys: no width, no spaces, 台 is 臺."""
    words = text(raw)
    found = choices.get(words) or choices.get(key(words), "")
    return found, bool(found) or not words


def telephone(raw: Raw) -> Meaning:
    """A telephone number as typed; nine bare digits get back the zero at their head (912345678).

    Eight may be a number with area code that lost its zero, or one of Taipei or Taichung without it.
    """
    words = half(raw)
    if NO_ZERO.fullmatch(words):
        return Meaning(("0" + words,), False)
    return Meaning((words, "0" + words), False) if MAY_LACK_ZERO.fullmatch(words) else Meaning((text(raw),))


def email(raw: Raw) -> tuple[str, bool]:
    """An address of electronic mail, looked at lightly."""
    words = half(raw)
    understood = not words or EMAIL.fullmatch(words) is not None
    return words if understood else "", understood
