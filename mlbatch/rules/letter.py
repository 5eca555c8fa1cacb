"""The official letter (申請公文): in time, complete, and as the list that was uploaded (肆.四(四)5, S5).

The first letter of a sender is judged; a later one that agrees with the list corrects it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mlbatch import catalogue, roc
from mlbatch.applicant import Applicant, Key, applicants, in_order, whole
from mlbatch.directory import name_key
from mlbatch.finding import At, Finding, Kind
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.second_call import FIRST
from mlbatch.tables import REGISTER, Tables

CODE = re.compile(r"(?<![0-9A-Z])\d{5,6}(?:[A-Z]\d{1,2})?(?![0-9A-Z])", re.ASCII)
DIGITS = 6
TITLES = ("", "政府", "政府教育局", "政府教育處", "教育局", "教育處")  # how a county signs


@dataclass(frozen=True)
class Sender:
    """Who owes a letter: a county that handed in a list, or a national school (`school`)."""

    name: str
    codes: tuple[str, ...]
    letters: Sequence
    missing_at: At
    school: Key = ("", "")

    def finding(self, kind: Kind, at: At, **facts: object) -> Finding:
        """A finding about the letter, told to its sender."""
        county = "" if self.school[0] else self.name
        return Finding(kind, at, {"sender": self.name, **facts}, self.school, county)

    def difference(self, letter) -> str:
        """What the letter's list has too much and too little, by code; empty if it agrees."""
        sent = _codes(letter.codes)
        more = "、".join(code for code in sent if code not in self.codes)
        less = "、".join(code for code in self.codes if code not in sent)
        if self.school[0]:
            return f"公文所附為 {more}" if more and less else ""
        if not sent:
            return "公文未附名單"
        return "；".join(w for w, of in ((f"公文多列 {more}", more), (f"公文缺列 {less}", less)) if of)

    def settled(self, as_of: date) -> date | None:
        """The first day on which the ministry held a letter that agrees, or a correction."""
        agreeing = [one.received_on for one in self.letters if not self.difference(one)]
        corrected = [one.corrected_on for one in self.letters if _by(one.corrected_on, as_of)]
        return min((day for day in (*agreeing, *corrected) if pd.notna(day)), default=None)


def check(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S5: missing, late, differing letters, ineligible schools in them, and what was not corrected.

    Column `notes` of `counties`: of these four faults, how many the county's letter has. A letter
    that is only late needs no correction. `record.letter_corrected_by` is judged once it is past.
    """
    senders = [*_counties(tables, as_of), *_national(tables, as_of)]
    findings = [found for sender in senders for found in _faults(sender, plan, as_of)]
    findings += _ineligible(tables, senders)
    notes = defaultdict(set)
    for found in findings:
        if found.kind is not catalogue.S5_NOT_CORRECTED:
            notes[found.county].add(found.kind.id)
    counties = tables["counties"]
    counted = [len(notes[name]) for name in counties["county"]]
    return tables.put(counties=counties.assign(notes=pd.array(counted, "Int64"))), findings


# Senders -----------------------------------------------------------------------------------------


def _counties(tables: Tables, as_of: date) -> Iterator[Sender]:
    """Each county whose list counts, in the order of its file, with the codes of its list."""
    codes: dict[str, dict[str, None]] = defaultdict(dict)
    for county, (code, _), call in tables["listed"][["county", "school", "call"]].itertuples(index=False):
        if call == FIRST:  # the second call sets no day for a letter
            codes[county][code] = None
    letters = _letters(tables, as_of)
    for county, own in codes.items():
        if county:
            names = {name_key(county + title) for title in TITLES}
            came = [one for one in letters if name_key(one.sender) in names]
            yield Sender(county, tuple(own), came, _register(tables))


def _national(tables: Tables, as_of: date) -> Iterator[Sender]:
    """Each national school with a plan; its letter is known by its name, or by its code alone."""
    letters = _letters(tables, as_of)
    for school in applicants(tables):
        if school.national and school.plan_place:
            came = [one for one in letters if _of(school, one)]
            yield Sender(school.name, (school.code,), came, _register(tables), school.key)


def _of(school: Applicant, letter) -> bool:
    return name_key(letter.sender) == name_key(school.name) or _codes(letter.codes) == [school.code]


def _letters(tables: Tables, as_of: date) -> list:
    """The letters received by the day `as_of`, in the order of their coming."""
    rows = tables["letters_received"].itertuples(index=False)
    came = [row for row in rows if pd.isna(row.received_on) or row.received_on <= as_of]
    return sorted(came, key=_coming)


def _coming(row) -> tuple:
    day = date.min if pd.isna(row.received_on) else row.received_on
    return day, in_order(row.place)


def _register(tables: Tables) -> At:
    """Where a letter that is not there is missed: the register's sheet."""
    rows, files = tables["letters_received"], tables["files"]
    if len(rows):
        return whole(min(rows["place"], key=in_order))
    own = files[(files["form"] == "letters_received") & (files["bucket"] == REGISTER)]
    return At(min(own["file"], default=""))


def _codes(words: str) -> list[str]:
    """The school codes in a text, each once; a code that lost its zero gets it back."""
    found = CODE.findall(unicodedata.normalize("NFKC", words).upper())
    return list(dict.fromkeys(code if len(code) != DIGITS - 1 else code.zfill(DIGITS) for code in found))


def _by(day: date | None, last: date) -> bool:
    return pd.notna(day) and day <= last


# Faults ------------------------------------------------------------------------------------------


def _faults(sender: Sender, plan: Plan, as_of: date) -> Iterator[Finding]:
    due, corrected_by = plan.calendar.letter_due, plan.record.letter_corrected_by
    at = sender.missing_at
    if sender.letters:
        first = sender.letters[0]
        at = first.place.at("corrected_on")
        if not (pd.isna(first.received_on) or first.received_on <= due):
            facts = {"read": roc.short(first.received_on), "due": roc.short(due)}
            yield sender.finding(catalogue.S5_LETTER_LATE, first.place.at("received_on"), **facts)
        if difference := sender.difference(first):
            facts = {"difference": difference, "due": roc.short(corrected_by)}
            yield sender.finding(catalogue.S5_LETTER_DIFFERS, first.place.at("codes"), **facts)
    elif as_of > due:
        yield sender.finding(catalogue.S5_LETTER_MISSING, at, due=roc.short(corrected_by))
    if as_of > corrected_by and not _settled(sender, as_of, corrected_by):
        yield sender.finding(catalogue.S5_NOT_CORRECTED, at, due=roc.short(corrected_by))


def _settled(sender: Sender, as_of: date, corrected_by: date) -> bool:
    """Whether all was in order in time; a letter without a readable date is not held against anyone."""
    undated = [one for one in sender.letters if pd.isna(one.received_on) and not sender.difference(one)]
    return bool(undated) or _by(sender.settled(as_of), corrected_by)


def _ineligible(tables: Tables, senders: Sequence[Sender]) -> list[Finding]:
    """The schools in a county's letter that may not apply (E1, E2)."""
    barred = (catalogue.E1_NOT_A_LEVEL, catalogue.E2_INCOMPLETE)
    out = {finding.school for finding in tables.findings if finding.kind in barred}
    sent: Mapping[str, set[str]] = {
        sender.name: {code for letter in sender.letters for code in _codes(letter.codes)} for sender in senders
    }  # fmt: skip
    return [
        school.listed(catalogue.S5_INELIGIBLE_LISTED, "code", sender=school.list_county)
        for school in applicants(tables)
        if school.key in out and school.list_place and school.code in sent.get(school.list_county, ())
    ]
