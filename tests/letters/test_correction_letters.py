"""補正通知: what to correct, where, and by when (肆.四(四)4)."""

import pytest

from mlbatch.letters import correction_letters
from tests.letters.docx_file import PARTS, line, lines, rows
from tests.letters.month import AFTER, BEFORE, PLAN, faults, month


@pytest.fixture(scope="module")
def letters():
    sent = correction_letters(month(findings=faults()), PLAN, BEFORE)
    return {one.recipient.name: one for one in sent}


def test_only_those_with_something_to_act_on_get_one(letters):
    assert list(letters) == ["南投縣政府", "國立範例大學附設實驗國小"]
    assert {one.name for one in letters.values()} == {"補正通知.docx"}


def test_every_part_stands_in_order(letters):
    for one in letters.values():
        read = lines(one.content)
        firsts = [next(n for n, text in enumerate(read) if text.startswith(part)) for part in PARTS]
        assert firsts == sorted(firsts)


def test_each_row_tells_where_what_was_read_and_what_to_do(letters):
    assert rows(letters["南投縣政府"].content)[1:] == [
        ["1", "退件", "南投縣縣立松林國小", "名單.xlsx\n推薦名單　C8", "104",
         "「南投縣縣立松林國小」列於 104 年度未完成資料繳交學校。", "不具申請資格，請縣市改推薦其他學校。", "肆.一"],
        ["2", "補正", "南投縣政府", "名單.xlsx\n推薦名單　A12", "5",
         "推薦序填 5，名單共 4 校，缺少第 4 序。", "請將推薦序編為 1 至 4，不跳號。", "肆.四(一)2"],
        ["3", "補正", "南投縣縣立竹坑國小", "竹坑國小.xlsx\n實施班級　B9", "1",
         "106學年度下學期 列 1 班，申請班級數為 2 班。", "請使兩學期之實施班級數皆等於申請班級數。", "肆.二(二)"],
    ]  # fmt: skip


def test_what_was_blank_is_said_to_be(letters):
    assert rows(letters["國立範例大學附設實驗國小"].content)[1][4] == "（空白）"


def test_the_subject_carries_the_closing_time(letters):
    assert line(letters["南投縣政府"].content, "主旨") == (
        "主旨：貴府所送「107年國中小行動學習推動計畫」申請資料經檢核有應補正或不符規定事項計3件，"
        "請於106年9月29日中午12時前更正後重新上傳計畫網站，請查照轉知。"
    )
    assert line(letters["國立範例大學附設實驗國小"].content, "主旨").endswith("，請查照。")
    assert line(letters["南投縣政府"].content, "速別") == "速別："


def test_after_closing_nothing_may_be_corrected():
    made = month(findings=faults())
    made = made.put(schools=made["schools"].assign(closed=True))
    assert correction_letters(made, PLAN, AFTER) == []
