"""A plan year as data: what it says, what it refuses (參, 肆, 柒)."""

import tomllib
from datetime import date, datetime
from importlib.resources import files

import pytest

from mlbatch import catalogue
from mlbatch.plan import PlanError, Source, load_plan
from mlbatch.plan import files as year_files

DATA = files("mlbatch.plan")


def toml(name):
    return tomllib.loads(DATA.joinpath(name).read_text("utf-8"))


def changed(monkeypatch, file, change):
    """load_plan with one of its files changed in memory."""
    parse = year_files._parsed

    def parsed(name, content):
        data = parse(name, content)
        if name == file:
            change(data)
        return data

    monkeypatch.setattr(year_files, "_parsed", parsed)
    return load_plan


def setting(value):
    return value, Source("肆.五", "試", "試", True, "本部", "2017-12-01")


def test_the_numbers_of_107():
    year = load_plan(107)
    assert year.calendar.closing == datetime(2017, 9, 29, 12)
    assert (year.calendar.call, year.calendar.letter_due) == (date(2017, 8, 4), date(2017, 10, 6))
    assert (year.calendar.start, year.calendar.end) == (date(2018, 1, 1), date(2018, 12, 31))
    assert year.classes.cap == {"國小": 4, "國中": 5}
    assert (year.classes.new_remote, year.classes.new_other) == (1, 2)
    assert year.schools.incomplete_years == (104, 105)
    assert year.areas.counties == ("花蓮縣", "臺東縣", "屏東縣")
    assert (year.bounds.one_class_min, year.bounds.one_class_max) == (100_000, 140_000)
    assert (year.bounds.more_class_min, year.bounds.more_class_max) == (50_000, 70_000)
    assert (year.bounds.county_min, year.bounds.county_max, year.bounds.coach) == (50_000, 80_000, 150_000)
    assert year.bounds.national_own_percent == 10


def test_ministry_order_of_counties():
    names = list(load_plan().counties)
    assert len(names) == 22
    assert names[:3] == ["新北市", "臺北市", "桃園市"]
    assert names[-2:] == ["金門縣", "連江縣"]
    prefixes = [prefix for county in load_plan().counties.values() for prefix in county.prefixes]
    assert len(prefixes) == len(set(prefixes))


def test_closing_day_counts_as_closed():
    calendar = load_plan().calendar
    assert not calendar.closed(date(2017, 9, 28))
    assert calendar.closed(date(2017, 9, 29))


def test_an_unknown_year_is_refused():
    with pytest.raises(PlanError, match="沒有 99 年度"):
        load_plan(99)


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("107.toml", lambda d: d["classes"].update(capp=d["classes"]["cap"]), "不認得的項目：classes.capp"),
        ("107.toml", lambda d: d["classes"].pop("cap"), "缺少項目：classes.cap"),
        ("107.toml", lambda d: d["classes"]["cap"].pop("cite"), "缺少項目：classes.cap.cite"),
        ("107.toml", lambda d: d.update(colour={}), "不認得的項目：colour"),
        ("107.toml", lambda d: d.update(year=108), "所載年度為 108"),
        ("107.toml", lambda d: d["classes"]["new_other"].update(value="2"), "種類不符"),
        ("107.toml", lambda d: d["classes"]["new_other"].update(value=True), "種類不符"),
        ("107.office.toml", lambda d: d["rates"]["fee"].pop("why"), "缺少項目：rates.fee.why"),
        ("107.office.toml", lambda d: d["rates"]["per_class"].update(value=70_001), "不在 100,000 至 140,000"),
        ("107.office.toml", lambda d: d["rates"]["fee"].update(value=39_999), "不在 100,000 至 140,000"),
        ("107.office.toml", lambda d: d["county_grant"]["base"].update(value=49_999), "縣市補助基數"),
        ("107.office.toml", lambda d: d["county_grant"]["max"].update(value=80_001), "縣市補助上限"),
        ("107.office.toml", lambda d: d["review"]["weights"]["value"].update(計畫內容=61), "合計須為 100"),
        ("107.office.toml", lambda d: d["review"]["criteria"]["value"].pop("設備與網路環境"), "合計須為 100"),
        ("107.office.toml", lambda d: d["account"]["capital_percent"].update(value=101), "資本門百分比"),
    ],
)  # fmt: skip
def test_a_plan_year_with_a_mistake_is_refused(monkeypatch, file, change, words):
    load = changed(monkeypatch, file, change)
    with pytest.raises(PlanError, match=words):
        load()


def test_a_setting_changes_with_its_source():
    year = load_plan().with_settings({"budget.total": setting(5_000_000)})
    assert year.budget.total == 5_000_000
    assert year.sources["budget.total"].on == "2017-12-01"
    assert load_plan().budget.total != 5_000_000


@pytest.mark.parametrize("name", ["classes.cap", "bounds.coach", "nothing.here"])
def test_what_the_plan_says_is_not_a_setting(name):
    with pytest.raises(PlanError, match="不是可以調整的設定"):
        load_plan().with_settings({name: setting(1)})


def test_a_setting_outside_the_plan_is_refused():
    fees = {name: setting(50_000) for name in ("rates.fee", "rates.fee_few_resources", "rates.fee_island")}
    with pytest.raises(PlanError, match="每班經費 75,000 不在 50,000 至 70,000"):
        load_plan().with_settings({"rates.per_class": setting(75_000), **fees})


CLAUSES = toml("107.clauses.toml")


def test_every_citation_of_a_value_is_a_clause():
    assert {s.cite for s in load_plan().sources.values()} <= set(CLAUSES)


def test_every_citation_of_a_finding_is_a_clause():
    assert {kind.cite for kind in catalogue.ALL} <= set(CLAUSES)


@pytest.mark.parametrize("cite", CLAUSES)
def test_every_clause_is_carried_or_says_why_not(cite):
    entry = CLAUSES[cite]
    assert entry["says"]
    carriers = set(entry) - {"says"}
    assert carriers
    assert carriers <= {"rules", "papers", "person", "later", "background"}


def test_an_office_choice_says_who_when_and_why():
    ours = [source for source in load_plan().sources.values() if source.ours]
    assert len(ours) > 20
    assert all(source.decided_by and source.on and source.says for source in ours)
    labels = [source.label for source in load_plan().sources.values()]
    assert len(labels) == len(set(labels))
