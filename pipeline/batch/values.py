"""Single cells: identifiers that Excel turned into numbers, and dates as Indonesian exports write them."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from typing import Any

from pipeline.clock import local_time

NESTED_TEXT = "the text is a nested value; put the complaint text itself in a column of its own"
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan januari january", "feb februari february pebruari", "mar maret march", "apr april", "mei may",
            "jun juni june", "jul juli july", "agu agt agust agustus aug august", "sep sept september",
            "okt oktober oct october", "nov november nop", "des desember dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY = re.compile(
    r"""(?: (?: senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad
          | (?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun) (?:day)? ) [\s,]+ )?
    (?: (\d{4}) [/-] (\d{1,2}) [/-] (\d{1,2})
    | (\d{1,2}) [/.\-\s] (\d{1,2}|[a-z]{3,9}) [/.\-\s] (\d{4}|\d{2}) )
    (?= [\s,t] | $ )""",
    re.VERBOSE | re.IGNORECASE,
)
_MAYBE_TIME = re.compile(r"([01]?\d|2[0-3])\.\d{2}\.\d{2}")  # 08.10.30
_TIME = re.compile(
    r"""[\s,t]+ (?:-\s*)? (?: (?:pukul|jam|pkl\.?|pk\.?) \s* )?
    (?P<hour>\d{1,2}) [:.] (?P<minute>\d{2}) (?: [:.] (?P<second>\d{2}) (?: [.,] (?P<fraction>\d{1,9}) )? )?
    \s* (?: (?P<half>[ap])\.?m\.? )? \s* (?P<world> utc|gmt )?
    (?P<zone> z | [+-]\d{1,2} (?::?\d{2})? )? \s* (?: \(? wi(?:b|ta|t) \)? )?""",
    re.VERBOSE | re.IGNORECASE,
)
_EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 (a spreadsheet's date has no zone)
_EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119
_UNIX_SECONDS = (1_000_000_000, 2_000_000_000)  # 2001 to 2033; 2025000123 is the number of a ticket
_NUMBER = re.compile(r"\d+(?:\.\d*)?")
_COMPACT_DAY = re.compile(r"\d{8}")  # 20251231
# What databases and spreadsheets contain instead of a missing date; the first day of the calendar is .NET's.
_NO_DATE = re.compile(r"-*|null|none|nan|nat|0000-00-00(?: 00:00:00)?", re.IGNORECASE)
# The same of a missing label, as in a column of agencies; the words are what people write.
_NO_LABEL = re.compile(r"[-–—]*|#?n/a|null|none|nan|nil|nihil|kosong|(?:tidak|belum)\s+ada", re.IGNORECASE)


def cell_text(value: Any) -> str:
    """Return a cell as text; a whole number without ``.0``, nothing for an empty cell.

    Bytes are read as UTF-8 text, which some Parquet writers and databases store as bytes; invalid bytes become unpaired
    surrogates, for which a complaint is refused.
    """
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape").strip()
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        if value.is_integer():
            return str(int(value))
    return str(value).strip()


def label_text(value: Any) -> str:
    """Return a cell's label; nothing for what systems and people write where there is none: ``-``, N/A, *tidak ada*.

    Examples
    --------
    >>> label_text("Tidak ada"), label_text(" PDAM ")
    ('', 'PDAM')
    """
    text = cell_text(value)
    return "" if _NO_LABEL.fullmatch(text) else text


def is_nested(value: Any) -> bool:
    """Tell whether a cell contains several values, nested or as JSON: field names are not a citizen's words."""
    if not isinstance(value, str):
        return isinstance(value, dict | list)
    if not value.startswith(("{", "[")):
        return False
    try:
        return isinstance(json.loads(value), dict | list)
    except (ValueError, RecursionError):
        return False


def readable(value: Any) -> str:
    """Return a cell as text without NUL, which broken exports leave in place of line ends."""
    return cell_text(value).replace("\x00", " ")


