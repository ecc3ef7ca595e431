"""From the agencies that a model learned to those that act today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.clock import day_by
from pipeline.errors import ModelRegionError
from pipeline.region.region import Region


def today(region: Region) -> dt.date:
    """Return the day whose agencies answer, and to whose agencies past labels are moved: by the region's clock."""
    return day_by(region.clock)


@dataclass(frozen=True, eq=False, slots=True)
class Acting:
    """The agencies that act on a day.

    Attributes
    ----------
    codes
        Their codes, in order.
    moves : ndarray of shape (n_trained, n_codes) or None
        Moves the trained agencies' probabilities to them; ``None`` for no moves at all.
    """

    codes: list[str]
    moves: NDArray[np.float32] | None

    def moved(self, shares: NDArray[Any]) -> NDArray[Any]:
        """Return what the trained agencies have as that of the acting ones; the last axis is the agencies'."""
        return shares if self.moves is None else shares @ self.moves


def acting_on(day: dt.date, trained: Sequence[str], region: Region) -> Acting:
    """Return the agencies that act on a day for those that a model learned.

    The parts of a divided agency share its probability by the number of its problems that each took over. Where nobody
    took over, the probability is nobody's: given to the others, it would make an office look sure that isn't. If nobody
    at all is left, all stay as they are, since a complaint must have an answer.

    Parameters
    ----------
    trained
        Codes of agencies, past or present.
    """
    acting = {
        code: [current for current in region.current(code, day) if region.agencies[current].exists_on(day)]
        for code in trained
    }
    codes = sorted({code for current in acting.values() for code in current}) or list(trained)
    if codes == trained:
        return Acting(codes, None)
    moves = np.zeros((len(trained), len(codes)), dtype=np.float32)
    for row, code in enumerate(trained):
        taken = _taken_over(region, code, acting[code])
        for current, problems in zip(acting[code], taken, strict=True):
            moves[row, codes.index(current)] = problems / sum(taken)
    return Acting(codes, moves)


def check_known(trained: Sequence[str], region: Region) -> None:
    """Refuse a model that learned agencies which the region doesn't have, not even as ended ones.

    Raises
    ------
    ModelRegionError
        If it did.
    """
    if unknown := sorted(set(trained) - set(region.agencies)):
        raise ModelRegionError(
            f"The model knows agencies that region {region.name} does not have: {', '.join(unknown[:3])}.",
            mend="Add them to the region's agencies.csv with a successor, or train again: disposisi train.",
        )


def _taken_over(region: Region, ended: str, parts: Sequence[str]) -> list[int]:
    """Return how many problems each part took over, at least one; all of its own where nothing tells which."""
    handled = [_problems_of(region, part) for part in parts]
    before = _problems_of(region, ended)
    taken = [problems & before for problems in handled]
    return [max(1, len(problems)) for problems in (taken if any(taken) else handled)]


def _problems_of(region: Region, code: str) -> frozenset[str]:
    """Return the problems that an agency lists, singly or by their urusan, as ``urusan/problem``."""
    listed = region.agencies[code].urusan
    whole = (region.catalogue[name] for name in listed if name in region.catalogue)
    return frozenset(name for name in listed if "/" in name).union(
        f"{urusan.urusan}/{problem.id}" for urusan in whole for problem in urusan.problems
    )
