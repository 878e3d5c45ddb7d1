"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from kedang.standards import check

DAY = date(2019, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        *("2019-03-05", "2019-3-5", "2019/03/05", "2019/3/5", "2019.3.5", "20190305", "20190305.0", "2019年3月5日"),
        *("2019年03月05日", "2019 年 3 月 5 日", "2019年3月5号", "2019年3月5", "２０１９－３－５", "43529", "43529.0"),
        *("43529.75", "2019-03-05 00:00:00", "2019/3/5 0:00", "2019-03-05T10:11:12.000Z", "2019-03-05T10:11:12+08:00"),
        *("2019年3月5日 10时5分", "2019/3/5 下午3:04", "20190305101112", "二〇一九年三月五日", "二零一九年三月五日"),
    ],
)
def test_one_day_in_many_writings(text: str) -> None:
    read = check("date", text)
    assert (read.value, read.findings) == (DAY, ())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇一九年十月十日", date(2019, 10, 10)),
        ("二〇一九年十二月二十日", date(2019, 12, 20)),
        ("一九九八年十一月三十一日", None),
        ("二〇〇〇年一月三十一日", date(2000, 1, 31)),
        ("二〇一九年三月十五日", date(2019, 3, 15)),
    ],
)
def test_chinese_numerals(text: str, day: date | None) -> None:
    assert check("date", text).value == day


@given(
    st.dates(date(1800, 1, 1), date(2199, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日"])
)
def test_every_day_reads_as_itself(day: date, form: str) -> None:
    read = check("date", day.strftime(form))
    assert (read.value, read.findings) == (day, ())


def test_a_year_of_two_digits_lies_in_the_past() -> None:
    with freeze_time("2026-03-02T09:00:00+08:00"):
        assert check("date", "19-3-5").value == DAY
        assert check("date", "27-3-5").value == date(1927, 3, 5)
        assert check("date", "26.3.5").value == date(2026, 3, 5)
        assert check("date", "19-3-5").rule == "date.two_digit_year"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2019-02-30", "date.no_such_day"),
        ("2019-13-01", "date.no_such_day"),
        ("20190230", "date.no_such_day"),
        ("03/05/2019", "date.order"),
        ("2019-03", "date.partial"),
        ("2019年", "date.partial"),
        ("2019", "date.partial"),
        ("2019-3/5", "date.shape"),
        ("1234567", "date.shape"),
        ("99999", "date.shape"),
        ("长期", "date.shape"),
    ],
)
def test_what_names_no_day(text: str, rule: str) -> None:
    read = check("date", text)
    assert (read.value, read.rule, read.severity) == (None, rule, "error")


def test_a_western_order_is_read_where_only_one_is_possible() -> None:
    read = check("date", "25/03/2019")
    assert (read.value, read.rule) == (date(2019, 3, 25), "date.year_last")
    assert check("date", "5/5/2019").value == date(2019, 5, 5)


def test_a_strange_year_is_kept_with_a_warning() -> None:
    assert [check("date", text).rule for text in ("1799-12-31", "2200-01-01", "0219-03-05")] == ["date.range"] * 3
    assert check("date", "0219-03-05").value == date(219, 3, 5)
