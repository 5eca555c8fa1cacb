"""The settlements that came (經費收支結算表): figures, what is returned, reasons in writing (柒.九(一), 柒.九(三); Z1, Z2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import pandas as pd

from mlbatch import catalogue, refund, roc, versions
from mlbatch.finding import Finding, Kind
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import AS_APPROVED, TO_REVISE, UNRECEIVED, Tables, records
from mlbatch.versions import Version

LINE = ("school_code", "school_level", "account")
LABELS = {"planned": "核定計畫金額", "granted": "核定金額", "paid": "撥付金額", "classes_due": "退班應繳回"}
AMOUNTS = ("paid", "spent", "balance", "share", "owed", "refund")
DOCUMENT, OWN = "settlement", "縣市經費"
Payee = tuple[str, str]
Row = Mapping[str, object]


@dataclass(frozen=True)
class _Form:
    """The settlement that counts of one payee: its head, its rows by line, the payee's row."""

    version: Version
    rows: Mapping[tuple, Row]
    payee: Row

    def finding(self, kind: Kind, place, field: str, school: Row | None = None, **facts: object) -> Finding:
        """A finding at a cell; it concerns the school of the row, or the payee."""
        code = (school or {}).get("school_code")
        key = (
            (school["school_code"], school["school_level"])
            if code
            else (self.payee["code"], self.payee["level"])
        )
        name = (school or {}).get("school_name") or self.payee["payee"]
        return Finding(kind, place.at(field), {"name": name, **facts}, key, self.payee["county"])


