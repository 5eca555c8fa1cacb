"""What a reader sees in a letter, through python-docx."""

import re
import zipfile
from io import BytesIO

from docx import Document

PARTS = (
    "檔　　號", "保存年限", "教育部　函", "地址", "承辦人", "電話", "傳真", "電子信箱", "受文者", "發文日期",
    "發文字號", "速別", "密等", "附件", "主旨", "說明", "正本", "副本", "部長",
)  # fmt: skip


def lines(content: bytes) -> list[str]:
    """The paragraphs outside tables."""
    return [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs]


def line(content: bytes, start: str) -> str:
    """The first paragraph that begins with `start`."""
    return next(words for words in lines(content) if words.startswith(start))


def rows(content: bytes) -> list[list[str]]:
    """The rows of the letter's only table, merged cells once."""
    (table,) = Document(BytesIO(content)).tables
    return [[cell.text for cell in _once(row.cells)] for row in table.rows]


def words(content: bytes) -> str:
    """Everything that is written anywhere in the file, page footers and properties too."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return "".join(re.sub(r"<[^>]+>", "", parts.read(name).decode()) for name in parts.namelist())


def part(content: bytes, name: str) -> str:
    """One part of the file, as it stands."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return parts.read(name).decode()


def whole(figures: str) -> int:
    """1,234 → 1234; －, a cell with nothing to say, counts nothing."""
    return 0 if figures == "－" else int(figures.replace(",", ""))


def _once(cells):
    return [cell for number, cell in enumerate(cells) if not number or cell._tc is not cells[number - 1]._tc]
