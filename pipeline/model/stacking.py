"""What the scores of all classes tell of each: one more matrix, learnt from held-out rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.model.link import Link

_MAX_STEPS = 100  # of L-BFGS; real complaints take 15
_TOLERANCE = 1e-6  # of the likelihood, relative
_LEAST = 1e-13  # a softplus that float32 still tells from 0


def stacking_matrix(
    scores: NDArray[np.float32], target: NDArray[np.intp], weight: NDArray[np.float64], penalty: float
) -> NDArray[np.float32]:
    """Return the matrix to multiply scores with, under which the classes of held-out rows are most likely.

    Least squares fits every class for itself. What two classes' scores tell together (both high: it is rather the
    first) only rows that were held out can teach: stacked generalisation (Wolpert 1992), here with a linear second
    level under the :class:`Link` of the scores, so that both levels are one matrix still. That it stays near the
    identity is asked as Kull and others (2019, "Beyond temperature scaling") do, by a penalty on the squares of its
    difference.

    Parameters
    ----------
    scores
        Of held-out rows, shape (n_rows, n_classes).
    target
        Position of each row's class, shape (n_rows,).
    weight
        How much each row counts, shape (n_rows,).
    penalty
        In rows: the more, the nearer to the identity.

    Returns
    -------
    ndarray of shape (n_classes, n_classes)
    """
    from scipy.optimize import minimize  # noqa: PLC0415 (takes longer than all that answering needs)

    n_classes = scores.shape[1]
    rows, counts = np.arange(len(target)), weight.astype(np.float32)[:, None]
    link = Link.fit(scores, target, weight)
    power, shift, sharpness = np.float32(link.power), np.float32(link.shift), np.float32(link.sharpness)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        change = flat.reshape(n_classes, n_classes)
        x = sharpness * (scores + scores @ change.astype(np.float32) - shift)
        tail = np.exp(-np.abs(x))
        softplus = np.maximum(np.log1p(tail) + np.maximum(x, 0), np.float32(_LEAST))
        logits = power * np.log(softplus)
        logits -= logits.max(axis=1, keepdims=True)
        slope = np.exp(logits)
        total = slope.sum(axis=1, keepdims=True)
        unlikely = counts[:, 0] @ (np.log(total[:, 0]) - logits[rows, target])
        slope /= total
        slope[rows, target] -= 1
        slope *= counts * np.where(x >= 0, 1, tail) / ((1 + tail) * softplus)
        gradient = float(power * sharpness) * (scores.T @ slope).astype(float)
        return float(unlikely + penalty * (change**2).sum()), (gradient + 2 * penalty * change).ravel()

    options = {"maxiter": _MAX_STEPS, "ftol": _TOLERANCE}
    found = minimize(loss, np.zeros(n_classes**2), jac=True, method="L-BFGS-B", options=options).x
    matrix: NDArray[np.float32] = (np.eye(n_classes) + found.reshape(n_classes, n_classes)).astype(np.float32)
    return matrix
