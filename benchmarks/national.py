"""Measure a national month: mlbatch beside the straightforward way, in one sitting.

    python benchmarks/national.py [--schools 3400] [--keep FOLDER]

Prints one table of seconds, ratio and peak memory for docs/performance.md. Each way runs in a process
of its own, so that its peak memory is its own. No test times anything.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import corpus, straightforward
from mlbatch import batch

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Make the corpus, run both ways, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--schools", type=int, default=3400)
    parser.add_argument("--keep", type=Path, help="make the corpus here and keep it")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--inbox", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        return _measured(WAYS[given.way], given.inbox, given.out)
    with tempfile.TemporaryDirectory(dir=ROOT / "output") as folder:
        _compare(given.keep or Path(folder) / "inbox", Path(folder), given.schools)


def _compare(inbox: Path, folder: Path, schools: int) -> None:
    if not inbox.exists():
        began = time.perf_counter()
        files = corpus.make(inbox, schools)
        print(
            f"corpus: {files} files for {schools} schools in {time.perf_counter() - began:.0f} s", flush=True
        )
    rows = {way: _run(way, inbox, folder / way) for way in WAYS}
    ours = rows["mlbatch"][0]
    print("| way | seconds | × mlbatch | peak memory |\n|---|---|---|---|")
    for way, (seconds, memory) in rows.items():
        print(f"| {way} | {seconds:.1f} | {seconds / ours:.1f} | {memory} MB |")


def _run(way: str, inbox: Path, out: Path) -> tuple[float, int]:
    command = [sys.executable, "-m", "benchmarks.national", "--way", way, "--inbox", inbox, "--out", out]
    done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, memory = done.stdout.split()[-2:]
    return float(seconds), int(memory)


def _measured(way, inbox: Path, out: Path) -> None:
    """Run one way; print its seconds and its peak memory in MB."""
    prepare, run = way
    given = prepare(inbox)
    began = time.perf_counter()
    run(inbox, out, *given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{time.perf_counter() - began:.2f} {peak}")


def _nothing(inbox: Path) -> tuple:
    return ()


def _mlbatch(inbox: Path, out: Path) -> None:
    batch.run(inbox, out, corpus.AS_OF)


# Each way: what it is given beforehand, and what is measured.
WAYS = {
    "mlbatch": (_nothing, _mlbatch),
    "straightforward": (straightforward.decided, straightforward.run),
}

if __name__ == "__main__":
    main()
