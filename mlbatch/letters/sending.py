"""Number and date on a letter that goes out (核發): filled in where they are still blank.

What a clerk already typed in Word stays, and counts. Only the text of the two lines changes; every
other part of the file is copied as it is, so the same letter gives the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from lxml import etree

from mlbatch import roc
from mlbatch.letters.fields import LetterError
from mlbatch.wording import BODY, Unreadable, W, pieces, wording

NUMBER = re.compile(r"\S*字第\d{10}[A-Z]?號")
DAY_LINE = re.compile(r"發文日期：\s*(中華民國\s*(\d*)\s*年\s*(\d*)\s*月\s*(\d*)\s*日|\s*)\s*")
NUMBER_LINE = re.compile(r"發文字號：\s*(\S*字第\s*號|\S*|\S*\s+\S*)\s*")
BLANK_NUMBER = re.compile(r"(\S*字第\s*號)?")


@dataclass(frozen=True)
class Filled:
    """A letter as it goes out, with the day and number that stand on it."""

    content: bytes
    day: date
    number: str


def filled(content: bytes, day: date | None, number: str) -> Filled:
    """The letter with `day` and `number` where it has none of its own.

    Raises LetterError, which does not name the letter, if it cannot be read, if a line is not there,
    or if what stands or was given is no day or no number.
    """
    try:
        root = etree.fromstring(wording(content).parts[BODY], etree.XMLParser(resolve_entities=False))
    except Unreadable:
        raise LetterError("檔案無法開啟，或不是 Word 文件") from None
    day = _line(root, DAY_LINE, "發文日期", lambda found: _day(found, day))
    number = _line(root, NUMBER_LINE, "發文字號", lambda found: _number(found, number))
    return Filled(_with_body(content, root), day, number)


def _line(root: etree._Element, line: re.Pattern, name: str, decide: Callable) -> object:
    """Decide about the one line that begins with `name`; fill it where it is blank."""
    found = [p for p in root.iter(f"{W}p") if _words(p).strip().startswith(f"{name}：")]
    if len(found) != 1:
        raise LetterError(f"應有一行「{name}：」，現有 {len(found)} 行")
    words = _words(found[0])
    match = line.fullmatch(words.strip())
    if not match:
        raise LetterError(f"「{words.strip()[:40]}」不是{name}")
    value, text = decide(match)
    if text is not None:
        start = words.index(f"{name}：") + len(name) + 1
        _replace(found[0], start, len(words), text)
    return value


def _day(found: re.Match, given: date | None) -> tuple[date, str | None]:
    parts = found.groups()[1:]
    if not any(parts):
        if given is None:
            raise LetterError("尚無發文日期，請以 --date 指定")
        return given, roc.long(given).replace("民國", "中華民國", 1)
    try:
        year, month, day = (int(part) for part in parts)
        return roc.from_parts(year, month, day), None
    except ValueError:
        raise LetterError(f"「{found[1]}」不是日期") from None


def _number(found: re.Match, given: str) -> tuple[str, str | None]:
    stands = found[1].strip()
    if BLANK_NUMBER.fullmatch(stands):
        if not given:
            raise LetterError("尚無發文字號，請以 --number 指定")
        stands, text = given, given
    else:
        text = None
    if not NUMBER.fullmatch(stands):
        raise LetterError(f"「{stands}」不是文號（字第之後為十碼數字，可加一英文字母）")
    return stands, text


def _words(paragraph: etree._Element) -> str:
    return "".join(text for _, text in pieces(paragraph))


def _replace(paragraph: etree._Element, start: int, end: int, words: str) -> None:
    """Put `words` in the place of the characters `start` to `end`, in the first run that has any."""
    at, put = 0, False
    for node, text in list(pieces(paragraph)):
        first, last = max(start - at, 0), min(end - at, len(text))
        at += len(text)
        if first >= last and not (first == len(text) and not put and at == end):
            continue
        if node.tag == f"{W}t":
            node.text = text[:first] + ("" if put else words) + text[last:]
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            put = True
        else:
            node.getparent().remove(node)
    if not put:
        raise LetterError("文號或日期之位置無法填寫")


def _with_body(content: bytes, root: etree._Element) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == BODY:
                part = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            copy = zipfile.ZipInfo(entry.filename, entry.date_time)
            copy.create_system = 0
            new.writestr(copy, part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
