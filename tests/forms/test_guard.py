"""The look before reading, and the marks that values alone do not show."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile
from zlib import crc32

import openpyxl
import pytest
import xlsxwriter

from mlbatch import catalogue as c
from mlbatch.finding import Finding
from mlbatch.forms import all_forms, foreign, guard
from mlbatch.forms.extent import BEYOND, cells_up_to_last
from mlbatch.forms.marks import NONE, Marks, marks_of
from mlbatch.forms.reader import read_workbook
from mlbatch.plan import load_plan
from tests.forms.workbook import grids, stamped

PLAN = load_plan()
FORMS = all_forms(PLAN)
LIST = FORMS["recommendation"]
SHEET = "推薦學校名單"
ROW = {
    "code": "014501",
    "name": "示範國小",
    "level": "國小",
    "county_rank": 1,
    "requested": 3,
    "reason": "佳",
}


def content():
    rows = {"listed": [ROW, {**ROW, "county_rank": 2}, {**ROW, "county_rank": 3}]}
    return stamped(LIST, grids(LIST, {"lists": {"county": "新北市"}}, rows))


def changed(change):
    """The list after a person's change with openpyxl, which saves formulas without a value."""
    buffer = BytesIO()
    workbook = openpyxl.load_workbook(BytesIO(content()))
    change(workbook)
    workbook.save(buffer)
    return read_workbook(buffer.getvalue(), "a.xlsx", FORMS, PLAN)


def place(name, row=0):
    reading = read_workbook(content(), "a.xlsx", FORMS, PLAN)
    return reading.records["listed"][row]["place"].at(name)


def told(reading, *prefix):
    return [one for one in reading.findings if one.kind.id.startswith(prefix)]


def archive(*parts, packing=ZIP_STORED):
    buffer = BytesIO()
    with ZipFile(buffer, "w", packing) as out:
        for name, part in parts:
            out.writestr(name, part)
    return buffer.getvalue()


def test_a_healthy_workbook_has_nothing_to_tell():
    assert guard.look(content()) == guard.Look()


def test_a_part_that_came_before_is_no_pass_for_one_that_says_another_checksum():
    good = archive(("xl/a.xml", b"<a>one</a>"), packing=ZIP_DEFLATED)
    checksum = crc32(b"<a>one</a>").to_bytes(4, "little")
    for _ in range(2):
        assert guard.look(good).unreadable == ""
        with pytest.raises(BadZipFile):
            guard.look(good.replace(checksum, bytes(4)))


def test_what_is_refused_in_a_part_is_refused_each_time_that_it_comes():
    spoilt = archive(("xl/a.xml", b"<oleObject/>"), packing=ZIP_DEFLATED)
    assert [guard.look(spoilt).refused for _ in range(2)] == [foreign.OBJECT] * 2


def test_an_error_cell_is_no_blank():
    at = place("reason")
    reading = changed(lambda book: book[SHEET].__setitem__(at.cell, "#REF!"))
    (one,) = [one for one in reading.findings if one.at.cell == at.cell]
    assert (one.kind, one.read, reading.records["listed"][0]["reason"]) == (c.I7_ERROR_CELL, "#REF!", "")


def test_a_formula_that_nobody_calculated_is_no_blank():
    at = place("requested", 1)
    reading = changed(lambda book: book[SHEET].__setitem__(at.cell, "=1+2"))
    (one,) = [one for one in reading.findings if one.at.cell == at.cell]
    assert (one.kind, reading.records["listed"][1]["requested"]) == (c.I7_NOT_CALCULATED, None)


def test_a_formula_with_its_value_is_read():
    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer)
    sheet = workbook.add_worksheet()
    sheet.write_formula("A1", "=1+2", None, 3)
    sheet.write_formula("A2", '="甲"', None, "甲")
    workbook.close()
    assert guard.look(buffer.getvalue()).marks == {}


def test_a_row_of_errors_alone_is_not_lost():
    cells = [place(name, 2).cell for name in ("code", "name", "level", "county_rank", "requested", "reason")]

    def spoil(book):
        for cell in cells:
            book[SHEET][cell] = "#N/A"

    reading = changed(spoil)
    assert len(reading.records["listed"]) == 3
    assert {one.at.cell for one in told(reading, "I7-error")} >= {place("code", 2).cell}


def test_hidden_rows_columns_and_sheets_with_values_are_told():
    def hide(book):
        book[SHEET].row_dimensions[place("code", 1).row].hidden = True
        book[SHEET].row_dimensions[999].hidden = True
        book[SHEET].column_dimensions[place("reason").column].hidden = True
        book.create_sheet("其他")
        book[SHEET].sheet_state = "hidden"

    found = told(changed(hide), "I7")
    assert {one.kind for one in found} == {c.I7_HIDDEN}
    assert [one.facts["what"] for one in found] == [
        f"工作表「{SHEET}」",
        f"第 {place('code', 1).row} 列",
        f"{place('reason').column} 欄",
    ]


