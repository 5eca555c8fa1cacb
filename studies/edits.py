"""A year of hand edits on letters: is none lost, and none claimed that was not made?

    python -m studies.edits [--years 3] [--models 200]

Each year runs month after month into one output while the facts change, and between the runs
letters are edited, saved again without a change, deleted, released, and the folder is moved,
copied, zipped and unzipped. A ledger kept here, from bytes and from python-docx's own text, says
what must stand and what may be said of it. `--years` run the real batch on the samples, `--models` a
small office without one. Prints the table of docs/studies/edits.md.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from unittest import mock

import docx
from docx.table import Table

from mlbatch.outbox import Entry, State
from mlbatch.output import LETTERS, OutputError, Place
from studies import hands
from studies.offices import Office, Real, Small

CLAIM = "手改"  # the word by which an entry's note says that a hand changed words
MONTHS = 12


def text(content: bytes) -> str:
    """What a letter says, as python-docx reads it."""
    lines = []
    for block in docx.Document(BytesIO(content)).iter_inner_content():
        rows = block.rows if isinstance(block, Table) else ()
        lines += ["｜".join(cell.text for cell in row.cells) for row in rows] or [getattr(block, "text", "")]
    return "\n".join(line.strip() for line in lines if line.strip())


@dataclass
class Hand:
    """What a hand left at a letter: its bytes, whether words changed, and what the draft had said."""

    content: bytes
    words: bool
    drafted: str


@dataclass
class Year:
    """One output through one year; `faults` must stay empty."""

    office: Office
    folder: Path
    seed: int
    soffice: bool = False
    ledger: dict[str, Hand] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)  # path → what the draft had said
    copies: dict[Path, bytes] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.out = self.folder / "home" / "out"
        self.stood: dict[str, bytes] = {}

    def live(self, months: int = MONTHS) -> Year:
        """Run the months, with what happens between them."""
        for month in range(months):
            self.office.pass_month(month, self.chance)
            if month and self.chance.random() < 0.25:
                self._edit_during_the_run()
            self.entries = {entry.path: entry for entry in self.office.run(self.out)}
            self.counts["runs"] += 1
            for path in sorted(self.entries.keys() | self.ledger.keys() | self.stood.keys()):
                self._judge(month, path, self.entries.get(path))
            self.faults += [
                f"{month} {p}: a released copy changed" for p, c in self.copies.items() if p.read_bytes() != c
            ]
            self._between()
        return self

    # What must be ------------------------------------------------------------------------------

    def _judge(self, month: int, path: str, entry: Entry | None) -> None:
        stands = self._bytes(path)
        hand, due = self.ledger.get(path), entry.new if entry else None
        if hand and stands != hand.content:
            self.faults.append(f"{month} {path}: lost")
        said = self._said(entry)
        must = self._must(path, hand, due, stands)
        if said not in must:
            self.faults.append(f"{month} {path}: told {said}, should be one of {must}")
        if entry and CLAIM in entry.note and not (hand and hand.words):
            self.faults.append(f"{month} {path}: an edit is claimed that nobody made")
        if path not in self.sent and not hand and stands != (due.content if due else None):
            self.faults.append(f"{month} {path}: an untouched draft is not what the facts say")
        if path in self.sent and path in self.stood and stands != self.stood[path]:
            self.faults.append(f"{month} {path}: released, and not as it stood")
        self.counts[f"told {said}"] += 1

    def _said(self, entry: Entry | None) -> str:
        return str(entry.state) if entry else "-"

    def _must(self, path: str, hand: Hand | None, due, stands: bytes | None) -> set[str]:
        """The states that are true of a letter, from the ledger alone."""
        now = text(due.content) if due else None
        if path in self.sent:
            return {State.RELEASED if now == self.sent[path] else State.CHANGED}
        if not hand:
            return {State.DRAFT} if due else {"-"}
        if due is None:
            return {State.WITHDRAWN}
        if stands is not None and text(stands) == now:
            return {State.DRAFT}
        if now != hand.drafted:
            return {State.CHANGED}
        return {State.EDITED} if hand.words else {State.DRAFT}

    # What happens ------------------------------------------------------------------------------

    def _between(self) -> None:
        letters = sorted(path for path in self.entries if self._bytes(path) is not None)
        for path in self._some(letters, 0.25):
            self._edit(path, self.chance.choice(hands.EDITS))
        for path in self._some(letters, 0.15):
            self._resave(path, self.chance.choice([hands.saved_again, hands.packed_again]))
        if self.soffice and (chosen := self._some(letters, 0.15)):
            self._libreoffice(chosen)
        for path in self._some(sorted(self.ledger.keys() & set(letters)), 0.1):
            self._take_new_draft(path)
        self._release(self._some(sorted(set(letters) - self.sent.keys()), 0.12))
        for path in self._some(letters, 0.04):
            (self.out / path).unlink()
            self.ledger.pop(path, None)
            self.counts["letters deleted by hand"] += 1
        for journey in self._some(hands.JOURNEYS, 0.4):
            self.out = journey(self.out, self.chance)
            self.counts[f"folders {journey.__name__}"] += 1
        self.stood = {path: c for path in self.entries if (c := self._bytes(path)) is not None}

    def _edit(self, path: str, edit: Callable) -> None:
        content = hands.edited(self._bytes(path), edit, self.chance)
        before = self.ledger.get(path)
        drafted = before.drafted if before else text(self._drafted(path))
        words = (before is not None and before.words) or edit in hands.WORDS
        self._leave(path, Hand(content, words, drafted))
        self.counts["letters edited" if edit in hands.WORDS else "lines set bold"] += 1

    def _drafted(self, path: str) -> bytes:
        """What the program had written where a hand now begins."""
        return self._bytes(path)

    def _resave(self, path: str, save: Callable) -> None:
        content = save(self._bytes(path), self.chance)
        if path in self.ledger:
            self._leave(path, Hand(content, self.ledger[path].words, self.ledger[path].drafted))
        else:
            (self.out / path).write_bytes(content)
        self.counts["letters saved again without an edit"] += 1

    def _libreoffice(self, paths: list[str]) -> None:
        saved = hands.libreoffice([self._bytes(path) for path in paths], self.folder / "lo")
        for path, content in zip(paths, saved, strict=True):
            before = self.ledger.get(path) or Hand(b"", False, text(self._bytes(path)))
            self._leave(path, Hand(content, before.words, before.drafted))
            self.counts["letters saved again by LibreOffice"] += 1

    def _take_new_draft(self, path: str) -> None:
        draft = self.entries[path].new_draft
        if draft and path not in self.sent:
            (self.out / path).write_bytes((self.out / draft).read_bytes())
            self.ledger.pop(path)
            self.counts["new drafts taken over"] += 1

    def _release(self, paths: list[str]) -> None:
        fit = [path for path in paths if self.entries[path].state is not State.WITHDRAWN]
        for path, copy in self.office.release(self.out, fit).items():
            hand = self.ledger.get(path)
            self.sent[path] = hand.drafted if hand else text(self._bytes(path))
            self.copies[copy] = copy.read_bytes()
            self.counts["letters released"] += 1

    def _edit_during_the_run(self) -> None:
        """A hand saves a letter while a run has read the former ones and is writing."""
        letters = sorted(path for path in self.stood if path not in self.sent and self._bytes(path))
        if not letters:
            return
        path, stage = self.chance.choice(letters), Place._stage

        def staged(place: Place, *arguments: object) -> None:
            stage(place, *arguments)
            self._edit(path, self.chance.choice(hands.WORDS))

        with mock.patch.object(Place, "_stage", staged):
            try:
                self.office.run(self.out)
            except OutputError:
                self.counts["runs undone for an edit made meanwhile"] += 1

    def _leave(self, path: str, hand: Hand) -> None:
        (self.out / path).write_bytes(hand.content)
        self.ledger[path] = hand

    def _bytes(self, path: str) -> bytes | None:
        assert path.startswith(LETTERS)
        return (self.out / path).read_bytes() if (self.out / path).exists() else None

    def _some(self, things, share: float) -> list:
        return [thing for thing in things if self.chance.random() < share]


def years(
    make: Callable[[Path], Office], number: int, *, soffice: bool, seed: int = 107
) -> tuple[Counter, list[str]]:
    """So many years, each with an office of its own: what happened, and every fault."""
    counts: Counter[str] = Counter()
    faults: list[str] = []
    for one in range(number):
        with tempfile.TemporaryDirectory() as folder:
            year = Year(make(Path(folder)), Path(folder), seed + one, soffice).live()
            counts += year.counts
            faults += [f"year {seed + one}: {fault}" for fault in year.faults]
    return counts, faults


def main() -> None:
    """Run the study and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--years", type=int, default=3, help="years of the real batch")
    parser.add_argument("--models", type=int, default=200, help="years of a small office")
    given = parser.parse_args()
    real, faults = years(Real, given.years, soffice=bool(hands.SOFFICE))
    model, more = years(Small, given.models, soffice=False)
    print(f"| what happened | {given.years} years of the batch | {given.models} years of a small office |")
    print("|---|---|---|")
    for name in sorted(real.keys() | model.keys()):
        print(f"| {name} | {real[name]:,} | {model[name]:,} |")
    print(f"| **faults** | {len(faults)} | {len(more)} |", *faults, *more, sep="\n")
    sys.exit(bool(faults or more))


if __name__ == "__main__":
    main()
