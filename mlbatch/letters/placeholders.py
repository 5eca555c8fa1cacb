"""A template's placeholders (範本標記) are held against the documented fields before any letter.

A misspelt field is named, with the one that was probably meant; so is an unfinished mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from jinja2 import Environment, TemplateSyntaxError, nodes

from mlbatch.letters.fields import LetterError, names

# A loop's variable → its list and the fields of its rows; None if anything goes.
Scope = Mapping[str, tuple[str, Iterable[str]] | None]


class TemplateError(LetterError):
    """A template that cannot be used; the text names the template and what to change."""


@dataclass
class Marks:
    """What the marks of a part ask for: each fault as a sentence, and the fields that are there (`學校.學制`)."""

    faults: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)


def check(source: str, kind: str, environment: Environment) -> None:
    """Raise TemplateError if template `kind`, patched to `source`, uses a field that is not there."""
    for fault in marks(source, kind, environment).faults:
        raise TemplateError(fault)


def marks(source: str, kind: str, environment: Environment) -> Marks:
    """All that template `kind`, patched to `source`, uses, whether it is there or not."""
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as problem:
        return Marks([_unfinished(source, kind, problem)])
    walk = _Walk(kind)
    walk.visit(tree, {"loop": None})
    return walk.marks


def _unfinished(source: str, kind: str, problem: TemplateSyntaxError) -> str:
    lines = source.splitlines()
    words = re.sub(r"<[^>]*>|\s+", "", lines[min(problem.lineno, len(lines)) - 1])
    return f"公文範本「{kind}」的標記不完整或不成對，請檢查「{words[:40]}」附近的 {{{{ }}}} 與 {{% %}}。"


class _Walk:
    """Walks through a template; what a loop's variable may be followed by depends on its list."""

    def __init__(self, kind: str) -> None:
        self.kind, self.fields, self.marks = kind, names(kind), Marks()

    def visit(self, node: nodes.Node, scope: Scope) -> None:
        match node:
            case nodes.For():
                self._loop(node, scope)
            case nodes.Getattr(node=nodes.Name(name=owner), attr=attr):
                self._attribute(owner, attr, scope)
            case nodes.Name(ctx="load", name=name) if name not in scope:
                self._known(name, self.fields)
            case _:
                for child in node.iter_child_nodes():
                    self.visit(child, scope)

    def _loop(self, node: nodes.For, scope: Scope) -> None:
        self.visit(node.iter, scope)
        source = getattr(node.iter, "name", "")
        rows = (source, self.fields[source]) if source in self.fields else None
        inner = {**scope, getattr(node.target, "name", ""): rows}
        for child in (*node.body, *node.else_, *filter(None, [node.test])):
            self.visit(child, inner)

    def _attribute(self, owner: str, attr: str, scope: Scope) -> None:
        if owner not in scope:
            if self._known(owner, self.fields):
                self._fault(f"的「{owner}」沒有「{attr}」；清單須以 for 逐列取用。")
        elif rows := scope[owner]:
            self._known(attr, rows[1], f"{owner}.", f"{rows[0]}.")

    def _known(self, name: str, known: Iterable[str], before: str = "", of: str = "") -> bool:
        if name in known:
            self.marks.used.add(f"{of}{name}")
            return True
        near = get_close_matches(name, list(known), n=1, cutoff=0.4)
        hint = f"是否為「{before}{near[0]}」？" if near else "可用之欄位見範本資料夾之 README。"
        self._fault(f"使用了沒有的欄位「{before}{name}」，{hint}")
        return False

    def _fault(self, words: str) -> None:
        if (fault := f"公文範本「{self.kind}」{words}") not in self.marks.faults:
            self.marks.faults.append(fault)
