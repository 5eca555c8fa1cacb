"""JSON that people read: what the library's own spelling with one space of indenting gives, but for what it cannot tell."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch.readable import to_json

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    PLAIN, lambda of: st.lists(of, max_size=4) | st.dictionaries(st.text(), of, max_size=4), max_leaves=12
)


@given(VALUES)
def test_any_value_is_spelt_as_the_library_spells_it(value):
    assert to_json(value) == f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode()


@pytest.mark.parametrize("members", [[], ["甲"], [{"班": 2}, {"班": None}]])
def test_an_iterator_is_a_list_that_is_told_one_after_the_other(members):
    assert to_json({"校": iter(members)}) == to_json({"校": members})


def test_lines_end_alike_on_every_system():
    assert to_json({"甲": [1]}) == '{\n "甲": [\n  1\n ]\n}\n'.encode()
