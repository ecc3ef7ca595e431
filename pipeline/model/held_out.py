"""What is learnt from the scores of held-out rows: the stacking and the link to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.model.link import Link
from pipeline.model.stacking import stack_folds


class HeldOutFit(NamedTuple):
    """What was learnt.

    Attributes
    ----------
    matrix : ndarray of shape (n_classes, n_classes) or None
        To multiply scores with; ``None`` without stacking.
    scores : ndarray of shape (n_rows, n_classes)
        Scores of all rows, fold by fold, stacked with a matrix that did not see them.
    link
        From these scores to probabilities.
    figures
        Share of the rows whose class is the best (``top1``) or among the best three (``top3``).
    """

    matrix: NDArray[np.float32] | None
    scores: NDArray[np.float32]
    link: Link
    figures: dict[str, float]


def fit_held_out(
    scores: Sequence[NDArray[np.float32]],
    target: NDArray[np.intp],
    weight: NDArray[np.float64],
    stacking_penalty: float | None,
    n_jobs: int | None,
) -> HeldOutFit:
    """Return what is learnt from held-out rows.

    Parameters
    ----------
    scores
        Scores of each fold's rows, by the fit that did not see them, shape (n_rows, n_classes).
    target, weight
        For the rows of all folds, concatenated: the position of the class, and the row's weight.
    stacking_penalty
        See :func:`stack_folds`; ``None`` for no stacking. A single fold cannot teach stacking either.
    n_jobs
        Threads; -1 for all cores.
    """
    matrix, together = None, np.concatenate(scores)
    if stacking_penalty is not None and len(scores) > 1:
        matrix, together = stack_folds(scores, target, weight, stacking_penalty, n_jobs)
    figures = {f"top{k}": top_share(together, target, k) for k in (1, 3)}
    return HeldOutFit(matrix, together, Link.fit(together, target, weight), figures)


def top_share(scores: NDArray[np.float32], target: NDArray[np.intp], k: int) -> float:
    """Return the share of rows whose target is among their ``k`` highest scores."""
    own = scores[np.arange(len(target)), target][:, None]
    return float(((scores > own).sum(axis=1) < k).mean())
