"""The instrument: one command, one table for docs/performance.md.

    python -m benchmarks [--schools 3400] [--counties 22] [--faulty 0.1] [--changed 50] [--runs 3] [--keep FOLDER] [PART …]

Parts: national (a December month beside the straightforward way, by stage), again (a June month with everybody's logbook, then
the same month unchanged, then with some files changed), floor (unzip and scan each input, deflate each output), file (one
filled form, beside calamine and frictionless), cold (start-up), scenarios (200 of them beside one ranking and allotment). Each run is a process of its own; what is said is the median of
the runs, with its seconds of the processor behind it: where other work loads the machine, those are what to compare.
All run as they do once installed, from compiled modules. No test times anything.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from benchmarks.corpus import MONTHS, Corpus, change

ROOT = Path(__file__).parent.parent
PARTS = ("national", "again", "floor", "file", "cold", "scenarios")


@dataclass(frozen=True)
class Run:
    """One run: seconds on the clock and of the processor, what it printed."""

    seconds: float
    processor: float
    said: dict


@dataclass(frozen=True)
class Bench:
    """What is asked for, and where it is done."""

    given: argparse.Namespace
    folder: Path

    def inbox(self, month: str) -> Path:
        """A month's inbox, made if it is not kept from before."""
        given = self.given
        folder = (given.keep or self.folder) / f"{month}-{given.schools}-{given.counties}-{given.faulty}"
        if not folder.exists():
            with timed() as took:
                files = Corpus(given.schools, given.counties, month, given.faulty).write(folder)
            print(f"\n{month}: {files} files made in {took.seconds:.0f} s", flush=True)
        return folder

    def runs(self, *command: object, runs: int = 0) -> list[Run]:
        """Some runs of a module, each in a process of its own."""
        return [run(*command) for _ in range(runs or self.given.runs)]

    def month(self, name: str, out: str, *more: str, runs: int = 0) -> list[Run]:
        """Some runs of mlbatch."""
        where = (self.inbox(name), self.folder / out, MONTHS[name])
        return self.runs("benchmarks.stages", *where, *more, runs=runs)


class Took:
    """Seconds that a block took."""

    seconds = 0.0


@contextmanager
def timed() -> Iterator[Took]:
    """Time the block."""
    import time

    took, began = Took(), time.perf_counter()
    yield took
    took.seconds = time.perf_counter() - began


def run(module: str, *arguments: object) -> Run:
    """Run a module; what it printed on its last line as JSON."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with timed() as took:
        done = subprocess.run(
            command, cwd=ROOT, env=_compiled(), stdout=subprocess.PIPE, text=True, check=True
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = json.loads(done.stdout.splitlines()[-1])
    return Run(took.seconds, said.get("processor", processor), said)


@cache
def _compiled() -> dict[str, str]:
    """The environment in which modules are compiled once and not with each start, whatever this one says."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-c", "import mlbatch.batch, mlbatch.cli"], cwd=ROOT, env=own, check=True)
    return own


def middle(runs: Sequence[Run], name: str = "seconds") -> float:
    """The median of one figure."""
    return statistics.median(getattr(one, name) for one in runs)


def row(title: str, runs: Sequence[Run], of: float) -> None:
    """One line of the table: seconds, of the processor, how many times `of`, memory."""
    seconds, said = middle(runs), runs[-1].said
    memory = f"{said['parent']} + {said['child']} MB" if "parent" in said else ""
    print(
        f"| {title} | {seconds:.1f} | {middle(runs, 'processor'):.1f} | {seconds / of:.3g} | {memory} |",
        flush=True,
    )


HEAD = "| | seconds | of the processor | ratio | peak, parent + largest child |\n|---|---|---|---|---|"


def national(bench: Bench) -> None:
    """A December month beside the straightforward way, and by stage."""
    inbox = bench.inbox("december")
    ours = bench.month("december", "december", "--afresh")
    print(
        f"\n**A national month**: {ours[-1].said['files']} files, {ours[-1].said['papers']} papers\n\n{HEAD}"
    )
    row("mlbatch", ours, middle(ours))
    peer = bench.runs("benchmarks.straightforward", inbox, bench.folder / "peer", runs=1)
    row("straightforward", peer, middle(ours))
    stages(ours)


