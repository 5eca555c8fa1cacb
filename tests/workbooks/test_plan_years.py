"""年度計畫比較: each value that differs with whose it is and what follows in the forms, in its exact cells."""

from collections import Counter
from io import BytesIO

import openpyxl
import pytest

from mlbatch import plans
from mlbatch.plan import load_plan
from mlbatch.plan.changes import ADDED, CHANGED, REMOVED, changes
from mlbatch.workbooks.plan_years import comparison, said
from tests.plan.years import INVENTED, folder

OLD, NEW = load_plan(), load_plan(INVENTED)
FIRST = 6  # the row of the first difference


def rows(before, now):
    return list(plans.values(before, now)), list(plans.forms(before, now)), list(plans.clauses(before, now))


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(BytesIO(comparison(OLD, NEW, *rows(OLD, NEW))))


def row_of(sheet, column, words, also=None):
    """The number of the row whose cell in `column` holds `words`."""
    found = [
        row
        for row in range(FIRST, sheet.max_row + 1)
        if sheet[f"{column}{row}"].value == words
        and (also is None or sheet[f"{also[0]}{row}"].value == also[1])
    ]
    assert len(found) == 1, (words, found)
    return found[0]


def cells(sheet, row, columns):
    return [sheet[f"{column}{row}"].value for column in columns]


def test_the_sheets_and_their_heads(book):
    assert book.sheetnames == ["參數", "表件", "條次"]
    told = list(changes(OLD, NEW))
    kinds, ours = Counter(one.kind for one in told), sum(one.source.ours for one in told)
    sheet = book["參數"]
    assert sheet["A1"].value == "107 年度與 108 年度參數比較"
    assert sheet["A2"].value == (
        "107年國中小行動學習推動計畫　→　108年國中小行動學習推動計畫（虛構）　"
        f"變更 {kinds[CHANGED]} 處、新增 {kinds[ADDED]} 處（計畫規定 {len(told) - ours} 處、本部裁量 {ours} 處）；"
        f"另有 {len(NEW.sources) - len({one.name for one in told})} 項參數沿用"
    )
    assert (kinds[ADDED], kinds[REMOVED]) == (3, 0)
    assert [cell.value for cell in sheet[5]] == [
        "序號", "性質", "參數", "項目", "依據", "107 年度", "108 年度", "屬性", "說明", "決定者", "決定日期", "表件影響", "資料名稱",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "part", "cells_told"),
    [
        ("每班經費", "", ["變更", "柒.三(一)", "60,000", "55,000", "本部裁量", "資訊及科技教育司", "108.03.01", None]),
        ("上傳截止時間", "", ["變更", "肆.四(四)4", "106.09.29 12:00:00", "108.04.12 17:00:00", "計畫規定", None, None,
                      "期限改為 108.04.12 17:00:00（推薦學校名單、教學實施計畫書）"]),
        ("每班應繳項目", "學生作品", ["新增", "附件1", None, "108.11、109.04", "計畫規定", None, None,
                       "項目選單新增「學生作品」（學校執行紀錄簿）"]),
        ("審查權重", "執行成果", ["變更", "肆.五", "20", "30", "本部裁量", "資訊及科技教育司", "108.03.01", None]),
        ("配合度與獲獎之認定年度", "", ["變更", "肆.五(二)", "105", "107", "計畫規定", None, None,
                            "名稱由「105年配合度與獲獎」改為「107年配合度與獲獎」（107年配合度與獲獎）；"]),
        ("實施學期", "", ["變更", "肆.二(二)", "106學年度下學期、107學年度上學期", "108學年度上學期、108學年度下學期", "計畫規定", None, None,
                      "學期選單由「106學年度下學期、107學年度上學期」改為「108學年度上學期、108學年度下學期」"
                      "（教學實施計畫書、修正後教學實施計畫書、學校執行紀錄簿、學校基本資料表、實施班級異動申請、教練輔導紀錄）"]),
        ("假日", "", ["變更", "柒.九", "107.12.31、108.01.01、108.02.28、108.03.01", "109.10.01、109.10.02", "本部裁量",
                    "資訊及科技教育司", "108.03.01", None]),
    ],
)  # fmt: skip
def test_a_value_that_differs_stands_with_all_that_is_known_of_it(book, label, part, cells_told):
    sheet = book["參數"]
    row = row_of(sheet, "C", label, ("D", part or None))
    *told, follows = cells_told
    assert cells(sheet, row, "BEFGHJK") == told
    found = sheet[f"L{row}"].value
    assert found == follows or (follows and follows.endswith("；") and found.startswith(follows)), found


