"""A letter edited by hand is never overwritten, and nobody is falsely told of an edit."""

import random
import shutil
from datetime import date

import docx
import openpyxl
import pytest

from mlbatch import batch, output, published
from mlbatch.batch import run
from mlbatch.outbox import State, new_draft
from mlbatch.output import OutputError, Paper, Place
from mlbatch.redraft import BY_BOTH, BY_FACTS, BY_HAND, differences, reflects
from mlbatch.wording import hashed, wording
from studies import hands
from studies.edits import Year, years
from studies.offices import SAMPLES, Small, publish, sent_of, small_letter
from tests.test_batch import hashes

PATH, OTHER = "受文者/01_縣/核定函.docx", "受文者/02_縣/核定函.docx"


def letters(amounts):
    return [Paper(p, small_letter(p, a, "王示範"), "核定函", p.split("/")[1]) for p, a in amounts.items()]


def settle(out, sent=None, **amounts):
    """Publish the letters of these amounts; the entries by path."""
    named = {PATH: amounts.get("one"), OTHER: amounts.get("other", 5)}
    return {e.path: e for e in publish(letters({p: a for p, a in named.items() if a}), out, sent)}


def edit(path, words="手寫", paragraph=6):
    letter = docx.Document(path)
    letter.paragraphs[paragraph].add_run(words)
    letter.save(path)
    return path.read_bytes()


@pytest.fixture
def out(tmp_path):
    settle(tmp_path / "out", one=100)
    return tmp_path / "out"


def test_an_untouched_draft_is_written_anew_when_the_facts_change(out):
    entry = settle(out, one=200)[PATH]
    assert (entry.state, entry.note) == (State.DRAFT, "")
    assert (out / PATH).read_bytes() == small_letter(PATH, 200, "王示範")


def test_an_edited_letter_stays_byte_for_byte_while_the_facts_stay(out):
    content = edit(out / PATH)
    for _ in range(2):
        entry = settle(out, one=100)[PATH]
        assert entry.state is State.EDITED
        assert (out / PATH).read_bytes() == content
        (one,) = entry.differences
        assert (one.stands, one.new, one.whose) == (
            "一、依據實施方案辦理。手寫",
            "一、依據實施方案辦理。",
            BY_HAND,
        )
    assert not (out / new_draft(PATH)).exists()


def test_the_new_draft_stands_beside_when_the_facts_change(out):
    content = edit(out / PATH)
    for _ in range(2):
        entry = settle(out, one=200)[PATH]
        assert (entry.state, entry.new_draft) == (State.CHANGED, new_draft(PATH))
        assert (out / PATH).read_bytes() == content
        assert (out / entry.new_draft).read_bytes() == small_letter(PATH, 200, "王示範")
        assert [d.whose for d in entry.differences] == [BY_FACTS, BY_HAND, BY_FACTS, BY_FACTS]
    assert settle(out, one=100)[PATH].state is State.EDITED
    assert not (out / new_draft(PATH)).exists()


def test_a_letter_brought_up_to_date_by_hand_is_an_edited_one_again(out):
    edit(out / PATH)
    settle(out, one=200)
    letter = docx.Document(out / PATH)
    for paragraph in letter.paragraphs:
        paragraph.text = paragraph.text.replace("100元", "200元")
    letter.tables[0].rows[0].cells[1].text = "200"
    letter.save(out / PATH)
    entry = settle(out, one=200)[PATH]
    assert (entry.state, [d.whose for d in entry.differences]) == (State.EDITED, [BY_HAND])


def test_a_new_draft_put_in_the_place_of_the_letter_is_the_programs_again(out):
    edit(out / PATH)
    settle(out, one=200)
    shutil.copy(out / new_draft(PATH), out / PATH)
    entry = settle(out, one=300)[PATH]
    assert (entry.state, entry.note) == (State.DRAFT, "")
    assert (out / PATH).read_bytes() == small_letter(PATH, 300, "王示範")


def test_a_letter_that_is_due_no_more_is_withdrawn_if_untouched_and_kept_if_edited(out):
    content = edit(out / PATH)
    entries = settle(out, other=None)
    assert (entries[PATH].state, (out / PATH).read_bytes()) == (State.WITHDRAWN, content)
    assert OTHER not in entries
    assert not (out / OTHER).exists()
    assert "手改" in entries[PATH].note


@pytest.mark.parametrize("save", [hands.saved_again, hands.packed_again])
def test_saving_without_an_edit_is_no_edit(out, save):
    (out / PATH).write_bytes(save((out / PATH).read_bytes(), random.Random(2)))
    assert settle(out, one=100)[PATH].note == ""
    assert (out / PATH).read_bytes() == small_letter(PATH, 100, "王示範")


def test_another_setting_is_kept_and_not_called_an_edit(out):
    content = hands.edited((out / PATH).read_bytes(), hands.set_bold, random.Random(2))
    (out / PATH).write_bytes(content)
    same, later = settle(out, one=100)[PATH], settle(out, one=200)[PATH]
    assert (same.state, later.state) == (State.DRAFT, State.CHANGED)
    assert "手改" not in same.note + later.note
    assert (out / PATH).read_bytes() == content


