"""How much more a feature counts that tells the classes apart."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_UNSEEN = 0.1  # what a feature adds to some two rows: so much of each is taken to be spread like all rows


def relevance_factors(
    X: Any, target: NDArray[np.intp], n_classes: int, weight: NDArray[np.float64], strength: float
) -> NDArray[np.float32]:
    """Return ``1 + strength · KL`` of each feature, over their mean, shape (n_features,).

    ``KL`` is the Kullback-Leibler divergence, in nats, of the classes of the rows that have the feature from those of
    all rows: 0 for a word that all offices are written to with, near 4 for one that means a rare office. It weighs
    features by the labels where inverse document frequency weighs them without (Debole and Sebastiani 2003, "Supervised
    Term Weighting for Automated Text Categorization"): ridge regression shrinks all features alike, so what weighs more
    is believed sooner.

    Parameters
    ----------
    X
        Features, none below 0, dense, sparse or factored, shape (n_samples, n_features).
    target
        Position of each row's class, shape (n_samples,).
    weight
        How much each row counts, shape (n_samples,).

    Raises
    ------
    ValueError
        If a feature's sum over the rows of a class is below 0.
    """
    classes = np.zeros((len(target), n_classes), dtype=X.dtype)
    classes[np.arange(len(target)), target] = weight
    found = np.asarray(X.transpose() @ classes, dtype=float)
    if (found < 0).any():
        raise ValueError("Features must not be negative to be weighed by what they tell of the classes.")
    prior = np.maximum(classes.sum(axis=0, dtype=float), np.finfo(float).tiny)
    prior /= prior.sum()
    together = found.sum(axis=1)
    shares = (found + _UNSEEN * prior) / (together + _UNSEEN)[:, None]
    factors = 1 + strength * (shares * np.log(shares / prior)).sum(axis=1)
    mean = float(together @ factors) / max(float(together.sum()), np.finfo(float).tiny)
    weighed: NDArray[np.float32] = (factors / (mean or 1)).astype(np.float32)
    return weighed
