"""A published month is held against its manifest, and against its inbox."""

import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from mlbatch import batch, difference, published, record
from mlbatch.cli import commands
from mlbatch.readable import to_json
from mlbatch.stop import CannotRun
from mlbatch.verify import verify

SEPTEMBER = Path(__file__).parent.parent / "input_samples" / "2017-09"
COUNTY = "受文者/07_宜蘭縣"


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """September's output, published once."""
    out = tmp_path_factory.mktemp("month") / "out"
    batch.run(SEPTEMBER, out, date(2017, 9, 20))
    return out


@pytest.fixture
def out(month, tmp_path):
    """A copy of September's output, to be spoilt."""
    return Path(shutil.copytree(month, tmp_path / "out"))


def test_a_month_as_it_was_published_is_the_same(month):
    verdict = verify(month)
    assert (verdict.differs, verdict.derived) == ((), False)
    verdict = verify(month, SEPTEMBER)
    assert (verdict.differs, verdict.notes, verdict.derived) == ((), (), True)
    assert verdict.files == len(list(month.rglob("*.*"))) - 1


def test_a_changed_cell_is_named(out):
    path = out / COUNTY / "檢核結果.xlsx"
    book = openpyxl.load_workbook(path)
    book.worksheets[1]["C6"] = "改過"
    book.save(path)
    assert verify(out).differs == (f"「{COUNTY}/檢核結果.xlsx」已變更。",)
    _, again = verify(out, SEPTEMBER).differs
    sheet = book.worksheets[1].title
    assert again.startswith(
        f"重新推算後，「{COUNTY}/檢核結果.xlsx」不同：工作表「{sheet}」儲存格 C6 現為「改過」，推算為「"
    )


def test_a_damaged_letter_is_named(out):
    path = sorted(out.rglob("補正通知.docx"))[0]
    path.write_bytes(path.read_bytes()[:-100])
    name = path.relative_to(out).as_posix()
    assert verify(out).differs == (f"「{name}」已變更。",)
    assert verify(out, SEPTEMBER).differs[1] == f"重新推算後，「{name}」不同：檔案無法開啟。"


def test_a_letter_that_was_edited_is_told_as_such_and_is_no_damage(out):
    path = sorted(out.rglob("補正通知.docx"))[0]
    letter = docx.Document(path)
    letter.paragraphs[2].text = "改過"
    letter.save(path)
    verdict = verify(out, SEPTEMBER)
    assert (verdict.differs, verdict.notes) == ((), ())
    assert verdict.edited == (f"公文「{path.relative_to(out).as_posix()}」於產出後經手改，不是損壞。",)
    batch.run(SEPTEMBER, out, date(2017, 9, 20))
    assert verify(out, SEPTEMBER) == verify(out, SEPTEMBER)
    assert (verify(out, SEPTEMBER).differs, verify(out, SEPTEMBER).edited) == ((), ())
    letter.paragraphs[2].text = "再改"
    letter.save(path)
    verdict = verify(out, SEPTEMBER)
    assert (verdict.differs, len(verdict.edited)) == ((), 1)
    assert verdict.notes[0].startswith("公文於前次執行前已有手改，之後又有變動")


def test_a_forged_manifest_does_not_help(out):
    page = out / "總覽.html"
    page.write_text(page.read_text("utf-8").replace("宜蘭縣", "宜欄縣"), "utf-8")
    said = published.manifest(out)
    for paper in said["outputs"]:
        if paper["path"] == "總覽.html":
            paper["sha256"] = record.sha256(page.read_bytes())
    (out / "run.json").write_bytes(to_json(said))
    assert verify(out).differs == ()
    (again,) = verify(out, SEPTEMBER).differs
    assert again.startswith("重新推算後，「總覽.html」不同：第 ")


def test_a_changed_figure_of_the_manifest_is_named(out):
    said = published.manifest(out)
    said["counts"]["學校"]["合計"] += 1
    (out / "run.json").write_bytes(to_json(said))
    assert verify(out, SEPTEMBER).differs == ("重新推算後，「run.json」不同：counts。",)


def test_another_version_of_the_program_is_noted(out):
    said = published.manifest(out)
    said["program"]["version"] = "0.0.0"
    (out / "run.json").write_bytes(to_json(said))
    verdict = verify(out, SEPTEMBER)
    assert (verdict.differs, verdict.notes) == ((), ("程式版本與產出時不同。",))


