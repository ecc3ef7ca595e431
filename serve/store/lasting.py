"""What holds until a time: a claim, a login, a lock."""

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
    """Tell whether something still holds, of a value or as the condition of a query.

    What would hold for more than twice its longest time was begun while the clock ran ahead: it must neither hold
    others up nor stay open until then.

    Parameters
    ----------
    until
        When it ends.
    longest
        For how long it can be begun or renewed.
    """
    return (until > now) & (until <= now + 2 * longest)
