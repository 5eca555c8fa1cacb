"""Nothing of one recipient in another's package, looked for in the finished files."""

import re
import zipfile
from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import pytest

from mlbatch import batch, leak, output, recipient, unpacked
from mlbatch.output import Paper
from mlbatch.plan import load_plan
from mlbatch.recipient import recipients
from mlbatch.sheet import Book
from studies import leak as study

JANUARY = Path(__file__).parent.parent / "input_samples" / "2018-01"


@pytest.fixture(scope="module")
def month():
    """January, derived once."""
    return batch.derive(batch.read(JANUARY, batch.load_plan(), date(2018, 1, 15)))[0]


@pytest.fixture(scope="module")
def whom(month):
    return recipients(month.tables, month.plan)


def xlsx(*texts):
    book = Book("測試")
    page = book.page("表")
    for row, text in enumerate(texts):
        page.text(row, 0, text)
    return book.save()


def letter(*runs):
    document = docx.Document()
    paragraph = document.add_paragraph()
    for run in runs:
        paragraph.add_run(run)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def found(month, whom, content, folder=None, path="受文者/x/a.xlsx"):
    """What is found in one file that goes to the first recipient."""
    paper = Paper(path, content, "a", folder or whom[0].folder)
    leaks = leak.Search(month.read, month.tables, whom).leaks([paper])
    return [(one.sort, one.word) for one in leaks]


def other(month, whom):
    """A school of another county than the first recipient's, as its plan has it."""
    schools = month.tables["schools"]
    row = schools[(schools["county"] != whom[0].county) & ~schools["national"]].iloc[0]
    plans = month.tables["plans"]
    return plans[plans["school"] == (row["code"], row["level"])].iloc[0]


def test_the_packages_of_a_month_are_clean(month, whom):
    assert leak.Search(month.read, month.tables, whom).leaks(month.papers) == []
    assert {paper.recipient for paper in month.papers} >= {who.folder for who in whom}


@pytest.mark.parametrize(
    ("column", "sort"),
    [
        ("code", "學校代碼"),
        ("name", "學校名稱"),
        ("principal", "校長"),
        ("officer", "承辦人"),
        ("telephone", "電話"),
        ("email", "電子郵件"),
    ],
)
@pytest.mark.parametrize("make", [xlsx, letter], ids=["xlsx", "docx"])
def test_each_sort_of_data_of_another_is_found(month, whom, make, column, sort):
    word = other(month, whom)[column]
    assert sort in dict(found(month, whom, make(word)))
    assert sort in dict(found(month, whom, make(f"說明：{word}、")))


def test_a_name_cut_into_runs_spread_by_spaces_or_in_full_width_is_found(month, whom):
    school = other(month, whom)
    name, code = school["name"], school["code"]
    wide = code.translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert "學校名稱" in dict(found(month, whom, letter(name[:2], name[2:])))
    assert "學校名稱" in dict(found(month, whom, xlsx(" ".join(name))))
    assert "學校代碼" in dict(found(month, whom, letter(wide)))


def test_properties_comments_sheet_names_and_file_names_are_searched(month, whom):
    name = other(month, whom)["name"]
    document = docx.Document()
    document.core_properties.author = name
    buffer = BytesIO()
    document.save(buffer)
    assert found(month, whom, buffer.getvalue())
    book = Book("測試")
    book.page(name).text(0, 0, "表")
    assert found(month, whom, book.save())
    book = Book("測試")
    book.page("表").worksheet.write_comment("A1", f"見{name}")
    assert found(month, whom, book.save())
    assert found(month, whom, xlsx("表"), path=f"受文者/x/{name}.xlsx")


def odf(body):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("content.xml", body)
    return buffer.getvalue()


def test_open_documents_are_searched_across_their_spans_and_without_their_numbers(month, whom):
    school = other(month, whom)
    name, code = school["name"], school["code"]
    cut = f"<text:p><text:span>{name[:2]}</text:span><text:s/></text:p><text:p>{name}</text:p>"
    assert ("學校名稱", name) in found(month, whom, odf(cut), path="受文者/x/a.odt")
    cut = f"<text:p>貴校<text:span>{name[:2]}</text:span>{name[2:]}</text:p>"
    assert ("學校名稱", name) in found(month, whom, odf(cut), path="受文者/x/a.odt")
    cell = '<table:table-cell office:value-type="{}" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    assert found(month, whom, odf(cell.format("float", code, code)), path="受文者/x/a.ods") == []
    assert found(month, whom, odf(cell.format("string", code, code)), path="受文者/x/a.ods")


def test_what_the_recipient_itself_handed_in_is_no_leak(month, whom):
    own = month.tables["plans"].merge(
        month.tables["schools"][["code", "level", "county"]], on=["code", "level"]
    )
    row = own[own["county_y"] == whom[0].county].iloc[0]
    words = [row[name] for name in ("code", "name", "principal", "officer", "telephone", "email")]
    assert found(month, whom, xlsx(*words)) == []
    assert {sort for sort, _ in found(month, whom, xlsx(*words), whom[1].folder)} == {
        "學校代碼", "學校名稱", "校長", "承辦人", "電話", "電子郵件",
    }  # fmt: skip


def test_a_name_that_two_share_is_no_leak(month, whom):
    plans = month.read["plans"].copy()
    mine = plans[plans["file"].str.startswith(whom[0].county[:2])].index[0]
    theirs = plans[~plans["file"].str.startswith(whom[0].county[:2])].index[0]
    plans.loc[[mine, theirs], "officer"] = "同名者"
    read = month.read.put(plans=plans)
    paper = Paper("受文者/x/a.xlsx", xlsx("同名者"), "a", whom[0].folder)
    assert leak.Search(read, month.tables, whom).leaks([paper]) == []
    plans.loc[mine, "officer"] = "另有其人"
    assert [
        one.word for one in leak.Search(month.read.put(plans=plans), month.tables, whom).leaks([paper])
    ] == ["同名者"]


