"""From probabilities and dangers to a level: the lowest expected cost, unless a danger decides by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import mul

import numpy as np
from numpy.typing import NDArray

from pipeline.complaint import ALARMS, Level
from pipeline.region.schema import UrgencyCosts
from pipeline.urgency.signs import DangerSign

LEVELS = (Level.RENDAH, Level.SEDANG, Level.TINGGI, Level.DARURAT)
# A named danger of serious harm makes it ``tinggi`` unless the model gives that less than this probability.
MIN_BELIEF = 0.05


def decide_levels(
    levels: Iterable[str],
    probabilities: NDArray[np.float32],
    dangers: Sequence[Sequence[DangerSign]],
    costs: UrgencyCosts,
) -> list[Level]:
    """Return the level of each complaint.

    Parameters
    ----------
    levels
        The levels that the model knows, in the order of their probabilities.
    probabilities
        Shape (n_complaints, n_levels).
    dangers
        What each text names. A real danger of the highest class is an emergency whatever the model says; one of serious
        harm raises to ``tinggi`` where the model gives that at least ``MIN_BELIEF``. No danger lowers a level.
    costs
        The region's costs of misjudging.
    """
    known = list(levels)
    by_level = [costs.where(level) for level in known]
    prices = [[of_level[told] for of_level in by_level] for told in LEVELS]
    alarms = [position for position, level in enumerate(known) if level in ALARMS]
    return [
        LEVELS[max(_cheapest(shares, prices), _raised(signs, sum(shares[position] for position in alarms)))]
        for shares, signs in zip(probabilities.tolist(), dangers, strict=True)
    ]


def _cheapest(shares: Sequence[float], prices: Sequence[Sequence[float]]) -> int:
    """Return the position of the level with the lowest expected cost."""
    costs = [sum(map(mul, shares, of_level)) for of_level in prices]
    return costs.index(min(costs))


def _raised(dangers: Sequence[DangerSign], belief: float) -> int:
    """Return the position of the lowest level that the dangers allow."""
    if not dangers:
        return 0
    named = {sign.level for sign in dangers}
    if Level.DARURAT in named:
        return LEVELS.index(Level.DARURAT)
    return LEVELS.index(Level.TINGGI) if Level.TINGGI in named and belief >= MIN_BELIEF else 0