@pytest.mark.parametrize("journey", hands.JOURNEYS)
def test_a_folder_that_was_moved_copied_or_unzipped_claims_no_edit_and_loses_none(out, journey):
    content = edit(out / OTHER)
    out = journey(out, random.Random(3))
    entries = settle(out, one=200)
    assert (entries[PATH].state, entries[OTHER].state) == (State.DRAFT, State.EDITED)
    assert (out / OTHER).read_bytes() == content


def test_what_was_released_is_neither_rewritten_nor_withdrawn(out):
    content = edit(out / PATH)
    sent = {PATH: sent_of(out, PATH, date(2018, 1, 19), "字第1070000001號")}
    sent[OTHER] = sent_of(out, OTHER, date(2018, 1, 19), "字第1070000001號")
    assert {e.state for e in settle(out, sent, one=100).values()} == {State.RELEASED}
    entries = settle(out, sent, one=200, other=None)
    assert {e.state for e in entries.values()} == {State.CHANGED}
    assert (out / PATH).read_bytes() == content
    assert (out / OTHER).read_bytes() == small_letter(OTHER, 5, "王示範")
    assert ("合計｜100", "合計｜200") in [(d.stands, d.new) for d in entries[PATH].differences]
    assert (out / new_draft(PATH)).exists()


def test_from_nothing_a_released_letter_is_written_only_as_it_went_out(out, tmp_path):
    sent = {PATH: sent_of(out, PATH, date(2018, 1, 19), "字第1070000001號")}
    settle(out, sent, one=100)
    settle(tmp_path / "again", sent, one=100)
    assert hashes(out) == hashes(tmp_path / "again")
    entry = settle(tmp_path / "new", sent, one=200)[PATH]
    assert entry.state is State.CHANGED
    assert not (tmp_path / "new" / PATH).exists()
    assert ("合計｜100", "合計｜200") in [(d.stands, d.new) for d in entry.differences]


# What may not be lost -------------------------------------------------------------------------------


def test_another_command_does_not_overwrite_a_folder_that_holds_edited_letters(out):
    edit(out / PATH)
    settle(out, one=100)
    for _ in range(2):
        before = hashes(out)
        with pytest.raises(OutputError, match=r"核定函\.docx」經手改，不予覆蓋"):
            output.publish([Paper("a.xlsx", b"", "a")], b"{}", out)
        assert hashes(out) == before
        edit(out / PATH, "再改")


def test_a_damaged_letter_and_an_edited_new_draft_stop_a_run(out):
    (out / PATH).write_bytes(b"PK damaged")
    with pytest.raises(OutputError, match=r"核定函\.docx」於產出後有修改"):
        settle(out, one=100)
    shutil.copy(out / OTHER, out / PATH)
    settle(out, one=200)
    edit(out / new_draft(PATH))
    with pytest.raises(OutputError, match=r"公文新稿/.*於產出後有修改"):
        settle(out, one=200)


@pytest.fixture(params=["one step", "two renames"])
def swap(request, monkeypatch):
    if request.param == "two renames":
        monkeypatch.setattr(output, "exchange", lambda one, other: False)


def test_an_edit_made_while_a_run_writes_is_not_lost(out, swap, monkeypatch):
    stage = Place._stage
    monkeypatch.setattr(Place, "_stage", lambda place, *given: (stage(place, *given), edit(out / PATH)))
    with pytest.raises(OutputError, match="經手改，不予覆蓋；請重新執行"):
        settle(out, one=200)
    monkeypatch.undo()
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert wording((out / PATH).read_bytes()).units[6] == "一、依據實施方案辦理。手寫"
    assert settle(out, one=200)[PATH].state is State.CHANGED


def former(out, suffix):
    """What stands when a run is killed after the swap, before the former output is removed."""
    shutil.copytree(out, out.with_name("keep"))
    settle(out, one=200)
    out.with_name("keep").rename(out.with_name(f".out{suffix}"))
    return out.with_name(f".out{suffix}")


@pytest.mark.parametrize("suffix", [".mlbatch-new", ".mlbatch-old"])
def test_an_edit_in_the_former_output_of_a_killed_run_is_put_back(out, swap, suffix):
    content = edit(former(out, suffix) / PATH)
    assert settle(out, one=200)[PATH].state is State.CHANGED
    assert (out / PATH).read_bytes() == content
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_where_both_were_edited_the_next_run_touches_neither(out):
    left = former(out, ".mlbatch-old")
    one, other = edit(left / PATH), edit(out / OTHER)
    with pytest.raises(OutputError, match="各有手改之檔案"):
        settle(out, one=200)
    assert ((left / PATH).read_bytes(), (out / OTHER).read_bytes()) == (one, other)


