"""The instrument's corpus: filled forms are those that would have been drawn, and what is at fault in them is found."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from benchmarks.corpus import FAULTS, MONTHS, Corpus, change
from benchmarks.one_file import calamine, ours
from benchmarks.schools import CODE, MAIL, NAME, TELEPHONE, plan_values
from mlbatch import batch
from mlbatch.forms import blank

SCHOOLS = 11


def parts(workbook):
    """What a workbook holds, unpacked."""
    with ZipFile(BytesIO(workbook)) as book:
        assert book.testzip() is None
        return {name: book.read(name) for name in book.namelist()}


@pytest.fixture(scope="module")
def corpus():
    return Corpus(SCHOOLS, counties=2, month="september", faulty=0.5)


@pytest.fixture(scope="module")
def inbox(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("inbox")
    corpus.write(folder)
    return folder


def test_a_filled_form_is_the_one_that_would_have_been_drawn(corpus):
    row = corpus.rows[7]
    values = plan_values(corpus.plan, row)
    values["plans"][0] |= {key: row[key] for key in ("code", "name", "telephone", "email")}
    drawn = blank.blank(
        corpus.forms["application"], corpus.plan, recipient=f"{row['code']}-{row['level']}", values=values
    )
    assert corpus._fault(7) == ""
    assert parts(corpus._plan(row)) == parts(drawn)
    assert not {CODE, NAME, TELEPHONE, MAIL} & {one for one in row.values() if isinstance(one, str)}


def test_every_school_has_a_code_of_its_own():
    rows = Corpus(20_000, month="september").rows
    assert len({(row["code"], row["level"]) for row in rows}) == len(rows)
    assert all(len(row["code"]) == 6 for row in rows)


def test_the_same_arguments_give_the_same_bytes(corpus, inbox):
    again = Corpus(SCHOOLS, counties=2, month="september", faulty=0.5)
    path = next(inbox.glob(f"*/計畫書/{again.rows[3]['code']}_*.xlsx"))
    assert again._plan(again.rows[3]) == path.read_bytes()


def test_faults_are_found_where_they_were_put_and_nowhere_else(corpus, inbox):
    month = batch.decide(batch.read(inbox, corpus.plan, MONTHS["september"]), until="intake")
    told = {
        one.at.file for one in month.tables.findings if one.kind.severity.weighs and "計畫書" in one.at.file
    }
    put = {
        f"{row['county']}/計畫書/{row['code']}_{row['name']}.xlsx"
        for row in corpus.rows
        if corpus._fault(row["number"])
    }
    assert told == put
    assert {corpus._fault(number) for number in range(SCHOOLS)} == set(FAULTS)
    assert len(month.tables["schools"]) == SCHOOLS


def test_a_change_is_one_word_in_so_many_files(inbox):
    before = {path: path.read_bytes() for path in inbox.glob("*/計畫書/*.xlsx")}
    assert change(inbox, 3) == 3
    changed = [path for path, content in before.items() if path.read_bytes() != content]
    assert len(changed) == 3
    for path in changed:
        was, now = parts(before[path]), parts(path.read_bytes())
        assert [name for name in was if was[name] != now[name]]
        assert "李示範" in now["xl/sharedStrings.xml"].decode()
        path.write_bytes(before[path])


def test_both_ways_to_read_one_form_read_it(inbox, corpus):
    whole = next(inbox.glob(f"*/計畫書/{corpus.rows[1]['code']}_*.xlsx"))
    assert calamine(whole) > 50
    assert ours(whole) == 0
