"""Templates tried before anybody runs a month (公文範本檢核): what a hand changed in Word is told at once.

Each template is opened, every field that is not there is named, and letters are written whose fields say
their own names, so that what breaks only while a letter is written, or when it goes out, is told as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path

from docx import Document

from mlbatch.letters.fields import KINDS, UNNUMBERED, LetterError, documented, specimen
from mlbatch.letters.placeholders import Marks, marks
from mlbatch.letters.render import LetterTemplate, parts_with_marks, sandbox
from mlbatch.letters.sending import filled
from mlbatch.stop import CannotRun
from mlbatch.templates import folder

LOCK = "~$"  # Word's own file beside one that is open
PREFIX, DAY, NUMBER = "示字第", date(2018, 1, 1), "示字第1070000000號"  # of the letter that is tried


@dataclass(frozen=True)
class Proof:
    """One template: what must be changed, and which documented fields it does not use."""

    name: str
    faults: Sequence[str]
    unused: Sequence[str] = ()


def proofs(own: Path | None = None) -> list[Proof]:
    """The templates that a run uses, or those of a folder of one's own, by name.

    Of one's own folder each .docx is looked at: one whose name is no template's would never be used. Raises
    CannotRun if there is none.
    """
    place = own or folder() / "letters"
    paths = sorted(path for path in place.glob("*.docx") if not path.name.startswith(LOCK))
    if not paths:
        raise CannotRun(f"「{place}」內沒有公文範本（.docx）。")
    names = {path.name for path in paths}
    gone = () if own else [f"{kind}.docx" for kind in KINDS if f"{kind}.docx" not in names]
    return [*map(_proof, paths), *(Proof(name, [f"公文範本「{name}」不見，請放回原檔。"]) for name in gone)]


def sentences(found: Sequence[Proof]) -> Iterator[str]:
    """What is told of the templates: faults, fields that are not used, and the sum."""
    for one in found:
        yield f"［{'應修正' if one.faults else '可使用'}］{one.name}"
        yield from (f"　　　　　{fault}" for fault in one.faults)
        if one.unused:
            yield f"　　　　　未使用之欄位：{'、'.join(one.unused)}"
    wrong = sum(bool(one.faults) for one in found)
    yield f"檢核 {len(found)} 份公文範本，{f'應修正 {wrong} 份' if wrong else '均可使用'}。"


def _proof(path: Path) -> Proof:
    if path.stem not in KINDS:
        return Proof(path.name, [_unknown(path)])
    try:
        found = _marks(path)
    except LetterError as problem:
        return Proof(path.name, [str(problem)])
    return Proof(
        path.name, found.faults or _trial(path), [] if found.faults else _unused(path.stem, found.used)
    )


def _unknown(path: Path) -> str:
    near = get_close_matches(path.stem, list(KINDS), n=1, cutoff=0.4)
    hint = f"是否為「{near[0]}.docx」？" if near else "範本之檔名見範本資料夾之 README。"
    return f"「{path.name}」不是公文範本之檔名，不會採用，{hint}"


def _marks(path: Path) -> Marks:
    """The marks of all parts of a template, each fault once."""
    whole = Marks()
    for source in parts_with_marks(path).values():
        part = marks(source, path.stem, sandbox())
        whole.faults += [fault for fault in part.faults if fault not in whole.faults]
        whole.used |= part.used
    return whole


def _unused(kind: str, used: set[str]) -> list[str]:
    """The documented fields that a template does without; of a list that it does not use, only the list."""
    return [
        name for name, _ in documented(kind)
        if name not in used and ("." not in name or name.partition(".")[0] in used)
    ]  # fmt: skip


def _trial(path: Path) -> list[str]:
    """What is wrong with letters from this template: one cannot be written, opened or sent."""
    faults = (_fault(path, full) for full in (True, False))
    return list(dict.fromkeys(filter(None, faults)))


def _fault(path: Path, full: bool) -> str:
    kind = path.stem
    try:
        facts = replace(specimen(KINDS[kind], full=full), number_prefix=PREFIX)
        content = LetterTemplate(path, kind).render(facts)
        Document(BytesIO(content))
        if kind not in UNNUMBERED:
            filled(content, DAY, NUMBER)
    except LetterError as problem:
        return f"公文範本「{kind}」試填後有誤：{problem}"
    except Exception:  # python-docx raises what the broken part happens to raise
        return f"公文範本「{kind}」試填後無法開啟，請檢查 for、if 與其 endfor、endif 是否在同一段或同一表格。"
    return ""
