from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.sparse import csr_matrix

from pipeline.model.relevance import relevance_factors


@given(st.integers(1, 6), st.integers(2, 5), st.floats(0.1, 10), st.integers(0, 1_000))
def test_factors_are_positive_and_count_the_same_altogether(
    columns: int, classes: int, strength: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    target = np.arange(40) % classes
    weight = random.uniform(0.1, 3, size=40)
    X = random.random((40, columns)) * (random.random((40, columns)) < 0.3)
    factors = relevance_factors(X, target, classes, weight, strength)
    assert (factors > 0).all()
    assert weight @ X @ factors == pytest.approx((weight @ X).sum(), rel=1e-4)
    sparse = relevance_factors(csr_matrix(X), target, classes, weight, strength)
    assert_allclose(sparse, factors, rtol=1e-5)


def test_what_stands_everywhere_counts_least_and_what_stands_in_a_rare_class_most() -> None:
    target = np.array([0] * 90 + [1] * 10)
    everywhere, common, rare = np.ones(100), target == 0, target == 1
    factors = relevance_factors(np.column_stack([everywhere, common, rare]).astype(float), target, 2, np.ones(100), 1.0)
    assert factors[0] < factors[1] < factors[2]
    assert factors[2] / factors[0] == pytest.approx(1 + np.log(10), rel=0.05)  # with ten rows, smoothing matters little


def test_a_class_without_rows_changes_nothing() -> None:
    random = np.random.default_rng(0)
    X = (random.random((40, 5)) < 0.3).astype(np.float32)
    target = np.arange(40) % 2
    without = relevance_factors(X, target, 2, np.ones(40), 1.0)
    assert_allclose(relevance_factors(X, target * 2, 3, np.ones(40), 1.0), without, rtol=1e-5)


def test_features_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        relevance_factors(np.array([[1.0], [-0.5]]), np.array([0, 1]), 2, np.ones(2), 1.0)
