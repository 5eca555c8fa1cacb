"""Letters go out with number and date, once, and the next run knows."""

import shutil
from datetime import date
from io import BytesIO

import docx
import pytest
from click.testing import CliRunner

from mlbatch import batch, published
from mlbatch.cli import commands
from mlbatch.letters.fields import LetterError
from mlbatch.letters.sending import filled
from mlbatch.outbox import State
from mlbatch.release import Choice, release
from mlbatch.stop import CannotRun
from mlbatch.verify import verify
from mlbatch.wording import wording
from studies.offices import SAMPLES, small_letter
from tests.test_batch import hashes
from tests.test_outbox import edit

DAY, NUMBER = date(2018, 1, 19), "臺教資(三)字第1070001234A號"
SEPTEMBER, AS_OF = SAMPLES / "2017-09", date(2017, 9, 20)
ALL = Choice(everything=True)
PLAN = batch.load_plan()
LETTER = small_letter("受文者/01_縣/核定函.docx", 100, "王示範")


# The two lines of a letter ----------------------------------------------------------------------------


def lined(**lines):
    """The small letter with another date or number line."""
    letter = docx.Document(BytesIO(LETTER))
    for paragraph in letter.paragraphs:
        for name, words in lines.items():
            if paragraph.text.startswith(name):
                paragraph.clear()
                for part in words.split("|"):
                    paragraph.add_run(part)
    buffer = BytesIO()
    letter.save(buffer)
    return buffer.getvalue()


def test_blanks_are_filled_and_nothing_else_changes():
    one = filled(LETTER, DAY, NUMBER)
    units = list(wording(LETTER).units)
    units[2:4] = ["發文日期：中華民國107年1月19日", f"發文字號：{NUMBER}"]
    assert list(wording(one.content).units) == units
    assert filled(LETTER, DAY, NUMBER) == one
    before, after = wording(LETTER).parts, wording(one.content).parts
    assert [name for name in before if before[name] != after[name]] == ["word/document.xml"]


@pytest.mark.parametrize(
    "lines",
    [
        {"發文日期": "發文|日期：中華|民國　|　年　　月　　日"},
        {"發文日期": "發文日期："},
        {"發文字號": "發文字號：臺教資|(三)字第　|　　號"},
        {"發文字號": "發文字號：　　"},
        {"發文字號": "發文字號：臺教資(三)字第號"},
    ],
)
def test_a_blank_is_one_however_word_cut_it(lines):
    one = filled(lined(**lines), DAY, NUMBER)
    assert wording(one.content).units[2:4] == ("發文日期：中華民國107年1月19日", f"發文字號：{NUMBER}")


def test_what_a_clerk_typed_stays_and_counts():
    typed = lined(
        發文日期="發文日期：中華民國 107 年 2 月 1 日", 發文字號="發文字號：臺教資(三)字第1070009999號"
    )
    one = filled(typed, DAY, NUMBER)
    assert (one.day, one.number) == (date(2018, 2, 1), "臺教資(三)字第1070009999號")
    assert wording(one.content).units == wording(typed).units
    assert filled(typed, None, "").number == one.number


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ({"發文日期": "發文日期：中華民國107年2月30日"}, "不是日期"),
        ({"發文日期": "發文日期：中華民國107年　月　日"}, "不是日期"),
        ({"發文日期": "發文日期：待定"}, "不是發文日期"),
        ({"發文日期": "日期"}, "現有 0 行"),
        ({"發文字號": "發文字號：臺教資(三)字第107號"}, "不是文號"),
        ({"發文字號": "發文字號：第1070001234號"}, "不是文號"),
    ],
)
def test_a_line_that_is_no_date_or_no_number_is_refused(lines, why):
    with pytest.raises(LetterError, match=why):
        filled(lined(**lines), DAY, NUMBER)


@pytest.mark.parametrize(("day", "number", "why"), [(None, NUMBER, "--date"), (DAY, "", "--number")])
def test_a_blank_without_anything_to_fill_in_is_refused(day, number, why):
    with pytest.raises(LetterError, match=why):
        filled(LETTER, day, number)


# A month ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def september(tmp_path_factory):
    out = tmp_path_factory.mktemp("september") / "out"
    batch.run(SEPTEMBER, out, AS_OF)
    return out


@pytest.fixture
def out(september, tmp_path):
    shutil.copytree(september, tmp_path / "out")
    return tmp_path / "out"


def letters(out):
    return sorted(path.relative_to(out).as_posix() for path in out.glob("受文者/*/*.docx"))


