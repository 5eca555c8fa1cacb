"""What a sender types never becomes a formula, a link, a field or a template.

    python -m studies.injection [--rounds 44]

A sample month is written anew with a payload in every text cell of every form and register, the
same name getting the same payload everywhere so that files still join. The month is run, and every
output is unpacked: the payloads' mark may stand where text stands, and nowhere else. Each round
shifts the payloads by one, so that after as many rounds as there are payloads each column has had all.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path

from mlbatch import batch
from mlbatch.forms import Field, Kind, all_forms, blank
from mlbatch.forms.typed import Typed, TypedReader
from mlbatch.plan import Plan, load_plan

SAMPLES = Path(__file__).parent.parent / "input_samples"
MONTHS = {"2017-09": date(2017, 9, 20), "2018-01": date(2018, 1, 15)}
MARK = "ZQX"
EVALUATED = ("49" + MARK, "uid=")
# Fields by which files join, or whose words the registers give: they get the payload of their words.
JOINED = ("name", "reviewer", "institution")
TEXTS = (Kind.TEXT, Kind.LONG, Kind.PHONE)
KEPT = ("code", "county", "level", "setting", "value", "upload_name", "uploaded_by", "township", "owner",
        "area_class", "sender", "grade", "reviewer", "author", "kind", "semester")  # fmt: skip

PAYLOADS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "'=1+1", '"=1+1"', " =1+1", ";=1+1",
    '=HYPERLINK("http://x.example","點")', '=WEBSERVICE("http://x.example")', "=cmd|' /C calc'!A0",
    "=DDE(\"cmd\";\"/C calc\";\"x\")", "@cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "{=1+1}", "=IMPORTXML(A1)",
    "_x003D_1+1", "=_xlfn.WEBSERVICE(1)", "http://x.example/", "https://x.example/?a=b&c=d", "file:///etc/passwd",
    "external:other.xlsx#Sheet1!A1", "internal:Sheet1!A1", "mailto:a@x.example", "\\\\server\\share", "javascript:alert(1)",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "' onmouseover='alert(1)",
    "</title><h1>", "&lt;b&gt;&amp;", "]]><x/>", "<!-- -->", "{{7*7}}", "{% for x in (1,2) %}y{% endfor %}",
    "{{ ''.__class__.__mro__ }}", "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{# x #}", "${7*7}", "#{7*7}",
    "{0.__class__}", "{read}", "%s%n%(x)s", "<w:p/><w:r>", "</w:t></w:r><w:instrText>DDEAUTO c:\\\\x</w:instrText>",
    "DDEAUTO c:\\\\windows\\\\cmd.exe", "INCLUDETEXT \"x\"", "MERGEFIELD a", "\u202egnp.exe", "\u200b=1+1", "\x01=1+1",
)  # fmt: skip


class Poisoner:
    """Writes a sample month with payloads; `shift` says which payload comes first."""

    def __init__(self, plan: Plan, shift: int) -> None:
        self.plan, self.forms, self.shift = plan, all_forms(plan), shift
        self.typed = TypedReader(self.forms, plan)
        self.count = shift
        self.same: dict[str, str] = {}

    def write(self, sample: Path, inbox: Path) -> int:
        """Write the month into `inbox`; returns how many cells hold a payload."""
        for path in sorted(path for path in sample.rglob("*") if path.is_file()):
            to = inbox / path.relative_to(sample)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(self._poisoned(path.read_bytes()))
        (inbox / self._file_name()).write_bytes(b"no workbook")
        return self.count - self.shift

    def _file_name(self) -> str:
        """A file whose very name is a payload, as far as a file system takes it."""
        return re.sub(r"[/\x00]", "_", self._payload()) + ".xlsx"

    def _poisoned(self, content: bytes) -> bytes:
        typed = self.typed.read(content)
        if typed is None:
            return content
        values = {table: self._rows(fields, typed, table) for table, fields in typed.form.tables()}
        return blank.blank(typed.form, self.plan, recipient=typed.recipient, values=values)

    def _rows(self, fields: tuple[Field, ...], typed: Typed, table: str) -> list[dict]:
        text = {field.name: field for field in fields if field.kind in TEXTS and field.name not in KEPT}
        return [
            {name: self._cell(text[name], raw) if name in text else raw for name, raw in row.items()}
            for row in typed.values.get(table, ())
        ]

    def _cell(self, field: Field, raw: object) -> object:
        if not isinstance(raw, str) or not raw:
            return raw
        if field.name in JOINED:
            return self.same.setdefault(raw, self._payload() + raw)
        return self._payload()[: field.limit]

    def _payload(self) -> str:
        self.count += 1
        return PAYLOADS[self.count % len(PAYLOADS)] + MARK


def faults(out: Path) -> Iterator[str]:
    """Where a payload stands that is not text, over every file of an output."""
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        looks = {".xlsx": _workbook, ".docx": _letter, ".html": _page, ".json": _record, ".csv": _lines}
        look = looks.get(path.suffix, _unknown)
        for fault in look(path.read_bytes()):
            yield f"{path.relative_to(out)}: {fault}"


FORMULA = re.compile(rb"<f(?: [^>]*)?>([^<]*)</f>")
LINK = re.compile(
    rb"<(?:hyperlink|definedName|Relationship|dataValidation|legacyDrawing|oleObject|ddeLink)\b[^>]*>"
)
LISTS = re.compile(rb"<formula\d>([^<]*)</formula\d>")
STRING = re.compile(rb'<c r="(\w+)"(?: s="(\d+)")? t="(s|str|inlineStr)"[^>]*>')
XF = re.compile(rb"<cellXfs.*?</cellXfs>", re.DOTALL)


def _workbook(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            part = parts.read(name)
            yield from (f"formula in {name}: {one}" for one in FORMULA.findall(part) if MARK.encode() in one)
            yield from (f"list in {name}: {one}" for one in LISTS.findall(part) if MARK.encode() in one)
            yield from (f"link in {name}: {one}" for one in LINK.findall(part) if MARK.encode() in one)
            if re.search(r"vbaProject|externalLink|connections|embeddings|activeX", name):
                yield f"active part {name}"
        yield from _unquoted(parts)


def _unquoted(parts: zipfile.ZipFile) -> Iterator[str]:
    """Cells with a payload whose format is not text with a quote prefix."""
    if "xl/sharedStrings.xml" not in parts.namelist():
        return
    strings = re.findall(rb"<si>(.*?)</si>", parts.read("xl/sharedStrings.xml"), re.DOTALL)
    bad = {number for number, one in enumerate(strings) if MARK.encode() in one}
    formats = re.findall(rb"<xf [^>]*>", XF.search(parts.read("xl/styles.xml"))[0])
    for name in parts.namelist():
        if name.startswith("xl/worksheets/sheet"):
            for cell, style, number in re.findall(
                rb'<c r="(\w+)" s="(\d+)" t="s"><v>(\d+)</v>', parts.read(name)
            ):
                if int(number) in bad and b'quotePrefix="1"' not in formats[int(style)]:
                    yield f"not quoted: {name} {cell}"


def _letter(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            part = parts.read(name).decode("utf-8", "replace")
            for one in re.findall(r"<w:instrText[^>]*>[^<]*|<w:fldSimple[^>]*>|<Relationship [^>]*>", part):
                if MARK in one:
                    yield f"field in {name}: {one}"
            text = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", part))
            yield from (f"evaluated in {name}: {one}" for one in EVALUATED if one in text)


class _Tags(HTMLParser):
    """Collects what stands in tags, and how many scripts there are."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attributes: list) -> None:
        """Note a payload in a tag or in an attribute other than a relative link or a title."""
        for name, value in attributes:
            if (
                MARK.lower() in name
                or name.startswith("on")
                or (value and ":" in value and name in ("href", "src"))
            ):
                self.bad.append(f"<{tag} {name}={value!r}>")
        if MARK.lower() in tag or tag in ("script", "iframe", "object", "embed"):
            self.bad.append(f"<{tag}>")


