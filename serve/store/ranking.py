"""A ranking of agencies, as the award of SP4N-LAPOR! has one: fast, complete, seldom returned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from serve.store.statistics import Figures

MIN_VOLUME = 10  # fewer say nothing about an agency
SPEED_WEIGHT, COMPLETENESS_WEIGHT, RETURNS_WEIGHT = 0.4, 0.4, 0.2


@dataclass(frozen=True, slots=True)
class Rank:
    """An agency's place.

    Attributes
    ----------
    on_time
        Share of its settled complaints that met the deadline.
    complete
        Share of its complaints that are settled or not yet due.
    kept
        Share that it did not return.
    score
        The weighted mean of the three, 0 to 100.
    """

    place: int
    agency: str
    score: float
    on_time: float
    complete: float
    kept: float


def ranking(figures: Iterable[Figures]) -> list[Rank]:
    """Return the agencies with at least ``MIN_VOLUME`` complaints, the best first; equal scores share a place."""
    rated = []
    for row in figures:
        if row.name is None or row.volume < MIN_VOLUME:
            continue
        returned = row.returned or 0
        on_time = row.on_time / row.finished if row.finished else 0.0
        complete = 1 - row.overdue / row.volume
        kept = row.volume / (row.volume + returned)
        score = 100 * (SPEED_WEIGHT * on_time + COMPLETENESS_WEIGHT * complete + RETURNS_WEIGHT * kept)
        rated.append((round(score, 1), row.name, on_time, complete, kept))
    rated.sort(key=lambda row: (-row[0], row[1]))
    scores = [row[0] for row in rated]
    return [Rank(scores.index(row[0]) + 1, row[1], row[0], *(round(share, 4) for share in row[2:])) for row in rated]
