"""Budgets (經費申請表): each line by itself, their sums beside the award (柒.一, 柒.四–八, G1–G5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from mlbatch import catalogue, versions
from mlbatch.finding import Finding, Kind, Place
from mlbatch.money import percent_half_up
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import AS_APPROVED, TO_REVISE, UNRECEIVED, Rows, Tables, missing, records

if TYPE_CHECKING:
    import pandas as pd

CURRENT, CAPITAL = "經常門", "資本門"
GRANTED, OWN = "補助", "自籌"
ACCOUNTS = {"current": CURRENT, "capital": CAPITAL}
LABELS = {
    "approved": "核定數",
    "current": "核定補助經常門",
    "capital": "核定補助資本門",
    "own_share": "應自籌經費",
}
Row = Mapping[str, object]


@dataclass(frozen=True)
class Budget:
    """One budget that counts: its head and lines, whose it is, and what the ministry approved.

    `approved` has the head's figures as they should be; one that is missing is not looked at.
    """

    name: str
    owner: versions.Owner
    head: Row
    lines: Sequence[Row]
    approved: Mapping[str, int]

    def finding(self, kind: Kind, place: Place, field: str, **facts: object) -> Finding:
        """A finding at a field of the head or of a line."""
        return Finding(kind, place.at(field), {"name": self.name, **facts}, *self.owner)

    def total(self, **wanted: str) -> int | None:
        """The amounts of the lines whose fields hold these words; None while one cannot be read."""
        if any(missing(line["amount"]) or not all(line[name] for name in wanted) for line in self.lines):
            return None
        return sum(line["amount"] for line in self.lines if all(line[n] == w for n, w in wanted.items()))


def lines(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """G1–G5 of a single file before it is sent: its lines, and their sums beside what its own head says."""
    findings = []
    for sort in SORTS:
        for one in _unawarded(tables, sort):
            findings += [
                *_lines(one, plan),
                *_sums(one, plan),
                *_lacking(one, sort, plan),
            ]
    return tables, findings


def check(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """G1–G5: columns `budget_state`, `budget_file` of `schools` and `counties`; versions in `files`.

    Of several versions the one uploaded last by the day `as_of` counts; where the register does not tell
    them apart none does. A budget that has anything to correct is TO_REVISE. `budgeted` has the lines that count.
    """
    findings: list[Finding] = []
    for sort in SORTS:
        tables, found = _checked(sort, tables, plan, as_of)
        findings += found
    return tables.put(budgeted=_budgeted(tables)), findings


LINE = ("item", "account", "price", "quantity", "measure", "amount", "fund", "note")
WHO = ("county", "code", "level", "name", "national")


def _budgeted(tables: Tables) -> pd.DataFrame:
    """One row a line of a budget that counts; a county's own lines have no code."""
    import pandas as pd  # here, so that a single budget is checked without it

    rows = []
    for sort in SORTS:
        for row in records(tables[sort.owners]):
            who = (
                row["county"],
                row.get("code", ""),
                row.get("level", ""),
                row[sort.name],
                bool(row.get("national")),
            )
            for line in _lines_of(tables, sort, row["budget_file"]) if row["budget_file"] else ():
                rows.append((*who, *(line[name] for name in LINE)))
    whole = dict.fromkeys(("price", "quantity", "amount"), "Int64") | {"national": bool}
    return pd.DataFrame(rows, columns=[*WHO, *LINE], dtype=object).astype(whole)


# The two sorts of budgets --------------------------------------------------------------------------


@dataclass(frozen=True)
class Sort:
    """The budgets of schools, or of counties: form, table of owners, key, owner, figures, costs expected and lacking."""

    form: str
    owners: str
    key_of: Callable[[Row, str], object]
    key: Callable[[Row], object]
    owner: Callable[[Row], versions.Owner]
    name: str
    approved: Callable[[Row, Tables], Mapping[str, int]]
    expected: str
    lacks: Kind


def _school_owner(row: Row) -> versions.Owner:
    return (row["code"], row["level"]), "" if row["national"] else row["county"]


def _of_school(row: Row, tables: Tables) -> Mapping[str, int]:
    """A coach school's grant is current account too (附件3.三)."""
    same = {name: row[name] for name in ("approved", "capital", "own_share")}
    return {**same, "current": row["current"] + row["coach"]}


def _of_county(row: Row, tables: Tables) -> Mapping[str, int]:
    """A county's own grant less its reduction, with its workshop, all current; its own share without its schools'."""
    schools = tables["schools"]
    own = schools[(schools["county"] == row["county"]) & ~schools["national"].astype(bool)]
    return {
        "approved": row["approved_schools"],
        "current": row["county_grant"] - row["reduction"] + row["workshop"],
        "own_share": row["own_share"] - int(own["own_share"].fillna(0).sum()),
    }


