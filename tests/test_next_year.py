"""The ring closes: what the closing of 107 wrote is what the run of an invented 108 reads and judges by (E2, C4, R3, R5, Z3, Z4).

Nothing of it needs a line of Python: plan 108 is `input_samples/plan-108/`, its inboxes are made by
`input_samples/next_year.py`, and its registers of 107 are the published workbooks, byte for byte.
"""

import json
import runpy
import shutil
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from mlbatch import batch, verify
from mlbatch.stop import CannotRun
from mlbatch.tables import CLOSED, STILL_OPEN, records
from tests.letters.docx_file import words
from tests.plan.years import INVENTED

SAMPLES = Path(__file__).parent.parent / "input_samples"
MONTHS = {
    "2019-04": date(2019, 4, 10), "2019-06": date(2019, 6, 10), "2019-08": date(2019, 8, 15),
    "2019-12": date(2019, 12, 10), "2020-10": date(2020, 10, 10),
}  # fmt: skip
NEXT = "結案/下年度清冊"
OWNER = "受文者/01_新北市"


@pytest.fixture(scope="module")
def closing(tmp_path_factory):
    """The output of 107's closing."""
    out = tmp_path_factory.mktemp("closing") / "out"
    return batch.run(SAMPLES / "2019-03", out, date(2019, 3, 10)), out


@pytest.fixture(scope="module")
def year(closing, tmp_path_factory):
    """The inbox, the output and the month of 108, by month."""
    folder = tmp_path_factory.mktemp("year")
    sys.path.insert(0, str(SAMPLES))
    try:
        made = runpy.run_path(str(SAMPLES / "next_year.py"))
        for name, documents in made["months"](closing[1]).items():
            made["written"](documents, folder / "inbox" / name)
    finally:
        sys.path.remove(str(SAMPLES))
    return {
        name: (folder / "inbox" / name, folder / "out" / name,
               batch.run(folder / "inbox" / name, folder / "out" / name, as_of, year=INVENTED))
        for name, as_of in MONTHS.items()
    }  # fmt: skip


def school(month, code):
    return next(row for row in records(month.tables["schools"]) if row["code"] == code)


def found(month, kind):
    return {one.school[0]: one for one in month.tables.findings if one.kind.id == kind}


def test_its_run_reads_exactly_the_workbooks_that_the_closing_published(closing, year):
    published = {path.name: path.read_bytes() for path in (closing[1] / NEXT / "108年度").iterdir()}
    assert sorted(published) == [
        "107年優良學校.xlsx",
        "107年教練學校.xlsx",
        "107年補助學校.xlsx",
        "107年配合度與獲獎.xlsx",
        "縣市結案紀錄.xlsx",
    ]
    for inbox, _, month in year.values():
        came = {path.name: path.read_bytes() for path in (inbox / "本部清冊").iterdir()}
        assert published.items() <= came.items()
        files = month.tables["files"].set_index("file")
        assert {files.loc[f"本部清冊/{name}", "bucket"] for name in published} == {"清冊"}


def test_the_call_is_judged_by_the_record_of_107(closing, year):
    month = year["2019-04"][2]
    record = {row["code"]: row for row in records(closing[0].tables["year_record"])}
    reduced = found(month, "C4-reduced")
    assert set(reduced) == {"014599", "014683", "164699"}
    assert all(record[code]["grade"] == "丁" for code in reduced)
    assert reduced["014599"].sentence == "「市立澄岸國中」配合度為丁等，減 2 班，核計 3 班。"
    assert reduced["164699"].sentence == "「縣立望汐國中小」配合度為丁等，減 1 班，核計 1 班。"
    assert record["150699"]["grade"] == "甲"
    assert (school(month, "150699")["requested"], school(month, "150699")["allowed"]) == (3, 3)
    new = {row["code"]: row["new"] for row in records(month.tables["schools"])}
    assert {code for code, is_new in new.items() if is_new} == {"014598", "014895"}  # not subsidised in 107


def test_the_call_is_judged_by_the_plan_of_108(year):
    month = year["2019-04"][2]
    assert (
        found(month, "C1-over-cap")["014683"].sentence
        == "「市立青稜國小」申請 4 班，國小至多 3 班，以 3 班計。"
    )
    assert found(month, "C2-over-cap")["014598"].sentence.endswith("申請 3 班，以 1 班計。")
    assert (
        found(month, "E2-incomplete")["014895"].sentence
        == "「市立銀槐國小」列於 105 年度未完成資料繳交學校。"
    )
    assert "G1-item" not in {one.kind.id for one in month.tables.findings}  # every plan budgets the new item


