"""What is wrong with a cell, told in the sheet (即時檢核): from the field's declaration alone.

Every test has a formula that is true where the cell is wrong, and the same test in Python for the value
that the formula has when the workbook is written. The sheet asks for the plain spelling that the
cell's limit asks for; the reader, which comes later, understands more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from mlbatch import catalogue
from mlbatch.finding import Kind as Found
from mlbatch.forms import cells, days, hint
from mlbatch.forms.across import flat_text, number, words
from mlbatch.forms.form import MAX_AMOUNT, Field, Kind

BLANK = '{v}=""'
DIGITS = "0123456789０１２３４５６７８９"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DAYS = (f"DATE({days.YEARS[0]},1,1)", f"DATE({days.YEARS[-1]},12,31)")
ROC = days.roc.FIRST_YEAR - 1


@dataclass(frozen=True)
class Test:
    """One test of a cell: its formula is true, and `wrong` of what stands in it, where it is wrong.

    The formula is over `{c}`, the cell, and `{v}`, its text without blanks.
    """

    kinds: tuple[Found, ...]
    words: str
    formula: str
    wrong: Callable[[object], bool]
    reminder: bool = False


@lru_cache(maxsize=1024)
def tests(field: Field) -> tuple[Test, ...]:
    """The tests of a filled cell of `field`; that it must be filled is told apart."""
    match field.kind:
        case Kind.WHOLE | Kind.MONEY:
            return (_whole(field),)
        case Kind.CHOICE:
            return (_one_of(field, field.choices, "應自選單擇一"),)
        case Kind.YES_NO:
            return (_one_of(field, tuple(sorted(cells.YES | cells.NO)), "應填是或否"),)
        case Kind.CODE:
            return (_code(field), _lost_zero(field))
        case Kind.DATE | Kind.MOMENT:
            return (_day(field),)
        case Kind.EMAIL:
            return (_email(field), _short(field))
    return (_short(field),)


def _whole(field: Field) -> Test:
    low = 0 if field.low is None else field.low
    high = MAX_AMOUNT if field.high is None else field.high
    within = f"MEDIAN({low},{high},INT({{c}}+0))={{c}}+0"
    formula = f"IF({BLANK},FALSE,NOT(IFERROR({within},FALSE)))"

    def wrong(value: object) -> bool:
        amount = number(value)
        return flat_text(value) != "" and (
            amount is None or amount != int(amount) or not low <= amount <= high
        )

    span = f"{low:,}至{high:,}之整數" if high < MAX_AMOUNT else "整數"
    kinds = (catalogue.F2_NOT_WHOLE, catalogue.F6_OUT_OF_RANGE)
    return Test(kinds, f"{field.label}應為{span}", formula, wrong)


def _one_of(field: Field, choices: tuple[str, ...], said: str) -> Test:
    keys = {_choice_key(choice) for choice in choices}
    plain = dict.fromkeys(["", *(_choice_key(choice) for choice in choices)])
    formula = f'SUMPRODUCT(--(SUBSTITUTE({{v}},"台","臺")={words(*plain)}))=0'

    def wrong(value: object) -> bool:
        key = _choice_key(flat_text(value))
        return key != "" and key not in keys

    return Test((catalogue.F4_NOT_A_CHOICE,), f"{field.label}{said}", formula, wrong)


def _choice_key(choice: str) -> str:
    return flat_text(choice).replace("台", "臺").casefold()


def _code(field: Field) -> Test:
    """Six digits, or five that lost their zero, and perhaps a branch: a letter and one or two digits."""
    cell = "{v}"
    six = f'SUMPRODUCT(--ISNUMBER(FIND(MID("0"&{cell},LEN({cell})-4+{words(*range(6))},1),"{DIGITS}")))=6'
    plain = f"AND(OR(LEN({cell})=5,LEN({cell})=6),{six})"
    branch = (
        f"AND(LEN({cell})>7,LEN({cell})<10,"
        f"SUMPRODUCT(--ISNUMBER(FIND(MID({cell},{words(*range(1, 7))},1),\"{DIGITS}\")))=6,"
        f"ISNUMBER(FIND(UPPER(MID({cell},7,1)),\"{LETTERS}\")),"
        f"SUMPRODUCT(--ISNUMBER(FIND(MID({cell},{words(8, 9)},1),\"{DIGITS}\")))=2)"
    )  # fmt: skip
    formula = f"IF({BLANK},FALSE,NOT(OR({plain},{branch})))"
    return Test(
        (catalogue.F5_NOT_A_CODE,),
        f"{field.label}應為六碼",
        formula,
        lambda value: flat_text(value) != "" and not cells.code(flat_text(value))[1],
    )


def _lost_zero(field: Field) -> Test:
    cell = "{v}"
    found = f'SUMPRODUCT(--ISNUMBER(FIND(MID({cell},{words(*range(1, 6))},1),"{DIGITS}")))=5'
    return Test(
        (catalogue.E7_LOST_ZERO,),
        f"{field.label}只有五碼，開頭之0遺失",
        f"AND(LEN({cell})=5,{found})",
        lambda value: cells.code(flat_text(value))[1] and len(flat_text(value)) == cells.CODE_DIGITS - 1,
        reminder=True,
    )


def _day(field: Field) -> Test:
    """A day of the programme's years: a date, or a ROC or a western date with any of the usual marks."""
    cell = 'LEFT({c},FIND(" ",{c}&" ")-1)' if field.kind is Kind.MOMENT else "{v}"
    for mark, dot in (("民國", ""), ("/", "."), ("-", "."), ("年", "."), ("月", "."), ("日", "")):
        cell = f'SUBSTITUTE({cell},"{mark}","{dot}")'
    year = f'LEFT({cell},FIND(".",{cell})-1)+0'
    rest = f'SUBSTITUTE(MID({cell},FIND(".",{cell})+1,5),".","-")'
    day = f'DATEVALUE(({year}+IF({year}<200,{ROC},0))&"-"&{rest})'
    found = f"IFERROR(MEDIAN({DAYS[0]},{DAYS[1]},IF(ISNUMBER({{c}}),INT({{c}}),{day}))=IF(ISNUMBER({{c}}),INT({{c}}),{day}),FALSE)"
    formula = f"IF({BLANK},FALSE,NOT({found}))"
    return Test(
        (catalogue.F3_NOT_DATE,),
        f"{field.label}應為日期，如{hint.day_example(field)}",
        formula,
        lambda value: not days.moment(value)[1],
    )


def _email(field: Field) -> Test:
    cell = "TRIM({c})"
    dot = f'FIND(".",{cell},FIND("@",{cell})+2)'
    one = f'LEN({cell})-LEN(SUBSTITUTE({cell},"@",""))=1'
    good = f'AND(FIND("@",{cell})>1,{dot}<LEN({cell}),{one},ISERROR(FIND(" ",{cell})))'
    return Test(
        (catalogue.F11_NOT_AN_ADDRESS,),
        f"{field.label}應為電子郵件地址",
        f"IF({BLANK},FALSE,NOT(IFERROR({good},FALSE)))",
        lambda value: not cells.email(str(value))[1],
    )


def _short(field: Field) -> Test:
    return Test(
        (catalogue.F7_TOO_LONG,),
        f"{field.label}至多{field.limit}字",
        f"LEN(TRIM({{c}}))>{field.limit}",
        lambda value: len(str(value).strip()) > field.limit,
    )
