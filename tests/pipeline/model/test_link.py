from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from pipeline.model.link import Link, log_softplus_rising, surprise
from pipeline.model.probabilities import softmax

LINK = Link(power=1.6, shift=0.15, sharpness=14)


@given(arrays(float, (3, 6), elements=st.floats(-50, 50)))
def test_any_scores_give_probabilities_in_their_order(scores: np.ndarray) -> None:
    probabilities = LINK.probabilities(scores)
    assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    ordered = np.take_along_axis(probabilities, np.argsort(scores, axis=1), axis=1)
    assert (np.diff(ordered, axis=1) >= -1e-6).all()


@pytest.mark.parametrize(
    "link", [LINK, Link(power=0.7, shift=-0.1, sharpness=6), Link(power=4, shift=0.3, sharpness=30)]
)
def test_what_made_the_labels_is_found_again_however_far_from_where_it_is_looked_for_first(link: Link) -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(0.1, 0.25, size=(20_000, 6))
    truth = link.probabilities(scores)
    target = (truth.cumsum(axis=1) < rng.random((len(scores), 1))).sum(axis=1).clip(max=5)
    found = Link.fit(scores, target, np.ones(len(scores)))
    assert abs(found.probabilities(scores) - truth).mean() < 0.01


def test_rows_without_weight_do_not_count() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(0.1, 0.25, size=(2000, 4))
    target = scores.argmax(axis=1)
    wrong = np.concatenate([target, (target + 1) % 4])
    weight = np.r_[np.ones(2000), np.zeros(2000)]
    found = Link.fit(np.concatenate([scores, scores]), wrong, weight)
    alone = Link.fit(scores, target, np.ones(2000))
    assert Link.fit(scores, target, np.zeros(2000)) == alone, "if all weights are zero, all rows count equally"
    assert_allclose(found.probabilities(scores), alone.probabilities(scores), atol=0.01)


def test_tempering_makes_it_less_sure() -> None:
    scores = np.array([[0.9, 0.2, 0.0]])
    assert LINK.tempered(0.5).probabilities(scores).max() < LINK.probabilities(scores).max()
    assert LINK.tempered(1).probabilities(scores) == pytest.approx(LINK.probabilities(scores))


@given(arrays(np.float32, 20, elements=st.floats(-80, 50, width=32)))
def test_a_softplus_for_very_many_is_the_same_and_rises_as_it_does(x: np.ndarray) -> None:
    logs, rise = log_softplus_rising(x)
    wide = x.astype(float)
    exact = np.log(np.log1p(np.exp(wide)))
    step = np.log(np.log1p(np.exp(wide + 1e-4))) - exact
    assert_allclose(logs, exact, atol=2e-3, rtol=1e-4)
    assert_allclose(rise, step / 1e-4, atol=2e-3)


@given(
    arrays(float, (4, 3), elements=st.floats(-20, 20)),
    arrays(int, 4, elements=st.integers(0, 2)),
    arrays(float, 4, elements=st.floats(0, 5)),
)
def test_the_surprise_is_the_weighted_logarithm_of_the_softmax_and_its_slope(
    logits: np.ndarray, target: np.ndarray, weight: np.ndarray
) -> None:
    def unlikely(at: np.ndarray) -> float:
        return float(weight @ -np.log(softmax(at)[np.arange(4), target]))

    found, slope = surprise(logits, target, weight)
    assert found == pytest.approx(unlikely(logits), abs=1e-9)
    steps = 1e-5 * np.eye(12).reshape(12, 4, 3)
    rise = [(unlikely(logits + step) - unlikely(logits - step)) / 2e-5 for step in steps]
    assert_allclose(slope.ravel(), rise, atol=1e-5)
