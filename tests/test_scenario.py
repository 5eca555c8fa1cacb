"""What if: scenarios side by side, and the budget and the amount a class at which a school turns (柒.三※)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from mlbatch import batch, breakeven, cli, rules, scenario
from mlbatch.forms import all_forms, blank
from mlbatch.ledger import claims, open_ledger
from mlbatch.plan import load_plan
from mlbatch.plan.groups import OFFICE_GROUPS
from mlbatch.plan.plan import Source
from mlbatch.rules import allotment, subsidy
from mlbatch.rules.rule import Part
from mlbatch.stop import CannotRun
from mlbatch.workbooks import scenarios as book
from mlbatch.workbooks.compared import compared as of_all
from tests import recalculation
from tests.rules.award_tables import AS_OF, law, plan_with, programmes, registers, school, tables

SAMPLES = Path(__file__).parent.parent / "input_samples"
DAY = date(2018, 1, 15)
PLAN = load_plan()
LABELS = {name: label for label, name in PLAN.settings().items()}
SETTINGS = {
    "預算減": {"budget.total": "6,930,000"},
    "立院刪減": {"budget.total": "6,000,000", "rates.cut": "是"},
    "重成果": {"review.weights": "計畫內容=40、執行成果=40"},
    "不酌減": {"reduction.by_grade": "丙=0、丁=0"},
    "每班五萬": {"rates.per_class": "50000"},
}


def written(folder, name, changes):
    """A settings workbook."""
    rows = [
        {
            "label": LABELS[key],
            "value": value,
            "decided_by": "試算",
            "decided_on": date(2018, 1, 5),
            "why": "試算",
        }
        for key, value in changes.items()
    ]
    path = folder / f"{name}.xlsx"
    path.write_bytes(blank.blank(all_forms(PLAN)["settings"], PLAN, values={"settings": rows}))
    return path


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """The sample January under five scenarios: (scenarios, the workbook)."""
    folder = tmp_path_factory.mktemp("scenarios")
    files = [written(folder, name, changes) for name, changes in SETTINGS.items()]
    found = scenario.compare(SAMPLES / "2018-01", files, folder / "out", DAY)
    return found, folder / "out" / "情境比較.xlsx"


def proposals(of):
    schools = of.tables["schools"]
    return dict(zip(schools["code"] + schools["level"], schools["proposed"].tolist(), strict=True))


def test_the_present_is_what_the_month_proposes(compared):
    month = batch.decide(batch.read(SAMPLES / "2018-01", PLAN, DAY))
    assert proposals(compared[0][0]) == proposals(month)
    assert [one.name for one in compared[0]] == [scenario.PRESENT, *SETTINGS]


def test_a_scenario_is_what_the_month_would_be_from_its_beginning(compared):
    """Where a scenario begins anew (FIRST_READ) leaves out nothing that reads its settings."""
    month = batch.read(SAMPLES / "2018-01", PLAN, DAY)
    read = scenario._without(month.tables, "decisions")
    for one in compared[0]:
        whole = rules.run_rules((*rules.INTAKE, *rules.REVIEW, *rules.AWARD), read, one.plan, DAY)[0]
        assert proposals(one) == proposals(replace(one, decided=whole)), one.name
        assert one.tables["totals"].equals(whole["totals"])


# What is shared --------------------------------------------------------------------------------------

VARIED = {
    "budget": [{"budget.total": total} for total in (0, 1_000_000, 6_930_000, 7_700_001)],
    "shares": [{"budget.reserve_percent": 60}, {"budget.max_schools": 1}, {"budget.min_schools": 1}],
    "rates": [{"rates.per_class": 50_000}, {"rates.cut": True}, {"rates.fee_island": 41_000}],
    "county": [{"county_grant.base": 60_000}, {"county_grant.reduction_percent": 50}],
    "weights": [{"review.weights": {"計畫內容": 10, "執行成果": 70, "資源不足": 10, "縣市配合": 10}}],
    "ranking": [{"review.correct_severity": True}, {"review.second_call_last": False}],
    "before": [{"reduction.by_grade": {"丙": 0, "丁": 0}}, {"record.award_points": 9}, {"review.gap": 0}],
    "account": [{"account.capital_percent": 10}],
}
BELOW = {"budget.total": 5_000_000}  # such that the line falls between schools, whatever else is changed


def with_changes(changes):
    source = Source("肆.五", "試", "試", True, "本部", "2017-12-01")
    return PLAN.with_settings({name: (value, source) for name, value in changes.items()})


@pytest.fixture(scope="module")
def month():
    """The sample January, ready for scenarios: what was read without decisions, and the tables between the stages."""
    read = batch.read(SAMPLES / "2018-01", PLAN, DAY)
    return replace(read, tables=scenario._without(read.tables, "decisions")), scenario.before_stages(read)


def plans_of(month):
    """The month's own plan, and a plan for each change of VARIED, alone and with less money."""
    own = month[0].plan
    given = {"現行": own}
    for group, each in VARIED.items():
        for number, changes in enumerate(each):
            for more in ({}, BELOW):
                sources = {name: replace(own.sources[name]) for name in {**more, **changes}}
                named = {name: (value, sources[name]) for name, value in {**more, **changes}.items()}
                given[f"{group} {number} {bool(more)}"] = own.with_settings(named)
    return given