def test_what_is_hidden_and_empty_is_not_told():
    def hide(book):
        book[SHEET].row_dimensions[999].hidden = True
        book[SHEET].column_dimensions["Z"].hidden = True

    assert told(changed(hide), "I7") == []


def test_cells_merged_over_data_are_told_and_others_are_not():
    first, last = place("reason", 0), place("reason", 1)
    area = f"{first.cell}:{last.cell}"
    reading = changed(lambda book: (book[SHEET].merge_cells(area), book[SHEET].merge_cells("A1:Z1")))
    (one,) = told(reading, "I7")
    assert (one.kind, one.at.cell, one.facts["cells"]) == (c.I7_MERGED, first.cell, area)


def test_links_out_are_told_by_cell_and_addresses_of_mail_are_not():
    def link(book):
        book[SHEET][place("reason").cell].hyperlink = "http://example.org/"
        book[SHEET][place("reason", 1).cell].hyperlink = "mailto:a@example.org"

    (one,) = told(changed(link), "I6")
    assert (one.kind, one.at.cell) == (c.I6_FOREIGN, place("reason").cell)
    assert place("reason", 1).cell not in one.facts["cells"]


@pytest.mark.parametrize(
    ("name", "part", "what"),
    [
        ("xl/vbaProject.bin", b"", "巨集"),
        ("xl/macrosheets/sheet1.xml", b"", "Excel 4.0 巨集表"),
        ("xl/embeddings/oleObject1.bin", b"", "內嵌物件（OLE）"),
        ("xl/externalLinks/externalLink1.xml", b"<x:ddeLink/>", "DDE 連結"),
        ("xl/worksheets/sheet1.xml", b"<sheetData><c><f>cmd|' /c calc'!A0</f></c>", "DDE 連結"),
        ("xl/worksheets/sheet1.xml", b'<x:worksheet><x:f>cmd|" /c"!A0</x:f></x:worksheet>', "DDE 連結"),
        ("xl/sharedStrings.xml", "<sst><si><t>甲|乙!</t></si></sst>".encode(), ""),
    ],
)
def test_what_runs_or_hides_is_refused_by_name(name, part, what):
    looked = guard.look(archive((name, part)))
    assert looked.refused == what
    if what:
        outcome = read_workbook(archive((name, part)), "a.xlsx", FORMS, PLAN)
        assert outcome == Finding(c.I5_REFUSED, outcome.at, {"what": what})


def test_copies_of_one_name_are_all_counted(monkeypatch):
    monkeypatch.setattr(guard, "MOST_UNPACKED", 250)
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice, thrice = (archive(*[("a.xml", b"a" * 100)] * count) for count in (2, 3))
    assert guard.look(twice).unreadable == ""
    assert guard.look(thrice).unreadable[:6] == "解壓縮後大於"


@pytest.mark.parametrize("bomb", [b"0" * 21_000_000])
def test_a_ratio_that_no_sheet_has(bomb):
    buffer = BytesIO()
    with ZipFile(buffer, "w", 8) as out:
        out.writestr("xl/media/a.png", bomb)
    assert guard.look(buffer.getvalue()).unreadable == "壓縮比異常"


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (b"<!DOCTYPE a>", "內部文件含有 DOCTYPE 宣告"),
        ("<a/>".encode("utf-16"), "內部文件之編碼不是 UTF-8"),
        (b'<sst count="4294967296">', "共用字串之數目不實"),
        (b'<sst count="9" uniqueCount="4294967296">', "共用字串之數目不實"),
        (b'<sst count="9" uniqueCount="99">', ""),
        (b'<sheetData><c r="XFD1048576"/>', "工作表範圍過大，請刪除遠處之多餘內容"),
    ],
)
def test_a_part_that_is_not_sound(part, why):
    assert guard.look(archive(("xl/a.xml", part))).unreadable == why


@pytest.mark.parametrize(
    ("xml", "cells"),
    [
        (b'<row r="9"><c r="C9"/></row>', 0),
        (b'<row r="20000"><c r="C20000"/></row>', 60_000),
        (b"<row r='20000'><c r='C20000'/></row>", 60_000),
        (b" " * 99 + b'<row r="2"><c\nr="XFD2"/></row>', 2 * 16_384),
        (b'<row r="2"><c r="xfe2"/></row>', BEYOND),
        (b'<row r="1048577"/>', BEYOND),
        (b'<row r="99999999999999999999"/>', BEYOND),
        (b'<x customer="ABC1"/><row r="9"><c r="C9"/></row>', 0),
    ],
)
def test_how_far_a_sheet_reaches(xml, cells):
    assert cells_up_to_last(xml) == cells


def test_marks_are_false_where_there_are_none():
    assert not NONE
    assert not marks_of(
        b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert Marks(hidden=True)