def test_review_and_award_follow_the_record_of_107_and_the_rates_of_108(closing, year):
    month = year["2019-06"][2]
    plan, record = month.plan, {row["code"]: row for row in records(closing[0].tables["year_record"])}
    for row in records(month.tables["schools"]):
        if row["verdict"] != "受理":
            continue
        known = record.get(row["code"])
        assert row["record_absent"] == (known is None), row["code"]
        assert known is None or row["record"] == known["score"]
        assert row["record_points"] == round(row["record"] * plan.review.weights["執行成果"] / 100, 2)
        assert row["per_class"] == 55_000
    counties = {row["county"]: row for row in records(month.tables["counties"])}
    own = {row["county"]: row for row in records(closing[0].tables["county_year"])}
    assert (own["澎湖縣"]["closed_on"], own["澎湖縣"]["closing"]) == (date(2019, 2, 20), 63)
    assert (
        str(counties["澎湖縣"]["cooperation"]) == "97.67"
    )  # (100 + 100 + 63) / 3 and 10 for closing in time
    assert own["新北市"]["closed_on"] is None
    assert (counties["新北市"]["reduction"], counties["澎湖縣"]["reduction"]) == (
        5900,
        0,
    )  # a tenth of 50,000 + 3 × 3,000
    assert school(month, "164599")["grant"] == 80_000 + 55_000


def test_its_letters_and_papers_name_their_own_year(year):
    _, out, _ = year["2019-08"]
    letter = words((out / OWNER / "核定函.docx").read_bytes())
    assert "108年國中小行動學習推動計畫（虛構）" in letter
    for name in ("核定函", "未獲補助函", "領款收據"):
        text = words((out / OWNER / f"{name}.docx").read_bytes())
        assert "107年國中小" not in text
        assert "106" not in text.replace("臺教", "")
    stories = json.loads((out / "decisions.json").read_text("utf-8"))["schools"]
    told = "".join(step["說明"] for story in stories for step in story["steps"])
    assert "無107年紀錄，執行成果以中位數計" in told
    package = json.loads((out / "開放資料" / "datapackage.json").read_text("utf-8"))
    totals = next(one for one in package["resources"] if one["name"] == "totals")
    assert totals["schema"]["fields"][0]["constraints"]["minimum"] == 108


def test_the_new_deliverable_is_owed_in_the_drop_down_and_reminded(year):
    _, out, month = year["2019-12"]
    duties = [row for row in records(month.tables["duties"]) if row["item"] == "學生作品"]
    states = {(row["code"], row["semester"]): row["state"] for row in duties}
    assert len(states) == 14  # seven schools, two semesters
    assert states["164599", "108學年度上學期"] == "已完成"
    assert states["014599", "108學年度上學期"] == "逾期"
    assert {state for (_, semester), state in states.items() if semester == "108學年度下學期"} == {"未到期"}
    assert "學生作品" in words((out / OWNER / "催繳通知.docx").read_bytes())
    book = openpyxl.load_workbook(out / OWNER / "執行紀錄" / "014599_市立澄岸國中_國中_執行紀錄簿.xlsx")
    entries = book["繳交紀錄"]
    assert "學生作品" in {cell.value for cell in entries["A"]}
    lists = [one.formula1 for one in entries.data_validations.dataValidation if "A" in str(one.sqref)]
    assert any("學生作品" in one for one in lists) or "學生作品" in {
        cell.value for column in book["選單"].columns for cell in column
    }


def test_its_closing_writes_the_registers_of_109(year):
    _, out, month = year["2020-10"]
    states = {row["payee"]: row["closing_state"] for row in records(month.tables["payees"])}
    assert states == {
        "新北市政府教育局": STILL_OPEN,
        "澎湖縣政府": CLOSED,
        "國立海洲大學附設實驗國小": CLOSED,
    }
    papers = {path.relative_to(out / NEXT).as_posix() for path in (out / NEXT).rglob("*.xlsx")}
    assert papers == {
        "109年度/108年教練學校.xlsx", "109年度/108年補助學校.xlsx", "109年度/108年配合度與獲獎.xlsx", "109年度/縣市結案紀錄.xlsx",
        "110年度/107、108年未完成資料繳交學校.xlsx",
    }  # fmt: skip
    barred = {row["code"] for row in records(month.tables["barred"])}
    assert barred == {"014598", "014599", "014683"}


