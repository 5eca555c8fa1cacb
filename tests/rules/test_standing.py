"""What the registers say of a school (肆.六(二), C2, C3)."""

import pandas as pd
import pytest

from mlbatch.rules.standing import known_schools, standing
from tests.rules.intake_tables import (
    BEFORE,
    LIST,
    PLAN,
    by_code,
    found,
    intake,
    listing,
    register,
    row,
    school,
    tables,
)  # fmt: skip

ONE, JUNIOR = school(1), school(2, level="國中")


def flags(of, subsidised=(), remote=()):
    """The one row of `standing` for a school."""
    tables_ = (
        register(n, r) for n, r in (("directory", [of]), ("subsidised", subsidised), ("remote", remote))
    )
    return standing(*tables_, PLAN).iloc[0].to_dict()


def test_a_school_that_was_subsidised_is_not_new():
    assert flags(ONE)["new"]
    assert not flags(ONE, subsidised=[ONE])["new"]
    assert flags({**ONE, "level": "國中"}, subsidised=[ONE])["new"]  # the other level of the same code


@pytest.mark.parametrize(
    ("of", "subsidised", "remote", "cap"),
    [
        (ONE, False, False, 2), (ONE, False, True, 1), (ONE, True, False, 4), (ONE, True, True, 4),
        (JUNIOR, False, False, 2), (JUNIOR, False, True, 1), (JUNIOR, True, False, 5),
    ],
)  # fmt: skip
def test_the_most_that_it_may_request(of, subsidised, remote, cap):
    assert flags(of, [of] if subsidised else (), [of] if remote else ())["cap"] == cap


def test_a_level_outside_the_plan_has_no_cap():
    assert pd.isna(flags({**ONE, "level": "高中"})["cap"])


@pytest.mark.parametrize(
    ("county", "township", "island", "few"),
    [
        ("南投縣", "示範鄉", False, False),
        ("澎湖縣", "馬公市", True, True),
        ("屏東縣", "屏東市", False, True),
        ("屏東縣", "琉球鄉", True, True),
        ("臺東縣", "蘭嶼鄉", True, True),
        ("花蓮縣", "示範鄉", False, True),
    ],
)
def test_islands_and_areas_with_few_resources(county, township, island, few):
    told = flags(school(1, county=county, township=township))
    assert (told["island"], told["few_resources"]) == (island, few)


def test_a_remote_school_has_few_resources():
    assert flags(ONE, remote=[ONE])["few_resources"]


def test_types_and_order():
    made = standing(
        register("directory", [JUNIOR, ONE]), register("subsidised", []), register("remote", []), PLAN
    )
    assert list(made) == ["code", "level", "new", "remote", "island", "few_resources", "cap"]
    assert list(made["code"]) == [JUNIOR["code"], ONE["code"]]
    assert [str(made[name].dtype) for name in ("new", "remote", "island", "few_resources", "cap")] == [
        "bool", "bool", "bool", "bool", "Int64",
    ]  # fmt: skip


def test_every_school_of_the_directory_is_known_with_its_standing_name_county_and_owner():
    national = school(9, county="花蓮縣", name="國立示範附小", owner="國立")
    made = tables(directory=[JUNIOR, ONE, national], subsidised=[JUNIOR], remote=[ONE])
    known = known_schools(made, PLAN)
    assert known[["code", "level", "name", "county", "owner"]].values.tolist() == [
        [JUNIOR["code"], "國中", "縣立第2國中", "南投縣", "公立"],
        [ONE["code"], "國小", "縣立第1國小", "南投縣", "公立"],
        [national["code"], "國小", "國立示範附小", "花蓮縣", "國立"],
    ]
    assert known[["new", "remote", "few_resources", "cap"]].values.tolist() == [
        [False, False, False, 5],
        [True, True, True, 1],
        [True, False, True, 2],
    ]


@pytest.mark.parametrize("lacking", ["directory", "subsidised", "remote"])
def test_without_one_of_the_registers_no_school_is_known(lacking):
    made = tables(directory=[ONE])
    with pytest.raises(KeyError, match=lacking):
        known_schools(made.keep(*(name for name in made if name != lacking)), PLAN)


def claims(new, far, **registers):
    made = tables([listing(row(ONE, claimed_new=new, claimed_remote=far))], directory=[ONE], **registers)
    return intake(made, BEFORE, "新申請與偏遠之認定")


@pytest.mark.parametrize(("new", "remote"), [(True, False), (None, None), (True, None)])
def test_claims_that_agree_or_say_nothing_pass(new, remote):
    assert found(claims(new, remote), "C") == []


def test_claims_that_differ():
    made = claims(False, True)
    assert found(made, "C") == [("C2-not-as-claimed", LIST, "F12"), ("C3-not-as-claimed", LIST, "G12")]
    told = sorted(one.sentence for one in made.findings if one.kind.id.startswith("C"))
    assert told == [
        "「縣立第1國小」之偏遠填「是」，依偏遠名錄應為「否」。",
        "「縣立第1國小」之新申請填「否」，依 106 年補助學校應為「是」。",
    ]
    assert by_code(made, "new", "remote") == {ONE["code"]: (True, False)}
    assert found(claims(False, True, subsidised=[ONE], remote=[ONE]), "C") == []
