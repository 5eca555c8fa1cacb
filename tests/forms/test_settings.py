"""What the office changes within a year: text of a register becomes settings of the plan."""

from datetime import date

import pandas as pd
import pytest

from mlbatch import catalogue as c
from mlbatch.finding import Place
from mlbatch.forms.settings import settings_from
from mlbatch.plan import PlanError, load_plan

PLAN = load_plan()
LABELS = {name: label for label, name in PLAN.settings().items()}


def table(*rows):
    """Rows of (setting's name, value)."""
    return pd.DataFrame(
        [
            {
                "label": LABELS.get(name, ""), "value": value, "decided_by": "資訊及科技教育司",
                "decided_on": date(2017, 12, 1), "why": "審議結果",
                "place": Place("設定.xlsx", "辦理設定", number, {"value": ("B", number)}),
            }
            for number, (name, value) in enumerate(rows, 5)
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words", "value"),
    [
        ("budget.total", "9,000萬", 90_000_000),
        ("account.capital_percent", "25%", 25),
        ("rates.cut", "是", True),
        ("review.correct_severity", "V", True),
        ("record.letter_corrected_by", "106.10.25", date(2017, 10, 25)),
        ("islands.counties", "澎湖縣、金門縣", ("澎湖縣", "金門縣")),
        ("reduction.by_grade", "丁＝3", {"丙": 1, "丁": 3}),
        (
            "review.weights",
            "計畫內容=50、執行成果=30",
            {"計畫內容": 50, "執行成果": 30, "資源不足": 10, "縣市配合": 10},
        ),
        ("office.officer", "李示範", "李示範"),
        ("trials.kinds", "E4-count、E7-name", ("E4-count", "E7-name")),
        ("trials.until", "106.12.31", date(2017, 12, 31)),
    ],
)
def test_a_value_takes_the_type_of_the_setting(name, words, value):
    changes, findings = settings_from(table((name, words)), PLAN)
    plan = PLAN.with_settings(changes)
    assert findings == []
    assert plan.value(name) == value
    source = plan.sources[name]
    assert (source.cite, source.label, source.ours) == (PLAN.cite(name), LABELS[name], True)
    assert (source.says, source.decided_by, source.on) == ("審議結果", "資訊及科技教育司", "2017-12-01")


@pytest.mark.parametrize("name", sorted(LABELS))
def test_every_setting_can_be_set_to_what_it_is(name):
    present = PLAN.value(name)
    words = {True: "是", False: "否"}.get(present) if isinstance(present, bool) else None
    if isinstance(present, dict):
        words = "、".join(f"{key}={value}" for key, value in present.items())
    elif isinstance(present, tuple):
        words = "、".join(present) or "無"
    changes, findings = settings_from(table((name, words or str(present))), PLAN)
    assert findings == []
    assert PLAN.with_settings(changes).value(name) == present


@pytest.mark.parametrize(
    ("name", "words"),
    [("budget.total", "很多"), ("budget.total", ""), ("rates.cut", "也許"), ("record.letter_corrected_by", "下週"),
     ("reduction.by_grade", "戊=1"), ("review.weights", "計畫內容"), ("islands.counties", "、")],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_a_finding_and_the_default_stays(name, words):
    changes, (one,) = settings_from(table((name, words)), PLAN)
    assert changes == {}
    assert (one.kind, one.at.file, one.at.cell, one.read) == (c.F12_SETTING, "設定.xlsx", "B5", words)
    assert LABELS[name] in one.sentence


def test_a_setting_given_twice_is_a_finding_at_the_second():
    changes, (one,) = settings_from(table(("budget.total", "9000萬"), ("budget.total", "8000萬")), PLAN)
    assert changes["budget.total"][0] == 90_000_000
    assert one.at.cell == "B6"


def test_a_setting_outside_the_plans_bounds_is_refused_by_the_plan():
    changes, findings = settings_from(table(("rates.per_class", "49,000")), PLAN)
    assert findings == []
    with pytest.raises(PlanError, match="每班經費"):
        PLAN.with_settings(changes)


def test_a_row_whose_setting_could_not_be_read_is_left_out():
    assert settings_from(table(("no.such", "1")), PLAN) == ({}, [])


def test_no_register_changes_nothing():
    assert settings_from(None, PLAN) == ({}, [])