def test_every_table_that_is_shared_is_what_the_month_would_be(month):
    """Scenarios share what their settings agree in; each is the same as if it were decided alone, from its beginning."""
    read, before = month
    aside = ["current", "capital", "percent", "plan_total", "own_share"]
    for one in scenario.under(plans_of(month), read.plan, before, DAY):
        whole = rules.run_rules((*rules.INTAKE, *rules.REVIEW, *rules.AWARD), read.tables, one.plan, DAY)[0]
        assert set(one.tables) == set(whole)
        assert not one.tables.ready
        assert set(one.decided) < set(whole)
        for name in whole:
            wanted = whole[name].drop(
                columns=[column for column in aside if name in AIDED and column in whole[name]]
            )
            assert_frame_equal(one.tables[name][wanted.columns], wanted, obj=f"{one.name} {name}")


AIDED = ("schools", "counties")  # whose columns the rules give that are left aside


def test_budgets_share_the_order_of_allotment_and_weights_do_not(month, monkeypatch):
    read, before = month
    asked, order = [], allotment.ordered
    monkeypatch.setattr(allotment, "ordered", lambda *given: asked.append(given) or order(*given))

    def orders(*changes):
        asked.clear()
        scenario.under({str(one): with_changes(one) for one in changes}, read.plan, before, DAY)
        return len(asked)

    assert orders(*({"budget.total": total} for total in range(5))) == 1
    assert orders({"budget.total": 5}, {"rates.per_class": 50_000}, {"rates.per_class": 50_001}) == 3


# What a part reads -----------------------------------------------------------------------------------


class Read:
    """A group of settings, or a plan, that notes what is read of it."""

    def __init__(self, of, noted, prefix=""):
        self.of, self.noted, self.prefix = of, noted, prefix

    def __getattr__(self, name):
        if self.prefix:
            self.noted.add(self.prefix + name)
            return getattr(self.of, name)
        value = getattr(self.of, name)
        return Read(value, self.noted, f"{name}.") if name in OFFICE_GROUPS else value

    def value(self, name):
        self.noted.add(name)
        return self.of.value(name)


def undeclared(part, tables, plan):
    """The settings that a part reads and does not name, and the tables that it makes."""
    noted: set[str] = set()
    made = part.run(tables, Read(plan, noted), DAY)
    return noted - set(scenario._settings_of(part, plan.settings().values())), made


def test_a_part_reads_no_setting_that_it_does_not_name(month):
    for name, plan in plans_of(month).items():
        tables = month[1][scenario.RANKING]
        for rule in (*scenario.STAGES[scenario.RANKING], *scenario.STAGES[scenario.AWARD]):
            assert bool(rule.parts) == bool(rule.spell) == (rule.run not in scenario.ASIDE), rule.title
            for part in rule.parts:
                found, tables = undeclared(part, tables, plan)
                assert found == set(), (name, rule.title)


@pytest.mark.parametrize("wrong", [(), ("rates.fee", "rates.cut"), ("budget",)])
def test_a_part_that_names_too_little_is_seen(month, wrong):
    part = Part(subsidy.pay, wrong)
    assert "rates.per_class" in undeclared(part, month[1][scenario.AWARD], PLAN)[0]


def test_no_stage_reads_a_setting_of_a_later_one(month):
    read, before = month
    names = set(PLAN.settings().values())
    for number, stage in enumerate(scenario.STAGES[: scenario.RANKING]):
        noted: set[str] = set()
        rules.run_rules(stage, before[number], Read(read.plan, noted), DAY)
        assert {name for name in noted & names if scenario._first_read(name) > number} == set()
        assert noted


