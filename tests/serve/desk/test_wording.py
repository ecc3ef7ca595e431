"""Wording of numbers."""

from __future__ import annotations

import datetime as dt

from pipeline.numerals import percent
from serve.desk import wording


def test_a_percentage_is_never_torn_at_the_end_of_a_line() -> None:
    told = [percent(0.995), percent(0.004), percent(0.5), wording.share(1)]
    assert told == [">99%", "<1%", "50%", "100%"]


def test_a_date_of_a_table_names_its_month() -> None:
    assert [wording.date(dt.date(2026, month, 3)) for month in (5, 8, 12)] == ["3 Mei 2026", "3 Agu 2026", "3 Des 2026"]
