from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import random_array

from pipeline.model import BalancedRidgeClassifier, ComplaintFeatures
from pipeline.model.factored_matrix import FactoredMatrix

TEXTS = [
    "lampu jalan mati di Cibitung",
    "jalan berlubang, lampu jalan juga mati",
    "sampah menumpuk bau sekali",
    "sampah tidak diangkut dua minggu",
    "jalan rusak parah berlubang",
    "lampu lampu padam semua",
]
LABELS = ["lampu", "jalan", "sampah", "sampah", "jalan", "lampu"]


def _matrix(rows: int, shared: int, columns: int, seed: int) -> FactoredMatrix:
    rng = np.random.default_rng(seed)
    parts = [
        random_array(shape, density=0.4, format="csr", rng=rng)
        for shape in ((rows, shared), (shared, columns), (rows, columns))
    ]
    return FactoredMatrix(*parts)


@given(st.integers(1, 7), st.integers(1, 5), st.integers(1, 6), st.integers(0, 1_000))
def test_whatever_is_done_to_it_is_done_to_the_matrix_it_stands_for(
    rows: int, shared: int, columns: int, seed: int
) -> None:
    matrix = _matrix(rows, shared, columns, seed)
    whole = matrix.tocsr().toarray()
    assert matrix.shape == whole.shape
    rng = np.random.default_rng(seed)
    vectors, factors, of_columns = rng.normal(size=(columns, 2)), rng.normal(size=rows), rng.normal(size=columns)
    chosen = rng.integers(0, rows, size=3)
    assert_allclose(matrix @ vectors, whole @ vectors)
    assert_allclose(matrix.transpose().tocsr().toarray(), whole.T)
    assert_allclose(matrix[chosen].tocsr().toarray(), whole[chosen])
    assert_allclose(matrix.columns(np.array([columns - 1])).tocsr().toarray(), whole[:, [columns - 1]])
    assert_allclose(matrix.scaled(factors).tocsr().toarray(), factors[:, None] * whole)
    assert_allclose(matrix.scaled_columns(of_columns).tocsr().toarray(), whole * of_columns)


@pytest.mark.parametrize("relevance", [0.0, 1.0])
def test_the_classifier_learns_the_same_from_it(relevance: float) -> None:
    features = ComplaintFeatures(min_df=1)
    factored = features.fit_factored(TEXTS)
    whole = ComplaintFeatures(min_df=1).fit_transform(TEXTS)
    assert_array_equal(factored.tocsr().toarray(), whole.toarray())
    one, other = (BalancedRidgeClassifier(folds=2, relevance=relevance).fit(X, LABELS) for X in (factored, whole))
    assert_allclose(one.coef_, other.coef_, atol=1e-5)
    assert_allclose(one.predict_proba(factored), other.predict_proba(whole), atol=1e-4)