@pytest.mark.parametrize("name", sorted(LABELS))
def test_every_setting_begins_before_the_first_rule_that_reads_it(name):
    """A rule that reads a group of settings says so in its source: none of an earlier stage may."""
    group, key = name.split(".")
    for number, stage in enumerate(scenario.STAGES[: min(scenario._first_read(name), scenario.RANKING)]):
        for rule in stage:
            source = Path(rule.run.__code__.co_filename).read_text("utf-8")
            reads = f"plan.{group}.{key}" in source
            assert not reads, f"{rule.title} of stage {number} reads {name}"


# The workbook ----------------------------------------------------------------------------------------


def test_what_it_changes_is_told_in_the_clerks_words(compared):
    changes = {one.name: dict(one.changes) for one in compared[0]}
    assert changes["現行"] == {}
    assert changes["預算減"] == {"本年度預算": ("7,700,000", "6,930,000")}
    assert changes["立院刪減"]["預算經刪減"] == ("否", "是")
    assert changes["不酌減"] == {"配合度等第酌減班級數": ("丙=1、丁=2", "丙=0、丁=0")}


def test_less_money_lowers_nobody_up_and_loses_somebody(compared):
    present, less = (proposals(one) for one in compared[0][:2])
    assert all(less[key] <= present[key] for key in present)
    assert sum(less.values()) < sum(present.values())


def test_the_workbook_is_the_same_from_whole_tables(compared):
    """Figures are compared as they were worked out; the tables that they are spelt as say the same."""
    spelt = [replace(one, decided=one.tables) for one in compared[0]]
    assert not any(one.decided.ready for one in spelt)
    assert book.comparison(spelt, scenario.turning_points(spelt[0])) == compared[1].read_bytes()


def test_schools_are_found_whatever_their_order_in_a_scenario(compared):
    """The rows of 學校 are the present's, also where a scenario's tables have another order."""
    present, *others = compared[0]
    shuffled = [
        replace(one, decided=one.tables.put(schools=one.tables["schools"].sample(frac=1, random_state=3)))
        for one in others
    ]
    plain, found = of_all([present, *others]), of_all([present, *shuffled])
    assert plain.rows == found.rows
    assert (plain.classes.tolist(), plain.grants.tolist()) == (found.classes.tolist(), found.grants.tolist())
    assert not (plain.classes == plain.classes[0]).all()


def test_libreoffice_agrees_on_every_formula(compared, tmp_path):
    path = compared[1]
    (after,) = recalculation.converted([path], "xlsx", tmp_path)
    assert recalculation.differences(path, after) == {}
    assert len(recalculation.formulas(path)) > 1_000


def test_the_workbook_adds_up_and_names_who_flips(compared):
    sheets = openpyxl.load_workbook(compared[1], data_only=True)
    assert sheets.sheetnames == ["摘要", "學校", "縣市", "變動", "損益點", "情境參數", "參數"]
    summary = {row[0]: row for row in sheets["摘要"].iter_rows(min_row=6, values_only=True)}
    for one in compared[0]:
        totals = one.tables["totals"].iloc[0]
        assert summary[one.name][1] == totals["budget"]
        assert summary[one.name][6] == totals["granted"]
        assert summary[one.name][7] == totals["left"]
        funded = one.tables["schools"]["proposed"].fillna(0)
        assert summary[one.name][2:4] == (int((funded > 0).sum()), int(funded.sum()))
    flips = [row[:2] for row in sheets["變動"].iter_rows(min_row=6, values_only=True)]
    lost = [name for name, change in flips if change == "落選"]
    assert lost.count("預算減") == summary["預算減"][12] > 0
    assert {"預算減", "立院刪減", "重成果", "每班五萬"} == {name for name, _ in flips}


def test_the_turning_points_repeat_what_is_proposed_now(compared):
    sheet = openpyxl.load_workbook(compared[1], data_only=True)["損益點"]
    schools = compared[0][0].tables["schools"].set_index(["code", "level"])
    seen = 0
    for row in sheet.iter_rows(min_row=6, values_only=True):
        assert row[18] == schools.loc[(row[2], row[4]), "proposed_outcome"]
        seen += 1
    assert seen == (schools["rank"].notna()).sum()


# Turning points ----------------------------------------------------------------------------------


def in_order(schools, plan, **facts):
    """The claims in the order of allotment, and a ledger maker."""
    rated = subsidy.rates(tables(schools, **facts), plan, AS_OF)[0]
    turns = allotment.order(claims(rated, plan), plan.budget)
    return [turn.claim for turn in turns if not turn.beyond], lambda changed=plan: open_ledger(rated, changed)


