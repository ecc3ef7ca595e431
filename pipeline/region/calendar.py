"""Indonesian working days: Monday to Friday without national holidays and collective leave (cuti bersama)."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

_FIRST_WEEKEND_DAY = 5  # Saturday, as date.weekday() counts


def due_date(received: dt.date, working_days: int) -> dt.date:
    """Return the last day of a term: the ``working_days``-th working day after the day of receipt.

    Parameters
    ----------
    received
        The day it came in; it doesn't count itself (Permenpan-RB 62/2018 counts from the day after).
    working_days
        0 or more; 0 is the same day.

    Raises
    ------
    ValueError
        If ``working_days`` is negative.

    Examples
    --------
    >>> due_date(dt.date(2025, 8, 15), 1)  # a Friday; Sunday 17 is Independence Day, Monday 18 collective leave
    datetime.date(2025, 8, 19)
    """
    if working_days < 0:
        raise ValueError(f"A term of {working_days} working days is negative.")
    day = received
    while working_days:
        day += dt.timedelta(days=1)
        working_days -= is_working_day(day)
    return day


def is_working_day(day: dt.date) -> bool:
    """Tell whether offices work on ``day``."""
    return day.weekday() < _FIRST_WEEKEND_DAY and day not in _holidays(day.year)


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[dt.date]:
    import holidays  # noqa: PLC0415 (a fiftieth of what a start takes, and no suggestion needs it)

    return frozenset(holidays.country_holidays("ID", years=year, categories=("public", "government")))
