"""What goes back to a sender (退回更正與收件回執): its files with their faults marked, and its receipt.

A returned workbook is made from the file itself, as it was typed; so the inbox is read once more,
for the few files that have faults.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import pandas as pd

from mlbatch import catalogue, roc
from mlbatch.finding import Finding, Severity
from mlbatch.forms import Form, prefilled, receipt
from mlbatch.forms.returned import returned
from mlbatch.forms.typed import Typed, TypedReader
from mlbatch.plan import Plan
from mlbatch.press import Draft, draft, in_package
from mlbatch.recipient import Filed, Recipient, recipients
from mlbatch.rules import standing
from mlbatch.second_call import SECOND
from mlbatch.tables import LATE, NOT_YET, SUPERSEDED, Tables, records, still_open
from mlbatch.workbooks import receipt as receipt_book

FAULTS = (Severity.REJECT, Severity.CORRECT)
OPENED = (catalogue.I2_UNKNOWN_FORM, catalogue.I3_OTHER_YEAR, catalogue.I4_OLD_VERSION)
AFTER = (
    "revised_plan",
    "budget",
    "county_budget",
    "settlement",
    "coach_application",
)  # what is asked for after the decision, and goes back at any time
CHECKLIST = "claim"
PAST = (SUPERSEDED, LATE, NOT_YET)  # versions that do not count are not corrected


@dataclass(frozen=True)
class Desk:
    """The desk at which files are given back: what was read, what was decided, and the inbox.

    `read` holds the tables of every file, `tables` those after the rules of intake.
    """

    read: Tables
    tables: Tables
    forms: Mapping[str, Form]
    plan: Plan
    as_of: date
    inbox: Path

    def papers(self) -> Iterator[Draft]:
        """Receipts for each recipient and, while it can still be corrected, its returned workbooks.

        Revised plans go back at any time. Score sheets, award lists, checklists and registers with
        faults come back to the ministry's own desk, at any time.
        """
        told = receipt.receipts(self.tables["files"], self.read, self.forms)
        own: set[str] = set()
        filed = Filed(self.tables.put(files=told["files"]))
        for who in recipients(self.tables, self.plan):
            files = filed.of(who)
            own |= set(files["file"])
            if not len(files):
                continue
            yield self._receipt(who, files, told["changes"])
            yield from self._returned(self._open(files, who), in_package(who, "待修正"), who.folder)
        rest = self.tables["files"]
        yield from self._returned(rest[~rest["file"].isin(own)], "待修正", "")

    def _open(self, files: pd.DataFrame, who: Recipient) -> pd.DataFrame:
        """The files that can still be corrected: before closing all (肆.四(四)4), after it those of a second
        call that is open, and what is asked for after the decision."""
        if not self.plan.calendar.closed(self.as_of):
            return files
        again = files["call"].eq(SECOND).fillna(False).astype(bool)
        if again.any():
            own = self.tables["schools"]
            again &= still_open(own[(own["county"] == who.county) & ~own["national"].astype(bool)])
        return files[again | files["form"].isin(AFTER)]

    def _receipt(self, who: Recipient, files: pd.DataFrame, changes: pd.DataFrame) -> Draft:
        names = set(files["file"])
        mine = changes[changes["file"].isin(names) & changes["former"].isin(names)]
        findings = tuple(finding for finding in self.tables.findings if finding.at.file in names)
        given = files, mine, findings, self.plan, self.as_of, who.name
        path = in_package(who, "收件回執.xlsx")
        return draft(path, "收件回執", receipt_book.receipt, *given, recipient=who.folder)

    def _returned(self, files: pd.DataFrame, folder: str, recipient: str) -> Iterator[Draft]:
        names: dict[str, int] = {}
        for row in records(files):
            findings = self._findings_in(row)
            if row["bucket"] in PAST or not _correctable(findings):
                continue
            if not (typed := self._reader.read((self.inbox / row["file"]).read_bytes())):
                continue
            path = f"{folder}/{_unused(names, row['file'])}_待修正.xlsx"
            given = typed, tuple(findings), self.plan
            file, until = row["file"].rpartition("/")[2], self._until(row["form"])
            yield draft(
                path, "待修正", returned, *given,
                recipient=recipient, file=file, until=until, lists=self._lists(typed),
            )  # fmt: skip

    def _findings_in(self, row: Mapping[str, object]) -> Sequence[Finding]:
        """What was found in a file; a checklist's papers are told in the next one, not in this."""
        found = self._findings.get(row["file"], [])
        return [one for one in found if not (row["form"] == CHECKLIST and one.kind.rule.startswith("P"))]

    def _until(self, form: str) -> str:
        """By when a file is sent again: before closing, and after it as the office asks for papers."""
        if form in AFTER:
            return f"文到 {self.plan.claim.supply_days} 日內"
        return f"{roc.minute(self._closing)} 前"

    def _lists(self, typed: Typed) -> dict:
        """The school lists of a county's prefilled list, as far as the registers are there."""
        if typed.form.id != "recommendation":
            return {}
        head = next(iter(typed.values.get("lists", ())), {})
        schools = self._schools
        own = schools[
            (schools["county"] == (typed.recipient or head.get("county", ""))) & (schools["owner"] != "國立")
        ]
        return {"listed": prefilled.choices(own)} if len(own) else {}

    @cached_property
    def _closing(self) -> datetime:
        """When the last call closes that is open; after all have closed, the first one's."""
        schools = self.tables["schools"]
        return max(schools.loc[~schools["closed"].astype(bool), "closes"], default=self.plan.calendar.closing)

    @cached_property
    def _reader(self) -> TypedReader:
        return TypedReader(self.forms, self.plan)

    @cached_property
    def _schools(self) -> pd.DataFrame:
        return standing.known_schools(self.read, self.plan)

    @cached_property
    def _findings(self) -> Mapping[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in sorted(self.tables.findings, key=lambda one: one.order):
            found.setdefault(finding.at.file, []).append(finding)
        return found


def _correctable(findings: Sequence[Finding]) -> bool:
    """Whether there is something to correct, in a file that could be opened."""
    kinds = [finding.kind for finding in findings]
    opened = all(kind in OPENED for kind in kinds if kind.rule.startswith("I"))
    return opened and any(kind.severity in FAULTS for kind in kinds)


def _unused(names: dict[str, int], file: str) -> str:
    """The file's own name, with a number where two files of different folders share it."""
    stem = Path(file).stem
    names[stem] = names.get(stem, 0) + 1
    return stem if names[stem] == 1 else f"{stem}_{names[stem]}"
