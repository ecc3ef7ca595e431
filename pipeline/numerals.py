"""Numbers as Indonesian writes them, and as people write them in what is read.

Python itself reads more as a number than anybody means by it: ``1_0``, ``" 1"``, ``nan``, digits of all scripts.
"""

from __future__ import annotations

import math
import re

_WHOLE = re.compile(r"[0-9]{1,18}")  # more fits into no database
_DECIMAL = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def whole(text: str) -> int | None:
    """Return the number that a text of digits is; ``None`` if it is none, or has more than 18 of them.

    >>> whole("12"), whole("1_2")
    (12, None)
    """
    return int(text) if _WHOLE.fullmatch(text) else None


def decimal(text: str) -> float | None:
    """Return the finite number that a text is, with a point before its decimals; ``None`` if it is none.

    >>> decimal("-6.3456"), decimal("nan")
    (-6.3456, None)
    """
    number = float(text) if _DECIMAL.fullmatch(text) else math.inf
    return number if math.isfinite(number) else None


def in_digits(value: object) -> object:
    """Return what is to become a number, unless it is a text that is none; for pydantic, which reads texts as Python.

    Raises
    ------
    ValueError
        If it is such a text.
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
    r"""Return a probability as people should read it: never certainty, no false precision.

    >>> percent(0.9987)
    '>99\xa0%'
    """
    if probability > 0.99:
        return ">99\N{NO-BREAK SPACE}%"
    if probability < 0.01:
        return "<1\N{NO-BREAK SPACE}%"
    return f"{probability * 100:.0f}\N{NO-BREAK SPACE}%"
