"""Which upload counts (肆.四(四)4, S1)."""

from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from tests.rules.intake_tables import (
    AFTER,
    BEFORE,
    SENT,
    application,
    by_code,
    first,
    found,
    intake,
    listing,
    row,
    school,
    tables,
    upload,
)  # fmt: skip

ONE, TWO = school(1), school(2)
CLOSING = datetime(2017, 9, 29, 12)
SECOND = timedelta(seconds=1)


def filed(of, as_of=AFTER):
    return intake(of, as_of, "截止前最後版本")


def ends(of):
    """File → bucket."""
    return dict(zip(of["files"]["file"], of["files"]["bucket"], strict=True))


def documents(of):
    """File → the document of which it is a version."""
    return dict(zip(of["files"]["file"], of["files"]["document"], strict=True))


def versions(*times, **names):
    """Versions of one plan, `1.xlsx` …, uploaded at `times`."""
    files = [f"{number}.xlsx" for number, _ in enumerate(times, 1)]
    plans = [application(ONE, file=file, **names) for file in files]
    return tables(
        plans=plans, directory=[ONE], uploads=[upload(f, at) for f, at in zip(files, times, strict=True)]
    )


def test_one_upload_in_time_counts():
    made = filed(versions(SENT))
    assert ends(made) == {"1.xlsx": "採認"}
    assert found(made) == []


@pytest.mark.parametrize(("at", "bucket"), [(CLOSING, "採認"), (CLOSING + SECOND, "逾時")])
def test_the_closing_second_is_in_time(at, bucket):
    assert ends(filed(versions(at))) == {"1.xlsx": bucket}


def test_the_last_one_before_closing_counts_and_the_others_are_kept_and_named():
    made = filed(versions(SENT, CLOSING, CLOSING + SECOND))
    assert ends(made) == {"1.xlsx": "被取代", "2.xlsx": "採認", "3.xlsx": "逾時"}
    assert found(made) == [("S1-superseded", "", ""), ("S1-late", "", "")]
    assert first(made, "S1-superseded").sentence == "同一份文件於截止前另有較新之上傳（2.xlsx）。"
    assert first(made, "S1-late").sentence == "上傳時間為 106.09.29 12:00:01，截止時間為 106.09.29 12:00:00。"
    assert list(made["plans"]["file"]) == list(made["devices"]["file"]) == ["2.xlsx"]
    assert set(made["classes"]["file"]) == {"2.xlsx"}
    assert made["files"]["why"].tolist()[1:] == ["", first(made, "S1-late").sentence]
    assert made["late"].empty


def test_only_a_late_one_is_waived_and_its_school_is_not_lost():
    made = filed(versions(CLOSING + SECOND))
    assert made["plans"].empty
    assert made["late"][["form", "code", "file"]].values.tolist() == [["application", ONE["code"], "1.xlsx"]]


def test_of_several_late_ones_the_last_in_time_stands_for_all():
    made = filed(versions(CLOSING + 2 * SECOND, CLOSING + SECOND))
    assert made["late"][["file", "county"]].values.tolist() == [["1.xlsx", "南投縣"]]


def test_two_in_the_same_second_are_told_by_file_name():
    made = filed(versions(SENT, SENT))
    assert ends(made) == {"1.xlsx": "被取代", "2.xlsx": "採認"}
    assert "上傳時間相同，以檔名在後者為準" in first(made, "S1-superseded").sentence


def test_a_later_day_is_not_judged_yet():
    made = versions(SENT, datetime(2017, 9, 21))
    fault = Finding(catalogue.F1_BLANK, At("2.xlsx"), {"label": "校長", "help": "校長姓名。"})
    made = filed(made.found([fault]), BEFORE)
    assert ends(made) == {"1.xlsx": "採認", "2.xlsx": "基準日後"}
    assert made["files"]["why"].tolist() == ["", "上傳時間為 106.09.21 00:00:00，在基準日之後。"]
    assert made.findings == ()


def test_the_end_of_the_day_still_counts():
    assert ends(filed(versions(datetime(2017, 9, 20, 23, 59, 59)), BEFORE)) == {"1.xlsx": "採認"}


