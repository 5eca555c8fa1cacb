"""What became of the mutants (`make mutation`), module by module, and the survivors with our judgement of each.

    python -m studies.mutation [--all]

All mutants of the modules of money are tried, of the others a sample of some percent each, drawn by a seed, so that
a larger draw holds a smaller one (`studies/forks.py` tries them). Reads the folder `mutants`, and `mutation.toml` beside this
file: survivors that were looked at, each with why no test should kill it. A survivor that is not judged is a missing test.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

FOLDER = Path("mutants")
JUDGED = Path(__file__).with_name("mutation.toml")
SURVIVED, UNTESTED = (0,), (5, 33)
TIMEOUT = (24, 36, 152, 255, -24)
# Where money is reckoned or judged: every mutant is tried, and the rules of its order.
MONEY = ("money.py", "ledger.py", "breakeven.py", "refund.py", *(
    f"rules/{name}.py"
    for name in ("allotment", "budget", "classes", "county", "decision", "ranking", "subsidy")
))  # fmt: skip
SURE = 1.96  # standard deviations, 95 %


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


def drawn(module: str, names: Collection[str], percent: int) -> list[str]:
    """The mutants of a module that are tried: all of a module of money, else `percent` of them, rounded up."""
    if module in MONEY:
        return list(names)
    mixed = sorted(names)
    Random(f"mutants {module}").shuffle(mixed)
    return mixed[: math.ceil(len(mixed) * percent / 100)]


def wilson(noticed: int, tried: int) -> tuple[float, float]:
    """The 95 % interval of a share of which `noticed` of `tried` were drawn (Wilson), in percent."""
    share, square = noticed / tried, SURE**2 / tried
    middle = share + square / 2
    half = SURE * math.sqrt(share * (1 - share) / tried + square / (4 * tried))
    return 100 * (middle - half) / (1 + square), 100 * (middle + half) / (1 + square)


def main() -> None:
    """Print the tables and the survivors that are not judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="list also the survivors that are judged")
    _report(parser.parse_args().all)


def alive(module: str, codes: Mapping[str, int | None]) -> list[Survivor]:
    """The survivors of a module, with their changes."""
    return [survivor(module, name) for name, code in codes.items() if code in (*SURVIVED, *UNTESTED)]


def _report(every: bool) -> None:
    judged, open_ones, why = judgements(), [], Counter()
    totals: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    print(
        "| module | mutants | tried | noticed | of these by time | survived | of these judged | noticed % |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for module, codes in sorted(results(), key=lambda pair: pair[0] not in MONEY):
        left = alive(module, codes)
        reasons = [one.why(judged) for one in left]
        row = _row(codes.values(), sum(map(bool, reasons)))
        totals[module in MONEY] += row
        why.update((module, reason) for reason in reasons if reason)
        open_ones += [one for one, reason in zip(left, reasons, strict=True) if every or not reason]
        _tell(module, row)
    for money, title in ((True, "modules of money"), (False, "other modules")):
        _tell(title, totals[money])
    _tell("all that were tried", totals[True] + totals[False])
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
    tried = row["mutants"] - row["unrun"]
    figures = [row["mutants"], tried, *(row[name] for name in ("noticed", "timeout", "survived", "judged"))]
    share = f"{100 * row['noticed'] / tried:.1f}" if tried else "–"
    if tried and row["unrun"]:
        low, high = wilson(row["noticed"], tried)
        share += f" ({low:.1f}–{high:.1f})"
    print(f"| {module} | {' | '.join(f'{one:,}' for one in figures)} | {share} |")


if __name__ == "__main__":
    main()
