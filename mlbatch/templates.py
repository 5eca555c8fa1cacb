"""Where the templates stand (範本位置): blanks, letters and pages, which clerks may edit."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def folder() -> Path:
    """The templates' folder: the repository's `templates/`, or the copy in an installed package.

    Raises FileNotFoundError if neither is there.
    """
    for candidate in (PACKAGE.parent / "templates", PACKAGE / "_templates"):
        if (candidate / "pages").is_dir():
            return candidate
    raise FileNotFoundError("templates")
