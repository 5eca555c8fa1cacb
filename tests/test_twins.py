"""Twins of the month's papers in open formats: which, from what, the same bytes, and plainly what is left out."""

import hashlib
import io
import shutil
import struct
import subprocess
import threading
import time
import zipfile
import zlib
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from mlbatch import batch, office, published, surroundings, timeless, twins
from mlbatch.cli import commands
from mlbatch.forms import all_forms
from mlbatch.forms.blank import blank
from mlbatch.output import DRAFTS, KEPT, WORKSHOP, Paper
from mlbatch.plan import load_plan
from mlbatch.release import Choice, release
from mlbatch.sheet import Book
from mlbatch.stop import CannotRun
from mlbatch.unpacked import lines
from mlbatch.verify import verify
from tests.test_batch import hashes
from tests.test_outbox import edit

PLAN = load_plan()
SEPTEMBER, AS_OF = Path(__file__).parents[1] / "input_samples" / "2017-09", date(2017, 9, 20)
COUNTY = "受文者/20_嘉義市"


def report(words="審查結果"):
    book = Book("報表")
    page = book.page("表")
    page.text(0, 0, words)
    page.widths([40])
    return book.save()


def letter(words="主旨：核定補助一案"):
    document = docx.Document()
    document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


FORM = Paper(
    "受文者/x/推薦學校名單.xlsx", blank(all_forms(PLAN)["recommendation"], PLAN), "推薦學校名單", "x"
)
REPORT = Paper("受文者/x/審查結果.xlsx", report(), "審查結果", "x")
LETTER = Paper("受文者/x/核定函.docx", letter(), "核定函", "x")
MINISTRY = Paper("總表.xlsx", report("審查總表"), "總表")
BEFORE = (
    Paper("受文者/a/評分.xlsx", blank(all_forms(PLAN)["score"], PLAN), "評分", "a"),
    Paper("受文者/a/核定函.docx", letter("主旨：未獲補助一案"), "核定函", "a"),
)
PAPERS = (*BEFORE, FORM, REPORT, LETTER, MINISTRY, Paper("總覽.html", b"<html>", "總覽"))


def needs_libreoffice():
    if not office.find():
        pytest.skip("LibreOffice is not installed")


# What LibreOffice makes ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The twins of the papers, made from nothing, in a folder with a name that is not ASCII."""
    needs_libreoffice()
    folder = tmp_path_factory.mktemp("結果")
    found = twins.Maker(None, folder / "工作")(PAPERS)
    assert list(folder.iterdir()) == []
    return found


def test_a_form_gets_ods_a_draft_odt_a_report_pdf_each_beside_its_paper(made):
    assert [(twin.path, twin.twin_of, twin.recipient, twin.title) for twin in made.papers[2:]] == [
        ("受文者/x/審查結果.pdf", REPORT.path, "x", "審查結果（PDF）"),
        ("受文者/x/推薦學校名單.ods", FORM.path, "x", "推薦學校名單（ODS）"),
        ("受文者/x/核定函.odt", LETTER.path, "x", "核定函（ODT）"),
        ("總表.pdf", MINISTRY.path, "", "總表（PDF）"),
    ]
    assert (made.made, made.lacking) == ("ODS 2 份、ODT 2 份、PDF 2 份", "")
    assert made.program.startswith("LibreOffice ")


def test_the_same_papers_give_the_same_bytes_whenever_they_are_made(made, tmp_path):
    again = twins.Maker(None, tmp_path / "again")([LETTER, FORM, REPORT, MINISTRY])
    assert again.papers == made.papers[2:], "an .ods or .odt also without those that were made before it"


def test_a_pdf_has_text_and_carries_its_fonts(made, tmp_path):
    for twin in made.papers:
        if twin.path.endswith(".pdf"):
            (tmp_path / "a.pdf").write_bytes(twin.content)
            said = asked("pdftotext", tmp_path / "a.pdf", "-")
            assert said.split()[0] == {"受文者/x/審查結果.pdf": "審查結果", "總表.pdf": "審查總表"}[twin.path]
            fonts = asked("pdffonts", tmp_path / "a.pdf").splitlines()[2:]
            assert fonts
            assert {line.split()[-5] for line in fonts} == {"yes"}, "embedded"


