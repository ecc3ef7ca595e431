from __future__ import annotations

import datetime as dt

import pytest

from pipeline.batch.values import cell_text, parse_date

WHEN = dt.datetime(2025, 8, 17)  # noqa: DTZ001


@pytest.mark.parametrize(
    "value",
    [
        "2025-08-17",
        "17/08/2025",
        "17-8-2025",
        "17 Agustus 2025",
        "17 Agt 2025 00:00",
        45886,
        45886.0,
        WHEN,
        WHEN.date(),
    ],
)
def test_dates_are_read_in_every_way_exports_write_them(value: object) -> None:
    assert parse_date(value) == WHEN


@pytest.mark.parametrize(
    ("value", "hour", "minute"),
    [
        ("17/08/2025 8:15 PM", 20, 15),
        ("17/08/2025 08.15.30 a.m.", 8, 15),
        ("17/08/2025 12:05 AM", 0, 5),
        ("17-08-2025 12:05:00pm", 12, 5),
        ("17 Agustus 2025, pukul 20.15 WIB", 20, 15),
        ("17/08/2025 20:15:07.123", 20, 15),
    ],
)
def test_the_time_after_a_date_is_read_with_its_half_of_the_day(value: str, hour: int, minute: int) -> None:
    found = parse_date(value)
    assert found is not None
    assert (found.date(), found.hour, found.minute) == (WHEN.date(), hour, minute)


@pytest.mark.parametrize(
    "value",
    ["besok", "32/01/2025", "17 Foo 2025", "12", "1/2/20255", "17/08/2025 8:15 XM", "17/08/2025 20:15 PM",
     "17/08/2025 sore"],
)  # fmt: skip
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="31/12/2025"):
        parse_date(value)


def test_cells_become_text_as_people_see_them() -> None:
    assert [cell_text(v) for v in (12.0, 1.5, None, float("nan"), "  a ", 3)] == ["12", "1.5", "", "", "a", "3"]
