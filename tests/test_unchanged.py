"""What need not be decided or written again: taken over only if nothing changed that was looked into, and equal to what is made anew."""

import hashlib
import os
import pickle
import shutil
import sqlite3
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from mlbatch import again, batch, catalogue, decided, output, recipient, store, unchanged
from mlbatch.finding import At, Finding, Place
from mlbatch.output import Paper, Standing
from mlbatch.plan import load_plan
from mlbatch.recipient import Recipient
from mlbatch.rules.rule import Rule
from mlbatch.store import Store
from mlbatch.tables import Frames, Later, Tables

SAMPLES = Path(__file__).parent.parent / "input_samples"
PLAN, AS_OF = load_plan(), date(2018, 6, 15)
WHO = Recipient("甲縣政府", "01_甲縣", "貴府", county="甲縣")


def frame(*values, name="n", dtype=object):
    return pd.DataFrame({name: pd.Series(values, dtype=dtype)})


# Tables that are made later ------------------------------------------------------------------------


def test_a_table_is_made_once_and_when_it_is_looked_into():
    made = []
    tables = Tables().put(one=Later(lambda: made.append(1) or frame(1)), two=frame(2))
    kept = tables.put(three=frame(3)).keep("one", "three", "none").take("one", "three")
    assert (list(kept), made, "one" in kept) == (["one", "three"], [], True)
    assert kept["one"] is tables["one"]
    assert made == [1]


def test_tables_that_are_sent_are_made():
    sent = pickle.loads(pickle.dumps(Frames({"one": Frames({"own": frame(1)})["own"], "two": frame(2)})))
    assert type(sent) is Frames
    assert_frame_equal(sent["two"], frame(2))


def test_watched_tables_tell_what_was_there_at_first_and_was_looked_into_or_handed_on():
    looked_into = set()
    seen = again.Watched(Frames({"one": frame(1), "two": frame(2), "three": frame(3)}), looked_into)
    more = Tables(seen).put(two=frame(9), four=frame(4))
    assert ("none" in more, len(more["two"]), len(more["four"])) == (False, 1, 1)
    assert looked_into == {"none"}
    assert list(more.keep("three", "absent")) == ["three"]
    assert looked_into == {"none", "three", "absent"}
    assert sorted(more) == ["four", "one", "three", "two"]
    assert looked_into == {"none", "three", "absent", "one"}


def test_each_recipient_has_its_own_rows_and_findings():
    month = batch.decide(batch.read(SAMPLES / "2018-06", PLAN, AS_OF))
    tables, findings, rows = month.tables, [], 0
    for who, own in month.packages:
        county = [""] if who.school[0] else [who.county]
        assert {*own["schools"]["county"]} <= {*county} or who.school[0]
        assert {*own["payees"]["county"]} <= {*county}
        assert own.findings == tuple(one for one in tables.findings if who.owns(one))
        assert_frame_equal(own["duties"], recipient.only(tables, who)["duties"])
        rows, findings = rows + len(own["duties"]), [*findings, *own.findings]
    assert rows == len(tables["duties"]) > 100
    assert findings


# What rules decided --------------------------------------------------------------------------------


class Ministry:
    """Rules that are run within a run that keeps something, as often as it is asked."""

    def __init__(self, folder):
        self.folder, self.ran = folder, []

    def rule(self, name, **made):
        def run(tables, plan, as_of):
            self.ran.append(name)
            told = [
                Finding(catalogue.I2_UNKNOWN_FORM, At(f"{name}{value}")) for value in tables["given"]["n"]
            ]
            return tables.put(**{key: make(tables) for key, make in made.items()}), told

        return Rule(name, name, "", run, ("given",))

    def decide(self, rules, tables, as_of=AS_OF):
        """The tables, the reports as (id, found), and which rules were really run."""
        self.ran.clear()
        kept = Store(self.folder / "kept", "one recipe", self.folder)
        memory = again.Memory(kept, lambda sha256: None)
        with again.remembering(memory):
            made, reports = decided.run_rules("job", rules, tables, PLAN, as_of)
            frames = {name: made[name] for name in made}
        memory.close(done=True)
        kept.close(prune=True)
        return frames, made.findings, [(one.rule.id, one.found, one.missing) for one in reports], [*self.ran]


@pytest.fixture
def ministry(tmp_path):
    return Ministry(tmp_path)


