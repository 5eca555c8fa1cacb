"""The ministry's directory of schools (學校名錄), and how names are matched against it (肆.一).

The key of a school is (code, level): a name is never a key, since counties share names.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mlbatch.tables import missing

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str]  # (code, level)

BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
NATIONAL = "國立"
ALIKE = 0.75  # one character of four may differ
FOUNDER = re.compile(
    "^(?:..[縣市](?:立|..?.?[區鄉鎮])?|國立|私立|縣立|市立)+(?=...)"
)  # who runs it, and where
LONG_FORMS = (("國民小學", "國小"), ("國民中學", "國中"), ("高級中等學校", "高中"), ("高級中學", "高中"))
COLUMNS = ["code", "level", "name", "county", "owner", "township", "classes_in_grades"]


@lru_cache(maxsize=16_384)
def name_key(name: str) -> str:
    """The key by which names of schools and counties are matched: no width, no spaces; 台 is 臺."""
    return BLANKS.sub("", unicodedata.normalize("NFKC", name)).replace("台", "臺").casefold()


@lru_cache(maxsize=16_384)
def plain_name(name: str) -> str:
    """The key of a school's name in its short form: 新北市立板橋國民小學 is 板橋國小, as 市立板橋國小 is."""
    short = name_key(name)
    for long, brief in LONG_FORMS:
        short = short.replace(long, brief)
    return FOUNDER.sub("", short)


class Known(NamedTuple):
    """One school and level of the directory; `classes` is None where the directory has no number."""

    code: str
    level: str
    name: str
    county: str
    owner: str
    township: str
    classes: int | None

    @property
    def key(self) -> Key:
        """The school's key."""
        return self.code, self.level

    @property
    def national(self) -> bool:
        """Whether it belongs to the state and to no county."""
        return self.owner == NATIONAL


class Directory:
    """The directory's schools by key, code and name. Of rows with one key the first one counts."""

    def __init__(self, table: pd.DataFrame) -> None:
        """`table` is the register `directory`, its rows in any order."""
        self._by_key: dict[Key, Known] = {}
        self._by_code: dict[str, list[Known]] = defaultdict(list)
        self._by_county: dict[str, list[Known]] = defaultdict(list)
        for *texts, classes in table.sort_values("place", key=_rows, kind="stable")[COLUMNS].itertuples(
            index=False
        ):
            school = Known(*texts, None if missing(classes) else int(classes))
            if self._by_key.setdefault(school.key, school) is school:
                self._by_code[school.code].append(school)
                self._by_county[school.county].append(school)

    @classmethod
    def of(cls, table: pd.DataFrame) -> Directory:
        """The directory of a table, which several rules ask in turn: made once."""
        if _last.get("table") is not table:
            _last.update(table=table, directory=cls(table))
        return _last["directory"]

    def find(self, key: Key) -> Known | None:
        """The school with that key."""
        return self._by_key.get(key)

    def coded(self, code: str) -> Sequence[Known]:
        """The school at each level of that code."""
        return self._by_code.get(code, ())

    def named(self, name: str, county: str, level: str = "") -> list[Known]:
        """The schools of that name in a county, of one level or of any."""
        wanted = name_key(name)
        schools = self._by_county.get(county, ()) if wanted else ()
        return [s for s in schools if name_key(s.name) == wanted and level in ("", s.level)]

    def near(self, name: str, code: str, county: str, level: str) -> Known | None:
        """The one school of the county that was clearly meant: by its name in another form, by a name
        like it, by a code like it; None where two are as near.
        """
        schools = self._by_county.get(county, ())
        by_name = defaultdict(list)
        for school in schools:
            by_name[plain_name(school.name)].append(school)
        meant = by_name[_nearest(plain_name(name), by_name)] or [s for s in schools if _slip(code, s.code)]
        of_level = [school for school in meant if school.level == level] or meant
        return of_level[0] if len({school.key for school in of_level}) == 1 else None


_last: dict[str, object] = {}


def _nearest(words: str, options: Iterable[str]) -> str:
    """The option most like `words`; empty where none is like it, or two are as near."""
    found = get_close_matches(words, sorted(options), 2, ALIKE) if words else []
    likeness = [SequenceMatcher(None, option, words).ratio() for option in found]
    return found[0] if len(found) == 1 or (found and likeness[0] > likeness[1]) else ""


def _slip(code: str, other: str) -> bool:
    """Whether one digit of a code was mistyped, or two neighbours were exchanged."""
    differ = [place for place, (one, two) in enumerate(zip(code, other, strict=False)) if one != two]
    if len(code) != len(other) or len(differ) != 2:
        return len(code) == len(other) and len(differ) == 1
    first, second = differ
    return second == first + 1 and code[first] == other[second] and code[second] == other[first]


def _rows(places: pd.Series) -> pd.Series:
    return places.map(lambda place: place.row)
