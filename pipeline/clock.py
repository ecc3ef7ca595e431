"""The clock that decides which day it is in a region: its own where it is known, else Jakarta's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Western, central and eastern Indonesian time; nobody there changes the clock in summer.
WIB, WITA, WIT = (dt.timezone(dt.timedelta(hours=hours)) for hours in (7, 8, 9))
CLOCKS: Final[Mapping[str, dt.timezone]] = MappingProxyType(
    {"Asia/Jakarta": WIB, "Asia/Makassar": WITA, "Asia/Jayapura": WIT}
)


def day_by(clock: dt.tzinfo) -> dt.date:
    """Return the current day by a clock."""
    return dt.datetime.now(tz=clock).date()


def local_day(moment: dt.datetime, clock: dt.tzinfo) -> dt.date:
    """Return the day of a time by a clock; see :func:`local_time`."""
    return local_time(moment, clock).date()


def local_time(moment: dt.datetime, clock: dt.tzinfo) -> dt.datetime:
    """Return a time in a clock's zone, without the zone; a time without zone is assumed to be in it already.

    At the ends of the calendar, which some use for *never*, the zone is only dropped.

    Examples
    --------
    >>> str(local_time(dt.datetime(2025, 1, 31, 18, tzinfo=dt.UTC), WIT))
    '2025-02-01 03:00:00'
    """
    try:
        return moment.astimezone(clock).replace(tzinfo=None) if moment.tzinfo else moment
    except OverflowError:
        return moment.replace(tzinfo=None)
