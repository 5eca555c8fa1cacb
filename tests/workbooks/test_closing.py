"""結案總表 and what goes with it: figures of the batch, live formulas, the same in LibreOffice (Z1, Z2, Z3, Z4, Z5).

And the ring: what this year's closing writes is read by next year's run (Z4).
"""

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from mlbatch import batch
from mlbatch.forms import all_forms
from mlbatch.forms.reader import read_workbook
from mlbatch.plan import load_plan, successor
from mlbatch.rules import bases, coach_schools
from mlbatch.tables import CLOSINGS
from tests import recalculation
from tests.workbooks.test_recalculation import sheet_rows

SAMPLES = Path(__file__).parent.parent.parent / "input_samples"
AS_OF = date(2019, 3, 10)
BOOK = "結案/結案總表.xlsx"
COUNTY = "受文者/01_新北市/經費收支結算表.xlsx"


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """March 2019 of the sample year: the month, its output, and its workbooks before and after LibreOffice."""
    folder = tmp_path_factory.mktemp("march")
    done = batch.run(SAMPLES / "2019-03", folder / "out", AS_OF)
    before = [folder / "out" / name for name in (BOOK, COUNTY)]
    after = recalculation.converted(before, "xlsx", folder)
    return done, folder / "out", dict(zip(before, after, strict=True))


def test_libreoffice_agrees_on_every_formula(month):
    _, _, books = month
    assert {path.stem: recalculation.differences(path, after) for path, after in books.items()} == {
        path.stem: {} for path in books
    }
    assert sum(len(recalculation.formulas(path)) for path in books) > 600


def test_the_overview_shows_the_payees_as_the_batch_has_them(month):
    done, out, _ = month
    payees = done.tables["payees"]
    *rows, total = sheet_rows(out / BOOK, "結案情形")
    shown = {"受款單位": "payee", "核定補助": "granted", "結算表": "settlement_state", "未結事項": "open_items",
             "結案情形": "closing_state"}  # fmt: skip
    for label, name in shown.items():
        assert [row[label] for row in rows] == payees[name].tolist(), label
    assert total["應繳回"] == payees["owed"].sum() == done.tables["settling"]["owed"].sum() == 173_750
    assert total["核定補助"] == done.tables["totals"]["granted"].iloc[0]
    assert {"已結案", "逾期結案", "逾期未結案"} == set(payees["closing_state"]) <= set(CLOSINGS)


def test_each_line_shows_how_what_is_returned_was_reckoned(month):
    done, out, _ = month
    rows, settling = sheet_rows(out / BOOK, "結算"), done.tables["settling"]
    for label, name in {"核定計畫金額 A": "planned", "核定金額B": "granted", "實支金額D": "spent", "結餘E＝A−D": "balance",
                        "結餘之補助F＝E×C": "share", "退班應繳回": "classes_due", "應繳回": "owed"}.items():  # fmt: skip
        key = next(one for one in rows[0] if one.replace("\n", "") == label.replace("\n", ""))
        read = [None if row[key] == "" else row[key] for row in rows]
        assert read == [
            None if value is None else int(value)
            for value in settling[name].astype(object).where(settling[name].notna(), None)
        ], label
    live = recalculation.formulas(out / BOOK)
    assert all(("結算", f"{column}{row}") in live for column in "ILMOQSV" for row in range(6, 6 + len(rows)))
    assert any("免繳回之結餘" in formula for formula in live.values())


def test_every_sum_and_state_is_a_formula(month):
    done, out, _ = month
    live = recalculation.formulas(out / BOOK)
    for sheet, columns, rows in (("結案情形", "GHIJL", len(done.tables["payees"])), ("學校紀錄", "JK", len(done.tables["year_record"])),
                                 ("縣市紀錄", "HI", len(done.tables["county_year"]))):  # fmt: skip
        assert all((sheet, f"{column}{row}") in live for column in columns for row in range(6, 6 + rows)), (
            sheet
        )


