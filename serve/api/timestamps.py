"""Field types for timestamps in requests; a separate module, as the client's schemas need no more than this."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from serve.errors import InvalidInputError

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_DATE = re.compile(r"\d{4}-")


def _written_out(moment: object) -> object:
    """Return a timestamp unchanged, unless it is a number, which pydantic would read as seconds since 1970.

    Raises
    ------
    ValueError
        If it isn't written as a date.
    """
    if not (isinstance(moment, dt.datetime) or (isinstance(moment, str) and _DATE.match(moment))):
        raise ValueError("write a timestamp like 2026-01-31T08:15:00+07:00")
    return moment


def possible(moment: dt.datetime) -> dt.datetime:
    """Return a timestamp if its year is plausible: others overflow in date arithmetic or in the database.

    Raises
    ------
    ValueError
        If it isn't.
    """
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"the year must be from {_FIRST_YEAR} to {_LAST_YEAR}")
    return moment


def check_order(received_from: dt.datetime | None, received_to: dt.datetime | None) -> None:
    """Pass unless a period was asked for that ends before it begins.

    Raises
    ------
    InvalidInputError
        If it was.
    """
    if received_from is not None and received_to is not None and received_to < received_from:
        raise InvalidInputError("received_to mendahului received_from.", mend="Tukar keduanya.")


Instant = Annotated[AwareDatetime, BeforeValidator(_written_out)]
Moment = Annotated[Instant, AfterValidator(possible)]
