"""One workbook in three formats: .xlsx, .ods and .xls of LibreOffice are read as the same, cell by cell."""

import shutil
from pathlib import Path

import pytest

from mlbatch.finding import Finding
from mlbatch.forms import all_forms
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
