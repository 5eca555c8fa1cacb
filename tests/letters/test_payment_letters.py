"""Receipts, requests, reminders and transfer letters: who gets one, its figures, its words (P1, P2, 肆.七)."""

import pandas as pd
import pytest

from mlbatch import money
from mlbatch.letters import LetterError, payment_letters
from mlbatch.recipient import only, recipients
from mlbatch.tables import NOT_SENT, PAID, PAYABLE, TO_SUPPLY
from tests.letters.docx_file import PARTS, line, lines, rows, whole, words
from tests.letters.month import PLAN, month

COUNTY, NATIONAL, TAIPEI = "南投縣政府", "國立示範大學附設實驗國小", "臺北市政府教育局"
PAPERS = [
    "payee",
    "county",
    "code",
    "level",
    "school_code",
    "school_name",
    "school_level",
    "paper",
    "clause",
    "gap",
]


def payee(name, county, code="", *, state, current, capital, remind=False, **more):
    """One row of `payees`."""
    granted = current + capital
    return {
        "payee": name, "county": county, "code": code, "level": "國小" if code else "", "schools": 2 if county else 1,
        "classes": 3, "current": current, "capital": capital, "granted": granted, "state": state, "remind": remind,
        "pay_now": granted if state == PAYABLE else 0, **more,
    }  # fmt: skip


def gap(county, school, paper, what, code=""):
    """One row of `papers_due` that is wanting."""
    return (
        COUNTY if county else NATIONAL,
        county,
        code,
        "國小" if code else "",
        "084601",
        school,
        "國小",
        paper,
        "肆.七(一)2",
        what,
    )


def tables(state=TO_SUPPLY, gaps=None):
    """A month in which 南投縣 owes two papers, the national school is paid now, and 臺北市 has been paid."""
    made = month()
    county = made["counties"].set_index("county").loc["南投縣"]
    schools = made["schools"]
    capital = int(schools.loc[(schools["county"] == "南投縣") & ~schools["national"], "capital"].sum())
    own_plan = schools.loc[(schools["county"] == "南投縣") & ~schools["national"], "plan_total"].sum()
    net = int(county["county_grant"] - county["reduction"])
    counties = made["counties"].assign(plan_total=[0, int(own_plan) + net + 6_628])
    papers = [
        gap("南投縣", "", "縣市經費申請表", "未核章"), gap("南投縣", "南投縣縣立雲海國小", "合作備忘錄", "未簽名"),
        gap("南投縣", "南投縣縣立雲海國小", "計畫網站註冊", ""),
    ]  # fmt: skip
    rows = [
        payee(TAIPEI, "臺北市", state=PAID, current=196_000, capital=36_000),
        payee(COUNTY, "南投縣", state=state, current=int(county["granted"]) - capital, capital=capital, remind=state != PAYABLE),
        payee(NATIONAL, "", "080601", state=PAYABLE, current=192_000, capital=48_000),
    ]  # fmt: skip
    return made.put(
        counties=counties,
        payees=pd.DataFrame(rows),
        papers_due=pd.DataFrame(papers if gaps is None else gaps, columns=PAPERS),
    )


@pytest.fixture(scope="module")
def letters():
    """(recipient's name, file name) → content."""
    return {(one.recipient.name, one.name): one.content for one in payment_letters(tables(), PLAN)}


def test_who_gets_which_paper(letters):
    assert list(letters) == [
        (COUNTY, "領款收據.docx"), (COUNTY, "經費申請表.docx"), (COUNTY, "請款補件通知.docx"),
        (NATIONAL, "領款收據.docx"), (NATIONAL, "經費申請表.docx"), (NATIONAL, "撥款函.docx"),
    ]  # fmt: skip


def test_a_receipt_is_a_page_an_account_with_the_amount_in_formal_numerals(letters):
    """P2: 新臺幣壹拾玖萬貳仟元整, and the same in figures."""
    read = lines(letters[NATIONAL, "領款收據.docx"])
    assert read.count("領　款　收　據") == 2
    amounts = [text for text in read if text.startswith("新臺幣")]
    assert amounts == ["新臺幣壹拾玖萬貳仟元整（NT$192,000）", "新臺幣肆萬捌仟元整（NT$48,000）"]
    assert [text for text in read if text.startswith("科目")] == ["科目：經常門", "科目：資本門"]
    for part in (
        "統一編號：",
        "帳號：",
        "中華民國",
        "具領單位：國立示範大學附設實驗國小",
        "經手人：",
        "主（會）計：",
    ):
        assert sum(text.startswith(part) for text in read) == 2
    assert "機關首長：" in words(letters[NATIONAL, "領款收據.docx"])


def test_the_receipts_of_a_county_add_up_to_its_grant(letters):
    granted = int(tables()["payees"].set_index("payee").loc[COUNTY, "granted"])
    figures = [text for text in lines(letters[COUNTY, "領款收據.docx"]) if text.startswith("新臺幣")]
    assert sum(whole(text.partition("NT$")[2].rstrip("）")) for text in figures) == granted
    assert all(money.formal(whole(text.partition("NT$")[2].rstrip("）"))) in text for text in figures)