def test_the_record_is_what_next_year_reads(month):
    done, out, _ = month
    rows = sheet_rows(out / BOOK, "學校紀錄")
    record = done.tables["year_record"]
    for label, name in {"學校代碼": "code", "分數": "score", "配合等第": "grade"}.items():
        key = next(one for one in rows[0] if one.replace("\n", "") == label)
        assert [row[key] for row in rows] == record[name].tolist()


def test_who_is_barred_stands_on_a_list_of_its_own(month):
    done, out, _ = month
    rows = sheet_rows(out / "結案" / "不得申請名單.xlsx", "不得申請名單")
    assert [row["學校代碼"] for row in rows] == done.tables["barred"]["code"].tolist()
    assert "150699" not in [row["學校代碼"] for row in rows]
    assert len(rows) > 20


def test_candidates_have_a_sheet_for_each_contest(month):
    _, out, _ = month
    path = out / "結案" / "優良候選名單.xlsx"
    assert [row["學校代碼"] for row in sheet_rows(path, "優良學校")] == ["150699"]
    assert sorted(row["學校代碼"] for row in sheet_rows(path, "輔導績優")) == ["014599", "204699"]
    assert sheet_rows(path, "傑出教師")


def test_the_coach_whose_school_won_earns_the_award_and_may_stay_on(month):
    """K4"""
    _, out, _ = month
    rows = {row["學校代碼"]: row for row in sheet_rows(out / "結案" / "優良候選名單.xlsx", "輔導績優")}
    shown = ("其中獲獎", "輔導報告", "輔導績優獎盃（牌）", "得續任下年度")
    assert [rows["204699"][name] for name in shown] == ["高雄市市立竹音國中", "已繳", "頒發", "得"]
    assert [rows["014599"][name] for name in shown] == [None, "未繳", "不頒發", "不得"]
    assert "輔導成果報告" in rows["014599"]["尚缺"]


def test_next_years_run_knows_the_coaches_that_qualify(month, tmp_path):
    """K1 of the next year: the one by its prize of this year, the other by what it coached; who lacks its report not."""
    done, out, _ = month
    for path in (out / "結案" / "下年度清冊" / "108年度").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    following = successor(load_plan())
    read = batch.read(tmp_path, following, date(2018, 9, 1)).tables
    schools, listed = done.tables["schools"], ["014599", "124598", "204699"]
    coaches = schools[schools["code"].isin(listed)].assign(place=done.tables["coaches"]["place"].iloc[0])
    made = coach_schools.qualification(read.put(schools=schools, coaches=coaches), following, AS_OF)[0][
        "coach_schools"
    ]
    rows = made.set_index("code")[["qualified", "basis", "again"]].to_dict("index")
    assert rows["124598"] == {"qualified": True, "basis": "附件3.二(一)", "again": 0}
    assert rows["204699"] == {"qualified": True, "basis": "附件3.二(二)", "again": 1}
    assert not rows["014599"]["qualified"]


def test_each_payee_gets_the_letter_that_its_state_asks_for(month):
    done, out, _ = month
    wanted = {"已結案": "結案函", "逾期結案": "結案函", "逾期未結案": "結案催送函"}
    for row in done.tables["payees"].to_dict("records"):
        name = row["county"] or row["code"]
        folder = next(path for path in (out / "受文者").iterdir() if path.name.endswith(name))
        letters = {path.stem for path in folder.glob("結案*.docx")}
        kind = (
            "結案補件通知" if row["settlement_file"] and not row["closed"] else wanted[row["closing_state"]]
        )
        assert letters == {kind}, name
        assert (folder / "經費收支結算表.xlsx").exists() == (row["settlement_state"] != "相符")


