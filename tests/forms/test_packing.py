"""What was read arrives as it was sent, and equal names and columns arrive once."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from mlbatch.finding import Place
from mlbatch.forms import all_forms
from mlbatch.forms.one_file import Read, read_file
from mlbatch.forms.packing import packed, unpacked
from mlbatch.forms.reading import Reading
from mlbatch.plan import load_plan
from mlbatch.stop import CannotRun

PLAN = load_plan()
FORMS = all_forms(PLAN)
SAMPLES = Path(__file__).parent.parent.parent / "input_samples"
FILES = sorted(
    path for month in ("2018-01", "2018-06") for path in (SAMPLES / month).rglob("*.*") if path.is_file()
)


def read(path):
    return read_file(path, path.name, FORMS, PLAN)


def plain(value):
    """A place or another value of a row, so that equal places are equal whatever holds their cells."""
    return (value.file, value.sheet, value.row, dict(value.cells)) if isinstance(value, Place) else value


def rows(reading):
    return {
        table: [[(name, plain(value)) for name, value in row.items()] for row in of]
        for table, of in reading.records.items()
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sample_arrives_as_it_was_read(path):
    sent = read(path)
    came = unpacked(packed(sent), FORMS)
    if not isinstance(sent.outcome, Reading):
        assert came == sent
        return
    assert rows(came.outcome) == rows(sent.outcome)
    assert replace(came, outcome=replace(came.outcome, records={})) == replace(
        sent, outcome=replace(sent.outcome, records={})
    )


def one(records):
    sent = next(read(path) for path in FILES if "計畫書" in str(path))
    return Read(replace(sent.outcome, records=records), "0" * 64)


@pytest.mark.parametrize(
    "second",
    [
        {"b": 1, "a": 2, "place": Place("x.xlsx", "表", 4, {"a": "A", "b": "B"})},  # in another order
        {"a": 1, "place": Place("x.xlsx", "表", 4, {"a": "A"})},  # without a field
        {"a": 1, "b": 2, "place": Place("y.xlsx", "表", 4, {"a": "A", "b": "B"})},  # of another file
        {"a": 1, "b": 2, "place": Place("x.xlsx", "另表", 4, {"a": "A", "b": "B"})},  # of another sheet
        {"a": 1, "b": 2, "place": Place("x.xlsx", "表", 4, {"a": "A", "b": ("B", 4)})},  # not all by the row
        {"a": 1, "b": 2, "place": Place("x.xlsx", "表", 4, {"a": "A", "b": "C"})},  # in another column
        {"a": 1, "b": 2, "place": Place("x.xlsx", "表", 4, {"a": ("A", 4), "b": ("B", 5)})},  # cells of its own
    ],
)  # fmt: skip
def test_rows_that_are_not_alike_arrive_as_they_are(second):
    first = {"a": "甲", "b": None, "place": Place("x.xlsx", "表", 3, {"a": "A", "b": "B"})}
    sent = one({"t": [first, second], "empty": []})
    came = unpacked(packed(replace(sent, outcome=replace(sent.outcome, file="x.xlsx"))), FORMS)
    assert rows(came.outcome) == rows(sent.outcome)


def test_names_and_columns_of_all_files_are_one():
    paths = [path for path in FILES if "計畫書" in str(path)][:2]
    first, second = (unpacked(packed(read(path)), FORMS).outcome.records["classes"][0] for path in paths)
    assert all(one is other for one, other in zip(first, second, strict=True))
    assert first["place"].columns is second["place"].columns


def test_values_are_those_of_the_rows_and_are_taken_once():
    tables = 0
    for sent in (outcome for path in FILES if isinstance(outcome := read(path).outcome, Reading)):
        came = unpacked(packed(Read(sent, "0" * 64)), FORMS).outcome.records
        for table, fields in sent.form.tables():
            names = [*(field.name for field in fields), "place"]
            rows = [tuple(row[name] for name in names) for row in sent.records[table]]
            assert came.take(table, names) == rows
            assert table not in came
            tables += bool(rows)
    assert tables > 200


def test_values_of_rows_that_are_not_alike():
    there = Place("x.xlsx", "表", 4, {"a": "A"})
    own = unpacked(packed(one({"t": [{"a": 1, "place": there}, {"place": there, "b": 3, "a": 2}]})), FORMS)
    assert own.outcome.records.take("t", ["place", "a"]) == [(there, 1), (there, 2)]


class Opens:
    """What would open a file if it were unpacked."""

    def __reduce__(self):
        return open, ("/nowhere",)


@pytest.mark.parametrize(
    "spoilt", [pickle.dumps(Opens()), b"", b"\x80", pickle.dumps(7), pickle.dumps(((), "", None, [1]))]
)
def test_rows_that_are_none_stop_the_run_with_a_sentence_and_call_nothing(spoilt):
    sent = one({"t": [{"a": 1, "place": Place("x.xlsx", "表", 3, {})}]})
    came = unpacked(packed(sent), FORMS).outcome
    came.records._tables["t"] = spoilt
    with pytest.raises(CannotRun, match="讀檔結果損壞，請加 --afresh"):
        came.records["t"]
