"""The returned workbook (待修正): a sender's own file in a fresh template, each fault marked.

One round to correct (肆.四(四)4): the sender's values stand as typed, the cells at fault bear
colour, word and comment, and the first sheet lists every fault with what to do and a link to its
cell. Values that have no place in the form go to an appendix, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mlbatch.again import kept
from mlbatch.columns import Column, begin, listing
from mlbatch.finding import Finding, Severity
from mlbatch.forms.blank import blank
from mlbatch.forms.spots import Key, Rows, places
from mlbatch.forms.typed import Stray, Typed
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page

TITLE, APPENDIX = "待修正", "附錄"
STYLE = {Severity.REJECT: "bad", Severity.CORRECT: "warn"}
# Root causes first: what is wrong with the file's build, then with who it is about, then the rest.
ROOTS = ("F9", "F8", "F10", "I", "E7", "F5", "F", "E", "S", "R", "C")


@dataclass(frozen=True)
class _Fault:
    """One fault, and where it now stands: sheet, cell and key; empty where it has no cell."""

    finding: Finding
    sheet: str = ""
    cell: str = ""
    key: Key | None = None


@kept
def returned(
    typed: Typed,
    findings: Iterable[Finding],
    plan: Plan,
    *,
    file: str,
    until: str,
    lists: Mapping[str, Rows] | None = None,
) -> bytes:
    """The workbook that goes back for `typed`, which came as `file`.

    `findings` are those of the file and of what it says; `until` says by when to send it again (「…前」, 「…內」);
    `lists` are those of the prefilled template (see `blank`).
    """
    now = places(typed.form, typed.values)
    faults = sorted((_fault(one, typed, now) for one in findings), key=_by_root)
    cover = _Cover(plan, file, until, tuple(faults), typed.stray)
    return blank(
        typed.form,
        plan,
        recipient=typed.recipient,
        values=typed.values,
        lists=lists,
        marks=_marks(faults),
        first=cover.write,
        back=TITLE,
    )


def _fault(finding: Finding, typed: Typed, now: Mapping[Key, tuple[str, str]]) -> _Fault:
    """The finding at the place where its cell stands in the fresh template."""
    at = finding.at
    key = typed.where.get((at.sheet, at.cell)) or typed.where.get((at.sheet, at.row))
    if key in now:
        return _Fault(finding, *now[key], key)
    sheets = {sheet.title: sheet for sheet in typed.form.sheets}
    named = finding.facts.get("sheet") or at.sheet
    return _Fault(finding, named if named in sheets else "", "A1" if named in sheets else "")


def _by_root(fault: _Fault) -> tuple:
    kind = fault.finding.kind.id
    rank = next((n for n, root in enumerate(ROOTS) if _of_root(kind, root)), len(ROOTS))
    weight = list(Severity).index(fault.finding.kind.severity)
    return weight, rank, fault.finding.order


def _of_root(kind: str, root: str) -> bool:
    return kind.startswith(root if root.isalpha() else f"{root}-")


def _marks(faults: Sequence[_Fault]) -> dict[Key, str]:
    """What is said in each cell at fault."""
    said: dict[Key, list[str]] = {}
    for fault in faults:
        if fault.key and fault.finding.kind.severity in STYLE:
            said.setdefault(fault.key, []).append(f"{fault.finding.sentence}\n{fault.finding.remedy}")
    return {key: "\n".join(words) for key, words in said.items()}


@dataclass(frozen=True)
class _Cover:
    """The first sheet, and the appendix."""

    plan: Plan
    file: str
    until: str
    faults: tuple[_Fault, ...]
    stray: tuple[Stray, ...]

    def write(self, book: Book) -> None:
        """Write the sheet of faults and, where something has no place in the form, the appendix."""
        page = book.page(TITLE)
        begin(page, f"待修正：{self.file}", f"{self.plan.title}　{self._advice()}")
        rows = [self._row(number, fault) for number, fault in enumerate(self.faults, 1)]
        listing(page, COLUMNS, rows)
        if self.stray:
            self._appendix(book.page(APPENDIX))

    def _advice(self) -> str:
        count = sum(fault.finding.kind.severity in STYLE for fault in self.faults)
        return f"共 {count} 處，請於 {self.until}更正本檔後重新上傳；更正標示處即可，其餘照原送內容帶入。"

    def _row(self, number: int, fault: _Fault) -> dict[str, object]:
        finding = fault.finding
        return {
            "number": number, "severity": str(finding.kind.severity), "who": self._who(finding),
            "sheet": fault.sheet, "cell": fault.cell, "read": finding.read, "sentence": finding.sentence,
            "remedy": finding.remedy, "cite": finding.kind.cite, "kind": finding.kind.id,
        }  # fmt: skip

    def _who(self, finding: Finding) -> str:
        return "　".join(part for part in (finding.county, *finding.school) if part)

    def _appendix(self, page: Page) -> None:
        subtitle = "下列內容在表件內沒有對應之欄位，原樣列於此，不列入檢核；如屬應填內容，請移至所屬欄位。"
        begin(page, APPENDIX, subtitle)
        rows = [{"sheet": one.sheet, "cell": one.cell, "value": _plain(one.value)} for one in self.stray]
        listing(page, STRAYS, rows)


def _plain(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _place(row: Mapping[str, object]) -> tuple[str, str]:
    """The link to a fault's cell and its words; no link where it has no cell."""
    target = f"'{row['sheet']}'!{row['cell']}" if row["sheet"] else ""
    return target, f"{row['sheet']} {row['cell']}".strip() or "整份檔案"


COLUMNS = (
    Column("序號", "number", "whole", width=5),
    Column("嚴重程度", "severity", lambda row: STYLE.get(row["severity"], "info"), width=9),
    Column("對象", "who", width=20),
    Column("位置（點選前往）", _place, "link", width=22),
    Column("填寫內容", "read", width=16),
    Column("說明", "sentence", width=36),
    Column("請如何處理", "remedy", width=32),
    Column("依據", "cite", "center", width=11),
    Column("發現代號", "kind", width=14),
)
STRAYS = (
    Column("原工作表", "sheet", width=20),
    Column("原儲存格", "cell", "center", width=10),
    Column("內容", "value", width=80),
)