def asked(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_an_open_document_is_sound_and_says_what_its_paper_says(made):
    for path, words in (
        ("受文者/x/推薦學校名單.ods", "推薦序"),
        ("受文者/x/核定函.odt", "主旨：核定補助一案"),
    ):
        content = next(twin.content for twin in made.papers if twin.path == path)
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert package.testzip() is None
            assert package.infolist()[0].filename == "mimetype"
            assert words in package.read("content.xml").decode()


@pytest.mark.parametrize(("settings", "times"), [(surroundings.SETTINGS, 0), ({}, 1)])
def test_a_linked_picture_is_not_fetched_and_without_our_settings_it_would_be(
    tmp_path, monkeypatch, settings, times
):
    needs_libreoffice()
    monkeypatch.setattr(surroundings, "SETTINGS", settings)
    asked_for = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            asked_for.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    content = with_linked_picture(f"http://127.0.0.1:{server.server_port}/picture.png")
    found = office.converted(office.find(), {"a.docx": content}, "pdf", tmp_path / "w")
    server.shutdown()
    server.server_close()
    assert (list(found), len(set(asked_for))) == (["a.docx"], times)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


DOT = (
    (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
    (b"IDAT", zlib.compress(b"\0\xff\0\0")),
    (b"IEND", b""),
)
PNG = b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in DOT)


def with_linked_picture(url):
    document = docx.Document()
    document.add_picture(io.BytesIO(PNG))
    out, linked = io.BytesIO(), io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as came, zipfile.ZipFile(linked, "w") as made:
        for name in came.namelist():
            part = came.read(name).replace(b"r:embed=", b"r:link=")
            part = part.replace(
                b'Target="media/image1.png"', f'Target="{url}" TargetMode="External"'.encode()
            )
            made.writestr(name, part)
    return linked.getvalue()


# Programs that are not LibreOffice -------------------------------------------------------------------


def program(folder, *lines):
    """A program that says it is LibreOffice, and then does what the lines of shell say."""
    path = folder / "soffice"
    say = '[ "$1" = --version ] && echo "LibreOffice 9.9.9.9 (Build:1)" && exit'
    path.write_text("\n".join(["#!/bin/sh", say, *lines]))
    path.chmod(0o755)
    return path


CONVERT = 'for last; do case "$last" in *.docx) echo "$last" > ../out.pdf/${last%.docx}.pdf;; esac; done'


def test_it_is_found_where_the_variable_says_or_not_at_all(tmp_path, monkeypatch):
    monkeypatch.setenv(office.VARIABLE, str(program(tmp_path)))
    assert office.find() == office.Office(tmp_path / "soffice", "LibreOffice 9.9.9.9")
    program(tmp_path).write_text("#!/bin/sh\necho something else\n")
    assert office.find() is None
    monkeypatch.setenv(office.VARIABLE, str(tmp_path / "nowhere"))
    assert office.find() is None


def test_one_call_for_all_and_the_files_that_it_makes(tmp_path):
    told = []
    own = office.Office(program(tmp_path, "echo call >> ../calls", CONVERT), "")
    contents = {f"{n}.docx": b"" for n in range(3)}
    found = office.converted(own, contents, "pdf", tmp_path / "w", told.append)
    assert found == {name: f"{name}\n".encode() for name in contents}
    assert (tmp_path / "w/calls").read_text() == "call\n"
    assert told[-1] == 3


def test_more_files_than_a_command_line_holds_are_asked_for_in_groups(tmp_path, monkeypatch):
    monkeypatch.setattr(office, "MOST", 2)
    own = office.Office(program(tmp_path, "echo call >> ../calls", CONVERT), "")
    contents = {f"{n}.docx": b"" for n in range(5)}
    assert list(office.converted(own, contents, "pdf", tmp_path / "w")) == list(contents)
    assert (tmp_path / "w/calls").read_text() == "call\n" * 3


def test_where_it_breaks_off_one_file_is_left_out(tmp_path):
    breaks = CONVERT.replace("do case", 'do [ "$last" = 1.docx ] && exit 1; case')
    found = office.converted(
        office.Office(program(tmp_path, breaks), ""),
        {f"{n}.docx": b"" for n in range(3)},
        "pdf",
        tmp_path / "w",
    )
    assert list(found) == ["0.docx", "2.docx"]


def test_one_that_makes_nothing_is_ended_with_all_that_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr(office, "STALLED", 0.2)
    own = office.Office(program(tmp_path, "sleep 600 &", "echo $! > ../child", "wait"), "")
    assert office.converted(own, {"a.docx": b""}, "pdf", tmp_path / "w") == {}
    child = (tmp_path / "w/child").read_text().strip()
    for _ in range(100):  # the system takes a moment to bury what was killed
        if not alive(child):
            return
        time.sleep(0.05)
    pytest.fail("what it started runs on")


def alive(number):
    """Whether a process runs; one that has ended and that nobody asked after does not."""
    status = Path(f"/proc/{number}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.6 half", b"PK\x03\x04 half", letter()[:-100]])