def check(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """Z1, Z2: what came, in columns of `settling` and `payees`; versions that do not count, in `files`.

    settling: paid (as the form says where it was NA), spent, balance (E), share (F), owed (to be returned), refund (Int64, NA while no settlement
    counts), refunded_on, reason, and `exempt`. payees: settlement_state (UNRECEIVED, TO_REVISE, AS_APPROVED),
    settlement_file, settlement_place, settlement_on (day of upload, else of its letter), surplus (Int64).
    """
    payees = {_key(row): row for row in records(tables["payees"])}
    came = versions.versions(tables, "settlements", _payee_of, plan.calendar.closing)
    whose = {key: _whose(key) for key in payees}
    tables = versions.concerning(tables, came, whose)
    known = [one for one in came if one.key in payees]
    sorted_out = versions.sort_out(known, datetime.combine(as_of, time.max))
    findings = [*_strangers(came, payees), *_doubts(sorted_out, payees)]
    settling, forms = records(tables["settling"]), {}
    for key, version in sorted_out.last.items():
        rows, twice = _by_line(version, tables, payees[key])
        forms[key] = _Form(version, rows, payees[key])
        findings += [*twice, *_faults(forms[key], [one for one in settling if _key(one) == key], plan, as_of)]
    settled = [_settled(one, forms.get(_key(one)), plan, settling) for one in settling]
    tables = versions.filed(tables, came, sorted_out.ends, DOCUMENT)
    states = dict.fromkeys(sorted_out.doubtful, TO_REVISE)
    states |= {key: _state(one.file, tables, findings) for key, one in sorted_out.last.items()}
    return tables.put(
        settling=_with(tables["settling"], settled), payees=_payees(tables["payees"], forms, states, settled)
    ), findings


def _payee_of(head: Row, stamp: str) -> Payee:
    """The payee that a head names; without one the payee for whom its template was made."""
    if head["county"] or (head["code"] and head["level"]):
        return _key(head)
    code, _, level = stamp.partition("-")
    return code, level


def _key(row: Row) -> Payee:
    """A county, or a national school's code and level: what its documents are called by."""
    return (row["county"], "") if row["county"] else (row["code"], row["level"])


def _whose(key: Payee) -> versions.Owner:
    """The school of a key and the county; one of them is empty."""
    return (key, "") if key[1] else (("", ""), key[0])


def _state(file: str, tables: Tables, findings: Iterable[Finding]) -> str:
    own = (one for one in (*tables.findings, *findings) if one.at.file == file)
    return TO_REVISE if any(one.kind.severity.weighs for one in own) else AS_APPROVED


# Which one counts ----------------------------------------------------------------------------------


def _strangers(came: Iterable[Version], payees: Mapping[Payee, Row]) -> Iterator[Finding]:
    for one in came:
        if one.key not in payees:
            facts = {"read": one.head["payee"] or "".join(one.key)}
            yield Finding(catalogue.Z1_UNKNOWN_PAYEE, one.head["place"].at("payee"), facts, *_whose(one.key))


def _doubts(sorted_out: versions.Sorted, payees: Mapping[Payee, Row]) -> Iterator[Finding]:
    for key, group in sorted_out.doubtful.items():
        for one in group:
            facts = {"name": payees[key]["payee"], "other": versions.others(one, group)}
            yield Finding(catalogue.Z1_TWO_FORMS, one.head["place"].at("payee"), facts, *_whose(key))


def _by_line(version: Version, tables: Tables, payee: Row) -> tuple[dict[tuple, Row], list[Finding]]:
    """The rows by (code, level, account), the first of each; a second one is told."""
    rows, findings, form = {}, [], _Form(version, {}, payee)
    table = tables["settlement_rows"]
    for row in records(table[table["file"] == version.file]):
        key = tuple(row[name] for name in LINE)
        if key in rows:
            findings.append(form.finding(catalogue.Z1_TWICE, row["place"], "account", row, read=_words(row)))
        rows.setdefault(key, row)
    return rows, findings


def _words(row: Row) -> str:
    return f"{row['school_name'] or row['school_code'] or OWN}{row['account']}"


# What is wrong with it -----------------------------------------------------------------------------


def _faults(form: _Form, due: Sequence[Row], plan: Plan, as_of: date) -> Iterator[Finding]:
    """The findings of one settlement, line by line as it is due, then of rows that are not."""
    wanted = {tuple(row[name] for name in LINE): row for row in due}
    exempt = _exempt(form, due, plan)
    for key, line in wanted.items():
        if row := form.rows.get(key):
            yield from _figures(form, line, row)
            yield from _returned(form, line, row, exempt, as_of)
            yield from _left(form, line, row)
        else:
            yield form.finding(catalogue.Z1_LACKS_ROW, form.version.head["place"], "payee", read=_words(line))
    for key, row in form.rows.items():
        if key not in wanted:
            yield form.finding(catalogue.Z1_NOT_DUE, row["place"], "school_code", row, read=_words(row))


def _figures(form: _Form, line: Row, row: Row) -> Iterator[Finding]:
    for name, label in LABELS.items():
        read, wanted = row[name], line[name]
        if pd.notna(read) and pd.notna(wanted) and read != wanted:
            facts = {"label": label, "read": f"{read:,}", "wanted": f"{wanted:,}"}
            yield form.finding(catalogue.Z2_FIGURES, row["place"], name, line, **facts)
    if pd.notna(row["spent"]) and row["spent"] > line["planned"]:
        facts = {"read": f"{row['spent']:,}", "planned": f"{line['planned']:,}"}
        yield form.finding(catalogue.Z2_SPENT, row["place"], "spent", line, **facts)


def _returned(form: _Form, line: Row, row: Row, exempt: bool, as_of: date) -> Iterator[Finding]:
    own, refunded = _line(line, row), _number(row["refund"])
    if own is None:
        return
    if refunded != own.owed(exempt):
        facts = {"read": f"{refunded:,}", "wanted": f"{own.owed(exempt):,}", "formula": formula(own, exempt)}
        yield form.finding(catalogue.Z2_REFUND, row["place"], "refund", line, **facts)
    if refunded and not row["refunded_on"]:
        yield form.finding(catalogue.Z2_NO_DATE, row["place"], "refunded_on", line)
    elif refunded and row["refunded_on"] > as_of:
        facts = {"read": roc.short(row["refunded_on"]), "as_of": roc.short(as_of)}
        yield form.finding(catalogue.Z2_FUTURE_DATE, row["place"], "refunded_on", line, **facts)


def _left(form: _Form, line: Row, row: Row) -> Iterator[Finding]:
    if _number(row["withdrawn"]) != line["withdrawn"]:
        facts = {"read": _number(row["withdrawn"]), "wanted": int(line["withdrawn"])}
        yield form.finding(catalogue.Z2_CLASSES, row["place"], "withdrawn", line, **facts)
    if line["withdrawn"] and not row["reason"]:
        yield form.finding(catalogue.Z2_NO_REASON, row["place"], "reason", line)


def formula(line: refund.Line, exempt: bool) -> str:
    """How what is to be returned was reckoned, in words (A–F of the settlement form)."""
    if line.left == refund.ALL_BACK:
        return f"取消資格，撥付 {line.paid:,} 全數繳回"
    share = f"結餘 {max(0, line.balance):,} × 核定 {line.granted:,} ÷ 計畫 {line.planned:,} = {line.share:,}"
    if exempt and not line.left:
        share += "（結餘在免繳回之數以下，免繳）"
    if line.classes_due:
        share += f"；退班 {line.classes_due:,}，取其大者"
    return share + ("" if line.paid == line.granted else f"；扣除未撥付 {line.granted - line.paid:,}")


# Figures -------------------------------------------------------------------------------------------


def _line(line: Row, row: Row) -> refund.Line | None:
    """The line as the ministry has it, with what was spent; None while that cannot be read."""
    if pd.isna(row["spent"]):
        return None
    paid = line["paid"] if pd.notna(line["paid"]) else _number(row["paid"])
    return refund.Line(
        int(line["planned"]),
        int(line["granted"]),
        int(paid),
        int(row["spent"]),
        int(line["classes_due"]),
        line["left"],
    )


def _number(value: object) -> int:
    return 0 if value is None or pd.isna(value) else int(value)


def _exempt(form: _Form, due: Iterable[Row], plan: Plan) -> bool:
    """Whether the surplus of a payee's lines together need not be returned."""
    pairs = ((line, form.rows.get(tuple(line[name] for name in LINE))) for line in due)
    known = (_line(line, row) for line, row in pairs if row)
    return refund.surplus(one for one in known if one) <= plan.settling.exempt_surplus


def _settled(line: Row, form: _Form | None, plan: Plan, settling: Sequence[Row]) -> dict[str, object]:
    """What a line's row says, and what follows of it; all NA where no settlement has it."""
    row = form.rows.get(tuple(line[name] for name in LINE)) if form else None
    own = _line(line, row) if row else None
    exempt = bool(form) and _exempt(form, [one for one in settling if _key(one) == _key(line)], plan)
    return {
        "key": _key(line), "paid": own.paid if own else line["paid"], "spent": own and own.spent, "balance": own and own.balance, "share": own and own.share,
        "owed": own.owed(exempt) if own else None, "refund": _number(row["refund"]) if row else None,
        "refunded_on": row["refunded_on"] if row else None, "reason": row["reason"] if row else "",
        "exempt": exempt, "formula": formula(own, exempt) if own else "",
    }  # fmt: skip


def _with(settling: pd.DataFrame, rows: Sequence[Row]) -> pd.DataFrame:
    names = (*AMOUNTS, "refunded_on", "reason", "exempt", "formula")
    types = {**dict.fromkeys(AMOUNTS, "Int64"), "exempt": bool}
    added = pd.DataFrame(rows, columns=list(names), dtype=object).astype(types)
    return settling.assign(**{name: added[name].set_axis(settling.index) for name in names})


def _payees(
    payees: pd.DataFrame, forms: Mapping[Payee, _Form], states: Mapping[Payee, str], settled: Sequence[Row]
) -> pd.DataFrame:
    keys = [_key(row) for row in records(payees[["county", "code", "level"]])]
    heads = [forms[key].version.head if key in forms else {} for key in keys]
    sums: dict[Payee, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in settled:
        for name in ("owed", "refund"):
            sums[row["key"]][name] += row[name] or 0
    columns = {
        "settlement_state": [states.get(key, UNRECEIVED) for key in keys],
        "settlement_file": [head.get("file", "") for head in heads],
        "settlement_place": [head.get("place") for head in heads],
        "settlement_on": [_day(forms[key].version) if key in forms else None for key in keys],
    }
    payees = payees.assign(
        **{name: pd.Series(rows, payees.index, dtype=object) for name, rows in columns.items()}
    )
    return payees.assign(**{
        name: pd.Series([sums[key][name] if key in forms else None for key in keys], payees.index, dtype="Int64")
        for name in ("owed", "refund")
    })  # fmt: skip


def _day(version: Version) -> date | None:
    """The day on which it came: of its upload, else of its letter."""
    return version.at.date() if version.at else version.head["letter_date"]