@pytest.mark.parametrize("word", ["承辦人", "貴府", "教師", "無", "補助"])
def test_a_word_typed_as_a_name_that_the_program_says_itself_is_no_leak(month, whom, word):
    plans = month.read["plans"].copy()
    theirs = plans[~plans["file"].str.startswith(whom[0].county[:2])].index
    plans.loc[theirs, "officer"] = word
    leaks = leak.Search(month.read.put(plans=plans), month.tables, whom).leaks(month.papers)
    assert leaks == []


def test_numbers_that_look_like_a_code_are_no_leak(month, whom):
    code = other(month, whom)["code"]
    book = Book("測試")
    page = book.page("表")
    page.number(0, 0, int(code))
    page.formula(1, 0, "=A1", int(code))
    page.text(2, 0, f"（02）5{code}9")
    assert found(month, whom, book.save()) == []


def test_a_short_name_counts_only_where_it_stands_alone(month, whom):
    plans = month.read["plans"].copy()
    theirs = plans[~plans["file"].str.startswith(whom[0].county[:2])].index[0]
    plans.loc[theirs, "officer"] = "于右"
    read = month.read.put(plans=plans)
    for text, hits in {"于右任先生": 0, "承辦人：于右、": 1, "于右": 1}.items():
        paper = Paper("受文者/x/a.xlsx", xlsx(text), "a", whom[0].folder)
        assert len(leak.Search(read, month.tables, whom).leaks([paper])) == hits


def test_the_ministrys_own_papers_may_name_everybody(month, whom):
    paper = Paper("檢核結果.xlsx", xlsx(other(month, whom)["name"]), "a")
    assert leak.Search(month.read, month.tables, whom).leaks([paper]) == []


def test_a_leak_stops_the_run_with_a_sentence_without_data(tmp_path, monkeypatch):
    """The guard in the run: a writer that gives one county all rows publishes nothing."""
    only = recipient.only
    monkeypatch.setattr(
        recipient, "only", lambda tables, who, _: tables if who.county == "新北市" else only(tables, who)
    )
    with pytest.raises(
        leak.LeakError, match=r"「新北市政府.*」之「受文者/.*/檢核結果.xlsx」.*未發布任何文件"
    ) as stop:
        batch.run(JANUARY, tmp_path / "out", date(2018, 1, 15), until="intake")
    assert [path.name for path in tmp_path.iterdir()] == [f".out{output.KEPT}"]
    assert not re.search(r"\d{6}|國小|國中|@", str(stop.value))


def test_reviewers_names_are_nobodys_to_read(month, whom):
    name = month.read["reviewers"]["name"].iloc[0]
    assert ("審查委員", name) in found(month, whom, xlsx(name))


def test_unpacked_lines_are_whole_unescaped_and_without_numbers():
    content = xlsx("甲 & <乙>", "123456")
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert escape("甲 & <乙>").encode() in parts.read("xl/sharedStrings.xml")
    assert {"甲 & <乙>", "123456", "xl/workbook.xml"} <= unpacked.lines(content)
    assert "123456" not in unpacked.lines(xlsx_number(123456))
    assert "二段" in unpacked.lines(letter("二", "段"))
    assert unpacked.lines("<p>頁</p>".encode()) == {"頁"}


def xlsx_number(number):
    book = Book("測試")
    book.page("表").number(0, 0, number)
    return book.save()


def test_no_paper_carries_a_person_in_its_properties(month):
    people = set()
    for table, columns in leak.PERSONAL.items():
        for column in columns:
            people |= set(month.read[table][column]) - {""} if table in month.read else set()
    for paper in month.papers:
        if not paper.path.endswith((".xlsx", ".docx")):
            continue
        with zipfile.ZipFile(BytesIO(paper.content)) as parts:
            said = "".join(
                parts.read(name).decode() for name in parts.namelist() if name.startswith("docProps/")
            )
        assert re.findall(r"<(?:dc:creator|cp:lastModifiedBy|Manager|Company)>[^<]", said) == []
        assert [person for person in people if len(person) > 1 and person in said] == []


def test_many_words_cost_no_more_lookups():
    """A word is looked up once at each place of a text, however many words there are."""
    few, many = leak.Words(["學校0001號"]), leak.Words(f"學校{number:04d}號" for number in range(10_000))
    assert len(many._lengths) == len(few._lengths) == 1
    assert list(many.within("本案學校0042號、學校9999號、學校99999號")) == ["學校0042號", "學校9999號"]


def test_what_each_sender_types_stays_with_it(tmp_path):
    files, cells, recipients, marks, faults = study.month_of(
        "2017-09", date(2017, 9, 20), load_plan(), tmp_path
    )
    assert faults == []
    assert files > 20
    assert cells > 1000
    assert recipients == 5
    assert marks > 100


def test_the_study_sees_a_mark_in_two_folders_and_an_empty_month():
    files = [Path("甲縣/1.xlsx"), Path("乙縣/1.xlsx")]
    mixed = {0: Counter(甲縣=1, 乙縣=1), 1: Counter(乙縣=1)}
    assert list(study.faults(files, mixed)) == [
        "甲縣: stands in 乙縣、甲縣",
        "乙縣: holds marks of 2 senders",
    ]
    assert list(study.faults(files, {})) == ["no mark stands anywhere: nothing is proved"]
    assert list(study.faults(files, {0: Counter(甲縣=3), 1: Counter(乙縣=1)})) == []
