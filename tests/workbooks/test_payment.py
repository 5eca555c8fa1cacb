"""撥款總覽 and 計畫經費說明表: figures of the batch, live formulas, the same in LibreOffice (P1, 肆.七)."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from mlbatch import batch
from mlbatch.tables import CLAIMS
from tests import recalculation
from tests.workbooks.test_recalculation import sheet_rows

SAMPLES = Path(__file__).parent.parent.parent / "input_samples"
OVERVIEW = "請款/撥款總覽.xlsx"


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """February of the sample year: the month, its output, and its workbooks before and after LibreOffice."""
    folder = tmp_path_factory.mktemp("february")
    done = batch.run(SAMPLES / "2018-02", folder / "out", date(2018, 2, 10))
    before = [folder / "out" / OVERVIEW, folder / "out" / "經費" / "經費編列檢核.xlsx"]
    summary = folder / "彙整表.xlsx"
    summary.write_bytes((folder / "out" / "受文者" / "01_新北市" / "縣市經費彙整表.xlsx").read_bytes())
    before.append(summary)
    for path in sorted((folder / "out").glob("受文者/*/計畫經費說明表.xlsx")):
        copy = folder / f"{path.parent.name}.xlsx"
        copy.write_bytes(path.read_bytes())
        before.append(copy)
    checklist = folder / "檢核表.xlsx"
    checklist.write_bytes((folder / "out" / "請款" / "檢核表" / "14_屏東縣.xlsx").read_bytes())
    after = recalculation.converted([*before, checklist], "xlsx", folder)
    return done, folder / "out", dict(zip([*before, checklist], after, strict=True))


def test_libreoffice_agrees_on_every_formula(month):
    _, _, books = month
    assert {path.stem: recalculation.differences(path, after) for path, after in books.items()} == {
        p.stem: {} for p in books
    }
    assert sum(len(recalculation.formulas(path)) for path in books) > 700


def test_the_overview_shows_the_payees_as_the_batch_has_them(month):
    done, out, _ = month
    payees = done.tables["payees"]
    *rows, total = sheet_rows(out / OVERVIEW, "總覽")
    for label, name in {
        "受款單位": "payee", "校數": "schools", "班級數": "classes", "經常門": "current", "資本門": "capital",
        "核定補助": "granted", "應備": "due", "已收": "received", "未收": "missing", "未簽章": "unsigned",
        "缺漏合計": "gaps", "逾期": "late", "請款情形": "state", "本次撥款": "pay_now",
    }.items():  # fmt: skip
        assert [row[label] for row in rows] == payees[name].tolist(), label
    assert total["核定補助"] == done.tables["totals"]["granted"].iloc[0]
    assert set(payees["state"]) == set(CLAIMS)


def test_every_count_state_and_sum_is_a_formula(month):
    _, out, _ = month
    live = recalculation.formulas(out / OVERVIEW)
    last = 5 + len(sheet_rows(out / OVERVIEW, "總覽")) - 1
    for column in "GHIJKLMOP":
        assert all(("總覽", f"{column}{row}") in live for row in range(6, last + 1)), column
    papers = sheet_rows(out / OVERVIEW, "文件")
    assert all(("文件", f"N{row}") in live for row in range(6, 6 + len(papers)))


def test_the_sums_agree_with_the_budget(month):
    done, out, _ = month
    values = recalculation.cells(out / OVERVIEW)
    money = {values["撥款", f"A{row}"]: values["撥款", f"B{row}"] for row in range(5, 12)}
    totals = done.tables["totals"].iloc[0]
    assert money["本年度預算"] == totals["budget"]
    assert money["核定補助"] == totals["granted"] == sum(money[state] for state in CLAIMS)
    assert money["預算餘額"] == totals["left"]
    assert money["可撥款"] == done.tables["payees"]["pay_now"].sum() > 0


def test_every_paper_that_is_wanting_stands_on_a_sheet_of_its_own(month):
    done, out, _ = month
    papers = done.tables["papers_due"]
    wanting = papers[papers["gap"] != ""]
    rows = sheet_rows(out / OVERVIEW, "缺件")
    assert [(row["文件"], row["情形"]) for row in rows] == list(
        zip(wanting["paper"], wanting["gap"], strict=True)
    )
    assert {row["情形"] for row in rows} == {"未收", "未核章", "未簽名", "待修正", "查無檔案", "經費待修正"}


def test_a_countys_statement_adds_up_to_its_grant(month):
    done, _, books = month
    counties = done.tables["counties"].set_index("county")
    for path in books:
        if path.stem in ("撥款總覽", "檢核表", "經費編列檢核", "彙整表"):
            continue
        county = counties.loc[path.stem.partition("_")[2]]
        sheet = openpyxl.load_workbook(path, data_only=True)["計畫經費說明表"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
        total = next(row for row in rows if row[0] == "總計")
        assert total[11] == county["granted"] == total[9] + total[10]
        assert total[13] == county["plan_total"] + county["workshop"]
        assert total[14] == county["own_share"]


def test_a_checklist_goes_out_again_with_what_was_recorded(month):
    _, out, _ = month
    sheet = openpyxl.load_workbook(out / "請款" / "檢核表" / "01_新北市.xlsx")["請款文件檢核表"]
    assert [sheet[f"{column}19"].value for column in "DEFGHIJ"] == [
        "合作備忘錄", "簽名", "是", "是", "否", "107.02.07", "尚缺校長簽名",
    ]  # fmt: skip
    assert sheet["G26"].value is None
    assert len(list((out / "請款" / "檢核表").iterdir())) == 10


def test_the_sheets_print_on_a4_with_heads_and_filters(month):
    _, out, books = month
    for path in [out / OVERVIEW, next(path for path in books if path.stem.endswith("新北市"))]:
        for sheet in openpyxl.load_workbook(path).worksheets:
            assert sheet.page_setup.paperSize == 9
            if sheet.title != "撥款":
                assert sheet.auto_filter.ref, sheet.title
                assert sheet.freeze_panes


def test_budgets_stand_beside_the_award(month):
    """G1, G3: every school with a grant has its row; what it budgeted is the sum of its lines."""
    done, out, _ = month
    *rows, total = sheet_rows(out / "經費" / "經費編列檢核.xlsx", "學校")
    schools = done.tables["schools"]
    assert [row["情形"] for row in rows] == schools.loc[
        schools["budget_state"] != "", "budget_state"
    ].tolist()
    lines = done.tables["budgeted"]
    paid = lines[(lines["fund"] == "補助") & (lines["account"] == "經常門") & (lines["code"] != "")]
    assert total["編列經常門"] == paid["amount"].sum() > 0
    assert {row["差異"] for row in rows if row["情形"] == "相符"} == {0}
