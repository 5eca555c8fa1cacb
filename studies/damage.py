"""How people damage a form, and whether one round puts it right.

    python -m studies.damage [--files 5000] [--seed 107]

Clean forms of the sample are damaged as people damage them. Every harmful damage must be found at
its exact cell and by its kind; what is harmless must give no finding that asks for anything, and the
same values. The returned workbook is then corrected where it is marked and nowhere else, and read
once more: it must pass.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineWorkbook

from mlbatch import rules
from mlbatch.finding import Finding, Severity
from mlbatch.forms import Form, all_forms, blank, frames, reader
from mlbatch.forms.returned import TITLE, returned
from mlbatch.forms.typed import Key, Typed, TypedReader
from mlbatch.plan import Plan, load_plan
from mlbatch.tables import Tables
from studies import damages
from studies.damages import Damage, Patient

SAMPLES = Path(__file__).parent.parent / "input_samples" / "2017-12"
ASKS = (Severity.REJECT, Severity.CORRECT)
FILE = "送件.xlsx"
ELSEWHERE = {"E4-count": "實施班級"}  # told at 申請班級數; its remedy names the list of classes too


@dataclass(frozen=True)
class Trial:
    """How one damaged file fared: empty `problem` if all went as it must."""

    damage: str
    problem: str = ""


class Ward:
    """The clean forms, and what is needed to damage, check, return and correct them."""

    def __init__(self) -> None:
        self.plan: Plan = load_plan()
        self.forms: Mapping[str, Form] = all_forms(self.plan)
        self.typed = TypedReader(self.forms, self.plan)
        self.patients = list(self._clean())

    def _clean(self) -> Iterator[Patient]:
        """The sample's plans and lists in which there is nothing to correct."""
        for path in sorted(SAMPLES.rglob("*.xlsx")):
            content = path.read_bytes()
            typed = self.typed.read(content)
            if typed and typed.form.id in ("application", "recommendation") and not self.asked(content):
                yield Patient(typed.form, typed.recipient, typed.values)

    def findings(self, content: bytes) -> list[Finding]:
        """What `check` says of one file."""
        reading = reader.read_workbook(content, FILE, self.forms, self.plan)
        if isinstance(reading, Finding):
            return [reading]
        tables = Tables(findings=reading.findings).put(**frames.frames([reading], self.forms))
        tables, _ = rules.run_rules(rules.SINGLE, tables, self.plan, self.plan.calendar.call)
        return sorted(tables.findings, key=lambda finding: finding.order)

    def asked(self, content: bytes) -> list[Finding]:
        """The findings that ask the sender for something."""
        return [finding for finding in self.findings(content) if finding.kind.severity in ASKS]

    def trial(self, damage: Damage, patient: Patient, chance: random.Random) -> Trial:
        """Damage a patient, look for the fault, return the file, correct it and look again."""
        harm = damage.do(patient, chance, self.plan)
        asked = self.asked(harm.content)
        if not damage.kind:
            return Trial(damage.name, self._harmless(harm.content, asked, patient))
        found = {(finding.kind.id, finding.at.sheet, finding.at.cell) for finding in asked}
        if not any(kind == damage.kind and self._there(harm, sheet, cell) for kind, sheet, cell in found):
            return Trial(damage.name, f"not found at {harm.where}: {sorted(found)}")
        return Trial(damage.name, self._second_round(harm.content, asked, patient))

    def _there(self, harm: damages.Harm, sheet: str, cell: str) -> bool:
        return not harm.where or (sheet, cell) in harm.where

    def _harmless(self, content: bytes, asked: list[Finding], patient: Patient) -> str:
        if asked:
            return f"asked for {[(one.kind.id, one.at.sheet, one.at.cell) for one in asked]}"
        before, after = (self._values(one) for one in (patient.write(self.plan), content))
        return "" if before == after else "read otherwise than the clean file"

    def _values(self, content: bytes) -> dict:
        records = reader.read_workbook(content, FILE, self.forms, self.plan).records
        return {table: [{**row, "place": ""} for row in rows] for table, rows in records.items()}

    def _second_round(self, content: bytes, asked: list[Finding], patient: Patient) -> str:
        """Correct the returned workbook where it is marked, and nowhere else."""
        typed = self.typed.read(content)
        if typed is None:
            return "no form recognised, nothing returned"
        back = returned(typed, asked, self.plan, file=FILE, until="")
        again = self._corrected(back, patient)
        left = self.asked(again)
        return (
            f"after correction: {[(one.kind.id, one.at.sheet, one.at.cell) for one in left]}" if left else ""
        )

    def _corrected(self, back: bytes, patient: Patient) -> bytes:
        """The returned workbook with each marked place as it is in the clean form."""
        typed = self.typed.read(back)
        values = {table: [dict(row) for row in rows] for table, rows in typed.values.items()}
        for sheet, cell, kind in links(back):
            key = typed.where.get((sheet, cell)) if kind not in ELSEWHERE else None
            sheet = ELSEWHERE.get(kind, sheet)
            if key and _differs(key, values, patient.values):
                table, row, field = key
                values[table][row][field] = patient.values[table][row][field]
            else:
                values |= _whole_sheet(typed, sheet, patient)
        recipient = typed.recipient or patient.recipient
        return blank.blank(typed.form, self.plan, recipient=recipient, values=values)


