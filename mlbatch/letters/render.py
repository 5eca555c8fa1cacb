"""From facts to a .docx (公文產製): the only user of docxtpl.

A template is prepared and checked once, compiled once, and rendered for many recipients; the other
parts of the file are reused. Senders' text arrives as text: the environment is sandboxed, escapes,
and refuses what is undefined. The zip carries fixed dates, so the same facts give the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import asdict, fields
from difflib import get_close_matches
from functools import cache
from io import BytesIO
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from mlbatch.letters.facts import KINDS, Head, documented, rows_of
from mlbatch.sheet import clean
from mlbatch.stop import CannotRun
from mlbatch.templates import folder

BODY = "word/document.xml"
MADE = (2018, 1, 1, 0, 0, 0)
OPEN = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
)
CLOSE = "</w:document>"  # docxtpl gives the body, which declares its own names
PARAGRAPH_START = re.compile(r"\n<w:p([ >])")


class LetterError(CannotRun):
    """A letter's template cannot be used, or a value is missing; the text names which."""


class LetterTemplate:
    """One template, ready to render. Raises LetterError for a field that does not exist."""

    def __init__(self, path: Path, kind: type[Head]) -> None:
        self.name, self.kind = path.stem, kind
        document = DocxTemplate(path)
        document.init_docx()
        source = document.patch_xml(document.get_xml())
        environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        try:
            self._check(environment.parse(source))
            self._compiled: Template = environment.from_string(source)
        except TemplateError as problem:
            raise LetterError(f"公文範本「{self.name}」之欄位標記有誤：{problem}。") from None
        with zipfile.ZipFile(path) as parts:
            self._parts = {name: parts.read(name) for name in sorted(parts.namelist())}

    def render(self, facts: Head) -> bytes:
        """The letter as .docx. Raises LetterError naming the recipient and what is missing."""
        try:
            body = self._compiled.render(_plain(facts))
        except TemplateError as problem:
            raise LetterError(f"受文者「{facts.recipient}」之「{self.name}」無法產製：{problem}。") from None
        body = PARAGRAPH_START.sub(r"<w:p\1", body)
        return self._zip(f"{OPEN}{body}{CLOSE}".encode())

    def _zip(self, body: bytes) -> bytes:
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as parts:
            for name, content in self._parts.items():
                entry = zipfile.ZipInfo(name, MADE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                parts.writestr(entry, body if name == BODY else content)
        return buffer.getvalue()

    def _check(self, parsed: nodes.Template) -> None:
        """Compare every field that the template uses with those that exist, before any letter."""
        rows = rows_of(self.kind)
        targets = set()
        for loop in parsed.find_all(nodes.For):
            shape = rows.get(getattr(loop.iter, "name", ""))
            targets.add(loop.target.name)
            for attribute in loop.find_all(nodes.Getattr):
                self._known(attribute.attr, [field.name for field in fields(shape)] if shape else [])
        for attribute in parsed.find_all(nodes.Getattr):
            if getattr(attribute.node, "name", "") not in targets:
                self._known(f"….{attribute.attr}", [])
        for name in parsed.find_all(nodes.Name):
            if name.ctx == "load" and name.name not in targets:
                self._known(name.name, list(documented(self.kind)))

    def _known(self, name: str, names: list[str]) -> None:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"，您是不是要用「{near[0]}」" if near else ""
            raise LetterError(f"公文範本「{self.name}」使用了不存在的欄位「{name}」{hint}。")


@cache
def template(name: str) -> LetterTemplate:
    """The template `name` of templates/letters, prepared once."""
    return LetterTemplate(folder() / "letters" / f"{name}.docx", KINDS[name])


def _plain(facts: Head) -> dict:
    """The facts as a template sees them, without unprintable characters."""
    return {name: _cleaned(value) for name, value in asdict(facts).items()}


def _cleaned(value: object) -> object:
    if isinstance(value, list):
        return [{name: clean(text) for name, text in row.items()} for row in value]
    return clean(value)
