"""T1, T10: which logbook counts, since when an entry is known, and what vanished from it (附件1, 玖.一)."""

from datetime import date, datetime

import pandas as pd
import pytest

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Place
from mlbatch.rules.logbooks import SORTS, read
from mlbatch.tables import Tables
from tests.rules.whole import whole
from tests.rules.year_tables import FIRST, KEY, PLAN, SECOND

AS_OF = date(2018, 6, 30)
ENTRY = {
    "item": "教師心得",
    "semester": FIRST,
    "class_": "5年1班",
    "month": "107.04",
    "day": date(2018, 4, 10),
    "title": "心得",
}


def given(*versions, key=KEY, officer="林甲", county_versions=(), county="南投縣", national=False):
    """Logbooks of one school; a version is (when it was uploaded, its officer, its entries)."""
    code, level = KEY
    school = {
        "code": code,
        "level": level,
        "name": "縣立第1國小",
        "county": "南投縣",
        "national": national,
        "officer": officer,
    }
    heads, entries, uploads, files = [], [], [], []
    for number, (at, who, rows) in enumerate(versions, 1):
        file = f"紀錄{number}.xlsx"
        cells = {"code": ("A", 4), "officer": ("F", 4)}
        heads.append({"file": file, "code": key[0], "level": key[1], "name": "縣立第1國小", "county": "南投縣", "officer": who,
                      "place": Place(file, "基本資料", 4, cells)})  # fmt: skip
        entries += [{**ENTRY, **row, "file": file, "place": Place(file, "繳交紀錄", 5, {})} for row in rows]
        uploads += [(file, at)] if at else []
        files.append(file)
    counties = []
    for number, (at, who, _) in enumerate(county_versions, 1):
        file = f"縣市{number}.xlsx"
        counties.append(
            {
                "file": file,
                "county": county,
                "officer": who,
                "place": Place(file, "基本資料", 4, {"county": ("A", 4), "officer": ("B", 4)}),
            }
        )
        uploads.append((file, at))
        files.append(file)
    listed = [
        {"file": file, "recipient": "", "bucket": "", "why": "", "uploaded": None, "document": ""}
        for file in files
    ]
    running = [
        {"code": code, "level": level, "semester": FIRST, "class_": "5年1班", "names": (), "until": None}
    ]
    tables = Tables().put(
        schools=pd.DataFrame([school]), running=pd.DataFrame(running), files=pd.DataFrame(listed),
        uploads=pd.DataFrame(uploads, columns=["upload_name", "uploaded_at"]),
        logbooks=pd.DataFrame(heads, columns=["file", "code", "level", "name", "county", "officer", "place"]),
        entries=pd.DataFrame(entries, columns=[*ENTRY, "file", "place"]),
    )  # fmt: skip
    return tables.put(county_logbooks=pd.DataFrame(counties)) if counties else tables


def at(month, day):
    return datetime(2018, month, day, 10)


def told(findings):
    return [(one.kind.id, one.at.file, one.at.cell) for one in whole(findings)]


def known(made):
    return [(row.title, row.known_on) for row in made["entries"].itertuples()]


def profile(number, semester, **more):
    """A head of a profile (基本資料表)."""
    file = f"資料{number}.xlsx"
    cells = {"code": ("A", 4), "officer": ("F", 4)}
    return {
        "file": file,
        "code": KEY[0],
        "level": KEY[1],
        "name": "縣立第1國小",
        "county": "南投縣",
        "semester": semester,
        "officer": "林甲",
        "place": Place(file, "基本資料", 4, cells),
        **more,
    }


def with_profiles(made, *heads):
    """The tables with profiles besides, uploaded on the days of April from the 21st on."""
    files = pd.DataFrame(
        [
            {"file": one["file"], "recipient": "", "bucket": "", "why": "", "uploaded": None, "document": ""}
            for one in heads
        ]
    )
    uploads = pd.DataFrame([(one["file"], at(4, day)) for day, one in enumerate(heads, 21)],
                           columns=["upload_name", "uploaded_at"])  # fmt: skip
    return made.put(
        files=pd.concat([made["files"], files], ignore_index=True),
        uploads=pd.concat([made["uploads"], uploads], ignore_index=True),
        profiles=pd.DataFrame(heads),
    )