def _page(content: bytes) -> Iterator[str]:
    tags = _Tags()
    tags.feed(content.decode())
    yield from tags.bad
    yield from (f"evaluated: {one}" for one in EVALUATED if one in content.decode())


def _record(content: bytes) -> Iterator[str]:
    json.loads(content)
    return iter(())


STARTS = tuple("=+-@\t\r＝＋－＠")  # what a spreadsheet takes for a formula when it opens a CSV


def _lines(content: bytes) -> Iterator[str]:
    rows = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    for cell in (cell for row in rows for cell in row if MARK in cell):
        if cell.startswith(STARTS):
            yield f"formula: {cell}"


def _unknown(content: bytes) -> Iterator[str]:
    yield "a kind of file that this study does not know"


def round_of(month: str, shift: int, plan: Plan, folder: Path) -> tuple[int, int, list[str]]:
    """One round: (cells with a payload, marks in the outputs, faults)."""
    cells = Poisoner(plan, shift).write(SAMPLES / month, folder / "in")
    batch.run(folder / "in", folder / "out", MONTHS[month])
    return cells, marks(folder / "out"), list(faults(folder / "out"))


def marks(out: Path) -> int:
    """How often the mark stands in the unpacked outputs: a study in which it does not proves nothing."""
    return sum(_unpacked(path).count(MARK.encode()) for path in out.rglob("*") if path.is_file())


def _unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if not zipfile.is_zipfile(BytesIO(content)):
        return content
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())


def main() -> None:
    """Run the study and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=len(PAYLOADS))
    plan, began = load_plan(), time.perf_counter()
    totals: Mapping[str, list[int]] = {month: [0, 0, 0] for month in MONTHS}
    for shift in range(parser.parse_args().rounds):
        for month in MONTHS:
            with tempfile.TemporaryDirectory() as folder:
                cells, marked, bad = round_of(month, shift, plan, Path(folder))
            for index, count in enumerate((cells, marked, len(bad))):
                totals[month][index] += count
            for fault in bad[:3]:
                print(f"{month} {shift}: {fault}")
    print(f"{len(PAYLOADS)} payloads; {time.perf_counter() - began:.0f} s")
    for month, (cells, marked, bad) in totals.items():
        print(f"{month}: {cells} poisoned cells, {marked} marks in outputs, {bad} faults")


if __name__ == "__main__":
    main()
