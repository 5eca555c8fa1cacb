"""Reading workers: one that dies or hangs is replaced, its file named, and the others go on."""

import os
import time
from concurrent.futures.process import BrokenProcessPool
from functools import cache

import pytest

from mlbatch import catalogue as c
from mlbatch.finding import At, Finding
from mlbatch.forms import all_forms, one_file, workers
from mlbatch.forms.packing import unpacked
from mlbatch.forms.workers import Limits, read_files
from mlbatch.plan import load_plan
from mlbatch.stop import CannotRun
from tests.forms.workbook import grids, stamped

PLAN = load_plan()
FORMS = all_forms(PLAN)
LIST = FORMS["recommendation"]
CONTENT = stamped(
    LIST, grids(LIST, {"lists": {"county": "新北市"}}, {"listed": [{"code": "14501", "name": "甲"}]})
)
DIES, HANGS, EATS = "dies.xlsx", "hangs.xlsx", "eats.xlsx"


def harmful(path, name, forms, plan):
    """A reader that does what a hostile file would do to it."""
    if name == DIES:
        os.abort()
    if name == HANGS:
        time.sleep(60)
    if name == EATS:
        return one_file.set_aside(name, "x" * 4_000_000_000)
    return one_file.read_file(path, name, forms, plan)


@pytest.fixture
def inbox(tmp_path):
    def put(*names):
        for name in names:
            (tmp_path / name).write_bytes(CONTENT)
        return [(tmp_path / name, name) for name in names]

    return put


def test_a_child_reads_as_the_parent_would(inbox):
    (path, name), *_ = files = inbox("a.xlsx")
    (read,) = read_files(files, FORMS, PLAN)
    alone = one_file.read_file(path, name, FORMS, PLAN)
    assert read == alone
    assert read.outcome.form is FORMS["recommendation"]
    assert [one.kind for one in read.outcome.findings]
    assert all(one.kind is c.BY_ID[one.kind.id] for one in read.outcome.findings)
    place, other = (one.outcome.records["listed"][0]["place"] for one in (read, alone))
    assert place.at("code") == other.at("code")


def test_files_come_back_in_their_order(inbox):
    names = [f"{number}.xlsx" for number in (*range(60), 7, 3)]
    read = read_files(inbox(*names), FORMS, PLAN)
    assert [one.outcome.file for one in read] == names


@pytest.mark.parametrize(
    ("name", "why"), [(DIES, workers.STOPPED), (HANGS, workers.TOO_LONG), (EATS, "檔案內容過多")]
)
def test_a_file_that_ends_its_reader_is_named_and_the_others_are_read(inbox, monkeypatch, name, why):
    limits = Limits(seconds=0.8, memory=2_000_000_000)
    files = inbox("a.xlsx", name, "b.xlsx", "c.xlsx")
    with workers.pool(PLAN, 2, limits, read=harmful) as pool:
        read = [unpacked(one, FORMS) for one in workers.results(files, pool, limits)]
    assert read[1].outcome == Finding(c.I1_NOT_A_WORKBOOK, At(name), {"why": why})
    assert [one.outcome.file for one in (read[0], *read[2:])] == ["a.xlsx", "b.xlsx", "c.xlsx"]


def test_a_reply_that_is_too_large_is_not_sent(inbox, monkeypatch):
    monkeypatch.setattr(workers, "MOST_REPLY", 100)
    monkeypatch.setattr(
        workers, "_given", {"plan": PLAN, "forms": FORMS, "seconds": 1_000_000, "read": one_file.read_file}
    )
    (file,) = inbox("a.xlsx")
    read = unpacked(workers._work((file,))[0], FORMS)
    assert read.outcome.facts["why"] == "檔案內容過多"


def test_no_files_start_no_child(monkeypatch):
    monkeypatch.setattr(workers, "_warm", lambda *_: 1 / 0)
    assert list(read_files([], FORMS, PLAN)) == []


def test_where_the_system_gives_no_children_the_clerk_is_told(inbox, monkeypatch):
    class Broken:
        def schedule(self, *_, **__):
            raise BrokenProcessPool("All workers expired")

    monkeypatch.setattr(workers, "_warm", cache(lambda plan, workers: Broken()))
    with pytest.raises(CannotRun, match="系統無法執行讀檔程序"):
        list(read_files(inbox("甲.xlsx"), all_forms(PLAN), PLAN))
