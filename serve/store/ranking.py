"""Ranking of agencies by speed, completeness and few returns, as in the award of SP4N-LAPOR!."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from serve.store.statistics import Figures

MIN_VOLUME = 10  # fewer complaints say nothing about an agency
SPEED_WEIGHT, COMPLETENESS_WEIGHT, RETURNS_WEIGHT = 0.4, 0.4, 0.2


@dataclass(frozen=True, slots=True)
class Rank:
    """An agency's place in the ranking.

    Attributes
    ----------
    place
        1 is the best; equal scores share a place.
    agency
        The agency's code.
    on_time
        Share of its settled complaints that met the deadline; ``None`` while none is settled.
    complete
        Share of its complaints that are settled or not yet due.
    kept
        Share of complaints that it did not return.
    score
        Weighted mean of the known ones of these three, 0 to 100.
    """

    place: int
    agency: str
    score: float
    on_time: float | None
    complete: float
    kept: float


def ranking(figures: Iterable[Figures], outside: Collection[str] = ()) -> list[Rank]:
    """Return the agencies with at least ``MIN_VOLUME`` complaints, best first; equal scores share a place.

    Parameters
    ----------
    outside
        Codes of bodies outside the region, left out: nothing is sent to them, so they are never late.
    """
    rated = []
    for row in figures:
        if row.name is None or row.name in outside or row.volume < MIN_VOLUME:
            continue
        returned = row.returned or 0
        on_time = row.on_time / row.finished if row.finished else None
        complete = 1 - row.overdue / row.volume
        kept = row.volume / (row.volume + returned)
        points, most = COMPLETENESS_WEIGHT * complete + RETURNS_WEIGHT * kept, COMPLETENESS_WEIGHT + RETURNS_WEIGHT
        if on_time is not None:
            points, most = points + SPEED_WEIGHT * on_time, most + SPEED_WEIGHT
        shown = None if on_time is None else round(on_time, 4)
        rated.append((round(100 * points / most, 1), row.name, shown, round(complete, 4), round(kept, 4)))
    rated.sort(key=lambda row: (-row[0], row[1]))
    scores = [row[0] for row in rated]
    return [
        Rank(scores.index(score) + 1, name, score, on_time, complete, kept)
        for score, name, on_time, complete, kept in rated
    ]
