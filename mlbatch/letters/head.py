"""What every letter has (公文之首): the office, the recipient and the formal words, and how a field is named."""

from __future__ import annotations

from dataclasses import dataclass, field

from mlbatch.stop import CannotRun


class LetterError(CannotRun):
    """A letter cannot be written; the text is a plain sentence for the clerk."""


def named(label: str, note: str, *, blank: bool = False):
    """A field: its name in templates, what it holds, and whether it may be empty."""
    return field(metadata={"label": label, "note": note, "blank": blank})


@dataclass(frozen=True, kw_only=True)
class Head:
    """What every letter has: the office, the recipient and the formal words."""

    agency: str = named("機關全銜", "發文機關，例：教育部")
    address: str = named("機關地址", "聯絡資料之地址")
    officer: str = named("承辦人", "聯絡資料之承辦人")
    telephone: str = named("電話", "聯絡資料之電話")
    fax: str = named("傳真", "聯絡資料之傳真", blank=True)
    email: str = named("電子信箱", "聯絡資料之電子信箱")
    number_prefix: str = named("發文字", "發文字號之前段，例：臺教資(三)字第")
    signatory: str = named("署名", "首長職稱與姓名")
    recipient: str = named("受文者", "縣市政府（局）全銜或國立學校校名")
    polite: str = named("貴稱", "貴府、貴局或貴校")
    ending: str = named("期望語", "縣市為「請查照轉知」，國立學校為「請查照」")
    title: str = named("計畫名稱", "例：107年國中小行動學習推動計畫")
    copies: str = named("副本", "副本收受者；核定函為獲核定之各校", blank=True)
