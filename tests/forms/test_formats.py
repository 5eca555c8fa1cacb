"""One workbook in three formats: .xlsx, .ods and .xls of LibreOffice are read as the same, cell by cell."""

import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from python_calamine import CalamineWorkbook

from mlbatch import catalogue
from mlbatch.finding import Finding
from mlbatch.forms import all_forms, days
from mlbatch.forms.one_file import read_content
from mlbatch.plan import load_plan
from tests.recalculation import converted

PLAN = load_plan()
FORMS = all_forms(PLAN)
SAMPLES = Path(__file__).parents[2] / "input_samples"
CHOSEN = (
    "2017-09/新北市/推薦學校名單_新北市.xlsx",
    "2017-09/屏東/屏東縣推薦學校名單 (最終版).xlsx",
    "2017-12/嘉義市/2.市立阿勃國中.xlsx",
    "2017-12/評分表/審查評分表_R01.xlsx",
    "2017-12/本部清冊/公文收文紀錄.xlsx",
    "2017-12/本部清冊/學校名錄.xlsx",
    "faulty/F3-not-date/嘉義市/嘉義市_107推薦名單.xlsx",
    "faulty/F16-total/嘉義市/2.市立阿勃國中.xlsx",
)


def read(content):
    """(form, stamp, records with the cells of their places, findings) of a workbook, without its name."""
    reading = read_content(content, "檔案", FORMS, PLAN)
    assert not isinstance(reading, Finding), reading.sentence
    records = {
        table: [{**row, "place": (row["place"].sheet, dict(row["place"].cells))} for row in rows]
        for table, rows in reading.records.items()
    }
    return reading.form.id, reading.stamp, records, reading.findings


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    """Format → the bytes of each chosen file."""
    folder = tmp_path_factory.mktemp("formats")
    paths = [folder / f"{number}.xlsx" for number in range(len(CHOSEN))]
    for path, name in zip(paths, CHOSEN, strict=True):
        shutil.copy(SAMPLES / name, path)
    saved = {kind: [p.read_bytes() for p in converted(paths, kind, folder)] for kind in ("ods", "xls")}
    return {"xlsx": [path.read_bytes() for path in paths], **saved}


@pytest.mark.parametrize("kind", ["ods", "xls"])
@pytest.mark.parametrize("name", CHOSEN)
def test_the_same_data_is_read_the_same(kinds, kind, name):
    number = CHOSEN.index(name)
    assert read(kinds[kind][number]) == read(kinds["xlsx"][number])


def in_1904(content):
    """The workbook with the epoch of 1904 and every date in it as the serial of that epoch."""
    book = openpyxl.load_workbook(BytesIO(content))
    book.epoch = CALENDAR_MAC_1904
    for row in book["公文收文紀錄"].iter_rows():
        for cell in row:
            if (day := days.day(cell.value)[0]) and isinstance(cell.value, str):
                cell.value, cell.number_format = (day - CALENDAR_MAC_1904.date()).days, "General"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_serials_of_a_workbook_that_counts_from_1904():
    content = (SAMPLES / "2017-12/本部清冊/公文收文紀錄.xlsx").read_bytes()
    *_, records, findings = read(in_1904(content))
    assert records == read(content)[2]
    assert {one.kind for one in findings} == {catalogue.F13_UNDERSTOOD}


@pytest.mark.parametrize("number_format", [*range(27, 37), *range(50, 59)])
def test_dates_in_the_built_in_formats_of_taiwan(number_format):
    assert shown_by(number_format) == ((date(2017, 9, 29),), True)


@pytest.mark.parametrize("code", ["[$-404]e/m/d;@", '[$-404]e"年"m"月"d"日";@', "[$-404]ggge/m/d", "e.mm.dd"])
def test_dates_in_the_formats_of_the_republic_s_years(code):
    assert shown_by(code) == ((date(2017, 9, 29),), True)


def shown_by(number_format):
    """What the reader makes of the serial 43007 in a cell of that format, a code or a built-in number."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write_number(0, 0, 43007, book.add_format({"num_format": number_format}))
    book.close()
    out.seek(0)
    return days.days(CalamineWorkbook.from_filelike(out).get_sheet_by_index(0).to_python()[0][0])
