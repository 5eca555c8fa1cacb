"""LibreOffice computes every formula of generated programmes again, and every plain number has a source.

    python -m studies.recalculation [--programmes 1000] [--batch 20]

Each programme is decided by the rules of money and written: 核定與經費表, 未獲補助 (which has no formula), 審查結果 for two
of its recipients, 撥款總覽 and 經費編列檢核 over what came back, 計畫經費說明表 and 縣市經費彙整表 of a county, and for every
fifth 情境比較. LibreOffice gets copies in which **every** stored result of a formula is false, so that
a cell which it does not compute cannot agree. Its results are compared with what we stored, cell by cell. In each
batch one stored result of ours is falsified too: the study must find exactly that cell.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random

from mlbatch import scenario
from mlbatch.plan import Plan
from mlbatch.recipient import Recipient, only, recipients
from mlbatch.tables import INELIGIBLE, WAIVED, Tables
from mlbatch.workbooks import award as award_book
from mlbatch.workbooks import budget as budget_book
from mlbatch.workbooks import payment as payment_book
from mlbatch.workbooks import review as review_book
from mlbatch.workbooks import scenarios as scenario_book
from mlbatch.workbooks import statement as statement_book
from studies import inputs, programmes, sent
from studies.cached import Cell, falsified, results
from studies.programmes import Programme
from tests.recalculation import ALWAYS
from tests.rules import award_tables

CALLS = 3  # of LibreOffice for one batch
RECIPIENTS = 2  # of each programme, drawn anew, so that counties and national schools take turns
COMPARED = 5  # every so many programmes have a comparison of scenarios
OUT = ((WAIVED, "肆.四(四)4", "逾時未補正。"), (INELIGIBLE, "肆.一※", "104年未完成資料填報。"))
Books = dict[str, bytes]  # kind and number → a workbook


def books(number: int) -> Books:
    """The workbooks of the programme `number`: kind → content."""
    random = Random(f"workbooks {number}")
    made = _with_more(random, programmes.programme(random, programmes.plan(random)))
    if number % 2:
        made = programmes.with_decisions(random, made)
    tables = award_tables.award(made.tables(), made.plan)
    found = {
        "award": award_book.award_workbook(tables, made.plan, final=made.decisions is not None),
        "unfunded": award_book.unfunded(tables, made.plan),
    }
    known = recipients(tables, made.plan)
    for place, who in enumerate(random.sample(known, min(RECIPIENTS, len(known)))):
        found[f"county-{place}"] = review_book.county_review(only(tables, who), made.plan, who.name)
    if number % COMPARED == 0:
        found["scenarios"] = _comparison(random, made)
    return found | _after(Random(f"papers {number}"), tables, made.plan, known)


def _after(random: Random, tables: Tables, plan: Plan, known: list[Recipient]) -> Books:
    """The workbooks of payment and of budgets, and those of one county that has a grant."""
    tables = sent.with_papers(random, tables, plan)
    found = {
        "payment": payment_book.payment_workbook(tables, plan),
        "budgets": budget_book.national(tables, plan),
    }
    paid = set(tables["payees"]["county"]) - {""}
    if counties := [who for who in known if who.county in paid]:
        who = random.choice(counties)
        own = only(tables, who)
        found["statement"] = statement_book.statement(own, plan)
        found["summary"] = budget_book.county(own, plan, who.county)
    return found


def _with_more(random: Random, made: Programme) -> Programme:
    """The columns that the earlier rules would have made, and schools that were not ranked."""
    out = [
        award_tables.school(
            None, random.choice(programmes.COUNTIES), None, code=f"09{place:04d}", verdict=verdict, clause=cite, why=why
        )
        for place, (verdict, cite, why) in enumerate(random.choices(OUT, k=random.randint(0, 3)))
    ]  # fmt: skip
    waived = random.random() < 0.2
    return replace(made, schools=[_judged(random, row, waived) for row in (*made.schools, *out)])


def _judged(random: Random, row: Mapping, waived: bool) -> dict:
    score = Decimal(random.randint(0, 10_000)) / 100 if row["rank"] else None
    return {
        **row, "requested": (row["allowed"] or 0) + random.randint(0, 2), "county_rank": row["rank"],
        "content": score, "total": score, "waived": "本部同意" if waived and random.random() < 0.3 else "",
    }  # fmt: skip


def _comparison(random: Random, made: Programme) -> bytes:
    """情境比較 of the present and two other plans, from proposals."""
    plans = [made.plan, *(programmes.plan(random) for _ in range(2))]
    shown = [_scenario(f"情境{place}", plan, made) for place, plan in enumerate(plans)]
    return scenario_book.comparison(shown, scenario.turning_points(shown[0]))


def _scenario(name: str, plan: Plan, made: Programme) -> scenario.Scenario:
    tables: Tables = award_tables.award(replace(made, decisions=None).tables(), plan)
    return scenario.Scenario(name, plan, tables, {"本年度預算": ("1", f"{plan.budget.total:,}")})


# LibreOffice ---------------------------------------------------------------------------------------


def recalculated(contents: Books, folder: Path) -> Books:
    """The workbooks as LibreOffice computes them, from copies whose stored results are false.

    One call for all; what a call that broke down left undone is asked for again, twice at most.
    """
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    for name, content in contents.items():
        (folder / f"{name}.xlsx").write_bytes(falsified(content))
    for _ in range(CALLS):
        if missing := [f"{name}.xlsx" for name in contents if not (out / f"{name}.xlsx").exists()]:
            _convert(folder, profile, out, missing)
    return {name: (out / f"{name}.xlsx").read_bytes() for name in contents}


def _convert(folder: Path, profile: Path, out: Path, names: list[str]) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", out, *names], cwd=folder, check=False, capture_output=True, timeout=1_800
    )


@dataclass
class Tally:
    """What was compared: workbooks and formula cells by kind, and what differs."""

    workbooks: Counter[str]
    cells: Counter[str]
    differences: dict[tuple[str, Cell], tuple[object, object]]


def compared(ours: Books, theirs: Books) -> Tally:
    """Each formula cell of ours against the same cell of theirs; a cell that they lack differs."""
    tally = Tally(Counter(), Counter(), {})
    for name, content in ours.items():
        kind = name.split(".")[-1].split("-")[0]
        stored = results(content)
        computed = results(theirs[name]) if stored else {}
        tally.workbooks[kind] += 1
        tally.cells[kind] += len(stored)
        for cell in stored.keys() | computed.keys():
            pair = stored.get(cell), computed.get(cell)
            if not _same(*pair):
                tally.differences[name, cell] = pair
    return tally


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 1e-9
    return one == other


def planted(name: str, content: bytes) -> tuple[bytes, Cell]:
    """The workbook with one stored result of ours falsified, and its cell: the last that is a number."""
    cell = [at for at, value in results(content).items() if isinstance(value, float)][-1]
    return falsified(content, only=cell), cell


def batch(first: int, count: int, folder: Path) -> tuple[Tally, bool, Counter[inputs.Input]]:
    """Programmes `first` and following: what differs, whether the planted fault was found, and the inputs."""
    ours = {f"{n}.{kind}": book for n in range(first, first + count) for kind, book in books(n).items()}
    theirs = recalculated({name: book for name, book in ours.items() if results(book)}, folder)
    tally = compared(ours, theirs)
    name = f"{first}.award"
    wrong, cell = planted(name, ours[name])
    control = compared({name: wrong}, {name: theirs[name]}).differences
    known = {key for key in tally.differences if key[0] == name}
    found = set(control) - known == {(name, cell)}
    return tally, found, sum((inputs.inputs(book) for book in ours.values()), Counter())


# The study -----------------------------------------------------------------------------------------


def main() -> None:
    """Run the study and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programmes", type=int, default=1_000)
    parser.add_argument("--batch", type=int, default=20)
    asked, began = parser.parse_args(), time.perf_counter()
    total, controls, seen = Tally(Counter(), Counter(), {}), [], Counter()
    for first in range(0, asked.programmes, asked.batch):
        with tempfile.TemporaryDirectory() as folder:
            count = min(asked.batch, asked.programmes - first)
            tally, found, numbers = batch(first, count, Path(folder))
        total = Tally(
            total.workbooks + tally.workbooks,
            total.cells + tally.cells,
            total.differences | tally.differences,
        )
        controls.append(found)
        seen += numbers
        print(
            f"{first + count:,} programmes, {len(total.differences)} differences", file=sys.stderr, flush=True
        )
    _tell(asked.programmes, total, controls, time.perf_counter() - began)
    _tell_inputs(seen)


def _tell(count: int, total: Tally, controls: list[bool], seconds: float) -> None:
    print(f"{count:,} programmes, {seconds:.0f} s; planted faults: {len(controls)}, found: {sum(controls)}\n")
    print("| workbook | workbooks | formula cells | differences |\n|---|---|---|---|")
    wrong = Counter(name.split(".")[1].split("-")[0] for name, _ in total.differences)
    for kind, number in sorted(total.workbooks.items()):
        print(f"| {kind} | {number:,} | {total.cells[kind]:,} | {wrong[kind]} |")
    for (name, cell), pair in list(total.differences.items())[:20]:
        print(f"{name} {cell}: ours {pair[0]!r}, LibreOffice {pair[1]!r}")


def _tell_inputs(seen: Counter[inputs.Input]) -> None:
    print("\n| workbook | sheet | column | plain numbers | source |\n|---|---|---|---|---|")
    for key, number in sorted(seen.items()):
        source = inputs.DECLARED.get(key, "**not declared**")
        print(f"| {' | '.join(key)} | {number:,} | {source} |")
    for key in sorted(inputs.DECLARED.keys() - seen.keys()):
        print(f"declared and never seen: {key}")


if __name__ == "__main__":
    main()
