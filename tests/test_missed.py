"""What is missed in the running year, kind by kind: left out of a year in which it was done, and followed from month to month.

The states of the month before it falls due, of its month and of the day after, the row in the reminder (催繳通知), and what next
year's record loses by it. Each kind is left out at another school or county, in every version of what that one handed in.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

import pytest

from mlbatch import batch, roc, rules
from mlbatch.letters.reminding import reminder_facts
from mlbatch.obligation import GATHERING, LATER, OVERDUE, RESULTS, THIS_MONTH, cloud, month_before
from mlbatch.recipient import only, recipients
from mlbatch.tables import Tables, records
from tests.year import PLAN, came, month

LAST = "2019-03"
UNUSED = "未使用"


@dataclass(frozen=True)
class Kind:
    """An item that is missed, whose it is (a school's key, or a county), and how it is left out."""

    item: str
    whose: str
    without: Callable[[Tables, str], Tables]

    @property
    def county(self) -> str:
        """The county, if it is a county's."""
        return "" if self.whose[0].isdigit() else self.whose


# How something is left out -----------------------------------------------------------------------------


def own(tables, table, whose, where):
    """Which rows of a table are of one's own forms, or in a register under one's name, and have these values."""
    rows = tables[table]
    if table in ("profiles", "signed_in"):
        mine = key(rows) == whose
    else:
        heads = tables["logbooks" if whose[0].isdigit() else "county_logbooks"]
        names = key(heads) if whose[0].isdigit() else heads["county"]
        mine = rows["file"].isin(heads.loc[names == whose, "file"])
    for name, values in where.items():
        mine &= rows[name].isin(values if isinstance(values, tuple) else (values,))
    assert mine.any(), (table, whose)
    return mine


def dropped(table, **where):
    """Without these rows."""

    def without(tables, whose):
        gone = own(tables, table, whose, where)
        return tables.put(**{table: tables[table][~gone].reset_index(drop=True)})

    return without


def altered(table, field, value, **where):
    """With another value in these rows."""

    def without(tables, whose):
        rows = tables[table].copy()
        rows.loc[own(tables, table, whose, where), field] = value
        return tables.put(**{table: rows})

    return without


def absent(*sessions):
    """At none of these sessions, neither by the organisers' lists nor by what the school wrote."""
    steps = dropped("signed_in", session=sessions), dropped("attended", event=sessions)
    return lambda tables, whose: steps[1](steps[0](tables, whose), whose)


def key(rows):
    """The key of a school as one text."""
    return rows["code"] + "-" + rows["level"]


KINDS = (
    Kind("進度表", "014599-國中", dropped("entries", item="進度表")),
    Kind("教師心得", "014896-國小", dropped("entries", item="教師心得")),
    Kind("學生溫馨故事", "014898-國小", dropped("entries", item="學生溫馨故事")),
    Kind("教案", "014899-國小", dropped("entries", item="教案")),
    Kind(cloud("教案"), "064599-國中", altered("entries", "resource", UNUSED, item="教案")),
    Kind(cloud("教師心得"), "064798-國小", altered("entries", "resource", UNUSED, item="教師心得")),
    Kind("成效評估", "194699-國小", dropped("entries", item="成效評估")),
    Kind("校內研習", "124599-國中", dropped("entries", item="校內研習")),
    Kind("校外推廣", "124696-國小", dropped("entries", item="校外推廣")),
    Kind("成果報告書", "024599-國中", dropped("entries", item="成果報告書")),
    Kind("成果簡報", "024696-國小", dropped("entries", item="成果簡報")),
    Kind("學校基本資料表", "154798-國小", dropped("profiles")),
    Kind("學者專家輔導紀錄", "154599-國中", dropped("visits")),
    Kind("首次輔導", "150699-國小", dropped("visits")),
    Kind("教授輔導", "164599-國中", altered("visits", "professor", False)),
    Kind("到校輔導", "164698-國小", altered("visits", "way", "線上")),
    Kind("期中經驗分享與交流會議", "204699-國小", dropped("attended", event="S02")),
    Kind("分區活動", "204599-國中", absent("W01", "W03", "W04")),
    Kind("校長科技領導工作坊", "014681-國小", absent("P01")),
    Kind("啟動會議", "高雄市", dropped("delegates", event="S01")),
    Kind(GATHERING, "花蓮縣", dropped("county_work", item=GATHERING)),
    Kind(RESULTS, "臺中市", altered("county_work", "invited", "", item=RESULTS)),
    Kind("無線網路檢視", "嘉義市", dropped("county_networks")),
)


# The year without it -----------------------------------------------------------------------------------


@cache
def without():
    """The last month's inbox as it was read, without what the kinds leave out."""
    tables = came(LAST).read
    for kind in KINDS:
        tables = kind.without(tables, kind.whose)
    return replace(came(LAST), read=tables, tables=tables)


@cache
def tracked(as_of):
    """The running year as it stands at the end of a day."""
    decided = _decided()
    return rules.run_rules(rules.TRACKING, decided.tables, decided.plan, as_of)[0]


@cache
def _decided():
    return batch.decide(without(), until="payment")


@cache
def closed():
    """The last month."""
    return batch.decide(without()).tables


def duties(tables, kind):
    """The duties of whom a kind concerns."""
    rows = tables["duties"]
    return rows[
        rows["county"].eq(kind.county) & rows["code"].eq("") if kind.county else key(rows).eq(kind.whose)
    ]


def first(tables, kind):
    """Those of the item itself that fall due first."""
    rows = duties(tables, kind).query("item == @kind.item")
    return rows[rows["due"] == rows["due"].min()]


def reminded(kind, due, as_of):
    """The rows of the item in the reminder of a day."""
    tables = tracked(as_of)
    (row, *_) = records(first(tables, kind))
    county = "" if row["national"] else row["county"]
    who = next(
        one
        for one in recipients(tables, PLAN)
        if one.county == county and (county or one.school[0] == row["code"])
    )
    facts = reminder_facts(only(tables, who), PLAN, who, as_of)
    names = {row["name"], f"{row['name']}（{row['level']}）"} if row["code"] else {who.name}
    return [
        one for one in (facts.overdue if facts else ())
        if one.school in names and one.due == roc.short(due) and one.item.startswith(kind.item)
    ]  # fmt: skip


def over(tables, kind):
    """What is overdue: an item of a day once, however many classes owe it."""
    late = duties(tables, kind).query("state == @OVERDUE")
    return set(zip(late["item"], late["due"], strict=True))


def record(tables, kind):
    """The row of next year's record."""
    rows = tables["county_year" if kind.county else "year_record"]
    return records(rows[rows["county"].eq(kind.county) if kind.county else key(rows).eq(kind.whose)])[0]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.item)
