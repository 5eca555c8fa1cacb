"""A few files, read at once (送件前讀檔): here where a look finds them plain, in a child otherwise.

A child costs more than reading one file. What ends a reader's process is never plain: it is large, of another format, or
has something that the look names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from mlbatch.forms.form import Form
from mlbatch.forms.guard import ZIP, look
from mlbatch.forms.one_file import Read, content_of, read_of
from mlbatch.plan import Plan

MOST_HERE = 8  # files; more are read faster in children
MOST_UNPACKED = 8_000_000  # bytes; a filled form of the programme has less than one million
BOOK = "xl/workbook.xml"

File = tuple[Path, str]


def read_few(files: Sequence[File], forms: Mapping[str, Form], plan: Plan) -> Iterator[Read]:
    """Read files in their order, as `workers.read_files` would."""
    if len(files) > MOST_HERE:
        yield from _in_children(files, forms, plan)
        return
    for path, name in files:
        if (content := _plain(path)) is None:
            yield from _in_children([(path, name)], forms, plan)
        else:
            yield read_of(content, name, forms, plan)


def _plain(path: Path) -> bytes | None:
    """The bytes of a workbook that is plain; None for any other file."""
    try:
        content = content_of(path)
        return content if content and _is_plain(content) else None
    except (OSError, ValueError):
        return None


def _is_plain(content: bytes) -> bool:
    if not content.startswith(ZIP):
        return False
    try:
        with ZipFile(BytesIO(content)) as parts:
            if BOOK not in parts.namelist() or sum(i.file_size for i in parts.infolist()) > MOST_UNPACKED:
                return False
        seen = look(content)
    except Exception:  # what a broken archive makes zipfile and zlib raise is their own affair
        return False
    return not (seen.unreadable or seen.refused or seen.foreign)


def _in_children(files: Sequence[File], forms: Mapping[str, Form], plan: Plan) -> Iterator[Read]:
    from mlbatch.forms import workers  # here: seldom needed

    return workers.read_files(files, forms, plan)
