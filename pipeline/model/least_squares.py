"""Ridge regression onto many classes at once, by preconditioned conjugate gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, issparse

from pipeline.model.factored import FactoredMatrix

MAX_STEPS = 60
TOLERANCE = 0.03  # of the residual's length; a tenth of it takes 1.6 times as long and is no more accurate on dev


def solve_ridge(
    X: Any, target: NDArray[np.intp], n_classes: int, weight: NDArray[np.float64], alpha: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what minimises ``Σ weight (x·coef + intercept - onehot)² + alpha (|coef|² + |intercept|²)``.

    All classes share the matrix, so one product with it serves them all. Jacobi's preconditioner evens out frequent
    and rare features (Shewchuk 1994, "An Introduction to the Conjugate Gradient Method").

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
    root = np.sqrt(weight).astype(kind)[:, None]
    A, At, squares = _weighted(X, root)
    onehot = np.zeros((len(target), n_classes), dtype=kind)
    onehot[np.arange(len(target)), target] = root[:, 0]

    def back(residual: NDArray[Any]) -> NDArray[Any]:
        return np.vstack([At @ residual, (root * residual).sum(axis=0, keepdims=True)])

    scale = (1 / (np.append(squares, weight.sum()) + alpha)).astype(kind)[:, None]
    solution = np.zeros((X.shape[1] + 1, n_classes), dtype=kind)
    rest = back(onehot)
    goal = TOLERANCE**2 * np.maximum((rest * rest).sum(axis=0), np.finfo(kind).tiny)
    scaled = scale * rest
    direction = scaled.copy()
    size = (rest * scaled).sum(axis=0)
    for _ in range(MAX_STEPS):
        image = back(A @ direction[:-1] + root * direction[-1]) + kind.type(alpha) * direction
        curvature = (direction * image).sum(axis=0)
        step = np.where(curvature > 0, size / np.where(curvature > 0, curvature, 1), 0).astype(kind)
        solution += step * direction
        rest -= step * image
        if ((rest * rest).sum(axis=0) <= goal).all():
            break
        scaled = scale * rest
        new = (rest * scaled).sum(axis=0)
        direction = scaled + np.where(size > 0, new / np.where(size > 0, size, 1), 0).astype(kind) * direction
        size = new
    return np.ascontiguousarray(solution[:-1].T, dtype=np.float32), solution[-1].astype(np.float32)


def _weighted(X: Any, root: NDArray[Any]) -> tuple[Any, Any, NDArray[Any]]:
    """Return ``X`` with each row times a number, its transpose, and the sum of the squares of each column."""
    if isinstance(X, FactoredMatrix):
        factored = X.scaled(root[:, 0])
        return factored, factored.transpose(), _sums_of_squares(factored.tocsr())
    if issparse(X):
        # Transposed once: a product with a view of the transpose would scatter instead of gather.
        A = X.multiply(root).tocsr()
        return A, A.T.tocsr(), _sums_of_squares(A)
    return X * root, (X * root).T, ((X * root) ** 2).sum(axis=0)


def _sums_of_squares(matrix: csr_matrix) -> NDArray[Any]:
    return np.bincount(matrix.indices, weights=matrix.data * matrix.data, minlength=matrix.shape[1])
