"""The tables of docs/typing.md: every typed form, what it is read as, and what its sender is told."""

import re
from datetime import date
from pathlib import Path

import pytest

from mlbatch import catalogue as c
from mlbatch import roc
from mlbatch.forms.answers import question
from mlbatch.forms.form import Field, Kind

PAGE = Path(__file__).parents[2] / "docs" / "typing.md"
KINDS = {
    "整數": Kind.WHOLE, "日期": Kind.DATE, "是否": Kind.YES_NO, "學校代碼": Kind.CODE, "電話": Kind.PHONE,
    "選項": Kind.CHOICE,
}  # fmt: skip
BLANKS = str.maketrans("·□¦", " 　\u200b")
TOLD = {"": (), "說明": (c.F13_UNDERSTOOD, c.E7_LOST_ZERO), "asked": (c.F14_TWO_READINGS,)}


def rows():
    """(kind, typed, read as, told) for each row of the page."""
    kind = None
    for line in PAGE.read_text("utf-8").splitlines():
        if found := re.search(r"^## .*（?\((\w+)", line):
            kind = KINDS.get(found[1])
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 3 and cells[0] not in ("typed", "---"):
            yield kind, *cells


def answer(kind, typed):
    raw = float(typed.strip("`")) if typed.startswith("`") else typed.translate(BLANKS)
    choices = ("臺北市", "新北市") if kind is Kind.CHOICE else ()
    return question(Field("field", "欄位", kind, choices=choices)).answer(raw)


def shown(value):
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else roc.short(value) if isinstance(value, date) else str(value)


@pytest.mark.parametrize(("kind", "typed", "read", "told"), list(rows()))
def test_typed(kind, typed, read, told):
    value, fault = answer(kind, typed)
    if told == "asked":
        assert fault.facts["readings"] == "或".join(f"「{one}」" for one in read.split(", "))
        assert value is None
    else:
        assert shown(value) == read
    kinds = TOLD.get(told) or tuple(kind for kind in c.ALL if told and kind.rule == told)
    assert fault is None if not kinds else fault.kind in kinds


def test_the_page_is_read():
    assert len(list(rows())) > 100
    assert {kind for kind, *_ in rows()} == set(KINDS.values())


@pytest.mark.parametrize(
    ("kind", "typed", "hint"),
    [
        (Kind.CHOICE, "台北", "您是不是要填「臺北市」？"),
        (Kind.CHOICE, "北市", ""),  # two are as near
        (Kind.CHOICE, "花蓮縣", ""),
        (Kind.CODE, "O14501", "您是不是要填「014501」？"),
        (Kind.CODE, "014501 示範國中", "您是不是要填「014501」？"),
        (Kind.CODE, "014501、014502", ""),
        (Kind.YES_NO, "是的", "您是不是要填「是」？"),
        (Kind.YES_NO, "是否", ""),
    ],
)
def test_one_suggestion_and_only_where_it_is_clear(kind, typed, hint):
    assert answer(kind, typed)[1].facts["hint"] == hint


@pytest.mark.parametrize("typed", ["陳\ue0a0明", "陳\ufffd明", "陳\U000f0001明"])
def test_characters_that_no_font_shows_are_named_and_kept(typed):
    value, fault = question(Field("name", "姓名")).answer(typed)
    assert (value, fault.kind, fault.facts["read"]) == (typed, c.F18_LOST_CHARACTER, typed)


def test_a_rare_character_is_no_lost_one():
    assert question(Field("name", "姓名")).answer("陳𪚥明") == ("陳𪚥明", None)
