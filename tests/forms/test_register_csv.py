"""Registers that came as CSV: three encodings, commas or tabs, recognised by their header."""

from datetime import datetime

import pytest

from mlbatch import catalogue as c
from mlbatch.forms import all_forms
from mlbatch.forms.register_csv import read_csv
from mlbatch.plan import load_plan

PLAN = load_plan()
FORMS = all_forms(PLAN)
UPLOADS = "檔名,上傳時間,上傳者\r\n推薦學校名單.xlsx,106.09.29 11:58:03,新北市\r\n"
SCHOOLS = '縣市,學校代碼,學校名稱,學制\n新北市,="019901",示範國小,國小\n'


def read(text, name="清冊.csv", encoding="utf-8"):
    return read_csv(text.encode(encoding), name, FORMS, PLAN)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950"])
def test_encodings(encoding):
    reading = read(UPLOADS, encoding=encoding)
    assert (reading.form.id, reading.stamp.year, reading.findings) == ("uploads", 107, ())
    (row,) = reading.records["uploads"]
    assert (row["upload_name"], row["uploaded_at"]) == ("推薦學校名單.xlsx", datetime(2017, 9, 29, 11, 58, 3))


def test_tabs_moved_columns_and_short_rows():
    reading = read(
        "上傳者\t備註\t檔名\t上傳時間\n新北市\t\ta.xlsx\t2017/9/29 上午 11:58:03\n\n新北市\n",
        encoding="utf-16",
    )
    assert [row["upload_name"] for row in reading.records["uploads"]] == ["a.xlsx", ""]
    assert [(f.kind, f.at.sheet, f.at.cell) for f in reading.findings] == [
        (c.F1_BLANK, "", "C4"), (c.F1_BLANK, "", "D4")]  # fmt: skip


def test_places_are_those_that_a_spreadsheet_shows():
    reading = read("上傳紀錄\n\n" + UPLOADS.replace("106.09.29 11:58:03", '"前天\n中午"'))
    (one,) = reading.findings
    assert (one.kind, one.at.file, one.at.cell) == (c.F3_NOT_DATE, "清冊.csv", "B4")


def test_a_code_kept_as_text_by_an_export():
    reading = read(SCHOOLS, "107年教練學校.csv")
    assert reading.form.id == "coaches"
    assert (reading.records["coaches"][0]["code"], reading.findings) == ("019901", ())


def test_the_register_whose_labels_fit_best_is_meant():
    assert (
        read(SCHOOLS.replace("學制\n", "學制,地區屬性\n").replace("國小\n", "國小,偏遠\n")).form.id
        == "remote"
    )


@pytest.mark.parametrize("name", ["清冊.csv", "學校.csv"])
def test_registers_with_the_same_labels_are_not_guessed(name):
    assert read(SCHOOLS, name).kind is c.I2_UNKNOWN_FORM


@pytest.mark.parametrize("text", ["甲,乙\n1,2\n", "檔名,單位\na.xlsx,新北市\n"])
def test_what_fits_no_register_is_set_aside(text):
    assert read(text).kind is c.I2_UNKNOWN_FORM


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"\x81\xff\x00\x80", b'"a,b\n'])
def test_what_is_no_csv_is_set_aside(content):
    assert read_csv(content, "清冊.csv", FORMS, PLAN).kind is c.I1_NOT_A_WORKBOOK


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(encoding):
    assert len(read(UPLOADS, encoding=encoding).records["uploads"]) == 1


def test_what_a_broken_transfer_filled_up_is_no_content():
    content = UPLOADS.encode() + b"\0" * 512
    assert len(read_csv(content, "清冊.csv", FORMS, PLAN).records["uploads"]) == 1


def test_a_null_character_within_is_no_text():
    content = UPLOADS.replace("新", "\0").encode()
    assert read_csv(content, "清冊.csv", FORMS, PLAN).kind is c.I1_NOT_A_WORKBOOK


@pytest.mark.parametrize("pair", [b"\xfa\x40", b"\x8e\x40", b"\xc8\xfe"])
def test_a_character_that_makers_of_big5_mean_differently_is_asked_about(pair):
    content = UPLOADS.replace("新北市\r", "新北市X\r").encode("cp950").replace(b"X", pair)
    reading = read_csv(content, "清冊.csv", FORMS, PLAN)
    assert [(f.kind, f.at.cell, f.read) for f in reading.findings] == [
        (c.F18_LOST_CHARACTER, "C2", "新北市\ufffd")
    ]
    assert reading.records["uploads"][0]["uploaded_by"] == "新北市\ufffd"


def test_a_file_of_which_much_is_lost_is_no_text():
    assert (
        read_csv(UPLOADS.encode("cp950") + b"\xfa\x40" * 30, "清冊.csv", FORMS, PLAN).kind
        is c.I1_NOT_A_WORKBOOK
    )


def test_line_ends_within_a_cell_semicolons_and_ragged_rows():
    reading = read('\n檔名;上傳時間;上傳者\n"a\nb.xlsx";106.09.29;新北市;;;\nc.xlsx;106.09.29\n')
    assert [row["upload_name"] for row in reading.records["uploads"]] == ["a\nb.xlsx", "c.xlsx"]
    assert [(f.kind, f.at.cell) for f in reading.findings] == [(c.F1_BLANK, "C4")]


def test_what_a_register_lacks_is_said():
    one = read("縣市,學校名稱,學制\n新北市,示範國小,國小\n", "107年教練學校.csv")
    assert (one.kind, one.sentence) == (
        c.I8_REGISTER_LACKS, "檔案似為「107年教練學校」，但缺少欄位「學校代碼」。")  # fmt: skip