def test_the_last_version_counts_and_an_entry_is_known_since_the_first_that_has_it():
    """T1"""
    second = {"class_": "5年2班", "title": "另一"}
    made, findings = read(given((at(4, 20), "林甲", [{}]), (at(5, 20), "林甲", [{}, second])), PLAN, AS_OF)
    assert findings == []
    assert known(made) == [("心得", date(2018, 4, 20)), ("另一", date(2018, 5, 20))]
    assert made["entries"]["file"].unique().tolist() == ["紀錄2.xlsx"]
    assert made["entries"]["school"].tolist() == [KEY, KEY]
    assert dict(zip(made["files"]["file"], made["files"]["bucket"], strict=True)) == {
        "紀錄1.xlsx": "被取代",
        "紀錄2.xlsx": "收回",
    }


def test_a_later_entry_is_not_taken_for_a_former_one_that_vanished():
    """T1_VANISHED"""
    later = {"day": date(2018, 5, 10), "title": "五月"}
    made, findings = read(given((at(4, 20), "林甲", [{}]), (at(5, 20), "林甲", [later])), PLAN, AS_OF)
    assert told(findings) == [("T1-vanished", "紀錄2.xlsx", "A4")]
    assert known(made) == [("五月", date(2018, 5, 20))]


def test_a_day_put_right_is_the_same_entry():
    made, findings = read(
        given((at(4, 20), "林甲", [{}]), (at(5, 20), "林甲", [{"day": date(2018, 4, 9)}])), PLAN, AS_OF
    )
    assert (findings, known(made)) == ([], [("心得", date(2018, 4, 20))])


def test_an_entry_that_came_back_is_known_since_it_was_first_handed_in():
    versions = [(at(4, 20), "林甲", [{}]), (at(5, 20), "林甲", []), (at(6, 20), "林甲", [{}])]
    made, findings = read(given(*versions), PLAN, AS_OF)
    assert (findings, known(made)) == ([], [("心得", date(2018, 4, 20))])
    assert told(read(given(*versions[:2]), PLAN, AS_OF)[1]) == [("T1-vanished", "紀錄2.xlsx", "A4")]


def test_a_title_put_right_is_the_same_entry_and_a_second_of_its_sort_is_new():
    first, again = {"title": "心得（一）"}, {"title": "心得（更正）"}
    made, findings = read(
        given((at(4, 20), "林甲", [first]), (at(5, 20), "林甲", [again, {"title": "心得二"}])), PLAN, AS_OF
    )
    assert findings == []
    assert [day for _, day in known(made)] == [date(2018, 4, 20), date(2018, 5, 20)]


def test_an_entry_that_vanished_is_told_with_the_file_that_had_it():
    """T1_VANISHED"""
    _, findings = read(
        given((at(4, 20), "林甲", [{}, {"class_": "5年2班"}]), (at(5, 20), "林甲", [{}])), PLAN, AS_OF
    )
    assert told(findings) == [("T1-vanished", "紀錄2.xlsx", "A4")]
    assert "紀錄1.xlsx" in findings[0].sentence
    assert "5年2班" in findings[0].sentence


def test_a_version_of_later_than_the_run_is_not_known_yet():
    made, _ = read(
        given((at(4, 20), "林甲", [{}]), (at(7, 2), "林甲", [{}, {"class_": "5年2班"}])), PLAN, AS_OF
    )
    assert len(made["entries"]) == 1
    assert made["files"]["bucket"].tolist() == ["收回", "基準日後"]


