"""What cells mean, as people in Taiwan type them."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlbatch.forms import cells, days

UNDERSTOOD, NOT = True, False


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("　示範國小 \u200b", "示範國小"),
        ("\xa0示範 國小\ufeff", "示範 國小"),
        ("台北市", "台北市"),  # names keep the characters they came with
        ("ＡＢＣ", "ＡＢＣ"),
        (12.0, "12"),
        (12.5, "12.5"),
        (7, "7"),
        (True, "TRUE"),
        (datetime(2017, 9, 29), "2017-09-29"),
        (None, ""),
        ("NA", "NA"),
    ],
)
def test_text(raw, value):
    assert cells.text(raw) == value


@pytest.mark.parametrize("other", ["台北市", "臺北市", "臺 北市", " 臺北　市", "臺\u200b北市"])
def test_keys_do_not_see_width_spaces_and_tai(other):
    assert cells.key(other) == cells.key("臺北市")


def test_keys_do_not_see_full_width_and_case():
    assert cells.key("（ＡＢ）１") == cells.key("(ab)1")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("3", 3),
        ("３", 3),
        (3.0, 3),
        ("3.0", 3),
        (" 3　", 3),
        ("3班", 3),
        ("3 班", 3),
        ("-3", -3),
        ("120,000", 120_000),
        ("１２０，０００元", 120_000),
        ("NT$ 120,000", 120_000),
        ("新臺幣120,000元整", 120_000),
        ("12萬", 120_000),
        ("1.5萬", 15_000),
        ("1,234萬元", 12_340_000),
        (0, 0),
    ],
)
def test_whole_numbers(raw, value):
    assert cells.whole(raw) == (value, UNDERSTOOD)


@pytest.mark.parametrize(
    "raw",
    ["1_000", "٣", "NaN", "nan", "inf", "2.5", "1,20", "12,0000", "1e5", "0x10", "5²", "①", "幾班", "一萬二", "二三", "1.234", "○", "3至4", "約3",
     "1.55555萬", "9" * 30, 2.5, float("nan"), float("inf"), 1e300, True, datetime(2017, 3, 4), time(1)],
)  # fmt: skip
def test_what_is_no_whole_number(raw):
    assert cells.whole(raw) == (None, NOT)


@pytest.mark.parametrize("raw", ["", "　", "\u200b", None])
def test_blanks_are_understood(raw):
    assert cells.whole(raw) == (None, UNDERSTOOD)
    assert cells.code(raw) == ("", UNDERSTOOD)
    assert cells.yes_no(raw) == (None, UNDERSTOOD)
    assert cells.choice(raw, {"國小": "國小"}) == ("", UNDERSTOOD)
    assert cells.email(raw) == ("", UNDERSTOOD)
    assert days.day(raw) == (None, UNDERSTOOD)


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_every_whole_number_comes_back(number):
    assert (
        cells.whole(f"{number:,}") == cells.whole(str(number)) == cells.whole(number) == (number, UNDERSTOOD)
    )


@pytest.mark.parametrize(
    ("raw", "value", "lost"),
    [
        ("019901", "019901", False),
        ("０１９９０１", "019901", False),
        (" 019 901", "019901", False),
        (199901.0, "199901", False),
        (19901, "019901", True),
        (19901.0, "019901", True),
        ("19901", "019901", True),
        ("019901A1", "019901A1", False),
        ("019901a1", "019901A1", False),
        ("19901A1", "019901A1", True),
    ],
)
def test_codes(raw, value, lost):
    assert cells.code(raw) == (value, UNDERSTOOD)
    assert cells.lost_zero(raw, value) is lost


@pytest.mark.parametrize("raw", ["1990", "0199010", "示範國小", "01990A", 19901.5, "٠١٩٩٠١", "019901-1"])
def test_what_is_no_code(raw):
    assert cells.code(raw) == ("", NOT)


@pytest.mark.parametrize(
    "raw", ["是", "有", "✓", "✔", "V", "v", "Ｖ", "○", "Y", "yes", "TRUE", "1", 1, 1.0, True, " 是 "]
)
def test_yes(raw):
    assert cells.yes_no(raw) == (True, UNDERSTOOD)


@pytest.mark.parametrize("raw", ["否", "無", "✗", "x", "X", "N", "no", "FALSE", "0", 0, 0.0, False])
def test_no(raw):
    assert cells.yes_no(raw) == (False, UNDERSTOOD)


@pytest.mark.parametrize("raw", ["?", "也許", 2, "是否"])
def test_neither_yes_nor_no(raw):
    assert cells.yes_no(raw) == (None, NOT)


@pytest.mark.parametrize(
    ("raw", "value"), [("臺北市", "臺北市"), ("台北市", "臺北市"), ("臺 北　市", "臺北市")]
)
def test_choices(raw, value):
    assert cells.choice(raw, {"臺北市": "臺北市"}) == (value, UNDERSTOOD)


@pytest.mark.parametrize("raw", ["臺北", "台北市政府", 3])
def test_what_is_no_choice(raw):
    assert cells.choice(raw, {"臺北市": "臺北市"}) == ("", NOT)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("officer@example.edu.tw", "officer@example.edu.tw"), (" ａ＠example.tw", "a@example.tw")],
)
def test_addresses(raw, value):
    assert cells.email(raw) == (value, UNDERSTOOD)


@pytest.mark.parametrize("raw", ["officer", "officer@", "officer@example", "a b@example.tw", "a@b.tw,c@d.tw"])
def test_what_is_no_address(raw):
    assert cells.email(raw) == ("", NOT)


@pytest.mark.parametrize(
    "raw",
    ["106/09/29", "106.9.29", "106-9-29", "民國106年9月29日", "中華民國 106 年 9 月 29 日", "１０６．０９．２９", "1060929",
     1060929, 1060929.0, "2017-09-29", "2017/9/29", "20170929", 43007, 43007.0, "43007", "106.09.29(五)",
     "106年9月29日 星期五", date(2017, 9, 29), datetime(2017, 9, 29), datetime(2017, 9, 29, 8, 30), "106.9.29 08:30"],
)  # fmt: skip
def test_days(raw):
    assert days.day(raw) == (date(2017, 9, 29), UNDERSTOOD)


@pytest.mark.parametrize(
    "raw",
    ["106.02.29", "106/13/1", "17/9/29", "1/2/107", "106111", "九月", "106.9", "106 9 29", "1017-09-29", "3017-09-29", 5, -5,
     43007123456.0, True, time(12), "106.9.29.30", "106.9.29 之後", "٢٠١٧-٠٩-٢٩"],
)  # fmt: skip
def test_what_is_no_day(raw):
    assert days.day(raw) == (None, NOT)


@pytest.mark.parametrize(
    ("raw", "clock"),
    [
        ("106.09.29", (0, 0, 0)),
        ("106.09.29 12:00:00", (12, 0, 0)),
        ("106.09.29 11:58", (11, 58, 0)),
        ("106年9月29日 上午11時58分3秒", (11, 58, 3)),
        ("106年9月29日（星期五）下午3時5分", (15, 5, 0)),
        ("2017/9/29 上午 11:58:32", (11, 58, 32)),
        ("2017/9/29 下午 12:00:01", (12, 0, 1)),
        ("2017/9/29 上午 12:30:00", (0, 30, 0)),
        ("2017/9/29 11:58:32 AM", (11, 58, 32)),
        ("2017-09-29T11:58:03+08:00", (11, 58, 3)),
        (43007.5, (12, 0, 0)),
        (43007.50001157407, (12, 0, 1)),
        (datetime(2017, 9, 29, 11, 59, 59, 999_900), (12, 0, 0)),  # a serial's last digits
        (datetime(2017, 9, 29, 12, 0, 0, 900_000), (12, 0, 0)),  # that second included
    ],
)
def test_moments(raw, clock):
    assert days.moment(raw) == (datetime(2017, 9, 29, *clock), UNDERSTOOD)


@pytest.mark.parametrize(
    "raw", ["106.09.29 25:00", "106.09.29 12:61", "106.09.29 上午13:00", "2017-09-29T11:58:03Z", "12:00"]
)
def test_what_is_no_moment(raw):
    assert days.moment(raw) == (None, NOT)


@given(st.datetimes(datetime(2010, 1, 1), datetime(2030, 12, 31)).map(lambda m: m.replace(microsecond=0)))
def test_every_moment_comes_back_from_text_and_from_a_serial(moment):
    roc = f"{moment.year - 1911}.{moment.month:02d}.{moment.day:02d} {moment:%H:%M:%S}"
    serial = (moment - days.EPOCH).total_seconds() / 86_400
    assert days.moment(roc) == days.moment(moment.isoformat()) == (moment, UNDERSTOOD)
    assert days.moment(serial) == (moment, UNDERSTOOD)


@given(
    st.text(max_size=30)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.datetimes()
    | st.dates()
    | st.times()
)
def test_no_cell_stops_the_reading(raw):
    for read in (cells.whole, cells.code, cells.yes_no, cells.email, days.day, days.moment):
        assert read(raw)[1] in (True, False)
    assert isinstance(cells.text(raw), str)
