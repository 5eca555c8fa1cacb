"""The words of every finding: short, in Chinese as officials write it, with a clause, and raised by a real workbook."""

import csv
import re
import string
from pathlib import Path

import pytest

from mlbatch import catalogue
from mlbatch.finding import Severity
from mlbatch.forms import all_forms
from mlbatch.plan import load_plan

EXPECTED = Path(__file__).parent.parent / "input_samples" / "faulty" / "expected.csv"
FORMATTER = string.Formatter()
LONGEST_HEADLINE, LONGEST_SENTENCE = 20, 60
LATIN = {"xlsx", "V", "LibreOffice", "Excel", "UTF"}  # words that stand as they are in Chinese too
KINDS = pytest.mark.parametrize("kind", catalogue.ALL, ids=lambda kind: kind.id)


def fixed(words):
    """A template's words without its fields."""
    return "".join(literal for literal, *_ in FORMATTER.parse(words))


@KINDS
def test_the_words_are_short_and_end_as_sentences_do(kind):
    assert 2 <= len(kind.headline) <= LONGEST_HEADLINE
    assert not re.search(r"[。{}]", kind.headline)
    for words in (kind.sentence, kind.remedy):
        assert len(fixed(words)) <= LONGEST_SENTENCE
        assert words.endswith(("。", "？", "{hint}", "{help}"))


@KINDS
def test_no_word_was_left_in_english(kind):
    for words in (kind.headline, kind.sentence, kind.remedy):
        assert set(re.findall(r"[A-Za-z]{2,}|\b[A-Z]\b", fixed(words))) <= LATIN
        assert not re.search(r"[,;:!?()]", re.sub(r"\d[,:]\d", "", fixed(words))), "全形標點"


@KINDS
def test_the_id_begins_with_its_rule_and_is_plain(kind):
    assert re.fullmatch(rf"{kind.rule}-[a-z0-9-]+", kind.id)
    assert catalogue.BY_ID[kind.id] is kind


def test_what_a_form_asks_for_ends_as_sentences_do():
    helps = [
        f.help for form in all_forms(load_plan()).values() for _, fields in form.tables() for f in fields
    ]
    assert [words for words in helps if words and not words.endswith("。")] == []


def test_what_weighs_says_what_to_do():
    asked = [kind for kind in catalogue.ALL if kind.severity is Severity.CORRECT]
    assert asked
    assert not [kind.id for kind in asked if not re.search(r"請|更正|補", kind.remedy)]


def test_every_kind_is_raised_by_a_real_workbook():
    with EXPECTED.open(encoding="utf-8-sig", newline="") as lines:
        raised = {row["發現"] for row in csv.DictReader(lines)}
    assert raised == set(catalogue.BY_ID)


def test_only_findings_about_a_school_can_be_waived():
    assert {kind.rule[0] for kind in catalogue.SPARABLE} <= set("IFSE")
    assert all(kind.severity.weighs for kind in catalogue.SPARABLE)
