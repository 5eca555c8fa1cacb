"""Where the time of a run goes: each stage timed in a run of its own process, memory of parent and children sampled.

    python -m benchmarks.stages INBOX OUT DATE [--afresh] [--scheduler ADDRESS]

Prints one line of JSON: seconds by stage, of all, and peak memory in MB. The stages are the functions of the batch
themselves, which are wrapped for this run; a stage within another counts for the outer one.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

EACH = 1.0  # seconds between two looks at memory


class Clock:
    """Seconds by stage, on the clock and of this process alone; the outermost stage counts."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.used: dict[str, float] = defaultdict(float)
        self._within = ""

    def wrapped(self, stage: str, call: Callable) -> Callable:
        """`call`, timed."""

        def timed(*args, **more):
            with self.stage(stage):
                return call(*args, **more)

        return timed

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the block, unless it is part of another stage."""
        if self._within:
            yield
            return
        self._within, began, used = name, time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self._within = ""
            self.spent[name] += time.perf_counter() - began
            self.used[name] += time.process_time() - used


def measured(inbox: Path, out: Path, as_of: date, **how: object) -> dict[str, object]:
    """Run the month in this process; seconds by stage, of all, and peaks of memory."""
    clock, began = Clock(), time.perf_counter()
    with watched() as peak:
        with clock.stage("start"):
            from mlbatch import children

            children.ahead()
            from mlbatch import batch, leak, outbox, output
        watch(clock, batch, leak, outbox, output)
        month = batch.run(inbox, out, as_of, **how)
    return {
        "seconds": time.perf_counter() - began,
        "stages": dict(clock.spent),
        "parent's own": dict(clock.used),
        "files": len(month.tables["files"]),
        "papers": len(month.papers),
        **peak,
    }


def watch(clock: Clock, batch, leak, outbox, output) -> None:
    """Let the clock time what the batch calls."""
    batch.read = clock.wrapped("read", batch.read)
    batch.decide = clock.wrapped("decide", batch.decide)
    batch._drawn = clock.wrapped("write", batch._drawn)
    batch._closing_papers = clock.wrapped("page, stories, manifest", batch._closing_papers)
    leak.Search.refuse = clock.wrapped("search for others' data", leak.Search.refuse)
    for name in ("former", "settle"):
        setattr(outbox, name, clock.wrapped("letters of before", getattr(outbox, name)))
    output.Place.publish = clock.wrapped("publish", output.Place.publish)


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """The peak of this process and of the largest child, in MB, and the processor's seconds of all, sampled where the system shows them.

    Children end with the program, so that no parent is told what they used.
    """
    peak: dict[str, float] = {"parent": 0, "child": 0, "processor": 0.0}
    used: dict[int, float] = {}
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(EACH):
            _look(peak, used)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()
        _look(peak, used)
        peak["processor"] = time.process_time() + sum(used.values())


def _look(peak: dict[str, float], used: dict[int, float]) -> None:
    own = os.getpid()
    parents = {}
    for entry in Path("/proc").iterdir() if Path("/proc").is_dir() else ():
        if entry.name.isdigit() and (said := _status(entry)):
            parents[int(entry.name)] = int(said["PPid"]), int(said.get("VmHWM", "0 kB").split()[0]) // 1024
    for pid, (parent, most) in parents.items():
        if pid == own:
            peak["parent"] = max(peak["parent"], most)
        elif _descends(parent, own, parents):
            peak["child"] = max(peak["child"], most)
            used[pid] = max(used.get(pid, 0.0), _seconds(pid))


def _seconds(pid: int) -> float:
    """The seconds of the processor that a process has used itself."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _status(entry: Path) -> dict[str, str]:
    try:
        lines = (entry / "status").read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def _descends(pid: int, own: int, parents: dict[int, tuple[int, int]]) -> bool:
    while pid in parents and pid != own:
        pid = parents[pid][0]
    return pid == own


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inbox", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("as_of", type=date.fromisoformat)
    parser.add_argument("--afresh", action="store_true")
    parser.add_argument("--scheduler", default="")
    given = parser.parse_args()
    found = measured(given.inbox, given.out, given.as_of, afresh=given.afresh, scheduler=given.scheduler)
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
