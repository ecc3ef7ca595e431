"""Deadlines: the end of a term in working days, in the region's time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from pipeline.region import Region
from pipeline.region.calendar import due_date, is_working_day

CLOSING_TIME = dt.time(16, 0)  # of government offices; a deadline is at closing time of its day


class WorkingCalendar:
    """Counts working days in a time zone.

    Parameters
    ----------
    zone
        Name of the time zone, for example ``Asia/Jakarta`` (WIB), ``Asia/Makassar`` (WITA), ``Asia/Jayapura`` (WIT).
    """

    def __init__(self, zone: str = "Asia/Jakarta") -> None:
        self.zone = ZoneInfo(zone)

    @classmethod
    def of(cls, region: Region, zone: str | None = None) -> WorkingCalendar:
        """Return the calendar of a region's offices; ``zone`` overrides the region's own time zone."""
        return cls(zone or region.timezone)

    def due(self, received: dt.datetime, working_days: int) -> dt.datetime:
        """Return the time, in UTC, when ``working_days`` full working days after the day of arrival have passed."""
        day = due_date(received.astimezone(self.zone).date(), working_days)
        return dt.datetime.combine(day, CLOSING_TIME, self.zone).astimezone(dt.UTC)

    def days_left(self, due: dt.datetime, now: dt.datetime) -> int:
        """Return the working days from today to the deadline's day; -1 or less once the deadline has passed."""
        first, last = sorted((due.astimezone(self.zone).date(), now.astimezone(self.zone).date()))
        days = sum(is_working_day(first + dt.timedelta(days=n + 1)) for n in range((last - first).days))
        return days if now <= due else -max(days, 1)