def test_a_file_that_the_register_lacks_takes_its_modification_time_with_a_warning():
    made = filed(tables(plans=[application(ONE)], directory=[ONE], uploads=[upload("其他.xlsx", SENT)]))
    assert found(made) == [("S1-not-registered", "", "")]
    assert first(made, "S1-not-registered").read == "106.09.15 10:00:00"
    assert list(ends(made).values()) == ["採認"]


def test_an_empty_register_leaves_every_file_its_modification_time():
    made = filed(tables(plans=[application(ONE)], directory=[ONE], uploads=[]))
    assert found(made) == [("S1-not-registered", "", "")]
    assert list(ends(made).values()) == ["採認"]


def test_a_name_uploaded_twice_takes_its_last_time_up_to_the_day():
    register = [upload("1.xlsx", SENT), upload("1.xlsx", CLOSING + SECOND)]
    made = tables(plans=[application(ONE, file="1.xlsx")], directory=[ONE], uploads=register)
    assert ends(filed(made)) == {"1.xlsx": "逾時"}
    assert ends(filed(made, BEFORE)) == {"1.xlsx": "採認"}


def shared_name(*register):
    """Two schools' plans under one bare name, in two folders."""
    plans = [application(ONE, file="甲/計畫書.xlsx"), application(TWO, file="乙/計畫書.xlsx")]
    return filed(tables(plans=plans, directory=[ONE, TWO], uploads=register))


def test_a_path_is_matched_before_a_bare_name():
    made = shared_name(upload("甲\\計畫書.xlsx", CLOSING + SECOND), upload("計畫書.xlsx", SENT))
    assert ends(made) == {"甲/計畫書.xlsx": "逾時", "乙/計畫書.xlsx": "採認"}
    assert found(made) == [("S1-late", "", "")]


def test_a_path_may_begin_with_the_folder_itself():
    made = shared_name(upload("./甲/計畫書.xlsx", CLOSING + SECOND), upload("計畫書.xlsx", SENT))
    assert ends(made) == {"甲/計畫書.xlsx": "逾時", "乙/計畫書.xlsx": "採認"}


def test_a_bare_name_of_several_files_belongs_to_the_one_whose_sender_uploaded_it():
    made = shared_name(
        upload("計畫書.xlsx", CLOSING + SECOND, by=TWO["name"]), upload("計畫書.xlsx", SENT, by=ONE["name"])
    )
    assert ends(made) == {"甲/計畫書.xlsx": "採認", "乙/計畫書.xlsx": "逾時"}


def test_a_bare_name_that_may_mean_several_files_is_not_guessed():
    made = shared_name(upload("計畫書.xlsx", CLOSING + SECOND, by="南投縣"))
    assert found(made) == [("S1-not-registered", "", "")] * 2


def test_another_level_is_another_document():
    both = [application(ONE), application({**ONE, "level": "國中"})]
    assert set(ends(filed(tables(plans=both, directory=[ONE]))).values()) == {"採認"}


def test_a_plan_without_a_readable_code_is_known_by_its_stamp():
    stamp = f"{ONE['code']}-國小"
    plans = [application(ONE, file="1.xlsx", code="", recipient=stamp), application(ONE, file="2.xlsx")]
    made = tables(plans=plans, directory=[ONE], uploads=[upload("1.xlsx", SENT), upload("2.xlsx", CLOSING)])
    assert ends(filed(made)) == {"1.xlsx": "被取代", "2.xlsx": "採認"}


def test_a_plan_without_a_readable_code_and_without_a_stamp_stands_for_itself():
    plans = [application(ONE, file=file, code="") for file in ("1.xlsx", "2.xlsx")]
    made = tables(plans=plans, directory=[ONE], uploads=[upload("1.xlsx", SENT), upload("2.xlsx", CLOSING)])
    made = filed(made)
    assert ends(made) == {"1.xlsx": "採認", "2.xlsx": "採認"}
    assert documents(made) == {"1.xlsx": "application-1.xlsx", "2.xlsx": "application-2.xlsx"}


@pytest.mark.parametrize(("stamp", "key", "county"), [("南投縣", "南投縣", "南投縣"), ("某處", "1.xlsx", "")])
def test_a_list_without_its_county_is_known_by_its_stamp_or_stands_for_itself(stamp, key, county):
    lists = [listing(row(ONE), county="", file="1.xlsx", recipient=stamp)]
    made = filed(tables(lists, directory=[ONE], uploads=[upload("1.xlsx", CLOSING + SECOND)]))
    assert documents(made) == {"1.xlsx": f"recommendation-{key}"}
    assert first(made, "S1-late").county == county


