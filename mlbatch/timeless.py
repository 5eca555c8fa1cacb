"""What LibreOffice made, without what depends on the moment (同樣的內容，同樣的位元組).

An ODF package gets fixed times and loses the random number of the editing session. A PDF loses the
moment of its making, in place, and gets an identifier from its content. What then remains is the same
for the same source, whenever it is made; a PDF's fonts are numbered through the files of one call.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from io import BytesIO

MADE = (2018, 1, 1, 0, 0, 0)
SESSION = re.compile(rb'(config:name="Rsid(?:Root)?" config:type="int">)\d+')
MOMENT = re.compile(rb"/(?:Creation|Mod)Date\(D:[^)]*\)|/DocChecksum ?/[0-9A-F]{32}")
IDENTIFIER = re.compile(rb"(/ID ?\[ ?<)[0-9A-Fa-f]{32}(>\s*<)[0-9A-Fa-f]{32}(> ?\])")
END = b"%%EOF"


class Broken(Exception):
    """A file that LibreOffice did not finish."""


def timeless(content: bytes) -> bytes:
    """An ODF package or a PDF in a fixed spelling. Raises Broken for what is neither, or not whole."""
    try:
        return _pdf(content) if content.startswith(b"%PDF-") else _package(content)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise Broken from None


def _package(content: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as made, zipfile.ZipFile(out, "w") as fixed:
        for entry in made.infolist():
            part = made.read(entry)
            own = zipfile.ZipInfo(entry.filename, MADE)
            own.compress_type, own.create_system = entry.compress_type, 0
            fixed.writestr(own, SESSION.sub(rb"\g<1>0", part) if entry.filename == "settings.xml" else part)
    return out.getvalue()


def _pdf(content: bytes) -> bytes:
    """Every place in the file stays where it was, so that its table of places holds."""
    if not content.rstrip().endswith(END):
        raise Broken
    fixed = _identified(MOMENT.sub(lambda found: b" " * len(found[0]), content), b"0" * 32)
    return _identified(fixed, hashlib.sha256(fixed).hexdigest()[:32].upper().encode())


def _identified(content: bytes, digest: bytes) -> bytes:
    return IDENTIFIER.sub(rb"\g<1>%s\g<2>%s\3" % (digest, digest), content)