def test_a_prefilled_settlement_is_read_back_as_it_went_out(month):
    done, out, _ = month
    read = _read(out / COUNTY, load_plan())
    rows = read.records["settlement_rows"]
    assert [row["spent"] for row in rows] == [None] * len(rows)
    told = [one.at.cell for one in read.findings if one.at.column == "H"]
    assert told == [f"H{15 + number}" for number in range(len(rows))]  # what was spent is still to be filled
    sheet = openpyxl.load_workbook(out / COUNTY)["經費收支結算表"]
    codes = [sheet[f"A{row}"].value for row in range(15, 30) if sheet[f"D{row}"].value]
    own = done.tables["settling"]
    assert len(codes) == (own["county"] == "新北市").sum()


def _read(path, plan):
    return read_workbook(path.read_bytes(), path.name, all_forms(plan), plan)


# The ring --------------------------------------------------------------------------------------------

RING = {
    "108年度/107年補助學校.xlsx": ("subsidised", "schools", {"code": "code", "classes": "approved"}),
    "108年度/107年配合度與獲獎.xlsx": (
        "school_record",
        "year_record",
        {"code": "code", "score": "score", "grade": "grade"},
    ),
    "108年度/縣市結案紀錄.xlsx": (
        "county_record",
        "county_year",
        {"county": "county", "closing": "closing", "closed_105": "closed_on"},
    ),
    "108年度/107年優良學校.xlsx": ("winners", "prizes", {"code": "code", "group": "group"}),
    "108年度/107年教練學校.xlsx": (
        "former_coaches",
        "coached",
        {"code": "coach_code", "coached_code": "code"},
    ),
    "109年度/106、107年未完成資料繳交學校.xlsx": ("incomplete", "barred", {"code": "code", "name": "name"}),
}


@pytest.mark.parametrize("name", RING)
def test_next_years_run_reads_what_this_years_closing_wrote(month, name):
    done, out, _ = month
    register, table, columns = RING[name]
    plan = successor(load_plan())
    if name.startswith("109"):
        plan = successor(plan)
    read = _read(out / "結案" / "下年度清冊" / name, plan)
    assert read.stamp.year == plan.year
    assert read.findings == ()
    rows = done.tables[table]
    if register == "subsidised":
        rows = rows[rows["approved"] > 0]
    for field, column in columns.items():
        assert [row[field] for row in read.records[register]] == rows[column].tolist(), field


def test_this_years_run_refuses_them(month):
    _, out, _ = month
    path = out / "結案" / "下年度清冊" / "108年度" / "縣市結案紀錄.xlsx"
    assert _read(path, load_plan()).kind.id == "I3-other-year"


def test_next_years_run_takes_them_from_its_inbox_and_ranks_by_them(month, tmp_path):
    """R3 of the next year: a school's record is the score that this year gave it, and its awards."""
    done, out, _ = month
    for name in RING:
        if name.startswith("108"):
            (tmp_path / Path(name).name).write_bytes((out / "結案" / "下年度清冊" / name).read_bytes())
    tables = batch.read(tmp_path, successor(load_plan()), date(2018, 9, 1)).tables
    assert {"subsidised", "school_record", "county_record"} <= set(tables)
    schools = done.tables["schools"].assign(verdict="受理", closed=True)
    ranked = bases.record(tables.put(schools=schools), successor(load_plan()), AS_OF)[0]["schools"]
    given = dict(zip(ranked["code"] + ranked["level"], ranked["record"], strict=True))
    own = done.tables["year_record"]
    points = load_plan().record.award_points
    assert all(
        given[code + level] == min(100, int(score) + points * int(awards))
        for code, level, score, awards in own[["code", "level", "score", "awards"]].itertuples(index=False)
    )
    assert own["awards"].sum() == 2


def test_the_sheets_print_on_a4_with_heads_and_filters(month):
    _, out, _ = month
    for name in ("結案總表", "不得申請名單", "優良候選名單"):
        for sheet in openpyxl.load_workbook(BytesIO((out / "結案" / f"{name}.xlsx").read_bytes())).worksheets:
            assert sheet.page_setup.paperSize == 9
            assert sheet.auto_filter.ref, sheet.title
            assert sheet.freeze_panes