def test_a_missed_item_falls_due_is_told_and_reminded_of(kind):
    """T2, T3, T4, T5, T8, T9"""
    due = first(closed(), kind)["due"].iloc[0]
    before, after = month_before(due), due + timedelta(1)
    if before >= PLAN.calendar.start:
        assert set(first(tracked(before), kind)["state"]) == {LATER}
    assert set(first(tracked(due), kind)["state"]) == {THIS_MONTH}
    assert reminded(kind, due, due) == []
    assert set(first(tracked(after), kind)["state"]) == {OVERDUE}
    assert len(reminded(kind, due, after)) == 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.item)
def test_a_missed_item_stands_in_next_years_record(kind):
    """Z4: each item of each day that is overdue now, and was not in the year in which it was done."""
    whole = month(LAST).tables
    missing = over(closed(), kind) - over(whole, kind)
    assert first(closed(), kind)["due"].iloc[0] in {due for item, due in missing if item == kind.item}
    had, has = record(whole, kind), record(closed(), kind)
    assert sum(has[name] - had[name] for name in ("undone", "missed")) == len(missing)
    if not kind.county:
        lost = PLAN.settling.points
        assert has["score"] == max(0, 100 - sum(lost[label] * has[name] for name, label in LABELS.items()))
        assert has["score"] < had["score"]


LABELS = {
    "undone": "未執行",
    "late": "遲交",
    "missed": "缺席會議",
    "papers_late": "請款逾期",
    "closing_late": "結案逾期",
}
