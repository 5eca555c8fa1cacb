"""What a settlement shows of itself while it is filled (結算即時檢核): Z2 (柒.九(三))."""

from __future__ import annotations

from collections.abc import Mapping

from mlbatch import catalogue
from mlbatch.forms.across import Across, Refs, Seen, flat, flat_text

ROWS = "settlement_rows"
LINE = ("school_code", "school_level", "account")  # what a row is the settlement of


def checks() -> tuple[Across, ...]:
    """The checks of a row: what was spent, what left, and what is returned."""
    return (
        Across(ROWS, "account", catalogue.Z1_TWICE, "同一學校之同一科目重複列入", _twice, _is_twice),
        Across(ROWS, "spent", catalogue.Z2_SPENT, "實支逾核定計畫金額，超出部分自行負擔", _over, _is_over, reminder=True),
        Across(ROWS, "refund", catalogue.Z2_REFUND, "繳回金額與應繳回金額不同", _differs, _is_differing),
        Across(ROWS, "refunded_on", catalogue.Z2_NO_DATE, "已繳回，請填繳回日期", _undated, _is_undated),
        Across(ROWS, "reason", catalogue.Z2_NO_REASON, "有退出班級或學校，請填原因", _unreasoned, _is_unreasoned),
    )  # fmt: skip


def _twice(refs: Refs) -> str:
    """Whether a row above is of the same school and account; the first of them counts."""
    same = "*".join(f"({flat(refs.columns[ROWS, name])}={flat(refs.row[name])})" for name in LINE)
    above = f"(ROW({refs.columns[ROWS, LINE[0]]})<ROW({refs.row[LINE[0]]}))"
    return f'AND({flat(refs.row["account"])}<>"",SUMPRODUCT({same}*{above})>0)'


def _is_twice(seen: Seen, index: int) -> bool:
    own, *above = (_line(seen.row(ROWS, number)) for number in (index, *range(index)))
    return own[-1] != "" and own in above


def _line(row: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(flat_text(row.get(name)) for name in LINE)


def _over(refs: Refs) -> str:
    spent, planned = refs.row["spent"], refs.row["planned"]
    return f"AND(ISNUMBER({spent}),ISNUMBER({planned}),{spent}>{planned})"


def _is_over(seen: Seen, index: int) -> bool:
    spent, planned = _two(seen, index, "spent", "planned")
    return None not in (spent, planned) and spent > planned


def _differs(refs: Refs) -> str:
    owed = refs.row["owed"]
    return f"AND(ISNUMBER({owed}),N({refs.row['refund']})<>{owed})"


def _is_differing(seen: Seen, index: int) -> bool:
    refund, owed = _two(seen, index, "refund", "owed")
    return owed is not None and (refund or 0) != owed


def _undated(refs: Refs) -> str:
    return f'AND(N({refs.row["refund"]})>0,{flat(refs.row["refunded_on"])}="")'


def _is_undated(seen: Seen, index: int) -> bool:
    refund, _ = _two(seen, index, "refund", "owed")
    return (refund or 0) > 0 and flat_text(seen.row(ROWS, index).get("refunded_on")) == ""


def _unreasoned(refs: Refs) -> str:
    gone = f'OR(N({refs.row["withdrawn"]})>0,{flat(refs.row["left"])}<>"")'
    return f'AND({gone},{flat(refs.row["reason"])}="")'


def _is_unreasoned(seen: Seen, index: int) -> bool:
    row = seen.row(ROWS, index)
    gone = (_number(row.get("withdrawn")) or 0) > 0 or flat_text(row.get("left")) != ""
    return gone and flat_text(row.get("reason")) == ""


def _two(seen: Seen, index: int, *names: str) -> list[float | None]:
    row = seen.row(ROWS, index)
    return [_number(row.get(name)) for name in names]


def _number(value: object) -> float | None:
    """What a formula takes for a number: a text that looks like one is none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
