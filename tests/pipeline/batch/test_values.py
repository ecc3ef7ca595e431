from __future__ import annotations

import datetime as dt

import pytest

from pipeline.batch.values import cell_text, label_text, parse_date

WHEN = dt.datetime(2025, 8, 17)  # noqa: DTZ001


@pytest.mark.parametrize(
    "value",
    [
        "2025-08-17",
        "17/08/2025",
        "17-8-2025",
        "17 Agustus 2025",
        "17 Agt 2025 00:00",
        "17 Agust 2025",
        "2025/08/17",
        "2025/8/17 00:00:00",
        "2025-8-17",
        "Minggu, 17 Agustus 2025",
        "minggu 17/08/2025 00.00 WIB",
        "Sun, 17 Aug 2025 00:00:00",
        "45886",
        "45886.0",
        45886,
        45886.0,
        WHEN,
        WHEN.date(),
    ],
)
def test_dates_are_read_in_every_way_exports_write_them(value: object) -> None:
    assert parse_date(value) == WHEN


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("17/08/2025 8:15 PM", "20:15"),
        ("17/08/2025 08.15.30 a.m.", "08:15:30"),
        ("17/08/2025 12:05 AM", "00:05"),
        ("17-08-2025 12:05:00pm", "12:05"),
        ("17/08/2025 13:15 AM", "13:15"),
        ("17/08/2025 20:15 PM", "20:15"),
        ("17/08/2025 00:15 AM", "00:15"),
        ("17 Agustus 2025, pukul 20.15 WIB", "20:15"),
        ("17/08/2025 pk. 08.15", "08:15"),
        ("17 Agustus 2025 - 08:15", "08:15"),
        ("17/08/25 08:15 (WIB)", "08:15"),
        ("17.08.25 08.15", "08:15"),
        ("17.8.25, pukul 08.15.30 WIB", "08:15:30"),
        ("Minggu, 17.08.25", "00:00"),
        ("17\xa0Agt\xa02025\xa008:15", "08:15"),
        ("17/08/2025 20:15:07.123", "20:15:07.123"),
        ("17/08/2025 08:15:00+07:00", "08:15+07:00"),
        ("17/08/2025 08:15:00 +0700", "08:15+07:00"),
        ("17-08-2025T08:15:00Z", "08:15+00:00"),
        ("2025-08-17T08:15:30.123456+07", "08:15:30.123456+07:00"),
        ("2025-08-17 08.15", "08:15"),
        ("2025-08-17 08:15:00 WITA", "08:15"),
        ("20250817T081500Z", "08:15+00:00"),
        ("20250817", "00:00"),
        ("2025-08-17 08:15:00 UTC", "08:15+00:00"),
        ("17/08/2025 08:15 GMT+7", "08:15+07:00"),
        ("Minggu, 17 Agustus 2025 pukul 08.15 WIB", "08:15"),
        ("45886.25", "06:00"),
        (45886.25, "06:00"),
        (1755418500, "08:15+00:00"),
        (1755418500000, "08:15+00:00"),
        (1755418500250.0, "08:15:00.250+00:00"),
        ("1755418500", "08:15+00:00"),
        ("1755418500000", "08:15+00:00"),
        ("17/08/2025 sore", "00:00"),
        ("17/08/2025 8:15 XM", "00:00"),
        ("2025-08-17 25:70", "00:00"),
        # Trying every way to divide the blanks would take days.
        (f"17/08/2025{' ' * 20_000}8:15{' ' * 20_000}AM", "08:15"),
        (f"17/08/2025 8:15{' ' * 20_000}XM", "00:00"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_the_time_after_a_date_is_read_to_its_end_or_the_day_alone_is_left(value: object, time: str) -> None:
    assert parse_date(value) == dt.datetime.fromisoformat(f"2025-08-17T{time}")


def test_a_day_between_dots_with_a_short_year_is_read_where_it_can_be_no_time() -> None:
    assert parse_date("31.12.25") == dt.datetime(2025, 12, 31)  # noqa: DTZ001
    assert parse_date("31.12.2025") == dt.datetime(2025, 12, 31)  # noqa: DTZ001


@pytest.mark.parametrize(
    "value",
    [
        "besok",
        "32/01/2025",
        "17 Foo 2025",
        "12",
        "1/2/20255",
        "1/2/255",
        "2025-02-30",
        "08.10.30",
        "23.12.25",
        "08.10.30 WIB",
        "17-08-25-0001",
        "1736042400000000",
        "173604240",
        "2025/17/08",
        "Mingguan 17/08/2025",
        "90000",
        "2025000123",
        "12/32/2025",
    ],
)
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"31/12/2025$"):
        parse_date(value)


@pytest.mark.parametrize("value", ["01/13/2025", "12-31-25 08.15"])
def test_of_a_date_with_the_month_first_it_is_told_how_others_beside_it_were_read(value: object) -> None:
    with pytest.raises(ValueError, match="month first: then 03/04/2025 beside it was read as 3 April"):
        parse_date(value)


@pytest.mark.parametrize(
    "value",
    ["", " ", "-", "--", "NULL", "None", "nan", "NaT", "0000-00-00", "0000-00-00 00:00:00", "01/01/0001 00:00:00",
     "0001-01-01T00:00:00+07:00", dt.datetime(1, 1, 1, tzinfo=dt.UTC), dt.date(1, 1, 1)],
)  # fmt: skip
def test_what_systems_write_where_there_is_no_date_is_none(value: object) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize(
    "value",
    [None, "", "-", " -- ", "—", "N/A", "#N/A", "n/a", "NULL", "None", "nan", float("nan"), "Tidak ada", "BELUM  ADA",
     "kosong", "nihil"],
)  # fmt: skip
def test_what_systems_and_people_write_where_there_is_no_label_is_none(value: object) -> None:
    assert label_text(value) == ""


@pytest.mark.parametrize("label", ["Dinas Perhubungan", "N-A", "Kantor Kosong", "7", "tidak dikenal"])
def test_any_other_label_stays_as_it_is(label: str) -> None:
    assert label_text(f" {label} ") == label


def test_cells_become_text_as_people_see_them() -> None:
    assert [cell_text(v) for v in (12.0, 1.5, None, float("nan"), "  a ", 3)] == ["12", "1.5", "", "", "a", "3"]
