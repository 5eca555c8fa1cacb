"""Twins of the month's papers in open formats (開放格式): ODS and ODT of what is edited, PDF of what is final.

A workbook that bears a stamp is to come back filled in: it gets an .ods. A Word document is a draft:
an .odt. Any other workbook is a report: a PDF with text. A twin stands beside its paper, goes to the
same recipient, and is made from the paper as it goes out; so that of an edited letter says what the
hand wrote. Without LibreOffice nothing is made, and that is told (docs/decisions/0024).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path, PurePosixPath

from mlbatch import office, published, surroundings, timeless
from mlbatch.forms.form import STAMP_SHEET
from mlbatch.output import Paper

ODS, ODT, PDF = KINDS = ("ods", "odt", "pdf")
WHOLE = PDF  # its fonts are numbered through the files of one call, so all are made in one, or none
MISSING = "本機找不到 LibreOffice"
BROKEN = "LibreOffice 未能轉出"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Twins:
    """The twins of some papers; `program` is the LibreOffice that made them, empty if there is none.

    `recipe` says how they were made, `left_out` are the paths of those that there should be and are not.
    """

    papers: tuple[Paper, ...]
    program: str
    recipe: str
    left_out: tuple[str, ...]

    @property
    def made(self) -> str:
        """How many there are of each format: `ODS 86 份、PDF 46 份`."""
        return _counted(paper.path for paper in self.papers)

    @property
    def lacking(self) -> str:
        """What was left out and why, empty if nothing was."""
        why = BROKEN if self.program else MISSING
        return f"{why}，未寫出 {_counted(self.left_out)}。" if self.left_out else ""

    @property
    def said(self) -> dict[str, object]:
        """What the manifest says of them."""
        return {"program": self.program, "recipe": self.recipe, "left_out": list(self.left_out)}


def _counted(paths: Iterable[str]) -> str:
    found = Counter(PurePosixPath(path).suffix[1:] for path in paths)
    return "、".join(f"{kind.upper()} {found[kind]:,} 份" for kind in KINDS if found[kind])


def recipe() -> str:
    """A short hash over how twins are made: one that was made otherwise is made anew."""
    own = (office.__file__, surroundings.__file__, timeless.__file__, __file__)
    return hashlib.sha256(b"".join(Path(file).read_bytes() for file in own)).hexdigest()[:12]


def kind_of(path: str, content: bytes) -> str:
    """The format of a paper's twin, empty if it has none."""
    if path.endswith(".docx"):
        return ODT
    if not path.endswith(".xlsx"):
        return ""
    with zipfile.ZipFile(BytesIO(content)) as book:
        return ODS if f'name="{STAMP_SHEET}"'.encode() in book.read("xl/workbook.xml") else PDF


@dataclass(frozen=True)
class Wanted:
    """One twin to be made: of which paper, in which format."""

    of: Paper
    kind: str

    @property
    def path(self) -> str:
        """Where it stands: beside its paper, with another suffix."""
        return PurePosixPath(self.of.path).with_suffix(f".{self.kind}").as_posix()

    @cached_property
    def source(self) -> str:
        """The sha256 of its paper."""
        return hashlib.sha256(self.of.content).hexdigest()

    def paper(self, content: bytes) -> Paper:
        """The twin as a paper for the same recipient."""
        title = f"{self.of.title}（{self.kind.upper()}）"
        return Paper(self.path, content, title, self.of.recipient, twin_of=self.of.path)


def wanted(papers: Iterable[Paper]) -> list[Wanted]:
    """The twins that papers should have, by path."""
    found = (Wanted(paper, kind_of(paper.path, paper.content)) for paper in papers)
    return sorted((one for one in found if one.kind), key=lambda one: one.path)


# Making --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Maker:
    """Makes twins in a folder of its own beside the output, and takes over those that stand in it already."""

    out: Path | None  # nothing is taken over without one
    workshop: Path
    progress: Progress | None = None
    final: bool = False  # a letter that is released is final

    def __call__(self, papers: Iterable[Paper]) -> Twins:
        """The twins of `papers`. Raises OSError if the workshop cannot be written."""
        asked = wanted(papers)
        if self.final:
            asked = [Wanted(one.of, PDF) for one in asked if one.kind == ODT]
        found = office.find()
        if not found:
            return Twins((), "", recipe(), tuple(one.path for one in asked))
        made: dict[str, bytes] = {}
        try:
            for kind in KINDS:
                made |= self._made(found, kind, [one for one in asked if one.kind == kind])
        finally:
            shutil.rmtree(self.workshop, ignore_errors=True)
        papers = tuple(one.paper(made[one.path]) for one in asked if one.path in made)
        left = tuple(one.path for one in asked if one.path not in made)
        return Twins(papers, found.version, recipe(), left)

    def _made(self, found: office.Office, kind: str, asked: Sequence[Wanted]) -> dict[str, bytes]:
        """Path → bytes of the twins of one format, each source converted once."""
        have = _standing(self.out, found.version, kind)
        sources = {one.source: one.of for one in asked}
        if kind == WHOLE and list(sources) != list(have):
            have = {}
        missing = {sha: paper for sha, paper in sources.items() if sha not in have}
        have |= self._converted(found, kind, missing)
        return {one.path: have[one.source] for one in asked if one.source in have}

    def _converted(self, found: office.Office, kind: str, sources: Mapping[str, Paper]) -> dict[str, bytes]:
        """sha256 of a source → its twin, for those that LibreOffice could make."""
        if not sources:
            return {}
        names = {
            sha: f"{n:05d}{PurePosixPath(paper.path).suffix}"
            for n, (sha, paper) in enumerate(sources.items())
        }
        contents = {names[sha]: paper.content for sha, paper in sources.items()}
        told = self.progress and (lambda done: self.progress(f"轉出 {kind.upper()}", done, len(sources)))
        own = self.workshop / f"{os.getpid()}"  # a call that outlived a killed run works elsewhere
        made = office.converted(found, contents, kind, own, told)
        return {sha: done for sha in sources if (done := _finished(made.get(names[sha], b"")))}


def _finished(content: bytes) -> bytes:
    try:
        return timeless.timeless(content)
    except timeless.Broken:
        return b""


# What stands already -------------------------------------------------------------------------------


def _standing(out: Path | None, version: str, kind: str) -> dict[str, bytes]:
    """sha256 of a source → its twin of one format in the output, in the order of their paths, if the same
    LibreOffice made it just so."""
    record = published.manifest(out) if out else None
    said = (record or {}).get("twins", {})
    if (said.get("program"), said.get("recipe")) != (version, recipe()) or not record:
        return {}
    hashes = published.hashes(record)
    return {
        hashes[one["twin_of"]]: (out / one["path"]).read_bytes()
        for one in record["outputs"]
        if one["path"].endswith(f".{kind}")
        and one.get("twin_of") in hashes
        and published.sha256_of(out / one["path"]) == one["sha256"]
    }


@dataclass(frozen=True)
class Recorded:
    """The twins that an output holds, for one who derives it again without LibreOffice."""

    out: Path
    record: dict

    def __call__(self, papers: Iterable[Paper]) -> Twins:
        """The twins of `papers` as the manifest names them; one that is damaged as it stands."""
        there = {one["path"] for one in self.record["outputs"] if "twin_of" in one}
        asked = wanted(papers)
        own = tuple(one.paper(_content(self.out / one.path)) for one in asked if one.path in there)
        left = tuple(one.path for one in asked if one.path not in there)
        said = self.record["twins"]
        return Twins(own, said["program"], said["recipe"], left)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