def line(asking, ledger):
    """Classes of each claim, the line drawn as the plan says: in order, never past an unfinished one."""
    given, reached = {}, False
    for claim in asking:
        given[claim.key] = 0 if reached else ledger.most(claim)
        ledger.pay(claim, given[claim.key])
        reached = reached or given[claim.key] < claim.allowed
    return given


TERMS = st.fixed_dictionaries(
    {"budget__min_schools": st.integers(0, 2), "budget__max_schools": st.integers(0, 3)}
)


@law
@given(programmes(), registers(), TERMS)
def test_a_school_comes_in_at_its_budget_and_not_a_dollar_below(schools, facts, terms):
    plan = plan_with(**terms)
    asking, ledger = in_order(schools, plan, **facts)
    for point in breakeven.points(asking, ledger()):
        for classes in {1, point.claim.allowed}:
            needed = point.budget(classes)
            at, below = (
                line(asking, ledger(plan_with(**terms, budget__total=n))) for n in (needed, needed - 1)
            )
            assert at[point.key] >= classes
            assert below[point.key] < classes


@law
@given(programmes(), registers(), st.integers(0, 1_800_000))
def test_a_school_falls_out_one_dollar_a_class_above_its_most(schools, facts, total):
    plan = plan_with(budget__total=total)
    asking, ledger = in_order(schools, plan, **facts)
    for point in breakeven.points(asking, ledger()):
        for classes in {1, point.claim.allowed}:
            most = point.per_class(classes, total)
            if most < 0:  # nothing helps: not even classes that cost nothing
                free = [claim._replace(per_class=0) for claim in asking]
                assert line(free, ledger())[point.key] < classes
                continue
            at, above = ([claim._replace(per_class=most + n) for claim in asking] for n in (0, 1))
            assert line(at, ledger())[point.key] >= classes
            assert line(above, ledger())[point.key] < classes


def test_the_amounts_at_which_a_school_turns_are_whole_dollars():
    """A mainland school with 2 classes and its county's 52,000; then one of the same county, 2,000 more."""
    asking, ledger = in_order([school(1), school(2, allowed=1)], PLAN)
    first, second = breakeven.points(asking, ledger())
    assert (first.fixed, first.county, first.classes) == (112_000, 52_000, 0)
    assert (second.fixed, second.county, second.classes) == (174_000, 2_000, 2)
    assert (first.budget(2), second.budget(1)) == (232_000, 354_000)
    most = second.per_class(1, 354_001)
    assert (most, type(most)) == (60_000, int)


# What is refused ------------------------------------------------------------------------------------


def test_what_cannot_be_compared_is_said_in_a_sentence(tmp_path):
    def refused(*files, month="2018-01", day=DAY, out="out"):
        with pytest.raises(CannotRun) as told:
            scenario.compare(SAMPLES / month, files, tmp_path / out, day)
        assert not (tmp_path / out).exists()
        return str(told.value)

    one = written(tmp_path, "甲", {"budget.total": "1"})
    (tmp_path / "b").mkdir()
    same = written(tmp_path / "b", "甲", {"budget.total": "2"})
    assert refused(one, same) == "有兩個情境同名為「甲」，請更改檔名。"
    other = SAMPLES / "2018-01" / "本部清冊" / "審查委員.xlsx"
    assert refused(other) == "「審查委員.xlsx」不是「辦理設定」，無法作為情境。"
    dear = written(tmp_path, "乙", {"rates.per_class": "90000"})
    assert refused(dear).startswith("情境「乙」：")
    wrong = written(tmp_path, "丙", {"budget.total": "很多"})
    assert "很多" in refused(wrong)
    assert refused(one, month="2017-09", day=date(2017, 9, 20)).startswith("情境比較須先完成排序。")
    with pytest.raises(CannotRun, match="不可放在收件資料夾內"):
        scenario.compare(tmp_path, [one], tmp_path / "out", DAY)


def test_the_command_says_what_it_wrote_and_what_to_do_next(tmp_path):
    one = written(tmp_path, "預算減", SETTINGS["預算減"])
    done = CliRunner().invoke(
        cli.commands,
        [
            "compare",
            str(SAMPLES / "2018-01"),
            str(one),
            "--out",
            str(tmp_path / "out"),
            "--as-of",
            "2018-01-15",
        ],
    )
    assert done.exit_code == 0, done.output
    assert done.output.startswith("已比較現行設定與 1 個情境：")
    assert "下一步：" in done.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"情境比較.xlsx", "run.json"}
