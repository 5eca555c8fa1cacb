"""From facts to a .docx (公文產製): the only user of docxtpl.

A template is opened, checked and compiled once, then rendered for many recipients: the parts that
do not change are zipped once and copied. What senders wrote arrives as text: the environment is a
sandbox, escapes everything and refuses what is undefined. Fixed dates and a stated order of parts
give the same bytes for the same facts.
"""

from __future__ import annotations

import re
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment

from mlbatch.letters.fields import Head, LetterError, missing, values
from mlbatch.letters.placeholders import TemplateError, check
from mlbatch.sheet import clean
from mlbatch.templates import folder

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MADE = (2018, 1, 1, 0, 0, 0)
BODY = "word/document.xml"
# Names of people that Word leaves in a file's properties.
PEOPLE = re.compile(rb"(<(dc:creator|cp:lastModifiedBy|Manager|Company)(?: [^>]*)?>)[^<]*(</\2>)", re.DOTALL)
BREAKS = re.compile(r"[\t\r\n]+")
PARAGRAPH, ADDED = re.compile(r"<w:p(?=[ >])"), re.compile(r"\n<w:p(?=[ >])")


class LetterTemplate:
    """One template, ready to render. Raises TemplateError if it cannot be used."""

    def __init__(self, path: Path, kind: str) -> None:
        self.kind = kind
        environment = sandbox()
        sources = parts_with_marks(path)
        for source in sources.values():
            check(source, kind, environment)
        try:
            self._changing = {name: environment.from_string(source) for name, source in sources.items()}
        except JinjaError as problem:
            raise TemplateError(f"公文範本「{kind}」有不支援的寫法：{problem.message}") from None
        self._constant = _constant_parts(path, set(sources))

    def render(self, facts: Head) -> bytes:
        """The letter. Raises LetterError that names the recipient and each field without a value."""
        complete(self.kind, facts)
        context = _cleaned(values(facts))
        buffer = BytesIO(self._constant)
        with zipfile.ZipFile(buffer, "a") as parts:
            for name, part in self._changing.items():
                _add(parts, name, self._filled(part, context, facts.recipient))
        return buffer.getvalue()

    def _filled(self, part, context: dict, recipient: str) -> bytes:
        try:
            return (DECLARATION + ADDED.sub("<w:p", part.render(context))).encode()
        except Exception as problem:  # an expression of the template raises what it happens to raise
            raise LetterError(f"「{recipient}」之「{self.kind}」無法產製：{problem}。") from None


def complete(kind: str, facts: Head) -> None:
    """Raise LetterError that names the recipient and each field without a value, if there is one."""
    if lacking := list(missing(facts)):
        fields = "、".join(f"「{name}」" for name in lacking)
        raise LetterError(f"「{facts.recipient}」之「{kind}」缺少{fields}，無法產製。")


def sandbox() -> SandboxedEnvironment:
    """Where templates are rendered: what senders wrote is text, and what is undefined is refused."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


@cache
def template(kind: str) -> LetterTemplate:
    """The template `kind` of templates/letters, prepared once. Raises TemplateError."""
    return LetterTemplate(folder() / "letters" / f"{kind}.docx", kind)


def parts_with_marks(path: Path) -> dict[str, str]:
    """The parts that hold placeholders, as jinja2 reads them: headers and footers, then the body."""
    document = _opened(path)
    sources = {}
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        for _, part in document.get_headers_footers(uri):
            xml = document.patch_xml(document.get_part_xml(part))
            if "{{" in xml or "{%" in xml:
                sources[part.partname.lstrip("/")] = xml
    whole = document.xml_to_string(document.get_docx().element)
    sources = {**dict(sorted(sources.items())), BODY: document.patch_xml(whole)}
    # A paragraph on each line, so that a fault can be told by its words.
    return {name: PARAGRAPH.sub("\n<w:p", xml) for name, xml in sources.items()}


def _opened(path: Path) -> DocxTemplate:
    document = DocxTemplate(path)
    try:
        document.init_docx()
    except Exception:  # python-docx raises what the broken part happens to raise
        raise TemplateError(f"公文範本「{path.name}」不見或無法開啟，請放回原檔。") from None
    return document


def _constant_parts(path: Path, changing: set[str]) -> bytes:
    """A zip of all other parts, by name; [Content_Types].xml comes first."""
    buffer = BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(buffer, "w") as parts:
        for name in sorted(set(source.namelist()) - changing):
            _add(parts, name, PEOPLE.sub(rb"\1\3", source.read(name)))
    return buffer.getvalue()


def _add(parts: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, MADE)
    entry.create_system = 0  # the same bytes on every system
    parts.writestr(entry, content, zipfile.ZIP_DEFLATED)


def _cleaned(value: object) -> object:
    """Values without unprintable characters and line breaks."""
    if isinstance(value, dict):
        return {name: _cleaned(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    return BREAKS.sub(" ", clean(value))
