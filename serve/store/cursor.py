"""Pagination cursors: opaque tokens made from the sort key of a page's last row."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence

from serve.errors import InvalidInputError


def written(values: Sequence[int]) -> str:
    """Encode integers as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read(cursor: str, size: int) -> Sequence[int]:
    """Decode a cursor of ``size`` integers.

    Raises
    ------
    InvalidInputError
        If the cursor is invalid or has a different number of values.
    """
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise unknown() from None
    if (
        not isinstance(values, list)
        or len(values) != size
        or not all(type(v) is int and 0 <= v < 2**63 for v in values)
    ):
        raise unknown()
    return values


def micros(moment: dt.datetime) -> int:
    """Return a datetime as microseconds since the epoch."""
    return round(moment.timestamp() * 1e6)


def moment(number: int) -> dt.datetime:
    """Return the datetime, in UTC, of microseconds since the epoch.

    Raises
    ------
    InvalidInputError
        If it is out of range.
    """
    try:
        return dt.datetime.fromtimestamp(number / 1e6, dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise unknown() from None


def unknown() -> InvalidInputError:
    """Return the error for an invalid cursor."""
    return InvalidInputError("Penanda halaman tidak dikenal.", mend="Mulai lagi dari halaman pertama.")
