"""What this program is (程式之識別): one hash over its own files and over what it stands on.

What an earlier run kept, and what another machine reads, is used only if it was made by the same recipe: the same
program, the same plans and templates, the same libraries, the same Python.
"""

from __future__ import annotations

import hashlib
import sys
import zlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mlbatch.templates import folder

LIBRARIES = (
    "pandas", "numpy", "python-calamine", "olefile", "openpyxl", "xlsxwriter", "docxtpl", "python-docx", "jinja2", "lxml",
)  # fmt: skip
OWN = (".py", ".toml")
TEMPLATES = ("letters/*.docx", "pages/*.html")


@cache
def recipe() -> str:
    """The hash, in hexadecimal."""
    found = hashlib.sha256(
        repr((sys.version, zlib.ZLIB_RUNTIME_VERSION, list(map(_version, LIBRARIES)))).encode()
    )
    root = Path(__file__).parent
    own = [path for path in root.rglob("*") if path.suffix in OWN]
    for path in sorted([*own, *(path for glob in TEMPLATES for path in folder().glob(glob))]):
        content = path.read_bytes()
        found.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
