"""The parts of a workbook put together (試算表之封裝): text and bytes of whole rows in one, shared strings written fast."""

from __future__ import annotations

from io import StringIO

from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings


class _Written(StringIO):
    """A part while it is written: text, and bytes of whole rows as they are."""

    def __init__(self) -> None:
        super().__init__()
        self._done: list[bytes] = []

    def write_bytes(self, content: bytes) -> None:
        """Write what is encoded already."""
        self._encode()
        self._done.append(content)

    def getvalue(self) -> bytes:
        """All that was written."""
        self._encode()
        return b"".join(self._done)

    def _encode(self) -> None:
        if self.tell():
            self._done.append(super().getvalue().encode())
            self.seek(0)
            self.truncate()


class Package(Packager):
    """The parts of a workbook; each is held as the bytes that it will be."""

    def _filename(self, xml_filename):
        """Where a part is written; its bytes are its content."""
        written = _Written()
        self.filenames.append((written, xml_filename, True))
        return written

    def _write_shared_strings_file(self) -> None:
        table = self.workbook.str_table
        if table.count:
            strings = _Strings()
            strings.string_table = table
            strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            strings._assemble_xml_file()


class _Strings(SharedStrings):
    def _write_sst_strings(self) -> None:
        write = self.fh.write
        for string in self.string_table.string_array:
            if _is_plain(string):
                write(f"<si><t>{string}</t></si>")
            else:
                self._write_si(string)


def _is_plain(text: str) -> bool:
    """Whether text stands in a file character by character: nothing in it is escaped or could be lost."""
    if not text or not text.isprintable() or text[0] == " " or text[-1] == " ":
        return False
    return not ("&" in text or "<" in text or ">" in text or "_x" in text)
