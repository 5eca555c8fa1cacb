"""P1: which papers are due, received and signed, and who can be paid (肆.七(一)2, 肆.七(三))."""

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.rules.payment_tables import (
    AFTER,
    BEFORE,
    DAY,
    HILL,
    LAKE,
    NATIONAL,
    PLAN,
    SEA,
    checklist,
    due,
    found,
    paid,
    revised,
    row,
    school,
    state,
    tables,
)

LATE = PLAN.office.papers_due + timedelta(days=1)
COUNTY, SCHOOL = list(PLAN.papers.county), [*PLAN.papers.school, *PLAN.papers.website]


def changed(number, **differs):
    """The county's checklist with one row changed, counted from 0."""
    head, rows = checklist()
    return head, [{**one, **(differs if n == number else {})} for n, one in enumerate(rows)]


def test_the_papers_that_are_due_from_a_county_and_from_a_national_school():
    papers = paid(tables())["papers_due"]
    county = papers[papers["county"] == "南投縣"]
    assert county["paper"].tolist() == COUNTY + SCHOOL + SCHOOL
    assert county["school_code"].tolist() == [""] * len(COUNTY) + [HILL[0]] * len(SCHOOL) + [LAKE[0]] * len(
        SCHOOL
    )
    national = papers[papers["county"] == ""]
    assert national["paper"].tolist() == [*PLAN.papers.national, *SCHOOL]
    assert set(national["clause"]) == {"肆.七(三)"}
    assert set(county["clause"]) == {"肆.七(一)2", "肆.七(二)"}


def test_a_seal_or_a_signature_is_asked_for_where_the_plan_or_the_office_says_so():
    """papers.county, papers.school and claim.also_sealed."""
    papers = paid(tables())["papers_due"]
    needs = dict(zip(papers["paper"], papers["needs"], strict=True))
    assert {paper: seal for paper, seal in needs.items() if seal} == {
        "領款收據": "核章", "縣市經費申請表": "核章", "經費申請表": "核章", "合作備忘錄": "簽名", "輔導學者專家合作意向書": "簽名",
    }  # fmt: skip


def test_what_a_payee_gets_is_split_by_account_and_adds_up():
    """A county's own money and its coaches are current account; capital is its schools' alone."""
    made = paid(tables(schools=[school(HILL, coach=150_000), school(LAKE), school(SEA)]))["payees"]
    assert made[["payee", "current", "capital", "granted"]].to_numpy().tolist() == [
        ["南投縣政府", 144_000 * 2 + 150_000 + 54_000, 72_000, 180_000 * 2 + 150_000 + 54_000],
        ["國立示範附小", 144_000, 36_000, 180_000],
    ]


def test_a_school_without_a_grant_owes_no_paper():
    made = paid(
        tables(
            schools=[school(HILL), school(LAKE, approved=0), school(SEA, approved=0)], plans=[revised(HILL)]
        )
    )
    assert set(made["papers_due"]["school_code"]) == {"", HILL[0]}
    assert made["payees"]["payee"].tolist() == ["南投縣政府"]


def test_who_sent_everything_can_be_paid():
    made = paid(tables(lists=[checklist(), checklist("國立.xlsx", "", SEA)]))
    assert found(made) == []
    assert [state(made), state(made, NATIONAL)] == [("可撥款", "文件齊備。")] * 2
    assert made["payees"]["pay_now"].tolist() == made["payees"]["granted"].tolist()
    assert not made["payees"]["remind"].any()


def test_who_sent_nothing_is_told_once_and_only_after_the_day():
    assert found(paid(tables(plans=[]), BEFORE)) == []
    made = paid(tables(plans=[], lists=[checklist(rows=[])]))
    assert found(made) == [("P1-not-sent", "A4"), ("P1-not-sent", "")]
    assert state(made) == ("未送件", "未送任何文件。")
    assert made["payees"]["remind"].tolist() == [True, True]
    assert not paid(tables(plans=[]), BEFORE)["payees"]["remind"].any()


def test_a_missing_paper_stands_at_its_row_and_holds_the_payment():
    missing = changed(2, received=pd.NA, signed=pd.NA, received_on=None)
    made = paid(tables(lists=[missing]))
    assert ("P1-missing", "G15") in found(made)
    assert state(made) == ("待補件", "未收 1 件。")
    before = paid(tables(lists=[missing]), BEFORE)
    assert "P1-missing" not in dict(found(before))
    assert before["payees"]["remind"].iloc[0]


def test_a_paper_that_the_list_does_not_have_is_missing_too():
    head, rows = checklist()
    assert ("P1-missing", "A4") in found(paid(tables(lists=[(head, rows[1:])])))


def test_a_paper_without_its_seal_or_signature_is_unsigned():
    for number, cell, seal in ((1, "H14", "核章"), (6, "H19", "簽名")):
        made = paid(tables(lists=[changed(number, signed=False)]))
        assert [one for one in found(made) if one[0] != "P1-missing"] == [("P1-unsigned", cell)]
        assert state(made) == ("待補件", f"未{seal} 1 件。")
    assert state(paid(tables(lists=[changed(2, signed=False)])))[0] == "可撥款"


