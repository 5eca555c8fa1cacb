"""The ministry's directory of schools (學校名錄), and how names are matched against it (肆.一).

The key of a school is (code, level): a name is never a key, since counties share names.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

import pandas as pd

Key = tuple[str, str]  # (code, level)

BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
NATIONAL = "國立"
ALIKE = 0.8  # one character of five or six may differ
COLUMNS = ["code", "level", "name", "county", "owner", "township", "classes_in_grades"]


@lru_cache(maxsize=16_384)
def name_key(name: str) -> str:
    """The key by which names of schools and counties are matched: no width, no spaces; 台 is 臺."""
    return BLANKS.sub("", unicodedata.normalize("NFKC", name)).replace("台", "臺").casefold()


@dataclass(frozen=True, slots=True)
class Known:
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
        for *texts, classes in table.sort_values("place", key=_rows)[COLUMNS].itertuples(index=False):
            school = Known(*texts, None if pd.isna(classes) else int(classes))
            if self._by_key.setdefault(school.key, school) is school:
                self._by_code[school.code].append(school)
                self._by_county[school.county].append(school)

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
        """The school of the county that was probably meant: by name, by a name like it, by a code like it."""
        schools = self._by_county.get(county, ())
        names, codes = {name_key(s.name) for s in schools}, {s.code for s in schools}
        like_name = get_close_matches(name_key(name), sorted(names), 1, ALIKE)
        like_code = get_close_matches(code, sorted(codes), 1, ALIKE)
        meant = [s for s in schools if name_key(s.name) in like_name]
        meant = meant or [s for s in schools if s.code in like_code]
        return min(meant, key=lambda s: (s.level != level, s.key), default=None)


def _rows(places: pd.Series) -> pd.Series:
    return places.map(lambda place: place.row)
