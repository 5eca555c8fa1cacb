"""What is true of every finding, wherever it comes from."""

from collections.abc import Iterable

from mlbatch.finding import At, Finding


def whole(findings: Iterable[Finding]) -> list[Finding]:
    """The findings; each of them has a place, names a school and a county or none, and can be said in words."""
    found = list(findings)
    for one in found:
        assert isinstance(one.at, At), one
        assert isinstance(one.school, tuple), one
        assert [type(part) for part in one.school] == [str, str], one
        assert type(one.county) is str, one
        assert one.sentence, one
        assert one.remedy, one
        assert "None" not in one.sentence, one
    return found