def test_an_account_without_money_has_no_receipt():
    made = tables()
    payees = made["payees"].assign(capital=0, current=made["payees"]["granted"])
    (receipt,) = [
        one.content for one in payment_letters(made.put(payees=payees), PLAN)
        if (one.recipient.name, one.name) == (NATIONAL, "領款收據.docx")
    ]  # fmt: skip
    assert lines(receipt).count("領　款　收　據") == 1


def test_the_request_has_the_official_columns_the_known_lines_and_room_for_others(letters):
    (upper, lower, *body) = rows(letters[COUNTY, "經費申請表.docx"])
    assert upper == ["經費項目", "計畫經費明細", "本部核定情形"]
    assert lower == ["經費項目", "單價", "數量", "總價", "說明", "計畫金額", "補助金額"]
    known = [row for row in body if row[0] not in ("", "合計")]
    assert [row[0] for row in known] == ["學校補助經費", "縣市補助經費", "校長科技領導暨教師增能工作坊"]
    assert [row[0] for row in body].count("") == 4
    total = body[-1]
    for column in (3, 5, 6):
        assert sum(whole(row[column]) for row in known) == whole(total[column])
    granted = int(tables()["payees"].set_index("payee").loc[COUNTY, "granted"])
    assert whole(total[6]) == granted
    assert "已扣減5,400元（肆.五）" in known[1][4]
    read = words(letters[COUNTY, "經費申請表.docx"])
    assert "科（課）長" in read
    assert "局（處）長" in read


def test_a_national_schools_request_is_its_own(letters):
    content = letters[NATIONAL, "經費申請表.docx"]
    known = [row for row in rows(content)[2:] if row[0] == "學校補助經費"]
    assert [whole(row[6]) for row in known] == [240_000]
    assert "縣市經費申請表" not in words(content)
    assert lines(content)[-1].endswith("校長")


def test_a_request_whose_figures_do_not_add_up_is_not_written():
    made = tables()
    payees = made["payees"].assign(granted=made["payees"]["granted"] + 1)
    with pytest.raises(LetterError, match="南投縣政府」之經費申請表：各項補助之和與核定總額不符"):
        payment_letters(made.put(payees=payees), PLAN)


def test_the_reminder_names_each_paper_that_is_wanting_and_no_other(letters):
    content = letters[COUNTY, "請款補件通知.docx"]
    assert rows(content)[1:] == [
        ["1", COUNTY, "縣市經費申請表", "未核章", "肆.七(一)2"],
        ["2", "南投縣縣立雲海國小", "合作備忘錄", "未簽名", "肆.七(一)2"],
    ]
    assert line(content, "主旨") == (
        "主旨：貴府及所屬學校辦理「107年國中小行動學習推動計畫」請款文件計有2件尚未送達或未完備，"
        "請於文到14日內補送本部，請查照辦理。"
    )
    assert line(content, "速別") == "速別："
    assert line(content, "附件") == "附件：如說明二"
    assert "請款文件之期限為107年1月31日" in line(content, "一、")


def test_the_letters_have_every_part_in_order(letters):
    for (_, name), content in letters.items():
        if name in ("請款補件通知.docx", "撥款函.docx"):
            read = lines(content)
            firsts = [next(n for n, text in enumerate(read) if text.startswith(part)) for part in PARTS]
            assert firsts == sorted(firsts)


def test_the_transfer_letter_pays_what_was_granted(letters):
    content = letters[NATIONAL, "撥款函.docx"]
    assert rows(content)[1:] == [["經常門", "192,000"], ["資本門", "48,000"], ["合計", "240,000"]]
    assert "補助經費新臺幣24萬元，請查照。" in line(content, "主旨")
    assert "轉撥" not in words(content)


def test_who_sent_nothing_gets_the_papers_and_no_transfer():
    names = [one.name for one in payment_letters(tables(NOT_SENT), PLAN) if one.recipient.name == COUNTY]
    assert names == ["領款收據.docx", "經費申請表.docx", "請款補件通知.docx"]


def test_who_sent_everything_gets_no_reminder():
    names = [one.name for one in payment_letters(tables(PAYABLE, []), PLAN) if one.recipient.name == COUNTY]
    assert names == ["領款收據.docx", "經費申請表.docx", "撥款函.docx"]


def test_no_paper_of_payment_holds_another_recipients_school(letters):
    made = tables()
    for who in recipients(made, PLAN):
        others = set(made["schools"]["name"]) - set(only(made, who)["schools"]["name"])
        told = "".join(words(content) for (name, _), content in letters.items() if name == who.name)
        assert [name for name in others if name in told] == []


def test_only_narrows_the_tables_of_payment():
    made = tables()
    for who in recipients(made, PLAN):
        own = only(made, who)
        assert set(own["payees"]["payee"]) <= {who.name}
        assert set(own["papers_due"]["payee"]) <= {who.name}