def test_two_versions_that_cannot_be_told_apart_count_for_nothing():
    """T1_TWO_VERSIONS"""
    made, findings = read(given((None, "林甲", [{}]), (None, "林甲", [{}])), PLAN, AS_OF)
    assert made["entries"].empty
    assert told(findings) == [
        ("T1-two-versions", "紀錄1.xlsx", "A4"),
        ("T1-two-versions", "紀錄2.xlsx", "A4"),
    ]


def test_without_a_time_of_upload_the_day_of_the_run_is_the_hand_in():
    """T1_NO_UPLOAD"""
    made, findings = read(given((None, "林甲", [{}])), PLAN, AS_OF)
    assert known(made) == [("心得", AS_OF)]
    assert told(findings) == [("T1-no-upload", "紀錄1.xlsx", "A4")]


def test_a_logbook_of_a_school_that_runs_nothing_is_set_aside():
    """T1_NOT_FUNDED"""
    made, findings = read(given((at(4, 20), "林甲", [{}]), key=("084699", "國小")), PLAN, AS_OF)
    assert made["entries"].empty
    assert told(findings) == [("T1-not-funded", "紀錄1.xlsx", "A4")]
    assert findings[0].school == ("084699", "國小")
    assert findings[0].sentence.startswith("「縣立第1國小」（084699）")


def test_a_logbook_of_a_county_without_such_schools_is_set_aside():
    """T1_NOT_FUNDED"""
    made, findings = read(given(county_versions=[(at(4, 20), "林甲", ())], county="連江縣"), PLAN, AS_OF)
    assert made["county_logbooks"].empty
    assert told(findings) == [("T1-not-funded", "縣市1.xlsx", "A4")]
    assert findings[0].sentence.startswith("「連江縣」（連江縣）")


@pytest.mark.parametrize(("national", "county"), [(False, "南投縣"), (True, "")])
def test_what_is_wrong_with_a_logbook_concerns_its_school_and_a_national_one_no_county(national, county):
    (told_of,) = read(given((None, "林甲", [{}]), national=national), PLAN, AS_OF)[1]
    assert (told_of.school, told_of.county) == (KEY, county)


def test_a_form_that_names_nobody_is_of_whom_its_template_was_made_for():
    sorts = {one.form: one for one in SORTS}
    assert sorts["county_logbook"].key({"county": ""}, "南投縣") == "南投縣"
    assert sorts["logbook"].key({"code": "", "level": ""}, "084601-國小") == KEY


def test_each_semesters_profile_counts_by_itself():
    logbook = given((at(4, 20), "林甲", []))
    made, findings = read(with_profiles(logbook, profile(1, FIRST), profile(2, SECOND)), PLAN, AS_OF)
    assert findings == []
    assert list(made["profiles"][["school", "semester", "known_on"]].itertuples(index=False, name=None)) == [
        (KEY, FIRST, date(2018, 4, 21)),
        (KEY, SECOND, date(2018, 4, 22)),
    ]


def test_where_none_came_the_heads_have_what_is_asked_of_them():
    made, _ = read(given((at(4, 20), "林甲", [])), PLAN, AS_OF)
    assert made["profiles"].columns.tolist() == ["school", "known_on", "semester", "trained", "officer"]
    assert made["profiles"].empty


def test_a_row_that_was_prefilled_counts_once_it_has_a_day():
    made, findings = read(given((at(4, 20), "林甲", [{"day": None}, {"class_": "6年1班"}])), PLAN, AS_OF)
    assert findings == []
    assert made["entries"]["class_"].tolist() == ["6年1班"]


def test_a_meeting_of_another_day_is_another_meeting():
    """T1_VANISHED"""
    made = given((at(4, 20), "林甲", []), (at(5, 20), "林甲", []))
    rows = [
        {"day": date(2018, 4, day), "file": f"紀錄{number}.xlsx", "place": Place(f"紀錄{number}.xlsx", "會議", 5, {})}
        for number, day in ((1, 10), (2, 11))
    ]  # fmt: skip
    made, findings = read(made.put(meetings=pd.DataFrame(rows)), PLAN, AS_OF)
    assert told(findings) == [("T1-vanished", "紀錄2.xlsx", "A4")]
    assert made["meetings"]["known_on"].tolist() == [date(2018, 5, 20)]


