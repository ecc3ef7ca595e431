"""Dangers and their levels in a text, for the tests of their wording."""

from __future__ import annotations

from pipeline.complaint import Level
from pipeline.text import tokenise
from pipeline.urgency import DangerSign, danger_finder


def signs(text: str) -> list[DangerSign]:
    """Return the dangers that a text names."""
    return danger_finder().find(text, tokenise(text))


def levels(text: str) -> set[Level | None]:
    """Return the levels of the dangers; ``None`` for one that is cancelled by its context."""
    return {sign.level for sign in signs(text)}


def named(text: str) -> set[str]:
    """Return the ids of the dangers that nothing cancels."""
    return {sign.cue.id for sign in signs(text) if sign.level is not None}


def is_emergency(text: str) -> bool:
    """Tell whether a text has an uncancelled danger of the highest level."""
    return Level.DARURAT in levels(text)
