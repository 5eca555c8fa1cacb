"""LibreOffice, where it is installed (尋找與執行 LibreOffice): many files, one call for each format.

It runs hidden, with a profile of its own inside a folder that is given, so that the one which the user
has open is neither disturbed nor heeded (surroundings.py, docs/decisions/0024).
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mlbatch import surroundings
from mlbatch.surroundings import Surroundings

VARIABLE = "MLBATCH_SOFFICE"  # the program's path, where it stands at none of the usual places
NAMES = ("soffice", "libreoffice")
USUAL = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/usr/lib64/libreoffice/program/soffice",
    "/usr/local/bin/soffice",
    "/snap/bin/libreoffice",
)
PROGRAM_FILES = ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)")  # Windows' variables
VERSION = re.compile(r"LibreOffice \d[\w.]*")
ANSWER = 60  # seconds within which it says its version
STALLED = 180  # seconds without another finished file, after which a call is ended
PAUSE = 0.2  # seconds between two looks
CALLS = 4  # each after the first leaves out the file at which the one before broke off
MOST = 1_000  # files of one call: Windows' command line holds no more than some 3,000 of our names

Told = Callable[[int], None]


@dataclass(frozen=True)
class Office:
    """LibreOffice on this machine: its program, and its name with its version."""

    program: Path
    version: str


def find() -> Office | None:
    """LibreOffice, or None if it is nowhere, or does not say which version it is."""
    for program in _places():
        if program.is_file() and (version := _version(program)):
            return Office(program, version)
    return None


def _places() -> Iterator[Path]:
    if named := os.environ.get(VARIABLE):
        yield Path(named)
        return
    folders = [Path(os.environ[name]) for name in PROGRAM_FILES if name in os.environ]
    yield from (folder / "LibreOffice/program/soffice.com" for folder in folders)
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    yield from map(Path, USUAL)
    yield from sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)


def _version(program: Path) -> str:
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, timeout=ANSWER, check=True, stdin=subprocess.DEVNULL
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    found = VERSION.search(said.decode("utf-8", "replace"))
    return found[0] if found else ""


def converted(
    office: Office, contents: Mapping[str, bytes], kind: str, workshop: Path, told: Told | None = None
) -> dict[str, bytes]:
    """Each file of `contents` (an ASCII name with its suffix → bytes) as `kind` (ods, odt, pdf).

    All in one call of LibreOffice, or in one for each `MOST` of them. A file that it cannot convert lacks
    in the result. `workshop` is a folder of ours; `told` hears how many files are done. Raises OSError if
    the folder cannot be written.
    """
    came, out = workshop / "in", workshop / f"out.{kind}"
    for folder in (came, out):
        folder.mkdir(parents=True, exist_ok=True)
    own = surroundings.made(workshop)
    for name, content in contents.items():
        (came / name).write_bytes(content)
    for names in _batched(contents, MOST):
        _tried(lambda waiting: _call(office, own, kind, came, out, waiting, told), names, out, kind)
    files = {name: _made(out, name, kind) for name in contents}
    return {name: path.read_bytes() for name, path in files.items() if path.exists()}


def _batched(names: Iterable[str], most: int) -> Iterator[tuple[str, ...]]:
    """The names in groups of `most`."""
    rest = iter(names)
    while group := tuple(islice(rest, most)):
        yield group


def _tried(call: Callable[[Sequence[str]], bool], names: Sequence[str], out: Path, kind: str) -> None:
    """Call until every file is made or the call comes to its end, each time without the one that broke it."""
    for _ in range(CALLS):
        whole = call(names)
        names = [name for name in names if not _made(out, name, kind).exists()]
        if whole or not names:
            return
        names = names[1:]


def _made(out: Path, name: str, kind: str) -> Path:
    return out / f"{Path(name).stem}.{kind}"


def _call(office, own: Surroundings, kind: str, came: Path, out: Path, names: Sequence[str], told) -> bool:
    """One call for all `names`; whether it came to its end by itself."""
    options = [
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        "--nolockcheck",
        "--nofirststartwizard",
    ]
    command = [office.program, f"-env:UserInstallation={own.profile.as_uri()}", *options]
    quiet = {name: subprocess.DEVNULL for name in ("stdin", "stdout", "stderr")}
    running = subprocess.Popen(
        [*command, "--convert-to", kind, "--outdir", out, *names],
        cwd=came, env=own.variables, start_new_session=True, **quiet,
    )  # fmt: skip
    try:
        return _watched(running, out, told) == 0
    finally:
        _end(running)


def _watched(running: subprocess.Popen, out: Path, told: Told | None) -> int | None:
    """Wait for the end of a call, or until nothing more comes of it: its exit code, None if it stalled."""
    seen, since = -1, time.monotonic()
    while True:
        code = None
        with suppress(subprocess.TimeoutExpired):
            code = running.wait(PAUSE)
        done = sum(1 for _ in out.glob(f"*{out.suffix}"))
        if told and done != seen:
            told(done)
        if code is not None or (done == seen and time.monotonic() - since > STALLED):
            return code
        if done != seen:
            seen, since = done, time.monotonic()


def _end(running: subprocess.Popen) -> None:
    """End a call that has not ended, with all that it started."""
    if running.poll() is not None:
        return
    if sys.platform == "win32":
        command = ["taskkill", "/T", "/F", "/PID", str(running.pid)]
        subprocess.run(command, check=False, capture_output=True)
    else:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
    running.wait()
