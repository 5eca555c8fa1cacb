"""W1: what the ministry waived for one school has no consequence, and says so wherever it is shown."""

from dataclasses import replace
from datetime import date

import pytest

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Severity
from mlbatch.rules.intake import INTAKE
from mlbatch.rules.rule import run_rules
from tests.rules.intake_tables import (
    AFTER,
    BASICS,
    BEFORE,
    PLAN,
    application,
    by_code,
    first,
    found,
    intake,
    letter,
    listing,
    row,
    school,
    tables,
)  # fmt: skip

ONE, TWO = school(1), school(2)
PLAN_ONE, PLAN_TWO = "084601-國小.xlsx", "084602-國小.xlsx"
EMAIL = At(PLAN_ONE, BASICS, "B", 11)
BLANK = {"label": "電子郵件", "help": "學校電子郵件。"}
NO_EMAIL = Finding(catalogue.F1_BLANK, EMAIL, BLANK)
NOTE = "〔豁免：教育部 106.10.12 臺教資(三)字第1號，信箱停用〕"
RULES = {
    kind.rule: f"{kind.id} {kind.headline}"
    for kind in (catalogue.F1_BLANK, catalogue.E4_COUNT, catalogue.E2_INCOMPLETE)
}


def waiver(rule="F1", of=ONE, **more):
    """A row of the register."""
    return {
        "rule": RULES[rule], "code": of["code"], "level": of["level"], "authority": "教育部",
        "letter_number": "臺教資(三)字第1號", "reason": "信箱停用。", "decided_on": date(2017, 10, 12), **more,
    }  # fmt: skip


def judged(*waivers, as_of=AFTER, findings=(NO_EMAIL,), one=None, **registers):
    """Two listed schools with their plans; the first plan lacks its address."""
    plans = [application(ONE, **(one or {})), application(TWO)]
    sent = letter(codes=f"{ONE['code']}、{TWO['code']}")
    lists = [listing(row(ONE), row(TWO, 2))]
    return intake(
        tables(lists, plans, directory=[ONE, TWO], findings=findings, letters_received=[sent], waivers=waivers,
               **registers),
        as_of,
    )  # fmt: skip


@pytest.mark.parametrize(("as_of", "otherwise"), [(BEFORE, "待補正"), (AFTER, "視同放棄")])
def test_a_waived_fault_has_no_consequence(as_of, otherwise):
    assert by_code(judged(as_of=as_of), "verdict")[ONE["code"]] == otherwise
    made = judged(waiver(decided_on=date(2017, 9, 1)), as_of=as_of)
    assert by_code(made, "verdict") == {ONE["code"]: "受理", TWO["code"]: "受理"}


def test_the_finding_stays_and_says_by_whom_it_was_waived():
    told = first(judged(waiver()), "F1-blank")
    assert told.kind.severity is Severity.NOTICE
    assert told.at == EMAIL
    assert told.sentence == f"「電子郵件」未填。{NOTE}"
    assert told.remedy == "已豁免，無須補正。"


def test_schools_and_the_table_of_waivers_say_what_was_waived():
    made = judged(waiver(), waiver("E4"))
    assert by_code(made, "waived") == {ONE["code"]: f"F1-blank 必填欄位未填{NOTE}", TWO["code"]: ""}
    assert made["waived"].drop(columns=["reason", "letter_number"]).values.tolist() == [
        [ONE["code"], "國小", ONE["name"], "南投縣", "F1-blank 必填欄位未填", "教育部", date(2017, 10, 12)]
    ]
    assert found(made, "W1") == [("W1-no-effect", "waivers", "A7")]


def test_words_with_braces_are_words():
    told = first(judged(waiver(reason="{why} {0} %s")), "F1-blank")
    assert told.sentence.endswith("{why} {0} %s〕")


@pytest.mark.parametrize(
    ("change", "kind", "cell", "words"),
    [
        ({"of": TWO}, "W1-no-effect", "A6", "該校沒有這項發現"),
        ({"of": school(9)}, "W1-no-effect", "A6", "送件學校中查無此代碼與學制"),
        ({"rule": "E4"}, "W1-no-effect", "A6", "該校沒有這項發現"),
        ({"decided_on": date(2018, 1, 2)}, "W1-not-yet", "G6", "豁免日期 107.01.02 晚於基準日 106.12.15"),
    ],
)
def test_what_cannot_be_applied_is_told_and_changes_nothing(change, kind, cell, words):
    made = judged(waiver(**change))
    assert found(made, "W1") == [(kind, "waivers", cell)]
    assert words in first(made, kind).sentence
    assert by_code(made, "verdict")[ONE["code"]] == "視同放棄"
    assert made["waived"].empty


