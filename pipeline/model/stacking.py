"""Stacking: a matrix, learnt from held-out rows, that predicts each class from the scores of all classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from pipeline.model.link import Link, log_softplus_rising, surprise

_MAX_STEPS = 100  # of L-BFGS; real complaints take 15
_TOLERANCE = 1e-6  # of the likelihood, relative


def stack_folds(
    scores: Sequence[NDArray[np.float32]],
    target: NDArray[np.intp],
    weight: NDArray[np.float64],
    penalty: float,
    n_jobs: int | None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the matrix learnt from all held-out rows, and each fold's scores by the matrix of the other folds.

    Parameters
    ----------
    scores
        Scores of the rows of each fold, at least two folds, shape (n_rows, n_classes).
    target, weight, penalty
        For the rows of all folds, concatenated; see :func:`stacking_matrix`.
    n_jobs
        Threads; -1 for all cores.

    Returns
    -------
    matrix : ndarray of shape (n_classes, n_classes)
    stacked : ndarray of shape (n_rows, n_classes)
        The rows of all folds in a row.
    """
    together = np.concatenate(scores)
    fold = np.repeat(np.arange(len(scores)), [len(part) for part in scores])
    parts = [fold >= 0, *(fold != number for number in range(len(scores)))]
    with threadpool_limits(1, "blas"):
        whole, *others = Parallel(n_jobs=n_jobs, prefer="threads")(
            delayed(stacking_matrix)(together[rows], target[rows], weight[rows], penalty) for rows in parts
        )
    return whole, np.concatenate([part @ matrix for part, matrix in zip(scores, others, strict=True)])


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
        In rows: the larger, the closer to the identity.

    Returns
    -------
    ndarray of shape (n_classes, n_classes)
    """
    from scipy.optimize import minimize  # noqa: PLC0415 (takes longer than all that answering needs)

    n_classes = scores.shape[1]
    link, counts = Link.fit(scores, target, weight), weight.astype(np.float32)
    power, shift, sharpness = map(np.float32, (link.power, link.shift, link.sharpness))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        change = flat.reshape(n_classes, n_classes)
        logs, rise = log_softplus_rising(sharpness * (scores + scores @ change.astype(np.float32) - shift))
        unlikely, slope = surprise(power * logs, target, counts)
        slope *= rise
        gradient = float(power * sharpness) * (scores.T @ slope).astype(float)
        return unlikely + penalty * float((change**2).sum()), (gradient + 2 * penalty * change).ravel()

    options = {"maxiter": _MAX_STEPS, "ftol": _TOLERANCE}
    found = minimize(loss, np.zeros(n_classes**2), jac=True, method="L-BFGS-B", options=options).x
    matrix: NDArray[np.float32] = (np.eye(n_classes) + found.reshape(n_classes, n_classes)).astype(np.float32)
    return matrix
