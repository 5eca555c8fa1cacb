"""Kill a run anywhere, let any call fail: is the output the old one or the new one, whole?

    python -m studies.kill [--kills 200] [--inbox input_samples/2017-09]

Two as-of dates of one inbox give two outputs. Each trial lets a run that would replace one by the
other end badly, looks at what stands there, then runs it again to its end. Prints the tables of
docs/studies/kill.md.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mlbatch import batch, published
from studies.faults import ANY, DONE, SORTS, Fault, child

ROOT = Path(__file__).parent.parent
DATES = (date(2017, 9, 20), date(2017, 9, 10))
SWEEPING = ("open", "remove")  # what a sweep needs itself: where it fails, the next run sweeps
FORMER = ".out.mlbatch-old"


@dataclass
class Bench:
    """One output folder, the jobs that each publish one version there, and those versions' hashes."""

    folder: Path
    jobs: Sequence[Callable[[Path], object]]
    results: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    now: int = 0  # the version that stands there

    def __post_init__(self) -> None:
        self.out, self.temp = self.folder / "home" / "out", self.folder / "temp"
        self.temp.mkdir(parents=True)
        self.versions = [self._made(number) for number in (1, 0)][::-1]
        assert self.versions[0] != self.versions[1]

    def _made(self, number: int) -> dict[str, str]:
        assert child(lambda: self._job(number), Fault())[0] == DONE
        return hashes(self.out)

    def trial(self, name: str, fault: Fault, after: float = 0) -> dict[str, int]:
        """Let a run end badly, judge what stands there, run it again, judge again."""
        new = 1 - self.now
        code, calls = child(lambda: self._job(new), fault, after)
        self._judge(f"{name} {fault.sort} {fault.number} {after:.3f}", new, code, fault)
        again, _ = child(lambda: self._job(new), Fault())
        if again != DONE or hashes(self.out) != self.versions[new]:
            self.faults.append(f"{name}: another output after {fault}")
        if left := self._left():
            self.faults.append(f"{name}: left {left} after {fault}")
        self.now = new
        return calls

    def _job(self, number: int) -> None:
        tempfile.tempdir = str(self.temp)
        self.jobs[number](self.out)

    def _judge(self, name: str, new: int, code: int, fault: Fault) -> None:
        stands = hashes(self.out)
        if stands in self.versions:
            self.results["old" if stands == self.versions[self.now] else "new"] += 1
        elif self._put_back() == self.versions[self.now]:
            self.results["none; the next run puts the old one back"] += 1
        elif code == DONE and _whole(self.out):
            self.results["new, with the file that could not be read set aside by name"] += 1
        else:
            self.faults.append(f"{name}: neither the old nor the new output ({code})")
        self.results[f"exit {code}"] += 1
        if code not in (DONE, 3, -9):
            self.faults.append(f"{name}: exit {code}")
        if code == DONE and stands == self.versions[self.now]:
            self.faults.append(f"{name}: said done, and was not")
        if code != -9 and fault.sort not in SWEEPING and (left := self._left()):
            self.faults.append(f"{name}: left {left}")

    def _put_back(self) -> dict[str, str]:
        """What the next run finds: the former output, where none stands."""
        former = self.out.parent / FORMER
        return hashes(former) if not self.out.exists() else {}

    def _left(self) -> list[str]:
        """What stands beside the output, and files in the temporary folder.

        The socket by which Python starts reading workers is no file, and holds no data.
        """
        beside = [path.name for path in self.out.parent.iterdir() if path != self.out]
        return sorted([*beside, *(path.name for path in self.temp.rglob("*") if path.is_file())])


def every_call(bench: Bench, *, kill: bool, one_step: bool, sorts: Sequence[str] = SORTS) -> dict[str, int]:
    """The n-th call of each sort fails, or is the last, for every n; returns how many there were."""
    counted = bench.trial("count", Fault(one_step=one_step))
    bench.results.clear()
    for sort in sorts:
        for number in range(1, counted.get(sort, 0) + 1):
            bench.trial("call", Fault(sort, number, kill, one_step))
    return {sort: counted.get(sort, 0) for sort in sorts}


def kills(bench: Bench, number: int, seed: int = 107) -> None:
    """Kill runs: every second one at a random moment, the others just before a random call."""
    chance = random.Random(seed)
    began = time.perf_counter()
    calls = bench.trial("count", Fault())[ANY]
    seconds = (time.perf_counter() - began) / 2
    bench.results.clear()
    for trial in range(number):
        if trial % 2:
            bench.trial("moment", Fault(), chance.uniform(0.001, seconds))
        else:
            bench.trial("kill", Fault(ANY, chance.randint(1, calls), kill=True))


def hashes(folder: Path) -> dict[str, str]:
    """Relative path → sha256 of every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def _whole(out: Path) -> bool:
    record = published.manifest(out)
    return record is not None and not published.faults(out, record)


def run_jobs(inbox: Path) -> list[Callable[[Path], object]]:
    """The two runs that replace each other's output."""
    return [lambda out, day=day: batch.run(inbox, out, day) for day in DATES]


def main() -> None:
    """Run the study and print its tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--only-kills", action="store_true", help="leave out the n-th calls")
    parser.add_argument("--inbox", type=Path, default=ROOT / "input_samples" / "2017-09")
    given = parser.parse_args()
    before = {path: (path.stat().st_mtime_ns, digest) for path, digest in _inbox(given.inbox)}
    print("| what ends the run | trials | what stood there | faults |\n|---|---|---|---|")
    faults = [
        fault for study in _studies(given.kills, given.only_kills) for fault in _row(given.inbox, *study)
    ]
    touched = before != {path: (path.stat().st_mtime_ns, digest) for path, digest in _inbox(given.inbox)}
    print(f"\ninbox touched: {'yes' if touched else 'no'}", *faults, sep="\n")
    sys.exit(bool(faults) or touched)


def _studies(number: int, only_kills: bool) -> Iterator[tuple[str, Callable[[Bench], object]]]:
    yield "kill -9 at random points of the run", lambda bench: kills(bench, number)
    if only_kills:
        return
    for sort in SORTS:
        yield f"the n-th {sort} fails", lambda b, s=sort: every_call(b, kill=False, one_step=True, sorts=[s])
    for words, kill in {"fails": False, "is the last call": True}.items():
        yield (
            f"the n-th rename {words}, two renames",
            lambda b, k=kill: every_call(b, kill=k, one_step=False, sorts=["rename"]),
        )


def _row(inbox: Path, title: str, study: Callable[[Bench], object]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), run_jobs(inbox))
        study(bench)
    ends = {name: n for name, n in sorted(bench.results.items()) if not name.startswith("exit")}
    words = "; ".join(f"{name}: {n}" for name, n in ends.items())
    print(f"| {title} | {sum(ends.values())} | {words} | {len(bench.faults)} |", flush=True)
    return bench.faults


def _inbox(folder: Path) -> list[tuple[Path, str]]:
    return [(folder / name, digest) for name, digest in hashes(folder).items()]


if __name__ == "__main__":
    main()
