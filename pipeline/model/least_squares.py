"""Ridge regression onto many classes at once, by block conjugate gradients in the dual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from pipeline.model.factored_matrix import FactoredMatrix

MAX_STEPS = 60
TOLERANCE = 0.03  # goal for the length of the residual, as a share of the target's; 0.005 is no more accurate on dev
ENOUGH = 0.9  # share of the classes that must reach the goal: waiting for the last few would take half as long again
AT_ONCE = 20  # classes per product: arrays of features by more classes are too large for their memory to be reused
SAME = 1e-9  # share of a column's squared length that counts as rounding error instead of as a direction


class Solution(NamedTuple):
    """The solution.

    Attributes
    ----------
    coef : ndarray of shape (n_classes, n_features), float32
    intercept : ndarray of shape (n_classes,), float32
    dual : ndarray of shape (n_samples, n_classes), float32
        The residual of each row over ``alpha``: a possible start for the next solution for the same rows, with any
        weights.
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
    """Return the minimiser of ``Σ weight (x·coef + intercept - onehot)² + alpha (|coef|² + |intercept|²)``.

    What is solved for is one number per row and class instead of one per feature and class (Saunders and others 1998,
    "Ridge Regression Learning Algorithm in Dual Variables"): a text has far more features than there are texts. All
    classes share the matrix, so one product with it serves them all, and each takes its step in the directions of all
    (O'Leary 1980, "The Block Conjugate Gradient Algorithm and Related Methods"): what all texts have in common, and the
    themes that most of them have, is found once and takes few steps. The nearer classes come to their goal, the more
    alike their residuals grow, so the directions are made orthogonal anew at every step (Dubrulle 2001, "Retooling the
    Method of Block Conjugate Gradients").

    Parameters
    ----------
    X
        Features, dense, sparse or factored, shape (n_samples, n_features).
    target
        Position of each row's class, shape (n_samples,).
    weight
        How much each row counts, shape (n_samples,).
    start
        The ``dual`` of a solution for these rows that may be close, of the same shape.
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

    rest = np.zeros((len(target), n_classes), dtype=kind)
    rest[np.arange(len(target)), target] = root
    goal = TOLERANCE**2 * _squares(rest)
    if start is None:
        solution = np.zeros_like(rest)
    else:
        solution = (start * column).astype(kind)
        rest -= kernel(solution) + strength * solution
    basis, parts = _orthonormal(rest)
    directions, part = basis, np.empty_like(rest)  # rows by classes: allocated once, not at every step
    for _ in range(MAX_STEPS):
        if (_squares(parts) <= goal).mean() >= ENOUGH:
            break
        change = kernel(directions)
        change += strength * directions
        steps = np.linalg.pinv((directions.T @ change).astype(float), hermitian=True)
        solution += np.matmul(directions, (steps @ parts).astype(kind), out=part)
        basis, turned = _orthonormal(basis - change @ steps.astype(kind))
        directions = basis + directions @ turned.T.astype(kind)
        parts = turned @ parts
    dual = np.divide(solution, column, out=np.zeros_like(solution), where=column > 0)
    return Solution(
        np.ascontiguousarray((At @ solution).T, dtype=np.float32),
        (root @ solution).astype(np.float32),
        dual.astype(np.float32, copy=False),
    )


def start_of_all(
    duals: Sequence[NDArray[np.float32]], rows: Sequence[NDArray[np.intp]], n_rows: int
) -> NDArray[np.float32]:
    """Return a start for the solution for all rows: the mean of the duals of solutions for subsets.

    Parameters
    ----------
    duals
        Of each solution, shape (len(its rows), n_classes).
    rows
        The rows of each solution.
    """
    total: NDArray[np.float32] = np.zeros((n_rows, duals[0].shape[1]), dtype=np.float32)
    times: NDArray[np.float32] = np.zeros((n_rows, 1), dtype=np.float32)
    for dual, of_solution in zip(duals, rows, strict=True):
        total[of_solution] += dual
        times[of_solution] += 1
    total /= np.maximum(times, 1)
    return total


def _orthonormal(of: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Return orthonormal columns, and the coefficients that combine them to ``of``.

    There are fewer if columns of ``of`` are linearly dependent, within rounding errors.
    """
    exact = of.astype(float)  # squares in float32 would lose a thousandth of a column
    length = np.sqrt(_squares(exact))
    exact *= np.divide(1, length, out=np.zeros_like(length), where=length > 0)
    values, vectors = np.linalg.eigh(exact.T @ exact)
    kept = values > SAME * max(1, values[-1])
    roots, vectors = np.sqrt(values[kept]), vectors[:, kept]
    return (exact @ (vectors / roots)).astype(of.dtype), roots[:, None] * vectors.T * length


def _weighted(X: Any, root: NDArray[Any]) -> tuple[Any, Any]:
    """Return ``X`` with weighted rows, and its transpose, both in row format, in which products are fast."""
    if isinstance(X, FactoredMatrix):
        factored = X.scaled(root)
        return factored, factored.transpose()
    if issparse(X):
        A = X.multiply(root[:, None]).tocsr()
        return A, A.T.tocsr()
    dense = X * root[:, None]
    return dense, dense.T


def _squares(of: NDArray[Any]) -> NDArray[np.float64]:
    """Return the square of each column's length, shape (n_columns,)."""
    squares: NDArray[np.float64] = np.einsum("ij,ij->j", of, of).astype(float)
    return squares
