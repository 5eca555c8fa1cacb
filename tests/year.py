"""The sample year, decided month after month, and its tables as text (tests/golden/).

`python -m tests.year` (or `make golden`) writes the texts anew: after a change that is meant, the diff of a commit shows what it changed.
A text says what a month has; of lists that go from month to month only what came (+) and what went (-).
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pandas as pd

from mlbatch import batch
from mlbatch.forms import all_forms, inbox, one_file
from mlbatch.letters import (
    award_letters,
    closing_letters,
    correction_letters,
    payment_letters,
    reminder_letters,
)
from mlbatch.letters.render import LetterTemplate
from mlbatch.obligation import STATES
from mlbatch.tables import Tables, records

ROOT = Path(__file__).parent.parent
SAMPLES, GOLDEN = ROOT / "input_samples", ROOT / "tests" / "golden"
sys.path.insert(0, str(SAMPLES))
from inbox import build, months  # noqa: E402  (the samples' own script; it needs nothing of mlbatch)
from inbox import inbox as held  # noqa: E402, F401

MONTHS = months()
PLAN = batch.load_plan()
FORMS = all_forms(PLAN)


# Months --------------------------------------------------------------------------------------------


@contextmanager
def read_once() -> Iterator[None]:
    """A file that stands in many months is read once: reading depends on its bytes and name alone."""

    def read_files(sent, forms, plan):
        return (_read(path.read_bytes(), name) for path, name in sent)

    with patch.object(inbox.workers, "read_files", read_files):
        yield


@cache
def _read(content: bytes, name: str) -> one_file.Read:
    reading = one_file.read_content(content, name, FORMS, PLAN)
    return one_file.Read(reading, hashlib.sha256(content).hexdigest())


@cache
def came(name: str) -> batch.Month:
    """What lies in the inbox of a month, read."""
    with TemporaryDirectory() as folder, read_once():
        build(name, Path(folder))
        return batch.read(Path(folder), PLAN, day(name))


@cache
def month(name: str) -> batch.Month:
    """A month as its own inbox has it, decided."""
    return batch.decide(came(name))


def day(name: str) -> date:
    """The day of a month's run."""
    return date.fromisoformat(MONTHS[name])


def before(name: str) -> str:
    """The month before; "" before the first."""
    names = ["", *MONTHS]
    return names[names.index(name) - 1]


# Its text ------------------------------------------------------------------------------------------


def text(name: str) -> str:
    """The main tables of a month."""
    made, last = month(name), before(name)
    then = lists(last) if last else {}
    parts = [head(name, made)]
    for title, lines in lists(name).items():
        parts.append("\n".join([f"## {title}", *changed(lines, then.get(title, []))]))
    if "duties" in made.tables:
        parts += duties(made.tables)
    return "\n\n".join(parts) + "\n"


def head(name: str, made: batch.Month) -> str:
    """How far the month came, and what is to be done."""
    jobs = "、".join(job.title for job in made.done)
    return f"# {name}　基準日 {MONTHS[name]}\n\n完成：{jobs}\n情形：{made.stage}\n下一步：{made.next_step}"


@cache
def lists(name: str) -> dict[str, list[str]]:
    """The lists of a month, a line an entry."""
    tables = month(name).tables
    made = {"檔案": files(tables), "檢核發現": findings(tables), "學校": schools(tables)}
    if "payees" in tables:
        made["請款"] = table(
            tables, "payees", "payee state granted received missing unsigned gaps paid_on pay_now"
        )
    if "closing_items" in tables:
        made["結案"] = table(
            tables, "payees", "payee settlement_state owed refund open_items closed_on closing_state"
        )
        made["未結事項"] = open_items(tables)
        made["學校年度紀錄"] = table(
            tables, "year_record", "code level name undone late missed papers_late closing_late score grade"
        )
        made["縣市年度紀錄"] = table(
            tables, "county_year", "county undone late missed papers_late closing_late call payment closing closed_on closed_all"
        )  # fmt: skip
        made["不得申請"] = table(tables, "barred", "county code level name missing late")
        made["優良候選"] = table(tables, "school_candidates", "county code level name score grade")
    if "class_changes" in tables:
        made["班級異動"] = table(tables, "class_changes", "code level name semester old new day state")
        made["承辦人異動"] = table(tables, "officers", "county name before now")
    made["公文"] = letters(name)
    return made


