"""Ridge regression onto many classes at once, by preconditioned conjugate gradients in the dual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from pipeline.model.factored import FactoredMatrix

MAX_STEPS = 60
TOLERANCE = 0.05  # of the residual's length; a tenth of it is no more accurate on dev
ENOUGH = 0.9  # of the classes have come so far: the last few would take half as long again
SKETCHED = 32  # directions that the preconditioner knows; twice as many save a step or two and cost as much

_Map = Callable[[NDArray[Any]], NDArray[Any]]


def solve_ridge(
    X: Any, target: NDArray[np.intp], n_classes: int, weight: NDArray[np.float64], alpha: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what minimises ``Σ weight (x·coef + intercept - onehot)² + alpha (|coef|² + |intercept|²)``.

    What is solved for is one number per row and class instead of one per feature and class (Saunders and others 1998,
    "Ridge Regression Learning Algorithm in Dual Variables"): a text has far more features than there are texts. All
    classes share the matrix, so one product with it serves them all (Shewchuk 1994, "An Introduction to the Conjugate
    Gradient Method"). What all texts have in common, and the few themes that most of them have, would take most of the
    steps; the preconditioner knows these directions beforehand.

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

    def kernel(of: NDArray[Any]) -> NDArray[Any]:
        product = np.asarray(A @ (At @ of))
        product += column * (root @ of)
        return product

    near = _preconditioner(kernel, len(target), kind, alpha)
    rest = np.zeros((len(target), n_classes), dtype=kind)
    rest[np.arange(len(target)), target] = root
    goal = TOLERANCE**2 * _squares(rest, rest)
    tiny = np.finfo(kind).tiny
    solution, towards = np.zeros_like(rest), near(rest)
    direction, size = towards, _squares(rest, towards)
    for _ in range(MAX_STEPS):
        change = kernel(direction)
        change += strength * direction
        step = size / np.maximum(_squares(direction, change), tiny)
        solution += step * direction
        change *= step
        rest -= change
        if (_squares(rest, rest) <= goal).mean() >= ENOUGH:
            break
        towards = near(rest)
        new = _squares(rest, towards)
        direction *= new / np.maximum(size, tiny)
        direction += towards
        size = new
    return np.ascontiguousarray((At @ solution).T, dtype=np.float32), (root @ solution).astype(np.float32)


def _preconditioner(kernel: _Map, n_rows: int, kind: np.dtype[Any], alpha: float) -> _Map:
    """Return what nearly undoes ``kernel + alpha``: exactly so for the directions in which the kernel is largest.

    They are found by one pass of subspace iteration from random ones (Halko, Martinsson and Tropp 2011, "Finding
    Structure with Randomness"); what is made of them is the preconditioner of Frangella, Tropp and Udell 2023,
    "Randomized Nyström Preconditioning".
    """
    random = np.random.default_rng(0).standard_normal((n_rows, min(SKETCHED, n_rows))).astype(kind)
    basis, _ = np.linalg.qr(kernel(random))
    small = basis.T @ kernel(basis)
    values, vectors = np.linalg.eigh((small + small.T) / 2)
    values, directions = np.maximum(values, 0), basis @ vectors
    shrink = ((values[0] + alpha) / (values + alpha) - 1).astype(kind)[:, None]

    def near(of: NDArray[Any]) -> NDArray[Any]:
        product: NDArray[Any] = of + directions @ (shrink * (directions.T @ of))
        return product

    return near


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
