"""What goes back to a sender: returned workbooks and receipts of the sample September, opened and read."""

import hashlib
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from mlbatch import batch
from mlbatch.forms import all_forms
from mlbatch.forms.reader import read_workbook
from mlbatch.forms.returned import ROOTS
from mlbatch.plan import load_plan

PLAN = load_plan()
FORMS = all_forms(PLAN)
SEPTEMBER = Path(__file__).parent.parent / "input_samples" / "2017-09"
NEW_TAIPEI = "受文者/01_新北市"
LINK = re.compile(r"'(?P<sheet>[^']+)'!(?P<cell>[A-Z]+\d+)")


@pytest.fixture(scope="module")
def month():
    return batch.derive(batch.read(SEPTEMBER, PLAN, date(2017, 9, 20)))[0]


@pytest.fixture(scope="module")
def papers(month):
    return {paper.path: paper.content for paper in month.papers}


@pytest.fixture(scope="module")
def returned(papers):
    return {path: opened(content) for path, content in papers.items() if "/待修正/" in path}


def opened(content):
    return openpyxl.load_workbook(BytesIO(content))


def rows(sheet):
    """The rows of a listing as label → cell."""
    labels = [str(cell.value).replace("\n", "") for cell in sheet[5]]
    return [dict(zip(labels, row, strict=True)) for row in sheet.iter_rows(min_row=6)]


def test_every_file_with_something_to_correct_comes_back_and_no_other(month, returned):
    asked = {
        one.at.file for one in month.tables.findings if one.kind.severity.weighs and one.kind.rule[0] != "I"
    }
    files = month.tables["files"].set_index("file")
    wanted = {f"{Path(file).stem}_待修正.xlsx" for file in asked if files["bucket"][file] == "採認"}
    assert {path.rpartition("/")[2] for path in returned} == wanted
    assert wanted


def test_the_first_sheet_lists_each_fault_with_its_place_and_what_to_do(month, returned):
    for path, book in returned.items():
        assert book.sheetnames[0] == "待修正"
        told = rows(book.worksheets[0])
        name = path.rpartition("/")[2].removesuffix("_待修正.xlsx")
        own = [one for one in month.tables.findings if Path(one.at.file).stem == name]
        assert sorted(row["發現代號"].value for row in told) == sorted(one.kind.id for one in own)
        sentences = {one.sentence for one in own}
        for row in told:
            assert row["說明"].value in sentences
            assert row["請如何處理"].value
            assert row["依據"].value
        assert book.worksheets[0].auto_filter.ref.startswith("A5:I")


def test_what_must_be_done_comes_first_and_root_causes_before_what_follows(returned):
    weights = ["退件", "補正", "提醒", "說明"]
    for book in returned.values():
        told = [(weights.index(r["嚴重程度"].value), r["發現代號"].value) for r in rows(book.worksheets[0])]
        order = [(weight, rank(kind)) for weight, kind in told]
        assert order == sorted(order)


def rank(kind):
    return next(n for n, root in enumerate(ROOTS) if kind.startswith(root if root.isalpha() else f"{root}-"))


def test_each_place_is_linked_marked_and_leads_back(returned):
    linked = 0
    for book in returned.values():
        for row in rows(book.worksheets[0]):
            link = row["位置（點選前往）"].hyperlink
            if not link:
                continue
            at = LINK.fullmatch(link.location)
            cell = book[at["sheet"]][at["cell"]]
            if row["嚴重程度"].value in ("退件", "補正") and at["cell"] != "A1":
                assert row["說明"].value in cell.comment.text
                assert cell.fill.fgColor.rgb == "FFF5C6C6"
                linked += 1
            back = [
                c.hyperlink for line in book[at["sheet"]].iter_rows(max_row=1) for c in line if c.hyperlink
            ]
            assert [one.location for one in back] == ["'待修正'!A1"]
    assert linked >= 5


def test_nothing_but_what_is_marked_was_touched(month, papers, returned):
    """The records of the returned workbook are those of the file that came."""
    for path in returned:
        name = path.rpartition("/")[2].removesuffix("_待修正.xlsx")
        (came,) = [p for p in SEPTEMBER.rglob("*.xlsx") if p.stem == name and "初稿" not in p.parts]
        before = read_workbook(came.read_bytes(), "a.xlsx", FORMS, PLAN)
        after = read_workbook(papers[path], "a.xlsx", FORMS, PLAN)
        assert plain(after.records) == plain(before.records), name
        assert (after.stamp.form, after.stamp.recipient) == (before.stamp.form, before.stamp.recipient)


def plain(records):
    return {t: [{k: v for k, v in row.items() if k != "place"} for row in of] for t, of in records.items()}


def test_a_receipt_lists_every_file_of_its_recipient_with_hash_time_and_what_was_understood(month, papers):
    told = rows(opened(papers[f"{NEW_TAIPEI}/收件回執.xlsx"])["收件回執"])
    own = {path.relative_to(SEPTEMBER).as_posix() for path in (SEPTEMBER / "新北市").rglob("*.xlsx")}
    assert {row["檔案"].value for row in told} == own
    for row in told:
        content = (SEPTEMBER / row["檔案"].value).read_bytes()
        assert row["sha256"].value == hashlib.sha256(content).hexdigest()
        assert re.fullmatch(r"106\.09\.\d\d \d\d:\d\d:\d\d", row["認定上傳時間"].value)
    (listed,) = [row for row in told if row["表件"].value == "推薦學校名單"]
    assert listed["讀得內容"].value == "縣市：新北市；推薦學校名單 10 列"
    assert listed["補正（件）"].value + listed["退件（件）"].value > 0


def test_what_changed_since_the_last_version_is_listed_by_field(papers):
    book = opened(papers["受文者/07_宜蘭縣/收件回執.xlsx"])
    (change,) = rows(book["與前版之差異"])
    assert [cell.value for cell in change.values()] == [
        "宜蘭縣/024699雨巷國小.xlsx", "宜蘭縣/初稿/024699雨巷國小.xlsx", "基本資料", 12, "核心教師人數", "7", "9",
    ]  # fmt: skip


def test_a_receipt_says_that_nothing_changed(papers):
    same, other = (
        opened(papers[f"{folder}/收件回執.xlsx"])["與前版之差異"]["A2"].value
        for folder in (NEW_TAIPEI, "受文者/07_宜蘭縣")
    )
    assert same.endswith("本次無文件有前後兩版之差異。")
    assert "本次" not in other


def test_after_closing_nobody_gets_a_file_back_but_everybody_a_receipt():
    later = batch.derive(batch.read(SEPTEMBER.parent / "2018-01", PLAN, date(2018, 1, 15)))[0]
    paths = [paper.path for paper in later.papers]
    assert not [path for path in paths if "待修正" in path]
    receipts = [path for path in paths if path.endswith("/收件回執.xlsx")]
    assert len(receipts) == len({path.split("/")[1] for path in paths if path.startswith("受文者/")})
