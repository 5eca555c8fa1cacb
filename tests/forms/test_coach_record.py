"""教練輔導紀錄 tells of itself while it is filled what the rules tell later (K3): in LibreOffice as here."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from mlbatch.forms import all_forms
from mlbatch.forms.blank import blank
from mlbatch.forms.coach_record import values
from mlbatch.plan import load_plan
from tests import recalculation

PLAN = load_plan()
FORMS = all_forms(PLAN)
COACH = {"code": "084601", "name": "縣立雲海國小", "level": "國小", "county": "南投縣"}
OWN = [{"code": "064799", "name": "市立朗原國小", "level": "國小", "county": "臺中市"},
       {"code": "084602", "name": "縣立松湖國小", "level": "國小", "county": "南投縣"}]  # fmt: skip
FIRST = PLAN.schools.semesters[0]


def act(code, **more):
    return {
        "semester": FIRST,
        "day": date(2018, 5, 3),
        "code": code,
        "level": "國小",
        "way": "實地參訪",
        "about": "觀課",
        **more,
    }


def shown(schools, outsiders):
    return {
        "day": date(2018, 5, 3),
        "title": "觀摩",
        "way": "公開觀課",
        "venue": "本校",
        "schools": schools,
        "outsiders": outsiders,
    }


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A record with right and wrong rows: its bytes, and the workbook as LibreOffice works it out."""
    filled = values(COACH, OWN)
    filled["coach_records"][0] |= {
        "officer": "林甲",
        "telephone": "(049)5550-0001",
        "email": "a@school.example.tw",
    }
    filled["coach_acts"] = [act("064799"), act("064798"), act(" 084602"), act("")]
    filled["coach_shown"] = [shown(20, 10), shown(20, 9), shown(0, 0)]
    path = tmp_path_factory.mktemp("record") / "record.xlsx"
    path.write_bytes(blank(FORMS["coach_record"], PLAN, recipient="084601-國小", values=filled))
    return path, recalculation.converted([path], "xlsx", path.parent)[0]


def messages(path, title, rows):
    """The column 檢核 of so many rows."""
    sheet = openpyxl.load_workbook(BytesIO(path.read_bytes()), data_only=True)[title]
    head = next(row for row in sheet.iter_rows(max_row=20) if any(cell.value == "檢核" for cell in row))
    cell = next(cell for cell in head if cell.value == "檢核")
    return [sheet.cell(cell.row + n, cell.column).value or "" for n in range(1, rows + 1)]


def test_libreoffice_agrees_on_every_formula(book):
    assert recalculation.differences(*book) == {}


@pytest.mark.parametrize("which", [0, 1])
def test_an_act_at_a_school_that_is_not_its_own_is_told_in_its_row(book, which):
    told = messages(book[which], "輔導紀錄", 4)
    assert told == ["", "不在「受輔導學校」所列。", "", "缺：受輔導學校代碼。"]


@pytest.mark.parametrize("which", [0, 1])
def test_fewer_outsiders_than_half_is_a_reminder(book, which):
    assert messages(book[which], "示範觀摩", 3) == ["", "提醒：示範觀摩應以非行動學習學校為主。", ""]


def test_a_record_that_names_no_school_yet_does_not_call_every_act_wrong():
    filled = {**values(COACH, []), "coach_acts": [act("064799")]}
    content = blank(FORMS["coach_record"], PLAN, values=filled)
    sheet = openpyxl.load_workbook(BytesIO(content), data_only=True)["輔導紀錄"]
    assert "不在「受輔導學校」所列。" not in {cell.value for row in sheet.iter_rows() for cell in row}
