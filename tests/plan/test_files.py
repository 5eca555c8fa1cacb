"""A plan year that says only what changed: what it takes over, and what it must say anew."""

import shutil
from datetime import date

import pytest

from mlbatch.plan import PlanError, load_plan
from mlbatch.plan import files as year_files
from mlbatch.plan.groups import OFFICE_GROUPS
from tests.plan.years import INVENTED, folder, load, without

OLD, NEW = load_plan(), load_plan(INVENTED)
DATED = [
    name
    for name, source in OLD.sources.items()
    if name.endswith(("_year", "_years"))
    or year_files._dated(
        [OLD.value(name)] if not isinstance(OLD.value(name), tuple) else list(OLD.value(name))
    )
    or year_files._dated(source.label)
]


def test_what_is_said_is_the_years_own_and_the_rest_is_as_it_was():
    assert (NEW.year, NEW.title) == (108, "108年國中小行動學習推動計畫（虛構）")
    assert NEW.classes.cap == {"國小": 3, "國中": 6}
    assert NEW.rates.per_class == 55_000
    assert NEW.sources["rates.per_class"].on == "2019-03-01"
    assert NEW.deliverables.classes["學生作品"] == ["2019-11", "2020-04"]
    assert (NEW.rates.fee, NEW.classes.new_remote) == (OLD.rates.fee, OLD.classes.new_remote)
    assert NEW.sources["rates.fee"] == OLD.sources["rates.fee"]
    assert list(NEW.sources) == list(OLD.sources)
    assert NEW.clauses["肆.六(一)"] == "國小3班、國中6班為上限"
    assert NEW.clauses["肆.六(三)"] == OLD.clauses["肆.六(三)"]


def test_the_files_of_all_years_beneath_are_named_with_their_hashes():
    years = [f"{year}{part}.toml" for year in (108, 107) for part in ("", ".office", ".clauses")]
    assert list(NEW.hashes) == [*years, "counties.toml"]
    assert {name: NEW.hashes[name] for name in OLD.hashes} == OLD.hashes


def test_no_words_that_were_taken_over_name_a_year():
    for name, source in NEW.sources.items():
        if source == OLD.sources[name]:
            assert not year_files._dated(source.label + source.says), name
    assert not [
        cite for cite, says in NEW.clauses.items() if year_files._dated(says) and says == OLD.clauses[cite]
    ]


@pytest.mark.parametrize("name", DATED)
def test_what_names_a_day_or_a_year_is_said_anew(name, tmp_path):
    file = "108.office.toml" if name.partition(".")[0] in OFFICE_GROUPS else "108.toml"
    label = OLD.sources[name].label
    with pytest.raises(PlanError, match="108 年度沿用 107 年度之下列項目") as told:
        load_plan(without(tmp_path / "plan", file, name))
    assert str(told.value).endswith(f"請重新載明：「{label}」（{name}）。")


def test_all_that_must_be_said_anew_is_said_at_once(tmp_path):
    (tmp_path / "108.toml").write_text('year = 108\ntitle = "甲"\nbased_on = 107\n', "utf-8")
    (tmp_path / "108.office.toml").touch()
    (tmp_path / "108.clauses.toml").touch()
    with pytest.raises(PlanError) as told:
        load_plan(tmp_path)
    assert all(f"（{name}）" in str(told.value) for name in DATED)
    assert len(DATED) > 30


