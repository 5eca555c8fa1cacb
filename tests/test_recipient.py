"""Who gets papers: whoever handed something in, or is paid (肆.七), whether or not a school of its stands in the tables."""

import shutil
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from mlbatch import batch, catalogue
from mlbatch.finding import At, Finding
from mlbatch.forms import all_forms
from mlbatch.forms.blank import blank
from mlbatch.forms.reader import read_workbook
from mlbatch.plan import load_plan
from mlbatch.recipient import recipients
from tests.letters.docx_file import line, words
from tests.letters.month import month

PLAN = load_plan()
FORMS = all_forms(PLAN)
SAMPLES = Path(__file__).parent.parent / "input_samples"
ISLAND = "受文者/22_連江縣"


def test_counties_stand_in_ministry_order_and_national_schools_after_them():
    assert [one.folder for one in recipients(month(), PLAN)] == [
        "02_臺北市", "11_南投縣",
        "90_國立示範大學附設實驗國小_國小_080601", "90_國立範例大學附設實驗國小_國小_080602",
    ]  # fmt: skip


def test_a_county_and_a_national_school_whose_files_could_not_be_read_are_told():
    made = month()
    directory = pd.DataFrame(
        [{"code": "090601", "level": "國小", "name": "國立樣本附小", "owner": "國立", "county": "雲林縣"}]
    )
    unread = Finding(catalogue.I1_NOT_A_WORKBOOK, At("名單.xlsx"), {"why": "不是試算表格式"})
    findings = (replace(unread, county="連江縣"), replace(unread, school=("090601", "國小")))
    told = recipients(replace(made, findings=findings).put(directory=directory), PLAN)
    before = {one.folder for one in recipients(made, PLAN)}
    assert [one.folder for one in told if one.folder not in before] == [
        "22_連江縣",
        "90_國立樣本附小_國小_090601",
    ]


@pytest.fixture(scope="module")
def september(tmp_path_factory):
    """September, with a list of 連江縣 in which no school stands yet."""
    inbox = tmp_path_factory.mktemp("inbox")
    shutil.copytree(SAMPLES / "2017-09", inbox, dirs_exist_ok=True)
    head = {"county": "連江縣", "officer": "曹無列", "telephone": "(0836)55107", "email": "list@lienchiang.example.tw"}  # fmt: skip
    path = inbox / "連江縣_推薦名單.xlsx"
    path.write_bytes(blank(FORMS["recommendation"], PLAN, recipient="連江縣", values={"lists": [head]}))
    register = inbox / "本部清冊" / "上傳紀錄.xlsx"
    rows = records("uploads", register)
    rows["uploads"].append({**rows["uploads"][0], "upload_name": path.name, "uploaded_by": "連江縣政府"})
    register.write_bytes(blank(FORMS["uploads"], PLAN, values=rows))
    return papers_of(inbox, date(2017, 9, 20))


def records(form, path):
    read = read_workbook(path.read_bytes(), path.name, FORMS, PLAN)
    assert read.form is FORMS[form]
    return {
        t: [{k: v for k, v in row.items() if k != "place"} for row in rows]
        for t, rows in read.records.items()
    }


def papers_of(inbox, as_of):
    derived = batch.derive(batch.read(inbox, PLAN, as_of))[0]
    return {paper.path: paper.content for paper in derived.papers}


def test_a_county_whose_list_has_no_row_gets_it_back_with_a_notice_and_a_receipt(september):
    own = {path.removeprefix(f"{ISLAND}/") for path in september if path.startswith(ISLAND)}
    assert own == {
        "補正通知.docx",
        "檢核結果.xlsx",
        "收件回執.xlsx",
        "待修正/連江縣_推薦名單_待修正.xlsx",
    }
    assert "沒有填寫任何資料" in words(september[f"{ISLAND}/補正通知.docx"])
    back = openpyxl.load_workbook(BytesIO(september[f"{ISLAND}/待修正/連江縣_推薦名單_待修正.xlsx"]))
    assert "曹無列" in {cell.value for row in back["推薦學校名單"].iter_rows() for cell in row}


@pytest.fixture(scope="module")
def january(tmp_path_factory):
    """January, with a workshop in 連江縣, of which no school applied."""
    inbox = tmp_path_factory.mktemp("inbox")
    shutil.copytree(SAMPLES / "2018-01", inbox, dirs_exist_ok=True)
    register = inbox / "本部清冊" / "工作坊補助縣市.xlsx"
    rows = records("workshops", register)
    rows["workshops"].append({"county": "連江縣", "amount": 120_000})
    register.write_bytes(blank(FORMS["workshops"], PLAN, values=rows))
    return papers_of(inbox, date(2018, 1, 15))


def test_a_county_with_a_workshop_and_no_school_gets_its_letter_and_its_papers_of_payment(january):
    """B9 (陸.三): 12萬元, all of it current account, and no words about schools or classes."""
    own = {path.removeprefix(f"{ISLAND}/") for path in january if path.startswith(ISLAND)}
    assert own == {
        "核定函.docx", "檢核結果.xlsx", "領款收據.docx", "經費申請表.docx", "計畫經費說明表.xlsx",
        "經費申請表/連江縣_縣市經費申請表.xlsx",
    }  # fmt: skip
    award = january[f"{ISLAND}/核定函.docx"]
    assert line(award, "主旨") == (
        "主旨：核定補助貴府辦理「107年國中小行動學習推動計畫」之「校長科技領導暨教師增能工作坊」經費新臺幣12萬元，"
        "請於107年2月9日前函送領款文件至本部辦理撥款，請查照。"
    )
    assert "校長科技領導暨教師增能工作坊之補助經費（經常門）" in words(january[f"{ISLAND}/領款收據.docx"])
    for name in ("核定函.docx", "領款收據.docx", "經費申請表.docx"):
        assert "0校" not in words(january[f"{ISLAND}/{name}"])


def test_the_checklist_of_a_county_with_a_workshop_alone_asks_for_no_county_plan(january):
    """claim.workshop_papers"""
    checklist = openpyxl.load_workbook(BytesIO(january["請款/檢核表/22_連江縣.xlsx"]))
    cells = {str(cell.value) for row in checklist["請款文件檢核表"].iter_rows() for cell in row}
    asked = set(PLAN.papers.county) & cells
    assert asked == set(PLAN.claim.workshop_papers)
    assert not asked & {"縣市計畫書", "縣市計畫書上傳完成證明"}
