"""Publishing whole or not at all."""

import pytest

from mlbatch.output import MANIFEST, OutputError, Paper, publish

PAPERS = [
    Paper("總覽.html", b"<html>", "總覽"),
    Paper("受文者/01_新北市/核定函.docx", b"PK", "核定函", "01_新北市"),
]


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_papers_and_manifest_are_there_and_nothing_beside(tmp_path):
    publish(PAPERS, b"{}", tmp_path / "out")
    assert names(tmp_path) == sorted(["out/run.json", *(f"out/{p.path}" for p in PAPERS)])
    assert (tmp_path / "out/總覽.html").read_bytes() == b"<html>"


def test_a_second_run_replaces_the_first_whole(tmp_path):
    publish(PAPERS, b"1", tmp_path / "out")
    publish(PAPERS[:1], b"2", tmp_path / "out")
    assert names(tmp_path) == ["out/run.json", "out/總覽.html"]
    assert (tmp_path / "out" / MANIFEST).read_bytes() == b"2"


def test_a_folder_with_other_files_is_refused_and_kept(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match="有其他檔案"):
        publish(PAPERS, b"{}", tmp_path / "out")
    assert names(tmp_path) == ["out/mine.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("keep")
    with pytest.raises(OutputError, match="是檔案"):
        publish(PAPERS, b"{}", tmp_path / "out")


def test_a_failing_write_leaves_the_former_output_whole(tmp_path):
    publish(PAPERS, b"1", tmp_path / "out")
    with pytest.raises(OSError, match="too long"):
        publish([*PAPERS, Paper("n" * 300, b"", "n")], b"2", tmp_path / "out")
    assert (tmp_path / "out" / MANIFEST).read_bytes() == b"1"
    publish(PAPERS, b"3", tmp_path / "out")
    assert (tmp_path / "out" / MANIFEST).read_bytes() == b"3"
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_a_swap_that_was_cut_in_two_is_healed(tmp_path):
    publish(PAPERS, b"1", tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / ".out.former")
    with pytest.raises(OSError, match="too long"):
        publish([Paper("n" * 300, b"", "n")], b"2", tmp_path / "out")
    assert (tmp_path / "out" / MANIFEST).read_bytes() == b"1"
