from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.complaint import Kind, Level
from pipeline.region import Region, load_region
from pipeline.region.calendar import due_date, is_working_day


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (dt.date(2025, 8, 15), 1, dt.date(2025, 8, 19)),  # over Independence Day and the collective leave after it
        (dt.date(2025, 11, 3), 4, dt.date(2025, 11, 7)),
        (dt.date(2025, 11, 8), 1, dt.date(2025, 11, 10)),  # received on a Saturday
        (dt.date(2025, 11, 3), 0, dt.date(2025, 11, 3)),
    ],
)
def test_terms_count_working_days_from_the_day_after(received: dt.date, days: int, due: dt.date) -> None:
    assert due_date(received, days) == due


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)), st.integers(1, 60))
def test_a_term_ends_on_a_working_day_after_exactly_its_days(received: dt.date, days: int) -> None:
    due = due_date(received, days)
    passed = sum(is_working_day(received + dt.timedelta(days=n)) for n in range(1, (due - received).days + 1))
    assert is_working_day(due)
    assert passed == days


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        due_date(dt.date(2025, 1, 2), -1)


@pytest.mark.parametrize(
    ("code", "level", "kind", "days"),
    [
        ("dishub", Level.SEDANG, Kind.PENGADUAN, 14),
        ("dishub", Level.RENDAH, Kind.INFORMASI, 5),
        ("inspektorat", Level.SEDANG, Kind.PENGADUAN, 60),
        ("inspektorat", Level.RENDAH, Kind.INFORMASI, 5),
        ("inspektorat", Level.DARURAT, Kind.PENGADUAN, 1),
    ],
)
def test_deadlines_go_by_kind_and_danger_goes_first(
    bekasi: Region, code: str, level: Level, kind: Kind, days: int
) -> None:
    assert bekasi.sla_working_days(code, level, kind) == days


def test_an_agency_s_own_deadline_shortens_that_of_the_region_and_lengthens_none(bekasi: Region) -> None:
    agency = bekasi.agencies["dishub"].model_copy(update={"sla_working_days": 7})
    own = dataclasses.replace(bekasi, agencies={**bekasi.agencies, "dishub": agency})
    assert [own.sla_working_days("dishub", level) for level in Level] == [1, 3, 7, 7]
    assert own.sla_working_days("dishub", Level.RENDAH, Kind.INFORMASI) == 5


def test_bekasi_owes_an_answer_within_four_working_days_others_by_the_national_rule() -> None:
    assert load_region("kab_bekasi").answer_within == 4
    assert load_region("kota_surabaya").answer_within is None
