"""What comes back: the reviewers' score sheets and the ministry's award list.

Both answer workbooks that the batch itself wrote, so the batch is run for them: the table `scores`
says what reviewers wrote about a school, in the order in which they were asked; the table
`decisions` says what the ministry decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from documents import Document, Documents
from readable import FORMS, PLAN, table, typed

from mlbatch import batch
from mlbatch.forms import award, score
from mlbatch.rules import marks

AS_OF = date(2017, 12, 15)
ROUNDS = 4  # first reviews, replacements, third reviews, and one to spare


def written(documents: Documents, folder: Path) -> None:
    """Write the documents below `folder`."""
    for one in documents.values():
        path = folder / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.saved)


def with_scores(documents: Documents) -> Documents:
    """The documents and the score sheets, round by round until nobody owes a score."""
    answers = _answers()
    with TemporaryDirectory() as name:
        folder = Path(name)
        written(documents, folder)
        for number in range(1, ROUNDS + 1):
            sheets = dict(_round(folder, number, answers))
            if not sheets:
                return documents
            written(sheets, folder)
            documents = {**documents, **sheets}
    raise RuntimeError("the reviewers still owe scores")


def with_decisions(documents: Documents) -> Documents:
    """The documents and the award list, returned with the decisions of the table `decisions`."""
    with TemporaryDirectory() as name:
        written(documents, Path(name))
        month = batch.decide(batch.read(Path(name), PLAN, AS_OF), until="award")
    values = award.values(month.tables["schools"])
    decided = {(row["code"], row["level"]): row for row in table("decisions")}
    for row in values["decisions"]:
        if one := decided.get((row["code"], row["level"])):
            row |= {"decided": int(one["decided"]), "reason": one["reason"], "authority": one["authority"]}
    sheet = Document("核定/107核定清冊(奉核後).xlsx", FORMS["award"], "本部", values)
    return {**documents, "award:本部": sheet}


def _answers() -> dict[tuple[str, str], Iterator[dict]]:
    """For each school what the reviewers write about it, one after the other."""
    rows: dict[tuple[str, str], list[dict]] = {}
    fields = dict(FORMS["score"].tables())["scores"]
    for row in table("scores"):
        said = {f.name: typed(row[f.name], f.kind) for f in fields if row.get(f.name)}
        rows.setdefault((row["code"], row["level"]), []).append(said)
    return {key: iter(said) for key, said in rows.items()}


def _round(
    folder: Path, number: int, answers: dict[tuple[str, str], Iterator[dict]]
) -> Iterator[tuple[str, Document]]:
    """The sheets of those who owe scores, filled; a recusal or a gap is answered in the next round."""
    tables = batch.decide(batch.read(folder, PLAN, AS_OF), until="review").tables
    owed = marks.owed(tables).merge(tables["schools"][["code", "level", "name", "county"]], sort=False)
    place = "評分表" if number == 1 else f"評分表/第{number}次"
    for reviewer, schools in owed.groupby("reviewer", sort=True):
        values = score.values(reviewer, schools)
        for row in values["scores"]:
            row |= next(answers[row["code"], row["level"]])
        key = f"score:{reviewer}" if number == 1 else f"score:{reviewer} 第{number}次"
        yield key, Document(f"{place}/審查評分表_{reviewer}.xlsx", FORMS["score"], reviewer, values)
