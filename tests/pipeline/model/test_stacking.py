from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from pipeline.model.link import Link
from pipeline.model.stacking import stack_folds, stacking_matrix

LINK = Link(power=1.6, shift=0.15, sharpness=14)
MIXED = np.eye(5, dtype=np.float32) + 0.3 * np.eye(5, k=1, dtype=np.float32)  # each class also supports the next one


def _scores_and_classes(rows: int) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    rng = np.random.default_rng(0)
    scores = rng.normal(0.1, 0.25, size=(rows, 5)).astype(np.float32)
    shares = LINK.probabilities(scores @ MIXED)
    return scores, (shares.cumsum(axis=1) < rng.random((rows, 1))).sum(axis=1).clip(max=4)


def _surprise(scores: NDArray[np.float32], target: NDArray[np.intp]) -> float:
    link = Link.fit(scores, target, np.ones(len(target)))
    return float(-np.log(link.probabilities(scores)[np.arange(len(target)), target]).mean())


def test_what_one_class_tells_of_another_is_found() -> None:
    scores, target = _scores_and_classes(20_000)
    found = stacking_matrix(scores[:10_000], target[:10_000], np.ones(10_000), penalty=1.0)
    new, label = scores[10_000:], target[10_000:]
    assert _surprise(new @ found, label) < _surprise(new, label) - 0.05
    assert abs(_surprise(new @ found, label) - _surprise(new @ MIXED, label)) < 0.01


def test_a_penalty_keeps_it_at_the_identity() -> None:
    scores, target = _scores_and_classes(500)
    assert_allclose(stacking_matrix(scores, target, np.ones(500), penalty=1e7), np.eye(5), atol=1e-3)
    assert abs(stacking_matrix(scores, target, np.ones(500), penalty=1.0) - np.eye(5)).max() > 0.05


def test_a_matrix_nearer_to_the_identity_or_farther_from_it_is_worse() -> None:
    scores, target = _scores_and_classes(500)
    penalty, identity = 50.0, np.eye(5, dtype=np.float32)
    link = Link.fit(scores, target, np.ones(500))
    change = stacking_matrix(scores, target, np.ones(500), penalty) - identity

    def loss(size: float) -> float:
        shares = link.probabilities(scores @ (identity + size * change))
        return float(-np.log(shares[np.arange(500), target]).sum() + penalty * ((size * change) ** 2).sum())

    assert loss(1) < min(loss(0.9), loss(1.1))


def test_weights_count_as_repetitions() -> None:
    scores, target = _scores_and_classes(400)
    weight = np.where(np.arange(400) < 100, 3.0, np.where(np.arange(400) < 200, 0.0, 1.0))
    rows = np.r_[np.repeat(np.arange(100), 3), np.arange(200, 400)]
    weighted = stacking_matrix(scores, target, weight, penalty=5.0)
    assert_allclose(weighted, stacking_matrix(scores[rows], target[rows], np.ones(500), penalty=5.0), atol=0.02)


def test_each_fold_is_scored_by_the_matrix_that_the_other_folds_ask_for() -> None:
    scores, target = _scores_and_classes(300)
    weight = np.tile([1.0, 2.0, 3.0], 100)
    parts = [scores[:50], scores[50:180], scores[180:]]
    matrix, stacked = stack_folds(parts, target, weight, 5.0, None)
    assert_allclose(matrix, stacking_matrix(scores, target, weight, 5.0), atol=1e-5)
    begin = 0
    for part in parts:
        held = slice(begin, begin := begin + len(part))
        rest = np.delete(np.arange(300), held)
        others = stacking_matrix(scores[rest], target[rest], weight[rest], 5.0)
        assert_allclose(stacked[held], part @ others, atol=1e-5)
