"""Z2: what is returned of a grant, classes that left, reasons in writing (柒.九(三), 柒.九(一))."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch import money, refund
from mlbatch.refund import ALL_BACK, Line
from mlbatch.rules.accounting import AMOUNTS, formula
from tests.rules.closing_tables import (
    AFTER,
    CAPITAL,
    CURRENT,
    HILL,
    IN_TIME,
    LAKE,
    LINES,
    NAMES,
    PLAN,
    SEA,
    changed,
    closed,
    departure,
    form,
    found,
    payee,
    row,
    school,
    state,
    tables,
)
from tests.rules.laws import law_of

DAY = date(2019, 2, 18)


def lines(made):
    """(code, account) → the row of `settling`."""
    return {(one.school_code, one.account): one for one in made["settling"].itertuples()}


# What is to be settled -------------------------------------------------------------------------------


def test_each_account_bears_its_own_share_and_the_sums_are_the_grant():
    made = closed(tables())
    own = made["settling"]
    assert own["granted"].tolist() == [54_000, 144_000, 36_000, 144_000, 36_000, 144_000, 36_000]
    assert own["planned"].tolist() == [60_000, 160_000, 40_000, 160_000, 40_000, 160_000, 40_000]
    assert own["left"].tolist() == [""] * 7
    sums = own.groupby("county")["granted"].sum()
    assert sums.to_dict() == {"南投縣": 414_000, "": 180_000}


@pytest.mark.parametrize(
    ("day", "remaining", "amount"),
    [(date(2018, 3, 1), 1, 30_000), (date(2018, 7, 31), 1, 30_000), (date(2018, 8, 1), 0, 0)],
)
def test_a_class_that_left_returns_its_semesters_to_come(day, remaining, amount):
    made = closed(tables(gone=[departure(HILL, "減班", day, 1)]))
    assert made["departures"][["number", "remaining", "amount"]].iloc[0].tolist() == [1, remaining, amount]
    own = lines(made)
    assert own[HILL[0], CURRENT].classes_due + own[HILL[0], CAPITAL].classes_due == amount
    assert own[HILL[0], CAPITAL].classes_due == amount * 20 // 100
    assert own[LAKE[0], CURRENT].classes_due == own[LAKE[0], CURRENT].withdrawn == 0


def test_the_office_may_count_the_running_semester():
    plan = replace(PLAN, settling=replace(PLAN.settling, running_semester_remains=True))
    made = closed(tables(gone=[departure(HILL, "減班", date(2018, 3, 1), 1)]), plan=plan)
    assert made["departures"]["amount"].tolist() == [60_000]


def test_a_departure_is_told_with_its_school():
    made = closed(tables(gone=[departure(HILL, "減班", date(2018, 7, 31), 1)]))["departures"]
    assert made.to_dict("records") == [
        {
            "code": HILL[0],
            "level": HILL[1],
            "name": NAMES[HILL],
            "change": "減班",
            "number": 1,
            "day": date(2018, 7, 31),
            "reason": "教師異動",
            "remaining": 1,
            "amount": 30_000,
        }
    ]


def test_who_left_before_the_last_day_of_succession_has_no_grant_to_settle():
    made = closed(tables(gone=[departure(HILL, "減班", PLAN.budget.succession_until, 1)]))
    assert made["departures"].empty


def test_more_classes_than_are_left_are_not_returned_twice():
    gone = [departure(HILL, "減班", date(2018, 5, 1), 1), departure(HILL, "放棄補助", date(2018, 6, 1))]
    made = closed(tables(gone=gone))
    assert made["departures"]["number"].tolist() == [1, 1]
    own = lines(made)[HILL[0], CURRENT]  # of a whole school the accounts say what is returned
    assert (own.withdrawn, own.classes_due, own.left) == (2, 0, "放棄補助")


def test_of_a_school_that_has_no_class_left_none_leaves():
    gone = [departure(HILL, "減班", date(2018, 5, 1), 2), departure(HILL, "減班", date(2018, 6, 1), 1)]
    assert closed(tables(gone=gone))["departures"]["number"].tolist() == [2]


def test_the_coach_grant_is_current_money():
    schools = [school(HILL, coach=150_000, plan_total=350_000), school(LAKE), school(SEA)]
    own = lines(closed(tables(schools=schools)))
    assert (own[HILL[0], CURRENT].planned, own[HILL[0], CURRENT].granted) == (310_000, 294_000)
    assert (own[HILL[0], CAPITAL].planned, own[HILL[0], CAPITAL].granted) == (40_000, 36_000)


def test_a_countys_workshop_is_granted_and_planned_besides():
    made = tables()
    made = closed(made.put(counties=made["counties"].assign(workshop=20_000)))
    own = lines(made)["", CURRENT]
    assert (own.planned, own.granted) == (80_000, 74_000)


def test_a_county_that_is_granted_nothing_itself_settles_nothing_itself():
    made = tables()
    made = closed(made.put(counties=made["counties"].assign(county_grant=0)))
    assert ("", CURRENT) not in lines(made)


def test_where_nobody_is_paid_the_tables_have_their_columns_and_no_rows():
    made = tables()
    names = ("settling", "departures")
    usual = {name: list(closed(made)[name].columns) for name in names}
    none = closed(made.put(payees=made["payees"].iloc[:0], schools=made["schools"].iloc[:0]))
    assert {name: list(none[name].columns) for name in names} == usual
    assert usual["departures"] == [
        "code",
        "level",
        "name",
        "change",
        "number",
        "day",
        "reason",
        "remaining",
        "amount",
    ]
    assert all(none[name].empty for name in names)


# What is returned ------------------------------------------------------------------------------------


def test_a_surplus_up_to_the_exemption_is_kept():
    made = closed(tables(form(changed(_1={"spent": 60_000}))))
    assert found(made) == []
    own = lines(made)[HILL[0], CURRENT]
    assert (own.balance, own.share, own.owed) == (100_000, 90_000, 0)


def test_a_surplus_beyond_it_is_returned_in_the_ratio_of_the_grant():
    rows = changed(_1={"spent": 60_000}, _3={"spent": 159_999})
    made = closed(tables(form(rows)))
    assert found(made) == [("Z2-refund", "N16")]  # of 1 dollar the share is nothing
    assert made.findings[0].facts["wanted"] == "90,000"
    assert "100,000 × 核定 144,000 ÷ 計畫 160,000 = 90,000" in made.findings[0].sentence
    rows[1] |= {"refund": 90_000, "refunded_on": DAY}
    assert found(closed(tables(form(rows)))) == []


def test_money_of_classes_that_left_is_returned_whatever_is_left():
    gone = [departure(HILL, "減班", date(2018, 7, 1), 1)]
    due = {"classes_due": 24_000, "withdrawn": 1, "reason": "教師異動"}
    rows = changed(_1=due, _2={**due, "classes_due": 6_000})
    assert found(closed(tables(form(rows), gone=gone))) == [("Z2-refund", "N16"), ("Z2-refund", "N17")]
    rows[1] |= {"refund": 24_000, "refunded_on": DAY}
    rows[2] |= {"refund": 6_000, "refunded_on": DAY}
    made = closed(tables(form(rows), gone=gone))
    assert found(made) == []
    assert state(made)["owed"] == state(made)["refund"] == 30_000


def test_who_left_wholly_returns_what_was_not_spent_and_is_not_exempt():
    gone = [departure(HILL, "放棄補助", date(2018, 10, 1))]
    left = {"left": "放棄補助", "withdrawn": 2, "reason": "併校"}
    rows = changed(_1={**left, "spent": 150_000}, _2=left)
    made = closed(tables(form(rows), gone=gone))
    assert found(made) == [("Z2-refund", "N16")]
    assert made.findings[0].facts["wanted"] == "9,000"


def test_who_made_false_statements_returns_everything():
    gone = [departure(HILL, "取消資格", date(2018, 10, 1))]
    left = {"left": "取消資格", "withdrawn": 2, "reason": "填寫不實", "refunded_on": DAY}
    rows = changed(_1={**left, "refund": 144_000}, _2={**left, "refund": 36_000})
    assert found(closed(tables(form(rows), gone=gone))) == []
    rows[2] |= {"refund": 35_999}
    assert found(closed(tables(form(rows), gone=gone))) == [("Z2-refund", "N17")]


@pytest.mark.parametrize(
    ("line", "exempt", "words"),
    [
        (
            Line(160_000, 144_000, 144_000, 60_000),
            False,
            "結餘 100,000 × 核定 144,000 ÷ 計畫 160,000 = 90,000",
        ),
        (Line(160_000, 144_000, 144_000, 170_000), False, "結餘 0 × 核定 144,000 ÷ 計畫 160,000 = 0"),
        (
            Line(160_000, 144_000, 144_000, 159_990),
            True,
            "結餘 10 × 核定 144,000 ÷ 計畫 160,000 = 9（結餘在免繳回之數以下，免繳）",
        ),
        (
            Line(160_000, 144_000, 144_000, 159_990, left="放棄補助"),
            True,
            "結餘 10 × 核定 144,000 ÷ 計畫 160,000 = 9",
        ),
        (
            Line(160_000, 144_000, 144_000, 160_000, 24_000),
            False,
            "結餘 0 × 核定 144,000 ÷ 計畫 160,000 = 0；退班 24,000，取其大者",
        ),
        (
            Line(160_000, 144_000, 100_000, 60_000),
            False,
            "結餘 100,000 × 核定 144,000 ÷ 計畫 160,000 = 90,000；扣除未撥付 44,000",
        ),
        (Line(160_000, 144_000, 100_000, 60_000, left=ALL_BACK), False, "取消資格，撥付 100,000 全數繳回"),
    ],
)
def test_how_it_was_reckoned_is_said_in_words(line, exempt, words):
    assert formula(line, exempt) == words


def test_the_amounts_of_a_form_are_whole_numbers_and_unknown_without_one():
    gone = [departure(HILL, "放棄補助", date(2018, 10, 1))]
    left = {"left": "放棄補助", "withdrawn": 2, "reason": "併校"}
    first = {**left, "spent": 150_000, "refund": 9_000, "refunded_on": DAY}
    made = closed(tables(form(changed(_1=first, _2=left)), gone=gone))
    assert {str(kind) for kind in made["settling"][list(AMOUNTS)].dtypes} == {"Int64"}
    own = lines(made)[HILL[0], CURRENT]
    assert (own.spent, own.balance, own.share, own.owed, own.refund) == (150_000, 10_000, 9_000, 9_000, 9_000)
    assert (own.refunded_on, own.reason, own.exempt) == (DAY, "併校", True)
    assert own.formula == "結餘 10,000 × 核定 144,000 ÷ 計畫 160,000 = 9,000"
    national = made["settling"][made["settling"]["school_code"] == SEA[0]]
    assert national[["spent", "balance", "share", "owed", "refund"]].isna().all(axis=None)
    assert national["reason"].tolist() == ["", ""]


# What is told, each at its cell ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("differs", "wanted"),
    [
        ({"granted": 1}, [("Z2-figures", "F16")]),
        ({"planned": 160_001}, [("Z2-figures", "E16")]),
        ({"paid": 0}, [("Z2-figures", "G16")]),
        ({"spent": 160_001}, [("Z2-spent", "H16")]),
        ({"spent": 160_000}, []),
        ({"refund": 1, "refunded_on": DAY}, [("Z2-refund", "N16")]),
        ({"withdrawn": 1}, [("Z2-classes", "K16")]),
    ],
)
def test_a_line_that_differs_is_told_at_its_cell(differs, wanted):
    assert found(closed(tables(form(changed(_1=differs))))) == wanted


@pytest.mark.parametrize(
    ("differs", "wanted"),
    [
        ({"refunded_on": None}, [("Z2-no-date", "O16")]),
        ({"refunded_on": date(2019, 2, 28)}, [("Z2-future-date", "O16")]),
        ({"refunded_on": IN_TIME}, []),
        ({"reason": ""}, [("Z2-no-reason", "P16")]),
    ],
)
def test_money_returned_needs_a_day_and_a_departure_a_reason(differs, wanted):
    gone = [departure(HILL, "放棄補助", date(2018, 10, 1))]
    left = {"left": "放棄補助", "withdrawn": 2, "reason": "併校"}
    first = {**left, "spent": 150_000, "refund": 9_000, "refunded_on": DAY, **differs}
    assert found(closed(tables(form(changed(_1=first, _2=left)), gone=gone))) == wanted


def test_a_finding_of_a_line_concerns_its_school_and_of_the_countys_own_line_the_county():
    told = closed(tables(form(changed(_0={"granted": 1}, _1={"granted": 1})))).findings
    assert [(one.school, one.county, one.facts["name"]) for one in told] == [
        (("", ""), "南投縣", "南投縣政府"),
        (HILL, "南投縣", NAMES[HILL]),
    ]


def test_a_return_without_its_day_concerns_the_school_that_returned_it():
    gone = [departure(HILL, "放棄補助", date(2018, 10, 1))]
    left = {"left": "放棄補助", "withdrawn": 2, "reason": "併校"}
    rows = changed(_1={**left, "spent": 150_000, "refund": 9_000}, _2=left)
    (told,) = closed(tables(form(rows), gone=gone)).findings
    assert (told.kind.id, told.school, told.facts["name"]) == ("Z2-no-date", HILL, NAMES[HILL])


def test_what_is_left_blank_for_nothing_is_nothing():
    assert found(closed(tables(form(changed(_1={"refund": None, "withdrawn": None}))))) == []


def test_what_was_paid_is_what_the_ministry_paid_whatever_the_form_says():
    made = closed(tables(form(changed(_1={"paid": 0}))))
    assert lines(made)[HILL[0], CURRENT].paid == 144_000


def test_a_line_that_is_missing_unknown_or_twice_is_told():
    rows = changed()
    assert found(closed(tables(form(rows[:-1])))) == [("Z1-lacks-row", "B4")]
    assert found(closed(tables(form([*rows, row(SEA, CURRENT)])))) == [("Z1-not-due", "A20")]
    assert found(closed(tables(form([*rows, row(*LINES[1])])))) == [("Z1-twice", "D20")]


def test_a_payment_that_cannot_be_told_by_account_is_taken_from_the_form():
    made = tables(form(), payees=[payee(paid=400_000), payee(("", *SEA))])
    assert closed(made)["settling"]["paid"].tolist()[:2] == [54_000, 144_000]
    assert found(closed(made)) == []


# Which one counts ------------------------------------------------------------------------------------


def test_a_stranger_two_versions_and_a_later_one():
    stranger = form(key=("連江縣", "", ""), file="連江.xlsx", payee="連江縣政府")
    assert found(closed(tables(stranger, form()))) == [("Z1-unknown-payee", "B4")]
    two = tables(form(), form(file="又一份.xlsx"), uploads={})
    assert found(closed(two)) == [("Z1-two-forms", "B4"), ("Z1-two-forms", "B4")]
    times = {"結算表.xlsx": datetime(2019, 2, 1, 9), "又一份.xlsx": datetime(2019, 2, 2, 9)}
    last = closed(tables(form(rows=changed(_1={"granted": 1})), form(file="又一份.xlsx"), uploads=times))
    assert found(last) == []
    assert state(last)["settlement_file"] == "又一份.xlsx"
    assert last["files"].set_index("file")["bucket"].to_dict() == {
        "結算表.xlsx": "被取代",
        "又一份.xlsx": "收回",
    }


@pytest.mark.parametrize(
    ("key", "name", "school", "county", "read"),
    [
        (("連江縣", "", ""), "連江縣政府", ("", ""), "連江縣", "連江縣政府"),
        (("連江縣", "", ""), "", ("", ""), "連江縣", "連江縣"),
        (("", "150601", "國小"), "國立示範附小", ("150601", "國小"), "", "國立示範附小"),
    ],
)
def test_a_settlement_of_no_payee_is_told_of_whom_it_names(key, name, school, county, read):
    stranger = form(key=key, file="其他.xlsx", payee=name)
    (told,) = closed(tables(stranger)).findings
    assert (told.school, told.county, told.read) == (school, county, read)


def test_a_settlement_is_filed_by_whose_it_is_and_by_the_day_of_its_letter_without_a_time():
    made = closed(tables(form(), form(key=("", *SEA), file="國立.xlsx"), uploads={}))
    assert made["files"].set_index("file")["document"].to_dict() == {
        "結算表.xlsx": "settlement-南投縣-",
        "國立.xlsx": "settlement-080601-國小",
    }
    assert state(made)["settlement_on"] == date(2019, 2, 19)
    assert state(closed(tables(form())))["settlement_on"] == date(2019, 2, 20)


def test_what_comes_after_the_day_is_not_yet():
    assert state(closed(tables()))["settlement_file"] == ""
    made = closed(tables(form(), uploads={"結算表.xlsx": datetime(2019, 3, 1, 9)}))
    assert state(made)["settlement_state"] == "未收到"
    assert closed(tables(form(), uploads={"結算表.xlsx": datetime(2019, 3, 1, 9)}), AFTER)["payees"][
        "closed"
    ].any()


# Laws ------------------------------------------------------------------------------------------------

AMOUNT = st.integers(0, 10**8)


@law_of(200)
@given(planned=AMOUNT, more=AMOUNT, unpaid=AMOUNT, spent=AMOUNT, due=AMOUNT, exempt=st.booleans(),
       left=st.sampled_from(["", "放棄補助", refund.ALL_BACK]))  # fmt: skip
def test_what_is_returned_is_never_negative_nor_above_what_was_paid(
    planned, more, unpaid, spent, due, exempt, left
):
    granted = max(0, planned - more)
    line = refund.Line(planned, granted, max(0, granted - unpaid), spent, min(due, granted), left)
    assert 0 <= line.owed(exempt) <= line.paid
    assert line.owed(exempt) <= line.owed(False)
    if line.paid == granted and not left:
        assert line.owed(False) == max(line.classes_due, money.surplus_share(planned, granted, spent))


@law_of(25)
@given(spent=st.lists(st.integers(0, 200_000), min_size=5, max_size=5))
def test_the_sums_of_lines_are_the_payees(spent):
    rows = [{**one, "spent": amount} for one, amount in zip(changed(), spent, strict=True)]
    made = closed(tables(form(rows)))
    own = made["settling"][made["settling"]["county"] == "南投縣"]
    assert state(made)["owed"] == own["owed"].sum()
    assert (own["balance"] == own["planned"] - own["spent"]).all()
    kept = own["balance"].clip(lower=0).sum()
    assert (
        (own["owed"].sum() == 0)
        if kept <= PLAN.settling.exempt_surplus
        else (own["owed"] == own["share"]).all()
    )
