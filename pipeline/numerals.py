"""Strict parsing of numbers in input, and numbers in Indonesian notation.

Python's own parsers accept more than people mean: ``1_0``, ``" 1"``, ``nan``, digits of all scripts.
"""

from __future__ import annotations

import math
import re

_WHOLE = re.compile(r"[0-9]{1,18}")  # more would overflow a database's 64 bits
_DECIMAL = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def whole(text: str) -> int | None:
    """Parse a whole number of at most 18 digits; return ``None`` for anything else.

    >>> whole("12"), whole("1_2")
    (12, None)
    """
    return int(text) if _WHOLE.fullmatch(text) else None


def decimal(text: str) -> float | None:
    """Parse a finite number with a decimal point; return ``None`` for anything else.

    >>> decimal("-6.3456"), decimal("nan")
    (-6.3456, None)
    """
    number = float(text) if _DECIMAL.fullmatch(text) else math.inf
    return number if math.isfinite(number) else None


def in_digits(value: object) -> object:
    """Check a text before pydantic parses it as Python would; return any other value as it is.

    Raises
    ------
    ValueError
        If it is a text that :func:`decimal` does not parse.
    """
    if isinstance(value, str) and decimal(value) is None:
        raise ValueError("write a finite number in digits, such as 10")
    return value


def thousands(number: float) -> str:
    """Return a number without decimals, with a point after the thousands.

    >>> thousands(14367)
    '14.367'
    """
    return f"{number:,.0f}".replace(",", ".")


def percent(probability: float) -> str:
    """Return a probability as people should read it: never certainty, no false precision.

    Unicode's CLDR has no space before the sign in Indonesian.

    >>> percent(0.9987)
    '>99%'
    """
    if probability > 0.99:
        return ">99%"
    if probability < 0.01:
        return "<1%"
    return f"{probability * 100:.0f}%"