def test_registers_and_forms_of_another_year_are_refused(closing, year, tmp_path):
    """What 107 wrote for 109, and a form of 107, have no place in 108 (I3-other-year)."""
    inbox = tmp_path / "inbox"
    shutil.copytree(year["2019-04"][0], inbox)
    (late,) = (closing[1] / NEXT / "109年度").iterdir()
    shutil.copy(late, inbox / "本部清冊" / late.name)
    shutil.copy(SAMPLES / "2017-12" / "澎湖縣" / "澎湖推薦學校名單.xlsx", inbox / "舊名單.xlsx")
    month = batch.decide(batch.read(inbox, batch.load_plan(INVENTED), MONTHS["2019-04"]))
    refused = {one.at.file: one.sentence for one in month.tables.findings if one.kind.id == "I3-other-year"}
    assert refused == {
        f"本部清冊/{late.name}": "檔案為 109 年度之「105、106年未完成資料繳交學校」，本次辦理 108 年度。",
        "舊名單.xlsx": "檔案為 107 年度之「推薦學校名單」，本次辦理 108 年度。",
    }


def test_a_school_that_107_barred_is_refused_in_109(closing, year, tmp_path):
    """玖.二 bars for 109: a plan 109 after 108 after 107 reads what the closing of 107 wrote for it."""
    plans = tmp_path / "plan"
    shutil.copytree(INVENTED, plans)
    for part in ("", ".office", ".clauses"):
        text = (INVENTED / f"108{part}.toml").read_text("utf-8")
        for old, new in (
            ("year = 108", "year = 109"), ("based_on = 107", "based_on = 108"), ("2020-", "2021-"), ("2019-", "2020-"),
            ("[105, 106]", "[106, 107]"), ("value = 110\n", "value = 111\n"), ("value = 107\n", "value = 108\n"),
        ):  # fmt: skip
            text = text.replace(old, new)
        (plans / f"109{part}.toml").write_text(text, "utf-8")
    plan = batch.load_plan(plans)
    assert (plan.year, plan.schools.incomplete_years) == (109, (106, 107))
    (register,) = (closing[1] / NEXT / "109年度").iterdir()
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.copy(register, inbox / register.name)
    read = batch.read(inbox, plan, date(2020, 4, 10))
    assert read.tables.findings == ()
    barred = set(read.tables["incomplete"]["code"])
    assert "014599" in barred
    assert "164599" not in barred  # 澎湖縣 handed in everything, if late
    month = year["2019-04"][2]
    tables = month.read.put(incomplete=read.tables["incomplete"])
    judged = batch.decide(batch.Month(plan, date(2020, 4, 10), read.forms, tables, tables), "intake")
    refused = {
        one.school[0]: one.sentence for one in judged.tables.findings if one.kind.id == "E2-incomplete"
    }
    assert refused == {
        "014599": "「市立澄岸國中」列於 107 年度未完成資料繳交學校。",
        "014683": "「市立青稜國小」列於 107 年度未完成資料繳交學校。",
    }


def test_a_month_of_108_is_verified_by_its_folder_and_by_nothing_else(year):
    inbox, out, _ = year["2019-06"]
    verdict = verify.verify(out, inbox, named=INVENTED)
    assert (verdict.differs, verdict.notes, verdict.derived) == ((), (), True)
    with pytest.raises(CannotRun, match="沒有 108 年度之計畫資料"):
        verify.verify(out, inbox)
    with pytest.raises(CannotRun, match="輸出為 108 年度，不是 107 年度；請以 --plan 指定"):
        verify.verify(out, inbox, named=107)


def test_one_year_does_not_write_over_the_other(year, tmp_path):
    _, out, _ = year["2019-04"]
    before = (out / "run.json").read_bytes()
    with pytest.raises(CannotRun, match="為 108 年度之輸出，107 年度請另指定 --out"):
        batch.run(SAMPLES / "2017-09", out, date(2017, 9, 20))
    assert (out / "run.json").read_bytes() == before
    manifest = json.loads(before)
    assert manifest["plan"]["year"] == 108
    assert list(manifest["plan"]["sha256"])[:3] == ["108.toml", "108.office.toml", "108.clauses.toml"]
