"""教練學校 of the sample June: what stands there, live, and who is told what (K1, K2, K3; 附件3)."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import openpyxl
import pytest

from mlbatch import batch, coaching, leak, press
from mlbatch.forms.reader import read_workbook
from mlbatch.output import Paper
from mlbatch.pages import overview
from mlbatch.recipient import recipients
from mlbatch.sheet import Book
from mlbatch.unpacked import lines
from tests import recalculation
from tests.workbooks.test_recalculation import sheet_rows

SAMPLES = Path(__file__).parent.parent.parent / "input_samples"
AS_OF = date(2018, 6, 30)
BOOK, PAIRS = "追蹤/教練學校.xlsx", "追蹤/教練配對.xlsx"
RECORD = "教練輔導紀錄"


@pytest.fixture(scope="module")
def read():
    """The inbox of June, read once."""
    return batch.read(SAMPLES / "2018-06", batch.load_plan(), AS_OF)


def derived(read, without=()):
    """The month up to tracking without some tables that were read, and its papers about coach schools by path."""
    frames = {name: frame for name, frame in read.tables.frames.items() if name not in without}
    tables = replace(read.tables, frames=MappingProxyType(frames))
    month = batch.decide(replace(read, read=tables, tables=tables), until="track")
    papers = coaching.Desk(month.tables, month.forms, month.plan, AS_OF).papers(month.packages)
    return month, {paper.path: paper.content for paper in press.drawn(papers)}


@pytest.fixture(scope="module")
def june(read):
    return derived(read)


@pytest.fixture(scope="module")
def proposed(read):
    """The same June before the ministry has decided of the pairs, and before any record came."""
    return derived(
        read, ("coach_pairs", "coach_records", "coach_acts", "coach_shown", "coach_events", "coach_reports")
    )


def sheet(papers, path, title, folder):
    target = folder / "book.xlsx"
    target.write_bytes(papers[path])
    return sheet_rows(target, title)


def test_libreoffice_agrees_on_every_formula(june, proposed, tmp_path):
    before = []
    for number, (_, papers) in enumerate((june, proposed)):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(papers[BOOK])
        before.append(path)
    after = recalculation.converted(before, "xlsx", tmp_path)
    assert [recalculation.differences(*pair) for pair in zip(before, after, strict=True)] == [{}, {}]
    assert all(len(recalculation.formulas(path)) >= 14 for path in before)


def test_who_applied_and_who_is_listed_stand_with_their_qualification(june, tmp_path):
    rows = sheet(june[1], BOOK, "教練學校", tmp_path)
    shown = [(row["學校代碼"], row["列於清冊"], row["已送申請表"], row["資格"], row["依據"]) for row in rows]
    assert shown == [
        ("014599", "是", "是", "符合", "附件3.二(二)"),
        ("554699", "否", "是", "符合", "附件3.二(一)"),
        ("204699", "是", "是", "符合", "附件3.二(一)"),
    ]
    assert [(row["已配校數"], row["其中核定"]) for row in rows] == [(2, 2), (None, None), (2, 2)]


def test_every_pair_and_every_new_school_without_coach_stands_once(june, tmp_path):
    tables = june[0].tables
    pairs = sheet(june[1], BOOK, "配對", tmp_path)
    left = sheet(june[1], BOOK, "未配對新手學校", tmp_path)
    schools = tables["schools"]
    new = schools.loc[schools["new"] & (schools["approved"].fillna(0) > 0), "code"]
    assert sorted([*(row["受輔導學校代碼"] for row in pairs), *(row["學校代碼"] for row in left)]) == sorted(
        new
    )
    assert {row["情形"] for row in pairs} == {"核定"}


def test_a_proposal_is_told_to_the_ministry_alone(proposed, tmp_path):
    month, papers = proposed
    assert {row["情形"] for row in sheet(papers, BOOK, "配對", tmp_path)} == {"建議"}
    coached = set(month.tables["coached"]["name"])
    own = {path: content for path, content in papers.items() if path.startswith("受文者")}
    assert {path.split("/")[1] for path in own} == {"01_新北市", "20_嘉義市"}  # what their coaches owe
    assert not [path for path in own if RECORD in path]
    assert not [
        path
        for path, content in own.items()
        for line in lines(content)
        if any(name in line for name in coached)
    ]


def test_the_proposal_comes_back_as_the_register_that_decides(proposed, read):
    month, papers = proposed
    reading = read_workbook(papers[PAIRS], "教練配對.xlsx", month.forms, month.plan)
    rows = reading.records["coach_pairs"]
    coached = month.tables["coached"]
    assert {(row["code"], row["coached_code"]) for row in rows} == set(
        zip(coached["coach_code"], coached["code"], strict=True)
    )
    assert {row["decided_on"] for row in rows} == {None}


def test_a_pair_is_told_to_both_sides_and_to_nobody_else(june):
    _, papers = june
    whose = {path.split("/")[1] for path in papers if path.startswith("受文者")}
    assert whose == {"01_新北市", "04_臺中市", "06_高雄市", "07_宜蘭縣", "20_嘉義市"}
    words = "\n".join(lines(papers["受文者/07_宜蘭縣/教練學校.xlsx"]))
    assert "市立澄岸國中" in words
    assert "縣立冬稻國小" in words
    assert not [name for name in ("市立禾塘國小", "市立檜香國小", "市立鹿徑國小") if name in words]


def test_a_partners_name_is_no_leak_and_any_other_schools_is(june, proposed):
    """Of a pair that was decided, to its own two sides alone."""

    def found(month, *names):
        book = Book("試")
        for row, name in enumerate(names):
            book.page(f"{row}").text(0, 0, name)
        paper = Paper("受文者/07_宜蘭縣/試.xlsx", book.save(), "試", "07_宜蘭縣")
        whom = recipients(month.tables, month.plan)
        return [one.word for one in leak.Search(month.read, month.tables, whom).leaks([paper])]

    names = ("市立澄岸國中", "014599", "市立禾塘國小", "市立檜香國小")
    assert found(june[0], *names) == ["市立檜香國小", "市立禾塘國小"]
    assert sorted(found(proposed[0], *names)) == sorted(names)


def test_a_coach_gets_its_record_with_the_schools_that_it_coaches_until_one_came(read):
    month, papers = derived(
        read, ("coach_records", "coach_acts", "coach_shown", "coach_events", "coach_reports")
    )
    records = {path: content for path, content in papers.items() if RECORD in path}
    assert [path.rpartition("/")[2][:6] for path in records] == ["014599", "204699"]
    path, content = next(iter(records.items()))
    reading = read_workbook(content, path, month.forms, month.plan)
    assert [row["code"] for row in reading.records["coach_own"]] == ["014897", "024697"]
    assert reading.stamp.recipient == "014599-國中"
    assert not [path for path in derived(read)[1] if RECORD in path]


def test_what_coaches_owe_stands_with_all_other_duties(june, tmp_path):
    """T9"""
    month, papers = june
    rows = sheet(papers, BOOK, "工作事項", tmp_path)
    duties = month.tables["duties"]
    own = duties[duties["item"].isin({row["項目"] for row in rows})]
    assert len(rows) == len(own) == 14
    assert sum(row["尚欠"] for row in rows) == (own["number"] - own["done"]).sum()


def test_the_overview_asks_for_a_decision_while_there_is_only_a_proposal(june, proposed, read):
    def told(month):
        page = overview.overview(month.tables, month.plan, AS_OF, "", "", {}, ())
        return [
            words for words in ("教練配對待核定", "建議 4 對尚未核定", "教練學校配對須處理") if words in page
        ]

    assert told(june[0]) == []
    assert told(proposed[0]) == ["教練配對待核定", "建議 4 對尚未核定"]


def test_the_overview_names_a_shortfall(read):
    """K2"""
    pairs = read.tables["coach_pairs"]
    tables = read.tables.put(coach_pairs=pairs[pairs["coached_code"] != "024697"])
    month = batch.decide(replace(read, read=tables, tables=tables), until="track")
    page = overview.overview(month.tables, month.plan, AS_OF, "", "", {}, ())
    assert "「市立澄岸國中」配有 1 所新手學校，應為 2 所" in page


def test_no_coach_no_paper(read):
    frames = dict(read.tables.frames)
    frames["coaches"] = frames["coaches"].iloc[:0]
    frames = {name: frame for name, frame in frames.items() if not name.startswith("coach_")}
    tables = replace(read.tables, frames=MappingProxyType(frames))
    month = batch.decide(replace(read, read=tables, tables=tables), until="track")
    assert list(coaching.Desk(month.tables, month.forms, month.plan, AS_OF).papers(month.packages)) == []


def test_a_listed_coach_asks_for_the_registers_of_the_qualifying_year(read):
    tables = replace(
        read.tables, frames=MappingProxyType({k: v for k, v in read.tables.frames.items() if k != "winners"})
    )
    with pytest.raises(batch.CannotRun, match="「年度追蹤」缺少清冊「106年優良學校」"):
        batch.decide(replace(read, read=tables, tables=tables), until="track")


def test_the_workbook_opens_at_what_a_clerk_looks_at_first(june):
    assert openpyxl.load_workbook(BytesIO(june[1][BOOK])).sheetnames[:2] == ["教練學校", "配對"]
