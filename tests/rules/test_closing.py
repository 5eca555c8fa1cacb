"""Z1, Z3, Z6: closed if and only if nothing is open; who is barred; due dates and holidays (柒.九(一), 玖.二)."""

from dataclasses import replace
from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch import workday
from mlbatch.plan import PlanError, load_plan
from mlbatch.plan.plan import within_bounds
from mlbatch.rules.closing import BARRED, conclude
from mlbatch.tables import AS_APPROVED, NOT_SENT
from tests.rules.closing_tables import (
    AFTER,
    COUNTY,
    HILL,
    IN_TIME,
    LAKE,
    NAMES,
    PLAN,
    SEA,
    changed,
    closed,
    departure,
    duty,
    form,
    found,
    payee,
    state,
    tables,
)
from tests.rules.laws import law_of

NOVEMBER, LATE, END = date(2018, 11, 30), date(2019, 1, 5), date(2018, 12, 31)
NATIONAL = ("", *SEA)
MOVING = replace(PLAN, settling=replace(PLAN.settling, to_working_day=True))


def owed(item="成果報告書", key=HILL, **more):
    """A duty of which nothing was done."""
    return {**duty(item, NOVEMBER, key, done=0, state="逾期"), "day": None, **more}


def open_items(made, key=COUNTY):
    """(school, item, why) of what a payee has open."""
    rows = made["closing_items"]
    own = rows[(rows["county"] == key[0]) & (rows["code"] == key[1]) & rows["open"]]
    return list(own[["school_code", "item", "why"]].itertuples(index=False, name=None))


# Z1 ------------------------------------------------------------------------------------------------


def test_who_has_settled_and_handed_in_everything_is_closed():
    made = closed(tables(form(), duties=[duty("成果報告書", NOVEMBER)]))
    assert open_items(made) == []
    assert state(made)[["closed", "closing_state", "closed_on"]].tolist() == [
        True,
        "已結案",
        date(2019, 2, 20),
    ]
    assert state(made, NATIONAL)["closing_state"] == "未結案"
    assert open_items(made, NATIONAL) == [("", "經費收支結算表", "未送")]


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (tables(form(), duties=[owed()]), (HILL[0], "成果報告書", "尚缺 1 件")),
        (tables(form(), duties=[owed(number=4, done=1)]), (HILL[0], "成果報告書", "尚缺 3 件")),
        (tables(form(), payees=[payee(state=NOT_SENT, paid_on=None)]), ("", "請款與撥款", "補助款尚未撥付")),
        (tables(form(changed(_1={"granted": 1}))), ("", "經費收支結算表", "待修正")),
    ],
    ids=["report", "classes", "payment", "settlement"],
)  # fmt: skip
def test_each_thing_that_is_open_keeps_it_from_closing(made, wanted):
    done = closed(made)
    assert wanted in open_items(done)
    assert not state(done)["closed"]


def test_returned_money_must_have_arrived():
    due = {"classes_due": 24_000, "withdrawn": 1, "reason": "教師異動"}
    rows = changed(_1={**due, "refund": 24_000, "refunded_on": date(2019, 2, 28)},
                   _2={**due, "classes_due": 6_000, "refund": 6_000, "refunded_on": IN_TIME})  # fmt: skip
    made = tables(form(rows), gone=[departure(HILL, "減班", date(2018, 7, 1), 1)])
    assert open_items(closed(made)) == [("", "繳回款", "應繳回而未繳 24,000 元")]
    assert open_items(closed(made, AFTER)) == []
    assert state(closed(made, AFTER))["closed_on"] == date(2019, 2, 28)
    rows = closed(made)["closing_items"]
    (own,) = rows[rows["item"] == "繳回款"].itertuples()
    assert (own.cite, own.done_on) == (PLAN.cite("closing.settlement_due"), date(2019, 2, 28))


def test_a_missed_event_keeps_nothing_open():
    duties = [owed("期末成果發表會"), owed("教授輔導"), owed("縣市討論會議", ("", ""))]
    assert state(closed(tables(form(), duties=duties)))["closed"]
    assert open_items(closed(tables(form(), duties=[owed("縣市計畫書", ("", ""))]))) == [
        ("", "縣市計畫書", "尚缺 1 件")
    ]


def test_what_falls_due_after_a_school_left_is_not_asked_of_it():
    gone = [departure(HILL, "放棄補助", date(2018, 10, 1))]
    made = closed(tables(duties=[owed(), owed("進度表", due=date(2018, 5, 31)), owed(key=LAKE)], gone=gone))
    assert [(row[0], row[1]) for row in open_items(made) if row[0]] == [
        (HILL[0], "進度表"),
        (LAKE[0], "成果報告書"),
    ]


