from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.region import Region
from serve.store.deadlines import WorkingCalendar

WIB = WorkingCalendar()


def _at(day: str, hour: int = 10) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), WIB.zone)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-03-02", 1, "2026-03-03"),
        ("2026-03-06", 1, "2026-03-09"),  # over a weekend
        ("2026-04-30", 1, "2026-05-04"),  # over Labour Day and a weekend
        ("2026-08-14", 2, "2026-08-19"),  # over Independence Day
        ("2025-08-15", 1, "2025-08-19"),  # over Independence Day on a Sunday and the collective leave after it
        ("2026-03-07", 1, "2026-03-09"),  # received on a Saturday
    ],
)
def test_deadlines_skip_weekends_and_holidays_and_collective_leave(received: str, days: int, due: str) -> None:
    assert WIB.due(_at(received), days) == _at(due, 16)


def test_the_day_is_the_regions_day() -> None:
    late_on_monday_in_utc = dt.datetime(2026, 3, 2, 20, 0, tzinfo=dt.UTC)  # Tuesday, 3 o'clock in Bekasi
    assert WIB.due(late_on_monday_in_utc, 1) == _at("2026-03-04", 16)
    assert WorkingCalendar("Asia/Jayapura").due(_at("2026-03-02"), 1) == dt.datetime(2026, 3, 3, 7, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "left"), [("2026-03-02", 5), ("2026-03-07", 1), ("2026-03-09", 0), ("2026-03-10", -1), ("2026-03-16", -5)]
)
def test_working_days_left_are_counted_down_and_below_zero(now: str, left: int) -> None:
    assert WIB.days_left(_at("2026-03-09", 16), _at(now)) == left


@given(st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31)), st.integers(1, 60))
def test_as_many_days_are_left_of_a_term_as_it_has(received: dt.date, days: int) -> None:
    now = dt.datetime.combine(received, dt.time(10), WIB.zone)
    assert WIB.days_left(WIB.due(now, days), now) == days


def test_an_hour_too_late_is_a_day_too_late() -> None:
    assert WIB.days_left(_at("2026-03-09", 16), _at("2026-03-09", 17)) == -1


@pytest.mark.parametrize(
    ("code", "zone"),
    [("32.16", "Asia/Jakarta"), ("61.01", "Asia/Jakarta"), ("73.71", "Asia/Makassar"), ("93.01", "Asia/Jayapura")],
)
def test_a_regions_offices_go_by_the_clock_of_its_province_unless_another_is_set(
    bekasi: Region, code: str, zone: str
) -> None:
    region = dataclasses.replace(bekasi, code=code)
    assert WorkingCalendar.of(region).zone.key == zone
    assert WorkingCalendar.of(region, "Asia/Pontianak").zone.key == "Asia/Pontianak"


def test_the_moment_that_a_deadline_ends_at_is_not_late() -> None:
    due = _at("2026-03-09", 16)
    assert (WIB.days_left(due, due), WIB.days_left(due, due + dt.timedelta(seconds=1))) == (0, -1)
