"""民國 dates."""

from datetime import date, datetime

import pytest

from mlbatch import roc

DAY = date(2018, 1, 19)


def test_as_officials_write_them():
    assert roc.long(DAY) == "民國107年1月19日"
    assert roc.short(DAY) == "107.01.19"
    assert roc.minute(datetime(2017, 9, 29, 12)) == "106.09.29 12:00:00"


def test_the_first_year_is_1912():
    assert roc.year(date(1912, 1, 1)) == 1
    assert roc.from_parts(107, 1, 19) == DAY


def test_a_day_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="day"):
        roc.from_parts(107, 2, 29)