SORTS = (
    Sort("budget", "schools", versions.school_of, lambda row: (row["code"], row["level"]), _school_owner, "name",
         _of_school, "of_school", catalogue.G5_LACKS),
    Sort("county_budget", "counties", versions.county_of, lambda row: row["county"],
         lambda row: (("", ""), row["county"]), "county", _of_county, "of_county",
         catalogue.G5_COUNTY_LACKS),
)  # fmt: skip


def _checked(sort: Sort, tables: Tables, plan: Plan, as_of: date) -> Outcome:
    owners = {sort.key(row): row for row in records(tables[sort.owners])}
    funded = {key: row for key, row in owners.items() if _funded(row)}
    came = versions.versions(tables, f"{sort.form}s", sort.key_of, plan.calendar.closing)
    tables = versions.concerning(tables, came, {key: sort.owner(row) for key, row in owners.items()})
    chosen = versions.sort_out([one for one in came if one.key in funded], datetime.combine(as_of, time.max))
    findings = [*_strangers(came, funded), *_doubts(chosen, funded, sort)]
    for key, version in chosen.last.items():
        row = funded[key]
        one = Budget(row[sort.name], sort.owner(row), version.head, _lines_of(tables, sort, version.file),
                     sort.approved(row, tables))  # fmt: skip
        findings += [
            *_lines(one, plan),
            *_sums(one, plan),
            *_lacking(one, sort, plan),
        ]
    states = dict.fromkeys(chosen.doubtful, TO_REVISE)
    states |= {key: _state(one.file, tables, findings) for key, one in chosen.last.items()}
    tables = versions.filed(tables, came, chosen.ends, sort.form)
    return tables.put(
        **{sort.owners: _with(tables[sort.owners], sort, funded, states, chosen.last)}
    ), findings


def _funded(row: Row) -> bool:
    return bool(row["approved"] if "approved" in row else row["granted"] > 0)


def _lines_of(tables: Tables, sort: Sort, file: str) -> list[Row]:
    rows = tables[f"{sort.form}_lines"]
    if isinstance(rows, Rows):
        return [row for row in records(rows) if row["file"] == file]
    return records(rows[rows["file"] == file])


def _unawarded(tables: Tables, sort: Sort) -> Iterator[Budget]:
    for head in records(tables[f"{sort.form}s"]) if f"{sort.form}s" in tables else ():
        name = head.get("name") or head["county"]
        known = {field: head[field] for field in LABELS if field in head and not missing(head[field])}
        yield Budget(name, (("", ""), ""), head, _lines_of(tables, sort, head["file"]), known)


def _state(file: str, tables: Tables, findings: Iterable[Finding]) -> str:
    own = (one for one in (*tables.findings, *findings) if one.at.file == file)
    return TO_REVISE if any(one.kind.severity.weighs for one in own) else AS_APPROVED


def _strangers(came: Iterable[versions.Version], funded: Mapping) -> Iterator[Finding]:
    for one in came:
        if one.key not in funded:
            name, code = (
                one.head.get("name") or one.head["county"],
                one.head.get("code") or one.head["county"],
            )
            field = "code" if "code" in one.head else "county"
            yield Finding(
                catalogue.G1_NOT_APPROVED, one.head["place"].at(field), {"name": name, "read": code}
            )


def _doubts(chosen: versions.Sorted, funded: Mapping, sort: Sort) -> Iterator[Finding]:
    for key, group in chosen.doubtful.items():
        for one in group:
            facts = {"name": funded[key][sort.name], "other": versions.others(one, group)}
            field = "code" if "code" in one.head else "county"
            yield Finding(
                catalogue.G1_TWO_FORMS, one.head["place"].at(field), facts, *sort.owner(funded[key])
            )


def _with(table: pd.DataFrame, sort: Sort, funded: Mapping, states: Mapping, last: Mapping) -> pd.DataFrame:
    import pandas as pd

    keys = [sort.key(row) for row in records(table)]
    state = [states.get(key, UNRECEIVED) if key in funded else "" for key in keys]
    file = [last[key].file if key in last else "" for key in keys]
    return table.assign(
        budget_state=pd.Series(state, table.index, dtype=object),
        budget_file=pd.Series(file, table.index, dtype=object),
    )


# Line by line (G1, G2) -----------------------------------------------------------------------------


def _lines(one: Budget, plan: Plan) -> Iterator[Finding]:
    for line in one.lines:
        if line["item"]:
            yield from _item(one, line, plan)
            yield from _amount(one, line)
            yield from _account(one, line, plan)
            yield from _ceiling(one, line, plan)


def _item(one: Budget, line: Row, plan: Plan) -> Iterator[Finding]:
    """Sundries, where the office does not allow them; other items the form itself refuses."""
    if line["item"] == plan.spending.sundries and not plan.spending.sundries_percent:
        yield one.finding(catalogue.G1_ITEM, line["place"], "item", read=line["item"])


