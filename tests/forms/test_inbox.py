"""The folder of what came in: every file once, each in one bucket, nothing written."""

import hashlib
import os
from datetime import datetime

import pandas as pd
import pytest

from mlbatch import catalogue as c
from mlbatch.forms import all_forms, inbox, one_file
from mlbatch.plan import load_plan
from tests.forms.workbook import book, grids, stamped

PLAN = load_plan()
FORMS = all_forms(PLAN)
NOON = 1506657600  # 2017-09-29 12:00:00 in Taipei


def put(folder, name, content=b"", when=NOON):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (when, when))
    return path


def filled(name, **head):
    form = FORMS[name]
    table = next(sheet.head_table for sheet in form.sheets) if not form.register else ""
    return stamped(form, grids(form, {table: head}), head.get("county", ""))


def register(name, *rows):
    form = FORMS[name]
    return stamped(form, grids(form, rows={form.sheets[0].rows_table: rows}))


SCHOOL = {"county": "新北市", "code": "019901", "name": "示範國小", "level": "國小"}


def buckets(came):
    return dict(zip(came.files["file"], came.files["bucket"], strict=True))


def test_every_file_ends_in_one_row_by_its_path(tmp_path):
    content = filled("recommendation", county="新北市")
    put(tmp_path, "b/c/名單.xlsx", content)
    put(tmp_path, "a.xlsx", filled("score"))
    put(tmp_path, "清冊/x.xlsx", register("deepening"))
    put(tmp_path, "b/壞.xlsx", b"<html>")
    came = inbox.gather(tmp_path, PLAN)
    assert buckets(came) == {
        "a.xlsx": "收回",
        "b/c/名單.xlsx": "",
        "b/壞.xlsx": "擱置",
        "清冊/x.xlsx": "清冊",
    }
    row = came.files.set_index("file").loc["b/c/名單.xlsx"]
    assert (row["sha256"], row["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert row["modified"] == datetime(2017, 9, 29, 12)
    assert (row["form"], row["version"], row["year"], row["recipient"]) == (
        "recommendation",
        1,
        107,
        "新北市",
    )
    assert [reading.file for reading in came.readings] == ["a.xlsx", "b/c/名單.xlsx", "清冊/x.xlsx"]


def test_types_of_the_files_table(tmp_path):
    put(tmp_path, "壞.xlsx")
    files = inbox.gather(tmp_path, PLAN).files
    assert list(files.columns) == list(inbox.COLUMNS)
    whole = {"size", "version", "year"}
    assert {name: str(dtype) for name, dtype in files.dtypes.items()} == {
        name: "Int64" if name in whole else "object" for name in inbox.COLUMNS
    }
    assert files["version"][0] is pd.NA
    assert files["recipient"][0] == ""


def test_an_empty_inbox_has_no_files(tmp_path):
    came = inbox.gather(tmp_path, PLAN)
    assert list(came.files.columns) == list(inbox.COLUMNS)
    assert (len(came.files), came.readings, came.findings) == (0, (), ())


def test_what_was_set_aside_says_why(tmp_path):
    sheets = grids(FORMS["recommendation"])
    put(tmp_path, "1.xlsx", b"<html>")
    put(tmp_path, "2.xlsx", b"")
    put(tmp_path, "3.xlsx", filled("recommendation")[:900])
    put(tmp_path, "4.xlsx", book(sheets))
    put(tmp_path, "5.xlsx", book(sheets, form="recommendation", year=106, version=1))
    put(tmp_path, "6.xlsx", book(sheets, form="recommendation", year=107, version=0))
    came = inbox.gather(tmp_path, PLAN)
    assert [finding.kind for finding in came.findings] == [
        *[c.I1_NOT_A_WORKBOOK] * 3, c.I2_UNKNOWN_FORM, c.I3_OTHER_YEAR, c.I4_OLD_VERSION]  # fmt: skip
    assert set(came.files["bucket"]) == {"擱置"}
    assert list(came.files["why"]) == [finding.sentence for finding in came.findings]
    assert came.readings == ()


@pytest.mark.parametrize(
    "name",
    [
        "~$名單.xlsx",
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
        "README.md",
        "子/.git/config",
        "__MACOSX/._a.xlsx",
    ],
)
def test_what_nobody_sent_is_passed_over(tmp_path, name):
    put(tmp_path, name, b"x")
    came = inbox.gather(tmp_path, PLAN)
    assert buckets(came) == {name: "略過"}
    assert came.files["why"][0]
    assert came.findings == ()


def test_what_is_no_regular_file_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").symlink_to(tmp_path / "nowhere")
    assert set(buckets(inbox.gather(tmp_path, PLAN)).values()) == {"略過"}


def test_a_file_that_cannot_be_read_or_is_too_large_is_set_aside(tmp_path, monkeypatch):
    path = put(tmp_path, "a.xlsx", b"123")
    monkeypatch.setattr(one_file, "MOST_BYTES", 2)
    read = one_file.read_file(path, "a.xlsx", FORMS, PLAN)
    assert (read.outcome.kind, read.outcome.facts["why"][:4], read.sha256) == (
        c.I1_NOT_A_WORKBOOK,
        "檔案大於",
        "",
    )
    for name in (".", "nowhere.xlsx"):
        outcome = one_file.read_file(tmp_path / name, "a.xlsx", FORMS, PLAN).outcome
        assert outcome.facts["why"] == "檔案無法讀取"


def test_a_pipe_or_a_link_is_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").symlink_to(put(tmp_path, "c", b"x"))
    for name in ("a.xlsx", "b.xlsx"):
        outcome = one_file.read_file(tmp_path / name, name, FORMS, PLAN).outcome
        assert outcome.facts["why"] == "檔案無法讀取"


def test_the_type_goes_by_the_first_bytes(tmp_path):
    put(tmp_path, "名單.csv", filled("recommendation"))
    put(tmp_path, "深耕.xlsx", "縣市,學校代碼,學校名稱,學制\n新北市,019901,示範國小,國小\n".encode())
    came = inbox.gather(tmp_path, PLAN)
    assert sorted(reading.form.id for reading in came.readings)[-1] == "recommendation"


def test_a_name_from_a_big5_archive_is_read(tmp_path):
    name = "名單.xlsx".encode("cp950")
    with open(os.fsencode(tmp_path) + b"/" + name, "wb") as file:
        file.write(b"x")
    assert list(inbox.gather(tmp_path, PLAN).files["file"]) == ["名單.xlsx"]


def test_copies_of_a_register_count_once(tmp_path):
    content = register("deepening", SCHOOL)
    put(tmp_path, "a.xlsx", content)
    put(tmp_path, "b.xlsx", content)
    came = inbox.gather(tmp_path, PLAN)
    assert [reading.file for reading in came.readings] == ["a.xlsx"]
    assert buckets(came) == {"a.xlsx": "清冊", "b.xlsx": "清冊"}
    assert list(came.files["why"]) == ["", "與「a.xlsx」內容相同，只計一次。"]


def test_two_versions_of_a_register_stop_the_job(tmp_path):
    put(tmp_path, "a.xlsx", register("directory", SCHOOL))
    put(tmp_path, "b.xlsx", register("directory", SCHOOL, {**SCHOOL, "code": "019902"}))
    with pytest.raises(inbox.InboxError, match=r"兩份不同的「學校名錄」：「a.xlsx」與「b.xlsx」"):
        inbox.gather(tmp_path, PLAN)


def test_copies_of_a_submission_are_left_to_the_rules(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        put(tmp_path, name, filled("recommendation"))
    assert len(inbox.gather(tmp_path, PLAN).readings) == 2


def test_a_register_may_be_csv(tmp_path):
    put(tmp_path, "上傳.CSV", "檔名,上傳時間,上傳者\na.xlsx,106.09.29 11:58:03,新北市\n".encode())
    came = inbox.gather(tmp_path, PLAN)
    assert came.readings[0].records["uploads"][0]["uploaded_by"] == "新北市"


def test_findings_come_in_file_order(tmp_path):
    put(tmp_path, "a.xlsx", filled("recommendation"))
    put(tmp_path, "b.xlsx", b"")
    put(tmp_path, "c.xlsx", filled("recommendation"))
    files = [finding.at.file for finding in inbox.gather(tmp_path, PLAN).findings]
    assert files == sorted(files)
    assert set(files) == {"a.xlsx", "b.xlsx", "c.xlsx"}


def test_progress_is_told_and_nothing_is_written(tmp_path):
    put(tmp_path, "a.xlsx", filled("recommendation"))
    put(tmp_path, "b/b.xlsx", b"")
    before = sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    told = []
    inbox.gather(tmp_path, PLAN, lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]
    assert sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


def test_single_files(tmp_path, monkeypatch):
    hidden = put(tmp_path, ".hidden/a.xlsx", filled("recommendation", county="新北市"))
    monkeypatch.chdir(hidden.parent)
    assert len(inbox.gather_files([hidden], PLAN).readings) == 1
    came = inbox.gather_files([inbox.Path("../.hidden/a.xlsx")], PLAN)
    assert buckets(came) == {"../.hidden/a.xlsx": ""}


def test_a_folder_or_a_file_that_is_not_there(tmp_path):
    with pytest.raises(inbox.InboxError, match="找不到收件資料夾"):
        inbox.gather(tmp_path / "無", PLAN)
    with pytest.raises(inbox.InboxError, match="找不到檔案"):
        inbox.gather_files([tmp_path / "無.xlsx"], PLAN)
