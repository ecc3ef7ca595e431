"""What the dangers alone say of a text, as the tests of their words ask."""

from __future__ import annotations

from pipeline.complaint import Level
from pipeline.text import tokenise
from pipeline.urgency import DangerSign, danger_finder


def signs(text: str) -> list[DangerSign]:
    """Return the dangers that a text names."""
    return danger_finder().find(text, tokenise(text))


def levels(text: str) -> set[Level | None]:
    """Return the levels that its dangers stand for; ``None`` for one whose weight is taken away."""
    return {sign.level for sign in signs(text)}


def is_emergency(text: str) -> bool:
    """Tell whether it names a real danger of the highest class."""
    return Level.DARURAT in levels(text)
