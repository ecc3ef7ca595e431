"""From the agencies that a model learned to those that act today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.region.region import Region


def moves_to_today(
    trained: Sequence[str], region: Region, day: dt.date
) -> tuple[list[str], NDArray[np.float32] | None]:
    """Return today's codes, and the matrix that moves the trained agencies' probabilities to them.

    The parts of a divided agency share its probability by the number of problems they took over. ``None`` stands
    for no moves at all.

    Parameters
    ----------
    trained
        Codes of agencies, past or present.
    day
        Today.
    """
    acting = {code: region.current(code, day) for code in trained}
    codes = sorted({code for current in acting.values() for code in current})
    if codes == trained:
        return codes, None
    moves = np.zeros((len(trained), len(codes)), dtype=np.float32)
    for row, code in enumerate(trained):
        shares = [_problems_of(region, current) for current in acting[code]]
        for current, share in zip(acting[code], shares, strict=True):
            moves[row, codes.index(current)] = share / sum(shares)
    return codes, moves


def _problems_of(region: Region, code: str) -> int:
    listed = (region.catalogue.get(urusan) for urusan in region.agencies[code].urusan)
    return max(1, sum(len(urusan.problems) if urusan else 1 for urusan in listed))