def parse_date(value: Any) -> dt.datetime | None:
    """Return a cell's date; ``None`` for an empty cell, and for what systems write into one: ``-``, NULL, the year 1.

    ISO 8601, year first (``2025/12/31``), day first (``31/12/2025 08.15``, ``31/12/25 8:15 PM``), Indonesian names of
    months and days of the week, Excel's day numbers, and seconds or milliseconds since 1970 as JSON exports have them
    are understood. WIB, WITA and WIT are ignored: times are in the region's zone. If only the time cannot be read, the
    date is kept. ``31.12.25`` is a date; ``08.10.30`` may be a time, and is one unless a time follows.

    Raises
    ------
    ValueError
        If it isn't a date.
    """
    if isinstance(value, dt.date):
        found = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    else:
        text = " ".join(cell_text(value).split())  # _TIME could divide many blanks in many ways
        if _NO_DATE.fullmatch(text):
            return None
        if (read := _numbered(text) if _is_number(text) else _moment(text)) is None:
            raise ValueError(f"the date cannot be read; write it as 2025-12-31 or 31/12/2025{_month_first(text)}")
        found = read
    return found if found.year > 1 else None


def date_by(value: Any, clock: dt.tzinfo) -> dt.datetime | None:
    """Return a cell's date in a clock's zone, without the zone; ``None`` if it is empty or cannot be read."""
    try:
        found = parse_date(value)
    except ValueError:
        return None
    return local_time(found, clock) if found else None


def _month_first(text: str) -> str:
    """Return what to add if a date has its month first: others beside it were read with day and month exchanged."""
    written = _DAY.match(text)
    if not written or written[1] or not written[5].isdigit() or not int(written[4]) <= 12 < int(written[5]) <= 31:
        return ""
    return " (it has the month first: then 03/04/2025 beside it was read as 3 April)"


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and not _COMPACT_DAY.fullmatch(text)


def _numbered(text: str) -> dt.datetime | None:
    """Return the date and time that a number means; its size shows the unit."""
    number = float(text)
    if _EXCEL_DAYS[0] <= number <= _EXCEL_DAYS[1]:
        return _EXCEL_EPOCH + dt.timedelta(days=number)
    for unit in (1, 1000):
        if _UNIX_SECONDS[0] <= number / unit <= _UNIX_SECONDS[1]:
            return dt.datetime.fromtimestamp(number / unit, dt.UTC)
    return None


def _moment(text: str) -> dt.datetime | None:
    """Return the date and time in a text. ISO 8601 is tried last, since it would read ``08.15`` as a fraction."""
    written = _DAY.match(text)
    time = _TIME.fullmatch(text, written.end()) if written else None
    day = _day(written) if written and (time or not _MAYBE_TIME.fullmatch(written[0])) else None
    if day and time:
        text = f"{day}T{_iso_time(time)}"
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return dt.datetime.combine(day, dt.time()) if day else None


def _day(written: re.Match[str]) -> dt.date | None:
    """Return a date if it exists; a two-digit year is in this century."""
    year, month, day = written.group(1, 2, 3) if written[1] else written.group(6, 5, 4)
    number = int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0)
    try:
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
    except ValueError:
        return None


def _iso_time(time: re.Match[str]) -> str:
    hour = _hour(int(time["hour"]), (time["half"] or "").lower())
    second, fraction = time["second"] or "00", time["fraction"] or "0"
    return f"{hour:02}:{time['minute']}:{second}.{fraction}{_iso_zone(time['zone'] or ('Z' if time['world'] else ''))}"


def _iso_zone(zone: str) -> str:
    """Return a zone with two-digit hours: GMT+7 is +07."""
    sign, digits = zone[:1].upper(), zone[1:]
    return sign + (digits if len(digits.partition(":")[0]) != 1 else f"0{digits}")


def _hour(hour: int, half: str) -> int:
    """Return the hour of the day for an hour with ``a`` (AM) or ``p`` (PM): 12 AM is midnight.

    If a 24-hour time has AM or PM anyway (.NET's ``HH:mm tt``), the hour decides.
    """
    if not half or not 1 <= hour <= 12:
        return hour
    return hour % 12 + (12 if half == "p" else 0)
