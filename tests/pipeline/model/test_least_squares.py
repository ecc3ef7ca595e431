"""The solver reaches the minimum within the tolerance, and converges fast if rows have much in common."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, random_array
from sklearn.preprocessing import normalize

from pipeline.model.least_squares import TOLERANCE, solve_ridge

CLASSES = 5


def texts(rows: int, features: int, seed: int) -> csr_matrix:
    """Return sparse rows of length near 1 with much in common, like complaints."""
    rng = np.random.default_rng(seed)
    own = random_array((rows, features), density=0.05, rng=rng, dtype=np.float32)
    X = hstack([np.ones((rows, 1), dtype=np.float32), own], format="csr")
    return csr_matrix(normalize(X))


def residual(
    X: Any,
    target: NDArray[np.intp],
    weight: NDArray[np.float64],
    alpha: float,
    start: NDArray[np.float32] | None = None,
) -> NDArray[np.float64]:
    """Return the norm of each class's gradient relative to that at zero."""
    coef, intercept, _ = solve_ridge(X, target, CLASSES, weight, alpha, start)
    onehot = np.eye(CLASSES)[target]
    missed = weight[:, None] * (onehot - np.asarray(X @ coef.T) - intercept)
    gradient = np.vstack([np.asarray(X.T @ missed) - alpha * coef.T, missed.sum(axis=0) - alpha * intercept])
    start = np.vstack([np.asarray(X.T @ (weight[:, None] * onehot)), (weight[:, None] * onehot).sum(axis=0)])
    share: NDArray[np.float64] = np.linalg.norm(gradient, axis=0) / np.linalg.norm(start, axis=0)
    return share


@settings(max_examples=40, deadline=None)
@given(st.integers(6, 300), st.integers(3, 500), st.sampled_from([0.1, 1.0, 10.0]), st.integers(0, 1000))
def test_the_gradient_is_near_nought(rows: int, features: int, alpha: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    target = np.concatenate([np.arange(CLASSES), rng.integers(0, CLASSES, rows - CLASSES)])
    left = residual(texts(rows, features, seed), target, rng.uniform(0.1, 3, rows), alpha)
    assert np.median(left) < 2 * TOLERANCE


class Counted(np.ndarray[Any, Any]):
    """A matrix that counts its products."""

    products = 0

    def __matmul__(self, other: Any) -> Any:
        Counted.products += 1
        return np.asarray(self) @ other


def themes(rows: int) -> NDArray[np.float64]:
    """Return rows with one feature common to all, some common to many, and some to few."""
    rng = np.random.default_rng(1)
    size = np.array([1.0, *2.0 ** -np.arange(1, 25)])
    return np.asarray(rng.standard_normal((rows, 25)) * size * 20 @ np.linalg.qr(rng.standard_normal((400, 25)))[0].T)


def test_what_all_rows_and_many_rows_share_takes_fewer_steps_together(monkeypatch: pytest.MonkeyPatch) -> None:
    X = themes(2000)
    target = np.argmax(X[:, :CLASSES] + np.random.default_rng(2).standard_normal((2000, CLASSES)), axis=1)

    def products(target: NDArray[np.intp], classes: int) -> int:
        monkeypatch.setattr(Counted, "products", 0)
        solve_ridge(X.view(Counted), target, classes, np.ones(len(X)), 1e-3)
        return Counted.products

    alone = [products((target == one).astype(np.intp), 2) for one in range(CLASSES)]
    assert 0 < products(target, CLASSES) < 0.8 * np.mean(alone)  # 0.5 or 0.7, as the linear algebra rounds


def test_from_a_solution_for_other_weights_it_takes_fewer_steps_to_one_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    X, target, weight = texts(1000, 500, seed=3), rng.integers(0, CLASSES, 1000), rng.uniform(0.5, 2, 1000)
    near = solve_ridge(X, target, CLASSES, weight, 0.01).dual
    weight[rng.choice(1000, 20, replace=False)] *= 0.3
    products = []
    for start in (None, near):
        monkeypatch.setattr(Counted, "products", 0)
        solve_ridge(X.toarray().view(Counted), target, CLASSES, weight, 0.01, start)
        products.append(Counted.products)
        assert np.median(residual(X, target, weight, 0.01, start)) < 2 * TOLERANCE
    assert products[1] < 0.9 * products[0]


def test_from_a_start_at_which_all_classes_miss_nearly_the_same_each_comes_to_its_goal() -> None:
    rng = np.random.default_rng(4)
    X, target = texts(600, 300, seed=4), np.minimum(rng.integers(0, 12, 600), CLASSES - 1)
    share, own = rng.uniform(1, 2, (600, 1)), rng.standard_normal((600, CLASSES))
    start = (share + 0.001 * own).astype(np.float32)
    assert residual(X, target, np.ones(600), 0.1, start).max() < 2 * TOLERANCE


def test_a_class_without_rows_is_told_of_nothing() -> None:
    coef, intercept, dual = solve_ridge(texts(60, 30, seed=5), np.arange(60) % 3, CLASSES, np.ones(60), 1.0)
    assert not coef[3:].any()
    assert not intercept[3:].any()
    assert not dual[:, 3:].any()
    assert np.isfinite(coef).all()


@pytest.mark.parametrize("X", [np.zeros((40, 3)), np.ones((40, 3)), np.eye(40)])
def test_rows_that_tell_nothing_or_all_alike_or_nothing_in_common_are_solved(X: NDArray[np.float64]) -> None:
    target = np.arange(40) % CLASSES
    coef, intercept, _ = solve_ridge(X, target, CLASSES, np.ones(40), 1.0)
    assert np.isfinite(coef).all()
    assert (np.asarray(X @ coef.T + intercept)[np.arange(40), target] > 0).all()