def test_a_released_month_is_known_to_later_months_and_derived_again(out, tmp_path):
    first, *others = letters(out)
    edit(out / first)
    before, to = hashes(out), tmp_path / "sent"
    sent, _ = release(
        out, to, Choice(recipients=["新北市"]), PLAN, number="1070001234", day=date(2017, 9, 22)
    )
    assert [(one.path, one.number) for one in sent] == [(first, "臺教資(三)字第1070001234號")]
    sent += release(out, to, ALL, PLAN, number="1070001235", day=date(2017, 9, 22))[0]
    assert [one.path for one in sent] == [first, *others]
    assert hashes(out) == before
    assert hashes(to).items() >= {one.path: one.sha256 for one in sent}.items()
    assert "手寫" in "".join(wording((to / first).read_bytes()).units)

    inbox = tmp_path / "inbox"
    shutil.copytree(SEPTEMBER, inbox)
    shutil.copy(to / "發文紀錄.xlsx", inbox)
    early = batch.run(inbox, tmp_path / "early", AS_OF)
    assert early.outbox.counts() == {State.DRAFT: len(sent)}  # nothing had gone out by then
    month = batch.run(inbox, out, date(2017, 9, 25))
    assert month.outbox.counts() == {State.RELEASED: len(sent)}
    assert {path: digest for path, digest in hashes(out).items() if path in letters(out)} == {
        path: digest for path, digest in before.items() if path in letters(out)
    }
    assert verify(out, inbox).differs == ()
    with pytest.raises(CannotRun, match="已於發文紀錄"):
        release(
            out,
            tmp_path / "again",
            Choice(kinds=["補正通知"]),
            PLAN,
            number="1070001236",
            day=date(2017, 9, 22),
        )


def refused(out, to, choice, why, **given):
    before = hashes(out)
    with pytest.raises(CannotRun, match=why):
        release(out, to, choice, PLAN, **{"number": "1070001234", "day": DAY, **given})
    assert hashes(out) == before
    assert not list(to.rglob("*.docx"))


def test_what_cannot_go_out_is_refused_and_nothing_is_written(out, tmp_path):
    to = tmp_path / "sent"
    refused(out, to, ALL, "不是文號", number="107")
    refused(out, to, ALL, "--date", day=None)
    refused(out, to, Choice(kinds=["核定函"]), "沒有符合之公文")
    refused(out, out / "sent", ALL, "不可互在其中")
    refused(tmp_path, to / "x", ALL, "不可互在其中")
    refused(tmp_path / "nothing", to, ALL, "沒有完整之 run.json")
    (to).mkdir()
    (to / "發文紀錄.xlsx").write_bytes(b"PK")
    refused(out, to, ALL, "不是發文紀錄，或無法讀取")
    (to / "發文紀錄.xlsx").unlink()
    (out / "檢核結果.xlsx").write_bytes(b"PK")
    refused(out, to, ALL, "於產出後有修改")


@pytest.mark.parametrize("spoil", ["damaged", "missing", "open in Word"])
def test_an_output_that_is_not_whole_is_refused(out, tmp_path, spoil):
    path = out / letters(out)[0]
    if spoil == "damaged":
        path.write_bytes(path.read_bytes()[:500])
    elif spoil == "missing":
        path.unlink()
    else:
        path.with_name("~$正通知.docx").write_bytes(b"")
    refused(out, tmp_path / "sent", ALL, "不完整|修改、新增或尚在開啟")


def test_a_letter_goes_out_once_and_a_number_stands_for_one_kind_and_day(out, tmp_path):
    to = tmp_path / "sent"
    release(out, to, Choice(recipients=["新北市"]), PLAN, number="1070001234", day=DAY)
    before = hashes(to)
    for choice, why, given in [
        (Choice(recipients=["新北市"]), "不重複核發", {}),
        (ALL, "已用於", {"day": date(2018, 1, 20)}),
    ]:
        with pytest.raises(CannotRun, match=why):
            release(out, to, choice, PLAN, **{"number": "1070001234", "day": DAY, **given})
    assert hashes(to) == before
    other = letters(out)[1]
    (to / other).parent.mkdir(parents=True)
    (to / other).write_bytes(b"mine")
    with pytest.raises(CannotRun, match="已存在且內容不同"):
        release(out, to, ALL, PLAN, number="1070001235", day=DAY)
    assert (to / other).read_bytes() == b"mine"


def test_a_letter_whose_facts_changed_goes_out_only_when_told_to(out, tmp_path):
    first = letters(out)[0]
    edit(out / first)
    faulty = tmp_path / "inbox"
    shutil.copytree(SEPTEMBER, faulty)
    settings = {"office.telephone": ("(02)1234-5678", PLAN.sources["office.telephone"])}
    month = batch.read(faulty, PLAN, AS_OF)
    month, manifest = batch.derive(
        batch.replace(month, plan=PLAN.with_settings(settings)), stood=batch.outbox.former(out)
    )
    with batch.output.reserved(out) as place:
        place.publish(month.papers, manifest)
    assert published.manifest(out)["letters"][0]["state"] == State.CHANGED
    refused(out, tmp_path / "sent", ALL, "內容已變更")
    sent, _ = release(
        out, tmp_path / "sent", Choice(everything=True, changed=True), PLAN, number="1070001234", day=DAY
    )
    assert sent[0].path == first


def test_the_command_says_what_went_out_by_words_and_exit_code(out, tmp_path):
    def said(*arguments):
        done = CliRunner().invoke(commands, ["release", str(out), "--to", str(tmp_path / "sent"), *arguments])
        return done.exit_code, done.output

    assert said("--number", "1070001234", "--date", "2018-01-19")[0] == 2
    code, words = said("--all", "--number", "1070001234", "--date", "2018-01-19")
    assert (code, words.splitlines()[0]) == (
        0, "新北市政府教育局　補正通知　民國107年1月19日　臺教資(三)字第1070001234號",
    )  # fmt: skip
    assert said("--all", "--number", "1070001234", "--date", "2018-01-19")[0] == 3
    assert said("--all", "--number", "1070001234", "--date", "107-1-19")[0] == 2
