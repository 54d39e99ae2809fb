"""HL7 timestamps of every precision."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.formats.cda.hl7time import read_date, read_instant, write_date, write_instant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20210401171000+0100", datetime(2021, 4, 1, 16, 10, tzinfo=UTC)),
        ("20210401171000-0330", datetime(2021, 4, 1, 20, 40, tzinfo=UTC)),
        ("20210401171000.25+0000", datetime(2021, 4, 1, 17, 10, 0, 250_000, tzinfo=UTC)),
        ("202104011710+0100", datetime(2021, 4, 1, 16, 10, tzinfo=UTC)),
        ("2021040117+0100", datetime(2021, 4, 1, 16, tzinfo=UTC)),
        ("20210401171000Z", datetime(2021, 4, 1, 17, 10, tzinfo=UTC)),
        ("20210401171000", datetime(2021, 4, 1, 15, 10, tzinfo=UTC)),  # Paris, summer
        ("20210101171000", datetime(2021, 1, 1, 16, 10, tzinfo=UTC)),  # Paris, winter
        ("20210401", datetime(2021, 3, 31, 22, tzinfo=UTC)),
        ("202104", datetime(2021, 3, 31, 22, tzinfo=UTC)),
        ("2021", datetime(2020, 12, 31, 23, tzinfo=UTC)),
        (" 2021 ", datetime(2020, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_utc(text: str, expected: datetime) -> None:
    found = read_instant(text)
    assert found is not None
    assert found == expected
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    ["", "2021-04-01", "20211301", "20210230", "20210401250000", "21", "٢٠٢١", "20210401+2500",
     "0001", "99991231235959-1200", "20210401171000+01"],
)  # fmt: skip
def test_what_is_no_timestamp_is_none(text: str) -> None:
    assert read_instant(text) is None


@given(st.integers(-1_800_000_000, 4_000_000_000), st.integers(-12, 14))
def test_an_instant_written_is_read_back(seconds: int, zone: int) -> None:
    instant = datetime.fromtimestamp(seconds, timezone(timedelta(hours=zone)))
    assert read_instant(write_instant(instant)) == instant


@given(st.dates(date(1850, 1, 1), date(2100, 1, 1)))
def test_a_date_written_is_read_back(day: date) -> None:
    assert read_date(write_date(day)) == day


@pytest.mark.parametrize("text", ["2021", "202104", "20210230", "x"])
def test_a_date_needs_its_day(text: str) -> None:
    assert read_date(text) is None