@pytest.mark.parametrize(
    ("versions", "before"),
    [
        ([(at(4, 20), "林甲", [])], []),
        ([(at(4, 20), "陳乙", [])], ["林甲"]),
        ([(at(4, 20), "陳乙", []), (at(5, 20), "陳乙", [])], []),
        ([(at(4, 20), "林甲", []), (at(5, 20), "陳乙", [])], ["林甲"]),
        ([(at(4, 20), "", [])], []),
    ],
)
def test_a_change_of_officer_is_told_once(versions, before):
    """T10_OFFICER"""
    made, findings = read(given(*versions), PLAN, AS_OF)
    who = {"code": KEY[0], "level": KEY[1], "name": "縣立第1國小", "county": "南投縣", "national": False}
    last = f"紀錄{len(versions)}.xlsx"
    assert made["officers"].to_dict("records") == [
        {**who, "before": one, "now": "陳乙", "file": last} for one in before
    ]
    assert told(findings) == [("T10-officer", f"紀錄{len(versions)}.xlsx", "F4") for _ in before]


def test_a_countys_logbook_is_the_countys():
    made, findings = read(
        given(county_versions=[(at(4, 20), "林甲", ()), (at(5, 20), "陳乙", ())]), PLAN, AS_OF
    )
    assert [(one.kind.id, one.county, one.at.cell) for one in findings] == [("T10-officer", "南投縣", "B4")]
    assert made["county_logbooks"]["school"].tolist() == ["南投縣"]


@pytest.mark.parametrize("wrong", [{"semester": SECOND}, {"class_": "9年9班"}])
def test_a_semester_or_class_put_right_is_the_same_entry(wrong):
    """T1_VANISHED: what the batch asked to put right is not told as gone."""
    made, findings = read(given((at(4, 20), "林甲", [wrong]), (at(5, 20), "林甲", [{}])), PLAN, AS_OF)
    assert (findings, known(made)) == ([], [("心得", date(2018, 4, 20))])


def test_another_item_of_the_same_day_is_not_the_entry_put_right():
    """T1_VANISHED"""
    other = {"item": "學生溫馨故事", "title": "故事"}
    made, findings = read(given((at(4, 20), "林甲", [{}]), (at(5, 20), "林甲", [other])), PLAN, AS_OF)
    assert told(findings) == [("T1-vanished", "紀錄2.xlsx", "A4")]
    assert known(made) == [("故事", date(2018, 5, 20))]


def test_what_was_still_to_come_is_known_once_it_could_have_been_done():
    """T1: a day after the hand-in is told then, and is as good as any other in the version after it."""
    coming = {"day": date(2018, 5, 10)}
    versions = [(at(4, 20), "林甲", [coming]), (at(5, 20), "林甲", [coming]), (at(6, 20), "林甲", [coming])]
    assert known(read(given(*versions[:1]), PLAN, AS_OF)[0]) == [("心得", date(2018, 4, 20))]
    assert known(read(given(*versions), PLAN, AS_OF)[0]) == [("心得", date(2018, 5, 20))]


def test_what_the_reader_found_in_a_version_that_counts_no_more_is_told_no_more():
    """Each version holds everything anew; a fault that is still there is found in the last one."""
    made = given((at(4, 20), "林甲", [{}]), (at(5, 20), "林甲", [{}]), (at(7, 20), "林甲", [{}]))
    faults = [
        Finding(
            catalogue.F1_BLANK,
            At(f"紀錄{number}.xlsx", "繳交紀錄", "F", 5),
            {"label": "題目", "help": "簡要。"},
        )
        for number in (1, 2, 3)
    ]
    tables, findings = read(made.found(faults), PLAN, AS_OF)
    assert findings == []
    assert told(tables.findings) == [("F1-blank", "紀錄2.xlsx", "F5")]
