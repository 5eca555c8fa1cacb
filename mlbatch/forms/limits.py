"""What a cell accepts (儲存格限制): one data validation a field, for Excel and LibreOffice alike.

Whole numbers, choices, codes and lengths are refused at once; dates and addresses, which the
reader understands in more ways than one, only ask "are you sure".
"""

from __future__ import annotations

from mlbatch import roc
from mlbatch.forms import hint
from mlbatch.forms.form import Field, Kind

YES_NO = ("是", "否")
LONGEST_LIST = 255  # characters of a drop-down written into the cell's limit itself
CODE_LENGTH = 6
TITLE_LENGTH = 32


def validation(field: Field, cell: str, source: str = "") -> dict:
    """The options of xlsxwriter's data_validation for `field`.

    `cell` is the first cell of the range, relative (`B12`); `source` is the range that holds the
    choices (`='選單'!$A$2:$A$23`) where they are too long to stand in the cell.
    """
    words = {
        "input_title": field.label[:TITLE_LENGTH],
        "input_message": hint.prompt(field),
        "error_title": field.label[:TITLE_LENGTH],
        "error_message": hint.refusal(field),
    }
    return {**_accepts(field, cell, source), **words}


def needs_range(choices: tuple[str, ...]) -> bool:
    """Whether a drop-down is too long, or its words too awkward, to stand in the cell itself."""
    return len(",".join(choices)) > LONGEST_LIST or any("," in choice for choice in choices)


def _accepts(field: Field, cell: str, source: str) -> dict:
    match field.kind:
        case _ if source:
            return {"validate": "list", "source": source}
        case Kind.CHOICE:
            return {"validate": "list", "source": list(field.choices)}
        case Kind.YES_NO:
            return {"validate": "list", "source": list(YES_NO)}
        case Kind.WHOLE | Kind.MONEY:
            return _between(field.low, field.high)
        case Kind.CODE:
            return {"validate": "length", "criteria": "==", "value": CODE_LENGTH}
        case Kind.DATE:
            return {"validate": "custom", "value": roc_date(cell), "error_type": "warning"}
        case Kind.EMAIL:
            return {"validate": "custom", "value": f'=ISNUMBER(FIND("@",{cell}))', "error_type": "warning"}
    return {"validate": "length", "criteria": "<=", "value": field.limit}


def _between(low: int | None, high: int | None) -> dict:
    return {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}


def at_most(field: Field, most: str) -> dict:
    """A limit that warns, and lets the sender go on: `most` is a formula (`VLOOKUP(…)`)."""
    words = f"「{field.label}」超過該校上限時，核定仍以上限計。確定要填此數嗎？"
    accepts = _between(field.low, f"=IFERROR({most},{field.high})")
    return {**validation(field, ""), **accepts, "error_type": "warning", "error_message": words}


def roc_date(cell: str) -> str:
    """A formula that is true for a ROC date in `cell`, 106.09.29 or 106/9/29."""
    text = f'SUBSTITUTE({cell},"/",".")'
    dot = f'FIND(".",{text})'
    rest = f'SUBSTITUTE(MID({text},{dot}+1,5),".","-")'
    day = f'DATEVALUE({roc.FIRST_YEAR - 1}+LEFT({text},{dot}-1)&"-"&{rest})'
    return f"=AND({dot}<5,ISNUMBER({day}))"
