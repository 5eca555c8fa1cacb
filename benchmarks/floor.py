"""What no program can go below: every input unzipped and its XML scanned once, every output deflated once.

python -m benchmarks.floor INBOX OUT
"""

from __future__ import annotations

import json
import sys
import time
import zlib
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile


def scan(inbox: Path) -> None:
    """Unzip each file, and let expat go over each part once."""
    for path in inbox.rglob("*.xlsx"):
        try:
            with ZipFile(path) as parts:
                for name in parts.namelist():
                    ParserCreate().Parse(parts.read(name), True)
        except (BadZipFile, ExpatError):
            continue


def unzipped(out: Path) -> list[bytes]:
    """Every part of every file of the output."""
    found = []
    for path in (path for path in out.rglob("*") if path.suffix in (".xlsx", ".docx")):
        with ZipFile(path) as parts:
            found += [parts.read(name) for name in parts.namelist()]
    return found


def main() -> None:
    """Measure both, and print them as JSON."""
    inbox, out = map(Path, sys.argv[1:])
    began = time.perf_counter()
    scan(inbox)
    inputs, parts = time.perf_counter() - began, unzipped(out)
    began = time.perf_counter()
    for part in parts:
        zlib.compress(part)
    print(json.dumps({"inputs": inputs, "outputs": time.perf_counter() - began}))


if __name__ == "__main__":
    main()