def test_the_new_item_of_budgets_stands_where_it_can_be_chosen(book):
    sheet = book["參數"]
    row = row_of(sheet, "D", "學生競賽報名費")
    forms = ["教學實施計畫書", "修正後教學實施計畫書", "經費申請表", "縣市經費申請表"]
    assert sheet[f"L{row}"].value == f"經費項目選單新增「學生競賽報名費」（{'、'.join(forms)}）"
    shown = [
        cells(book["表件"], number, "BDE")
        for number in range(FIRST, book["表件"].max_row + 1)
        if book["表件"][f"G{number}"].value == "學生競賽報名費"
    ]
    assert shown == [[form, "經費項目", "選單新增"] for form in forms]


def test_a_clause_that_is_gone_names_what_cites_it(tmp_path):
    line = '"伍.二(八)" = { gone = "併入伍.二(五)" }\n"玖.一" = { gone = "刪除" }\n"參" ='
    now = load_plan(folder(tmp_path / "plan", ("108.clauses.toml", '"參" =', line)))
    made = openpyxl.load_workbook(BytesIO(comparison(OLD, now, *rows(OLD, now))))["條次"]
    assert cells(made, row_of(made, "B", "玖.一"), "ADE") == ["刪除", None, "T10-officer"]
    assert cells(made, row_of(made, "B", "伍.二(八)"), "ADE") == ["刪除", None, None]
    assert cells(made, row_of(made, "B", "柒.九"), "ACDE") == [
        "變更", "108年2月底前結案，結案之認定與繳回", "109年9月底前結案，結案之認定與繳回", None,
    ]  # fmt: skip


def test_every_form_whose_blank_differs_beyond_its_dates_is_told(book):
    told = {book["表件"][f"B{row}"].value for row in range(FIRST, book["表件"].max_row + 1)}
    assert {"學校執行紀錄簿", "107年補助學校", "縣市結案紀錄", "108年教練學校", "實施班級異動申請"} <= told
    assert "縣市執行紀錄簿" not in told


def test_two_years_that_are_one_have_no_difference():
    sheet = openpyxl.load_workbook(BytesIO(comparison(OLD, OLD, *rows(OLD, OLD))))["參數"]
    assert f"沒有差異（無）；另有 {len(OLD.sources)} 項參數沿用" in sheet["A2"].value
    assert sheet["A6"].value is None


def test_it_prints_on_a4_with_heads_and_filters_and_is_the_same_each_time(book):
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.auto_filter.ref.startswith("A5:")
        assert sheet.print_title_rows == "$1:$5"
        assert sheet.freeze_panes
    assert comparison(OLD, NEW, *rows(OLD, NEW)) == comparison(OLD, NEW, *rows(OLD, NEW))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""), (True, "是"), (1_500_000, "1,500,000"), (OLD.calendar.call, "106.08.04"), ("2019-03", "108.03"),
        ("2019-03-31", "108.03.31"), ("2019-99", "2019-99"), (("甲", "乙"), "甲、乙"), ((), "無"), ({"國小": 4}, "國小=4"),
        (["2018-03", "2018-09"], "107.03、107.09"),
    ],
)  # fmt: skip
def test_a_value_is_said_as_officials_read_it(value, words):
    assert said(value) == words