@pytest.mark.parametrize(
    ("differs", "kinds", "cell", "after"),
    [
        ({"received": pd.NA}, {"P1-not-received", "P1-missing"}, "G15", "待補件"),
        ({"received_on": None}, {"P1-no-date"}, "I15", "可撥款"),
        ({"received_on": AFTER + timedelta(days=1)}, {"P1-future-date", "P1-missing"}, "I15", "待補件"),
        ({"received_on": AFTER}, set(), "", "可撥款"),
        ({"received_on": LATE}, {"P1-late"}, "I15", "可撥款"),
        ({"received_on": PLAN.office.papers_due}, set(), "", "可撥款"),
        ({"due": False}, {"P1-due-differs"}, "F15", "可撥款"),
        ({"paper": "合作備忘錄"}, {"P1-not-due", "P1-missing"}, "D15", "待補件"),
    ],
)
def test_what_a_row_says_amiss_is_told_at_its_cell(differs, kinds, cell, after):
    if differs == {"received_on": AFTER}:
        kinds, cell = {"P1-late"}, "I15"
    made = paid(tables(lists=[changed(2, **differs), checklist("國立.xlsx", "", SEA)]))
    assert {kind for kind, _ in found(made)} == kinds
    assert not kinds or (min(kinds - {"P1-missing"}), cell) in found(made)
    assert state(made)[0] == after


def test_what_came_late_in_one_parcel_is_one_finding():
    head, rows = checklist()
    made = paid(tables(lists=[(head, [{**one, "received_on": LATE} for one in rows])]))
    assert [one for one in found(made) if one[0] == "P1-late"] == [("P1-late", "I13")]
    assert made["payees"]["late"].iloc[0] == len(rows)


def test_a_paper_listed_twice_and_differently_is_not_received():
    head, rows = checklist()
    made = paid(tables(lists=[(head, [*rows, {**rows[2], "received": False, "received_on": None}])]))
    last = 13 + len(rows)
    assert {("P1-twice", "D15"), ("P1-twice", f"D{last}"), ("P1-missing", "A4")} <= set(found(made))
    assert state(made)[0] == "待補件"
    same = paid(tables(lists=[(head, [*rows, rows[2]])]))
    assert state(same) == ("可撥款", "文件齊備。")


def test_two_different_lists_count_for_nothing_and_nobody_is_reminded():
    other = changed(2, note="另一份")
    made = paid(tables(lists=[checklist(), (other[0] | {"file": "另一份.xlsx"}, other[1])]))
    assert [kind for kind, _ in found(made)].count("P1-two-lists") == 2
    assert state(made) == ("待補件", "檢核表有兩份且不同，無從認定。")
    assert not made["payees"]["remind"].iloc[0]
    alike = checklist("抄本.xlsx")
    assert state(paid(tables(lists=[checklist(), alike])))[0] == "可撥款"


def test_a_list_of_nobody_who_is_paid_is_refused():
    made = paid(tables(lists=[checklist(), checklist("臺北.xlsx", "臺北市")]))
    assert ("P1-unknown-payee", "A4") in found(made)
    assert state(made)[0] == "可撥款"


def test_who_was_paid_is_not_paid_again():
    made = paid(tables(lists=[checklist(paid_on=date(2018, 2, 8), paid=1)]))
    assert state(made) == ("已撥款", "107.02.08 已撥款。")
    assert made["payees"]["pay_now"].iloc[0] == 0
    assert ("P1-paid-differs", "F4") in found(made)
    full = int(made["payees"]["granted"].iloc[0])
    assert "P1-paid-differs" not in dict(
        found(paid(tables(lists=[checklist(paid_on=date(2018, 2, 8), paid=full)])))
    )
    assert state(paid(tables(lists=[checklist(paid_on=AFTER + timedelta(days=1))])))[0] == "可撥款"


def test_a_revised_plan_in_the_inbox_counts_as_received():
    made = paid(tables(lists=[changed(5, received=pd.NA, signed=pd.NA, received_on=None)]))
    assert state(made)[0] == "可撥款"


def test_a_revised_plan_that_was_ticked_but_is_not_there_holds_the_payment():
    made = paid(tables(lists=[checklist()], plans=[revised(LAKE), revised(SEA)]))
    assert ("P3-no-file", "G18") in found(made)
    assert state(made) == ("待補件", "查無檔案 1 件。")


def test_a_budget_form_to_be_revised_holds_the_payment():
    made = tables(lists=[checklist()])
    schools = made["schools"].assign(budget_state=["待修正", "相符", "未收到"])
    assert state(paid(made.put(schools=schools))) == ("待補件", "經費待修正 1 件。")


def test_the_order_of_rows_and_files_changes_nothing():
    head, rows = changed(1, signed=False)
    one = paid(tables(lists=[(head, rows), checklist("國立.xlsx", "", SEA)]))
    other = paid(
        tables(
            lists=[checklist("國立.xlsx", "", SEA), (head, rows[::-1])],
            plans=[revised(k) for k in (SEA, LAKE, HILL)],
        )
    )
    names = ["payee", "due", "received", "unsigned", "missing", "state", "why", "pay_now"]
    assert one["payees"][names].equals(other["payees"][names])


def test_every_due_paper_is_received_signed_or_named():
    made = paid(tables(lists=[changed(6, signed=False)]))
    payee = made["payees"].iloc[0]
    assert payee["due"] == len(list(due("南投縣", ("", ""))))
    assert payee["received"] + payee["missing"] == payee["due"]
    assert payee["gaps"] == (made["papers_due"].query("county == '南投縣'")["gap"] != "").sum() == 1
    assert row(None, "領款收據")["received_on"] == DAY
