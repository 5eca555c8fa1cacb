"""Publishing whole or not at all."""

import hashlib
import os
import subprocess
import sys

import pytest

from mlbatch import exchange, lock, output, published
from mlbatch.output import MANIFEST, OutputError, Paper, publish, reserved
from mlbatch.readable import to_json
from mlbatch.record import PROGRAM, sha256

PAPERS = [
    Paper("總覽.html", b"<html>", "總覽"),
    Paper("受文者/01_新北市/核定函.docx", b"PK", "核定函", "01_新北市"),
]
NEWER = [Paper("總覽.html", b"<html>", "總覽"), Paper("檢核結果.xlsx", b"PK2", "檢核結果")]


def manifest(papers):
    outputs = [{"path": paper.path, "sha256": sha256(paper.content)} for paper in papers]
    return to_json({"program": {"name": PROGRAM}, "outputs": outputs})


def put(papers, out):
    return publish(papers, manifest(papers), out)


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def holds(out, papers):
    """Whether `out` is just these papers, and nothing stands beside it."""
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    assert names(out) == sorted([MANIFEST, *(paper.path for paper in papers)])
    return all((out / paper.path).read_bytes() == paper.content for paper in papers)


@pytest.fixture(params=["one step", "two renames"])
def swap(request, monkeypatch):
    """Publishing where the system lets folders change places, and where it does not."""
    if request.param == "two renames":
        monkeypatch.setattr(output, "exchange", lambda one, other: False)


def test_papers_and_manifest_are_there_and_nothing_beside(tmp_path, swap):
    assert put(PAPERS, tmp_path / "out")
    assert holds(tmp_path / "out", PAPERS)


def test_a_second_run_replaces_the_first_whole(tmp_path, swap):
    put(PAPERS, tmp_path / "out")
    put(NEWER, tmp_path / "out")
    assert holds(tmp_path / "out", NEWER)


def test_an_unchanged_month_is_not_written_at_all(tmp_path):
    put(PAPERS, tmp_path / "out")
    before = [(path, path.stat()) for path in [tmp_path / "out", *(tmp_path / "out").rglob("*")]]
    assert not put(PAPERS, tmp_path / "out")
    assert [(path, path.stat().st_ino, path.stat().st_mtime_ns) for path, _ in before] == [
        (path, status.st_ino, status.st_mtime_ns) for path, status in before
    ]


def test_a_file_that_did_not_change_keeps_its_time(tmp_path):
    put(PAPERS, tmp_path / "out")
    os.utime(tmp_path / "out/總覽.html", (1_500_000_000, 1_500_000_000))
    put(NEWER, tmp_path / "out")
    assert (tmp_path / "out/總覽.html").stat().st_mtime == 1_500_000_000
    assert (tmp_path / "out" / MANIFEST).stat().st_mtime > 1_500_000_000


@pytest.mark.parametrize("content", [None, "{}", '{"program": {"name": "other"}, "outputs": []}'])
def test_a_folder_with_other_files_is_refused_and_kept(tmp_path, content):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    if content:
        (tmp_path / "out" / MANIFEST).write_text(content)
    before = names(tmp_path)
    with pytest.raises(OutputError, match="有其他檔案"):
        put(PAPERS, tmp_path / "out")
    assert names(tmp_path) == before


def test_what_was_edited_or_added_by_hand_is_not_lost(tmp_path):
    put(PAPERS, tmp_path / "out")
    (tmp_path / "out/受文者/01_新北市/核定函.docx").write_bytes(b"PK edited in Word")
    with pytest.raises(OutputError, match=r"「受文者/01_新北市/核定函\.docx」於產出後有修改"):
        put(NEWER, tmp_path / "out")
    (tmp_path / "out/便條.txt").write_text("added")
    with pytest.raises(OutputError, match=r"「便條[.]txt」等 2 份檔案"):
        put(NEWER, tmp_path / "out")
    assert (tmp_path / "out/受文者/01_新北市/核定函.docx").read_bytes() == b"PK edited in Word"


def test_what_was_moved_out_and_what_the_system_left_do_not_stop_a_run(tmp_path):
    put(PAPERS, tmp_path / "out")
    (tmp_path / "out/總覽.html").unlink()
    (tmp_path / "out/Thumbs.db").write_bytes(b"")
    assert put(PAPERS, tmp_path / "out")
    assert holds(tmp_path / "out", PAPERS)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("keep")
    with pytest.raises(OutputError, match="是檔案"):
        put(PAPERS, tmp_path / "out")


def test_a_disk_cannot_be_the_output():
    with pytest.raises(OutputError, match="最上層"):
        put(PAPERS, output.Path("/"))


def test_a_failing_write_leaves_the_former_output_whole_and_is_told_in_a_sentence(tmp_path, swap):
    put(PAPERS, tmp_path / "out")
    with pytest.raises(OutputError, match=r"無法寫入（路徑過長），請排除後重新執行。"):
        put([*PAPERS, Paper("n" * 300, b"", "n")], tmp_path / "out")
    assert holds(tmp_path / "out", PAPERS)


