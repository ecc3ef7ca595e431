"""What is decided about a complaint, without the explanation."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.complaint import AgencyScore, Decision, Level, Place


class Routing(NamedTuple):
    """The short answer to one complaint, as the batch needs it; of many, ``zip(*routings)`` are the columns.

    Attributes
    ----------
    agencies
        The most probable ones, at most three.
    level_probability
        Probability of the level that is told.
    reasons
        Why it is that urgent.
    """

    agencies: tuple[AgencyScore, ...]
    decision: Decision
    level: Level
    level_probability: float
    reasons: tuple[str, ...]
    place: Place | None
