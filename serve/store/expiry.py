"""Expiry check for rows that expire: claims, logins, locks."""

from __future__ import annotations

import datetime as dt
from typing import Any, overload

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute


@overload
def lasts(until: dt.datetime, now: dt.datetime, longest: dt.timedelta) -> bool: ...
@overload
def lasts(
    until: InstrumentedAttribute[dt.datetime], now: dt.datetime, longest: dt.timedelta
) -> ColumnElement[bool]: ...
def lasts(until: Any, now: dt.datetime, longest: dt.timedelta) -> Any:
    """Tell whether something hasn't expired, for a value or as an SQL condition.

    An expiry more than twice the maximum lifetime ahead was set while the clock ran fast. It counts as expired: it must
    neither block others nor stay valid until then.

    Parameters
    ----------
    until
        Time of expiry.
    longest
        Maximum lifetime, from creation or renewal.
    """
    return (until > now) & (until <= now + 2 * longest)
