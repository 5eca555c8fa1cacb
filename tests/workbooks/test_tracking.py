"""繳交追蹤表 and 催繳通知 of the sample June: what stands there, live, and the same in LibreOffice (T9, 伍.二(四))."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from mlbatch import batch
from mlbatch.obligation import OVERDUE
from mlbatch.tables import records
from tests import recalculation
from tests.letters.docx_file import words
from tests.workbooks.test_recalculation import sheet_rows

SAMPLES = Path(__file__).parent.parent.parent / "input_samples"
BOOK = "追蹤/繳交追蹤表.xlsx"


@pytest.fixture(scope="module")
def june(tmp_path_factory):
    """The month, its output, and two of its workbooks before and after LibreOffice."""
    folder = tmp_path_factory.mktemp("june")
    done = batch.run(SAMPLES / "2018-06", folder / "out", date(2018, 6, 30))
    own = folder / "縣市.xlsx"
    own.write_bytes((folder / "out" / "受文者" / "01_新北市" / "繳交追蹤表.xlsx").read_bytes())
    before = [folder / "out" / BOOK, own]
    return (
        done,
        folder / "out",
        dict(zip(before, recalculation.converted(before, "xlsx", folder), strict=True)),
    )


def test_libreoffice_agrees_on_every_formula(june):
    _, _, books = june
    assert [recalculation.differences(path, after) for path, after in books.items()] == [{}, {}]
    assert sum(len(recalculation.formulas(path)) for path in books) > 4_000


def test_every_duty_stands_in_the_workbook_once(june):
    done, out, _ = june
    rows, duties = sheet_rows(out / BOOK, "明細"), done.tables["duties"]
    assert len(rows) == len(duties)
    assert sorted(row["情形"] for row in rows) == sorted(duties["state"])
    assert sum(row["尚欠"] for row in rows) == (duties["number"] - duties["done"]).sum()


def test_progress_counts_required_duties_by_county_now_and_a_month_ago(june):
    done, out, _ = june
    *rows, total = [row for row in sheet_rows(out / BOOK, "進度") if row["縣市"]]
    duties = done.tables["duties"]
    owed = duties[duties["required"]]
    assert total["逾期"] == (owed["state"] == OVERDUE).sum()
    assert total["上月逾期"] == (owed["before"] == OVERDUE).sum()
    taipei = next(row for row in rows if row["縣市"] == "新北市")
    assert taipei["逾期增減"] == taipei["逾期"] - taipei["上月逾期"]
    assert [row["縣市"] for row in rows][-1] == "國立學校"


def test_the_progress_has_its_chart(june):
    book = openpyxl.load_workbook(june[1] / BOOK)
    (chart,) = book["進度"]._charts
    assert [len(series.val.numRef.f) > 0 for series in chart.series] == [True] * 3


def test_reminders_go_to_those_who_owe_and_to_nobody_else(june):
    done, out, _ = june
    late = done.tables["duties"].query("state == @OVERDUE")
    counties = set(late.loc[~late["national"], "county"])
    national = set(late.loc[late["national"], "code"])
    folders = {path.parent.name for path in out.glob("受文者/*/催繳通知.docx")}
    assert {name.partition("_")[2] for name in folders if not name.startswith("90")} == counties
    assert {name.rpartition("_")[2] for name in folders if name.startswith("90")} == national


def test_a_reminder_names_each_item_and_its_day(june):
    _, out, _ = june
    said = words((out / "受文者/01_新北市/催繳通知.docx").read_bytes())
    for word in ("市立沐雲國小", "教師心得", "107.04.30", "附件1", "伍.二(四)", "不得申請109年計畫"):
        assert word in said
    assert "屏東" not in said


def test_who_has_handed_in_gets_no_second_blank(june):
    done, out, _ = june
    blanks = {path.name for path in out.glob("受文者/*/執行紀錄/*_執行紀錄簿.xlsx")}
    came = {f"{code}-{level}" for code, level in done.tables["logbooks"]["school"]}
    names = {f"{row['code']}_{row['name']}_{row['level']}_執行紀錄簿.xlsx": f"{row['code']}-{row['level']}"
             for row in records(done.tables["schools"]) if row["approved"]}  # fmt: skip
    assert {names[name] for name in blanks if name in names} == set(names.values()) - came
    counties = {path.name for path in out.glob("受文者/*/執行紀錄/*_縣市執行紀錄簿.xlsx")}
    assert counties == {
        "宜蘭縣_縣市執行紀錄簿.xlsx",
        "屏東縣_縣市執行紀錄簿.xlsx",
        "澎湖縣_縣市執行紀錄簿.xlsx",
    }


def test_the_overview_tells_what_is_overdue_beside_last_month(june):
    done, out, _ = june
    page = (out / "總覽.html").read_text("utf-8")
    duties = done.tables["duties"]
    assert f"上月 {(duties['before'] == OVERDUE).sum():,} 項" in page
    assert "逾期未辦之單位" in page
    assert "年度追蹤：本月到期" in page
