"""The papers of a whole job are taken over (文件之沿用) if nothing has changed that its writer looked into.

A writer that is given the same tables gives the same papers. So it is not asked for them again, one by one, while those
tables are the same in which it looked when it last ran, for all recipients together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from mlbatch import again
from mlbatch.output import Paper, Standing
from mlbatch.press import Draft, Laid
from mlbatch.recipient import Packages

if TYPE_CHECKING:
    from mlbatch.batch import Job, Month

CUT_BY = "schools"  # the tables of recipients are cut by their schools
SAID = ("path", "title", "recipient", "schools", "amount", "said")


def laid(job: Job, month: Month, lay: Callable[[Paper | Draft], Laid]) -> Iterable[Laid]:
    """The papers of a job, each to be waited for: as they stand, or laid in by `lay` to be drawn."""
    whom = [who for who, _ in month.packages]
    given = month.tables, month.read, month.plan, month.as_of, whom, job.id
    if not job.whole or (work := again.asked(laid, given, {})) is None:
        return _asked(job, month, lay)
    if (papers := _stand(work)) is not None:
        again.hold(job.id)
        return [partial(_paper, paper) for paper in papers]
    looked_into = {CUT_BY}, set()
    seen = [again.Seen(one, into) for one, into in zip(work.tables, looked_into, strict=True)]
    waits = _asked(job, month.seen(*seen, _seen(month.packages, looked_into[0])), lay)
    return _kept(waits, partial(work.keep, seen=looked_into))


def _asked(job: Job, month: Month, lay: Callable[[Paper | Draft], Laid]) -> list[Laid]:
    """The papers that the writer gives, asked for one by one."""
    with again.part(job.id):
        return [partial(_within, job.id, lay(paper)) for paper in job.draft(month)]


def _within(part: str, wait: Laid) -> Paper:
    with again.part(part):
        return wait()


def _seen(packages: Packages, looked_into: set[str]) -> Packages:
    """The tables of recipients, which tell what was looked into as those of all do."""
    return [(who, again.Seen(own, looked_into)) for who, own in packages]


def _kept(waits: list[Laid], keep: Callable[[list], None]) -> Iterator[Laid]:
    """The same papers; once all have been drawn it is kept what they are."""
    papers: list[Paper] = []

    def drawn(wait: Laid) -> Paper:
        papers.append(paper := wait())
        if len(papers) == len(waits):
            keep([{"sha256": one.sha256, **{name: getattr(one, name) for name in SAID}} for one in papers])
        return paper

    return (partial(drawn, wait) for wait in waits)


def _stand(work: again.Work) -> list[Paper] | None:
    """The papers as they stand in the former output; None if something has changed, or one does not stand there."""
    papers = []
    for said in work.known() or ():
        if (size := work.memory.size_of(said["sha256"])) is None:
            return None
        read = partial(work.memory.former, said["sha256"])
        papers.append(Standing(read, size, said["sha256"], **{name: said[name] for name in SAID}))
    return papers or None


def _paper(paper: Paper) -> Paper:
    return paper
