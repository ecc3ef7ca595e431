"""Splits a text into marked and unmarked pieces, for templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.complaint import Place, Span, Word

_STRONG, _WEAK = 1 / 3, 0.12  # shares of the strongest word's weight; marking weaker words would only clutter the text


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text; ``mark`` is empty, or ``weak``, ``strong`` or ``place``, and also ``urgent``."""

    text: str
    mark: str = ""


def marked(text: str, words: Sequence[Word], place: Place | None, urgent: Sequence[Span] = ()) -> list[Piece]:
    """Return the text in pieces, marking the words that support an agency, the place, and what makes it urgent."""
    strongest = max((word.weight for word in words), default=0.0)
    layers = [
        (word.start, word.end, "strong" if word.weight > strongest * _STRONG else "weak")
        for word in words
        if word.weight > strongest * _WEAK
    ]
    if place and place.start is not None and place.end is not None:
        start, end = place.start, place.end
        layers = [layer for layer in layers if layer[1] <= start or layer[0] >= end] + [(start, end, "place")]
    layers += [(span.start, span.end, "urgent") for span in urgent]
    cuts = sorted({0, len(text), *(layer[0] for layer in layers), *(layer[1] for layer in layers)})
    return [
        Piece(text[start:end], " ".join(name for first, last, name in layers if first <= start and end <= last))
        for start, end in pairwise(cuts)
        if text[start:end]
    ]