def test_each_item_is_told_with_its_school_its_clause_and_its_day():
    duties = [owed(), duty("成果簡報", NOVEMBER, LAKE, day=END), owed("縣市計畫書", ("", ""))]
    rows = closed(tables(form(), duties=duties))["closing_items"]
    assert rows["payee"].tolist() == ["南投縣政府"] * 5 + [NAMES[SEA]] * 2
    assert rows["school_level"].tolist() == ["", "", HILL[1], LAKE[1], "", "", ""]
    columns = ["school_code", "school_name", "item", "cite", "due", "done_on", "open"]
    paid, settled = PLAN.cite("papers.county"), PLAN.cite("closing.settlement_due")
    own = rows[rows["county"] == "南投縣"][columns]
    assert list(own.itertuples(index=False, name=None)) == [
        ("", "", "請款與撥款", paid, date(2019, 2, 28), date(2018, 3, 1), False),
        ("", "", "經費收支結算表", settled, date(2019, 2, 28), date(2019, 2, 20), False),
        (HILL[0], NAMES[HILL], "成果報告書", "附件1", NOVEMBER, None, True),
        (LAKE[0], NAMES[LAKE], "成果簡報", "附件1", NOVEMBER, END, False),
        ("", "", "縣市計畫書", "附件1", NOVEMBER, None, True),
    ]


def test_an_item_is_due_with_what_is_still_wanting_of_it():
    first = duty("進度表", date(2018, 5, 31))
    made = closed(tables(form(), duties=[first, owed("進度表", due=date(2018, 6, 30)), owed("進度表")]))
    rows = made["closing_items"]
    (own,) = rows[rows["school_code"] == HILL[0]].itertuples()
    assert (own.due, own.done_on, own.why) == (date(2018, 6, 30), date(2018, 5, 31), "尚缺 2 件")


def test_where_nobody_is_paid_the_tables_have_their_columns_and_no_rows():
    made = tables()
    none = closed(made.put(payees=made["payees"].iloc[:0], schools=made["schools"].iloc[:0]))
    names = ("payees", "closing_items", "school_closing", "barred")
    usual = {name: list(closed(made)[name].columns) for name in names}
    assert {name: list(none[name].columns) for name in names} == usual
    assert tuple(usual["barred"]) == BARRED
    assert all(none[name].empty for name in names)


def test_what_each_school_has_open_is_said_beside_it():
    duties = [owed(), owed("進度表", number=2), duty("成果簡報", NOVEMBER, LAKE)]
    rows = closed(tables(form(), duties=duties))["school_closing"]
    assert list(rows.itertuples(index=False, name=None)) == [
        ("南投縣", *HILL, NAMES[HILL], False, 2, False, "成果報告書（尚缺 1 件）、進度表（尚缺 2 件）"),
        ("南投縣", *LAKE, NAMES[LAKE], False, 0, True, ""),
        ("南投縣", *SEA, NAMES[SEA], True, 0, True, ""),
    ]


@pytest.mark.parametrize(
    ("number", "words"),
    [(5, "項目1、項目2、項目3、項目4、項目5"), (6, "項目1、項目2、項目3、項目4、項目5等")],
)
def test_the_first_five_open_items_are_named(number, words):
    items = [
        {**dict.fromkeys(("school_name", "done_on"), ""), "item": f"項目{place}", "open": True}
        for place in range(1, number + 1)
    ]
    made = tables(form())
    rows = pd.DataFrame(items).assign(
        county="南投縣", code="", level="", school_code="", school_level="", why=""
    )
    settled = made["payees"].assign(settlement_state=AS_APPROVED, settlement_place=None)
    _, findings = conclude(made.put(closing_items=rows, payees=settled.iloc[:1]), PLAN, AFTER)
    assert [(one.facts["count"], one.facts["items"], one.county) for one in findings] == [
        (number, words, "南投縣")
    ]


def test_once_the_day_is_over_what_is_open_is_told_at_its_cell():
    made = tables(form(), duties=[owed()])
    assert found(closed(made)) == []
    after = closed(made, AFTER)
    assert found(after) == [("Z1-open", "B4"), ("Z1-not-sent", "")]
    assert "縣立雲海國小成果報告書" in after.findings[0].sentence
    assert after["payees"]["closing_state"].tolist() == ["逾期未結案"] * 2
    assert [(one.school, one.county) for one in after.findings] == [(("", ""), "南投縣"), (SEA, "")]


def test_who_has_not_sent_is_reminded_once_the_year_is_over():
    assert not closed(tables(), END)["payees"]["closing_remind"].any()
    assert closed(tables(), date(2019, 1, 1))["payees"]["closing_remind"].tolist() == [True, True]
    assert closed(tables(form()))["payees"]["closing_remind"].tolist() == [False, True]