def changed(lines: Iterable[str], then: Iterable[str]) -> list[str]:
    """The lines that are new, and those that are gone; all of them count."""
    now, old = Counter(lines), Counter(then)
    new, gone = now - old, old - now
    rest = now.total() - new.total()
    return [f"共 {now.total()}，其中 {rest} 同上月", *(f"+ {one}" for one in sorted(new.elements())),
            *(f"- {one}" for one in sorted(gone.elements()))]  # fmt: skip


def table(tables: Tables, name: str, columns: str) -> list[str]:
    """The rows of a table, some of its columns."""
    return [" ".join(shown(row[column]) for column in columns.split()) for row in records(tables[name])]


def shown(value: object) -> str:
    """A value in one word."""
    return "－" if pd.isna(value) or value == "" else f"{value}"


def files(tables: Tables) -> list[str]:
    """How many files of each form ended where."""
    counts = Counter((row["title"] or "（無戳記）", row["bucket"]) for row in records(tables["files"]))
    return [f"{title} {bucket} {count}" for (title, bucket), count in counts.items()]


def findings(tables: Tables) -> list[str]:
    """Each finding at its place."""
    return [f"{one.kind.id} {one.at.file} {one.at.sheet}!{one.at.cell}" for one in tables.findings]


def schools(tables: Tables) -> list[str]:
    """Each school's verdict, classes and grant, as far as the month came."""
    columns = [
        "code",
        "level",
        "name",
        "verdict",
        "clause",
        "allowed",
        "rank",
        "outcome",
        "approved",
        "grant",
    ]
    return [
        " ".join(shown(row[name]) for name in columns if name in row) for row in records(tables["schools"])
    ]


def open_items(tables: Tables) -> list[str]:
    """What the closing of each payee still waits for."""
    rows = (row for row in records(tables["closing_items"]) if row["open"])
    counts = Counter((row["payee"], row["item"], row["due"]) for row in rows)
    return [f"{payee} {item} {shown(due)} × {count}" for (payee, item, due), count in counts.items()]


def duties(tables: Tables) -> Iterator[str]:
    """What is owed, by state: a line an item and its day, and a line a school or county with last month's overdue."""
    rows = records(tables["duties"])
    for title, of in (("應辦事項（期限、項目）", _of_item), ("應辦事項（學校與縣市）", _of_owner)):
        counts: dict[str, Counter] = {}
        for row in rows:
            counts.setdefault(of(row), Counter()).update([row["state"], ("before", row["before"])])
        lines = [f"{key}：{_states(found)}" for key, found in sorted(counts.items())]
        yield "\n".join([f"## {title}", *lines])


def _of_item(row: dict) -> str:
    return f"{row['due']} {row['item']}"


def _of_owner(row: dict) -> str:
    return f"{row['county']} {row['code']} {row['level']} {row['name']}"


def _states(counts: Counter) -> str:
    now = "、".join(f"{state} {counts[state]}" for state in STATES if counts[state])
    return f"{now}（上月逾期 {counts['before', '逾期']}）"


@patch.object(LetterTemplate, "render", lambda template, facts: b"")
def letters(name: str) -> list[str]:
    """Each letter that the month writes, with its figures; what it looks like is another test's."""
    made, as_of = month(name), day(name)
    done, tables, plan = {job.id for job in made.done}, made.tables, made.plan
    written = correction_letters(tables, plan, as_of)
    if "letters" in done:
        written += award_letters(tables, plan, as_of)
    if "payment" in done:
        written += payment_letters(tables, plan)
    if "track" in done:
        written += reminder_letters(tables, plan, as_of)
    if "close" in done:
        written += closing_letters(tables, plan)
    return [f"{one.recipient.folder} {one.name} {shown(one.schools)} {shown(one.amount)}" for one in written]


def main() -> None:
    """Write every text anew."""
    for name in MONTHS:
        (GOLDEN / f"{name}.txt").write_text(text(name), "utf-8")
        print(name)


if __name__ == "__main__":
    main()