def _amount(one: Budget, line: Row) -> Iterator[Finding]:
    three = [line[name] for name in ("price", "quantity", "amount")]
    if not any(missing(value) for value in three) and three[0] * three[1] != three[2]:
        facts = {"item": line["item"], "read": f"{three[2]:,}", "should": f"{three[0] * three[1]:,}"}
        yield one.finding(catalogue.G1_AMOUNT, line["place"], "amount", **facts)


def _account(one: Budget, line: Row, plan: Plan) -> Iterator[Finding]:
    """An item of one account, or whose unit price tells the account, in the other one."""
    item, read, price = line["item"], line["account"], line["price"]
    by_price = item in plan.items.by_price
    if not read or (by_price and missing(price)):
        return
    should = CURRENT if item == plan.spending.sundries else plan.items.account(item, price)
    if read == should or not should:
        return
    if by_price:
        kind = catalogue.G2_CURRENT if should == CURRENT else catalogue.G2_CAPITAL
        facts = {"item": item, "read": f"{price:,}", "line": f"{plan.items.capital_from:,}"}
    else:
        kind, facts = catalogue.G1_ACCOUNT, {"item": item, "read": read, "should": should}
    yield one.finding(kind, line["place"], "account", **facts)


def _ceiling(one: Budget, line: Row, plan: Plan) -> Iterator[Finding]:
    most, price = plan.spending.ceilings.get(line["item"]), line["price"]
    if most is not None and not missing(price) and price > most:
        facts = {"item": line["item"], "read": f"{price:,}", "most": f"{most:,}"}
        yield one.finding(catalogue.G1_CEILING, line["place"], "price", **facts)


# The sums beside the award (G1, G3, G4, G5) ----------------------------------------------------------


def _sums(one: Budget, plan: Plan) -> Iterator[Finding]:
    at = one.head["place"]
    for name, wanted in one.approved.items():
        read = one.head[name]
        if not missing(read) and read != wanted:
            facts = {"label": LABELS[name], "read": f"{read:,}", "wanted": f"{wanted:,}"}
            yield one.finding(catalogue.G1_HEAD, at, name, **facts)
    for name, account in ACCOUNTS.items():
        read = one.total(fund=GRANTED, account=account)
        wanted = one.approved.get(name, None if name in one.head else 0)
        if None not in (read, wanted) and read != wanted:
            facts = {"account": account, "read": f"{read:,}", "wanted": f"{wanted:,}"}
            yield one.finding(catalogue.G1_TOTAL, at, name if name in one.approved else "current", **facts)
    own = one.total(fund=OWN)
    wanted = one.approved.get("own_share")
    if None not in (own, wanted) and own < wanted:
        facts = {"read": f"{own:,}", "wanted": f"{wanted:,}"}
        yield one.finding(catalogue.G4_OWN, at, "own_share", **facts)
    yield from _devices(one, plan)
    yield from _sundries(one, plan)


def _devices(one: Budget, plan: Plan) -> Iterator[Finding]:
    """G3, at each device that the grant pays; own funds may buy as many as they can (柒.六)."""
    paid = [line for line in one.lines if line["item"] in plan.items.devices and line["fund"] == GRANTED]
    sums = [one.total(fund=GRANTED, item=item) for item in plan.items.devices]
    capital = one.approved.get("capital", None if "capital" in one.head else 0)
    if None in (*sums, capital):
        return
    most = capital // plan.items.devices_divisor
    if plan.items.devices_divisor * sum(sums) > capital:
        for line in paid:
            facts = {"read": f"{sum(sums):,}", "capital": f"{capital:,}", "most": f"{most:,}"}
            yield one.finding(catalogue.G3_DEVICES, line["place"], "amount", **facts)


def _sundries(one: Budget, plan: Plan) -> Iterator[Finding]:
    """At most a share of the other current lines, rounded half up; none unless the office allows them."""
    own = [line for line in one.lines if line["item"] == plan.spending.sundries]
    current, percent = one.total(account=CURRENT), plan.spending.sundries_percent
    if not own or current is None or not percent:
        return
    read = sum(line["amount"] for line in own)
    most = percent_half_up(current - read, percent)
    if read > most:
        facts = {"read": f"{read:,}", "most": f"{most:,}", "percent": percent}
        yield one.finding(catalogue.G1_SUNDRIES, own[-1]["place"], "amount", **facts)


def _lacking(one: Budget, sort: Sort, plan: Plan) -> Iterator[Finding]:
    items = {line["item"] for line in one.lines}
    for cost, any_of in getattr(plan.items, sort.expected).items():
        if items and not items & set(any_of):
            field = "code" if "code" in one.head else "county"
            facts = {"read": cost, "items": "、".join(any_of)}
            yield one.finding(sort.lacks, one.head["place"], field, **facts)