def test_a_settlement_after_the_day_is_late():
    uploads = {"結算表.xlsx": datetime(2019, 3, 1, 9)}
    made = closed(tables(form(), uploads=uploads), AFTER)
    assert state(made)["closing_state"] == "逾期結案"
    assert ("Z1-late", "B4") in found(made)
    (late,) = [one for one in made.findings if one.kind.id == "Z1-late"]
    assert late.sentence == "「南投縣政府」於 108.03.01 完成結案，期限為 108.02.28。"
    assert late.county == "南投縣"
    moved = closed(tables(form(), uploads=uploads), AFTER, MOVING)
    assert state(moved)["closing_state"] == "已結案"


DUTIES = st.lists(
    st.tuples(st.sampled_from(["成果報告書", "成果簡報", "進度表"]), st.sampled_from([HILL, LAKE, SEA]), st.integers(0, 2)),
    max_size=6,
)  # fmt: skip


@law_of(25)
@given(duties=DUTIES, sent=st.booleans())
def test_closed_if_and_only_if_nothing_is_open(duties, sent):
    rows = [
        duty(item, NOVEMBER, key, number=2, done=done, day=NOVEMBER if done else None)
        for item, key, done in duties
    ]
    forms = [form(), form(key=NATIONAL, file="國立.xlsx")] if sent else []
    made = closed(tables(*forms, duties=rows or None))
    for key, ours in ((COUNTY, (HILL, LAKE)), (NATIONAL, (SEA,))):
        wanting = any(one in ours and done < 2 for _, one, done in duties) or not sent
        assert state(made, key)["closed"] == (not wanting) == (open_items(made, key) == [])
        assert state(made, key)["open_items"] == len(open_items(made, key))


# Z3 ------------------------------------------------------------------------------------------------


def test_who_had_not_handed_in_everything_by_the_day_is_barred():
    late = duty("成果簡報", NOVEMBER, LAKE, day=LATE, state="逾期完成")
    duties = [
        owed(),
        late,
        duty("成果報告書", NOVEMBER, SEA, day=END),
        owed("期末成果發表會", SEA),
        owed("縣市計畫書", ("", "")),
    ]
    made = closed(tables(duties=duties))["barred"]
    assert list(made.itertuples(index=False, name=None)) == [
        ("南投縣", *HILL, NAMES[HILL], False, 1, 0, "未繳：成果報告書"),
        ("南投縣", *LAKE, NAMES[LAKE], False, 0, 1, "逾期：成果簡報"),
    ]
    assert closed(tables(duties=duties), END)["barred"].empty


def test_an_item_that_several_classes_owe_is_named_once():
    late = duty("成果簡報", NOVEMBER, day=LATE, state="逾期完成")
    rows = closed(tables(duties=[owed("進度表"), owed("進度表"), owed(), late, late]))["barred"]
    assert rows[["missing", "late", "items"]].to_numpy().tolist() == [
        [2, 1, "未繳：進度表、成果報告書；逾期：成果簡報"]
    ]


def test_a_national_school_is_barred_as_one():
    made = closed(tables(duties=[owed(key=SEA)]))["barred"]
    assert made[["code", "name", "national"]].to_numpy().tolist() == [[SEA[0], NAMES[SEA], True]]


def test_the_day_moves_only_if_the_office_says_so():
    new_year = duty("成果簡報", NOVEMBER, LAKE, day=date(2019, 1, 2), state="逾期完成")
    assert len(closed(tables(duties=[new_year]))["barred"]) == 1
    assert closed(tables(duties=[new_year]), plan=MOVING)["barred"].empty


# Z6 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2019, 2, 28), date(2019, 3, 4)),  # a holiday, an adjusted one, a weekend
        (date(2018, 12, 31), date(2019, 1, 2)),
        (date(2018, 12, 22), date(2018, 12, 22)),  # a Saturday that is worked
        (date(2018, 6, 30), date(2018, 7, 2)),
        (date(2018, 11, 30), date(2018, 11, 30)),
    ],
)
def test_a_due_date_moves_to_the_next_working_day(day, moved):
    assert workday.due(day, PLAN) == day
    assert workday.due(day, MOVING) == moved


def test_a_holiday_that_is_no_date_is_refused():
    with pytest.raises(PlanError, match=r"108\.02\.28"):
        within_bounds(replace(PLAN, settling=replace(PLAN.settling, holidays=("108.02.28",))))


def test_the_exemption_has_a_bound():
    plan = load_plan()
    with pytest.raises(PlanError, match="免繳回之結餘"):
        within_bounds(
            replace(plan, settling=replace(plan.settling, exempt_surplus=plan.closing.exempt_most + 1))
        )
