"""Again with little changed: the bytes are those of a run from nothing, whatever the run before it left."""

import hashlib
import os
import shutil
import sqlite3
import stat
from datetime import date
from pathlib import Path

import pytest

from mlbatch import again, batch, output, verify, workspace
from mlbatch.again import Memory, kept, remembering
from mlbatch.finding import At, Finding
from mlbatch.forms import all_forms, once, packing, workers
from mlbatch.forms.one_file import set_aside
from mlbatch.plan import load_plan
from mlbatch.store import Store
from mlbatch.tables import Tables

SAMPLES = Path(__file__).parent.parent / "input_samples"
SEPTEMBER, AS_OF = SAMPLES / "2017-09", date(2017, 9, 20)
PLAN = load_plan()
FORMS = all_forms(PLAN)


def hashes(folder):
    """Relative path → sha256 of every file."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


class Home:
    """An inbox and its output, with what the reader is asked for."""

    def __init__(self, folder, monkeypatch):
        self.inbox, self.out = folder / "inbox", folder / "out"
        self.kept = folder / f".out{output.KEPT}"
        shutil.copytree(SEPTEMBER, self.inbox)
        self.read, read_packed = [], workers.read_packed

        def reader(files, plan, most=0):
            self.read += [name for _, name in files]
            return read_packed(files, plan, most)

        monkeypatch.setattr(workers, "read_packed", reader)
        self.run()

    def run(self, as_of=AS_OF, **how):
        """Run into the output; the files that were read."""
        self.read.clear()
        batch.run(self.inbox, self.out, as_of, **how)
        return sorted(self.read)

    def as_from_nothing(self, as_of=AS_OF):
        """Whether the output is that of a run from nothing."""
        batch.run(self.inbox, self.out.with_name("new"), as_of, afresh=True)
        return hashes(self.out) == hashes(self.out.with_name("new"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield Home(tmp_path_factory.mktemp("home"), patch)


def a_plan(home):
    return sorted(home.inbox.rglob("*計畫書*.xlsx"))[0]


def test_the_same_month_again_reads_nothing(home):
    assert home.run() == []
    assert home.as_from_nothing()
    assert verify.verify(home.out, home.inbox).differs == ()


def test_only_a_changed_file_is_read_and_a_moved_one(home):
    one, other = sorted(home.inbox.rglob("*計畫書*.xlsx"))[:2]
    one.write_bytes((SAMPLES / "2017-12" / one.relative_to(home.inbox)).read_bytes() + b" ")
    moved = other.rename(other.with_name(f"z{other.name}"))
    assert home.run() == sorted(path.relative_to(home.inbox).as_posix() for path in (one, moved))
    assert home.as_from_nothing()


def test_a_file_that_changed_within_its_size_and_time_is_read(home):
    path = a_plan(home)
    before, content = path.stat(), bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert home.run() == [path.relative_to(home.inbox).as_posix()]
    assert home.as_from_nothing()


def test_another_day_takes_over_what_was_read_and_makes_its_own_papers(home):
    before = hashes(home.out)
    assert home.run(date(2017, 9, 25)) == []
    assert home.as_from_nothing(date(2017, 9, 25))
    assert hashes(home.out) != before


def test_files_copied_in_another_order_change_no_byte(home):
    inbox, again_here = home.inbox, home.inbox.with_name("shuffled")
    for path in sorted(inbox.rglob("*"), reverse=True):
        if path.is_file():
            (again_here / path.relative_to(inbox)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, again_here / path.relative_to(inbox))
    shutil.rmtree(inbox)
    again_here.rename(inbox)
    home.run()
    assert home.as_from_nothing()


def garbage(path):
    path.write_bytes(b"SQLite format 3\0" + os.urandom(5000))


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def struck(path):
    """Every hundredth byte is another one: SQLite itself may not see it."""
    content = bytearray(path.read_bytes())
    content[4096::100] = bytes(255 - byte for byte in content[4096::100])
    path.write_bytes(content)


def forged(path):
    """A value that is whole, but not what was put under its key."""
    with sqlite3.connect(path) as there:
        rows = there.execute("SELECT key FROM kept WHERE sort = 'read' ORDER BY key LIMIT 2").fetchall()
        value = there.execute("SELECT sum, value FROM kept WHERE key = ?", rows[0]).fetchone()
        there.execute("UPDATE kept SET sum = ?, value = ? WHERE key = ?", (*value, *rows[1]))
    there.close()


def emptied(path):
    with sqlite3.connect(path) as there:
        there.execute("DROP TABLE kept")
    there.close()


@pytest.mark.parametrize("damage", [garbage, cut, struck, forged, emptied, Path.unlink])
def test_a_damaged_store_is_begun_anew_and_changes_no_byte(home, damage):
    home.run()
    damage(home.kept / "kept.sqlite")
    assert home.run()
    assert home.as_from_nothing()
    assert home.run() == []


def test_a_store_that_cannot_be_written_is_none(home):
    shutil.rmtree(home.kept)
    home.kept.write_text("a file where the folder should be")
    assert len(home.run()) > 10
    assert home.as_from_nothing()
    home.kept.unlink()


def test_another_program_and_another_plan_begin_anew(home, monkeypatch):
    home.run()
    everything = home.run(afresh=True)
    assert len(everything) > 10
    monkeypatch.setattr(workspace, "recipe", lambda: "another program")
    assert home.run() == everything
    assert home.run() == []
    changed = load_plan()
    monkeypatch.setattr(batch, "load_plan", lambda year=107: replaced_plan(changed))
    assert home.run() == everything
    assert home.as_from_nothing()


def replaced_plan(plan):
    """A plan with another word in it."""
    from dataclasses import replace

    return replace(plan, title=f"{plan.title}（試）")


def test_a_paper_that_was_lost_is_made_again(home):
    home.run(afresh=True)
    (home.out / "檢核結果.xlsx").unlink()
    home.run()
    assert home.as_from_nothing()


def test_what_is_kept_stands_beside_the_output_with_the_rights_of_the_inbox(home):
    home.inbox.chmod(0o750)
    home.run(afresh=True)
    assert stat.S_IMODE(home.kept.stat().st_mode) == 0o750
    assert stat.S_IMODE((home.kept / "kept.sqlite").stat().st_mode) == 0o640
    assert not [name for name in hashes(home.out) if "kept" in name]


def test_what_the_last_run_did_not_use_is_gone(home):
    home.run()
    path = a_plan(home)
    name, content = path.relative_to(home.inbox).as_posix(), path.read_bytes()
    path.unlink()
    home.run()
    with sqlite3.connect(home.kept / "kept.sqlite") as there:
        keys = [key for (key,) in there.execute("SELECT key FROM kept WHERE sort = 'read'")]
    there.close()
    path.write_bytes(content)
    assert len(keys) > 10
    assert not [key for key in keys if key.endswith(f" {name}")]


# Its parts -----------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path):
    def opened(recipe="one"):
        return Store(tmp_path / "kept", recipe, tmp_path)

    return opened


def test_a_store_gives_what_was_put_to_the_same_recipe_only(store):
    first = store()
    first.put("sort", "key", b"value")
    first.close(prune=True)
    second = store()
    assert second.get("sort", "key") == b"value"
    assert second.get("sort", "other") is None
    second.close(prune=False)
    other = store("other")
    assert other.get("sort", "key") is None
    other.close(prune=True)


def test_a_run_that_is_killed_leaves_the_store_as_it_was(store, tmp_path):
    first = store()
    first.put("sort", "key", b"value")
    first.close(prune=True)
    if not (child := os.fork()):
        there = store()
        for number in range(2000):
            there.put("sort", f"{number}", b"x" * 2000)
        os._exit(9)
    os.waitpid(child, 0)
    second = store()
    assert second.get("sort", "key") == b"value"
    assert second.get("sort", "7") is None
    second.close(prune=False)


def test_what_was_not_read_is_not_kept(store, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"any")
    there = store()
    reader = lambda files, plan: iter([packing.packed(set_aside("a.xlsx", workers.TOO_LONG))] * len(files))  # noqa: E731
    (read,) = once.read_files(there, reader, [(path, "a.xlsx")], FORMS, PLAN)
    assert read.outcome.facts["why"] == workers.TOO_LONG
    assert not there.has(once.SORT)
    there.close(prune=True)


def test_bytes_that_name_anything_but_a_reading_are_not_unpacked():
    import pickle

    class Evil:
        def __reduce__(self):
            return os.system, ("true",)

    for value in (Evil(), os.getcwd, workers._Pool, {"a": 1}):
        with pytest.raises(pickle.UnpicklingError):
            packing.unpacked(b" " * packing.DIGEST + pickle.dumps(value), FORMS)


MADE = []


@kept
def paper(tables, plan, day, *, who=""):
    """A paper that looks into one table, and into another if the first has rows."""
    MADE.append(who)
    rows = len(tables["one"])
    more = len(tables["two"]) if rows and "two" in tables else 0
    return f"{rows} {more} {day} {who} {plan.year}".encode()


@pytest.fixture
def memory(store):
    outputs = {}

    def remember(*calls):
        """Make papers within a run; how many were really made."""
        MADE.clear()
        there = store()
        memory = Memory(there, outputs.get)
        with remembering(memory):
            for args, more in calls:
                content = paper(*args, **more)
                assert content == paper.__wrapped__(*args, **more)
                MADE.pop()
                outputs[hashlib.sha256(content).hexdigest()] = content
        memory.close(done=True)
        there.close(prune=True)
        return len(MADE)

    return remember


def frame(rows):
    import pandas as pd

    return pd.DataFrame(
        {"code": [f"{number}" for number in range(rows)], "n": pd.Series(range(rows), dtype="Int64")}
    )


def test_a_paper_is_made_again_if_what_it_looked_into_changed_and_only_then(memory):
    tables = Tables().put(one=frame(2), two=frame(3), three=frame(1))
    call = ((tables, PLAN, AS_OF), {"who": "甲"})
    assert memory(call) == 1
    assert memory(call) == 0
    assert (
        memory(((Tables().put(one=frame(2), two=frame(3), three=frame(9)), PLAN, AS_OF), {"who": "甲"})) == 0
    )
    assert memory(((tables.put(two=frame(4)), PLAN, AS_OF), {"who": "甲"})) == 1
    assert memory(((tables.put(two=frame(4)), PLAN, date(2018, 1, 1)), {"who": "甲"})) == 1
    assert memory(((tables.put(two=frame(4)), replaced_plan(PLAN), date(2018, 1, 1)), {"who": "甲"})) == 1
    assert memory(((Tables().put(one=frame(2)), PLAN, AS_OF), {"who": "乙"})) == 1
    assert memory(((Tables().put(one=frame(2), two=frame(1)), PLAN, AS_OF), {"who": "乙"})) == 1


def test_findings_count_for_what_looks_into_them(store):
    from mlbatch import catalogue

    @kept
    def told(tables, plan):
        return f"{len(tables.findings)}".encode()

    one = Finding(catalogue.I2_UNKNOWN_FORM, At("a"))
    made = again.Memory(store(), {hashlib.sha256(b"1").hexdigest(): b"1"}.get)
    with remembering(made):
        assert told(Tables(findings=(one,)), PLAN) == b"1"
        assert told(Tables(findings=(one,)), PLAN) == b"1"
        assert told(Tables(findings=(one, one)), PLAN) == b"2"


def test_tables_put_together_from_watched_ones_are_plain():
    seen = again.Seen(Tables().put(one=frame(1)))
    assert type(seen.put(two=frame(2))) is Tables
    assert type(seen.found([])) is Tables
    assert seen.looked_into == {again.FINDINGS}
    assert len(seen.put(two=frame(2))["one"]) == 1
    assert seen.looked_into == {"one", again.FINDINGS}


def test_a_memory_does_not_outlive_its_run(home):
    home.run()
    assert again._memory.get() is None