PLACE = Place("a.xlsx", "b", 7, MappingProxyType({"n": "C"}))
VALUES = (
    "字", 7, True, None, pd.NA, pd.NaT, date(2018, 1, 2), datetime(2018, 1, 2, 3), Decimal("1.20"), ("a", "b"),
    np.int64(3),
)  # fmt: skip


def everything(_):
    return pd.DataFrame({
        "object": pd.Series(VALUES, dtype=object), "whole": pd.Series([None, *range(len(VALUES) - 1)], dtype="Int64"),
        "yes": pd.Series([None, *[True] * (len(VALUES) - 1)], dtype="boolean"), "place": [PLACE] * len(VALUES),
        "sure": [False] * len(VALUES), "words": ["x"] * len(VALUES), "number": range(len(VALUES)),
    })  # fmt: skip


def test_rules_are_run_again_only_if_what_they_looked_into_changed(ministry):
    rules = [ministry.rule("one", made=everything), ministry.rule("two", more=lambda tables: tables["made"])]
    tables = Tables().put(given=frame(1, 2), other=frame(5))
    first = ministry.decide(rules, tables)
    assert first[3] == ["one", "two"]
    frames, findings, reports, ran = ministry.decide(rules, tables.put(other=frame(6), given=frame(1, 2)))
    assert (findings, reports, ran) == (first[1], [("one", 2, ()), ("two", 2, ())], [])
    assert all(one.kind is catalogue.I2_UNKNOWN_FORM for one in findings)
    assert [*frames] == ["given", "other", "made", "more"]
    for name in ("made", "more"):
        assert_frame_equal(frames[name].drop(columns="place"), everything(0).drop(columns="place"))
        assert list(map(type, frames[name]["object"])) == list(map(type, VALUES))
        assert frames[name]["place"][3].at("n") == At("a.xlsx", "b", "C", 7)
    assert ministry.decide(rules, tables.put(given=frame(1, 3)))[3] == ["one", "two"]
    assert ministry.decide(rules, tables.put(given=frame(1, 3)), date(2018, 6, 16))[3] == ["one", "two"]
    assert ministry.decide(rules, tables)[3] == ["one", "two"], "what the last run did not use is gone"


def test_rules_are_run_again_if_the_findings_before_them_changed(ministry):
    rules, tables = [ministry.rule("one")], Tables().put(given=frame(1))
    told = Finding(catalogue.I2_UNKNOWN_FORM, At("z"), {"read": 1})
    spared = told.spared("（註）", "")
    assert ministry.decide(rules, tables)[3] == ["one"]
    assert ministry.decide(rules, tables.found([told, spared]))[3] == ["one"]
    _, findings, _, ran = ministry.decide(rules, tables.found([told, spared]))
    assert (ran, findings[:2]) == ([], (told, spared))


@pytest.mark.parametrize("sort", ["frame", "findings"])
@pytest.mark.parametrize("value", [b"", b"garbage", pickle.dumps(os.getcwd)])
def test_what_is_damaged_in_the_store_is_decided_anew(ministry, sort, value):
    rules, tables = [ministry.rule("one", made=everything)], Tables().put(given=frame(1))
    first = ministry.decide(rules, tables)
    with sqlite3.connect(ministry.folder / "kept" / "kept.sqlite") as there:
        for (key,) in there.execute("SELECT key FROM kept WHERE sort = ?", (sort,)).fetchall():
            own = (store._sum(sort, key, value), value, key)
            there.execute("UPDATE kept SET sum = ?, value = ? WHERE key = ?", own)
    there.close()
    frames, findings, reports, ran = ministry.decide(rules, tables)
    assert (findings, reports, ran) == (first[1], first[2], ["one"])
    assert_frame_equal(frames["made"], first[0]["made"])


def test_findings_that_rules_changed_come_back_changed(ministry):
    told = Finding(catalogue.I2_UNKNOWN_FORM, At("z"), {"read": "1"})
    rule = Rule("x", "", "", lambda tables, *_: (Tables(tables.frames, (told.spared("（註）", "改"),)), []))
    first = ministry.decide([rule], Tables(findings=(told,)))
    assert ministry.decide([rule], Tables(findings=(told,)))[1] == first[1] == (told.spared("（註）", "改"),)


def test_units_are_taken_over_by_themselves_and_rules_of_none_are_run_each_time(ministry):
    one, two = ministry.rule("one", made=everything), ministry.rule("two")
    each = Rule("each", "", "", two.run, (), unit="")
    other = Rule("other", "", "", ministry.rule("other").run, ("given",), unit="other")
    tables = Tables().put(given=frame(1))
    assert ministry.decide([one, each, other], tables)[3] == ["one", "two", "other"]
    _, _, reports, ran = ministry.decide([one, each, other], tables)
    assert (reports, ran) == ([("one", 1, ()), ("each", 1, ()), ("other", 1, ())], ["two"])