def test_a_document_is_named_by_its_form_and_whose_it_is():
    made = filed(tables([listing(row(ONE))], [application(ONE)], directory=[ONE]))
    assert documents(made) == {
        "南投縣.xlsx": "recommendation-南投縣",
        "084601-國小.xlsx": "application-084601-國小",
    }


def test_a_county_has_one_list():
    lists = [listing(row(ONE), file="舊.xlsx"), listing(row(TWO), file="新.xlsx")]
    register = [upload("舊.xlsx", SENT), upload("新.xlsx", CLOSING)]
    made = filed(tables(lists, directory=[ONE, TWO], uploads=register))
    assert made["listed"]["code"].tolist() == [TWO["code"]]
    assert first(made, "S1-superseded").county == "南投縣"


def test_files_of_other_kinds_keep_their_bucket():
    made = versions(SENT, CLOSING)
    files = made["files"]
    files.loc[0, ["form", "bucket", "why"]] = "", "擱置", "不是試算表"
    made = filed(made.put(files=files))
    assert ends(made) == {"1.xlsx": "擱置", "2.xlsx": "採認"}
    assert made["files"]["why"].tolist() == ["不是試算表", ""]
    assert documents(made) == {"1.xlsx": "", "2.xlsx": "application-084601-國小"}


def test_files_end_by_their_rows_and_not_by_the_numbers_of_these():
    made = versions(SENT, CLOSING + SECOND)
    assert ends(filed(made.put(files=made["files"].set_axis([9, 4])))) == {"1.xlsx": "採認", "2.xlsx": "逾時"}


def test_a_school_whose_plan_is_only_late_is_waived_for_that():
    made = tables([listing(row(ONE))], [application(ONE, file="1.xlsx")], directory=[ONE],
                  uploads=[upload("南投縣.xlsx", SENT), upload("1.xlsx", CLOSING + SECOND)])  # fmt: skip
    made = intake(made)
    assert found(made, "S1", "S2") == [("S1-late", "", "")]
    assert by_code(made, "verdict", "clause", "planned")[ONE["code"]] == ("視同放棄", "肆.四(四)4", False)
    assert first(made, "S1-late").school == (ONE["code"], "國小")


def test_a_school_whose_list_is_only_late_is_waived_for_that():
    made = tables([listing(row(ONE), row(TWO, 2))], [application(ONE)], directory=[ONE, TWO],
                  uploads=[upload("南投縣.xlsx", CLOSING + SECOND), upload(f"{ONE['code']}-國小.xlsx", SENT)])  # fmt: skip
    made = intake(made)
    assert found(made, "S1", "S2") == [("S1-late", "", "")]
    why = first(made, "S1-late").sentence
    assert by_code(made, "verdict", "why") == {
        ONE["code"]: ("視同放棄", why),
        TWO["code"]: ("視同放棄", why),
    }


def test_as_of_before_every_upload_leaves_nothing():
    made = intake(versions(SENT), date(2017, 9, 1))
    assert ends(made) == {"1.xlsx": "基準日後"}
    assert made["schools"].empty


def test_a_later_upload_under_the_same_name_is_the_revised_plans():
    """A school may send its revised plan (肆.七(二)) under the name of its first one: that makes nothing late."""
    made = tables([listing(row(ONE))], [application(ONE, file="計畫/1.xlsx")], directory=[ONE],
                  uploads=[upload("南投縣.xlsx", SENT), upload("1.xlsx", SENT), upload("1.xlsx", CLOSING + timedelta(days=120))])  # fmt: skip
    again = {**made["files"].iloc[0], "file": "光碟/1.xlsx", "form": "revised_plan", "bucket": "收回"}
    files = pd.concat([made["files"], pd.DataFrame([again])], ignore_index=True)
    after = filed(made.put(files=files), date(2018, 2, 10))
    assert ends(after)["計畫/1.xlsx"] == "採認"
    assert ends(filed(made, date(2018, 2, 10)))["計畫/1.xlsx"] == "逾時"