def test_a_waiver_counts_from_its_day_on():
    made = judged(waiver(decided_on=AFTER))
    assert by_code(made, "verdict")[ONE["code"]] == "受理"


def test_the_second_waiver_of_one_fault_is_told():
    assert found(judged(waiver(), waiver()), "W1") == [("W1-no-effect", "waivers", "A7")]


def test_a_school_whose_request_nobody_knows_cannot_be_waived_in():
    fault = Finding(catalogue.F1_BLANK, At(PLAN_ONE, BASICS, "B", 13), BLANK)
    made = tables(
        [listing(row(ONE, requested=None))], [application(ONE, requested=None)], directory=[ONE],
        findings=(fault,), letters_received=[letter(codes=ONE["code"])], waivers=[waiver()],
    )  # fmt: skip
    made = intake(made)
    assert "申請班級數無法認定" in first(made, "W1-no-effect").sentence
    assert by_code(made, "verdict")[ONE["code"]] == "視同放棄"


def test_a_school_that_was_barred_is_no_note_against_its_county_any_more():
    barred = {"incomplete": [{"year": 105, **ONE}], "findings": ()}
    assert "S5-ineligible-listed" in {kind for kind, *_ in found(judged(**barred))}
    made = judged(waiver("E2"), **barred)
    assert by_code(made, "verdict")[ONE["code"]] == "受理"
    assert found(made, "S5") == []


def test_a_waiver_for_one_school_leaves_the_same_fault_of_another():
    faults = tuple(
        Finding(catalogue.F1_BLANK, At(file, BASICS, "B", 11), BLANK) for file in (PLAN_ONE, PLAN_TWO)
    )
    made = judged(waiver(), findings=faults)
    assert by_code(made, "verdict") == {ONE["code"]: "受理", TWO["code"]: "視同放棄"}


def test_without_the_register_the_rule_says_so_and_nothing_is_waived():
    of = tables(
        [listing(row(ONE))], [application(ONE)], directory=[ONE], letters_received=[letter(codes=ONE["code"])]
    )
    of = replace(of, frames={name: frame for name, frame in of.frames.items() if name != "waivers"})
    made, reports = run_rules(INTAKE, of, PLAN, AFTER)
    assert [report.missing for report in reports if report.rule.id == "W1"] == [("waivers",)]
    assert by_code(made, "waived") == {ONE["code"]: ""}


# Trials ------------------------------------------------------------------------------------------


def tried(kinds, as_of=AFTER, until=AFTER):
    plan = replace(PLAN, trials=replace(PLAN.trials, kinds=kinds, until=until))
    of = tables(
        [listing(row(ONE))], [application(ONE, classes=[(PLAN.schools.semesters[0], 3)] * 2)], directory=[ONE],
        findings=(Finding(catalogue.F1_BLANK, EMAIL, BLANK),), letters_received=[letter(codes=ONE["code"])],
    )  # fmt: skip
    return run_rules(INTAKE, of, plan, as_of)[0]


def test_a_check_on_trial_only_reminds_until_its_day():
    kinds = ("E4-semester", "E4-count", "F1-blank")
    made = tried(kinds)
    assert by_code(made, "verdict")[ONE["code"]] == "受理"
    told = [first(made, kind) for kind in ("E4-semester", "F1-blank")]
    assert {one.kind.severity for one in told} == {Severity.NOTICE}
    assert all(one.sentence.endswith("〔試行至 106.12.15，僅為提醒〕") for one in told)
    assert told[0].remedy == first(tried(()), "E4-semester").remedy
    assert by_code(tried(kinds, until=BEFORE), "verdict")[ONE["code"]] == "視同放棄"


def test_what_is_not_on_trial_keeps_its_weight():
    assert by_code(tried(("F1-blank",)), "verdict")[ONE["code"]] == "視同放棄"
