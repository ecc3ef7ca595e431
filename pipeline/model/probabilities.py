"""From scores to probabilities.

The same as in scipy.special, whose import takes as long as everything else that answering needs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def softmax(scores: NDArray[Any]) -> NDArray[Any]:
    """Return the exponentials of the scores of each row, over their sum, shape (n_rows, n_classes)."""
    # The ufuncs themselves: an array's max and sum are Python wrappers around them.
    powers = np.exp(scores - np.maximum.reduce(scores, axis=1, keepdims=True))
    shares: NDArray[Any] = powers / np.add.reduce(powers, axis=1, keepdims=True)
    return shares


def between(above: NDArray[Any]) -> NDArray[np.float32]:
    """Return the probability of each ordered class from the probabilities to be above each threshold.

    Parameters
    ----------
    above
        Shape (n_rows, n_classes - 1).
    """
    reached = np.ones((len(above), above.shape[1] + 2))
    np.minimum.accumulate(above, axis=1, out=reached[:, 1:-1])
    reached[:, -1] = 0
    shares: NDArray[np.float32] = (reached[:, :-1] - reached[:, 1:]).astype(np.float32)
    return shares
