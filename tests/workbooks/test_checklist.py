"""檢核結果: every finding, file, school and rule in it, and senders' text as text."""

from io import BytesIO

import openpyxl
import pandas as pd
import pytest

from mlbatch import catalogue
from mlbatch.finding import At, Finding
from mlbatch.plan import load_plan
from mlbatch.workbooks.checklist import checklist
from tests.pages.month import small_month

PAYLOADS = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "http://example.tw", "file://x", "{=1}", "\t=1"]


@pytest.fixture(scope="module")
def tables():
    month = small_month()
    files = month["files"].assign(form="", sha256="0" * 64)
    return month.put(files=files)


def book(tables, title="全國"):
    return openpyxl.load_workbook(
        BytesIO(checklist(tables, load_plan(), pd.Timestamp("2017-12-15").date(), title))
    )


def test_every_row_in_is_a_row_out(tables):
    sheets = book(tables)
    assert sheets.sheetnames == ["封面", "檢核發現", "依學校", "依縣市", "檔案", "規則"]
    for title, count in {"檢核發現": 1, "依學校": 2, "檔案": 2, "規則": 1}.items():
        assert sheets[title].max_row == 5 + count


def test_a_finding_stands_with_its_cell_clause_and_remedy(tables):
    row = [cell.value for cell in book(tables)["檢核發現"][6]]
    assert row[1:4] == ["補正", "屏東縣", "130602"]
    assert row[5:9] == ["屏東縣/名單.xlsx", "推薦學校名單", "B13", "130602"]
    assert row[11:] == ["肆.四(一)2", "S2-no-plan"]


def test_a_recipients_copy_has_no_files_and_rules(tables):
    own = type(tables)(findings=tables.findings).put(schools=tables["schools"])
    assert book(own, "屏東縣政府").sheetnames == ["封面", "檢核發現", "依學校"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_senders_text_stays_text(tables, payload):
    facts = {"name": payload, "read": payload}
    finding = Finding(
        catalogue.S2_NO_PLAN, At(payload, payload, "B", 13), facts, ("130602", "國小"), "屏東縣"
    )
    schools = tables["schools"].assign(name=payload)
    sheets = book(type(tables)(findings=(finding,)).put(schools=schools))
    for sheet in sheets.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                assert cell.data_type != "f" or cell.value.startswith("=SUM(B")
    assert payload.strip("\t") in str(sheets["檢核發現"]["E6"].value)


def test_the_same_tables_give_the_same_bytes(tables):
    day = pd.Timestamp("2017-12-15").date()
    assert checklist(tables, load_plan(), day) == checklist(tables, load_plan(), day)


def test_what_the_cover_says_first_has_room_for_all_its_lines(tables):
    cover = book(tables)["封面"]
    words = next(row[1] for row in cover.iter_rows(max_row=7) if row[0].value == "請先看")
    lines = -(-sum(2 if ord(one) > 255 else 1 for one in words.value) // 66)
    assert lines > 1
    assert cover.row_dimensions[words.row].height > 16 * lines
