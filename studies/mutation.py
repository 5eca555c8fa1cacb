"""What `mutmut` found (`make mutation`), module by module, and the survivors with our judgement of each.

    python -m studies.mutation [--all]

Reads the folder `mutants` that mutmut leaves, and `mutation.toml` beside this file: survivors that were looked
at, each with why no test should kill it. A survivor that is not judged is a missing test.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("mutants")
JUDGED = Path(__file__).with_name("mutation.toml")
SURVIVED, UNTESTED = (0,), (5, 33)
TIMEOUT = (24, 36, 152, 255, -24)


@dataclass(frozen=True)
class Judgement:
    """Why mutants whose change matches `change` survive in a module; in all modules if it names none."""

    change: re.Pattern
    why: str
    module: str = ""


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test noticed: its module, its name and its change, `before → after`."""

    module: str
    name: str
    change: str

    def why(self, judged: list[Judgement]) -> str:
        """Our judgement, empty if there is none."""
        found = (one for one in judged if one.module in ("", self.module) and one.change.search(self.change))
        return next((one.why for one in found), "")


def judgements() -> list[Judgement]:
    """The judgements of `mutation.toml`."""
    rows = tomllib.loads(JUDGED.read_text("utf-8"))["judged"]
    return [Judgement(re.compile(row["change"]), row["why"], row.get("module", "")) for row in rows]


def results() -> Iterator[tuple[str, dict[str, int | None]]]:
    """Each mutated module, and the exit code of the tests for each of its mutants; None if not run."""
    for path in sorted(FOLDER.rglob("*.meta")):
        name = path.relative_to(FOLDER / "mlbatch").as_posix().removesuffix(".meta")
        yield name, json.loads(path.read_text("utf-8"))["exit_code_by_key"]


def survivor(module: str, name: str) -> Survivor:
    """The survivor `name`, with the lines that its mutation changes."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # only here: the tests do without mutmut

    lines = get_diff_for_mutant(name, path=Path("mlbatch") / module).splitlines()[2:]
    before, after = (" ".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+")
    return Survivor(module, name, f"{before} → {after}")


def main() -> None:
    """Print the table of modules, then the survivors: those that are not judged, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true")
    every, judged = parser.parse_args().all, judgements()
    total, open_ones, why = Counter(), [], Counter()
    print(
        "| module | mutants | noticed | of these by time | survived | of these judged | noticed % | not run |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for module, codes in results():
        alive = [survivor(module, name) for name, code in codes.items() if code in (*SURVIVED, *UNTESTED)]
        reasons = [one.why(judged) for one in alive]
        row = _row(codes.values(), sum(map(bool, reasons)))
        total += row
        why.update((module, reason) for reason in reasons if reason)
        open_ones += [one for one, reason in zip(alive, reasons, strict=True) if every or not reason]
        _tell(module, row)
    _tell("all", total)
    print("\n| module | survivors | why |\n|---|---|---|")
    for (module, reason), number in sorted(why.items()):
        print(f"| {module} | {number} | {reason} |")
    for one in open_ones:
        print(f"{one.name}: {one.change}")


def _row(codes: Collection[int | None], judged: int) -> Counter[str]:
    kept = Counter(
        survived=sum(code in (*SURVIVED, *UNTESTED) for code in codes),
        timeout=sum(code in TIMEOUT for code in codes),
        unrun=sum(code is None for code in codes),
        mutants=len(codes),
        judged=judged,
    )
    kept["noticed"] = kept["mutants"] - kept["survived"] - kept["unrun"]
    return kept


def _tell(module: str, row: Counter[str]) -> None:
    share = 100 * row["noticed"] / max(1, row["mutants"] - row["unrun"])
    figures = [row[name] for name in ("mutants", "noticed", "timeout", "survived", "judged")]
    print(f"| {module} | {' | '.join(f'{one:,}' for one in figures)} | {share:.1f} | {row['unrun']:,} |")


if __name__ == "__main__":
    main()
