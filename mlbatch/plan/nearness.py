"""How near two counties are (鄰近): steps from neighbour to neighbour, from `neighbours.toml` (附件3.四2, K2)."""

from __future__ import annotations

import tomllib
from collections import deque
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def far() -> int:
    """The steps to and from what lies on an outlying island: more than between any two counties by land."""
    return _table()["far"]


@cache
def steps(one: str, other: str) -> int:
    """How many borders lie between two counties; 0 within one, `far` where no way leads by land."""
    if one == other:
        return 0
    reached, ahead = {one: 0}, deque([one])
    while ahead:
        county = ahead.popleft()
        for beyond in _neighbours().get(county, ()):
            if beyond not in reached:
                reached[beyond] = reached[county] + 1
                ahead.append(beyond)
    return reached.get(other, far())


@cache
def _neighbours() -> Mapping[str, tuple[str, ...]]:
    """Each county's neighbours, both ways, in the order of their names."""
    found: dict[str, set[str]] = {}
    for county, beside in _table()["neighbours"].items():
        for other in beside:
            found.setdefault(county, set()).add(other)
            found.setdefault(other, set()).add(county)
    return {county: tuple(sorted(beside)) for county, beside in found.items()}


@cache
def _table() -> Mapping:
    return tomllib.loads(files("mlbatch.plan").joinpath("neighbours.toml").read_text("utf-8"))