def test_what_a_killed_run_left_is_mended_by_the_next_even_if_that_fails(tmp_path):
    out = tmp_path / "out"
    put(PAPERS, out)
    out.rename(tmp_path / ".out.mlbatch-old")  # killed between the two renames
    (tmp_path / ".out.mlbatch-new").mkdir()
    (tmp_path / ".out.mlbatch-new" / "half").write_bytes(b"PK")
    (tmp_path / ".out.mlbatch-lock").write_text('{"pid": 1, "host": "gone", "user": "gone"}')
    with pytest.raises(ValueError, match="no register"), reserved(out):
        raise ValueError("no register")
    assert holds(out, PAPERS)


def test_an_output_given_as_a_link_is_written_where_the_link_points(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    put(PAPERS, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path / "there") == names(tmp_path / "link")


# One run at a time ---------------------------------------------------------------------------------

HOLD = """
import sys
from pathlib import Path
from mlbatch.output import reserved
with reserved(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def other_run(out):
    """Another process that holds `out`."""
    run = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout.readline() == "held\n"
    return run


def test_a_second_run_is_told_who_holds_the_output(tmp_path):
    run = other_run(tmp_path / "out")
    try:
        with pytest.raises(OutputError, match=f"正由電腦「.+」使用者「.*」之程序 {run.pid}寫出"):
            put(PAPERS, tmp_path / "out")
        assert put(PAPERS, tmp_path / "other")
    finally:
        run.communicate()
    assert put(PAPERS, tmp_path / "out")


def test_a_killed_run_does_not_keep_the_output(tmp_path):
    run = other_run(tmp_path / "out")
    run.kill()
    run.communicate()
    assert put(PAPERS, tmp_path / "out")
    assert holds(tmp_path / "out", PAPERS)


def test_a_run_within_this_process_is_kept_out_too(tmp_path):
    with reserved(tmp_path / "out") as place:
        with pytest.raises(OutputError, match="正由本程式寫出"):
            put(PAPERS, tmp_path / "out")
        assert place.publish(PAPERS, manifest(PAPERS))
    assert holds(tmp_path / "out", PAPERS)


def test_a_lock_file_that_says_nothing_is_still_a_lock(tmp_path):
    run = other_run(tmp_path / "out")
    try:
        (tmp_path / ".out.mlbatch-lock").write_text("")
        with pytest.raises(lock.Held, match="另一程序"), lock.held(tmp_path / ".out.mlbatch-lock"):
            pass
    finally:
        run.communicate()


# The pieces -----------------------------------------------------------------------------------------


def test_two_folders_change_places(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(name)
    assert exchange.exchange(tmp_path / "a", tmp_path / "b") == (exchange._call() is not None)
    done = exchange._call() is not None
    assert names(tmp_path) == (["a/b", "b/a"] if done else ["a/a", "b/b"])


def test_a_file_system_that_cannot_is_told_from_a_failure(tmp_path):
    (tmp_path / "a").mkdir()
    if exchange._call():
        with pytest.raises(FileNotFoundError):
            exchange.exchange(tmp_path / "a", tmp_path / "nowhere")


def test_every_file_that_is_not_as_the_manifest_says_is_named(tmp_path):
    put(PAPERS, tmp_path / "out")
    (tmp_path / "out/總覽.html").write_bytes(b"other")
    (tmp_path / "out/受文者/01_新北市/核定函.docx").unlink()
    (tmp_path / "out/~$核定函.docx").write_bytes(b"")
    record = published.manifest(tmp_path / "out")
    assert [(fault.path, fault.what.value) for fault in published.faults(tmp_path / "out", record)] == [
        ("~$核定函.docx", "多出"),
        ("受文者/01_新北市/核定函.docx", "缺少"),
        ("總覽.html", "已變更"),
    ]


def test_a_run_hashes_a_file_once_and_again_when_it_has_changed(tmp_path, monkeypatch):
    path, times = tmp_path / "a", []
    path.write_bytes(b"one")
    digest = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda *given: times.append(1) or digest(*given))
    with published.hashed_once():
        assert {published.sha256_of(path) for _ in range(2)} == {hashlib.sha256(b"one").hexdigest()}
        assert len(times) == 2  # it is so fresh that a change might leave no trace in its time
        os.utime(path, (1_500_000_000, 1_500_000_000))
        assert {published.sha256_of(path) for _ in range(3)} == {hashlib.sha256(b"one").hexdigest()}
        assert len(times) == 3
        path.write_bytes(b"two")
        assert published.sha256_of(path) == hashlib.sha256(b"two").hexdigest()
    assert published.sha256_of(path) == hashlib.sha256(b"two").hexdigest()
    assert published.sha256_of(tmp_path / "none") == ""