def test_a_rule_that_lacks_a_table_is_told_again(ministry):
    lacking = Rule("lacking", "", "", ministry.rule("no").run, ("given", "none"))
    tables = Tables().put(given=frame(1))
    assert ministry.decide([lacking], tables)[2:] == ([("lacking", 0, ("none",))], [])
    assert ministry.decide([lacking], tables)[2:] == ([("lacking", 0, ("none",))], [])
    assert ministry.decide([lacking], tables.put(none=frame(1)))[2:] == ([("lacking", 1, ())], ["no"])


@pytest.mark.parametrize("value", [object(), {1: object()}, os.getcwd, SimpleNamespace(), np.float64(1)])
def test_what_no_table_holds_is_decided_each_time(ministry, value):
    rules, tables = [ministry.rule("one", made=lambda _: frame(value))], Tables().put(given=frame(1))
    assert [ministry.decide(rules, tables)[3] for _ in range(2)] == [["one"], ["one"]]


def test_bytes_that_name_anything_else_are_not_unpacked():
    for value in (os.system, print, Store, SimpleNamespace(), eval, Rule):
        with pytest.raises(pickle.UnpicklingError):
            decided._Unpickler(BytesIO(pickle.dumps(value))).load()
        assert decided._loaded(pickle.dumps(value)) is None


def test_no_rule_sees_the_bytes_of_a_file_or_when_it_came_but_of_lists_and_plans():
    month = batch.read(SAMPLES / "2017-12", PLAN, date(2017, 12, 15))
    seen = decided.without_bytes(month.tables)["files"]
    assert not {"sha256", "size"} & {*seen}
    assert {*seen.loc[seen["modified"].notna(), "form"]} == {"recommendation", "application"}
    whole = decided.with_bytes(decided.without_bytes(month.tables), month.tables)["files"]
    assert_frame_equal(whole, month.tables["files"])


# What jobs wrote -----------------------------------------------------------------------------------


class Office:
    """A job of one writer, which looks into one table of all and into another of a recipient."""

    def __init__(self, folder):
        self.folder, self.stands, self.asked = folder, {}, 0

    def draft(self, month):
        self.asked += 1
        yield Paper("all.txt", f"{len(month.tables['one'])}".encode(), "甲", amount=7)
        for who, own in month.packages:
            yield Paper(f"{who.folder}.txt", f"{len(own.take('two')['two'])}".encode(), "乙", who.folder)

    def write(self, tables, whom=(WHO,), job="job", as_of=AS_OF):
        """The papers, and whether the writer was asked for them."""
        before = self.asked
        packages = [(who, tables.keep("two", "three")) for who in whom]
        month = Month(tables, packages, as_of)
        kept = Store(self.folder / "kept", "one recipe", self.folder)
        memory = again.Memory(kept, self.stands.get)
        with again.remembering(memory):
            job = SimpleNamespace(id=job, draft=self.draft, whole=job != "part")
            papers = [wait() for wait in list(unchanged.laid(job, month, lambda paper: lambda: paper))]
        memory.close(done=True)
        kept.close(prune=True)
        self.stands |= {paper.sha256: paper.content for paper in papers}
        return papers, self.asked > before


class Month:
    """What a writer is given."""

    def __init__(self, tables, packages, as_of):
        self.tables, self.read, self.packages = tables, tables, packages
        self.plan, self.as_of = PLAN, as_of

    def seen(self, tables, read, packages):
        return Month(tables, packages, self.as_of)


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


TABLES = Tables().put(one=frame(1, 2), two=frame(1), three=frame(1), schools=frame(1))


def test_a_job_is_asked_again_only_if_what_its_writer_looked_into_changed(office):
    papers, asked = office.write(TABLES)
    assert (asked, [paper.content for paper in papers]) == (True, [b"2", b"1"])
    again_papers, asked = office.write(TABLES.put(three=frame(9), one=frame(1, 2)))
    assert not asked
    assert all(type(paper) is Standing for paper in again_papers)
    for paper, before in zip(again_papers, papers, strict=True):
        same = (
            "path",
            "title",
            "recipient",
            "amount",
            "schools",
            "said",
            "sha256",
            "size",
            "content",
            "letter",
        )
        assert [getattr(paper, name) for name in same] == [getattr(before, name) for name in same]
    for changed in (TABLES.put(one=frame(1)), TABLES.put(two=frame(1, 2)), TABLES.put(schools=frame(2))):
        assert office.write(changed)[1]
        assert not office.write(changed)[1]
    assert office.write(TABLES, whom=[])[1]
    assert office.write(TABLES, as_of=date(2018, 1, 1))[1]
    assert office.write(TABLES, job="other")[1]


