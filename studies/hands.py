"""What happens to letters between two runs (經手): edits, saves without edits, copies, archives.

Edits are made with python-docx, as Word would change a run or a cell; saves without a change come
from python-docx, from a zip packed anew, and from LibreOffice where it is there.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


# Edits: the words change, or the setting does -----------------------------------------------------


def add_words(letter: Document, chance: random.Random) -> None:
    """Type something at the end of a paragraph."""
    lines = [p for p in letter.paragraphs if p.text and not p.text.startswith("發文")]
    chance.choice(lines).add_run(f"（手改{chance.randrange(10**6)}）")


def add_paragraph(letter: Document, chance: random.Random) -> None:
    """Put a paragraph in."""
    chance.choice(letter.paragraphs).insert_paragraph_before(f"另附說明{chance.randrange(10**6)}。")


def drop_paragraph(letter: Document, chance: random.Random) -> None:
    """Delete a paragraph that nobody needs for sending."""
    spare = [p for p in letter.paragraphs if p.text and not p.text.startswith(("發文", "主旨"))]
    gone = chance.choice(spare)._p
    gone.getparent().remove(gone)


def change_cell(letter: Document, chance: random.Random) -> None:
    """Overwrite a cell of a table."""
    if not letter.tables:
        return add_words(letter, chance)
    cells = chance.choice(letter.tables).rows[-1].cells
    chance.choice(cells).text = f"改{chance.randrange(10**6)}"


def set_bold(letter: Document, chance: random.Random) -> None:
    """Set a line bold: a hand's work, though no word changes."""
    for run in chance.choice([p for p in letter.paragraphs if p.text and p.runs]).runs:
        run.bold = not run.bold


WORDS = (add_words, add_paragraph, drop_paragraph, change_cell)
EDITS = (*WORDS, set_bold)


def edited(content: bytes, edit: Callable[[Document, random.Random], None], chance: random.Random) -> bytes:
    """A letter after one edit, as python-docx saves it."""
    letter = docx.Document(BytesIO(content))
    edit(letter, chance)
    return _saved(letter)


# Saves without an edit ----------------------------------------------------------------------------


def saved_again(content: bytes, chance: random.Random) -> bytes:
    """Opened and saved as Word does: another author and time, marks of the session in the text."""
    letter = docx.Document(BytesIO(content))
    letter.core_properties.last_modified_by = f"承辦人{chance.randrange(100)}"
    letter.core_properties.modified = datetime(2018, 1, 1 + chance.randrange(28))
    for paragraph in letter.paragraphs:
        name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}rsidR"
        paragraph._p.set(name, f"{chance.randrange(16**8):08X}")
    return _saved(letter)


def packed_again(content: bytes, chance: random.Random) -> bytes:
    """The same parts in another zip: other order, other dates, not compressed."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = old.namelist()
        chance.shuffle(names)
        for name in names:
            new.writestr(zipfile.ZipInfo(name, (2018, 2, 1 + chance.randrange(28), 0, 0, 0)), old.read(name))
    return buffer.getvalue()


def libreoffice(contents: list[bytes], folder: Path) -> list[bytes]:
    """Letters opened and saved by LibreOffice, in one call."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number}.docx" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    command = [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", f"{folder}/saved", *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return [(folder / "saved" / path.name).read_bytes() for path in paths]


def _saved(letter: Document) -> bytes:
    buffer = BytesIO()
    letter.save(buffer)
    return buffer.getvalue()


# The folder goes somewhere else -------------------------------------------------------------------


def moved(out: Path, chance: random.Random) -> Path:
    """The folder under another name."""
    return out.rename(out.with_name(f"out{chance.randrange(10**9)}"))


def copied(out: Path, chance: random.Random) -> Path:
    """A copy whose files have the time of copying; the first is gone."""
    copy = Path(
        shutil.copytree(out, out.with_name(f"out{chance.randrange(10**9)}"), copy_function=shutil.copyfile)
    )
    shutil.rmtree(out)
    return copy


def unzipped(out: Path, chance: random.Random) -> Path:
    """Zipped and unzipped elsewhere; an archive keeps two seconds of time, and no owner."""
    archive = Path(shutil.make_archive(str(out.with_name("archive")), "zip", out))
    copy = out.with_name(f"out{chance.randrange(10**9)}")
    shutil.unpack_archive(archive, copy)
    archive.unlink()
    shutil.rmtree(out)
    return copy


def retimed(out: Path, chance: random.Random) -> Path:
    """Every file with another time, the former ones younger than the later."""
    for path in out.rglob("*"):
        time = 1_400_000_000 + chance.randrange(10**8)
        os.utime(path, (time, time))
    return out


JOURNEYS = (moved, copied, unzipped, retimed)
