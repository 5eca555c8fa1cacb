"""S4: what each school is after intake (肆.一–肆.四): one verdict, its clause and its reason."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.rules import sent
from mlbatch.rules.intake import INTAKE, SINGLE
from mlbatch.rules.rule import run_rules
from mlbatch.rules.verdict import conclude
from mlbatch.tables import VERDICTS
from tests.rules.intake_tables import (
    AFTER,
    BASICS,
    BEFORE,
    LIST,
    PLAN,
    SENT,
    application,
    at_list,
    by_code,
    first,
    found,
    intake,
    letter,
    listing,
    row,
    school,
    tables,
    upload,
)  # fmt: skip

ONE, TWO = school(1), school(2)
FAR = school(1, county="屏東縣")
PLAN_ONE = "084601-國小.xlsx"
FACTS = {"label": "推薦原因", "help": "推薦該校之原因。", "sheet": LIST}
LETTER = letter(codes=f"{ONE['code']}、{TWO['code']}")


def concluded(*findings, as_of=AFTER, one=None, **registers):
    """Two listed schools with their plans, some findings of the reader, and registers."""
    plans = [application(ONE, **(one or {})), application(TWO)]
    registers = {"letters_received": [LETTER], **registers}
    made = tables(
        [listing(row(ONE), row(TWO, 2))], plans, directory=[ONE, TWO], findings=findings, **registers
    )
    return intake(made, as_of)


def blank(at, kind=catalogue.F1_BLANK):
    return Finding(kind, at, FACTS)


def verdicts(made):
    return by_code(made, "verdict")


BOTH = {ONE["code"]: "受理", TWO["code"]: "受理"}


def test_what_has_no_fault_is_accepted():
    made = concluded()
    assert by_code(made, "verdict", "clause", "why")[ONE["code"]] == ("受理", "", "")
    assert made["counties"].values.tolist() == [["南投縣", 2, 2, 2, 0]]


@pytest.mark.parametrize(
    "at", [at_list(12, "reason"), At(PLAN_ONE, BASICS, "B", 8), At(PLAN_ONE, "經費需求")]
)
def test_a_fault_is_to_be_corrected_before_closing_and_waives_after_it(at):
    made = concluded(blank(at), as_of=BEFORE)
    assert by_code(made, "verdict", "clause")[ONE["code"]] == ("待補正", "肆.四(四)4")
    assert verdicts(made)[TWO["code"]] == "受理"
    made = concluded(blank(at))
    assert by_code(made, "verdict", "clause", "why")[ONE["code"]] == (
        "視同放棄", "肆.四(四)4", "「推薦原因」未填。",
    )  # fmt: skip
    assert made["counties"]["accepted"].tolist() == [1]


def test_before_closing_the_clause_is_the_findings():
    made = concluded(one={"coverage": "無"}, as_of=BEFORE)
    assert by_code(made, "verdict", "clause")[ONE["code"]] == ("待補正", "肆.二(一)")
    assert by_code(concluded(one={"coverage": "無"}), "clause")[ONE["code"]] == "肆.四(四)4"


def test_the_day_of_closing_is_after_closing():
    fault = blank(at_list(12, "reason"))
    assert verdicts(concluded(fault, as_of=date(2017, 9, 28)))[ONE["code"]] == "待補正"
    assert verdicts(concluded(fault, as_of=date(2017, 9, 29)))[ONE["code"]] == "視同放棄"


def test_a_fault_in_a_lists_head_waives_nobody():
    assert verdicts(concluded(blank(At("南投縣.xlsx", LIST, "B", 5)))) == BOTH


def test_a_column_that_is_missing_from_a_list_concerns_all_its_schools():
    assert set(
        verdicts(concluded(blank(At("南投縣.xlsx", LIST, "", 11), catalogue.F8_NO_COLUMN))).values()
    ) == {"視同放棄"}
    assert verdicts(concluded(blank(At("南投縣.xlsx", LIST), catalogue.F8_NO_COLUMN))) == BOTH  # of the head


def test_notices_and_faults_in_registers_weigh_on_nobody():
    notice = Finding(catalogue.E7_LOST_ZERO, at_list(12, "code"), {"read": "84601", "code": "084601"})
    assert verdicts(concluded(notice, blank(At("學校名錄.xlsx", "學校名錄", "B", 6)))) == BOTH


def test_a_fault_in_a_file_that_does_not_count_weighs_on_nobody():
    fault = Finding(catalogue.F1_BLANK, At("舊.xlsx", BASICS, "B", 8), FACTS, (ONE["code"], "國小"), "屏東縣")
    plans = [application(ONE, file="舊.xlsx"), application(ONE, file="新.xlsx")]
    made = tables([listing(row(ONE))], plans, directory=[ONE], findings=[fault],
                  letters_received=[letter(codes=ONE["code"])],
                  uploads=[upload("舊.xlsx", SENT), upload("新.xlsx", SENT.replace(hour=11)), upload("南投縣.xlsx", SENT)])  # fmt: skip
    made = intake(made)
    assert verdicts(made) == {ONE["code"]: "受理"}
    assert found(made, "F1") == [("F1-blank", BASICS, "B8")]  # it stays, and goes to the school's county
    assert first(made, "F1-blank").county == "南投縣"


def test_another_countys_mistake_weighs_on_nobody_elses_school():
    lists = [listing(row(ONE)), listing(row(FAR), row(ONE, 2), county="屏東縣")]
    letters = [letter(codes=ONE["code"]), letter("屏東縣", f"{ONE['code']}、{FAR['code']}")]
    made = intake(
        tables(lists, [application(ONE), application(FAR)], directory=[ONE, FAR], letters_received=letters)
    )
    assert found(made, "S6") == [("S6-two-counties", LIST, "B13")]
    assert verdicts(made) == {ONE["code"]: "受理", FAR["code"]: "受理"}


def test_a_plan_without_recommendation_is_not_considered():
    for as_of in (BEFORE, AFTER):
        made = intake(tables(plans=[application(ONE)], directory=[ONE]), as_of)
        assert by_code(made, "verdict", "clause")[ONE["code"]] == ("未經推薦", "肆.四(一)2")


def test_a_recommendation_without_plan():
    def without(as_of):
        made = tables([listing(row(ONE))], directory=[ONE], letters_received=[letter(codes=ONE["code"])])
        return by_code(intake(made, as_of), "verdict", "clause", "why")[ONE["code"]]

    why = "推薦名單列有「縣立第1國小」，但查無該校之教學實施計畫書。"
    assert without(BEFORE) == ("待補正", "肆.四(一)2", why)
    assert without(AFTER) == ("視同放棄", "肆.四(四)4", why)


STATEMENT = {**ONE, "found_on": date(2017, 9, 1), "why": "不實"}
STEPS = [
    ("取消申請資格", {"false_statements": [STATEMENT]}),
    ("不具申請資格", {"incomplete": [{**ONE, "year": 104}]}),
    ("改列深耕計畫", {"deepening": [ONE]}),
]


@pytest.mark.parametrize("number", range(3))
def test_the_stronger_verdict_comes_first(number):
    registers = {}
    for _, more in STEPS[number:]:
        registers |= more
    fault = blank(at_list(12, "reason"))
    made = concluded(fault, letters_received=[], **registers)
    assert verdicts(made)[ONE["code"]] == STEPS[number][0]


def test_a_level_outside_the_plan_may_not_apply():
    made = tables([listing(row(ONE))], [application(ONE)], directory=[{**ONE, "level": "高中"}])
    assert by_code(intake(made), "verdict", "clause")[ONE["code"]] == ("不具申請資格", "肆.一")


def test_of_several_faults_the_one_read_first_is_the_reason():
    made = concluded(blank(At(PLAN_ONE, BASICS, "B", 13)), one={"coverage": "無"})
    assert by_code(made, "why")[ONE["code"]] == "「推薦原因」未填。"


def test_every_school_has_one_verdict():
    made = concluded(blank(at_list(12, "reason")), incomplete=[{**TWO, "year": 104}])
    assert set(made["schools"]["verdict"]) <= set(VERDICTS)
    assert made["schools"]["why"].ne("").all()


def test_a_county_of_which_no_school_is_accepted_has_none():
    made = concluded(blank(At("南投縣.xlsx", LIST, "", 11), catalogue.F8_NO_COLUMN))
    assert made["counties"]["accepted"].tolist() == [0]


def test_those_accepted_are_a_whole_number_even_where_no_county_sent_anything():
    for made in (concluded(), intake(tables(directory=[ONE]))):
        assert str(made["counties"]["accepted"].dtype) == "Int64"


def test_verdicts_stand_beside_their_schools_whatever_the_numbers_of_the_rows():
    made = tables(
        [listing(row(ONE), row(TWO, 2))], [application(ONE), application(TWO)], directory=[ONE, TWO],
        findings=[blank(at_list(13, "reason"))], letters_received=[LETTER],
    )  # fmt: skip
    made = intake(made, AFTER, "申請公文")
    done, _ = conclude(made.put(schools=made["schools"].set_axis([7, 3])), PLAN, AFTER)
    closing = datetime(2017, 9, 29, 12)
    assert by_code(done, "verdict", "closes", "closed") == {
        ONE["code"]: ("受理", closing, True),
        TWO["code"]: ("視同放棄", closing, True),
    }


# The selections ----------------------------------------------------------------------------------


def test_without_registers_a_single_file_is_checked_for_what_it_shows_itself():
    made = tables([listing(row(ONE, 2), row(TWO, 2))], [application(ONE, 2, coverage="無", counts=(0,))])
    made = replace(
        made,
        frames={name: made[name] for name in ("files", "lists", "listed", "plans", "devices", "classes")},
    )
    done, reports = run_rules(SINGLE, made, PLAN, BEFORE)
    assert {kind for kind, *_ in found(done)} == {"S6-rank-tie", "E3-no-devices", "E3-no-network"}
    ran = [report.rule.title for report in reports if not report.missing]
    assert ran == [
        "推薦序與重複推薦",
        "實施年級",
        "行動載具與無線網路",
        "兩學期之實施班級",
        "經費申請表之各列",
    ]


def test_with_the_directory_a_single_list_is_not_asked_for_its_plans():
    made = tables([listing(row(ONE), row(TWO, 2, code="084699"))], directory=[ONE, TWO])
    done, _ = run_rules(SINGLE, made, PLAN, BEFORE)
    assert found(done) == [("E7-unknown", LIST, "B13")]


def test_every_rule_cites_a_clause_and_titles_are_unique():
    titles = [rule.title for rule in INTAKE]
    assert len(titles) == len(set(titles))
    assert {rule.title for rule in SINGLE} <= {*titles, sent.SENT.title}


@pytest.mark.parametrize(("ranks", "kind"), [((1, 1), "S6-rank-tie"), ((1, 3), "S6-rank-gap")])
def test_a_slip_in_numbering_is_to_be_corrected_and_after_closing_forfeits_nobody(ranks, kind):
    made = [
        intake(
            tables(
                [listing(row(ONE, ranks[0]), row(TWO, ranks[1]))],
                [application(ONE), application(TWO)],
                directory=[ONE, TWO],
                letters_received=[LETTER],
            ),
            as_of,
        )
        for as_of in (BEFORE, AFTER)
    ]
    assert "待補正" in verdicts(made[0]).values()
    assert verdicts(made[1]) == BOTH
    assert kind in {finding.kind.id for finding in made[1].findings}


def test_the_office_may_let_a_slip_in_numbering_forfeit():
    strict = replace(PLAN, record=replace(PLAN.record, rank_slip_waives=True))
    two = tables(
        [listing(row(ONE), row(TWO, 1))],
        [application(ONE), application(TWO)],
        directory=[ONE, TWO],
        letters_received=[LETTER],
    )
    done, _ = run_rules(INTAKE, two, strict, AFTER)
    assert "視同放棄" in verdicts(done).values()
