"""LibreOffice, where it is installed (尋找與執行 LibreOffice): many files, one call for each format.

It runs hidden, with a profile of its own inside a folder that is given, so that the one which the user
has open is neither disturbed nor heeded: no macro runs, no link is followed, nothing is fetched. What of
its work depends on chance or on the machine's language is settled here (docs/decisions/0024).
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

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

# The same result whenever it is made: one thread, a repeatable chance, one language, one zone.
SETTLED = {
    "SC_IMPORT_THREADS": "1", "MAX_CONCURRENCY": "1", "SAL_RAND_REPEATABLE": "1", "SAL_USE_VCLPLUGIN": "svp",
    "SOURCE_DATE_EPOCH": "1514764800", "TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "LANGUAGE": "",
    "GSETTINGS_BACKEND": "memory",  # nothing is left in the user's own settings
}  # fmt: skip

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

    All in one call of LibreOffice. A file that it cannot convert lacks in the result. `workshop` is a
    folder of ours; `told` hears how many files are done. Raises OSError if the folder cannot be written.
    """
    came, out = workshop / "in", workshop / f"out.{kind}"
    profile = _profile(workshop)
    for folder in (came, out, workshop / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (came / name).write_bytes(content)
    waiting = list(contents)
    for _ in range(CALLS):
        whole = _call(office, profile, kind, came, out, waiting, told)
        waiting = [name for name in waiting if not _made(out, name, kind).exists()]
        if whole or not waiting:
            break
        waiting = waiting[1:]
    files = {name: _made(out, name, kind) for name in contents}
    return {name: path.read_bytes() for name, path in files.items() if path.exists()}


def _made(out: Path, name: str, kind: str) -> Path:
    return out / f"{Path(name).stem}.{kind}"


def _call(office, profile: Path, kind: str, came: Path, out: Path, names: Sequence[str], told) -> bool:
    """One call for all `names`; whether it came to its end by itself."""
    options = [
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        "--nolockcheck",
        "--nofirststartwizard",
    ]
    command = [office.program, f"-env:UserInstallation={profile.as_uri()}", *options]
    tmp = str(out.with_name("tmp"))
    surroundings = {**os.environ, **SETTLED, "TMPDIR": tmp, "TMP": tmp, "TEMP": tmp}
    quiet = {name: subprocess.DEVNULL for name in ("stdin", "stdout", "stderr")}
    running = subprocess.Popen(
        [*command, "--convert-to", kind, "--outdir", out, *names],
        cwd=came, env=surroundings, start_new_session=True, **quiet,
    )  # fmt: skip
    try:
        return _watched(running, out, told) == 0
    finally:
        _end(running)


def _watched(running: subprocess.Popen, out: Path, told: Told | None) -> int | None:
    """Wait for the end of a call, or until nothing more comes of it: its exit code, None if it stalled."""
    seen, since = -1, time.monotonic()
    while True:
        with suppress(subprocess.TimeoutExpired):
            return running.wait(PAUSE)
        if (done := sum(1 for _ in out.glob(f"*{out.suffix}"))) != seen:
            seen, since = done, time.monotonic()
            if told:
                told(done)
        elif time.monotonic() - since > STALLED:
            return None


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


# The profile ---------------------------------------------------------------------------------------

SCRIPTS = "/org.openoffice.Office.Common/Security/Scripting"
FONTS = "/org.openoffice.Office.Common/Font/Substitution"
SETTINGS = {
    SCRIPTS: {
        "MacroSecurityLevel": 3, "DisableMacrosExecution": True, "BlockUntrustedRefererLinks": True,
    },
    "/org.openoffice.Office.Calc/Content/Update": {"Link": 1},  # never
    "/org.openoffice.Office.Writer/Content/Update": {"Link": 0},  # never
    "/org.openoffice.Office.Calc/Formula/Load": {"OOXMLRecalcMode": 1, "ODFRecalcMode": 1},  # as stored
    "/org.openoffice.Setup/L10N": {"ooSetupSystemLocale": "zh-TW"},
    "/org.openoffice.Office.Linguistic/General": {"DefaultLocale_CJK": "zh-TW"},
    FONTS: {"Replacement": True},
}  # fmt: skip
# Fonts of Windows that other systems lack → one that shows Taiwan's forms of the characters.
REPLACED = {"標楷體": "Noto Serif CJK TC", "微軟正黑體": "Noto Sans CJK TC"}


def _profile(workshop: Path) -> Path:
    """A profile that holds nothing but our settings."""
    profile = workshop / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_settings(), "utf-8")
    return profile


def _settings() -> str:
    items = [_item(path, name, value) for path, own in SETTINGS.items() for name, value in own.items()]
    for place, (font, instead) in enumerate(REPLACED.items()):
        values = {"ReplaceFont": font, "SubstituteFont": instead, "Always": True, "OnScreenOnly": False}
        inner = "".join(_property(name, value) for name, value in values.items())
        node = f'<node oor:name="_{place}" oor:op="replace">{inner}</node>'
        items.append(f'<item oor:path="{FONTS}/FontPairs">{node}</item>')
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = 'xmlns:oor="http://openoffice.org/2001/registry"'
    return f"{head}<oor:items {space}>\n{chr(10).join(items)}\n</oor:items>\n"


def _item(path: str, name: str, value: object) -> str:
    return f'<item oor:path="{path}">{_property(name, value)}</item>'


def _property(name: str, value: object) -> str:
    said = str(value).lower() if isinstance(value, bool) else value
    return f'<prop oor:name="{name}" oor:op="fuse"><value>{said}</value></prop>'
