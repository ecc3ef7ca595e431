"""Single cells: numbers that Excel made of identifiers, dates in the ways Indonesian exports write them."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan januari january", "feb februari february pebruari", "mar maret march", "apr april", "mei may",
            "jun juni june", "jul juli july", "agu agt agustus aug august", "sep sept september",
            "okt oktober oct october", "nov november nop", "des desember dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY_FIRST = re.compile(
    r"""(\d{1,2}) [/.\- ] (\d{1,2}|[a-z]{3,9}) [/.\- ] (\d{4})
    (?: [ ,t]+ (?:(?:pukul|jam|pkl\.?)[ ]+)? (\d{1,2}) [:.] (\d{2}) (?: [:.] (\d{2}) (?:[.,]\d{1,9})? )?
        (?: [ ]? ([ap])\.?m\.? )? (?: [ ]? wi(?:b|ta|t) )? )?""",
    re.VERBOSE | re.IGNORECASE,
)
_EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 (a spreadsheet's date has no zone)
_EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119; other numbers are no dates


def cell_text(value: Any) -> str:
    """Return a cell as text; a whole number without ``.0``, nothing for an empty cell."""
    if value is None:
        return ""
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        if value.is_integer():
            return str(int(value))
    return str(value).strip()


def parse_date(value: Any) -> dt.datetime | None:
    """Return a cell's date, ``None`` for an empty cell.

    ISO 8601, day first (``31/12/2025 08.15``, ``31/12/2025 8:15 PM``), Indonesian month names and Excel's day numbers
    are understood. WIB, WITA and WIT are read over: where a region lies, so does its clock.

    Raises
    ------
    ValueError
        If it isn't a date.
    """
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        if math.isnan(value):
            return None
        if _EXCEL_DAYS[0] <= value <= _EXCEL_DAYS[1]:
            return _EXCEL_EPOCH + dt.timedelta(days=float(value))
    text = cell_text(value)
    if not text:
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        pass
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year, hour, minute, second, half = match.groups(default="")
        number = int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0)
        try:
            return dt.datetime(  # noqa: DTZ001
                int(year), number, int(day), _hour(int(hour or 0), half.lower()), int(minute or 0), int(second or 0)
            )
        except ValueError:
            pass
    raise ValueError("the date is none; write it as 2025-12-31 or 31/12/2025")


def _hour(hour: int, half: str) -> int:
    """Return the hour of a day for one of its half, ``a`` before noon and ``p`` after: 12 AM is midnight."""
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half == "p" else 0)