def test_a_file_that_was_not_finished_is_none(content):
    with pytest.raises(timeless.Broken):
        timeless.timeless(content)


# Runs: what a month's papers get, with a stand-in that converts at once --------------------------------


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    """September's registers and one county."""
    folder = tmp_path_factory.mktemp("in") / "收件"
    for name in ("本部清冊", "嘉義市"):
        shutil.copytree(SEPTEMBER / name, folder / name)
    return folder


@pytest.fixture
def calls(monkeypatch):
    """A stand-in for LibreOffice; what it is asked to convert, by call."""
    heard = []

    def converted(_, contents, kind, workshop, told=None):
        heard.append((kind, list(contents.values())))
        return {name: as_if(content, kind) for name, content in contents.items()}

    monkeypatch.setattr(office, "find", lambda: office.Office(Path("soffice"), "LibreOffice 9.9.9.9"))
    monkeypatch.setattr(office, "converted", converted)
    return heard


def as_if(content, kind):
    """What the stand-in makes of a paper: its hash, in a package or a PDF."""
    said = hashlib.sha256(content).hexdigest()
    if kind == "pdf":
        return f"%PDF-1.6\n{said}\n%%EOF\n".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("content.xml", said)
    return out.getvalue()


def run(inbox, out):
    return batch.run(inbox, out, AS_OF, open_formats=True)


def test_without_libreoffice_a_run_says_what_is_left_out_and_the_rest_is_as_before(
    inbox, tmp_path, monkeypatch
):
    monkeypatch.setattr(office, "find", lambda: None)
    plain, out = tmp_path / "plain", tmp_path / "out"
    batch.run(inbox, plain, AS_OF)
    command = ["run", str(inbox), "--out", str(out), "--as-of", "2017-09-20", "--twins"]
    done = CliRunner().invoke(commands, command)
    assert done.exit_code == 1, "findings, as without twins"
    said = "本機找不到 LibreOffice，未寫出 ODS 2 份、ODT 1 份、PDF 4 份。"
    assert f"開放格式：{said}其餘文件不受影響。" in done.output
    assert said in (out / "總覽.html").read_text()
    ours, theirs = hashes(plain), hashes(out)
    assert {name for name in ours if ours[name] != theirs[name]} == {"總覽.html", "run.json"}
    assert (verify(out).differs, verify(out, inbox).differs) == ((), ())
    assert "開放格式未寫出" not in (plain / "總覽.html").read_text()