def test_an_edit_that_was_carried_over_does_not_hold_up_the_next_run(out):
    """Killed after the swap; the clerk goes on editing the letter that was carried over."""
    edit(out / PATH)
    former(out, ".mlbatch-old")
    content = edit(out / PATH, "再改")
    assert settle(out, one=200)[PATH].state is State.CHANGED
    assert (out / PATH).read_bytes() == content


# Differences -----------------------------------------------------------------------------------------


def test_differences_say_whose_they_are():
    was, new, own = ["一", "二", "三", "四"], ["一", "二新", "三新", "四", "五"], ["一改", "二", "三改", "四"]
    found = differences(own, new, [hashed(unit) for unit in was])
    assert [(d.number, d.stands, d.new) for d in found] == [
        (1, "一改", "一"), (2, "二", "二新"), (3, "三改", "三新"), (0, "", "五"),
    ]  # fmt: skip
    assert [d.whose for d in found] == [BY_HAND, BY_FACTS, BY_BOTH, BY_FACTS]


def test_a_letter_reflects_the_facts_only_if_it_says_all_that_is_new_and_nothing_that_is_old():
    assert reflects(["a", "x"], ["a", "b"], ["a", "b"])
    assert reflects(["a", "x", "c"], ["a", "c"], ["a", "b"])
    assert not reflects(["a", "x"], ["a", "c"], ["a", "b"])
    assert not reflects(["a", "b", "c"], ["a", "c"], ["a", "b"])


# The real batch --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def september(tmp_path_factory):
    out = tmp_path_factory.mktemp("september") / "out"
    run(SAMPLES / "2017-09", out, date(2017, 9, 20))
    return out


def test_the_outbox_lists_every_letter_with_its_figures(september):
    sheet = openpyxl.load_workbook(september / "發文清單.xlsx", data_only=True)["發文清單"]
    head, *rows = sheet.iter_rows(min_row=5, values_only=True)
    found = [dict(zip(head, row, strict=True)) for row in rows]
    there = sorted(p.relative_to(september).as_posix() for p in september.rglob("受文者/**/*.docx"))
    assert [row["檔案"] for row in found] == there
    assert {row["狀態"] for row in found} == {"草稿"}
    assert all(row["校數"] >= 0 and row["受文者"] and row["公文種類"] == "補正通知" for row in found)
    live = openpyxl.load_workbook(september / "發文清單.xlsx")["發文清單"]
    assert live["E3"].value == f"=SUBTOTAL(109,E6:E{5 + len(found)})"
    assert sheet["E3"].value == sum(row["校數"] for row in found)
    assert live.auto_filter.ref


def test_an_edited_month_is_the_same_again_and_the_page_tells_of_it(september, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(september, out)
    path = sorted(out.rglob("補正通知.docx"))[0]
    content = edit(path)
    month = run(SAMPLES / "2017-09", out, date(2017, 9, 20))
    assert month.outbox.counts()[State.EDITED] == 1
    assert path.read_bytes() == content
    page = (out / "總覽.html").read_text("utf-8")
    assert "公文已修改（1）" in page
    before = [(p, p.stat().st_ino) for p in sorted(out.rglob("*"))]
    run(SAMPLES / "2017-09", out, date(2017, 9, 20))
    assert [(p, p.stat().st_ino) for p in sorted(out.rglob("*"))] == before
    path.unlink()  # the clerk takes the edit back
    run(SAMPLES / "2017-09", out, date(2017, 9, 20))
    assert hashes(out) == hashes(september)


def test_an_output_without_hand_edits_is_what_a_run_from_nothing_writes(september, tmp_path):
    out = tmp_path / "out"
    run(SAMPLES / "2017-09", out, date(2017, 9, 10))
    run(SAMPLES / "2017-09", out, date(2017, 9, 20))
    assert hashes(out) == hashes(september)


# The study, in small ----------------------------------------------------------------------------------


def test_a_year_of_hand_edits_loses_none_and_claims_none():
    counts, faults = years(Small, 1, soffice=False)
    assert faults == []
    assert counts["letters edited"] > 5
    assert counts["runs"] == 12


@pytest.mark.parametrize("broken", ["overwrites", "claims"])
def test_the_study_sees_what_goes_wrong(tmp_path, monkeypatch, broken):
    """The judge itself: an outbox that overwrites edits, and one that claims what nobody did."""
    if broken == "overwrites":
        monkeypatch.setattr(published, "touched", lambda *given: None)
    else:
        monkeypatch.setattr(published, "touched", lambda *given: published.What.EDITED)
        monkeypatch.setattr(batch.outbox, "_kept", lambda path, new, found: _claiming(path, new, found))
    year = Year(Small(tmp_path), tmp_path, 1)
    monkeypatch.setattr(year, "_edit_during_the_run", lambda: None)
    faults = year.live(3).faults
    assert any(("lost" if broken == "overwrites" else "claimed") in fault for fault in faults)


def _claiming(path, new, found):
    entry = batch.outbox.Entry(path, State.EDITED, "手改之處見「差異」。", new)
    return batch.outbox._Settled(entry, found.content, found.base)
