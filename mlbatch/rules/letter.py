"""The official letter that follows the upload (申請公文): arrived, in time, and with the same list (S5).

What is amiss is noted in the county's record of cooperation; what is not put right by the day that
the ministry sets is waived (肆.四(四)5).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pandas as pd

from mlbatch import catalogue, roc
from mlbatch.finding import At, Finding, Kind
from mlbatch.names import county_key, name_key
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import Tables

CODE = re.compile(r"\d{6}(?:[A-Z]\d)?")
NOTES = {"S5-letter-missing", "S5-letter-late", "S5-letter-differs", "S5-ineligible-listed"}
RULES_OUT = {"E1-not-a-level", "E2-incomplete"}


def letters(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S5: each county that uploaded a list, and each national school, sent its letter.

    Judged once the day of the letter has passed. A letter that is only late needs no correction.
    """
    if as_of <= plan.calendar.letter_due:
        return tables, []
    received = _received(tables["letters_received"], as_of)
    findings: list[Finding] = []
    for sender, codes, facts in _senders(tables, plan):
        row = received.get(county_key(sender)) or received.get(name_key(sender))
        found = list(_judged(sender, codes, row, tables, plan))
        findings += [_finding(kind, at, {**more, "sender": sender}, facts) for kind, at, more in found]
        if _uncorrected(found, row, plan, as_of):
            due = roc.short(plan.record.letter_corrected_by)
            more = {"sender": sender, "due": due, "read": ""}
            findings.append(
                _finding(catalogue.S5_NOT_CORRECTED, _at(row, tables, "corrected_on"), more, facts)
            )
    return tables, findings


def ineligible(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S5: a list that holds a school that may not apply is noted as well."""
    out = {f.school for f in tables.findings if f.kind.id in RULES_OUT}
    findings = []
    for row in tables["schools"].to_dict("records"):
        if (row["code"], row["level"]) in out and row["listed"]:
            facts = {"sender": row["list_county"], "name": row["name"], "read": row["code"]}
            at = row["list_place"].at("code")
            findings.append(
                Finding(
                    catalogue.S5_INELIGIBLE_LISTED, at, facts, (row["code"], row["level"]), row["list_county"]
                )
            )
    return tables, findings


def noted(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """S5, R5: the table `counties`, with what was handed in and the notes of each."""
    schools = tables["schools"]
    public = schools[~schools["national"] & schools["county"].isin(list(plan.counties))]
    notes = Counter(f.county for f in tables.findings if f.kind.id in NOTES)
    names = sorted(set(public["county"]), key=plan.county_order)
    of = public.groupby("county")
    counties = pd.DataFrame(
        {
            "county": pd.Series(names, dtype=object),
            "listed": [int(of["listed"].sum()[name]) for name in names],
            "plans": [int(of["planned"].sum()[name]) for name in names],
            "notes": [notes[name] for name in names],
        }
    )
    return tables.put(counties=counties), []


def _senders(tables: Tables, plan: Plan) -> Iterator[tuple[str, list[str], dict]]:
    """Each sender, the codes that it uploaded, and whose finding it is."""
    schools = tables["schools"]
    listed = schools[schools["listed"] & ~schools["national"]]
    for county in sorted(set(listed["list_county"]) - {""}, key=plan.county_order):
        codes = sorted(listed.loc[listed["list_county"] == county, "code"])
        yield county, codes, {"county": county}
    for row in schools[schools["national"] & schools["planned"]].to_dict("records"):
        yield row["name"], [row["code"]], {"school": (row["code"], row["level"])}


def _received(register: pd.DataFrame, as_of: date) -> dict[str, dict]:
    """The first letter of each sender that had come by the as-of date."""
    rows = [row for row in register.to_dict("records") if row["received_on"] and row["received_on"] <= as_of]
    first: dict[str, dict] = {}
    for row in sorted(rows, key=lambda row: (row["received_on"], row["place"].row)):
        first.setdefault(county_key(row["sender"]), row)
    return first


def _judged(sender: str, codes: list[str], row: dict | None, tables: Tables, plan: Plan):
    due = roc.short(plan.calendar.letter_due)
    if row is None:
        yield catalogue.S5_LETTER_MISSING, _at(None, tables, ""), {"due": due, "read": ""}
        return
    if row["received_on"] > plan.calendar.letter_due:
        facts = {"read": roc.short(row["received_on"]), "due": due}
        yield catalogue.S5_LETTER_LATE, row["place"].at("received_on"), facts
    if difference := _difference(codes, sorted(CODE.findall(row["codes"]))):
        facts = {
            "read": row["codes"],
            "difference": difference,
            "due": roc.short(plan.record.letter_corrected_by),
        }
        yield catalogue.S5_LETTER_DIFFERS, row["place"].at("codes"), facts


def _difference(uploaded: list[str], in_letter: list[str]) -> str:
    more, less = Counter(in_letter) - Counter(uploaded), Counter(uploaded) - Counter(in_letter)
    words = [f"公文多列 {'、'.join(sorted(more))}"] if more else []
    words += [f"公文少列 {'、'.join(sorted(less))}"] if less else []
    return "；".join(words)


def _uncorrected(found, row: dict | None, plan: Plan, as_of: date) -> bool:
    """Whether what had to be put right was not, by the day that the ministry set."""
    due = plan.record.letter_corrected_by
    to_correct = any(kind is not catalogue.S5_LETTER_LATE for kind, _, _ in found)
    corrected = row["corrected_on"] if row else None
    return to_correct and as_of > due and not (corrected and corrected <= due)


def _at(row: dict | None, tables: Tables, column: str) -> At:
    """A cell of the letter's row; without a letter, the register itself."""
    if row:
        return row["place"].at(column)
    files = tables["files"]
    own = files.loc[files["form"] == "letters_received", "file"]
    return At(own.iloc[0] if len(own) else "")


def _finding(kind: Kind, at: At, facts: dict, whose: dict) -> Finding:
    return Finding(kind, at, facts, **whose)
