"""Who scores which school (分派審查委員): no conflict of interest, an even load (肆.五(一), R2).

The assignment follows from the schools and the reviewers alone, never from scores, so that it
stays the same while scores come in.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from operator import add

import pandas as pd

from mlbatch import catalogue
from mlbatch.finding import At, Finding, Place
from mlbatch.plan import Plan
from mlbatch.rules.rule import Outcome
from mlbatch.tables import KEY, Tables, under_review

Key = tuple[str, str]  # (code, level)

SAME_COUNTY, OWN_SCHOOL = "同縣市", "同校"
LONG_NAMES = {"國民小學": "國小", "國民中學": "國中", "台": "臺"}


def assign(tables: Tables, plan: Plan, as_of: date) -> Outcome:
    """R2: tables `assignments` and `conflicts`, for the schools with verdict 受理.

    Every school gets `review.reviewers` reviewers, none in conflict; if there are not so many, all
    that there are, and a finding. Loads are as even as conflicts allow, in each call by itself: what was
    assigned in the first call stays as it was when schools of the second come (肆.五※).
    """
    schools = tables["schools"]
    schools = schools[under_review(schools)]
    conflicts = _conflicts(schools, tables["reviewers"])
    may = _may_score(schools, tables["reviewers"], conflicts)
    shares = _by_call(may, schools, plan)
    rows = [(*key, reviewer, False) for key, chosen in shares.items() for reviewer in chosen]
    assignments = pd.DataFrame(rows, columns=[*KEY, "reviewer", "extra"]).astype({"extra": bool})
    findings = [*_twice(tables["reviewers"]), *_too_few(schools, shares, plan)]
    return tables.put(assignments=assignments, conflicts=conflicts), findings


def _by_call(may: Mapping[Key, list[str]], schools: pd.DataFrame, plan: Plan) -> dict[Key, list[str]]:
    call = dict(zip(zip(schools["code"], schools["level"], strict=True), schools["call"], strict=True))
    shares: dict[Key, list[str]] = {}
    for number in sorted(set(call.values())):
        own = {key: ones for key, ones in may.items() if call[key] == number}
        shares |= share_out(own, plan.review.reviewers)
    return {key: shares[key] for key in may}


# Conflicts of interest ---------------------------------------------------------------------------


def _conflicts(schools: pd.DataFrame, reviewers: pd.DataFrame) -> pd.DataFrame:
    """One row a reviewer and school of the reviewer's own county or institution."""
    names, counties = ([_key(text) for text in schools[column]] for column in ("name", "county"))
    keys = list(zip(schools["code"], schools["level"], strict=True))
    people = reviewers.sort_values(["reviewer", "institution", "county"])
    neighbours, namesakes = _numbered(counties), _numbered(names)
    rows: dict[tuple[str, str, str], str] = {}
    for reviewer, institution, county in people[["reviewer", "institution", "county"]].itertuples(
        index=False
    ):
        own, home = _key(institution), _key(county)
        same = dict.fromkeys(neighbours.get(home, ()) if home else (), SAME_COUNTY)
        attached = (number for name in _attached(namesakes, own) for number in namesakes[name])
        for number, why in sorted((dict.fromkeys(attached, OWN_SCHOOL) | same).items()):
            rows.setdefault((*keys[number], reviewer), why)
    return pd.DataFrame([(*pair, why) for pair, why in rows.items()], columns=[*KEY, "reviewer", "why"])


def _numbered(words: Sequence[str]) -> dict[str, list[int]]:
    """Word → its places in the sequence."""
    found: dict[str, list[int]] = {}
    for number, word in enumerate(words):
        found.setdefault(word, []).append(number)
    return found


def _attached(schools: Iterable[str], institution: str) -> list[str]:
    """The schools that the institution is, or that are attached to the university that it is."""
    if not institution:
        return []
    return [name for name in schools if name and (name in institution or name.startswith(institution))]


def _key(words: str) -> str:
    """Words as they are matched: without width, spaces, 台 or 臺, and long names of school levels."""
    found = "".join(unicodedata.normalize("NFKC", words).split())
    for long, short in LONG_NAMES.items():
        found = found.replace(long, short)
    return found


def _may_score(
    schools: pd.DataFrame, reviewers: pd.DataFrame, conflicts: pd.DataFrame
) -> dict[Key, list[str]]:
    """The reviewers who may score each school, in their order; schools in order of code and level."""
    panel = sorted(set(reviewers["reviewer"]) - {""})
    barred: dict[Key, set[str]] = {}
    for code, level, reviewer in conflicts[[*KEY, "reviewer"]].itertuples(index=False):
        barred.setdefault((code, level), set()).add(reviewer)
    keys = sorted(zip(schools["code"], schools["level"], strict=True))
    return {key: [one for one in panel if one not in barred[key]] if key in barred else panel for key in keys}


# Even loads --------------------------------------------------------------------------------------


