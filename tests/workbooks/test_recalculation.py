"""Every figure is a live formula, and LibreOffice computes the same (柒, 肆.五)."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from mlbatch import batch
from mlbatch.sheet import Book
from tests import recalculation

SAMPLES = Path(__file__).parent.parent.parent / "input_samples"
BOOKS = (
    "核定/核定與經費表.xlsx",
    "審查/審查總表.xlsx",
    "檢核結果.xlsx",
    "核定/核定清冊.xlsx",
    "發文清單.xlsx",
)


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """January of the sample year, and its workbooks before and after LibreOffice."""
    folder = tmp_path_factory.mktemp("january")
    done = batch.run(SAMPLES / "2018-01", folder / "out", date(2018, 1, 15))
    counties = sorted((folder / "out" / "受文者").glob("*/審查結果.xlsx"))[:2]
    before = [folder / "out" / name for name in BOOKS]
    for number, path in enumerate(counties):
        copy = folder / f"county{number}.xlsx"
        copy.write_bytes(path.read_bytes())
        before.append(copy)
    wrong = folder / "wrong.xlsx"
    book = Book("wrong")
    book.page("一").formula(0, 0, "=1+1", 3)
    wrong.write_bytes(book.save())
    after = recalculation.converted([*before, wrong], "xlsx", folder)
    return done, dict(zip([*before, wrong], after, strict=True)), folder


def test_libreoffice_agrees_on_every_formula_of_every_workbook(month):
    _, books, _ = month
    checked = 0
    for before, after in books.items():
        if before.stem != "wrong":
            assert recalculation.differences(before, after) == {}
            checked += len(recalculation.formulas(before))
    assert checked > 800


def test_a_wrong_cached_value_would_be_seen(month):
    _, books, folder = month
    wrong = folder / "wrong.xlsx"
    assert recalculation.differences(wrong, books[wrong]) == {("一", "A1"): (3, 2)}


def sheet_rows(path, title):
    """The rows of a listing as label → value, from its cached values."""
    sheet = openpyxl.load_workbook(path, data_only=True)[title]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    labels = [str(label).replace("\n", "") for label in rows[0]]
    return [dict(zip(labels, row, strict=True)) for row in rows[1:]]


def test_the_award_workbook_shows_the_figures_of_the_batch(month):
    done, _, folder = month
    schools = done.tables["schools"]
    ranked = schools[schools["rank"].notna()].sort_values("rank")
    rows = sheet_rows(folder / "out" / BOOKS[0], "學校")
    assert [row["學校代碼"] for row in rows] == ranked["code"].tolist()
    for label, name in {
        "核定班級數": "approved", "差旅輔導費": "fee", "每班經費": "per_class", "補助經費": "grant",
        "教練補助": "coach", "經常門": "current", "資本門": "capital", "計畫總額": "plan_total", "自籌": "own_share",
    }.items():  # fmt: skip
        assert [row[label] for row in rows] == ranked[name].tolist(), label


def test_every_money_cell_of_the_award_workbook_is_a_formula(month):
    _, _, folder = month
    live = recalculation.formulas(folder / "out" / BOOKS[0])
    rows = len(sheet_rows(folder / "out" / BOOKS[0], "學校"))
    for column in "JKLNOPRST":
        assert all(("學校", f"{column}{row}") in live for row in range(6, 6 + rows)), column
    assert "每班經費" in live["學校", "K6"]
    names = openpyxl.load_workbook(folder / "out" / BOOKS[0]).defined_names
    assert {"每班經費", "差旅輔導費", "本年度預算", "資本門百分比"} <= set(names)


def test_the_counties_and_the_nation_are_sums(month):
    done, _, folder = month
    rows = sheet_rows(folder / "out" / BOOKS[0], "縣市")
    totals = done.tables["totals"].iloc[0]
    assert rows[-1]["縣市"] == "合計"
    assert rows[-1]["補助總計"] == totals["granted"]
    assert sum(row["補助總計"] for row in rows[:-1]) == totals["granted"]
    assert totals["budget"] - totals["granted"] == totals["left"] >= 0


def test_one_line_is_drawn_where_the_money_ends(month):
    _, _, folder = month
    rows = sheet_rows(folder / "out" / BOOKS[0], "學校")
    marked = [number for number, row in enumerate(rows) if row["核定線"]]
    assert len(marked) == 1
    assert rows[marked[0]]["核定班級數"] > 0
    assert all(row["核定班級數"] == 0 for row in rows[marked[0] + 1 :])


def test_the_ranking_can_be_redone_by_hand(month):
    done, _, folder = month
    live = recalculation.formulas(folder / "out" / BOOKS[1])
    assert live["排序", "O6"] == '=IF(F6="","",SUM(K6:N6))'
    rows = sheet_rows(folder / "out" / BOOKS[1], "排序")
    assert len(rows) == len(done.tables["schools"])
    first = rows[0]
    parts = [value for label, value in first.items() if "×" in label]
    assert len(parts) == 4
    assert sum(parts) == pytest.approx(first["總分"])


def test_every_workbook_can_be_filtered_and_printed(month):
    _, _, folder = month
    for name in BOOKS[:3]:
        for sheet in openpyxl.load_workbook(folder / "out" / name).worksheets:
            if sheet.title in {"封面", "預算"}:
                continue
            assert sheet.auto_filter.ref, (name, sheet.title)
            assert sheet.freeze_panes
            assert sheet.print_title_rows
            assert sheet.page_setup.paperSize == 9
            assert "&P" in sheet.oddFooter.right.text or "P" in sheet.oddFooter.right.text
