"""What a finished file says, once it is unpacked (解開後之文字): every text, attribute and name in it.

Text that is cut into runs (`中正</w:t>…<w:t>國小`) is put together again. Numbers of cells and the
measures among attributes are left out: they say nothing about anybody.
"""

from __future__ import annotations

import re
import zipfile
from functools import lru_cache
from html import unescape
from io import BytesIO
from itertools import chain
from operator import itemgetter

# Parts whose text stands in runs: a line ends with the paragraph, the string or the cell.
IN_RUNS = re.compile(r"word/|xl/(?:sharedStrings|worksheets|comments|drawings)|(?:content|styles)\.xml")
END = re.compile(
    r"</(?:w:p|si|is|c|f|text|a:p|\w+:(?:p|h|table-cell))>|<(?:w:(?:br|tab)|text:(?:tab|line-break|s)(?: [^>]*)?)/>"
)
TAG = re.compile(r"<[^>]*>")
# An attribute that can hold a name: it is not ASCII, or longer than most measures.
ATTRIBUTE = re.compile(r'="([^"]*[^\x00-\x7f"][^"]*|[^"]{6,})"')
MEASURE = re.compile(r"[0-9A-Fa-f.,:%#-]*|[A-Z]{1,3}[0-9]+(?::[A-Z]{1,3}[0-9]+)?")
# The value of a cell that is no text: a number, or the index of a shared string.
NUMBER = re.compile(r'(<c (?![^>]*\bt="str")[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?)<v>[^<]*</v>')
# The same in ODF: the value beside the type, and how it is shown.
ODF_NUMBER = re.compile(
    r'(office:value-type="(?:float|percentage|currency)")[^>]*>(?:<text:p>[^<]*</text:p>)?'
)


def lines(content: bytes) -> set[str]:
    """Every distinct line of text in a file: of each part of a zip, or of the file itself."""
    if not content.startswith(b"PK"):
        return set(_lines("", content))
    with zipfile.ZipFile(BytesIO(content)) as parts:
        names = parts.namelist()
        return {*names, *chain.from_iterable(_lines(name, parts.read(name)) for name in names)}


@lru_cache(maxsize=128)  # styles and themes are the same in file after file
def _lines(name: str, content: bytes) -> frozenset[str]:
    text = content.decode("utf-8", "ignore")
    if IN_RUNS.match(name):
        if name.endswith("content.xml"):
            text = ODF_NUMBER.sub(r"\1>", text)
        text = END.sub("\n", NUMBER.sub(itemgetter(1), text))
        words = TAG.sub("", text)
    else:
        words = TAG.sub("\n", text)
    attributes = (value for value in set(ATTRIBUTE.findall(text)) if not MEASURE.fullmatch(value))
    return frozenset(unescape(line) for line in {*words.splitlines(), *attributes} if line.strip())
