"""Papers drawn by other processes: the same bytes, the same order, and none lost with a process that dies."""

import hashlib
import io
import os
from datetime import date
from pathlib import Path

import pytest

from mlbatch import again, batch, catalogue, leak, press
from mlbatch.finding import At, Finding
from mlbatch.plan import load_plan
from mlbatch.stop import CannotRun
from mlbatch.store import Store
from mlbatch.workbooks import award, barred, budget, candidates, closing, coaching, payment, tracking

AS_OF = date(2019, 3, 10)
INBOX = Path(__file__).parent.parent / "input_samples" / "2018-01"


@pytest.fixture(scope="module")
def month():
    """January's month, decided."""
    return batch.decide(batch.read(INBOX, load_plan(), date(2018, 1, 15)))


def laid(month, papers, processes):
    with press.presses(month.plan, processes) as lay:
        waiting = [lay(paper) for paper in papers]
        return [wait() for wait in waiting]


def test_other_processes_draw_the_same_papers_in_the_same_order(month):
    papers = [paper for job in month.done[:4] for paper in job.draft(month)]
    few = [*papers[:4], *papers[4::7], papers[-1]]  # of the ministry, of recipients, forms and letters
    assert {paper.paper.letter for paper in few} == {True, False}
    assert laid(month, few, 2) == list(press.drawn(few)) == laid(month, few, 1)


def test_what_is_found_where_a_paper_is_drawn_is_what_a_search_here_finds(month):
    papers = [paper for paper in month.done[0].draft(month) if paper.paper.recipient][:3]
    search, told = leak.Search(month.read, month.tables, [who for who, _ in month.packages]), {}
    with press.presses(month.plan, 2, press.Look(search.words.in_file, told.__setitem__)) as lay:
        drawn = [wait() for wait in [lay(paper) for paper in [*papers, *month.done[0].draft(month)]]]
    assert told == {
        paper.content: search.words.in_file(paper.content) for paper in drawn if paper.content in told
    }
    assert {paper.content for paper in drawn[:3]} <= set(told)
    assert all(found for found in told.values())  # a package names its own recipient's schools


MADE_OF = {
    award.award_workbook: (award.TABLES, False),
    barred.barred_workbook: (barred.TABLES, True),
    budget.national: (budget.TABLES,),
    candidates.candidates_workbook: (candidates.TABLES, AS_OF),
    closing.closing_workbook: (closing.TABLES, AS_OF),
    coaching.coaching_workbook: (coaching.TABLES, AS_OF),
    payment.payment_workbook: (payment.TABLES,),
    tracking.tracking_workbook: (tracking.TABLES, AS_OF),
}


@pytest.fixture(scope="module")
def whole_year():
    """March 2019's month, decided: every job of the year is done."""
    return batch.decide(batch.read(INBOX.parent / "2019-03", load_plan(), AS_OF))


@pytest.mark.parametrize("draw", MADE_OF, ids=lambda draw: draw.__qualname__)
def test_a_workbook_looks_into_no_table_but_those_that_it_is_made_of(whole_year, draw):
    names, *more = MADE_OF[draw]
    seen = again.Seen(whole_year.tables)
    content = draw(seen, whole_year.plan, *more)
    assert seen.looked_into - {again.FINDINGS} <= set(names)
    assert draw(whole_year.tables.keep(*names), whole_year.plan, *more) == content


def test_what_stands_in_the_former_output_is_not_drawn_again(month, tmp_path, monkeypatch):
    papers = [one for one in month.done[0].draft(month) if isinstance(one, press.Draft)][:4]
    first = run_again(month, papers, tmp_path, {})
    stood = {hashlib.sha256(one.content).hexdigest(): one.content for one in first}
    monkeypatch.setattr(press, "_draw", None)  # nothing is left to draw
    assert run_again(month, papers, tmp_path, stood) == first


def run_again(month, papers, tmp_path, stood):
    """Two presses, in a run that keeps what it did."""
    store = Store(tmp_path / "kept", "one recipe", tmp_path)
    memory = again.Memory(store, stood.get)
    with again.remembering(memory):
        drawn = laid(month, papers, 2)
    memory.close(done=True)
    store.close(prune=True)
    return drawn


def dies_elsewhere(home: int) -> bytes:
    """Bytes where it was called; elsewhere the end of the process."""
    if os.getpid() != home:
        os._exit(1)
    return b"drawn"


def test_what_a_process_took_with_it_is_drawn_here(month):
    papers = [press.draft(f"{number}.xlsx", "", dies_elsewhere, os.getpid()) for number in range(3)]
    assert [paper.content for paper in laid(month, papers, 2)] == [b"drawn"] * 3


def test_drafts_lie_where_only_their_owner_reads_them_and_are_gone_afterwards(month, tmp_path):
    papers = [paper for job in month.done[:4] for paper in job.draft(month)][:12]
    folder = tmp_path / "drafts"
    with press.presses(month.plan, 2, beside=folder) as lay:
        waiting = [lay(paper) for paper in papers]
        assert [path.name for path in folder.iterdir()] == [press.DRAFTS]
        assert folder.stat().st_mode & 0o077 == 0
        one = waiting[3]()  # asked for before those that were laid in earlier
        rest = [wait() for number, wait in enumerate(waiting) if number != 3]
    assert [*rest[:3], one, *rest[3:]] == list(press.drawn(papers))
    assert not folder.exists()


class Full:
    """A disk on which there is no room."""

    name = "drafts"

    def tell(self):
        return 0

    def write(self, _):
        raise OSError(28, "No space left on device")


def test_where_drafts_cannot_be_written_the_run_stops_with_a_sentence(month, tmp_path):
    own = press._Pressing(None, b"", None, Full())
    with pytest.raises(CannotRun, match="請確認磁碟空間"):
        own.lay(press.draft("a.xlsx", "", refuses))
    (tmp_path / "taken").touch()
    with (
        pytest.raises(CannotRun, match="請確認磁碟空間"),
        press.presses(month.plan, 2, None, tmp_path / "taken"),
    ):
        pass


def refuses() -> bytes:
    """What cannot be drawn."""
    raise ValueError("no paper")


def test_what_drawing_raises_is_raised_when_the_paper_is_asked_for(month):
    with pytest.raises(ValueError, match="no paper"):
        laid(month, [press.draft("a.xlsx", "", refuses)], 2)


def test_a_kind_of_the_catalogue_stays_itself_and_one_that_was_spared_its_own_words(month):
    found = Finding(catalogue.F1_BLANK, At("a.xlsx"), {"label": "電話", "help": ""})
    spared = found.spared("〔試行〕", "無")
    sent = press.draft("a", "", dies_elsewhere, found, spared, month.plan, month.forms["score"])
    file = io.BytesIO()
    press._pack(sent, press.pickle.dumps(month.plan), file)
    came = press.pickle.loads(file.getvalue()).given
    assert came[0].kind is found.kind
    assert came[1] == spared
    assert (came[2], came[3].id) == (month.plan, "score")
