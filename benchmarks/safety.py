"""Measure what safe reading costs: guarded, in children, beside bare calamine on the same files.

    python -m benchmarks.safety FOLDER [--most 1000]

Prints one table for docs/studies/hostile.md. Bare calamine opens each workbook and takes every cell of
every sheet, in one process, without a look before and without any check.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineWorkbook

from mlbatch.forms import all_forms, guard, one_file, workers
from mlbatch.plan import load_plan

PLAN = load_plan()
FORMS = all_forms(PLAN)


def main() -> None:
    """Read the workbooks of a folder in each way, and print milliseconds a file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=1_000)
    given = parser.parse_args()
    paths = list(itertools.islice(sorted(given.folder.rglob("*.xlsx")), given.most))
    print(f"{len(paths)} files\n| way | ms a file | × bare |\n|---|---|---|")
    bare = 0.0
    for name, way in WAYS.items():
        way(paths[:20])
        began = time.perf_counter()
        way(paths)
        took = (time.perf_counter() - began) / len(paths) * 1000
        bare = bare or took
        print(f"| {name} | {took:.2f} | {took / bare:.1f} |", flush=True)


def _bare(paths: Sequence[Path]) -> None:
    for path in paths:
        book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def _look(paths: Sequence[Path]) -> None:
    for path in paths:
        guard.look(path.read_bytes())


def _here(paths: Sequence[Path]) -> None:
    for path in paths:
        one_file.read_file(path, path.name, FORMS, PLAN)


def _children(count: int) -> Callable[[Sequence[Path]], None]:
    def way(paths: Sequence[Path]) -> None:
        with workers.pool(PLAN, count, workers.Limits()) as pool:
            files = [(path.absolute(), path.name) for path in paths]
            for _ in workers.results(files, pool, workers.Limits()):
                pass

    return way


WAYS: dict[str, Callable[[Sequence[Path]], None]] = {
    "bare calamine": _bare,
    "the look before reading alone": _look,
    "looked at, read and checked, in this process": _here,
    "the same in one child": _children(1),
    "the same in two children": _children(2),
}

if __name__ == "__main__":
    main()