def links(back: bytes) -> list[tuple[str, str, str]]:
    """The places that the sheet 待修正 names, and what is wrong there: (sheet, cell, finding's id)."""
    rows = CalamineWorkbook.from_filelike(BytesIO(back)).get_sheet_by_name(TITLE).to_python()
    header = next(number for number, row in enumerate(rows) if "位置（點選前往）" in row)
    place, kind = (rows[header].index(label) for label in ("位置（點選前往）", "發現代號"))
    said = [(*str(row[place]).rpartition(" ")[::2], row[kind]) for row in rows[header + 1 :] if row[place]]
    return [(sheet, cell, kind) if sheet else (cell, "", kind) for sheet, cell, kind in said]


def _differs(key: Key, values: Mapping, clean: Mapping) -> bool:
    table, row, field = key
    there = clean.get(table, ())
    return row < len(there) and field in there[row] and values[table][row].get(field) != there[row][field]


def _whole_sheet(typed: Typed, title: str, patient: Patient) -> dict:
    """The tables of the sheet `title` as they are in the clean form: a fault of the sheet as a whole."""
    tables = [
        table
        for sheet in typed.form.sheets
        if sheet.title == title or not title or title == "整份檔案"
        for table in (sheet.head_table, sheet.rows_table)
        if table
    ]
    return {table: [dict(row) for row in patient.values[table]] for table in tables}


def study(files: int, seed: int, ward: Ward | None = None) -> Iterator[Trial]:
    """Run `files` trials: every damage in turn, on patients and at places drawn by `seed`."""
    ward = ward or Ward()
    chance = random.Random(seed)
    for number in range(files):
        damage = damages.ALL[number % len(damages.ALL)]
        fit = [patient for patient in ward.patients if patient.form.id in damage.forms]
        yield ward.trial(damage, chance.choice(fit), chance)


def main() -> None:
    """Run the study and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=107)
    given = parser.parse_args()
    began = time.perf_counter()
    runs, failed = Counter(), {}
    for trial in study(given.files, given.seed):
        runs[trial.damage] += 1
        if trial.problem:
            failed.setdefault(trial.damage, []).append(trial.problem)
    print("| damage | finding | files | failed |\n|---|---|---|---|")
    for damage in damages.ALL:
        print(
            f"| {damage.name} | {damage.kind or 'harmless'} | {runs[damage.name]} "
            f"| {len(failed.get(damage.name, []))} |"
        )
    print(f"\n{sum(runs.values())} files, {time.perf_counter() - began:.0f} s")
    for name, problems in failed.items():
        print(f"{name}: {problems[0][:300]}")


if __name__ == "__main__":
    main()
