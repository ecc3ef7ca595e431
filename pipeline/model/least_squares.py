"""Ridge regression onto many classes at once, by preconditioned conjugate gradients in the dual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from pipeline.model.factored import FactoredMatrix

MAX_STEPS = 60
TOLERANCE = 0.05  # of the residual's length; a tenth of it is no more accurate on dev
ENOUGH = 0.9  # of the classes have come so far: the last few would take half as long again
AT_ONCE = 20  # classes: a number for each feature and class then is small enough for its memory to be used again
SKETCHED = 32  # directions that the preconditioner knows; twice as many save a step or two and cost as much

_Map = Callable[[NDArray[Any]], NDArray[Any]]


class Solution(NamedTuple):
    """What was solved for.

    Attributes
    ----------
    coef : ndarray of shape (n_classes, n_features), float32
    intercept : ndarray of shape (n_classes,), float32
    dual : ndarray of shape (n_samples, n_classes), float32
        What each row misses, over ``alpha``: where the next solution for the same rows may start, whatever they weigh.
    """

    coef: NDArray[np.float32]
    intercept: NDArray[np.float32]
    dual: NDArray[np.float32]


def solve_ridge(
    X: Any,
    target: NDArray[np.intp],
    n_classes: int,
    weight: NDArray[np.float64],
    alpha: float,
    start: NDArray[np.float32] | None = None,
) -> Solution:
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
    start
        The ``dual`` of a solution for these rows that may be near, of the same shape.
    """
    kind = X.dtype
    root = np.sqrt(weight).astype(kind)
    A, At = _weighted(X, root)
    column, strength = root[:, None], kind.type(alpha)

    def kernel(of: NDArray[Any]) -> NDArray[Any]:
        product: NDArray[Any] = column * (root @ of)
        for first in range(0, of.shape[1], AT_ONCE):
            part = slice(first, first + AT_ONCE)
            product[:, part] += np.asarray(A @ (At @ np.ascontiguousarray(of[:, part])))
        return product

    near = _preconditioner(kernel, len(target), kind, alpha)
    rest = np.zeros((len(target), n_classes), dtype=kind)
    rest[np.arange(len(target)), target] = root
    goal = TOLERANCE**2 * _squares(rest, rest)
    tiny = np.finfo(kind).tiny
    if start is None:
        solution = np.zeros_like(rest)
    else:
        solution = (start * column).astype(kind)
        rest -= kernel(solution) + strength * solution
    towards = near(rest)
    direction, size = towards, _squares(rest, towards)
    part = np.empty_like(rest)  # matrices as large as all rows' classes are made once, not at every step
    for _ in range(MAX_STEPS):
        if (_squares(rest, rest) <= goal).mean() >= ENOUGH:
            break
        change = kernel(direction)
        change += np.multiply(direction, strength, out=part)
        step = size / np.maximum(_squares(direction, change), tiny)
        solution += np.multiply(direction, step, out=part)
        rest -= np.multiply(change, step, out=part)
        towards = near(rest)
        new = _squares(rest, towards)
        direction *= new / np.maximum(size, tiny)
        direction += towards
        size = new
    dual = np.divide(solution, column, out=np.zeros_like(solution), where=column > 0)
    return Solution(
        np.ascontiguousarray((At @ solution).T, dtype=np.float32),
        (root @ solution).astype(np.float32),
        dual.astype(np.float32, copy=False),
    )


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
        product: NDArray[Any] = directions @ (shrink * (directions.T @ of))
        product += of
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
