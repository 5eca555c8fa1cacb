"""The days of a plan year are its own and in their order."""

import pytest

from mlbatch.plan import PlanError
from tests.plan.years import load


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("value = 2019-08-01", "value = 2018-08-01", "「計畫開始日」2018-08-01 不在 108 年。"),
        ("value = 2020-07-31\n\n[calendar.enc", "value = 2020-08-01\n\n[calendar.enc", "「計畫結束日」2020-08-01 在開始一年之後。"),
        ("value = 2019-03-11", "value = 2019-04-13", "「徵件公告日」2019-04-13 晚於「上傳截止時間」2019-04-12。"),
        ("value = 2019-04-19", "value = 2019-04-11", "「上傳截止時間」2019-04-12 晚於「申請公文期限」2019-04-11。"),
        ("value = 2019-06-01", "value = 2019-08-02", "「核定開始日」2019-08-02 晚於「核定完成日」2019-07-31。"),
        ("value = 2019-03-31\n\n[schools", "value = 2019-04-30\n\n[schools", "「102至107年計畫結案期限」2019-04-30 晚於「上傳截止時間」"),
        ("value = 2020-02-01", "value = 2020-08-01", "「第二學期起始日」2020-08-01 晚於「計畫結束日」2020-07-31。"),
        ("value = 2020-09-30", "value = 2020-07-30", "「計畫結束日」2020-07-31 晚於「結案期限」2020-07-30。"),
        ("value = 2019-10-31", "value = 2018-10-31", "「首次輔導期限」2018-10-31 不在計畫期程內。"),
        ('"學生作品" = ["2019-11", "2020-04"]', '"學生作品" = ["2018-11", "2020-04"]', "「每班應繳項目」之月份 2018-11 不在計畫期程內。"),
        ('"校外推廣" = ["2020-05"]', '"校外推廣" = ["2020-5"]', "「每校應繳項目」之月份 2020-5 不是西元年-月。"),
        ('["2019-08", "2020-02"]', '["2019-07", "2020-02"]', "「學校基本資料表」之月份 2019-07 不在計畫期程內。"),
        ('"期末成果發表會" = "2020-07"', '"期末成果發表會" = "2020-08"', "「大型活動」之月份 2020-08 不在計畫期程內。"),
        ('["108學年度上學期", "108學年度下學期"]', '["108學年度上學期"]', "「實施學期」應為兩學期。"),
        ("value = 110\n", "value = 108\n", "「不得申請之年度」應晚於 108 年度。"),
    ],
)  # fmt: skip
def test_a_day_that_is_not_of_the_year_is_refused(old, new, words, tmp_path):
    with pytest.raises(PlanError) as told:
        load(("108.toml", old, new), to=tmp_path / "plan")
    assert words in str(told.value)


def test_a_choice_of_the_office_is_held_as_well(tmp_path):
    edit = ("108.office.toml", "value = 2020-07-01", "value = 2018-12-01")
    with pytest.raises(PlanError, match="「計畫開始日」2019-08-01 晚於「結案作業開始日」2018-12-01。"):
        load(edit, to=tmp_path / "plan")
