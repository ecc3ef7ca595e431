"""Numbers as Indonesian writes them."""

from __future__ import annotations


def thousands(number: float) -> str:
    """Return a number without decimals, with a point after the thousands.

    >>> thousands(14367)
    '14.367'
    """
    return f"{number:,.0f}".replace(",", ".")
