"""The sample year, every month of it in order: its tables as text, how far it comes, what is published."""

from dataclasses import replace

import pytest

from mlbatch import batch
from mlbatch.obligation import OVERDUE
from mlbatch.tables import Tables, records
from tests.year import GOLDEN, MONTHS, SAMPLES, build, came, day, held, lists, month, read_once, text

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
    now = held(name)
    assert sorted(now) == sorted(own)
    assert all(now[path].read_bytes() == own[path].read_bytes() for path in own)


def test_an_inbox_that_is_built_month_after_month_is_the_one_built_at_once(tmp_path):
    for name in list(MONTHS)[:3]:
        build(name, tmp_path / "kept")
    build("2017-11", tmp_path / "new")
    kept, new = (
        sorted(path.relative_to(tmp_path / one).as_posix() for path in (tmp_path / one).rglob("*") if path.is_file())
        for one in ("kept", "new")
    )  # fmt: skip
    assert kept == new == sorted(held("2017-11"))


def test_a_file_of_the_year_comes_in_some_month():
    come = {path for name in MONTHS for path in held(name).values()}
    stored = {path for path in (SAMPLES / "year").rglob("*") if path.is_file() and path.suffix != ".csv"}
    assert stored <= come


# Published, as a clerk does --------------------------------------------------------------------------


def test_a_month_is_published_with_the_letters_that_its_text_names(tmp_path):
    name = "2018-10"
    build(name, tmp_path / "收件")
    with read_once():
        made = batch.run(tmp_path / "收件", tmp_path / "結果", day(name))
    letters = {f"{path.parent.name} {path.name}" for path in (tmp_path / "結果" / "受文者").rglob("*.docx")}
    assert letters == {" ".join(line.split()[:2]) for line in lists(name)["公文"]}
    assert {"追蹤/繳交追蹤表.xlsx", "總覽.html", "run.json"} <= {paper.path for paper in made.papers} | {
        "run.json"
    }
    page = (tmp_path / "結果" / "總覽.html").read_text("utf-8")
    late, then = ((made.tables["duties"][one] == OVERDUE).sum() for one in ("state", "before"))
    assert f"項，上月 {then:,} 項（{late - then:+,}）" in page


@pytest.mark.parametrize("name", ["2018-09", "2018-11"])
def test_a_past_month_comes_again_from_the_last_inbox(name):
    """T9: what came after the day of the run is not known yet (decision 32)."""
    own, later = month(name).tables, again(name)
    for table in ("schools", "payees", "duties", "running", "officers", "class_changes", "entries", "visits"):
        assert rows(later[table]) == rows(own[table]), table
    assert found(later) == found(own)


def again(name) -> Tables:
    """A past month as the inbox of the last one has it."""
    return batch.decide(replace(came(LAST), as_of=day(name))).tables


def rows(table):
    return [tuple(map(str, row.values())) for row in records(table)]


def found(tables):
    """The findings but of the register of departures, of which the later one knows more rows."""
    return sorted(
        (one.kind.id, one.at.file, one.at.sheet, one.at.cell)
        for one in tables.findings
        if one.kind.rule != "W2"
    )