def test_a_clause_whose_summary_names_a_year_is_said_anew(tmp_path):
    line = next(
        one
        for one in (INVENTED / "108.clauses.toml").read_text("utf-8").splitlines()
        if one.startswith('"柒.九"')
    )
    with pytest.raises(
        PlanError, match=r"108\.clauses\.toml 沿用之條次摘要載有年度或日期，請重新載明：「柒.九」"
    ):
        load(("108.clauses.toml", line, ""), to=tmp_path / "plan")


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (("108.toml", "[classes.cap]", "[classes.capp]"), "不認得的項目：classes.capp"),
        (("108.toml", "[classes.cap]", "[colour.cap]"), "不認得的項目：colour"),
        (("108.toml", 'says = "每校補助班級數之上限，依學制"\n', ""), "缺少項目：classes.cap.says"),
        (("108.toml", "value = 75000", 'value = "75000"'), "種類不符"),
        (("108.toml", "year = 108", "year = 109"), "108.toml 所載年度為 109"),
        (("108.toml", "based_on = 107", "based_on = 108"), "based_on 為「108」，應為較早之年度"),
        (("108.toml", "based_on = 107", "based_on = 106"), "沒有 106 年度之計畫資料"),
        (("108.toml", "based_on = 107", ""), "缺少項目：areas"),
        (("108.toml", 'title = "108年國中小行動學習推動計畫（虛構）"', ""), "未載計畫名稱"),
        (("108.toml", "[classes.new_other]", "[classes]\nnew_remote = 3\n[classes.new_other]"), "「classes.new_remote」應為一節"),
        (("108.toml", 'cite = "附件1"', 'cite = "附件九"'), "「附件九」不在條次索引"),
        (("108.toml", "value = 2020-09-30", "value = 2020-09-31"), "「108.toml」不合 TOML 格式"),
        (("108.office.toml", "value = 55000", "value = 80000"), "不在 100,000 至 140,000|每班經費 80,000"),
        (("108.office.toml", '"計畫內容" = 50', '"規劃內容" = 50'), "「審查權重」應依序為：計畫內容、"),
        (("108.toml", '{ "國小" = 3, "國中" = 6 }', '{ "國中" = 6, "國小" = 3 }'), "「各學制班級數上限」應依序為：國小、國中"),
        (("108.toml", 'label = "每增1班補助上限"', 'label = "每增1班補助下限"'), "「每增1班補助下限」用於 bounds.more_class_min 與"),
        (("108.toml", 'label = "每增1班補助上限"', "label = 75000"), "「bounds.more_class_max」之 label 應為文字"),
        (("108.office.toml", "on = 2019-03-01", 'on = "108年3月1日"'), "設定 review.weights.on 的值「108年3月1日」種類不符"),
        (("108.clauses.toml", '"參" = { says = "計畫期程為108學年度"', '"參" = { say = "計畫期程為108學年度"'), "「參」之 says 應為文字"),
        (("108.clauses.toml", '"參" = {', '"伍.五" = 5\n"參" = {'), "「108.clauses.toml」之「伍.五」應為一節"),
        (("108.clauses.toml", '"參" =', '"肆.六(三)" = { gone = "併入肆.六" }\n"參" ='), "「肆.六\\(三\\)」不在條次索引"),
    ],
)  # fmt: skip
def test_a_year_with_a_mistake_is_refused(edit, words, tmp_path):
    with pytest.raises(PlanError, match=words):
        load(edit, to=tmp_path / "plan")


def test_a_folder_without_a_plan_or_with_half_of_one_is_refused(tmp_path):
    with pytest.raises(PlanError, match="沒有計畫檔"):
        load_plan(tmp_path)
    copy = folder(tmp_path / "plan")
    (copy / "108.office.toml").unlink()
    with pytest.raises(PlanError, match=r"沒有 108 年度之計畫資料（108\.office\.toml）"):
        load_plan(copy)
    (copy / "108.office.toml").write_bytes("設定".encode("big5"))
    with pytest.raises(PlanError, match=r"「108\.office\.toml」不是 UTF-8 文字檔"):
        load_plan(copy)


def test_a_clause_that_is_gone_is_out_of_the_index(tmp_path):
    gone = ("108.clauses.toml", '"參" =', '"伍.二(八)" = { gone = "併入伍.二(五)" }\n"參" =')
    assert "伍.二(八)" not in load(gone, to=tmp_path / "plan").clauses


def test_a_year_may_follow_one_that_follows_another_and_the_latest_is_meant(tmp_path):
    """109 in a folder with 108, which is shipped with nothing: 109 takes over what 108 and 107 say."""
    shutil.copytree(INVENTED, tmp_path / "plan")
    for part in ("", ".office", ".clauses"):
        text = (INVENTED / f"108{part}.toml").read_text("utf-8")
        text = text.replace("year = 108", "year = 109").replace("based_on = 107", "based_on = 108")
        for year in (2020, 2019):
            text = text.replace(f"{year}-", f"{year + 1}-")
        text = text.replace("value = 55000", "value = 56000").replace("value = 110\n", "value = 111\n")
        (tmp_path / "plan" / f"109{part}.toml").write_text(text, "utf-8")
    plan = load_plan(tmp_path / "plan")
    assert (plan.year, plan.calendar.start) == (109, date(2020, 8, 1))
    assert (plan.rates.per_class, plan.classes.new_remote) == (56_000, OLD.classes.new_remote)
    assert [name for name in plan.hashes if name.endswith(".office.toml")] == [
        "109.office.toml", "108.office.toml", "107.office.toml",
    ]  # fmt: skip
