"""Start-up: what a command costs the processor from nothing, beside Python alone and pandas alone.

python -m benchmarks.cold FILE [RUNS]
"""

from __future__ import annotations

import json
import os
import statistics
import sys

MAIN = "import sys; sys.argv[1:] = {!r}; sys.argv[0] = 'mlbatch'; from mlbatch.cli import main; main()"
COMPLETE = {"_MLBATCH_COMPLETE": "bash_complete", "COMP_WORDS": "mlbatch ve", "COMP_CWORD": "1"}


def ways(file: str) -> dict[str, str]:
    """What is run, by name."""
    return {
        "python -c pass": "pass",
        "import click": "import click",
        "import pandas": "import pandas",
        "mlbatch --help": MAIN.format(["--help"]),
        "mlbatch --version": MAIN.format(["--version"]),
        "completion": f"import os; os.environ.update({COMPLETE!r}); " + MAIN.format([]),
        "mlbatch check, one form": MAIN.format(["check", file]),
    }


def spent(code: str) -> float:
    """Seconds of the processor that a new Python needs for some code."""
    if not (child := os.fork()):
        silent = os.open(os.devnull, os.O_RDWR)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        os.execv(sys.executable, [sys.executable, "-c", code])
    used = os.wait4(child, 0)[2]
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the medians in milliseconds, as JSON."""
    file, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 15
    found = {name: [] for name in ways(file)}
    for _ in range(runs):  # in turn, so that a busy moment meets all of them
        for name, code in ways(file).items():
            found[name].append(spent(code))
    print(json.dumps({name: 1000 * statistics.median(each) for name, each in found.items()}))


if __name__ == "__main__":
    main()
