"""Two offices that write letters month after month (機關): the real batch, and a small one.

An office changes its facts, runs into an output, releases letters, and tells the entries of its
outbox, whose `new` is what the facts say now.
"""

from __future__ import annotations

import random
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

import docx

from mlbatch import batch, dispatch, outbox, output, record
from mlbatch.forms import all_forms, blank
from mlbatch.letters.fields import UNNUMBERED
from mlbatch.letters.sending import filled
from mlbatch.outbox import Entry, Sent
from mlbatch.output import Paper
from mlbatch.published import PROGRAM
from mlbatch.readable import to_json
from mlbatch.release import Choice, release

SAMPLES = Path(__file__).parent.parent / "input_samples"
SETTINGS = "本部清冊/辦理設定.xlsx"


class Office(Protocol):
    """What a year needs of an office."""

    def pass_month(self, month: int, chance: random.Random) -> None:
        """Let a month pass: the date goes on, facts change."""

    def run(self, out: Path) -> Sequence[Entry]:
        """Run into `out`; the letters of the outbox."""

    def release(self, out: Path, paths: Sequence[str]) -> dict[str, Path]:
        """Release letters: path → the copy that went out."""


class Real:
    """The batch on the samples: September's and December's inboxes, then January's under changing settings."""

    DAYS = (date(2017, 9, 10), date(2017, 9, 20), date(2017, 9, 25), date(2017, 12, 15))
    BUDGETS = (3_000_000, 5_000_000, 7_000_000, 12_000_000)
    OFFICERS = ("王示範", "李示範")

    def __init__(self, folder: Path) -> None:
        self.inbox, self.sent = folder / "inbox", folder / "sent"
        self.numbers = 1_070_000_000

    def pass_month(self, month: int, chance: random.Random) -> None:
        """The inbox of the month, with what went out, and settings of the month."""
        self.day = (
            self.DAYS[month] if month < len(self.DAYS) else date(2018, 1, 15) + timedelta(30 * (month - 4))
        )
        came = "2017-09" if month < 3 else "2017-12" if month == 3 else "2018-01"
        shutil.rmtree(self.inbox, ignore_errors=True)
        shutil.copytree(SAMPLES / came, self.inbox)
        if month > 3:
            rows = {
                "本年度預算": f"{chance.choice(self.BUDGETS)}",
                "本部承辦人": chance.choice(self.OFFICERS),
            }
            (self.inbox / SETTINGS).write_bytes(_settings(tuple(rows.items())))
        if (self.sent / dispatch.REGISTER).exists():
            shutil.copy(self.sent / dispatch.REGISTER, self.inbox / "本部清冊" / dispatch.REGISTER)

    def run(self, out: Path) -> Sequence[Entry]:
        """One run of the batch."""
        return batch.run(self.inbox, out, self.day).outbox.entries

    def release(self, out: Path, paths: Sequence[str]) -> dict[str, Path]:
        """One call of release a letter, each with a number of its own; what the payee fills in bears none."""
        letters = [path for path in paths if outbox.kind_of(path) not in UNNUMBERED]
        for path in letters:
            self.numbers += 1
            letter = Choice([outbox.folder_of(path)], [outbox.kind_of(path)], changed=True)
            release(out, self.sent, letter, batch.load_plan(), number=f"{self.numbers}", day=self.day)
        return {path: self.sent / path for path in letters}


@lru_cache(maxsize=64)
def _settings(rows: tuple[tuple[str, str], ...]) -> bytes:
    plan = batch.load_plan()
    said = {"decided_by": "本部", "decided_on": date(2018, 1, 5), "why": "依審議結果調整。"}
    values = [{"label": label, "value": value, **said} for label, value in rows]
    return blank.blank(all_forms(plan)["settings"], plan, values={"settings": values})


class Small:
    """A few letters of a few recipients, whose amount, officer and very existence change."""

    PATHS = tuple(
        f"受文者/{n:02d}_縣{n}/{kind}.docx" for n in range(1, 4) for kind in ("核定函", "未獲補助函")
    )

    def __init__(self, folder: Path) -> None:
        self.copies, self.gone_out = folder / "sent", {}
        self.facts = dict.fromkeys(self.PATHS, (100, "王示範"))
        self.day = date(2018, 1, 1)

    def pass_month(self, month: int, chance: random.Random) -> None:
        """Some amounts change, some letters come or go."""
        self.day = date(2018, 1, 1) + timedelta(30 * month)
        for path in self.PATHS:
            if chance.random() < 0.25:
                self.facts[path] = (chance.choice([100, 200, 300]), chance.choice(["王示範", "李示範"]))
            if chance.random() < 0.06:
                self.facts[path] = None

    def run(self, out: Path) -> Sequence[Entry]:
        """Settle and publish, as the batch does."""
        papers = [
            Paper(p, small_letter(p, *f), "公文", outbox.folder_of(p)) for p, f in self.facts.items() if f
        ]
        papers.append(Paper("總覽.html", f"{self.facts}".encode(), "總覽"))
        return publish(papers, out, self.gone_out)

    def release(self, out: Path, paths: Sequence[str]) -> dict[str, Path]:
        """Fill in and copy, as `release` does, without a register on disk."""
        for number, path in enumerate(paths):
            content = (out / path).read_bytes()
            one = filled(content, self.day, f"臺教資(三)字第107{self.day:%m%d}{number:03d}號")
            (self.copies / path).parent.mkdir(parents=True, exist_ok=True)
            (self.copies / path).write_bytes(one.content)
            self.gone_out[path] = sent_of(out, path, one.day, one.number)
        return {path: self.copies / path for path in paths}


def publish(papers: Iterable[Paper], out: Path, gone_out: dict[str, Sent] | None = None) -> Sequence[Entry]:
    """Settle and publish papers, in a manifest that says no more than is needed."""
    with output.reserved(out) as place:
        settled = outbox.settle(list(papers), outbox.former(place.out), gone_out)
        said = {"program": {"name": PROGRAM}, "outputs": record._outputs(settled.papers, settled)}
        place.publish(settled.papers, to_json(said))
    return settled.entries


def sent_of(out: Path, path: str, day: date, number: str) -> Sent:
    """The register's row of a letter that goes out from `out`."""
    found = outbox.former(out)[path]
    units = outbox.wording(found.content).units
    return Sent(path, "", "", day, number, "", outbox.spoken(found.base["words"]), units)


@lru_cache(maxsize=256)
def small_letter(path: str, amount: int, officer: str) -> bytes:
    """A letter of some paragraphs and a table; the same bytes in every process."""
    letter = docx.Document()
    for words in (
        f"承辦人：{officer}", f"受文者：{path}", "發文日期：中華民國　　年　　月　　日",
        "發文字號：臺教資(三)字第　　　　　　　　號", f"主旨：補助新臺幣{amount}元，請查照。", "說明：",
        "一、依據實施方案辦理。", f"二、本案補助{amount}元。",
    ):  # fmt: skip
        letter.add_paragraph(words)
    table = letter.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "合計", f"{amount}"
    buffer, fixed = BytesIO(), BytesIO()
    letter.save(buffer)
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(fixed, "w") as parts:
        for name in sorted(made.namelist()):
            parts.writestr(zipfile.ZipInfo(name), made.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