def share_out(may: Mapping[Key, Sequence[str]], each: int) -> dict[Key, list[str]]:
    """Choose `each` reviewers of those that each school may have; all, where there are fewer.

    The load (schools a reviewer) is the most even that there is: first the hardest school takes
    the least loaded, preferring pairs that seldom met, then schools move along chains of reviewers
    as long as that evens anything out. Below, schools and reviewers are numbers, and a set of
    reviewers is the bits of a number.
    """
    panel = sorted({one for ones in may.values() for one in ones})
    bit = {one: 1 << number for number, one in enumerate(panel)}
    bits_of = cache(lambda ones: sum(bit[one] for one in ones))  # most schools may have the same ones
    allowed = [bits_of(tuple(ones)) for ones in may.values()]
    chosen = _first_choice(allowed, each, len(panel))
    _even_out(allowed, chosen, len(panel))
    return {key: [panel[i] for i in _bits(bits)] for key, bits in zip(may, chosen, strict=True)}


def _bits(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def _first_choice(allowed: Sequence[int], each: int, panel: int) -> list[int]:
    """The hardest school first: each takes the least loaded, then the least often met, then the first."""
    by_load, lowest = [(1 << panel) - 1], 0  # for each load, who has it; the lowest that anybody has
    met = [[0] * panel for _ in range(panel)]
    chosen = [0] * len(allowed)
    for school in sorted(range(len(allowed)), key=lambda school: allowed[school].bit_count()):
        team: list[int] = []
        worn = [0] * panel  # how often each met those of the team
        for _ in range(min(each, allowed[school].bit_count())):
            free = allowed[school] & ~chosen[school]
            while not by_load[lowest]:  # nobody has so few any more
                lowest += 1
            load = next(n for n in range(lowest, len(by_load)) if by_load[n] & free)
            least = by_load[load] & free
            one = min(_bits(least), key=worn.__getitem__)  # the first of equals, as bits come in order
            worn = list(map(add, worn, met[one]))
            for other in team:
                met[one][other] = met[other][one] = met[one][other] + 1
            team.append(one)
            _loaded(by_load, load, 1 << one)
            chosen[school] |= 1 << one
    return chosen


def _loaded(by_load: list[int], load: int, one: int) -> None:
    """Let a reviewer of `load` have one school more."""
    by_load[load] ^= one
    if load + 1 == len(by_load):
        by_load.append(0)
    by_load[load + 1] |= one


def _even_out(allowed: Sequence[int], chosen: list[int], panel: int) -> None:
    """Move schools, in place, until no chain of moves takes from a fuller to an emptier reviewer.

    Then the sum of the squares of the loads is least, and so the highest load is least and the
    lowest highest. The fullest gives first: what it cannot give, no later move makes possible.
    """
    load = Counter(one for bits in chosen for one in _bits(bits))
    givers = set(range(panel))
    while givers:
        source = max(givers, key=lambda r: (load[r], -r))
        takers = sum(1 << r for r in range(panel) if load[r] <= load[source] - 2)
        chain = _chain(allowed, chosen, source, takers)
        if not chain:
            givers.remove(source)
            continue
        for school, giver, taker in chain:
            chosen[school] ^= 1 << giver | 1 << taker
        load.subtract([source])
        load.update([chain[0][2]])


def _chain(
    allowed: Sequence[int], chosen: Sequence[int], source: int, takers: int
) -> list[tuple[int, int, int]]:
    """The shortest chain of moves (school, giver, taker) from `source` to one of `takers`, last first."""
    came: dict[int, tuple[int, int]] = {}
    seen, queue = 1 << source, [source] if takers else []
    for giver in queue:  # grows while it is walked
        for school, team in enumerate(chosen):
            if not team >> giver & 1:
                continue
            for taker in _bits(allowed[school] & ~team & ~seen):
                seen |= 1 << taker
                came[taker] = (school, giver)
                queue.append(taker)
                if takers >> taker & 1:
                    return _back(came, taker, source)
    return []


def _back(came: Mapping[int, tuple[int, int]], taker: int, source: int) -> list[tuple[int, int, int]]:
    chain = []
    while taker != source:
        school, giver = came[taker]
        chain.append((school, giver, taker))
        taker = giver
    return chain


# Findings ----------------------------------------------------------------------------------------


def _twice(reviewers: pd.DataFrame) -> list[Finding]:
    """R2-reviewer-twice: one number for two people; both keep out of what either must keep out of."""
    again = reviewers[reviewers["reviewer"].duplicated() & (reviewers["reviewer"] != "")]
    return [
        Finding(catalogue.R2_REVIEWER_TWICE, place.at("reviewer"), {"read": reviewer})
        for reviewer, place in zip(again["reviewer"], again["place"], strict=True)
    ]


def _too_few(schools: pd.DataFrame, shares: Mapping[Key, Sequence[str]], plan: Plan) -> list[Finding]:
    found, wanted = [], plan.review.reviewers
    columns = [*KEY, "name", "list_place", "plan_place"]
    for code, level, name, *places in schools[columns].itertuples(index=False):
        if (have := len(shares[code, level])) < wanted:
            facts = {"name": name, "wanted": wanted, "read": have}
            at = next((place.at("code") for place in places if isinstance(place, Place)), At())
            found.append(Finding(catalogue.R2_TOO_FEW_REVIEWERS, at, facts, (code, level)))
    return found