def stages(runs: Sequence[Run]) -> None:
    """The medians of each stage."""
    print("\n| stage | seconds | share | parent's processor |\n|---|---|---|---|")
    whole = statistics.median(one.said["seconds"] for one in runs)
    for stage in runs[-1].said["stages"]:
        seconds, own = (
            statistics.median(one.said[of].get(stage, 0.0) for one in runs)
            for of in ("stages", "parent's own")
        )
        print(f"| {stage} | {seconds:.1f} | {seconds / whole:.0%} | {own:.1f} |", flush=True)


def again(bench: Bench) -> None:
    """A June month, then again, then with some files changed, then that from nothing."""
    full = bench.month("june", "june", "--afresh", runs=1)
    print(f"\n**Again**: {full[-1].said['files']} files, {full[-1].said['papers']} papers\n\n{HEAD}")
    row("from nothing", full, middle(full))
    row("the same month again", bench.month("june", "june"), middle(full))
    changed = []
    for _ in range(bench.given.runs):
        number = change(bench.inbox("june"), bench.given.changed)
        changed += bench.month("june", "june", runs=1)
    row(f"with {number} files changed", changed, middle(full))
    stages(changed)
    bench.month("june", "afresh", "--afresh", runs=1)
    print(
        f"\nthe bytes of a run from nothing: {same(bench.folder / 'june', bench.folder / 'afresh')}",
        flush=True,
    )


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same bytes."""
    names = [
        sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file()) for folder in (one, other)
    ]
    return names[0] == names[1] and all((one / n).read_bytes() == (other / n).read_bytes() for n in names[0])


def floor(bench: Bench) -> None:
    """What no program can go below: each input unzipped and scanned once, each output deflated once."""
    out = bench.folder / "december"
    if not out.exists():
        bench.month("december", "december", runs=1)
    runs = bench.runs("benchmarks.floor", bench.inbox("december"), out)
    print("\n**The floor**\n\n| | seconds |\n|---|---|")
    for name in ("inputs", "outputs"):
        print(f"| {name} | {statistics.median(one.said[name] for one in runs):.2f} |", flush=True)


def file(bench: Bench) -> None:
    """One filled form."""
    said = bench.runs("benchmarks.one_file", bench.inbox("december"), runs=1)[0].said
    bare = said["bare calamine"]
    print("\n**One filled form**, milliseconds\n\n| way | ms | × calamine |\n|---|---|---|")
    for way, milliseconds in said.items():
        print(f"| {way} | {milliseconds:.2f} | {milliseconds / bare:.1f} |", flush=True)


def scenarios(bench: Bench) -> None:
    """Many scenarios, of the processor."""
    said = bench.runs("benchmarks.scenarios", bench.inbox("december"), MONTHS["december"], runs=1)[0].said
    once = said["one ranking and allotment"]
    print(
        "\n**Scenarios**, seconds of the processor\n\n| | seconds | × one ranking and allotment |\n|---|---|---|"
    )
    for name, seconds in said.items():
        print(f"| {name} | {seconds:.2f} | {seconds / once:.1f} |", flush=True)


def cold(bench: Bench) -> None:
    """Start-up, of the processor."""
    said = bench.runs("benchmarks.cold", next(bench.inbox("december").glob("*/計畫書/*.xlsx")), runs=1)[
        0
    ].said
    print(
        "\n**Cold start**, milliseconds of the processor\n\n| | ms | × bare Python | × import pandas |\n|---|---|---|---|"
    )
    for name, milliseconds in said.items():
        bare, pandas = said["python -c pass"], said["import pandas"]
        print(
            f"| {name} | {milliseconds:.0f} | {milliseconds / bare:.1f} | {milliseconds / pandas:.2f} |",
            flush=True,
        )


def main() -> None:
    """Measure the parts that are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", default=PARTS)
    parser.add_argument("--schools", type=int, default=3400)
    parser.add_argument("--counties", type=int, default=22)
    parser.add_argument("--faulty", type=float, default=0.1)
    parser.add_argument("--changed", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="keep the corpora here, or take those that are")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {min(unknown)}")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(
        f"{date.today()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}, "
        f"{given.schools} schools in {given.counties} counties, {given.faulty:.0%} at fault, medians of {given.runs}"
    )
    (ROOT / "output").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "output") as folder:
        for part in given.parts:
            globals()[part](Bench(given, Path(folder)))


if __name__ == "__main__":
    main()
