"""The clock that the region's days go by."""

from __future__ import annotations

import datetime as dt
from typing import Final

# Western Indonesian time; elsewhere in the country the day begins one or two hours earlier.
WIB: Final = dt.timezone(dt.timedelta(hours=7))


def local_time(moment: dt.datetime) -> dt.datetime:
    """Return a moment as that clock shows it, without zone; one without zone was told by such a clock.

    At the ends of the calendar, where some write *never*, the zone is only dropped.

    Examples
    --------
    >>> str(local_time(dt.datetime(2025, 1, 31, 18, tzinfo=dt.UTC)))
    '2025-02-01 01:00:00'
    """
    try:
        return moment.astimezone(WIB).replace(tzinfo=None) if moment.tzinfo else moment
    except OverflowError:
        return moment.replace(tzinfo=None)
