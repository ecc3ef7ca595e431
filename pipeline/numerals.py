"""Numbers as Indonesian writes them."""

from __future__ import annotations


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
