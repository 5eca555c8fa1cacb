"""P1: what is told of a payee in words, and when (肆.七(一)2)."""

from datetime import timedelta

from tests.rules.payment_tables import (
    AFTER,
    COUNTY,
    DAY,
    HILL,
    NAMES,
    NATIONAL,
    NOBODY,
    OF_COUNTY,
    OF_SEA,
    ON_THE_DAY,
    SEA,
    UNSENT,
    changed,
    checklist,
    found,
    national,
    paid,
    state,
    tables,
    told,
)

LATE = ON_THE_DAY + timedelta(days=1)
LAST = "107.01.31"


def test_who_sent_nothing_is_told_how_much_by_when():
    """P1_NOT_SENT: at the list that is empty, else nowhere; nothing is told on the last day itself."""
    made = paid(tables(plans=[], lists=[checklist(rows=[])]))
    remedy = "請以紙本函送請款文件，收到後登錄檢核表。"
    assert told(made, "P1-not-sent") == [
        (f"「南投縣政府」於 {LAST} 前未送任何請款文件，應送 {OF_COUNTY} 件。", remedy, "A4", NOBODY, COUNTY),
        (f"「{NAMES[SEA]}」於 {LAST} 前未送任何請款文件，應送 {OF_SEA} 件。", remedy, "", SEA, ""),
    ]
    assert made["payees"][["due", "received", "missing", "gaps"]].to_numpy().tolist() == [
        [OF_COUNTY, 0, OF_COUNTY, OF_COUNTY], [OF_SEA, 0, OF_SEA, OF_SEA],
    ]  # fmt: skip
    on_the_day = paid(tables(plans=[]), ON_THE_DAY)
    assert found(on_the_day) == []
    assert on_the_day["payees"]["remind"].tolist() == [False, False]
    assert len(found(paid(tables(plans=[]), LATE))) == 2


def test_a_missing_paper_is_told_to_its_school_or_its_payee():
    """P1_MISSING: at its row, else at the payee of the list, else nowhere."""
    head, rows = changed(2, **UNSENT)
    made = paid(tables(lists=[(head, [*rows[:7], *rows[8:]])]))
    remedy = "請補送；收到後於檢核表填已收與收件日期。"
    assert told(made, "P1-missing")[:2] == [
        (f"「南投縣政府」之「計畫經費說明表」於 {LAST} 前未送達。", remedy, "G15", NOBODY, COUNTY),
        (f"「{NAMES[HILL]}」之「輔導學者專家合作意向書」於 {LAST} 前未送達。", remedy, "A4", HILL, COUNTY),
    ]
    assert state(made) == ("待補件", "未收 2 件。")
    of_sea = told(made, "P1-missing")[2:]  # its plan is there, and no list
    assert {one[2:] for one in of_sea} == {("", SEA, "")}
    assert len(of_sea) == OF_SEA - 1
    assert of_sea[0][0] == f"「{NAMES[SEA]}」之「領款收據」於 {LAST} 前未送達。"


def test_one_missing_paper_of_a_payee_reminds_it_and_pays_nothing():
    made = paid(tables(lists=[changed(2, **UNSENT), national()]), ON_THE_DAY)
    payees = made["payees"]
    assert payees["remind"].tolist() == [True, False]
    assert payees["pay_now"].tolist() == [0, 180_000]
    assert payees["state"].tolist() == ["待補件", "可撥款"]


def test_what_came_late_is_told_by_its_first_paper_and_its_last_day():
    """P1_LATE"""
    head, rows = checklist()
    days = {5: LATE + timedelta(days=3), 6: LATE}
    rows = [{**one, "received_on": days.get(n, one["received_on"])} for n, one in enumerate(rows)]
    made = paid(tables(lists=[(head, rows), national(2, received_on=LATE)]))
    remedy = "照常辦理撥款；列入行政配合情形參考。"
    assert told(made, "P1-late") == [
        (
            f"「南投縣政府」之「修正後教學實施計畫書」等 2 件逾期，至 107.02.04 收件，期限為 {LAST}。",
            remedy,
            "I18",
            NOBODY,
            COUNTY,
        ),
        (
            f"「{NAMES[SEA]}」之「修正後教學實施計畫書」等 1 件逾期，至 107.02.01 收件，期限為 {LAST}。",
            remedy,
            "I15",
            SEA,
            "",
        ),
    ]
    assert made["payees"]["late"].tolist() == [2, 1]
    assert made["payees"]["state"].tolist() == ["可撥款", "可撥款"]


def test_what_was_paid_otherwise_is_told_in_whole_dollars():
    """P1_PAID_DIFFERS"""
    full = 180_000 * 2 + 54_000
    made = paid(
        tables(lists=[checklist(paid_on=AFTER, paid=full - 1), checklist("國立.xlsx", "", SEA, paid=5)])
    )
    assert told(made, "P1-paid-differs") == [
        (
            "「南投縣政府」已撥 413,999 元，核定為 414,000 元。",
            "請查明差額，辦理補撥或收回。",
            "F4",
            NOBODY,
            COUNTY,
        )
    ]
    assert [state(made), state(made, NATIONAL)] == [
        ("已撥款", "107.02.10 已撥款。"),
        ("可撥款", "文件齊備。"),
    ]
    assert made["payees"]["pay_now"].tolist() == [0, 180_000]


def test_who_was_paid_is_not_reminded_of_what_is_wanting():
    head, rows = changed(2, **UNSENT)
    made = paid(tables(lists=[({**head, "paid_on": DAY, "paid": 414_000}, rows), national()]))
    assert found(made) == []
    assert made["payees"][["state", "remind", "gaps", "why"]].iloc[0].tolist() == [
        "已撥款",
        False,
        1,
        "107.01.25 已撥款。",
    ]
