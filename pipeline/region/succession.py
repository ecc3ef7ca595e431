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
    """Return the region's current day: that of the agencies suggested, and of those past labels are moved to."""
    return day_by(region.clock)


@dataclass(frozen=True, eq=False, slots=True)
class Acting:
    """The agencies that act on a day.

    Attributes
    ----------
    codes
        Their codes, in order.
    moves : ndarray of shape (n_trained, n_codes) or None
        Maps the trained agencies' probabilities to them; ``None`` if nothing moves.
    """

    codes: list[str]
    moves: NDArray[np.float32] | None

    def moved(self, shares: NDArray[Any]) -> NDArray[Any]:
        """Return values of the trained agencies as values of the acting ones, along the last axis."""
        return shares if self.moves is None else shares @ self.moves


def acting_on(day: dt.date, trained: Sequence[str], region: Region) -> Acting:
    """Return the agencies that act on a day for those that a model was trained with.

    The parts of a divided agency share its probability in proportion to the number of problems each took over. Where
    nobody took over, nobody gets the probability: given to the others, it would make an office look sure that isn't.
    If nobody at all is left, nothing is changed, since a complaint must have an answer.

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
    """Refuse a model with agencies that the region doesn't have, not even as ended ones.

    Raises
    ------
    ModelRegionError
        If it has such agencies.
    """
    if unknown := sorted(set(trained) - set(region.agencies)):
        raise ModelRegionError(
            f"The model knows agencies that region {region.name} does not have: {', '.join(unknown[:3])}.",
            mend="Add them to the region's agencies.csv with a successor, or train again: disposisi train.",
        )


def _taken_over(region: Region, ended: str, parts: Sequence[str]) -> list[int]:
    """Return how many problems each part took over, at least one; all of a part's problems if it is unclear which."""
    handled = [_problems_of(region, part) for part in parts]
    before = _problems_of(region, ended)
    taken = [problems & before for problems in handled]
    return [max(1, len(problems)) for problems in (taken if any(taken) else handled)]


def _problems_of(region: Region, code: str) -> frozenset[str]:
    """Return the problems that an agency lists, singly or by their urusan, as ``urusan/problem``."""
    return frozenset(f"{urusan.urusan}/{problem.id}" for urusan, problem in region.problems_of(region.agencies[code]))
