"""How much a word counts by its place: the problem is mostly stated first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

_FADED = 17  # times ``words``, after which nothing is left at float32's precision


@dataclass(frozen=True)
class PositionWeights:
    """A word counts ``1 + weight · exp(-position / words)``, the first one standing at position 0.

    Attributes
    ----------
    weight
        How much more the first word counts; 0 for all alike.
    words
        After this many words about a third (1/e) of that is left; above 0.

    Examples
    --------
    >>> [round(count, 2) for count in PositionWeights(1.0, 10.0).of(12)[[0, 10]].tolist()]
    [2.0, 1.37]
    """

    weight: float
    words: float

    def of(self, n_words: int) -> NDArray[np.float32]:
        """Return the weight of each word of a text, shape (n_words,)."""
        return self._table[:n_words] if n_words <= len(self._table) else self.at(np.arange(n_words))

    def at(self, positions: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the weights of words at given positions in their texts, shape (len(positions),)."""
        counts: NDArray[np.float32] = self._table.take(positions, mode="clip")
        return counts

    @cached_property
    def _table(self) -> NDArray[np.float32]:
        positions = np.arange(int(_FADED * self.words) + 1)
        return (1 + self.weight * np.exp(-positions / self.words)).astype(np.float32)


def positions_in_texts(lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the position of each word in its text, for concatenated texts of given lengths.

    Examples
    --------
    >>> positions_in_texts(np.array([3, 0, 2])).tolist()
    [0, 1, 2, 0, 1]
    """
    ends = np.cumsum(lengths)
    positions: NDArray[np.intp] = np.arange(lengths.sum()) - np.repeat(ends - lengths, lengths)
    return positions
