"""Tries mutants in forks of a process that has collected the module's tests once.

    python -m studies.forks [--draw 15] [--only rules/county.py …] [--again]

mutmut makes the mutants, into the folder `mutants`. They are tried here: mutmut collects the tests anew for each, which costs
more than the test that notices it. For each module one pytest collects the tests beside it (`studies/own_tests.py`), runs
them without a mutant, when all must pass, and with every mutated function refusing, when one must fail; then it forks
for each mutant and runs them until one fails, the one that noticed the last mutant first, then the quickest. The exit codes stand where mutmut keeps
its own, for `studies.mutation` to read. What was tried is not tried again; `--again` tries the survivors without a judgement.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from io import StringIO
from math import ceil
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from studies import mutation, own_tests

MUTANT, JOB = "MUTANT_UNDER_TEST", "MUTATION_JOB"
REFUSING = "fail"  # the mutant's name by which mutmut's trampolines refuse
PASSED, FAILED = 0, 1
TIMES, SECONDS, MEMORY = 4, 10, 8 * 2**30  # what a fork may use: times the tests' own seconds, and more
EVERY = 25  # so many mutants, and the results are written


# Inside of pytest, in the folder `mutants` -----------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """In the place of pytest's own loop: each mutant of the job on the tests that were collected."""
    job = json.loads(Path(os.environ[JOB]).read_text("utf-8"))
    session.config._tmp_path_factory.getbasetemp()  # one for all forks
    gc.freeze()  # so that no fork copies what it only reads
    seconds = _seconds(session.items)
    items = sorted(session.items, key=lambda item: seconds[item.nodeid])
    limit = ceil(TIMES * sum(seconds.values()) + SECONDS)
    if _tried(list(items), REFUSING, limit) == PASSED:
        pytest.exit("no test passes through what is mutated", returncode=3)
    for first in range(0, len(job["names"]), EVERY):
        names = job["names"][first : first + EVERY]
        _keep(Path(job["meta"]), {name: _tried(items, name, limit) for name in names})
    return True


def _seconds(items: Sequence[pytest.Item]) -> dict[str, float]:
    """How long each test takes without a mutant, in a fork like all others."""
    read, write = os.pipe()
    if not (child := os.fork()):
        os.close(read)
        took = dict(_run(items))
        with os.fdopen(write, "w") as to:
            json.dump(took, to)
        os._exit(PASSED)
    os.close(write)
    with os.fdopen(read) as source:
        seconds = json.loads(source.read() or "{}")
    os.waitpid(child, 0)
    if len(seconds) < len(items):
        pytest.exit(f"{items[len(seconds)].nodeid} fails without a mutant", returncode=3)
    return seconds


def _tried(items: list[pytest.Item], mutant: str, limit: int) -> int:
    """The exit code of a fork in which `mutant` lives: 0 if all tests pass, negative if a signal ended it.

    The test that noticed it comes first for the next mutant, which is most often one of the same function.
    """
    read, write = os.pipe()
    if not (child := os.fork()):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        os.environ[MUTANT] = mutant
        passed = sum(1 for _ in _run(items))
        os.write(write, str(passed).encode())
        os._exit(PASSED if passed == len(items) else FAILED)
    os.close(write)
    with os.fdopen(read) as source:
        passed = int(source.read() or len(items))
    if passed < len(items):
        items.insert(0, items.pop(passed))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(items: Sequence[pytest.Item]) -> Iterator[tuple[str, float]]:
    """The tests that pass, with their seconds, up to the first that does not."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        began = time.process_time()
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return
        yield item.nodeid, time.process_time() - began


def _keep(meta: Path, codes: Mapping[str, int]) -> None:
    known = json.loads(meta.read_text("utf-8"))
    known["exit_code_by_key"] |= codes
    meta.write_text(json.dumps(known, indent=4), "utf-8")


# The driver, in the project's folder -----------------------------------------------------------------


def made() -> None:
    """Let mutmut make the mutants of what changed, and copy the tests as they are now."""
    from mutmut import __main__ as mutmut  # only here: the tests do without it

    mutmut.set_mutant_under_test("mutant_generation")
    mutation.FOLDER.mkdir(exist_ok=True)
    with redirect_stdout(StringIO()):
        mutmut.copy_src_dir()
        mutmut.copy_also_copy_files()
        mutmut.create_mutants(2)


def asked(module: str, codes: Mapping[str, int | None], percent: int, again: bool) -> list[str]:
    """The mutants of a module that are to be tried."""
    names = [name for name in mutation.drawn(module, codes, percent) if codes[name] is None]
    if again:
        judged = mutation.judgements()
        names += [one.name for one in mutation.alive(module, codes) if not one.why(judged)]
    return names


def tried(module: str, names: Sequence[str]) -> str:
    """Try mutants of one module; what to say of it."""
    began, meta = time.perf_counter(), (mutation.FOLDER / "mlbatch" / f"{module}.meta").absolute()
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as job:
        json.dump({"meta": str(meta), "names": list(names)}, job)
        job.flush()
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-s",
            "-p",
            "no:cacheprovider",
            "-p",
            "studies.forks",
        ]
        done = subprocess.run(
            [*command, *own_tests.paths(module)], cwd=mutation.FOLDER, env={**os.environ, JOB: job.name}, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode:
        return f"{module}: {done.stdout[-2_000:]}{done.stderr[-2_000:]}"
    return f"{module}: {len(names)} mutants, {time.perf_counter() - began:.0f} s"


def main() -> None:
    """Make the mutants and try them, two modules at a time, those of money first."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draw", type=int, default=15, metavar="PERCENT")
    parser.add_argument("--only", nargs="+", metavar="MODULE")
    parser.add_argument("--again", action="store_true")
    given = parser.parse_args()
    made()
    jobs = {m: asked(m, codes, given.draw, given.again) for m, codes in mutation.results()}
    chosen = [
        m
        for m in sorted(jobs, key=lambda m: m not in mutation.MONEY)
        if m in (given.only or jobs) and jobs[m]
    ]
    with ThreadPoolExecutor(2) as pool:
        for line in pool.map(lambda module: tried(module, jobs[module]), chosen):
            print(line, flush=True)


if __name__ == "__main__":
    main()
