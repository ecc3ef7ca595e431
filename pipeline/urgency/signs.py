"""A danger that a text names, and what the text says about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.complaint import Level, Span
from pipeline.urgency.schema import Cue


class Standing(StrEnum):
    """What the text says about a danger it names."""

    REAL = "nyata"
    FEARED = "dikhawatirkan"
    DENIED = "tidak terjadi"
    CONDITIONAL = "andaikan"
    OVER = "sudah lewat"
    UNCONCERNED = "bukan kejadian"


@dataclass(frozen=True, slots=True)
class DangerSign:
    """A danger that a text names.

    Attributes
    ----------
    level
        The level it gives the situation; ``None`` if it has no weight.
    span
        The words that name it, in the original text.
    """

    cue: Cue
    standing: Standing
    level: Level | None
    span: Span
