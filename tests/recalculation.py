"""LibreOffice as the second opinion: every formula computed again, headless (試算表重算)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import openpyxl

# Recalculate on load whatever the file says of itself.
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
 <item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
 <item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def converted(paths: list[Path], kind: str, folder: Path) -> list[Path]:
    """`paths` converted to `kind` (xlsx, pdf) in `folder`, in one call of LibreOffice."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    out = folder / "converted"
    command = [
        "soffice",
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        out,
    ]
    subprocess.run([*map(str, command), *map(str, paths)], check=True, capture_output=True, timeout=240)
    return [out / f"{path.stem}.{kind}" for path in paths]


def cells(path: Path, *, formulas: bool = False) -> dict[tuple[str, str], object]:
    """(sheet, cell) → value of every cell that has one."""
    book = openpyxl.load_workbook(path, data_only=not formulas)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """(sheet, cell) → formula of every cell that holds one."""
    found = cells(path, formulas=True)
    return {at: value for at, value in found.items() if isinstance(value, str) and value.startswith("=")}


def differences(before: Path, after: Path) -> dict[tuple[str, str], tuple[object, object]]:
    """The formula cells whose value LibreOffice computed otherwise: cell → (ours, theirs)."""
    ours, theirs = cells(before), cells(after)
    pairs = {at: (ours.get(at) or 0, theirs.get(at) or 0) for at in formulas(before)}
    return {at: pair for at, pair in pairs.items() if not _same(*pair)}


def _same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < 1e-9
    return one == other
