"""One school's story: each step with its clause and its sum."""

import json

import pytest

from mlbatch.pages import story, telling
from mlbatch.plan import load_plan
from mlbatch.stop import CannotRun
from tests.pages.month import small_month


@pytest.fixture(scope="module")
def told():
    return json.loads(story.told(small_month(), load_plan()))


def steps(told, index):
    return [(step["事項"], step["說明"], step["依據"]) for step in told["schools"][index]["steps"]]


def test_a_funded_school_from_file_to_own_share(told):
    assert steps(told, 0) == [
        ("送件", "推薦序第 1；計畫書 屏東縣/海風.xlsx。", "肆.四"),
        ("資格審查", "受理。", "肆.一"),
        (
            "班級數上限",
            "申請 3 班、國小上限 4 班，取最小，配合度丙等減 1 班（至少留 1 班），核計 2 班。",
            "肆.六",
        ),
        ("委員評分", "R01：80 分；R02：83 分；平均 81.50 分。", "肆.五(一)"),
        (
            "總分",
            "計畫內容 81.50×60%＝48.90；執行成果 75.00×20%＝15.00；資源不足 100.00×10%＝10.00；"
            "縣市配合 90.00×10%＝9.00；合計 82.90 分。",
            "肆.五",
        ),
        ("名次", "第 1 名。", "肆.五"),
        ("核定建議", "核定，2 班。", "柒.三"),
        ("本部裁示", "核定 1 班。理由：配合校舍整建", "肆.五"),
        ("補助經費", "差旅輔導費 80,000＋1 班×60,000＝140,000 元。", "柒.三(一)"),
        ("經資門", "經常門 112,000 元，資本門 28,000 元。", "肆.四(四)1"),
        ("自籌", "補助比率 90%，計畫總額 155,556 元，自籌 15,556 元。", "柒.一"),
    ]


def test_a_waived_school_ends_at_its_reason(told):
    found = steps(told, 1)
    assert [topic for topic, _, _ in found] == ["送件", "檢核發現（補正）", "資格審查"]
    assert found[1][1].endswith("［屏東縣/名單.xlsx，推薦學校名單，B13］")
    assert found[2][1].startswith("視同放棄。")
    assert found[2][2] == "肆.四(四)4"


@pytest.fixture
def folder(tmp_path, told):
    (tmp_path / "decisions.json").write_text(json.dumps(told), "utf-8")
    return tmp_path


@pytest.mark.parametrize("wanted", ["130601", "130601-國小", "海風國小"])
def test_a_school_is_found_by_code_key_or_name(folder, wanted):
    text = telling.tell(telling.find(folder, wanted))
    assert text.startswith("屏東縣　海風國小（130601，國小）\n")
    assert "差旅輔導費 80,000＋1 班×60,000＝140,000 元。（柒.三(一)）" in text


def test_an_unknown_school_is_said_so(folder):
    with pytest.raises(CannotRun, match="查無學校「沒有國小」"):
        telling.find(folder, "沒有國小")


@pytest.mark.parametrize("wanted", ["海風", "1306", "海鳳國小"])
def test_what_is_like_a_school_is_answered_with_it(folder, wanted):
    with pytest.raises(CannotRun, match=r"可能為：.*130601-國小（屏東縣海風國小）"):
        telling.find(folder, wanted)


def test_of_many_schools_that_may_be_meant_some_are_named(folder, told):
    many = [{**told["schools"][0], "code": f"1306{n:02}"} for n in range(7)]
    (folder / "decisions.json").write_text(json.dumps({"schools": many}), "utf-8")
    with pytest.raises(CannotRun, match=r"130604-國小（屏東縣海風國小）等 7 校。$"):
        telling.find(folder, "海風")


def test_what_is_like_no_school_is_answered_with_none(folder):
    with pytest.raises(CannotRun, match=r"完整校名。$"):
        telling.find(folder, "Q")


def test_a_code_at_two_levels_asks_which(folder, told):
    twin = {**told["schools"][0], "level": "國中"}
    (folder / "decisions.json").write_text(json.dumps({"schools": [*told["schools"], twin]}), "utf-8")
    with pytest.raises(CannotRun, match="130601-國小（屏東縣海風國小）、130601-國中"):
        telling.find(folder, "130601")
    assert telling.find(folder, "130601-國中")["level"] == "國中"


def test_a_folder_without_stories_is_no_output(tmp_path):
    with pytest.raises(CannotRun, match="不是輸出資料夾"):
        telling.find(tmp_path, "130601")
