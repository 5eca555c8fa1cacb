"""The sample year, every month of it in order: its tables as text, how far it comes, what is published."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache

import pytest

from mlbatch import batch
from mlbatch.tables import Tables, records
from tests.year import GOLDEN, MONTHS, SAMPLES, build, came, day, inbox, month, text

FIRST_JOBS = ["intake", "review", "award", "letters", "budget", "payment", "track", "close"]
DONE = {"2017-09": 1, "2017-10": 2, "2017-11": 2, "2017-12": 4} | {
    f"2018-{number:02d}": 7 for number in range(1, 12)
}
LANDMARKS = ("2017-09", "2017-12", "2018-01", "2018-02")
LAST = "2019-03"


# Every month -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MONTHS)
def test_a_month_says_what_its_text_says(name):
    """T9: what is done, due this month and overdue, in every month. After a change that is meant: make golden."""
    assert text(name) == (GOLDEN / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", MONTHS)
def test_how_far_a_month_comes(name):
    assert [job.id for job in month(name).done] == FIRST_JOBS[: DONE.get(name, len(FIRST_JOBS))]


def test_there_is_a_text_for_each_month_and_no_other():
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == list(MONTHS)


@pytest.mark.parametrize("name", LANDMARKS)
def test_a_month_with_a_folder_of_its_own_is_that_folder(name):
    folder = SAMPLES / name
    own = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    held = inbox(name)
    assert sorted(held) == sorted(own)
    assert all(held[path].read_bytes() == own[path].read_bytes() for path in own)


def test_an_inbox_that_is_built_month_after_month_is_the_one_built_at_once(tmp_path):
    for name in list(MONTHS)[:3]:
        build(name, tmp_path / "kept")
    build("2017-11", tmp_path / "new")
    kept, new = (
        sorted(path.relative_to(tmp_path / one).as_posix() for path in (tmp_path / one).rglob("*") if path.is_file())
        for one in ("kept", "new")
    )  # fmt: skip
    assert kept == new == sorted(inbox("2017-11"))


def test_a_file_of_the_year_comes_in_some_month():
    held = {path for name in MONTHS for path in inbox(name).values()}
    stored = {path for path in (SAMPLES / "year").rglob("*") if path.is_file() and path.suffix != ".csv"}
    assert stored <= held


# Published, as a clerk does --------------------------------------------------------------------------


def test_two_months_go_into_one_folder_with_the_same_command(tmp_path):
    folder, out = tmp_path / "收件", tmp_path / "結果"
    for name in ("2018-04", "2018-05"):
        build(name, folder)
        command = [sys.executable, "-m", "mlbatch.cli", "run", folder, "--out", out, "--as-of", MONTHS[name]]
        assert subprocess.run(command, check=False).returncode == 1  # findings, as in every month
        said = json.loads((out / "run.json").read_text("utf-8"))
        assert said["as_of"] == MONTHS[name]
    made, manifest = batch.derive(came("2018-05"))
    papers = {paper.path: paper.content for paper in made.papers}
    assert {path: (out / path).read_bytes() for path in papers} == papers
    assert (out / "run.json").read_bytes() == manifest
    assert "上月" in (out / "總覽.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["2018-09", "2018-11"])
def test_a_past_month_comes_again_from_the_last_inbox(name):
    """T9: what came after the day of the run is not known yet (decision 32)."""
    own, later = month(name).tables, again(name)
    for table in ("schools", "payees", "duties", "running", "officers", "class_changes", "entries", "visits"):
        assert rows(later[table]) == rows(own[table]), table
    assert found(later) == found(own)


@cache
def again(name) -> Tables:
    """A past month as the inbox of the last one has it."""
    return batch.decide(replace(came(LAST), as_of=day(name))).tables


def rows(table):
    return [tuple(map(str, row.values())) for row in records(table)]


def found(tables):
    return sorted((one.kind.id, one.at.file, one.at.sheet, one.at.cell) for one in tables.findings)


def test_what_a_month_says_of_last_month_is_what_last_month_said():
    """From one inbox; in the next month's own inbox also what a clerk has learned since stands."""
    september, october = again("2018-09")["duties"], again("2018-10")["duties"]
    kept = october.merge(september, on=["code", "level", "county", "item", "semester", "class_", "due"])
    assert len(kept) == len(october)
    assert kept["before_x"].tolist() == kept["state_y"].tolist()