def test_an_inbox_that_is_not_the_same_is_named_by_file(out, tmp_path):
    inbox = Path(shutil.copytree(SEPTEMBER, tmp_path / "inbox"))
    (inbox / "宜蘭縣" / "024599蘭汀國中.xlsx").unlink()
    (inbox / "宜蘭縣" / "024697冬稻國小.xlsx").write_bytes(b"other")
    (inbox / "宜蘭縣" / "再送.xlsx").write_bytes(b"new")
    verdict = verify(out, inbox)
    assert not verdict.derived
    assert verdict.differs == (
        "收件「宜蘭縣/024599蘭汀國中.xlsx」缺少，無從重新推算。",
        "收件「宜蘭縣/024697冬稻國小.xlsx」與產出時不同，未重新推算。",
        "收件「宜蘭縣/再送.xlsx」為產出後新增，未重新推算。",
    )


def test_a_run_that_was_told_to_stop_is_derived_as_far(tmp_path):
    batch.run(SEPTEMBER.parent / "2018-01", tmp_path / "out", date(2018, 1, 15), until="intake")
    assert verify(tmp_path / "out", SEPTEMBER.parent / "2018-01").differs == ()


def test_blank_forms_are_verified_by_their_manifest_only(tmp_path):
    batch.templates(tmp_path / "out", batch.load_plan())
    assert verify(tmp_path / "out").differs == ()
    with pytest.raises(CannotRun, match="空白範本"):
        verify(tmp_path / "out", SEPTEMBER)


def test_the_manifest_names_no_path_of_a_machine(month):
    text = (month / "run.json").read_text("utf-8")
    assert str(month.parent) not in text
    assert str(SEPTEMBER) not in text


def test_the_command_says_so_by_exit_code(out, tmp_path):
    def said(*arguments):
        done = CliRunner().invoke(commands, ["verify", *map(str, arguments)])
        return done.exit_code, done.output

    number = verify(out).files
    same = f"{number} 份檔案均與 run.json 所載相同，並與重新推算之結果逐位元相同。\n"
    assert said(out, "--inbox", SEPTEMBER) == (0, same)
    (out / "總覽.html").write_text("")
    assert said(out) == (1, "「總覽.html」已變更。\n")
    shutil.rmtree(out / "受文者")
    assert said(out, "--inbox", tmp_path / "nowhere")[0] == 2
    for name in range(30):
        (out / f"{name:02d}.txt").write_text("")
    code, lines = said(out)
    assert (code, lines.splitlines()[0]) == (1, "「00.txt」多出。")
    assert lines.splitlines()[-1].startswith("另有 ")
    code, lines = said(tmp_path / "nothing")
    assert code == 3
    assert lines.startswith(f"無法執行：「{tmp_path / 'nothing'}」沒有完整之 run.json")


# Where two versions differ first ---------------------------------------------------------------------


def book(**cells):
    made = openpyxl.Workbook()
    for place, value in cells.items():
        made.active[place] = value
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("now", "derived", "where"),
    [
        ({"A1": 1, "B2": 2}, {"A1": 1, "B2": 3}, "工作表「Sheet」儲存格 B2 現為「2」，推算為「3」"),
        ({"A1": 1}, {"A1": 1, "B2": 3}, "工作表「Sheet」儲存格 B2 現為空白，推算為「3」"),
        ({"A1": 1, "B2": "x" * 61}, {"A1": 1}, f"工作表「Sheet」儲存格 B2 現為「{'x' * 60}…」，推算為空白"),
        ({"A1": "1"}, {"A1": "=1"}, "工作表「Sheet」儲存格 A1 現為「1」，推算為「=1」"),
    ],
)
def test_the_first_cell_that_differs(now, derived, where):
    assert difference.first("a.xlsx", book(**now), book(**derived)) == where


def test_the_same_contents_in_other_bytes_are_said_to_be_so():
    other = openpyxl.load_workbook(BytesIO(book(A1=1)))
    other.properties.title = "另存"
    buffer = BytesIO()
    other.save(buffer)
    assert (
        difference.first("a.xlsx", buffer.getvalue(), book(A1=1))
        == "內容相同，格式或屬性不同（docProps/core.xml）"
    )


def test_a_file_that_cannot_be_opened_and_a_text():
    assert difference.first("a.xlsx", b"spoilt", book(A1=1)) == "檔案無法開啟"
    assert difference.first("a.json", b"1\n2\n", b"1\n3\n") == "第 2 行現為「2」，推算為「3」"
    assert difference.first("a.json", b"1", b"1") == ""
