"""Where a list goes on: what orders its last row, as one word that means nothing to whoever keeps it."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence

from serve.errors import InvalidInputError


def written(values: Sequence[int]) -> str:
    """Return numbers as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read(cursor: str, size: int) -> Sequence[int]:
    """Return the numbers of a cursor.

    Raises
    ------
    InvalidInputError
        If the cursor isn't one of ours, or holds another number of values.
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
    """Return a moment as a number."""
    return round(moment.timestamp() * 1e6)


def moment(number: int) -> dt.datetime:
    """Return the moment of a number.

    Raises
    ------
    InvalidInputError
        If there is none.
    """
    try:
        return dt.datetime.fromtimestamp(number / 1e6, dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise unknown() from None


def unknown() -> InvalidInputError:
    """Return the error for a cursor that isn't one of ours."""
    return InvalidInputError("Penanda halaman tidak dikenal.", mend="Mulai lagi dari halaman pertama.")
