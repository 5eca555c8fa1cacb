"""請款文件檢核表: which papers came before money is paid, kept by the ministry's clerk (肆.七, P1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlbatch import catalogue
from mlbatch.forms import cells
from mlbatch.forms.across import Across, Refs, Seen, flat, flat_text, words
from mlbatch.forms.form import MAX_AMOUNT, Field, Form, Kind, Sheet
from mlbatch.plan import Plan

PAPER = ("school_code", "school_level", "paper")  # which paper a row is about
SAID = ("received", "signed", "received_on")  # what it says of the paper
SEALS = ("核章", "簽名", "免")
YES = tuple(sorted(one for one in cells.YES if one.isprintable()))


def form(plan: Plan) -> Form:
    """The checklist of one county or national school."""
    return Form(
        id="claim",
        title="請款文件檢核表",
        filled_by="本部",
        purpose="逐件登錄縣市或國立學校所送之請款文件；收到即填「已收」「已簽章」與收件日期，齊備後撥款。",
        cite="肆.七(一)2",
        how="本部承辦人（或縣市）登錄後放入收件資料夾；下次執行會帶入已登錄之內容。",
        checks=(
            Across("claim_rows", "signed", catalogue.P1_UNSIGNED, "應簽章而未簽章", _unsigned, _is_unsigned),
            Across("claim_rows", "received_on", catalogue.P1_NO_DATE, "已收，請填收件日期", _undated, _is_undated),
            Across("claim_rows", "received", catalogue.P1_NOT_RECEIVED, "填有簽章或日期，請確認已收",
                   _unreceived, _is_unreceived),
            Across("claim_rows", "paper", catalogue.P1_TWICE, "同一文件列了兩次且所填不同", _twice, _is_twice),
        ),
        sheets=(
            Sheet(
                "請款文件檢核表", head_table="claims", head=_head(plan), rows_table="claim_rows",
                rows=_rows(plan),
            ),
        ),
    )  # fmt: skip


def _head(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("payee", "受款單位", help="縣市政府（局）或國立學校。", limit=60, prefilled=True),
        Field("county", "縣市", Kind.CHOICE, "國立學校空白。", required=False, choices=tuple(plan.counties), prefilled=True),
        Field("code", "國立學校代碼", Kind.CODE, "國立學校填六碼學校代碼；縣市空白。", required=False, prefilled=True),
        Field("level", "國立學校學制", Kind.CHOICE, "國立學校填國小或國中；縣市空白。", required=False, choices=plan.schools.levels, prefilled=True),
        Field("paid_on", "撥款日期", Kind.DATE, "已撥款者填撥款日期；未撥款者空白。", required=False),
        Field("paid", "撥款金額", Kind.MONEY, "已撥款者填實撥金額；空白為核定全額。", required=False, low=0, high=MAX_AMOUNT, unit="元"),
    )  # fmt: skip


def _rows(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("school_code", "學校代碼", Kind.CODE, "各校文件之學校代碼；縣市文件空白。", required=False, prefilled=True, width=10),
        Field("school_name", "學校名稱", help="各校文件之校名；縣市文件空白。", required=False, limit=60, prefilled=True, width=22),
        Field("school_level", "學制", Kind.CHOICE, "國小或國中。", required=False, choices=plan.schools.levels, prefilled=True, width=8),
        Field("paper", "文件", Kind.CHOICE, "請款文件名稱。", choices=plan.papers.names, prefilled=True, width=28),
        Field("needs", "應簽章", Kind.CHOICE, "須核章、簽名或免簽章。", required=False, choices=SEALS, prefilled=True, width=8),
        Field("due", "應備", Kind.YES_NO, "依計畫應備之文件為「是」。", width=8),
        Field("received", "已收", Kind.YES_NO, "收到者填「是」。", required=False, width=8),
        Field("signed", "已簽章", Kind.YES_NO, "應簽章之文件已核章或簽名者填「是」。", required=False, width=8),
        Field("received_on", "收件日期", Kind.DATE, "收文日期。", required=False, width=12),
        Field("note", "備註", help="須註明之事項。", required=False, limit=200, width=28),
    )  # fmt: skip


def values(payee: Mapping[str, object], papers: Iterable[Mapping[str, object]]) -> dict[str, list[dict]]:
    """What is prefilled for a row of `payees` and its rows of `papers_due`, with what was recorded before.

    A value that is missing must be None or an empty text.
    """
    head = {name: payee[name] for name in ("payee", "county", "code", "level", "paid_on", "paid")}
    return {"claims": [head], "claim_rows": [_row(paper) for paper in papers]}


def _row(paper: Mapping[str, object]) -> dict[str, object]:
    return {
        "school_code": paper["school_code"], "school_name": paper["school_name"],
        "school_level": paper["school_level"], "paper": paper["paper"], "needs": paper["needs"] or SEALS[-1],
        "due": True, "received": paper["said_received"], "signed": paper["said_signed"],
        "received_on": paper["received_on"], "note": paper["note"],
    }  # fmt: skip


# What the list shows of itself (P1) ---------------------------------------------------------------


def _is(cell: str, wanted: str) -> str:
    return f'{flat(cell)}="{wanted}"'


def _yes(cell: str) -> str:
    return f"SUMPRODUCT(--({flat(cell)}={words(*YES)}))>0"


def _said(row: Mapping[str, object], name: str) -> bool:
    return flat_text(row.get(name)) in YES


def _unsigned(refs: Refs) -> str:
    needs, received, signed = (refs.row[name] for name in ("needs", "received", "signed"))
    sealed = f"OR({_is(needs, SEALS[0])},{_is(needs, SEALS[1])})"
    return f"AND({sealed},{_yes(received)},NOT({_yes(signed)}))"


def _is_unsigned(seen: Seen, index: int) -> bool:
    row = seen.row("claim_rows", index)
    return flat_text(row.get("needs")) in SEALS[:2] and _said(row, "received") and not _said(row, "signed")


def _undated(refs: Refs) -> str:
    return f'AND({_yes(refs.row["received"])},{flat(refs.row["received_on"])}="")'


def _is_undated(seen: Seen, index: int) -> bool:
    row = seen.row("claim_rows", index)
    return _said(row, "received") and flat_text(row.get("received_on")) == ""


def _unreceived(refs: Refs) -> str:
    received, signed, day = (refs.row[name] for name in ("received", "signed", "received_on"))
    return f'AND(NOT({_yes(received)}),OR({_yes(signed)},{flat(day)}<>""))'


def _is_unreceived(seen: Seen, index: int) -> bool:
    row = seen.row("claim_rows", index)
    filled = _said(row, "signed") or flat_text(row.get("received_on")) != ""
    return filled and not _said(row, "received")


def _twice(refs: Refs) -> str:
    """Whether another row is about the same paper and says something else."""
    place, row = refs.columns, refs.row
    same = "*".join(f"({flat(place['claim_rows', name])}={flat(row[name])})" for name in PAPER)
    other = "+".join(f"({flat(place['claim_rows', name])}<>{flat(row[name])})" for name in SAID)
    return f'AND({flat(row["paper"])}<>"",SUMPRODUCT({same}*(({other})>0))>0)'


def _is_twice(seen: Seen, index: int) -> bool:
    row = seen.row("claim_rows", index)
    paper, said = _paper(row), _texts(row, SAID)
    same = seen.alike("claim_rows", _paper).get(paper, ())
    return paper[-1] != "" and any(_texts(other, SAID) != said for other in same)


def _paper(row: Mapping[str, object]) -> tuple[str, ...]:
    return _texts(row, PAPER)


def _texts(row: Mapping[str, object], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(flat_text(row.get(name)) for name in names)
