"""Ridge regression onto many classes at once, by conjugate gradients in the dual."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from pipeline.model.factored import FactoredMatrix

MAX_STEPS = 60
TOLERANCE = 0.05  # of the residual's length; a tenth of it is no more accurate on dev
ENOUGH = 0.9  # of the classes have come so far: the last few would take half as long again


def solve_ridge(
    X: Any, target: NDArray[np.intp], n_classes: int, weight: NDArray[np.float64], alpha: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what minimises ``Σ weight (x·coef + intercept - onehot)² + alpha (|coef|² + |intercept|²)``.

    What is solved for is one number per row and class instead of one per feature and class (Saunders and others 1998,
    "Ridge Regression Learning Algorithm in Dual Variables"): a text has far more features than there are texts. All
    classes share the matrix, so one product with it serves them all (Shewchuk 1994, "An Introduction to the Conjugate
    Gradient Method").

    Parameters
    ----------
    X
        Features, dense, sparse or factored, shape (n_samples, n_features).
    target
        Position of each row's class, shape (n_samples,).
    weight
        How much each row counts, shape (n_samples,).

    Returns
    -------
    coef : ndarray of shape (n_classes, n_features), float32
    intercept : ndarray of shape (n_classes,), float32
    """
    kind = X.dtype
    root = np.sqrt(weight).astype(kind)
    A, At = _weighted(X, root)
    column, strength = root[:, None], kind.type(alpha)

    def image(of: NDArray[Any]) -> NDArray[Any]:
        product = np.asarray(A @ (At @ of))
        product += column * (root @ of)
        product += strength * of
        return product

    rest = np.zeros((len(target), n_classes), dtype=kind)
    rest[np.arange(len(target)), target] = root
    solution, direction = np.zeros_like(rest), rest.copy()
    size = _squares(rest, rest)
    goal = TOLERANCE**2 * size
    tiny = np.finfo(kind).tiny
    for _ in range(MAX_STEPS):
        change = image(direction)
        step = size / np.maximum(_squares(direction, change), tiny)
        solution += step * direction
        change *= step
        rest -= change
        new = _squares(rest, rest)
        if (new <= goal).mean() >= ENOUGH:
            break
        direction *= new / np.maximum(size, tiny)
        direction += rest
        size = new
    return np.ascontiguousarray((At @ solution).T, dtype=np.float32), (root @ solution).astype(np.float32)


def _weighted(X: Any, root: NDArray[Any]) -> tuple[Any, Any]:
    """Return ``X`` with each row times a number, and its transpose, both by rows: products with them gather."""
    if isinstance(X, FactoredMatrix):
        factored = X.scaled(root)
        return factored, factored.transpose()
    if issparse(X):
        A = X.multiply(root[:, None]).tocsr()
        return A, A.T.tocsr()
    return X * root[:, None], (X * root[:, None]).T


def _squares(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    """Return the product of each pair of columns, shape (n_classes,)."""
    product: NDArray[Any] = np.einsum("ij,ij->j", one, other)
    return product