def test_a_job_that_looks_at_more_than_tables_is_asked_each_time(office):
    assert [office.write(TABLES, job="part")[1] for _ in range(2)] == [True, True]


def test_a_job_of_which_a_paper_stands_no_more_is_asked_again(office):
    papers, _ = office.write(TABLES)
    del office.stands[papers[1].sha256]
    assert office.write(TABLES)[1]


def test_papers_of_a_job_that_was_taken_over_are_still_known_one_by_one(tmp_path):
    """So that a small change after an unchanged run makes only what it concerns."""
    made = []

    @again.kept
    def drawn(number):
        made.append(number)
        return f"{number}".encode()

    office = Office(tmp_path)
    office.draft = lambda month: [Paper(f"{n}", drawn(n), "") for n in range(len(month.tables["one"]) + 1)]
    office.write(TABLES)
    office.write(TABLES)
    assert made == [0, 1, 2]
    office.write(TABLES.put(one=frame(1, 2, 3)))
    assert made == [0, 1, 2, 3]


def test_a_standing_paper_is_read_when_it_is_asked_for_and_refused_if_it_changed():
    sha256 = hashlib.sha256(b"words").hexdigest()
    stands = {sha256: b"words"}
    paper, gone = (Standing(lambda: stands.get(sha256), 5, sha256, "a.txt", "甲") for _ in range(2))
    assert (paper.size, paper.sha256, paper.content) == (5, sha256, b"words")
    assert batch.replace(paper, path="b.txt") == Paper("b.txt", b"words", "甲")
    stands.clear()
    with pytest.raises(output.OutputError, match=r"「a.txt」於執行中有修改"):
        _ = gone.content


# Whole months --------------------------------------------------------------------------------------


class Home:
    """June's inbox and its output."""

    def __init__(self, folder):
        self.inbox, self.out = folder / "inbox", folder / "out"
        shutil.copytree(SAMPLES / "2018-06", self.inbox)
        batch.run(self.inbox, self.out, AS_OF)

    def differs(self):
        """The files by which a run that takes over differs from one from nothing."""
        batch.run(self.inbox, self.out, AS_OF)
        new = self.out.with_name("new")
        batch.run(self.inbox, new, AS_OF, afresh=True)
        return {
            name for name in {*here(self.out), *here(new)} if here(self.out).get(name) != here(new).get(name)
        }


def here(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("home"))


def one_of(home, pattern):
    return sorted(home.inbox.rglob(pattern))[0]


def a_logbook_is_anothers_and_one_is_gone(home):
    one, other, *_, gone = sorted(home.inbox.rglob("*_國小_執行紀錄簿.xlsx"))
    shutil.copy(other, one)
    gone.unlink()


def a_plan_is_gone(home):
    one_of(home, "*計畫書*.xlsx").unlink()


def a_profile_is_cut(home):
    path = one_of(home, "*基本資料表*.xlsx")
    path.write_bytes(path.read_bytes()[:3000])


CHANGES = (a_logbook_is_anothers_and_one_is_gone, a_plan_is_gone, a_profile_is_cut)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_month_with_a_change_is_as_from_nothing(home, change):
    change(home)
    assert home.differs() == set()


def test_an_unchanged_month_decides_and_writes_nothing_that_is_a_unit(home, monkeypatch):
    batch.run(home.inbox, home.out, AS_OF)
    ran, asked = [], []
    run_rules, draft = decided.rules.run_rules, unchanged._asked
    monkeypatch.setattr(
        decided.rules,
        "run_rules",
        lambda rules, *more: ran.extend(rule.id for rule in rules) or run_rules(rules, *more),
    )
    monkeypatch.setattr(unchanged, "_asked", lambda job, *more: asked.append(job.id) or draft(job, *more))
    batch.run(home.inbox, home.out, AS_OF)
    assert ran == ["T1", "T3", "T4", "T11", "T2", "T8", "K3"]
    assert asked == ["intake"]
