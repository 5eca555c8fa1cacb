"""P1: who is paid, and which papers are due for it (肆.七(一)2, 肆.七(三))."""

import pytest

from tests.rules.payment_tables import (
    COUNTY,
    HILL,
    LAKE,
    LEVEL,
    NAMES,
    NOBODY,
    OF_COUNTY,
    OF_SEA,
    SEA,
    paid,
    revised,
    school,
    tables,
)


def test_the_papers_of_a_payee_say_whose_they_are():
    papers = paid(tables())["papers_due"]
    names = [
        "payee",
        "county",
        "code",
        "level",
        "school_code",
        "school_name",
        "school_level",
        "paper",
        "clause",
        "needs",
    ]
    rows = papers[names].to_numpy().tolist()
    assert rows[0] == ["南投縣政府", COUNTY, "", "", "", "", "", "領款收據", "肆.七(一)2", "核章"]
    assert rows[5] == [
        "南投縣政府",
        COUNTY,
        "",
        "",
        *HILL[:1],
        NAMES[HILL],
        LEVEL,
        "修正後教學實施計畫書",
        "肆.七(一)2",
        "",
    ]
    assert rows[8] == [
        "南投縣政府",
        COUNTY,
        "",
        "",
        *HILL[:1],
        NAMES[HILL],
        LEVEL,
        "計畫網站註冊",
        "肆.七(二)",
        "",
    ]
    assert rows[OF_COUNTY] == [NAMES[SEA], "", *SEA, "", "", "", "領款收據", "肆.七(三)", "核章"]
    assert rows[OF_COUNTY + 2] == [
        NAMES[SEA],
        "",
        *SEA,
        SEA[0],
        NAMES[SEA],
        LEVEL,
        "修正後教學實施計畫書",
        "肆.七(三)",
        "",
    ]
    assert len(rows) == OF_COUNTY + OF_SEA


def test_two_national_schools_are_two_payees_each_with_its_own_papers():
    """One building, two levels: they are paid apart, by code, then level."""
    junior = {**school(SEA, coach=150_000), "level": "國中"}
    other = {**school(SEA), "code": "070601", "name": "國立第二附小"}
    made = paid(
        tables(schools=[school(HILL), school(SEA), junior, other], plans=[revised(HILL), revised(SEA)])
    )
    payees = made["payees"]
    assert payees[
        ["county", "code", "level", "schools", "classes", "current", "capital", "granted"]
    ].to_numpy().tolist() == [
        [COUNTY, "", "", 1, 2, 198_000, 36_000, 234_000],
        ["", "070601", LEVEL, 1, 2, 144_000, 36_000, 180_000],
        ["", SEA[0], "國中", 1, 2, 294_000, 36_000, 330_000],
        ["", SEA[0], LEVEL, 1, 2, 144_000, 36_000, 180_000],
    ]
    papers = made["papers_due"]
    for code, level in (("070601", LEVEL), (SEA[0], "國中"), SEA):
        own = papers[(papers["code"] == code) & (papers["level"] == level)]
        assert len(own) == OF_SEA
        assert set(zip(own["school_code"], own["school_level"], strict=True)) == {NOBODY, (code, level)}


@pytest.mark.parametrize(
    ("granted", "payees"), [(0, ["", "080601"]), (-1, ["", "080601"]), (1, [COUNTY, "080601"])]
)
def test_a_county_with_nothing_or_less_is_no_payee(granted, payees):
    """What a reduction leaves below nothing is nobody's to pay (肆.五)."""
    made = tables(
        schools=[school(HILL, approved=0), school(LAKE, approved=0), school(SEA)], plans=[revised(SEA)]
    )
    made = made.put(counties=made["counties"].assign(granted=granted))
    known = paid(made)["payees"]
    assert known["county"].tolist() == ([COUNTY, ""] if granted == 1 else [""])
    assert known["code"].tolist()[-1] == payees[1]


def test_a_county_that_the_plan_does_not_know_is_called_as_it_is():
    made = tables(schools=[school(HILL, county="他縣"), school(SEA)], plans=[revised(HILL), revised(SEA)])
    made = made.put(counties=made["counties"].assign(county="他縣"))
    assert paid(made)["payees"]["payee"].tolist() == ["他縣", NAMES[SEA]]