def test_a_run_twice_changes_nothing_and_converts_nothing(inbox, tmp_path, calls):
    out = tmp_path / "out"
    month = run(inbox, out)
    assert [kind for kind, _ in calls] == ["ods", "odt", "pdf"]
    said = published.manifest(out)
    assert said["twins"] == {"program": "LibreOffice 9.9.9.9", "recipe": twins.recipe(), "left_out": []}
    for one in said["outputs"]:
        if "twin_of" in one:
            kind = one["path"].rpartition(".")[2]
            source = (out / one["twin_of"]).read_bytes()
            assert (out / one["path"]).read_bytes() == timeless.timeless(as_if(source, kind))
    page = (out / "總覽.html").read_text()
    assert page.count(">ODS</a>") + page.count(">ODT</a>") + page.count(">PDF</a>") == len(month.twins.papers)
    before, times = hashes(out), {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    calls.clear()
    run(inbox, out)
    assert (calls, hashes(out)) == ([], before)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == times
    run(inbox, tmp_path / "fresh")
    assert hashes(tmp_path / "fresh") == before


def test_the_twin_of_an_edited_letter_says_what_the_hand_wrote_and_goes_with_its_letter(
    inbox, tmp_path, calls
):
    out = tmp_path / "out"
    run(inbox, out)
    [path] = out.rglob("補正通知.docx")
    twin = path.with_suffix(".odt")
    own = edit(path, "國立中央大學附設實驗國小")
    calls.clear()
    run(inbox, out)
    assert path.read_bytes() == own
    assert twin.read_bytes() == timeless.timeless(as_if(own, "odt"))
    assert [(kind, own in contents) for kind, contents in calls] == [("odt", True), ("pdf", False)], (
        "the letter, and the reports as one of them tells of it"
    )
    assert verify(out, inbox).differs == ()
    path.unlink()
    run(inbox, out)
    assert twin.read_bytes() == timeless.timeless(as_if(path.read_bytes(), "odt"))
    batch.run(inbox, out, AS_OF)
    assert not [path for path in out.rglob("*") if path.suffix in (".ods", ".odt", ".pdf")]


def test_a_changed_twin_is_told_and_never_overwritten(inbox, tmp_path, calls):
    out = tmp_path / "out"
    run(inbox, out)
    twin = out / COUNTY / "檢核結果.pdf"
    twin.write_bytes(b"%PDF-1.6 mine %%EOF")
    named = f"{COUNTY}/檢核結果.pdf"
    assert verify(out).differs == (f"「{named}」已變更。",)
    assert verify(out, inbox).differs == (f"「{named}」已變更。",)
    with pytest.raises(CannotRun, match=r"檢核結果\.pdf"):
        run(inbox, out)
    twin.unlink()
    calls.clear()
    run(inbox, out)
    assert [kind for kind, _ in calls] == ["pdf"]
    assert verify(out, inbox).differs == ()


def test_what_a_killed_run_left_of_its_work_is_swept(inbox, tmp_path, calls):
    for left in (f".out{WORKSHOP}/1/out.ods/00000.ods", f".out{DRAFTS}/drafts"):
        (tmp_path / left).parent.mkdir(parents=True)
        (tmp_path / left).write_bytes(b"half")
    run(inbox, tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"out", f".out{KEPT}"}


def test_a_twin_made_by_another_libreoffice_is_made_anew(inbox, tmp_path, calls, monkeypatch):
    out = tmp_path / "out"
    run(inbox, out)
    calls.clear()
    monkeypatch.setattr(office, "find", lambda: office.Office(Path("soffice"), "LibreOffice 10.0"))
    run(inbox, out)
    assert [kind for kind, _ in calls] == ["ods", "odt", "pdf"]
    assert published.manifest(out)["twins"]["program"] == "LibreOffice 10.0"


def test_what_could_not_be_converted_is_named_and_the_rest_goes_out(inbox, tmp_path, calls, monkeypatch):
    monkeypatch.setattr(
        office, "converted", lambda _, contents, kind, *__: {n: b"half" if kind == "odt" else as_if(c, kind) for n, c in contents.items()}
    )  # fmt: skip
    month = run(inbox, tmp_path / "out")
    assert month.twins.lacking == "LibreOffice 未能轉出，未寫出 ODT 1 份。"
    assert month.twins.left_out == (f"{COUNTY}/補正通知.odt",)
    assert verify(tmp_path / "out", inbox).differs == ()


def test_a_twin_of_another_recipient_s_paper_is_a_leak(tmp_path, calls, monkeypatch):
    """Were the names of two files mixed up, the run would stop."""
    monkeypatch.setattr(office, "converted", lambda _, contents, kind, *__: dict(zip(contents, map(wrapped, reversed(contents.values())), strict=True)))  # fmt: skip
    with pytest.raises(CannotRun, match=r"含有其他受文者之資料"):
        batch.run(SEPTEMBER, tmp_path / "out", AS_OF, open_formats=True)


def wrapped(content):
    """A paper's text in a package, as LibreOffice would write it, or a PDF."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(
            "content.xml", "".join(f"<text:p>{line}</text:p>" for line in sorted(lines(content)))
        )
    return out.getvalue()


def test_templates_get_an_ods_each(tmp_path, calls):
    papers, made = batch.templates(tmp_path / "out", PLAN, open_formats=True)
    blanks = sorted(path.with_suffix("").as_posix() for path in (tmp_path / "out").rglob("*.xlsx"))
    assert blanks == sorted(path.with_suffix("").as_posix() for path in (tmp_path / "out").rglob("*.ods"))
    assert len(papers) == 2 * len(blanks)
    assert made.lacking == ""
    assert verify(tmp_path / "out").differs == ()


def test_a_released_letter_gets_a_pdf_of_what_goes_out(inbox, tmp_path, calls):
    out, to = tmp_path / "out", tmp_path / "sent"
    batch.run(inbox, out, AS_OF)
    before = hashes(out)
    given = {"number": "1070001234", "day": date(2017, 9, 22)}
    [one], shown = release(out, to, Choice(everything=True), PLAN, open_formats=True, **given)
    copy = to / one.path
    assert "1070001234" in "".join(paragraph.text for paragraph in docx.Document(copy).paragraphs)
    assert copy.with_suffix(".pdf").read_bytes() == timeless.timeless(as_if(copy.read_bytes(), "pdf"))
    assert [twin.twin_of for twin in shown.papers] == [one.path]
    assert hashes(out) == before
    (to / "發文紀錄.xlsx").unlink()
    assert release(out, to, Choice(everything=True), PLAN, open_formats=True, **given)[0] == [one]
